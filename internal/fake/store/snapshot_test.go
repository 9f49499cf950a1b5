package store_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// shown is all that a client can see of a Store.
type shown struct {
	Notes     int
	Updated   []string // the list by last change
	Found     []string // by a search that notes may change
	Timelines [][]string
}

// state returns what a client can see now.
func state(s *store.Store) shown {
	n := s.World().Len()
	found := search.ParseQuery("zyzzyva")
	now := shown{Notes: s.Notes()}
	now.Updated, _ = list(s, store.Query{Sort: store.SortUpdated, Page: 1, PerPage: n})
	now.Found, _ = list(s, store.Query{Search: &found, Sort: store.SortCreated, Page: 1, PerPage: n})
	for ticket := range n {
		now.Timelines = append(now.Timelines, timeline(s, ticket, all))
	}
	return now
}

// scribble adds random notes.
func scribble(t *testing.T, s *store.Store, r *rand.Rand, notes int) {
	t.Helper()
	for range notes {
		note(t, s, r.IntN(s.World().Len()), later.AddDate(0, 0, r.IntN(30)-15), "a zyzzyva")
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	s := newStore(dataset(t, 81, 40, false))
	fresh := state(s)
	scribble(t, s, rand.New(rand.NewPCG(1, 1)), 50)
	noted := state(s)
	if cmp.Equal(fresh, noted) {
		t.Fatal("50 notes changed nothing")
	}
	s.Reset()
	if diff := cmp.Diff(fresh, state(s)); diff != "" {
		t.Errorf("after Reset (-fresh +reset):\n%s", diff)
	}
	scribble(t, s, rand.New(rand.NewPCG(1, 1)), 50)
	if diff := cmp.Diff(noted, state(s)); diff != "" {
		t.Errorf("the same notes after Reset (-first +second):\n%s", diff)
	}
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	world := store.NewWorld(dataset(t, 82, 40, false), numbers{})
	random := func() *rand.Rand { return rand.New(rand.NewPCG(2, 2)) }
	tests := map[string]struct {
		change func(t *testing.T, s *store.Store, was store.Snapshot)
	}{
		"nothing has happened since":   {func(*testing.T, *store.Store, store.Snapshot) {}},
		"notes were added since":       {func(t *testing.T, s *store.Store, _ store.Snapshot) { scribble(t, s, random(), 60) }},
		"the notes were forgotten":     {func(_ *testing.T, s *store.Store, _ store.Snapshot) { s.Reset() }},
		"there are other notes by now": {func(t *testing.T, s *store.Store, _ store.Snapshot) { s.Reset(); scribble(t, s, random(), 60) }},
		"it was restored, then built upon": {func(t *testing.T, s *store.Store, was store.Snapshot) {
			s.Restore(was)
			scribble(t, s, random(), 60)
		}},
		"another store was built upon it": {func(t *testing.T, _ *store.Store, was store.Snapshot) {
			other := store.New(world, 0)
			other.Restore(was)
			scribble(t, other, random(), 60)
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := store.New(world, 0)
			scribble(t, s, rand.New(rand.NewPCG(3, 3)), 50)
			want, was := state(s), s.Snapshot()
			test.change(t, s, was)
			s.Restore(was)
			if diff := cmp.Diff(want, state(s)); diff != "" {
				t.Errorf("after Restore (-want +got):\n%s", diff)
			}
			other := store.New(world, 0)
			other.Restore(was)
			if diff := cmp.Diff(want, state(other)); diff != "" {
				t.Errorf("another store after Restore (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSnapshotBranches goes on in two ways from one snapshot, by turns.
func TestSnapshotBranches(t *testing.T) {
	t.Parallel()
	world := store.NewWorld(dataset(t, 83, 40, false), texts{})
	root := store.New(world, 0)
	for range 3 { // so that the notes of the ticket have room to grow in place
		note(t, root, 5, later, "root")
	}
	was := root.Snapshot()
	left, right := store.New(world, 0), store.New(world, 0)
	left.Restore(was)
	right.Restore(was)
	for _, branch := range []struct {
		s    *store.Store
		text string
	}{{root, "root"}, {left, "left"}, {right, "right"}, {left, "left"}, {root, "root"}, {right, "right"}} {
		note(t, branch.s, 5, later, branch.text)
	}
	for text, s := range map[string]*store.Store{"root": root, "left": left, "right": right} {
		rows := timeline(s, 5, all)
		if diff := cmp.Diff([]string{"root", "root", "root", text, text}, rows[len(rows)-5:]); diff != "" {
			t.Errorf("notes of %s (-want +got):\n%s", text, diff)
		}
	}
}

// TestZeroSnapshot restores nothing at all.
func TestZeroSnapshot(t *testing.T) {
	t.Parallel()
	s := newStore(dataset(t, 83, 40, false))
	note(t, s, 5, later, "gone")
	s.Restore(store.Snapshot{})
	if s.Notes() != 0 {
		t.Errorf("%d notes remain", s.Notes())
	}
	note(t, s, 5, later, "new")
	if s.Notes() != 1 {
		t.Errorf("%d notes, want the new one", s.Notes())
	}
}
