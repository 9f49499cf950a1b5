package casefile_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
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
	for _, empty := range []bool{true, false} {
		base := world(t, empty)
		for name, text := range blocks(t) {
			if empty && strings.Contains(text, "seeded:") {
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
		base, err := fixtures.New(config)
		if err != nil {
			t.Fatal(err)
		}
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
	for seed := range uint64(2) {
		data, err := fixtures.New(fixtures.Config{Seed: 1 + seed, Tickets: 90})
		if err != nil {
			t.Fatal(err)
		}
		base, err := fixtures.New(fixtures.Config{Seed: 1 + seed, Empty: true})
		if err != nil {
			t.Fatal(err)
		}
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

// words are texts that a file has to take care of.
var words = []string{
	"Export never finishes", "yes", "12", "null", "~", "- a", "a: b", "# no comment", "{a}", "[a", "'", `"`, `\`, "a\nb", "a\n\nb\n", " a", "a ", "\n a", "a\n  b", "a\tb",
	"\r\n", "é", "مرحبا", "🚨", "\u2028", "\ufeff", "\u0085", "\x7f", "&a *a !a %a @a", "2025-06-02", "2025-06-02T09:00:00Z", "a#b", "a #b", "---", "...", "? a", "|", ">", "nobody", "never", "none",
	strings.Repeat("long ", 100), "<p>It <b>hangs</b></p>", "&lt;", "", " ", "\x01", "=", "<<", "0x1f", "1e3", ".inf", "on\noff",
}

// anything returns an arrangement of this and that.
func anything(r *rand.Rand, base *fixtures.Dataset) fixtures.Arrangement {
	a := fixtures.Arrangement{Contacts: []fixtures.Contact{{ID: fixtures.NamedID("contact", "ada@example.com"), Name: "Ada", Email: "ada@example.com"}, {ID: fixtures.NamedID("x"), Name: "Bob: \"x\"", Email: "bob@example.com"}}}
	g := generator{r, base, len(a.Contacts)}
	for i := range r.IntN(6) {
		wish := g.ticket()
		if r.IntN(2) == 0 {
			wish.Name = "ticket " + string(rune('a'+i))
		}
		if r.IntN(3) == 0 {
			wish.ID = g.id()
		}
		a.Tickets = append(a.Tickets, wish)
	}
	own, seeded := len(a.Tickets), base.InboxOps.Seeded()
	if seeded > 0 {
		for _, i := range r.Perm(seeded)[:r.IntN(5)] {
			wish := g.ticket()
			wish.Seeded = &i
			if wish.CreatedAt = (time.Time{}); wish.Messages == nil {
				wish.UpdatedAt = time.Time{}
			} else {
				for j := range wish.Messages {
					wish.Messages[j].CreatedAt = fixtures.DefaultAt.Add(time.Duration(j) * time.Minute)
				}
				wish.UpdatedAt = fixtures.DefaultAt.AddDate(0, 0, 2)
			}
			if wish.Fields != nil {
				wish.Inbox = ptr(4)
			}
			a.Tickets = append(a.Tickets, wish)
		}
	}
	if n := seeded + own; n > 0 {
		a.Deleted = r.Perm(n)[:r.IntN(min(n, 4)+1)]
	}
	a.Projects = g.projects()
	return a
}

func ptr[T any](x T) *T { return &x }

// generator makes arrangements.
type generator struct {
	r        *rand.Rand
	base     *fixtures.Dataset
	contacts int
}

func (g generator) id() fixtures.ID { return fixtures.RandomID(g.r.Uint64(), g.r.Uint64()) }

// word returns a text; one that says something unless it may be blank.
func (g generator) word(blank bool) string {
	for {
		if s := words[g.r.IntN(len(words))]; blank || strings.TrimSpace(s) != "" {
			return s
		}
	}
}

// some returns a pointer to a value, or nil.
func some[T any](g generator, make func() T) *T {
	if g.r.IntN(2) == 0 {
		return nil
	}
	return ptr(make())
}

func (g generator) index(n, least int) func() int {
	return func() int { return least + g.r.IntN(n-least) }
}

func (g generator) ticket() fixtures.TicketWish {
	w := &g.base.InboxOps
	wish := fixtures.TicketWish{
		Status: some(g, g.index(len(w.Statuses), 0)), Priority: some(g, g.index(len(w.Priorities), 0)), Inbox: ptr(4),
		Assignee: some(g, g.index(len(w.Agents), -1)), Contact: some(g, g.index(len(w.Contacts)+g.contacts, -1)),
		RemindAt: some(g, func() time.Time {
			return []time.Time{{}, fixtures.DefaultAt.Add(time.Duration(g.r.IntN(1e9)) * time.Millisecond)}[g.r.IntN(2)]
		}),
		CreatedAt: fixtures.DefaultAt.Add(time.Duration(g.r.IntN(1e9)-1e9) * time.Millisecond),
	}
	if wish.RemindAt != nil && !wish.RemindAt.IsZero() {
		wish.RemindStatus = some(g, g.index(len(w.Statuses), -1))
	}
	if g.r.IntN(2) == 0 {
		wish.Subject = g.word(false)
	}
	if g.r.IntN(2) == 0 {
		wish.Tags = g.r.Perm(len(w.Tags))[:g.r.IntN(3)]
		slices.Sort(wish.Tags)
	}
	if g.r.IntN(2) == 0 {
		wish.Fields = g.fields()
	}
	if g.r.IntN(4) > 0 {
		wish.Messages = g.messages(&wish)
	}
	return wish
}

func (g generator) fields() []fixtures.FieldValue {
	values := []fixtures.FieldValue{}
	for i, def := range g.base.InboxOps.CustomFields {
		if g.r.IntN(2) == 0 {
			continue
		}
		value := fixtures.FieldValue{Field: i}
		switch def.Type {
		case fixtures.FieldNumber:
			value.Number = []float64{0, -1, 1e21, 0.1, 1 << 53, 1e-7}[g.r.IntN(6)]
		case fixtures.FieldBoolean:
			value.Bool = g.r.IntN(2) == 0
		case fixtures.FieldSelect:
			value.Options = []int{g.r.IntN(len(def.Options))}
		case fixtures.FieldMultiSelect:
			value.Options = g.r.Perm(len(def.Options))[:1+g.r.IntN(len(def.Options))]
			slices.Sort(value.Options)
		case fixtures.FieldDate:
			value.Time = time.Date(2025, 1, 1+g.r.IntN(500), 0, 0, 0, 0, time.UTC)
		case fixtures.FieldDateTime:
			value.Time = fixtures.DefaultAt.Add(time.Duration(g.r.IntN(1e9)) * time.Millisecond)
		case fixtures.FieldURL:
			value.Text = "https://example.com/?a=b#c"
		case fixtures.FieldEmail:
			value.Text = "ada@example.com"
		default:
			value.Text = g.word(false)
		}
		values = append(values, value)
	}
	return values
}

// messages returns a thread whose times may go on after the world's instant.
func (g generator) messages(wish *fixtures.TicketWish) []fixtures.MessageWish {
	all := []fixtures.MessageWish{}
	at, timed := wish.CreatedAt, g.r.IntN(2) == 0
	for range g.r.IntN(6) {
		m := fixtures.MessageWish{From: fixtures.Side(g.r.IntN(3))}
		if timed {
			at = at.Add(time.Duration(g.r.IntN(3)*g.r.IntN(2e8)) * time.Millisecond)
			m.CreatedAt = at
		}
		if g.r.IntN(4) == 0 {
			m.ID = g.id()
		}
		m.Text = some(g, func() string { return g.word(true) })
		m.HTML = some(g, func() string { return g.word(true) })
		if m.Text == nil && m.HTML != nil && *m.HTML == "" || m.HTML == nil && m.Text != nil && *m.Text == "" || m.Text != nil && m.HTML != nil && *m.Text+*m.HTML == "" {
			m.Text, m.HTML = nil, nil
		}
		if m.From != fixtures.FromNote {
			address := func() string {
				return []string{"", "ada@example.com", `"Lovelace, Ada" <ada@example.com>, bob@example.com`}[g.r.IntN(3)]
			}
			m.Sender, m.To, m.Cc, m.Bcc = some(g, address), some(g, address), some(g, address), some(g, address)
			m.SentAt = some(g, func() time.Time { return []time.Time{{}, wish.CreatedAt.Add(time.Hour)}[g.r.IntN(2)] })
		}
		if m.From == fixtures.FromAgent {
			if m.Draft = g.r.IntN(3) == 0; !m.Draft {
				m.SendStatus = []string{"", "sent", "pending", "sending", "failed"}[g.r.IntN(5)]
			}
			if m.SendStatus == "failed" {
				m.SendError = "full: \"x\""
			}
		}
		for range g.r.IntN(3) * g.r.IntN(2) {
			m.Attachments = append(m.Attachments, g.attachment())
		}
		all = append(all, m)
	}
	if g.r.IntN(2) == 0 && timed {
		wish.UpdatedAt = at.Add(time.Minute)
	}
	return all
}

func (g generator) attachment() fixtures.Attachment {
	file := fixtures.Attachment{FileName: []string{"a.png", "report: 1.pdf", "b"}[g.r.IntN(3)]}
	if g.r.IntN(2) == 0 {
		file.Disposition = "inline"
		file.ContentID = []string{"", "cid@example.com"}[g.r.IntN(2)]
	}
	if g.r.IntN(2) == 0 {
		file.ContentType, file.SizeBytes, file.ID = "text/x-log; charset=utf-8", 1+g.r.IntN(1e6), g.id()
	}
	return file
}

func (g generator) projects() []fixtures.ProjectWish {
	var all []fixtures.ProjectWish
	for i := range g.base.AppHandoff.Projects {
		if g.r.IntN(2) > 0 {
			continue
		}
		wish := fixtures.ProjectWish{Seeded: &i, Outside: g.r.IntN(2) == 0}
		if g.r.IntN(2) == 0 {
			wish.Tickets = g.handoffs(g.base.AppHandoff.Projects[i].Tickets)
		}
		all = append(all, wish)
	}
	for i := range g.r.IntN(3) {
		wish := fixtures.ProjectWish{Name: "project " + string(rune('a'+i)), Outside: g.r.IntN(2) == 0, Tickets: g.handoffs(nil)}
		if g.r.IntN(2) == 0 {
			wish.ID = g.id()
		}
		all = append(all, wish)
	}
	return all
}

func (g generator) handoffs(seeded []fixtures.HandoffTicket) []fixtures.HandoffWish {
	all := []fixtures.HandoffWish{}
	for i := range len(seeded) + g.r.IntN(3) {
		wish := fixtures.HandoffWish{Name: "ticket " + string(rune('a'+i))}
		if i < len(seeded) {
			wish = fixtures.HandoffWish{Seeded: &i}
		} else if g.r.IntN(2) == 0 {
			wish.ID = g.id()
		}
		if g.r.IntN(2) == 0 {
			wish.Tasks, wish.TaskIDs = []string{"api", "it: is"}, map[string]fixtures.ID{"api": g.id()}
		}
		if g.r.IntN(2) == 0 {
			wish.Messages = []fixtures.HandoffMessageWish{}
			at := fixtures.DefaultAt
			for range g.r.IntN(4) {
				at = at.Add(time.Duration(g.r.IntN(1000)) * time.Second)
				m := fixtures.HandoffMessageWish{
					Author: []string{"human", "agent"}[g.r.IntN(2)], AuthorID: some(g, func() string { return []string{"", "it: is"}[g.r.IntN(2)] }),
					Format: []string{"", "plain", "markdown", fixtures.NoFormat}[g.r.IntN(4)], CreatedAt: at,
				}
				if g.r.IntN(2) == 0 {
					m.Text = g.word(false)
				}
				if wish.Tasks != nil && g.r.IntN(2) == 0 {
					m.Task = "it: is"
				}
				if g.r.IntN(3) == 0 {
					m.ID = g.id()
				}
				wish.Messages = append(wish.Messages, m)
			}
		}
		all = append(all, wish)
	}
	return all
}

// TestWriteSettings writes what is not in the world.
func TestWriteSettings(t *testing.T) {
	t.Parallel()
	yes := true
	s := stateOf(base())
	s.World = casefile.World{Seed: 7, Empty: &yes, At: fixtures.DefaultAt}
	s.Settings = casefile.Settings{FrozenAt: fixtures.DefaultAt, RateLimit: &ratelimit.Limit{Max: 5, Window: time.Minute}, Keys: []casefile.KeyAccess{
		{Service: auth.InboxOps, Kind: auth.ReadOnly, Access: auth.KindAccess(auth.ReadOnly)},
		{Service: auth.AppHandoff, Kind: auth.Revoked},
		{Service: auth.AppHandoff, Kind: auth.Member, Access: auth.Access{Revoked: true}},
	}}
	s.Faults = []fault.Rule{{ID: "a", Match: fault.Match{Operation: "listTickets"}, Then: fault.Then{Malformed: true}}}
	const want = `world: {seed: 7, empty: true, at: "2025-06-02T09:00:00Z"}
clock: {frozen: "2025-06-02T09:00:00Z"}
rate_limit: 5/1m
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
	if got := write(t, stateOf(base())); got != "{}\n" {
		t.Errorf("nothing is %q", got)
	}
	c := casefile.MustParse(want)
	if diff := cmp.Diff(s.World, c.World()); diff != "" {
		t.Errorf("the world (-before +after):\n%s", diff)
	}
}
