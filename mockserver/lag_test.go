package mockserver_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// TestTheJournalIsAheadOfTheClient reads answers of all sizes to their end on
// many connections at once, and looks each up as soon as it is read.
func TestTheJournalIsAheadOfTheClient(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Config{Tickets: 200, Limits: workspace.Limits{JournalEntries: 5000}})
	web := listen(t, server, nil)
	defer web.Close()
	paths := []string{
		ticketsPath + "?per_page=100", ticketsPath + "?per_page=1", ticketsPath + "?page=0", ticketsPath + "/1001/messages",
		ticketsPath + "/999999/messages", "/nowhere", "/api/projects/x/tickets/y/messages",
	}
	const clients, each = 8, 60
	var wait sync.WaitGroup
	for c := range clients {
		wait.Go(func() {
			for i := range each {
				id := fmt.Sprintf("lag-%d-%d", c, i)
				r, _ := http.NewRequest(http.MethodGet, web.URL+paths[i%len(paths)], http.NoBody)
				r.Header.Set("Authorization", "Bearer "+readWrite)
				r.Header.Set("X-Request-Id", id)
				answer, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				found, err := server.Workspace("").Journal.List(journal.Filter{Header: map[string]string{"X-Request-Id": id}})
				if err != nil || len(found) != 1 {
					t.Errorf("%s: the journal has %d exchanges of it, %v", paths[i%len(paths)], len(found), err)
				}
			}
		})
	}
	wait.Wait()
}

// TestVerifyWaitsForRequestsInFlight holds a request by a delay that ends when
// the server is told to look for it.
func TestVerifyWaitsForRequestsInFlight(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{})
	j := f.Workspace("").Journal
	began := j.Begin()
	expectation := `{"filter": {"operation": "listTickets"}, "exactly": 1`
	says := func(body, want string) {
		if a := f.control("POST", "verify", body).want(200); !strings.Contains(a.Body, want) {
			t.Errorf("%s, want %s", a.Body, want)
		}
	}
	says(expectation+"}", `"in_flight":1`)
	says(`{"filter": {"operation": "listTickets"}, "at_most": 1}`, `1 that are in flight are not counted`)
	done := make(chan struct{})
	go func() {
		defer close(done)
		says(expectation+`, "wait": "1m"}`, `"ok":true`)
	}()
	j.Add(journal.Record{Began: began, Service: "inboxops", Operation: "listTickets", Method: "GET", Path: ticketsPath, Status: 200})
	<-done
	f.control("POST", "verify", expectation+`, "wait": "-1s"}`).want(400)
}

func TestABreachIsSaidOnTheAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ target, want string }{
		"a parameter that does not exist":  {ticketsPath + "?statsu=open", `query.statsu "open" is not a parameter of listTickets; hint: did you mean status?`},
		"an address of neither":            {"/api/v2/tickets", "path"},
		"two of them":                      {ticketsPath + "?page=0&per_page=x", "(and 1 more)"},
		"the key is not said":              {ticketsPath + "?key=" + readWrite, "ixk_"},
		"a plain request":                  {ticketsPath + "?status=open,closed&page=2", ""},
		"encoded values":                   {ticketsPath + "?created_after=2024-01-01T00%3A00%3A00Z&query=a+b", ""},
		"a custom field":                   {ticketsPath + "?custom_field_seats=5", ""},
		"a timeline":                       {ticketsPath + "/1001/messages?types=email", ""},
		"the same parameter twice":         {ticketsPath + "?status=open&status=closed", "query.status is sent more than once"},
		"what no answer shows: a bad list": {ticketsPath + "?tag_ids=x", "query.tag_ids"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var written transcript
			f := start(t, mockserver.Config{Logger: slog.New(slog.NewTextHandler(&written, nil))})
			got := f.get(readWrite, tc.target).Header.Get(mockserver.BreachHeader)
			if !strings.Contains(got, tc.want) || (tc.want == "") != (got == "") || strings.Contains(got, readWrite) {
				t.Errorf("%s: %q, want %q", mockserver.BreachHeader, got, tc.want)
			}
			warned := strings.Contains(strings.Join(written.lines(), "\n"), "level=WARN")
			if warned != (tc.want != "") || strings.Contains(strings.Join(written.lines(), "\n"), readWrite) {
				t.Errorf("the log is %s", written.lines())
			}
		})
	}
}

// TestTheJournalCountsWhatItHolds fills a journal with headers of one letter
// and compares what it says with what the heap gained.
func TestTheJournalCountsWhatItHolds(t *testing.T) { // not parallel: the heap is everybody's
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	j := journal.New(journal.Config{})
	for range 1000 {
		h := http.Header{}
		for i := range 15_500 {
			h.Add("A", string(rune('a'+i%26)))
		}
		j.Add(journal.Record{At: time.Unix(0, 0), Method: "GET", Path: "/", RequestHeader: h})
	}
	held, said := int(heap()-before), j.Bytes()
	if held > 2*said+1<<20 {
		t.Errorf("the journal holds %d bytes and says %d", held, said)
	}
	if e, _ := j.Get(j.Newest()); !e.HeaderCut {
		t.Error("nothing says that the header was cut")
	}
	runtime.KeepAlive(j)
}
