package mockservertest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/mockservertest"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

func TestThrottledList(t *testing.T) {
	fake := mockservertest.Start(t, mockservertest.Config{Verdict: verdict.OnRequest})
	w := fake.Workspace("throttled") // a world of this test's own
	w.Inject(fault.Rule{             // the next list is 429
		Match: fault.Match{Operation: "listTickets"},
		When:  fault.When{Times: 1},
		Then:  fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 30}},
	})
	for _, want := range []int{429, 200} { // your client here
		request, _ := http.NewRequest("GET", fake.URL+"/api/v1/tickets?status=open", nil)
		request.Header.Set("Authorization", "Bearer "+w.Keys.ReadWrite)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("status %d, want %d", answer.StatusCode, want)
		}
		w.Clock.Advance(30 * time.Second) // "wait 30 s" without waiting
	}
	if wrong := w.Breaches(); len(wrong) > 0 {
		t.Errorf("requests that break the contract: %v", wrong)
	}
}
