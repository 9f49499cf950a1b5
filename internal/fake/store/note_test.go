package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// later is behind every time of a seeded world.
var later = fixtures.DefaultAt.AddDate(1, 0, 0)

// note adds a note that must be stored.
func note(t *testing.T, s *store.Store, ticket int, now time.Time, text string) (row string) {
	t.Helper()
	b, err := addNote(s, ticket, now, text, "")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// addNote adds a note to the ticket of an index, which must be there.
func addNote(s *store.Store, ticket int, now time.Time, text, html string) (row []byte, err error) {
	row, ok, err := s.AddNote(idOf(s, ticket), now, text, html)
	if !ok {
		return nil, errors.New("there is no such ticket")
	}
	return row, err
}

// idOf returns the id of a ticket of the World.
func idOf(s *store.Store, ticket int) string {
	return s.World().Data.InboxOps.Tickets[ticket].ID.String()
}

// all wants every row of a timeline.
var all = store.Types{Emails: true, Notes: true}

// timeline returns the rows of a ticket.
func timeline(s *store.Store, ticket int, types store.Types) []string {
	b, _, ok := s.Timeline(nil, idOf(s, ticket), types)
	if !ok {
		return []string{"there is no such ticket"}
	}
	return split(b)
}

// updatedOf returns a ticket's row in the list.
func updatedOf(t *testing.T, s *store.Store, ticket int) string {
	t.Helper()
	rows, _ := list(s, store.Query{Sort: store.SortCreated, Ascending: true, Page: 1, PerPage: s.World().Len()})
	return rows[ticket]
}

// busy returns a ticket with at least three visible messages, the last of
// which is no note.
func busy(t *testing.T, o *oracle) int {
	t.Helper()
	i := slices.IndexFunc(o.tickets, func(p plain) bool {
		n := len(p.timeline)
		return n >= 3 && p.timeline[n-1].Type == "email" && p.timeline[n-2].CreatedAt.Before(p.timeline[n-1].CreatedAt)
	})
	if i < 0 {
		t.Fatal("no ticket has three messages")
	}
	return i
}

func TestAddNoteTime(t *testing.T) {
	t.Parallel()
	data := dataset(t, 1, 60, false)
	o := newOracle(data)
	ticket := busy(t, o)
	last := o.tickets[ticket].timeline[len(o.tickets[ticket].timeline)-1].CreatedAt
	tests := map[string]struct {
		before []time.Time // notes that are there already
		now    time.Time
		want   time.Time
	}{
		"a clock behind the last message is believed":  {nil, later, later},
		"a clock before the ticket is not":             {nil, last.AddDate(-20, 0, 0), last.Add(time.Millisecond)},
		"a clock at the last message moves on":         {nil, last, last.Add(time.Millisecond)},
		"a clock just behind it is believed":           {nil, last.Add(time.Millisecond), last.Add(time.Millisecond)},
		"less than a millisecond behind is not behind": {nil, last.Add(time.Millisecond - 1), last.Add(time.Millisecond)},
		"times are cut to milliseconds":                {nil, later.Add(1999 * time.Microsecond), later.Add(time.Millisecond)},
		"a clock in another zone is the same":          {nil, later.In(time.FixedZone("", 3600)), later},
		"notes of one instant come one by one":         {[]time.Time{later, later}, later, later.Add(2 * time.Millisecond)},
		"a clock set back comes behind the last note":  {[]time.Time{later}, last, later.Add(time.Millisecond)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var kept fixtures.Message
			s := store.New(store.NewWorld(data, keeper{last: &kept}), 0)
			for _, at := range test.before {
				note(t, s, ticket, at, "before")
			}
			note(t, s, ticket, test.now, "now")
			if got := kept.CreatedAt; got != test.want.UTC() { // not Equal: the wire has UTC
				t.Errorf("the note is of %v, want %v", got, test.want)
			}
			p := data.InboxOps.Tickets[ticket]
			p.UpdatedAt = test.want
			if want := string(numbers{}.AppendTicket(nil, nil, &p)); updatedOf(t, s, ticket) != want {
				t.Errorf("the ticket is %s, want %s", updatedOf(t, s, ticket), want)
			}
		})
	}
}

func TestAddNoteToTicketWithoutMessages(t *testing.T) {
	t.Parallel()
	data := dataset(t, 1, 60, false)
	o := newOracle(data)
	ticket := slices.IndexFunc(o.tickets, func(p plain) bool { return len(p.timeline) == 0 })
	if ticket < 0 {
		t.Fatal("every ticket has a message")
	}
	var kept fixtures.Message
	s := store.New(store.NewWorld(data, keeper{last: &kept}), 0)
	created := data.InboxOps.Tickets[ticket].CreatedAt
	row := note(t, s, ticket, created.AddDate(-1, 0, 0), "first")
	if got, want := kept.CreatedAt, created.Add(time.Millisecond); !got.Equal(want) {
		t.Errorf("the note is of %v, want %v", got, want)
	}
	if diff := cmp.Diff([]string{row}, timeline(s, ticket, all)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestAddNote(t *testing.T) {
	t.Parallel()
	data := dataset(t, 1, 60, false)
	ticket := busy(t, newOracle(data))
	s := newStore(data)
	seeded := timeline(s, ticket, all)
	others := timeline(s, ticket+1, all)

	first, second := note(t, s, ticket, later, "same"), note(t, s, ticket, later, "same")
	if diff := cmp.Diff(append(slices.Clone(seeded), first, second), timeline(s, ticket, all)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(others, timeline(s, ticket+1, all)); diff != "" {
		t.Errorf("timeline of another ticket (-want +got):\n%s", diff)
	}
	if s.Notes() != 2 {
		t.Errorf("Notes() = %d, want 2", s.Notes())
	}
	if row := note(t, s, ticket+1, later, "same"); row == first || row == second {
		t.Errorf("two notes are %s", row)
	}
}

func TestAddNoteKeepsWhatWasSent(t *testing.T) {
	t.Parallel()
	var got fixtures.Message
	s := store.New(store.NewWorld(dataset(t, 1, 30, false), keeper{last: &got}), 0)
	if _, err := addNote(s, 3, later, " Größe 👍\n", "<p>other</p>"); err != nil {
		t.Fatal(err)
	}
	want := fixtures.Message{
		ID: got.ID, Direction: "outbound", Type: "internal_note",
		BodyText: " Größe 👍\n", BodyHTML: "<p>other</p>", CreatedAt: later,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("note (-want +got):\n%s", diff)
	}
}

func TestNotesHaveRandomUUIDs(t *testing.T) {
	t.Parallel()
	var m fixtures.Message
	s := store.New(store.NewWorld(dataset(t, 1, 30, false), keeper{last: &m}), 0)
	seen := map[fixtures.ID]bool{}
	for range 50 {
		note(t, s, 3, later, "note")
		if m.ID[6]>>4 != 4 || m.ID[8]>>6 != 2 {
			t.Errorf("%s is no UUID of version 4", m.ID)
		}
		if seen[m.ID] {
			t.Errorf("%s comes twice", m.ID)
		}
		seen[m.ID] = true
	}
}

func TestAddNoteIsTheSameInEveryRun(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (rows []string) {
		s := newStore(dataset(t, seed, 30, false))
		for ticket := range 30 {
			rows = append(rows, note(t, s, ticket, later, "note"))
		}
		return rows
	}
	if diff := cmp.Diff(run(1), run(1)); diff != "" {
		t.Errorf("rows of two runs (-one +other):\n%s", diff)
	}
	if run(1)[0] == run(2)[0] {
		t.Error("two seeds give a note the same id")
	}
}

func TestAddNoteUpToTheLimit(t *testing.T) {
	t.Parallel()
	s := store.New(store.NewWorld(dataset(t, 1, 30, false), numbers{}), 2)
	note(t, s, 3, later, "one")
	note(t, s, 4, later, "two")
	before := state(s)
	row, err := addNote(s, 5, later, "three", "")
	if !errors.Is(err, store.ErrFull) || row != nil {
		t.Errorf("AddNote = %q, %v, want %v", row, err, store.ErrFull)
	}
	if diff := cmp.Diff(before, state(s)); diff != "" {
		t.Errorf("a refused note left a trace (-before +after):\n%s", diff)
	}
	s.Reset()
	note(t, s, 5, later, "three")
}

func TestNotesAreSearched(t *testing.T) {
	t.Parallel()
	data := dataset(t, 1, 60, false)
	s := newStore(data)
	find := func(text string) int {
		parsed := search.ParseQuery(text)
		_, total := list(s, store.Query{Search: &parsed, Sort: store.SortCreated, Page: 1, PerPage: 60})
		return total
	}
	if total := find("zyzzyva"); total != 0 {
		t.Fatalf("%d tickets have the word before any note", total)
	}
	note(t, s, 7, later, "The zyzzyva escaped.")
	note(t, s, 7, later, "Both zyzzyva and quokka.")
	note(t, s, 8, later, "A quokka.")
	for text, want := range map[string]int{
		"zyzzyva": 1, "quokka": 2, "zyzzyva quokka": 1, "zyzzyva escaped": 1,
		"escaped quokka": 0, // in two notes, not in one
	} {
		if total := find(text); total != want {
			t.Errorf("%q finds %d tickets, want %d", text, total, want)
		}
	}
	s.Reset()
	if total := find("zyzzyva"); total != 0 {
		t.Errorf("%d tickets have the word after Reset", total)
	}
}
