package journal_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

func Example() {
	j := journal.New(journal.Config{Verdict: verdict.OnRequest})
	at := time.Date(2025, 1, 31, 9, 30, 0, 0, time.UTC)
	j.Add(journal.Record{
		At: at, Service: "inboxops", Operation: "listTickets", Method: "GET", Path: "/api/v1/tickets", Query: "status=opne",
		Key: "ixk_test_readwrite", Status: 400, Why: "parameter status",
	})
	entries, err := j.List(journal.Filter{Status: "4xx"})
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		fmt.Println(e.Seq, e.Method, e.URL, e.Key, e.Status, "because of", e.Why)
		for _, v := range e.Violations {
			fmt.Println(" ", v)
		}
	}
	// Output:
	// 1 GET /api/v1/tickets?status=opne ixk_…te 400 because of parameter status
	//   query.status "opne" is not one of open, in_progress, waiting, resolved, closed; hint: did you mean status=open?
}

func ExampleJournal_Verify() {
	j := journal.New(journal.Config{})
	j.Add(journal.Record{Method: "GET", Path: "/api/v1/tickets", Status: 200})
	j.Add(journal.Record{Method: "GET", Path: "/api/v1/tickets", Status: 429})
	v, err := j.Verify(journal.Expectation{Filter: journal.Filter{Method: "GET", Status: "200"}, Exactly: new(2)})
	if err != nil {
		panic(err)
	}
	fmt.Println(v.OK, v.Expected, "got", v.Actual)
	for _, near := range v.NearMisses {
		fmt.Printf("request %d: %s is %s, not %s\n", near.Seq, near.Condition, near.Got, near.Want)
	}
	// Output:
	// false exactly 2 got 1
	// request 2: status is 429, not 200
}

func ExampleJournal_Subscribe() {
	j := journal.New(journal.Config{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go j.Add(journal.Record{Method: "GET", Path: "/api/v1/tickets", Status: 200})
	for event := range j.Subscribe(ctx, 0, journal.Filter{}) {
		fmt.Println(event.Entry.Seq, event.Entry.URL, event.Dropped)
		cancel()
	}
	// Output:
	// 1 /api/v1/tickets 0
}

func ExampleJournal_Retries() {
	j := journal.New(journal.Config{})
	at := time.Date(2025, 1, 31, 9, 30, 0, 0, time.UTC)
	refused := journal.Record{At: at, Method: "GET", Path: "/api/v1/tickets", Status: 429}
	refused.ResponseHeader = http.Header{"Retry-After": {"30"}}
	j.Add(refused)
	j.Add(journal.Record{At: at.Add(10 * time.Second), Method: "GET", Path: "/api/v1/tickets", Status: 200})
	for _, e := range j.Retries().Early {
		fmt.Printf("request %d came %v seconds before it was allowed\n", e.Retry.Seq, e.Early)
	}
	// Output:
	// request 2 came 20 seconds before it was allowed
}
