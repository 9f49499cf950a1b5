package journal_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

func TestVerifyCounts(t *testing.T) {
	t.Parallel()
	j := four() // two of them are to listTickets
	tests := map[string]struct {
		exactly, atLeast, atMost *int
		wantExpected             string
		wantOK                   bool
	}{
		"exactly as many":        {exactly: new(2), wantExpected: "exactly 2", wantOK: true},
		"exactly more":           {exactly: new(3), wantExpected: "exactly 3"},
		"exactly fewer":          {exactly: new(1), wantExpected: "exactly 1"},
		"at least as many":       {atLeast: new(2), wantExpected: "at least 2", wantOK: true},
		"at least more":          {atLeast: new(3), wantExpected: "at least 3"},
		"at most as many":        {atMost: new(2), wantExpected: "at most 2", wantOK: true},
		"at most fewer":          {atMost: new(1), wantExpected: "at most 1"},
		"at most none":           {atMost: new(0), wantExpected: "at most 0"},
		"between":                {atLeast: new(1), atMost: new(2), wantExpected: "at least 1 and at most 2", wantOK: true},
		"between, and fewer are": {atLeast: new(3), atMost: new(5), wantExpected: "at least 3 and at most 5"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := j.Verify(journal.Expectation{
				Filter: journal.Filter{Operation: "listTickets"}, Exactly: test.exactly, AtLeast: test.atLeast, AtMost: test.atMost,
			})
			if err != nil {
				t.Fatal(err)
			}
			want := journal.Verification{OK: test.wantOK, Expected: test.wantExpected, Actual: 2}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(journal.Verification{}, "NearMisses")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestVerifyTeaches(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		expectation journal.Expectation
		want        string
	}{
		"no number":       {journal.Expectation{}, "the expectation has no number (hint: exactly, at_least or at_most)"},
		"too many":        {journal.Expectation{Exactly: new(1), AtMost: new(1)}, "exactly leaves no room for at_least or at_most (hint: send exactly alone)"},
		"no room":         {journal.Expectation{AtLeast: new(2), AtMost: new(1)}, "at_least 2 is more than at_most 1 (hint: exchange them)"},
		"less than none":  {journal.Expectation{Exactly: new(-1)}, "no filter selects -1 exchanges (hint: 0 or more)"},
		"a limit":         {journal.Expectation{Exactly: new(1), Filter: journal.Filter{Limit: 1}}, "a filter that counts has no limit and no order (hint: leave them out)"},
		"a broken filter": {journal.Expectation{Exactly: new(1), Filter: journal.Filter{Order: "up"}}, `filter order "up" is not asc or desc (hint: order=desc)`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := four().Verify(test.expectation); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestNearMisses(t *testing.T) {
	t.Parallel()
	j := four()
	tests := map[string]struct {
		filter journal.Filter
		want   []string // seq, condition, want, got
	}{
		"each condition is named, the newest first": {
			journal.Filter{Operation: "listTickets", Status: "429", KeyKind: "read-write"},
			[]string{"2 key_kind read-write read-only", "1 status 429 200"},
		},
		"a verdict can be the condition": {
			journal.Filter{Method: "GET", Status: "2xx", Violations: true},
			[]string{"4 status 2xx 404", "2 status 2xx 429", "1 violations true false"},
		},
		"so can a header, whose secret is masked": {
			journal.Filter{Status: "200", Header: map[string]string{"Authorization": "Bearer ixk_test_other_key"}},
			[]string{"1 header Authorization Bearer ixk_…ey Bearer ixk_…te"},
		},
		"nothing but the rule":              {journal.Filter{Status: "429", Rule: "fault-9"}, []string{"2 rule fault-9 fault-1"}},
		"no operation":                      {journal.Filter{Status: "404", Operation: "listTickets"}, []string{"4 operation listTickets none", "2 status 404 429", "1 status 404 200"}},
		"one that is too old is none":       {journal.Filter{Status: "201", After: 3}, []string{"4 status 201 404"}},
		"nor is one before the time":        {journal.Filter{Status: "201", Since: start.Add(3 * time.Second)}, []string{"4 status 201 404"}},
		"two broken conditions are too far": {journal.Filter{Status: "500", Rule: "fault-9", Header: map[string]string{"X-No": "1"}}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := j.Verify(journal.Expectation{Filter: test.filter, AtLeast: new(1)})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range v.NearMisses {
				got = append(got, string(rune('0'+n.Seq))+" "+n.Condition+" "+n.Want+" "+n.Got)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestNearMissesAreFew(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{})
	for range 30 {
		j.Add(get())
	}
	v, err := j.Verify(journal.Expectation{Filter: journal.Filter{Status: "429"}, Exactly: new(1)})
	if err != nil || len(v.NearMisses) != 10 || v.NearMisses[0].Seq != 30 {
		t.Errorf("got %d near misses (%v), want the newest 10", len(v.NearMisses), err)
	}
	v, err = j.Verify(journal.Expectation{Filter: journal.Filter{Status: "429"}, AtMost: new(1)})
	if err != nil || !v.OK || len(v.NearMisses) != 0 {
		t.Errorf("got %+v (%v), want no near misses where none is missed", v, err)
	}
}

// What has left the journal could have matched: an upper bound is then no
// knowledge.
func TestVerifyKnowsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 2}})
	for i := range 5 { // 4 and 5 are kept
		r := get()
		r.At = start.Add(time.Duration(i+1) * time.Second)
		r.RequestHeader = http.Header{}
		j.Add(r)
	}
	tests := map[string]struct {
		expectation journal.Expectation
		wantOK      bool
		wantMissing uint64
	}{
		"exactly is not known":              {journal.Expectation{Exactly: new(2)}, false, 3},
		"at most is not known":              {journal.Expectation{AtMost: new(9)}, false, 3},
		"too many is known":                 {journal.Expectation{AtMost: new(1)}, false, 3},
		"at least is known":                 {journal.Expectation{AtLeast: new(2)}, true, 3},
		"behind what has left all is known": {journal.Expectation{Exactly: new(2), Filter: journal.Filter{After: 3}}, true, 0},
		"but not from one earlier on":       {journal.Expectation{Exactly: new(2), Filter: journal.Filter{After: 2}}, false, 1},
		"since then all is known":           {journal.Expectation{Exactly: new(2), Filter: journal.Filter{Since: start.Add(4 * time.Second)}}, true, 0},
		"but not since before":              {journal.Expectation{Exactly: new(2), Filter: journal.Filter{Since: start.Add(3 * time.Second)}}, false, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := j.Verify(test.expectation)
			if err != nil {
				t.Fatal(err)
			}
			if v.OK != test.wantOK || v.Missing != test.wantMissing || v.Actual != 2 {
				t.Errorf("got %+v, want ok %v, missing %d", v, test.wantOK, test.wantMissing)
			}
			if doubted := v.Note != ""; doubted != (!test.wantOK && name != "too many is known") {
				t.Errorf("the note is %q", v.Note)
			}
		})
	}
	t.Run("what was cleared is not missed", func(t *testing.T) {
		t.Parallel()
		cleared := newJournal(journal.Config{Limits: journal.Limits{Entries: 1}})
		cleared.Add(get())
		cleared.Add(get())
		cleared.Clear()
		cleared.Add(get())
		if v, err := cleared.Verify(journal.Expectation{Exactly: new(1)}); err != nil || !v.OK {
			t.Errorf("got %+v, %v", v, err)
		}
	})
}
