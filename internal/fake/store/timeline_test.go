package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

func TestTimeline(t *testing.T) {
	t.Parallel()
	data := dataset(t, 71, 300, false)
	s, desk := newStore(data), &data.InboxOps
	tests := map[string]struct {
		types store.Types
		keeps func(fixtures.Message) bool
	}{
		"all rows":         {all, func(fixtures.Message) bool { return true }},
		"e-mails alone":    {store.Types{Emails: true}, func(m fixtures.Message) bool { return m.Type == "email" }},
		"notes alone":      {store.Types{Notes: true}, func(m fixtures.Message) bool { return m.Type == "internal_note" }},
		"neither of these": {store.Types{}, func(fixtures.Message) bool { return false }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept, left := 0, 0
			for ticket := range desk.Tickets {
				want := []string{}
				for _, m := range desk.Messages(ticket) {
					if m.Draft || !test.keeps(m) {
						left++
						continue
					}
					kept++
					want = append(want, string(numbers{}.AppendMessage(nil, &m)))
				}
				for range 2 { // the second one is kept from the first
					if diff := cmp.Diff(want, timeline(s, ticket, test.types)); diff != "" {
						t.Fatalf("ticket %d (-want +got):\n%s", ticket, diff)
					}
				}
			}
			if left == 0 || kept == 0 && test.types != (store.Types{}) {
				t.Errorf("%d messages were kept and %d left out, want some", kept, left)
			}
		})
	}
}

func TestTimelineOmitsDrafts(t *testing.T) {
	t.Parallel()
	data := dataset(t, 72, 300, false)
	s, desk := newStore(data), &data.InboxOps
	drafts := 0
	for ticket := range desk.Tickets {
		shown := timeline(s, ticket, all)
		for _, m := range desk.Messages(ticket) {
			row := string(numbers{}.AppendMessage(nil, &m))
			if m.Draft {
				drafts++
			}
			if slices.Contains(shown, row) == m.Draft {
				t.Errorf("ticket %d: draft %v, shown %v: %s", ticket, m.Draft, !m.Draft, row)
			}
		}
	}
	if drafts == 0 {
		t.Error("the world has no draft")
	}
}

func TestTimelineWithNotes(t *testing.T) {
	t.Parallel()
	data := dataset(t, 71, 60, false)
	s := newStore(data)
	ticket := busy(t, newOracle(data))
	emails, notes := timeline(s, ticket, store.Types{Emails: true}), timeline(s, ticket, store.Types{Notes: true})
	row := note(t, s, ticket, later, "note")
	if diff := cmp.Diff(emails, timeline(s, ticket, store.Types{Emails: true})); diff != "" {
		t.Errorf("e-mails (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(append(notes, row), timeline(s, ticket, store.Types{Notes: true})); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestTimelineAppends(t *testing.T) {
	t.Parallel()
	data := dataset(t, 71, 60, false)
	s := newStore(data)
	ticket := busy(t, newOracle(data))
	rows, _, _ := s.Timeline(nil, idOf(s, ticket), all)
	if page, _, _ := s.Timeline([]byte("[,"), idOf(s, ticket), all); string(page) != "[,"+string(rows) {
		got, want := string(page), "[,"+string(rows)
		t.Errorf("Timeline = %q, want %q", got, want)
	}
}
