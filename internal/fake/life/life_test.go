package life_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/race"
)

// desk is a store with a clock that a test sets.
type desk struct {
	*store.Store
	now time.Time
}

// newDesk returns a desk of a seed that lives at a rate, or does not.
func newDesk(t *testing.T, seed uint64, rate life.Rate) *desk {
	t.Helper()
	d, err := makeDesk(seed, rate)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func makeDesk(seed uint64, rate life.Rate) (*desk, error) {
	data, err := fixtures.New(fixtures.Config{Seed: seed})
	if err != nil {
		return nil, err
	}
	d := &desk{store.New(store.NewWorld(data, inboxops.Encoder{}), 100_000), fixtures.DefaultAt}
	life.Begin(d.Store, rate, d.now)
	return d, nil
}

// reach sets the clock and lets happen what comes before.
func (d *desk) reach(at time.Time) {
	d.now = at
	life.CatchUp(d.Store, func() time.Time { return d.now })
}

// view returns all that anybody can see.
func (d *desk) view(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, sort := range []store.Sort{store.SortCreated, store.SortUpdated, store.SortPriority} {
		for page := 1; ; page++ {
			rows, _ := d.List(nil, &store.Query{Sort: sort, Page: page, PerPage: 100})
			if len(rows) == 0 {
				break
			}
			all = append(all, string(rows))
		}
	}
	for n := range d.Len() {
		timeline, _, _ := d.Timeline(nil, fmt.Sprint(1001+n), store.Types{Emails: true, Notes: true}) // one may be gone
		all = append(all, string(timeline))
	}
	for _, what := range []any{d.Projects(), d.Events(0)} {
		text, err := json.Marshal(what)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}

// script is what clients and testers do, by how long after the beginning.
var script = []struct {
	after time.Duration
	do    func(d *desk) error
}{
	{17 * time.Minute, note("1100")},
	{17 * time.Minute, note("1100")},
	{31*time.Minute + 7*time.Millisecond, act(func(tx *store.Tx) { // mail that life sends
		t := tx.Ticket(150)
		wish := fixtures.MessageWish{From: fixtures.FromAgent, SendStatus: "pending"}
		tx.AddMessage(150, tx.Desk().Say(&t.Ticket, tx.Record(150), t.Messages, wish, fixtures.TurnAny, store.MessageID(t.ID, tx.Serial()), tx.Now()))
	})},
	{time.Hour, act(func(tx *store.Tx) { // reminders: one to come, one that is past
		tx.Change(160, func(t *fixtures.Ticket) {
			t.RemindAt, t.RemindStatus = tx.Now().Add(90*time.Minute), fixtures.StatusInProgress
		}, nil)
		tx.Change(161, func(t *fixtures.Ticket) {
			t.RemindAt, t.RemindStatus = tx.Now().Add(-time.Minute), fixtures.StatusReopened
		}, nil)
	})},
	{3 * time.Hour, act(func(tx *store.Tx) {
		tx.Delete(uint32(tx.Len() - 1))
		tx.SetMember(0, false)
	})},
	{3*time.Hour + time.Millisecond, note("1150")},
	{6 * time.Hour, act(func(tx *store.Tx) {
		tx.Change(170, func(t *fixtures.Ticket) { t.Status = fixtures.StatusResolved }, nil)
	})},
}

// note lets a client add a note.
func note(id string) func(*desk) error {
	return func(d *desk) error {
		_, _, err := d.AddNote(id, d.now, "checked", "")
		return err
	}
}

// act lets a tester act.
func act(do func(*store.Tx)) func(*desk) error {
	return func(d *desk) error {
		return d.Act(store.ByTester, d.now, func(tx *store.Tx) error { do(tx); return nil })
	}
}

// play lets eight hours pass, with the script, and with stops on the way; it
// returns what is to be seen then. The desk is left in the middle and restored
// when that is asked for.
func play(t *testing.T, d *desk, stops []time.Duration, leave bool) []string {
	t.Helper()
	const end = 8 * time.Hour
	begin := d.now
	stops = append(slices.Clone(stops), end)
	slices.Sort(stops)
	done := 0
	left := !leave
	for _, stop := range stops {
		for done < len(script) && script[done].after <= stop {
			d.reach(begin.Add(script[done].after))
			if err := script[done].do(d); err != nil {
				t.Fatal(err)
			}
			done++
		}
		d.reach(begin.Add(stop))
		if !left && stop > end/2 && stop < end {
			left = true
			was, at := d.Snapshot(), d.now
			d.reach(begin.Add(3 * end))
			d.now = at
			d.Restore(was)
		}
	}
	return d.view(t)
}

func TestStepsDoNotMatter(t *testing.T) {
	t.Parallel()
	const seed = 3
	want := play(t, newDesk(t, seed, life.Busy), nil, false)
	cuts := 12
	if race.Enabled {
		cuts = 2
	}
	for i := range cuts {
		t.Run(fmt.Sprint("cut ", i), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(i), 15))
			var stops []time.Duration
			for range 1 + r.IntN(300) {
				stop := time.Duration(r.Int64N(int64(8 * time.Hour))).Truncate(time.Millisecond)
				for range 1 + r.IntN(4) { // some follow each other closely
					stops = append(stops, stop)
					stop = min(stop+time.Duration(r.IntN(3))*time.Millisecond, 8*time.Hour)
				}
			}
			if diff := cmp.Diff(want, play(t, newDesk(t, seed, life.Busy), stops, i%2 == 1)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("and another seed is another world", func(t *testing.T) {
		t.Parallel()
		if slices.Equal(want, play(t, newDesk(t, seed+1, life.Busy), nil, false)) {
			t.Error("it is the same")
		}
	})
	t.Run("and without life nothing happens but what is done", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, seed, life.Rate{})
		play(t, d, nil, false)
		for _, e := range d.Events(0) {
			if e.By == store.ByLife {
				t.Fatalf("%+v", e)
			}
		}
	})
}

func TestTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 1, life.Busy)
	d.reach(d.now.Add(4 * time.Hour))
	want := d.view(t)
	d.reach(d.now.Add(-3 * time.Hour))
	d.reach(d.now.Add(2 * time.Hour))
	d.reach(d.now.Add(time.Hour))
	if diff := cmp.Diff(want, d.view(t)); diff != "" {
		t.Error("something happened twice: ", diff)
	}
}

func TestAFullDeskComesToRest(t *testing.T) {
	t.Parallel()
	data, err := fixtures.New(fixtures.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{store.New(store.NewWorld(data, inboxops.Encoder{}), 50), fixtures.DefaultAt}
	life.Begin(d.Store, life.Busy, d.now)
	d.reach(d.now.AddDate(0, 1, 0))
	if !d.Full(life.Largest) || d.Len() == 200 {
		t.Fatalf("%d tickets, full: %v", d.Len(), d.Full(life.Largest))
	}
	tickets, _ := d.Changed()
	for _, ticket := range tickets {
		for _, m := range ticket.Messages {
			if m.SendStatus == "pending" || m.SendStatus == "sending" {
				t.Errorf("mail of %s is still %s", m.CreatedAt, m.SendStatus)
			}
		}
	}
	if _, forever := d.Asleep(); !forever {
		d.reach(d.now.AddDate(5000, 0, 0))
	}
	if until, forever := d.Asleep(); !forever {
		t.Errorf("something is to happen at %s", until)
	}
}

func TestAYearAtCalm(t *testing.T) {
	t.Parallel()
	if race.Enabled {
		t.Skip("nothing runs beside it")
	}
	d := newDesk(t, 1, life.Calm)
	d.reach(d.now.AddDate(1, 0, 0))
	if came := d.Len() - 200; came < 2000 {
		t.Errorf("%d tickets have come", came)
	}
}
