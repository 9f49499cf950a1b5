package store_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/race"
)

// act does something to a desk and to the oracle alike.
func (g *gambler) act(t *testing.T, s *store.Store) {
	t.Helper()
	i, now := g.IntN(len(g.oracle.tickets)), g.now()
	p := &g.oracle.tickets[i]
	err := s.Act(store.ByTester, now, func(tx *store.Tx) error {
		n, ok := tx.Find(p.ID.String())
		if !ok {
			t.Fatalf("ticket %v is not there", p.ID)
		}
		switch g.IntN(8) {
		case 0:
			g.create(tx, now)
		case 1:
			tx.Delete(n)
			g.oracle.tickets = slices.Delete(g.oracle.tickets, i, i+1)
		case 2, 3:
			g.change(tx, n, p, now)
		case 4:
			fields := g.ticket().fields
			if len(tx.Change(n, func(*fixtures.Ticket) {}, append([]fixtures.FieldValue{}, fields...))) > 0 {
				p.UpdatedAt, p.touched = after(now, p.UpdatedAt), true
			}
			p.fields = fields
		case 5:
			g.edit(tx, n, p, now)
		default:
			m := fixtures.Message{ID: store.MessageID(p.ID, tx.Serial()), Type: of(g, []string{"email", "internal_note"}), BodyText: g.words(), Draft: g.one(5)}
			tx.AddMessage(n, m)
			if !m.Draft {
				p.append(now, m)
			}
			p.touched = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// create brings a ticket.
func (g *gambler) create(tx *store.Tx, now time.Time) {
	at := now.UTC().Truncate(time.Millisecond)
	number := tx.Serial()
	made := tx.Desk().Bring(fixtures.TicketWish{Subject: g.words() + " x"}, strconv.Itoa(number), at)
	n := tx.Create("", made.Record, made.Ticket, made.Fields, made.Messages)
	made.Number = tx.Ticket(n).Number
	g.oracle.tickets = append(g.oracle.tickets, plain{
		Ticket: made.Ticket, timeline: made.Messages, fields: made.Fields, vectors: vectors(made.Subject, made.Messages), touched: true,
	})
}

// change changes members of a ticket.
func (g *gambler) change(tx *store.Tx, n uint32, p *plain, now time.Time) {
	d := tx.Desk()
	was := p.Ticket
	var change func(x *fixtures.Ticket)
	switch g.IntN(6) {
	case 0:
		priority := g.IntN(len(d.Priorities))
		change = func(x *fixtures.Ticket) { x.Priority = priority }
	case 1:
		agent := g.IntN(len(d.Agents)+1) - 1
		change = func(x *fixtures.Ticket) { x.Assignee = agent }
	case 2:
		tags := [][]int{nil, {0}, {1, 3}, {2, 5, 7}}[g.IntN(4)]
		change = func(x *fixtures.Ticket) { x.Tags = tags }
	case 3:
		subject := g.words() + " y"
		change = func(x *fixtures.Ticket) { x.Subject = subject }
	case 4:
		inbox := g.IntN(len(d.Inboxes))
		change = func(x *fixtures.Ticket) { x.Inbox = inbox }
	default:
		status := g.IntN(len(d.Statuses))
		change = func(x *fixtures.Ticket) { x.Status = status }
	}
	change(&p.Ticket)
	if len(tx.Change(n, change, nil)) > 0 {
		p.UpdatedAt, p.touched = after(now, was.UpdatedAt), true
	}
	p.vectors = vectors(p.Subject, p.timeline)
}

// edit changes a message that shows, or takes it away.
func (g *gambler) edit(tx *store.Tx, n uint32, p *plain, now time.Time) {
	if len(p.timeline) == 0 {
		return
	}
	i := g.IntN(len(p.timeline))
	m := &p.timeline[i]
	at, ok := tx.FindMessage(n, m.ID.String())
	if !ok {
		return // the oracle does not know the ids of notes
	}
	when := p.next(now)
	if g.one(2) {
		tx.DeleteMessage(n, at)
		p.timeline = slices.Delete(slices.Clone(p.timeline), i, i+1)
	} else {
		text := g.words() + " z"
		tx.ChangeMessage(n, at, func(m *fixtures.Message) { m.BodyText = text })
		p.timeline = slices.Clone(p.timeline)
		p.timeline[i].BodyText = text
	}
	p.UpdatedAt, p.touched = when, true
	p.vectors = vectors(p.Subject, p.timeline)
}

// TestActsEqualOracle asks a Store in which anything happens and the plain scan
// the same questions.
func TestActsEqualOracle(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		seed    uint64
		tickets int // 0: an empty world
		acts    int // between one round of queries and the next
		queries int // in each of four rounds
	}{
		"an empty world":                {1, 0, 30, 80},
		"a small world, few acts":       {2, 40, 3, 150},
		"a small world, many acts":      {3, 40, 120, 150},
		"a middle world":                {4, 400, 150, 80},
		"a large world, few acts":       {5, 2000, 8, 40},
		"acts and queries in turn":      {6, 120, 1, 1},
		"a world that is changed whole": {7, 30, 400, 100},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := fixtures.New(fixtures.Config{Seed: test.seed, Tickets: test.tickets, Empty: test.tickets == 0})
			if err != nil {
				t.Fatal(err)
			}
			if test.tickets == 0 {
				data = arrange(test.seed, data, 3)
			}
			s, o := newStore(data), newOracle(data)
			g := newGambler(o, test.seed, 31)
			rounds := 4
			if test.queries == 1 {
				rounds = 120
			}
			if race.Enabled {
				rounds, test.queries = rounds/2, (test.queries+3)/4
			}
			for range rounds {
				for range test.acts {
					if len(o.tickets) > 1 {
						g.act(t, s)
					}
				}
				if s.Len() != len(o.tickets) {
					t.Fatalf("Len() = %d, want %d", s.Len(), len(o.tickets))
				}
				for range test.queries {
					g.checkQuery(t, s)
				}
				g.checkTimelines(t, s)
			}
		})
	}
}

// checkTimelines compares the timeline of each ticket.
func (g *gambler) checkTimelines(t *testing.T, s *store.Store) {
	t.Helper()
	for i := range g.oracle.tickets {
		p := &g.oracle.tickets[i]
		b, _, ok := s.Timeline(nil, strconv.Itoa(p.Number), all)
		if !ok {
			t.Fatalf("ticket %d is not found", p.Number)
		}
		want := []string{}
		for _, m := range p.timeline {
			want = append(want, fmt.Sprintf("%s at %d", m.Type, m.CreatedAt.UnixMilli()))
		}
		got := []string{}
		for _, row := range split(b) {
			var kind, id string
			var at int64
			if _, err := fmt.Sscanf(row, "%s %s at %d", &kind, &id, &at); err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s at %d", kind, at))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("ticket %d (-want +got):\n%s", p.Number, diff)
		}
	}
}

// TestSnapshotsOfActs goes back and forth between two states, in each of which
// more happens.
func TestSnapshotsOfActs(t *testing.T) {
	t.Parallel()
	data := dataset(t, 8, 60, false)
	s, o := newStore(data), newOracle(data)
	g := newGambler(o, 8, 31)
	type moment struct {
		kept    store.Snapshot
		tickets []plain
		events  []store.Event
	}
	var moments []moment
	for round := range 12 {
		for range 15 {
			g.act(t, s)
		}
		moments = append(moments, moment{s.Snapshot(), slices.Clone(o.tickets), s.Events(0)})
		if round%3 == 2 {
			back := of(g, moments)
			s.Restore(back.kept)
			o.tickets = slices.Clone(back.tickets)
			if diff := cmp.Diff(back.events, s.Events(0)); diff != "" {
				t.Fatalf("events after Restore (-want +got):\n%s", diff)
			}
		}
		for range 40 {
			g.checkQuery(t, s)
		}
		g.checkTimelines(t, s)
	}
}

// TestEvents follows what happens by its events.
func TestEvents(t *testing.T) {
	t.Parallel()
	data := dataset(t, 9, 30, false)
	s := newStore(data)
	first := data.InboxOps.Tickets[0].ID
	if err := s.Act(store.ByTester, later, func(tx *store.Tx) error {
		n, _ := tx.Find(first.String())
		tx.Change(n, func(x *fixtures.Ticket) { x.Status = 0 }, nil)
		tx.Change(n, func(*fixtures.Ticket) {}, nil) // which changes nothing
		m := tx.AddMessage(n, fixtures.Message{ID: store.MessageID(first, tx.Serial()), Type: "email", Direction: "outbound", Draft: true})
		at, _ := tx.FindMessage(n, m.ID.String())
		tx.ChangeMessage(n, at, func(m *fixtures.Message) { m.Draft, m.SendStatus = false, "pending" })
		at, _ = tx.FindMessage(n, m.ID.String())
		tx.DeleteMessage(n, at)
		tx.Delete(n)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	note(t, s, 3, later, "by a client")
	type short struct {
		Seq     int
		By      store.By
		Kind    string
		Hidden  bool
		Changed int
		At      time.Duration // after later
	}
	var got []short
	for _, e := range s.Events(0) {
		got = append(got, short{e.Seq, e.By, e.Kind, e.Hidden, len(e.Changed), e.At.Sub(later)})
	}
	want := []short{
		{1, store.ByTester, store.TicketChanged, false, 2, 0},
		{2, store.ByTester, store.MessageAdded, true, 0, time.Millisecond},
		{3, store.ByTester, store.MessageChanged, false, 2, time.Millisecond},
		{4, store.ByTester, store.MessageDeleted, false, 0, 2 * time.Millisecond},
		{5, store.ByTester, store.TicketDeleted, false, 0, 0},
		{6, store.ByClient, store.MessageAdded, false, 0, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if rest := s.Events(4); len(rest) != 2 || rest[0].Seq != 5 {
		t.Errorf("Events(4) = %v", rest)
	}
	if s.Has(first.String()) || s.Has(strconv.Itoa(data.InboxOps.Tickets[0].Number)) {
		t.Error("a deleted ticket is found")
	}
}

// TestActsInManyWorlds is TestActsEqualOracle in short, with arranged tickets in
// every third world.
func TestActsInManyWorlds(t *testing.T) {
	t.Parallel()
	for seed := uint64(130); seed < 145; seed++ {
		if race.Enabled && seed%5 != 0 {
			continue
		}
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			data := dataset(t, seed, 30+int(seed%7)*20, false)
			if seed%3 == 0 {
				data = arrange(seed, data, 20)
			}
			s, o := newStore(data), newOracle(data)
			g := newGambler(o, seed, 77)
			for range 12 {
				for range 1 + g.IntN(20) {
					g.act(t, s)
				}
				for range 12 {
					g.checkQuery(t, s)
				}
			}
		})
	}
}
