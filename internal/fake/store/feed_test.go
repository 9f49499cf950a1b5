package store_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// rename is an act: it changes the subject of ticket 0.
func rename(s *store.Store, subject string) {
	_ = s.Act(store.ByTester, later, func(tx *store.Tx) error {
		tx.Change(0, func(t *fixtures.Ticket) { t.Subject = subject }, nil)
		return nil
	})
}

// spell writes a step.
func spell(step store.Step) string {
	switch {
	case step.Turned:
		return fmt.Sprint("from ", step.From)
	case step.Dropped > 0:
		return fmt.Sprint(step.Dropped, " dropped, ", step.Event.Seq)
	}
	return fmt.Sprint(step.Event.Seq)
}

// TestFollow tells of what happens, and of each time that other events take the
// place of those there were. The first step is always one of before.
func TestFollow(t *testing.T) {
	t.Parallel()
	x := func(s *store.Store) { rename(s, "x") }
	tests := map[string]struct {
		before, after int // events before it begins, and the number to begin behind
		then          func(*store.Store)
		want          []string
	}{
		"from the beginning":                   {2, 0, nil, []string{"1", "2"}},
		"behind one, and what is to come":      {2, 1, x, []string{"2", "3"}},
		"a number of elsewhere":                {2, 9, nil, []string{"from 0", "1", "2"}},
		"a reset":                              {2, 1, (*store.Store).Reset, []string{"2", "from 0"}},
		"a reset and as many events as before": {1, 0, func(s *store.Store) { s.Reset(); x(s) }, []string{"1", "from 0", "1"}},
		"a snapshot": {1, 0, func(s *store.Store) {
			kept := s.Snapshot()
			x(s)
			s.Restore(kept)
			rename(s, "y")
		}, []string{"1", "from 1", "2"}},
		"events that are no longer kept":       {100_001, 0, nil, []string{"50000 dropped, 50001", "50002"}},
		"behind those that are no longer kept": {100_001, 99_999, nil, []string{"100000", "100001"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(dataset(t, 7, 30, false))
			for i := range test.before {
				rename(s, fmt.Sprint("before ", i))
			}
			var got []string
			for step := range s.Follow(t.Context(), test.after) {
				if got = append(got, spell(step)); len(got) == 1 && test.then != nil {
					test.then(s)
				}
				if len(got) == len(test.want) {
					break
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestFollowEnds closes a Store that somebody follows, who has read all and waits.
func TestFollowEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStore(dataset(t, 7, 30, false))
		rename(s, "x")
		steps := 0
		var following sync.WaitGroup
		following.Go(func() {
			for range s.Follow(t.Context(), 0) {
				steps++
			}
		})
		synctest.Wait()
		s.Close()
		following.Wait()
		for range s.Follow(t.Context(), 0) {
			t.Error("a closed Store is followed")
		}
		if steps != 1 {
			t.Errorf("%d steps", steps)
		}
	})
}
