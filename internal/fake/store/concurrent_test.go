package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// TestStoreConcurrently has writers and readers at one Store: no note is lost,
// and each list that is read holds each ticket once.
func TestStoreConcurrently(t *testing.T) {
	t.Parallel()
	const tickets, writers, each, readers = 60, 4, 100, 4
	s := newStore(dataset(t, 91, tickets, false))
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := range each {
				if _, err := addNote(s, (w*7+i)%tickets, later, fmt.Sprintf("zyzzyva%d", w), ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for r := range readers {
		wait.Go(func() {
			for i := range each {
				if err := checkList(s, r+i); err != nil {
					t.Error(err)
				}
				timeline(s, i%tickets, all)
				s.Snapshot()
			}
		})
	}
	wait.Wait()
	checkNotes(t, s, writers*each)
}

// checkList reads a list that must hold each ticket once, or, as a search,
// none twice.
func checkList(s *store.Store, turn int) error {
	q := store.Query{Sort: store.SortUpdated, Ascending: turn%2 == 0, Page: 1, PerPage: 100}
	if turn%4 == 0 {
		parsed := search.ParseQuery("zyzzyva0")
		q.Search = &parsed
	}
	rows, total := list(s, q)
	if q.Search == nil && total != s.World().Len() || len(rows) != total {
		return fmt.Errorf("%d rows of %d in a list of %d", len(rows), total, s.World().Len())
	}
	seen := map[string]bool{}
	for _, row := range rows {
		var number, at int
		if _, err := fmt.Sscanf(row, "%d at %d", &number, &at); err != nil {
			return err
		}
		if seen[fmt.Sprint(number)] {
			return fmt.Errorf("ticket %d comes twice", number)
		}
		seen[fmt.Sprint(number)] = true
	}
	return nil
}

// checkNotes counts the notes that are shown.
func checkNotes(t *testing.T, s *store.Store, want int) {
	t.Helper()
	if s.Notes() != want {
		t.Errorf("Notes() = %d, want %d", s.Notes(), want)
	}
	var rows []string
	fresh := store.New(s.World(), 0)
	for ticket := range s.World().Len() {
		seeded := len(timeline(fresh, ticket, all))
		rows = append(rows, timeline(s, ticket, all)[seeded:]...)
	}
	if len(rows) != want {
		t.Errorf("%d notes are shown, want %d", len(rows), want)
	}
	slices.Sort(rows)
	if unique := len(slices.Compact(rows)); unique != want {
		t.Errorf("%d notes differ, want %d", unique, want)
	}
}

// TestStoreConcurrentlyRestored takes a Store back and forth while it is read.
func TestStoreConcurrentlyRestored(t *testing.T) {
	t.Parallel()
	s := newStore(dataset(t, 92, 40, false))
	for ticket := range 40 {
		note(t, s, ticket, later, "zyzzyva0")
	}
	was, want := s.Snapshot(), state(s)
	var wait sync.WaitGroup
	for r := range 4 {
		wait.Go(func() {
			for i := range 50 {
				switch r {
				case 0:
					s.Restore(was)
				case 1:
					s.Reset()
				case 2:
					if _, err := addNote(s, i%40, later, "zyzzyva0", ""); err != nil {
						t.Error(err)
					}
				}
				if err := checkList(s, i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	s.Restore(was)
	if got := state(s); got.Notes != want.Notes || !slices.Equal(got.Updated, want.Updated) {
		t.Errorf("after Restore: %d notes, want %d; list %q, want %q", got.Notes, want.Notes, got.Updated, want.Updated)
	}
}
