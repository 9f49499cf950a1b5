package journal_test

import (
	"cmp"
	"net/http"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
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
	query      string
	body       string
	length     int64  // of the body, where it was not read
	takes      int    // milliseconds until the answer has ended
	answer     string // its body
	status     int    // 429 when empty and there is a Retry-After or a body
	peer       string
	connected  int // milliseconds after the start
}

// machine is the start on the machine's clock, which has nothing to do with
// the workspace's.
var machine = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)

func (s step) record() journal.Record {
	r := get()
	r.At, r.Began = start.Add(time.Duration(s.at)*time.Millisecond), s.began
	r.Duration, r.Query = time.Duration(s.takes)*time.Millisecond, s.query
	r.RequestBody, r.RequestBytes = []byte(s.body), cmp.Or(s.length, int64(len(s.body)))
	r.Peer, r.Connected = s.peer, machine.Add(time.Duration(s.connected)*time.Millisecond)
	r.Started = machine.Add(time.Duration(s.at) * time.Millisecond)
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
	if s.answer != "" {
		r.Status, r.ResponseBody = 429, []byte(s.answer)
	}
	if s.status != 0 {
		r.Status = s.status
	}
	return r
}

// retryTests are exchanges and what the witness says of them.
var retryTests = map[string]struct {
	steps      []step
	wantEarly  []string // refused, retry, Retry-After, early
	waited     int
	notRetried int
	meanwhile  int
	unreadable []string
	unclear    int
}{
	"one that waits":                     {steps: []step{{at: 0, retryAfter: "3"}, {at: 3000}}, waited: 1},
	"one that waits longer":              {steps: []step{{at: 0, retryAfter: "3"}, {at: 60000}}, waited: 1},
	"one that comes early":               {steps: []step{{at: 0, retryAfter: "3"}, {at: 500}}, wantEarly: []string{"1 2 3 2.5"}},
	"at once":                            {steps: []step{{at: 0, retryAfter: "3"}, {at: 0}}, wantEarly: []string{"1 2 3 3"}},
	"a timer that fires a little early":  {steps: []step{{at: 0, retryAfter: "3"}, {at: 2990}}, waited: 1},
	"but only a little":                  {steps: []step{{at: 0, retryAfter: "3"}, {at: 2989}}, wantEarly: []string{"1 2 3 0.011"}},
	"one that never comes":               {steps: []step{{at: 0, retryAfter: "3"}}, notRetried: 1},
	"a refusal without Retry-After":      {steps: []step{{at: 0}, {at: 1}}},
	"a word is not understood, but told": {steps: []step{{at: 0, retryAfter: "soon"}, {at: 1}}, unreadable: []string{"soon"}},
	"nor is a negative number":           {steps: []step{{at: 0, retryAfter: "-1"}, {at: 1}}, unreadable: []string{"-1"}},
	"nor is a duration":                  {steps: []step{{at: 0, retryAfter: "3s"}, {at: 1}}, unreadable: []string{"3s"}},
	"a fraction of a second":             {steps: []step{{at: 0, retryAfter: "1.5"}, {at: 1000}}, wantEarly: []string{"1 2 1.5 0.5"}},
	"a fraction of a second, waited for": {steps: []step{{at: 0, retryAfter: "1.5"}, {at: 1500}}, waited: 1},
	"a date that has passed":             {steps: []step{{at: 0, retryAfter: "Fri, 31 Jan 2025 09:29:00 GMT"}, {at: 1}}, waited: 1},
	"a date, of a slow answer":           {steps: []step{{at: 0, takes: 2000, retryAfter: "Fri, 31 Jan 2025 09:30:03 GMT"}, {at: 2500}}, wantEarly: []string{"1 2 1 0.5"}},
	"the body alone says it":             {steps: []step{{at: 0, answer: `{"error":"x","retryAfter":3}`}, {at: 1000}}, wantEarly: []string{"1 2 3 2"}},
	"the body says zero":                 {steps: []step{{at: 0, answer: `{"error":"x","retryAfter":0}`}, {at: 0}}, waited: 1},
	"the body says a word":               {steps: []step{{at: 0, answer: `{"error":"x","retryAfter":"later"}`}, {at: 0}}, unreadable: []string{"later"}},
	"the body says nothing":              {steps: []step{{at: 0, answer: `{"error":"x","retryAfter":null}`}, {at: 0}}, unreadable: []string{""}},
	"a 429 says nothing anywhere":        {steps: []step{{at: 0, status: 429}, {at: 0}}, unreadable: []string{""}},
	"a 503 neither":                      {steps: []step{{at: 0, status: 503}, {at: 0}}, unreadable: []string{""}},
	"a 429 whose body is broken":         {steps: []step{{at: 0, answer: `{"error":"x","retryAf`}, {at: 0}}, unreadable: []string{""}},
	"an empty Retry-After of a 500":      {steps: []step{{at: 0, retryAfter: " ", status: 500}, {at: 0}}, unreadable: []string{""}},
	"a 500 need not say":                 {steps: []step{{at: 0, status: 500}, {at: 0}}},
	"a ticket may have such a member":    {steps: []step{{at: 0, answer: `{"retryAfter":3}`, status: 200}, {at: 0}}},
	"the header wins over the body":      {steps: []step{{at: 0, retryAfter: "1", answer: `{"retryAfter":3}`}, {at: 1000}}, waited: 1},
	"the wait begins with the end":       {steps: []step{{at: 0, takes: 2000, retryAfter: "3"}, {at: 4000}}, wantEarly: []string{"1 2 3 1"}},
	"and ends so much later":             {steps: []step{{at: 0, takes: 2000, retryAfter: "3"}, {at: 5000}}, waited: 1},
	"another query is no retry":          {steps: []step{{at: 0, retryAfter: "3", query: "page=1"}, {at: 100, query: "page=2"}, {at: 3000, query: "page=1"}}, waited: 1, meanwhile: 1},
	"another body is no retry":           {steps: []step{{at: 0, retryAfter: "3", body: "ab"}, {at: 100, body: "ac"}, {at: 3000, body: "ab"}}, waited: 1, meanwhile: 1},
	"a body that was not read":           {steps: []step{{at: 0, retryAfter: "3", length: 2}, {at: 100, body: "abc"}, {at: 200, body: "ab"}}, wantEarly: []string{"1 3 3 2.8"}, meanwhile: 1},
	"a body of unknown length":           {steps: []step{{at: 0, retryAfter: "3", length: -1}, {at: 100, body: "ab"}}, wantEarly: []string{"1 2 3 2.9"}},
	"under way on another connection":    {steps: []step{{at: 0, takes: 5, retryAfter: "3", peer: "a"}, {at: 54, peer: "b", connected: 4}, {at: 3005, peer: "a"}}, waited: 1},
	"at once on its other connection":    {steps: []step{{at: 60, takes: 5, retryAfter: "3", peer: "a"}, {at: 80, peer: "b", connected: 4}}, notRetried: 1, unclear: 1},
	"at once, of several clients":        {steps: []step{{at: 0, began: 1, peer: "b"}, {at: 0, began: 1, takes: 5, retryAfter: "3", peer: "a"}, {at: 20, began: 3, peer: "b"}}, notRetried: 1, unclear: 1},
	"no longer under way":                {steps: []step{{at: 0, takes: 5, retryAfter: "3", peer: "a"}, {at: 55, peer: "b", connected: 4}}, wantEarly: []string{"1 2 3 2.95"}},
	"at once on the same connection":     {steps: []step{{at: 0, takes: 5, retryAfter: "3", peer: "a"}, {at: 6, peer: "a"}}, wantEarly: []string{"1 2 3 2.999"}},
	"at once on a new connection":        {steps: []step{{at: 0, takes: 5, retryAfter: "3", peer: "a"}, {at: 7, peer: "b", connected: 6}}, wantEarly: []string{"1 2 3 2.998"}},
	"others under way are not counted":   {steps: []step{{at: 0, takes: 5, retryAfter: "3", query: "a"}, {at: 54, query: "b"}, {at: 3005, query: "a"}}, waited: 1},
	"others behind the wait neither":     {steps: []step{{at: 0, retryAfter: "3", query: "a"}, {at: 3000, query: "a"}, {at: 3001, query: "b"}}, waited: 1},
	"others of another key neither":      {steps: []step{{at: 0, retryAfter: "3", query: "a"}, {at: 100, query: "b", key: readonly}}, notRetried: 1},
	"an early one is a retry, no other":  {steps: []step{{at: 0, retryAfter: "3", query: "a"}, {at: 0, retryAfter: "3", query: "b"}, {at: 100, query: "a"}}, wantEarly: []string{"1 3 3 2.9"}, notRetried: 1},
	"Retry-After 0":                      {steps: []step{{at: 0, retryAfter: "0"}, {at: 0}}, waited: 1},
	"a number too large to be a time":    {steps: []step{{at: 0, retryAfter: "99999999999"}, {at: 1}}, unreadable: []string{"99999999999"}},
	"a date":                             {steps: []step{{at: 0, retryAfter: "Fri, 31 Jan 2025 09:30:03 GMT"}, {at: 1000}}, wantEarly: []string{"1 2 3 2"}},
	"another method is no retry":         {steps: []step{{at: 0, retryAfter: "3"}, {at: 100, method: "POST"}}, notRetried: 1, meanwhile: 1},
	"another path is no retry":           {steps: []step{{at: 0, retryAfter: "3"}, {at: 100, path: "/a"}}, notRetried: 1, meanwhile: 1},
	"another key is no retry":            {steps: []step{{at: 0, retryAfter: "3"}, {at: 1, key: readonly}}, notRetried: 1},
	"the next request settles it":        {steps: []step{{at: 0, retryAfter: "3"}, {at: 1000}, {at: 1500}}, wantEarly: []string{"1 2 3 2"}, meanwhile: 1},
	"an early one may be refused again":  {steps: []step{{at: 0, retryAfter: "30"}, {at: 10000, retryAfter: "20"}, {at: 30000}}, wantEarly: []string{"1 2 30 20"}, waited: 1},
	"a client that hammers":              {steps: []step{{at: 0, retryAfter: "3"}, {at: 1000, retryAfter: "2"}, {at: 2000, retryAfter: "1"}}, wantEarly: []string{"1 2 3 2", "2 3 2 1"}, notRetried: 1},
	"a request on its way is no retry":   {steps: []step{{at: 0, retryAfter: "3", began: 1}, {at: 1, retryAfter: "3", began: 1}, {at: 3002, began: 3}, {at: 3003, began: 3}}, waited: 2},
	"one that began just behind it is":   {steps: []step{{at: 0, retryAfter: "3", began: 1}, {at: 1, began: 2}}, wantEarly: []string{"1 2 3 2.999"}},
	"the refusal that ends first is met": {steps: []step{{at: 0, retryAfter: "30", began: 1}, {at: 0, retryAfter: "3", began: 1}, {at: 3000, began: 3}, {at: 30000, began: 3}}, waited: 2},
	"another client of the same, whose first waits": {
		steps:  []step{{at: 0, retryAfter: "3", peer: "a"}, {at: 20, peer: "b", connected: 19}, {at: 3005, peer: "c", connected: 3004}},
		waited: 1, unclear: 1,
	},
	"another client of the same, whose retry was not read": {
		steps:  []step{{at: 0, retryAfter: "3", peer: "a", body: "ab"}, {at: 20, peer: "b", connected: 19, body: "ab"}, {at: 3005, peer: "c", connected: 3004, length: 2}},
		waited: 1, unclear: 1,
	},
	"another client of the same, whose refusal was not read": {
		steps:  []step{{at: 0, retryAfter: "3", peer: "a", length: 2}, {at: 20, peer: "b", connected: 19, body: "ab"}, {at: 3005, peer: "c", connected: 3004, body: "ab"}},
		waited: 1, unclear: 1,
	},
	"another client of another body": {
		steps:     []step{{at: 0, retryAfter: "3", peer: "a", body: "ab"}, {at: 20, peer: "b", connected: 19, body: "ab"}, {at: 3005, peer: "c", connected: 3004, body: "ac"}},
		wantEarly: []string{"1 2 3 2.98"},
	},
	"of two that are refused, both wait": {
		steps:  []step{{at: 0, retryAfter: "3", peer: "a"}, {at: 20, retryAfter: "3", peer: "b", connected: 19}, {at: 3005, peer: "c", connected: 3004}, {at: 3025, peer: "d", connected: 3024}},
		waited: 2, unclear: 1,
	},
	"one that is early once, and then waits": {
		steps:     []step{{at: 0, retryAfter: "3", peer: "a"}, {at: 20, retryAfter: "3", peer: "b", connected: 19}, {at: 3025, peer: "c", connected: 3024}},
		wantEarly: []string{"1 2 3 2.98"}, waited: 1,
	},
	"one that is early, and asks the same much later": {
		steps:     []step{{at: 0, retryAfter: "3", peer: "a"}, {at: 20, peer: "b", connected: 19}, {at: 6001, peer: "c", connected: 6000}},
		wantEarly: []string{"1 2 3 2.98"}, meanwhile: 0,
	},
	"one that is early after a while": {
		steps:     []step{{at: 0, retryAfter: "3", peer: "a"}, {at: 100, peer: "b", connected: 99}, {at: 3005, peer: "c", connected: 3004}},
		wantEarly: []string{"1 2 3 2.9"},
	},
	"one that is early on its connection, and asks again": {
		steps:     []step{{at: 0, retryAfter: "3", peer: "a"}, {at: 20, peer: "a"}, {at: 3005, peer: "a"}},
		wantEarly: []string{"1 2 3 2.98"},
	},
	"several that share connections, one of which waits": {
		steps:  []step{{at: 0, began: 1, query: "x", peer: "b"}, {at: 0, began: 1, retryAfter: "3", peer: "a"}, {at: 500, began: 3, peer: "a"}, {at: 3005, began: 4, peer: "b"}},
		waited: 1, unclear: 1,
	},
	"several, one of which gives up": {
		steps:      []step{{at: 0, began: 1, query: "x", peer: "b"}, {at: 0, began: 1, retryAfter: "3", peer: "a"}, {at: 500, began: 3, peer: "c", connected: 499}},
		notRetried: 1, unclear: 1,
	},
	"several that were all told to wait": {
		steps:     []step{{at: 0, began: 1, retryAfter: "3", peer: "a"}, {at: 0, began: 1, retryAfter: "3", peer: "b"}, {at: 500, began: 3, peer: "c", connected: 499}},
		wantEarly: []string{"1 3 3 2.5"}, notRetried: 1,
	},
	"several, one early on its connection": {
		steps:     []step{{at: 0, began: 1, query: "x", peer: "b"}, {at: 0, began: 1, retryAfter: "3", peer: "a"}, {at: 500, began: 3, peer: "a"}},
		wantEarly: []string{"2 3 3 2.5"},
	},
	"a frozen clock that was moved is on": {steps: []step{{at: 0, retryAfter: "30", began: 1}, {at: 30000, began: 2}}, waited: 1},
}

func TestRetries(t *testing.T) {
	t.Parallel()
	for name, test := range retryTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := journal.New(journal.Config{})
			for _, s := range test.steps {
				j.Add(s.record())
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
			if diff := gocmp.Diff(test.wantEarly, early); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			var unreadable []string
			for _, u := range got.Unreadable {
				unreadable = append(unreadable, u.RetryAfter)
			}
			if diff := gocmp.Diff(test.unreadable, unreadable); diff != "" {
				t.Errorf("not understood: -want +got:\n%s", diff)
			}
			if got.Waited != test.waited || got.NotRetried != test.notRetried || got.Meanwhile != test.meanwhile || got.Unclear != test.unclear || got.Missing != 0 {
				t.Errorf("%d waited, %d not retried, %d meanwhile, %d unclear, %d missing; want %d, %d, %d, %d, 0",
					got.Waited, got.NotRetried, got.Meanwhile, got.Unclear, got.Missing, test.waited, test.notRetried, test.meanwhile, test.unclear)
			}
		})
	}
}

func TestRetriesNamesBothRequests(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Config{Limits: journal.Limits{Entries: 2}})
	j.Add(get())
	j.Add(step{at: 0, retryAfter: "2", query: "status=open&page=2"}.record())
	j.Add(step{at: 500, query: "status=open&page=2"}.record())
	const address = "/api/v1/tickets?status=open&page=2"
	want := journal.Retries{
		Early: []journal.EarlyRetry{{
			Refused:    journal.Ref{Seq: 2, At: start, Method: "GET", URL: address, Status: 429},
			Retry:      journal.Ref{Seq: 3, At: start.Add(500 * time.Millisecond), Method: "GET", URL: address, Status: 200},
			RetryAfter: 2, Waited: 0.5, Early: 1.5,
		}},
		Unreadable: []journal.Unreadable{},
		Missing:    1,
	}
	if diff := gocmp.Diff(want, j.Retries()); diff != "" {
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

// Whatever the clock showed, a wait is what has passed of its steady time.
func TestRetriesAfterTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Config{})
	refused, retry := step{retryAfter: "3"}.record(), step{at: -3_600_000}.record()
	refused.Came, refused.Left = start, start.Add(time.Second)
	retry.Came = start.Add(2 * time.Second)
	j.Add(refused)
	j.Add(retry)
	if r := j.Retries(); len(r.Early) != 1 || r.Early[0].Waited != 1 || r.Early[0].Early != 2 {
		t.Errorf("got %+v, want one that waited 1 s of 3", r)
	}
}
