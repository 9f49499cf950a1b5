package journal_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

func TestSummaryCountsWhatHasLeft(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 1}})
	for i := range 6 {
		r := get()
		r.Status = []int{200, 429, 200}[i%3]
		j.Add(r)
	}
	nowhere := get()
	nowhere.Service, nowhere.Operation, nowhere.Path, nowhere.Status = "", "", "/x", 404
	j.Add(nowhere)
	broken := post()
	broken.Status = 0
	j.Add(broken)
	want := []journal.Count{
		{Service: "", Operation: "", Status: 404, Count: 1},
		{Service: "inboxops", Operation: "addInternalNote", Status: 0, Count: 1},
		{Service: "inboxops", Operation: "listTickets", Status: 200, Count: 4},
		{Service: "inboxops", Operation: "listTickets", Status: 429, Count: 2},
	}
	if diff := cmp.Diff(want, j.Summary().Operations); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSummaryGroupsViolations(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{})
	for _, query := range []string{"page=1", "status=opne&page=0", "page=-1", "status=clsed"} {
		r := get()
		r.Query = query
		j.Add(r)
	}
	// The order of reading is not that of the requests.
	if _, ok := j.Get(4); !ok {
		t.Fatal("no fourth exchange")
	}
	s := j.Summary()
	var got []string
	for _, g := range s.Violations {
		got = append(got, fmt.Sprintf("%s %s x%d, first %d: %s", g.Rule, g.Where, g.Count, g.First.Seq, g.Violation.Got))
	}
	want := []string{"range query.page x2, first 2: 0", "enum query.status x2, first 2: opne"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if s.Requests != 4 || s.Unjudged != 0 || s.More != 0 {
		t.Errorf("%d requests, %d unjudged, %d more; want 4, 0, 0", s.Requests, s.Unjudged, s.More)
	}
	if diff := cmp.Diff(s, j.Summary()); diff != "" {
		t.Errorf("a second summary differs: -first +second:\n%s", diff)
	}
}

func TestSummaryRemembersJudgedViolations(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 2}})
	bad := get()
	bad.Query = "page=0"
	j.Add(bad)
	j.Summary() // judges the first
	for range 3 {
		j.Add(bad) // the second leaves unjudged
	}
	s := j.Summary()
	if len(s.Violations) != 1 || s.Violations[0].Count != 3 || s.Violations[0].First.Seq != 1 || s.Unjudged != 1 {
		t.Errorf("got %+v, %d unjudged; want three violations, the first one's request, 1 unjudged", s.Violations, s.Unjudged)
	}
}

// What was judged as it came is counted, however many come before somebody asks.
func TestSummaryCountsVerdictsOfWhatHasLeft(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 1}})
	add := func(query string, headers ...string) {
		r := get()
		r.Query, r.RequestHeader = query, http.Header{}
		for _, value := range headers {
			r.RequestHeader.Add(journal.AllowHeader, value)
		}
		j.Check(&r)
		j.Add(r)
	}
	add("")
	for range 3 {
		add("page=0")
	}
	add("page=0", "range query.page")
	add("page=1", "range query.page")
	add("status=opne")
	for range 5 {
		add("")
	}
	s := j.Summary()
	var got []string
	for _, g := range s.Violations {
		got = append(got, fmt.Sprintf("%s %s x%d, first %d", g.Rule, g.Where, g.Count, g.First.Seq))
	}
	want := []string{"range query.page x3, first 2", "enum query.status x1, first 7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if s.Requests != 12 || s.Unjudged != 0 || s.Allowed != 1 || len(s.Unused) != 1 || s.Unused[0].Count != 1 {
		t.Errorf("%d requests, %d unjudged, %d allowed, unused %v; want 12, 0, 1 and one", s.Requests, s.Unjudged, s.Allowed, s.Unused)
	}
}

func TestGroupsAreBounded(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{})
	for i := range 130 {
		r := get()
		r.Query = fmt.Sprintf("made_up_%d=1", i)
		j.Add(r)
	}
	if s := j.Summary(); len(s.Violations) != 100 || s.More != 30 {
		t.Errorf("%d groups and %d more, want 100 and 30", len(s.Violations), s.More)
	}
}

// The first request of each group is kept beside the journal, and is counted.
func TestGroupsAreCountedInBytes(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 1}})
	const kinds, header = 50, 10_000
	for i := range kinds {
		r := get()
		r.Query = fmt.Sprintf("a%d=1", i)
		r.RequestHeader = http.Header{"X-A": {strings.Repeat("a", header)}}
		j.Add(r)
		j.Summary() // judges it
	}
	if got := j.Bytes(); got < kinds*header || got > 2*kinds*header {
		t.Errorf("%d requests of more than %d bytes hold %d", kinds, header, got)
	}
	if j.Clear(); j.Bytes() != 0 {
		t.Errorf("once it is cleared, it holds %d bytes", j.Bytes())
	}
}
