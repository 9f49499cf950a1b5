package journal_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// start is the workspace's time in the tests.
var start = time.Date(2025, 1, 31, 9, 30, 0, 0, time.UTC)

const (
	readwrite = "ixk_test_readwrite"
	readonly  = "ixk_test_readonly"
)

// newJournal returns a Journal that judges.
func newJournal(cfg journal.Config) *journal.Journal {
	cfg.Verdict = verdict.OnRequest
	return journal.New(cfg)
}

// get is the record of a valid list of tickets.
func get() journal.Record {
	return journal.Record{
		RequestID: "req-1", At: start, Duration: 1500 * time.Microsecond, Service: "inboxops", Operation: "listTickets",
		Method: "GET", Host: "127.0.0.1:4010", Path: "/api/v1/tickets", Query: "status=open&page=2", Proto: "HTTP/1.1",
		Key: readwrite, KeyKind: "read-write",
		RequestHeader: http.Header{"Authorization": {"Bearer " + readwrite}, "Accept": {"application/json"}},
		Status:        200, ResponseHeader: http.Header{"Content-Type": {"application/json"}}, ResponseBody: []byte(`{"data":[]}`),
	}
}

// post is the record of a valid note.
func post() journal.Record {
	r := get()
	body := `{"type":"internal_note","body_text":"Called back."}`
	r.Method, r.Operation, r.Query = "POST", "addInternalNote", ""
	r.Path = "/api/v1/tickets/123e4567-e89b-12d3-a456-426614174000/messages"
	r.RequestHeader = http.Header{"Authorization": {"Bearer " + readwrite}, "Content-Type": {"application/json"}}
	r.RequestBody, r.RequestBytes = []byte(body), int64(len(body))
	r.Status, r.ResponseBody = 201, []byte(`{"data":{}}`)
	return r
}

// list returns what a filter selects.
func list(t *testing.T, j *journal.Journal, f journal.Filter) []journal.Entry {
	t.Helper()
	entries, err := j.List(f)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// seqs returns the numbers of entries.
func seqs(entries []journal.Entry) []uint64 {
	numbers := []uint64{}
	for _, e := range entries {
		numbers = append(numbers, e.Seq)
	}
	return numbers
}

func TestEntry(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{})
	r := post()
	r.Why, r.Rule = "fault fault-1", "fault-1"
	if seq := j.Add(r); seq != 1 {
		t.Errorf("the first exchange has the number %d, want 1", seq)
	}
	got, ok := j.Get(1)
	if !ok {
		t.Fatal("the exchange is not there")
	}
	want := journal.Entry{
		Seq: 1, RequestID: "req-1", At: start, Duration: 1.5, Service: "inboxops", Operation: "addInternalNote",
		Method: "POST", Host: "127.0.0.1:4010", URL: r.Path, Proto: "HTTP/1.1", Key: "ixk_…te", KeyKind: "read-write",
		RequestHeader: http.Header{"Authorization": {"Bearer ixk_…te"}, "Content-Type": {"application/json"}},
		RequestBody:   `{"type":"internal_note","body_text":"Called back."}`, RequestBytes: 51,
		Status: 201, ResponseHeader: http.Header{"Content-Type": {"application/json"}}, ResponseBody: `{"data":{}}`, ResponseBytes: 11,
		Why: "fault fault-1", Rule: "fault-1", Violations: []journal.Violation{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAddCopiesBodies(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{})
	r := post()
	j.Add(r)
	for i := range r.RequestBody {
		r.RequestBody[i] = '#'
	}
	for i := range r.ResponseBody {
		r.ResponseBody[i] = '#'
	}
	if e, _ := j.Get(1); strings.Contains(e.RequestBody+e.ResponseBody, "#") {
		t.Errorf("the bodies changed behind the journal's back: %q, %q", e.RequestBody, e.ResponseBody)
	}
}

func TestBodiesAreCut(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body    string
		limit   int
		want    string
		wantCut bool
	}{
		"a body of the limit is whole":                       {"abcd", 4, "abcd", false},
		"one byte more is cut":                               {"abcde", 4, "abcd", true},
		"a character is never split":                         {"abcé", 4, "abc", true},
		"a character that fits stays":                        {"abéd", 4, "abé", true},
		"the four bytes of an emoji go together":             {"a😀", 4, "a", true},
		"a body that is no text stays as it is":              {"ab\xff", 4, "ab\xff", false},
		"of a cut one at most the last character is doubted": {"\xff\xff\xff\xff\xffab", 6, "\xff\xff\xff\xff\xffa", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(journal.Config{Limits: journal.Limits{Body: test.limit}})
			r := post()
			r.RequestBody, r.RequestBytes, r.ResponseBody = []byte(test.body), int64(len(test.body)), []byte(test.body)
			j.Add(r)
			e, _ := j.Get(1)
			type body struct {
				text string
				size int
				cut  bool
			}
			want := body{test.want, len(test.body), test.wantCut}
			if got := (body{e.RequestBody, int(e.RequestBytes), e.RequestCut}); got != want {
				t.Errorf("request: got %+v, want %+v", got, want)
			}
			if got := (body{e.ResponseBody, e.ResponseBytes, e.ResponseCut}); got != want {
				t.Errorf("response: got %+v, want %+v", got, want)
			}
		})
	}
}

func TestEntriesAreBounded(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 2, 15, 16, 17, 100} {
		j := newJournal(journal.Config{Limits: journal.Limits{Entries: limit}})
		for i := range 3*limit + 1 {
			j.Add(get())
			if got, want := j.Len(), min(i+1, limit); got != want {
				t.Fatalf("limit %d, %d added: %d are kept, want %d", limit, i+1, got, want)
			}
		}
		var want []uint64
		for i := 2*limit + 2; i <= 3*limit+1; i++ {
			want = append(want, uint64(i))
		}
		if diff := cmp.Diff(want, seqs(list(t, j, journal.Filter{}))); diff != "" {
			t.Errorf("limit %d: -want +got:\n%s", limit, diff)
		}
	}
}

func TestDefaultEntries(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{})
	for range journal.DefaultEntries + 1 {
		j.Add(get())
	}
	if j.Len() != 1000 || j.Newest() != 1001 {
		t.Errorf("%d of %d exchanges are kept, want 1000 of 1001", j.Len(), j.Newest())
	}
}

func TestBytesAreBounded(t *testing.T) {
	t.Parallel()
	one := newJournal(journal.Config{})
	one.Add(get())
	size := one.Bytes()
	if least := 512 + len("/api/v1/tickets"); size <= least {
		t.Fatalf("an exchange counts %d bytes, want more than %d", size, least)
	}
	tests := map[string]struct{ limit, want int }{
		"room for three exactly":                 {3 * size, 3},
		"one byte less holds two":                {3*size - 1, 2},
		"one that is too large alone leaves too": {size - 1, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(journal.Config{Limits: journal.Limits{Bytes: test.limit}})
			for range 5 {
				j.Add(get())
			}
			if j.Len() != test.want || j.Bytes() != test.want*size {
				t.Errorf("%d exchanges of %d bytes are kept, want %d of %d", j.Len(), j.Bytes(), test.want, test.want*size)
			}
			if total := j.Summary().Operations; len(total) != 1 || total[0].Count != 5 {
				t.Errorf("the counts are %v, want all 5", total)
			}
		})
	}
}

// Whatever is done to a journal, it holds what a plain slice under the same
// rules would.
func TestJournalIsABoundedList(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		limits := journal.Limits{Entries: 1 + random.IntN(40), Bytes: 3000 + random.IntN(30000), Body: 1 + random.IntN(2000)}
		j := newJournal(journal.Config{Limits: limits})
		type kept struct {
			seq  uint64
			size int
		}
		var model []kept
		bytes, newest := 0, uint64(0)
		for step := range 300 {
			if random.IntN(100) == 0 {
				j.Clear()
				model, bytes = nil, 0
			}
			r := journal.Record{Path: strings.Repeat("/a", random.IntN(50)), ResponseBody: make([]byte, random.IntN(3000)), Judged: true}
			newest++
			size := 1024 + len(r.Path) + min(len(r.ResponseBody), limits.Body)
			model, bytes = append(model, kept{newest, size}), bytes+size
			for len(model) > limits.Entries || bytes > limits.Bytes {
				bytes -= model[0].size
				model = model[1:]
			}
			if seq := j.Add(r); seq != newest {
				t.Fatalf("seed %d, step %d: number %d, want %d", seed, step, seq, newest)
			}
			if j.Len() != len(model) || j.Bytes() != bytes {
				t.Fatalf("seed %d, step %d: %d exchanges, %d bytes; want %d, %d", seed, step, j.Len(), j.Bytes(), len(model), bytes)
			}
			probe := random.Uint64N(newest + 2)
			_, found := j.Get(probe)
			if want := slices.ContainsFunc(model, func(k kept) bool { return k.seq == probe }); found != want {
				t.Fatalf("seed %d, step %d: Get(%d) says %v, want %v", seed, step, probe, found, want)
			}
		}
		want := []uint64{}
		for _, k := range model {
			want = append(want, k.seq)
		}
		if diff := cmp.Diff(want, seqs(list(t, j, journal.Filter{}))); diff != "" {
			t.Errorf("seed %d: -want +got:\n%s", seed, diff)
		}
	}
}

func TestClear(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{})
	bad := get()
	bad.Query = "status=opne"
	j.Add(bad)
	j.Summary()
	j.Clear()
	want := journal.Summary{Operations: []journal.Count{}, Violations: []journal.Group{}, Unused: []journal.Unused{}}
	if diff := cmp.Diff(want, j.Summary()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if j.Len() != 0 || j.Bytes() != 0 || len(list(t, j, journal.Filter{})) != 0 {
		t.Error("something is left")
	}
	if seq := j.Add(get()); seq != 2 {
		t.Errorf("the next number is %d, want 2", seq)
	}
	if j.Summary().Unjudged != 0 {
		t.Error("what was cleared counts as unjudged")
	}
}

func TestGetKnowsOnlyWhatIsKept(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 2}})
	for seq := range uint64(3) {
		if _, ok := j.Get(seq); ok {
			t.Errorf("an empty journal has %d", seq)
		}
	}
	for range 3 {
		j.Add(get())
	}
	for seq, want := range []bool{false, false, true, true, false} {
		if e, ok := j.Get(uint64(seq)); ok != want || ok && e.Seq != uint64(seq) {
			t.Errorf("Get(%d) = %d, %v; want %v", seq, e.Seq, ok, want)
		}
	}
}

// Readers of all kinds and writers do not disturb each other, and nothing is
// counted twice or lost.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 200
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 50}})
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	readers := []func(){
		func() { _, _ = j.List(journal.Filter{Violations: true, Order: journal.Descending}) },
		func() { j.Get(j.Newest()) },
		func() { j.Summary() },
		func() { j.Retries() },
		func() { _, _ = j.Verify(journal.Expectation{Exactly: new(1), Filter: journal.Filter{Status: "4xx"}}) },
	}
	for _, read := range readers {
		reading.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					read()
				}
			}
		})
	}
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				r := get()
				r.Began = j.Begin()
				r.Query = fmt.Sprintf("page=%d", -i) // a violation
				r.Status = 200 + w
				j.Add(r)
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	s := j.Summary()
	if s.Requests != writers*each || len(s.Operations) != writers {
		t.Errorf("%d requests in %d rows, want %d in %d", s.Requests, len(s.Operations), writers*each, writers)
	}
	for _, row := range s.Operations {
		if row.Count != each {
			t.Errorf("status %d was counted %d times, want %d", row.Status, row.Count, each)
		}
	}
	if len(s.Violations) != 1 || s.Violations[0].Count+s.Unjudged != writers*each {
		t.Errorf("%d judged and %d unjudged, want %d together", s.Violations[0].Count, s.Unjudged, writers*each)
	}
}

// A reader that is at it while the journal is cleared brings nothing back.
func TestClearWhileReading(t *testing.T) {
	t.Parallel()
	for range 100 {
		j := newJournal(journal.Config{Limits: journal.Limits{Entries: 20}})
		for i := range 20 {
			r := get()
			r.Query = fmt.Sprintf("page=%d", -i)
			j.Add(r)
		}
		var reading sync.WaitGroup
		begun := make(chan struct{})
		reading.Go(func() {
			_, ok := j.Get(1)
			close(begun)
			if entries := list(t, j, journal.Filter{Violations: true}); !ok || len(entries) != 20 && len(entries) != 0 {
				t.Errorf("%d entries, want all or none", len(entries))
			}
		})
		<-begun
		j.Clear()
		reading.Wait()
		if s := j.Summary(); len(s.Violations) != 0 || s.Unjudged != 0 {
			t.Fatalf("after Clear: %+v", s)
		}
	}
}
