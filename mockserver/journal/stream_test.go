package journal_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// event is what the tests look at of an Event.
type event struct{ seq, dropped uint64 }

// read takes so many events of a stream.
func read(ctx context.Context, j *journal.Journal, after uint64, f journal.Filter, most int) []event {
	var events []event
	for e := range j.Subscribe(ctx, after, f) {
		events = append(events, event{e.Entry.Seq, e.Dropped})
		if len(events) == most {
			break
		}
	}
	return events
}

func TestSubscribeResumes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		after uint64
		want  []event
	}{
		"from where the reader was":             {8, []event{{9, 0}, {10, 0}}},
		"from the oldest kept, when just there": {6, []event{{7, 0}, {8, 0}, {9, 0}, {10, 0}}},
		"one that has left is said":             {5, []event{{7, 1}, {8, 0}, {9, 0}, {10, 0}}},
		"so are all from the start":             {0, []event{{7, 6}, {8, 0}, {9, 0}, {10, 0}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(journal.Config{Limits: journal.Limits{Entries: 4}})
			for range 10 {
				j.Add(get())
			}
			got := read(t.Context(), j, test.after, journal.Filter{}, len(test.want))
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(event{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSubscribeIsLive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal(journal.Config{})
		j.Add(get())
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan []event)
		go func() { got <- read(ctx, j, 1, journal.Filter{}, 0) }()
		for range 3 {
			synctest.Wait() // the reader waits
			j.Add(get())
		}
		synctest.Wait()
		cancel()
		if diff := cmp.Diff([]event{{2, 0}, {3, 0}, {4, 0}}, <-got, cmp.AllowUnexported(event{})); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestSubscribeBeyondTheNewestStartsThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal(journal.Config{})
		j.Add(get())
		got := make(chan []event)
		go func() { got <- read(t.Context(), j, 500, journal.Filter{}, 1) }()
		synctest.Wait()
		j.Add(get())
		if diff := cmp.Diff([]event{{2, 0}}, <-got, cmp.AllowUnexported(event{})); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestSlowReaderIsToldWhatItMissed(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 3}})
	j.Add(get())
	var got []event
	for e := range j.Subscribe(t.Context(), 0, journal.Filter{}) {
		got = append(got, event{e.Entry.Seq, e.Dropped})
		if len(got) == 1 {
			for range 10 { // up to 11: 9, 10 and 11 are kept
				j.Add(get())
			}
		}
		if e.Entry.Seq == 11 {
			break
		}
	}
	if diff := cmp.Diff([]event{{1, 0}, {9, 7}, {10, 0}, {11, 0}}, got, cmp.AllowUnexported(event{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestStreamFilters(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 4}})
	for i := range 8 { // 5 to 8 are kept
		r := get()
		r.Status = 200 + i%4 // 5 is 200, 7 is 202
		j.Add(r)
	}
	got := read(t.Context(), j, 2, journal.Filter{Status: "202"}, 1)
	if diff := cmp.Diff([]event{{7, 2}}, got, cmp.AllowUnexported(event{})); diff != "" {
		t.Errorf("what was missed before the filter said no is not told: -want +got:\n%s", diff)
	}
}

func TestClearedIsNotDropped(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{})
	j.Add(get())
	j.Add(get())
	j.Clear()
	j.Add(get())
	if diff := cmp.Diff([]event{{3, 0}}, read(t.Context(), j, 0, journal.Filter{}, 1), cmp.AllowUnexported(event{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestStreamOutlivesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := newJournal(journal.Config{Limits: journal.Limits{Bytes: 2000}})
		got := make(chan []event)
		go func() { got <- read(t.Context(), j, 0, journal.Filter{}, 1) }()
		synctest.Wait()
		large := get()
		large.Query = strings.Repeat("x", 3000)
		j.Add(large)
		synctest.Wait() // the reader finds nothing
		j.Add(get())
		if diff := cmp.Diff([]event{{2, 1}}, <-got, cmp.AllowUnexported(event{})); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestWhatLeavesUnreadIsUnjudged(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{Limits: journal.Limits{Entries: 1}})
	for range 10 {
		r := get()
		r.Query = "page=0"
		j.Add(r)
	}
	if s := j.Summary(); s.Unjudged != 9 || len(s.Violations) != 1 || s.Violations[0].Count != 1 {
		t.Errorf("%d unjudged, want 9; %v", s.Unjudged, s.Violations)
	}
}
