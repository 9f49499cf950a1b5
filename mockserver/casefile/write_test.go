package casefile_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// stateOf returns the state of a dataset, as a workspace in which nobody has done
// anything would.
func stateOf(data *fixtures.Dataset) casefile.State {
	w := &data.InboxOps
	s := casefile.State{Data: data, Projects: data.AppHandoff.Projects}
	names := map[int]string{}
	for name, i := range w.Arranged() {
		names[i] = name
	}
	for i := range w.Tickets {
		switch {
		case w.Deleted[i]:
			s.Deleted = append(s.Deleted, w.Tickets[i].Number)
		case w.Differs(i):
			s.Tickets = append(s.Tickets, casefile.TicketState{Ticket: w.Tickets[i], Name: names[i], Fields: w.Fields(i), Messages: w.Messages(i)})
		}
	}
	return s
}

// spell spells out all that a client can see of the tickets of a dataset, or of those
// that differ from what the seed says, and the drafts.
func spell(t testing.TB, data *fixtures.Dataset, whole bool) string {
	t.Helper()
	type ticket struct {
		Ticket   fixtures.Ticket
		Contact  fixtures.Contact
		Fields   []fixtures.FieldValue
		Messages []fixtures.Message
	}
	w := &data.InboxOps
	all := map[int]ticket{}
	for i, t := range w.Tickets {
		if w.Deleted[i] || !whole && !w.Differs(i) {
			continue
		}
		spelt := ticket{Ticket: t, Fields: w.Fields(i), Messages: w.Messages(i)}
		if t.Contact >= 0 {
			spelt.Contact, spelt.Ticket.Contact = w.Contacts[t.Contact], 0
		}
		all[t.Number] = spelt
	}
	names := map[string]int{}
	for name, i := range w.Arranged() {
		if !w.Deleted[i] {
			names[name] = i
		}
	}
	text, err := json.MarshalIndent([]any{all, names, data.AppHandoff.Projects}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), ": null", ": []") // a list of nothing, in either form
}

// write writes a state.
func write(t testing.TB, s casefile.State) string {
	t.Helper()
	var out bytes.Buffer
	if err := casefile.Write(&out, s); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// late is what the clock may show when a case is loaded.
var late = fixtures.DefaultAt.AddDate(1, 0, 0)

// writeAndLoad writes what is arranged in a base, loads it and compares both, and
// what is then written.
func writeAndLoad(t testing.TB, base, data *fixtures.Dataset) {
	t.Helper()
	text := write(t, stateOf(data))
	c, err := casefile.Parse("written", []byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	again, err := c.Arrange(base, late, nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if diff := cmp.Diff(spell(t, data, false), spell(t, again, false)); diff != "" {
		t.Errorf("(-before +after):\n%s\n%s", diff, text)
	}
	if diff := cmp.Diff(text, write(t, stateOf(again))); diff != "" {
		t.Errorf("written again (-once +again):\n%s", diff)
	}
}

func TestWriteAndLoad(t *testing.T) {
	t.Parallel()
	for _, base := range []*fixtures.Dataset{emptyWorld(), seededWorld()} {
		for name, text := range blocks(t) {
			if base == emptyWorld() && strings.Contains(text, "seeded:") {
				continue
			}
			t.Log(name)
			writeAndLoad(t, base, arrange(t, base, text))
		}
	}
}

// TestWriteAndLoadAnything does so with random arrangements.
func TestWriteAndLoadAnything(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 0))
		config := fixtures.Config{Seed: 1 + seed%7, Empty: seed%3 == 0}
		if !config.Empty {
			config.Tickets = 30 + int(seed)
		}
		base := world(config)
		writeAndLoad(t, base, base.Arrange(anything(r, base)))
		if t.Failed() {
			t.Fatalf("with the seed %d", seed)
		}
	}
}

// TestWriteAWholeWorld writes each seeded ticket as one of its own of an empty
// world.
func TestWriteAWholeWorld(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	for seed := range uint64(2) {
		data, base := world(fixtures.Config{Seed: 1 + seed, Tickets: 90}), world(fixtures.Config{Seed: 1 + seed, Empty: true})
		all := make([]int, len(data.InboxOps.Tickets))
		for i := range all {
			all[i] = i
		}
		s, err := casefile.OwnState(data, all, data.AppHandoff.Projects)
		if err != nil {
			t.Fatal(err)
		}
		text := write(t, s)
		again := arrange(t, base, text)
		if diff := cmp.Diff(spell(t, data, true), spell(t, again, true)); diff != "" {
			t.Errorf("(-seeded +loaded):\n%.4000s", diff)
		}
		if diff := cmp.Diff(text, write(t, withSettings(stateOf(again), s))); diff != "" {
			t.Errorf("written again (-once +again):\n%.4000s", diff)
		}
	}
}

// withSettings returns a state with the settings of another.
func withSettings(s, of casefile.State) casefile.State {
	s.World, s.Settings, s.Faults = of.World, of.Settings, of.Faults
	return s
}

// TestWriteSettings writes what is not in the world.
func TestWriteSettings(t *testing.T) {
	t.Parallel()
	s := stateOf(emptyWorld())
	s.World = casefile.World{Seed: 7, Empty: new(true), At: fixtures.DefaultAt}
	s.Settings = casefile.Settings{FrozenAt: fixtures.DefaultAt, RateLimit: &ratelimit.Limit{Max: 5, Window: time.Minute}, Life: &life.Busy, Keys: []casefile.KeyAccess{
		{Service: auth.InboxOps, Kind: auth.ReadOnly, Access: auth.KindAccess(auth.ReadOnly)},
		{Service: auth.AppHandoff, Kind: auth.Revoked},
		{Service: auth.AppHandoff, Kind: auth.Member, Access: auth.Access{Revoked: true}},
	}}
	s.Faults = []fault.Rule{{ID: "a", Match: fault.Match{Operation: "listTickets"}, Then: fault.Then{Malformed: true}}}
	const want = `world: {seed: 7, empty: true, at: "2025-06-02T09:00:00Z"}
clock: {frozen: "2025-06-02T09:00:00Z"}
rate_limit: 5/1m
life: busy
keys:
  apphandoff/revoked: {revoked: false}
  member: {revoked: true}
faults:
- id: a
  match:
    operation: listTickets
  then:
    malformed: true
`
	if diff := cmp.Diff(want, write(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := write(t, stateOf(emptyWorld())); got != "{}\n" {
		t.Errorf("nothing is %q", got)
	}
	c := casefile.MustParse(want)
	if diff := cmp.Diff(s.World, c.World()); diff != "" {
		t.Errorf("the world (-before +after):\n%s", diff)
	}
}
