package journal_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// step is an exchange so many milliseconds after the start.
type step struct {
	at         int
	retryAfter string // in the answer
	method     string // GET when empty
	path       string
	key        string
	began      uint64
}

func (s step) record() journal.Record {
	r := get()
	r.At, r.Began = start.Add(time.Duration(s.at)*time.Millisecond), s.began
	if s.method != "" {
		r.Method = s.method
	}
	if s.path != "" {
		r.Path = s.path
	}
	if s.key != "" {
		r.Key = s.key
	}
	if s.retryAfter != "" {
		r.Status, r.ResponseHeader = 429, http.Header{"Retry-After": {s.retryAfter}}
	}
	return r
}

func TestRetries(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		steps      []step
		wantEarly  []string // refused, retry, Retry-After, early
		waited     int
		notRetried int
	}{
		"one that waits":                      {steps: []step{{at: 0, retryAfter: "3"}, {at: 3000}}, waited: 1},
		"one that waits longer":               {steps: []step{{at: 0, retryAfter: "3"}, {at: 60000}}, waited: 1},
		"one that comes early":                {steps: []step{{at: 0, retryAfter: "3"}, {at: 500}}, wantEarly: []string{"1 2 3 2.5"}},
		"at once":                             {steps: []step{{at: 0, retryAfter: "3"}, {at: 0}}, wantEarly: []string{"1 2 3 3"}},
		"a timer that fires a little early":   {steps: []step{{at: 0, retryAfter: "3"}, {at: 2990}}, waited: 1},
		"but only a little":                   {steps: []step{{at: 0, retryAfter: "3"}, {at: 2989}}, wantEarly: []string{"1 2 3 0.011"}},
		"one that never comes":                {steps: []step{{at: 0, retryAfter: "3"}}, notRetried: 1},
		"a refusal without Retry-After":       {steps: []step{{at: 0}, {at: 1}}},
		"Retry-After of no use":               {steps: []step{{at: 0, retryAfter: "soon"}, {at: 1}}},
		"Retry-After 0":                       {steps: []step{{at: 0, retryAfter: "0"}, {at: 0}}, waited: 1},
		"a number too large to be a time":     {steps: []step{{at: 0, retryAfter: "99999999999"}, {at: 1}}},
		"a date":                              {steps: []step{{at: 0, retryAfter: "Fri, 31 Jan 2025 09:30:03 GMT"}, {at: 1000}}, wantEarly: []string{"1 2 3 2"}},
		"another method is no retry":          {steps: []step{{at: 0, retryAfter: "3"}, {at: 1, method: "POST"}}, notRetried: 1},
		"another path is no retry":            {steps: []step{{at: 0, retryAfter: "3"}, {at: 1, path: "/a"}}, notRetried: 1},
		"another key is no retry":             {steps: []step{{at: 0, retryAfter: "3"}, {at: 1, key: readonly}}, notRetried: 1},
		"the next request settles it":         {steps: []step{{at: 0, retryAfter: "3"}, {at: 1000}, {at: 1500}}, wantEarly: []string{"1 2 3 2"}},
		"an early one may be refused again":   {steps: []step{{at: 0, retryAfter: "30"}, {at: 10000, retryAfter: "20"}, {at: 30000}}, wantEarly: []string{"1 2 30 20"}, waited: 1},
		"a client that hammers":               {steps: []step{{at: 0, retryAfter: "3"}, {at: 1000, retryAfter: "2"}, {at: 2000, retryAfter: "1"}}, wantEarly: []string{"1 2 3 2", "2 3 2 1"}, notRetried: 1},
		"a request on its way is no retry":    {steps: []step{{at: 0, retryAfter: "3", began: 1}, {at: 1, retryAfter: "3", began: 1}, {at: 3002, began: 3}, {at: 3003, began: 3}}, waited: 2},
		"one that began just behind it is":    {steps: []step{{at: 0, retryAfter: "3", began: 1}, {at: 1, began: 2}}, wantEarly: []string{"1 2 3 2.999"}},
		"the refusal that ends first is met":  {steps: []step{{at: 0, retryAfter: "30", began: 1}, {at: 0, retryAfter: "3", began: 1}, {at: 3000, began: 3}, {at: 30000, began: 3}}, waited: 2},
		"the query does not make it another":  {steps: []step{{at: 0, retryAfter: "3"}, {at: 1000}}, wantEarly: []string{"1 2 3 2"}},
		"a frozen clock that was moved is on": {steps: []step{{at: 0, retryAfter: "30", began: 1}, {at: 30000, began: 2}}, waited: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := journal.New(journal.Config{})
			for i, s := range test.steps {
				r := s.record()
				r.Query = "page=" + strconv.Itoa(i+1)
				j.Add(r)
			}
			got := j.Retries()
			var early []string
			number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
			for _, e := range got.Early {
				early = append(early, number(float64(e.Refused.Seq))+" "+number(float64(e.Retry.Seq))+" "+number(e.RetryAfter)+" "+number(e.Early))
				if diff := e.RetryAfter - e.Waited - e.Early; diff > 1e-6 || diff < -1e-6 {
					t.Errorf("%v waited %v of %v", e.Early, e.Waited, e.RetryAfter)
				}
			}
			if diff := cmp.Diff(test.wantEarly, early); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if got.Waited != test.waited || got.NotRetried != test.notRetried || got.Missing != 0 {
				t.Errorf("%d waited, %d not retried, %d missing; want %d, %d, 0", got.Waited, got.NotRetried, got.Missing, test.waited, test.notRetried)
			}
		})
	}
}

func TestRetriesNamesBothRequests(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Config{Limits: journal.Limits{Entries: 2}})
	j.Add(get())
	j.Add(step{at: 0, retryAfter: "2"}.record())
	j.Add(step{at: 500}.record())
	const address = "/api/v1/tickets?status=open&page=2"
	want := journal.Retries{
		Early: []journal.EarlyRetry{{
			Refused:    journal.Ref{Seq: 2, At: start, Method: "GET", URL: address, Status: 429},
			Retry:      journal.Ref{Seq: 3, At: start.Add(500 * time.Millisecond), Method: "GET", URL: address, Status: 200},
			RetryAfter: 2, Waited: 0.5, Early: 1.5,
		}},
		Missing: 1,
	}
	if diff := cmp.Diff(want, j.Retries()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBeginTellsWhatHadEnded(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Config{})
	first, second := step{retryAfter: "3", began: j.Begin()}, step{at: 1, retryAfter: "3", began: j.Begin()}
	j.Add(first.record())
	j.Add(second.record())
	if r := j.Retries(); len(r.Early) != 0 || r.NotRetried != 2 {
		t.Errorf("two requests at the same time: %+v", r)
	}
	third := step{at: 2, began: j.Begin()}
	j.Add(third.record())
	if r := j.Retries(); len(r.Early) != 1 || r.Early[0].Refused.Seq != 1 {
		t.Errorf("a third one behind them: %+v", r)
	}
}
