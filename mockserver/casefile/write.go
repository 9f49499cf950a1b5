package casefile

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"slices"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// State is everything that a case can say about a workspace.
type State struct {
	// World is the world that the case is put into; zero members are left to
	// whoever loads it.
	World World
	Settings
	Faults []fault.Rule
	// Data is that world, as seeded or with something arranged in it. Names,
	// and what would be there without the case, are looked up in it.
	Data *fixtures.Dataset
	// Tickets are all arranged ones, and the seeded ones that may differ from what the
	// seed says, in any order. Contacts are indexes into those of Data.
	Tickets []TicketState
	// Deleted are the numbers of deleted tickets. An arranged one need not be
	// among Tickets.
	Deleted []int
	// Projects are all projects that may differ, and all arranged ones, in their order.
	Projects []fixtures.Project
	// Requests belong to the case, in their order.
	Requests []Request
}

// TicketState is a ticket with its name, fields and thread, drafts included.
type TicketState struct {
	fixtures.Ticket
	Name     string
	Fields   []fixtures.FieldValue
	Messages []fixtures.Message
}

// Write writes a case that makes the state. Members are in the order of the
// documentation, names are used instead of ids, and what may be left out is
// left out.
func Write(w io.Writer, s State) error {
	desk := &s.Data.InboxOps
	out := &writer{
		tables: newTables(desk, fixtures.Tables{}), desk: desk,
		contacts: sync.OnceValue(func() map[string]int { return contactsByName(desk) }),
	}
	out.settings(&s)
	if len(s.Faults) > 0 {
		text, err := fault.Format(s.Faults)
		if err != nil {
			return err
		}
		out.Write(text)
	}
	out.section("inboxops:\n", func() { out.inboxops(&s) })
	out.section("apphandoff:\n  projects:\n", func() { out.projects(&s) })
	out.section("requests:\n", func() {
		for i := range s.Requests {
			out.element("", requestNode(&s.Requests[i]))
		}
	})
	if out.Len() == 0 {
		out.WriteString("{}\n")
	}
	if out.err != nil {
		return out.err
	}
	_, err := w.Write(out.Bytes())
	return err
}

// writer writes YAML. It keeps the first error.
type writer struct {
	bytes.Buffer
	tables   tables
	desk     *fixtures.InboxOps
	contacts func() map[string]int // by all that they are called
	err      error
}

// section writes a head and what stands below it, or nothing if that is empty.
func (out *writer) section(head string, below func()) {
	before := out.Len()
	out.WriteString(head)
	after := out.Len()
	if below(); out.Len() == after {
		out.Truncate(before)
	}
}

// dump writes a value with its lines indented.
func (out *writer) dump(indent string, n *yaml.Node) {
	text, err := yaml.Dump(n, yaml.WithLineWidth(-1), yaml.WithIndent(2), yaml.WithCompactSeqIndent(true), yaml.WithQuotePreference(yaml.QuoteDouble))
	if err != nil {
		out.err = cmp.Or(out.err, err)
		return
	}
	for line := range bytes.Lines(text) {
		if len(line) > 1 {
			line = append([]byte(indent), line...)
		}
		out.Write(line)
	}
}

// element writes an element of a list.
func (out *writer) element(indent string, n *yaml.Node) {
	out.dump(indent, &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{n}})
}

// settings writes all but faults and what is in the world.
func (out *writer) settings(s *State) {
	top := mapping{}
	top.addWorld(&s.World)
	if !s.FrozenAt.IsZero() {
		clock := mapping{flow: true}
		clock.add("frozen", instantNode(s.FrozenAt))
		top.add("clock", clock.node())
	}
	if s.RateLimit != nil {
		top.add("rate_limit", wordNode(s.RateLimit.String()))
	}
	if s.Life != nil {
		top.add("life", wordNode(s.Life.Name()))
	}
	keys := mapping{}
	for _, key := range s.Keys {
		access := accessOf(key)
		keys.addUnlessEmpty(nameOf(key), &access)
	}
	top.addUnlessEmpty("keys", &keys)
	if len(top.content) > 0 {
		out.dump("", top.node())
	}
}

// nameOf returns a name of a key that no other key has.
func nameOf(key KeyAccess) string {
	if key.Kind == auth.Revoked {
		return key.Service + "/" + string(key.Kind)
	}
	return string(key.Kind)
}

// accessOf returns the rights of a key that differ from those of its kind.
func accessOf(key KeyAccess) mapping {
	access, usual := mapping{flow: true}, auth.KindAccess(key.Kind)
	for _, right := range auth.Rights {
		if is := *right.Of(&key.Access); is != *right.Of(&usual) {
			access.add(right.Name, boolNode(is))
		}
	}
	return access
}

// inboxops writes the tickets and what they are sorted by.
func (out *writer) inboxops(s *State) {
	deleted := map[int]bool{}
	for _, n := range s.Deleted {
		deleted[n] = true
	}
	out.sorts()
	out.section("  tickets:\n", func() { out.tickets(s.Tickets, deleted) })
	if len(deleted) == 0 {
		return
	}
	var numbers []*yaml.Node
	for _, n := range slices.Sorted(maps.Keys(deleted)) {
		numbers = append(numbers, numberNode(n))
	}
	m := mapping{}
	m.add("deleted", list(numbers))
	out.dump("  ", m.node())
}

// tickets writes the existing tickets. Where an arranged ticket is missing
// between others, a deleted one takes its number.
func (out *writer) tickets(all []TicketState, deleted map[int]bool) {
	first := fixtures.FirstNumber + out.desk.Seeded()
	next := first
	pass := func(until int) {
		for ; next < until; next++ {
			deleted[next] = true
			out.element("  ", silent())
		}
	}
	for _, t := range slices.SortedFunc(slices.Values(all), func(a, b TicketState) int { return a.Number - b.Number }) {
		switch {
		case deleted[t.Number]:
		case t.Number < first:
			if m := out.changed(&t); len(m.content) > 2 {
				out.element("  ", m.node())
			}
		default:
			pass(t.Number)
			wish := out.wishOf(&t, next-first)
			m := out.ticket(&wish)
			out.element("  ", m.node())
			next++
		}
	}
	for n := range deleted { // the last ones; pass adds none after them
		pass(n + 1)
	}
}

// silent returns a ticket that exists only for its number.
func silent() *yaml.Node {
	m := mapping{flow: true}
	m.add("messages", list(nil))
	return m.node()
}
