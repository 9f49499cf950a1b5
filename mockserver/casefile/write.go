package casefile

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// State is all that a case can say, as it is in a workspace.
type State struct {
	// World is the world that the case is put into; what is zero is left to whoever
	// loads it.
	World World
	Settings
	Faults []fault.Rule
	// Data is that world, as it is when the case is loaded or with something arranged
	// in it; names and what would be there without the case are looked up in it.
	Data *fixtures.Dataset
	// Tickets are all arranged ones, and the seeded ones that may differ from what the
	// seed says, in any order. Contacts are indexes into those of Data.
	Tickets []TicketState
	// Deleted are numbers of tickets that are not there any more. An arranged one need
	// not be among Tickets.
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

// Write writes a case that makes the state: members in the order of the
// documentation, what may be left out left out, names in the place of ids.
func Write(w io.Writer, s State) error {
	desk := &s.Data.InboxOps
	out := &writer{tables: newTables(desk), desk: desk}
	out.settings(&s)
	if len(s.Faults) > 0 {
		text, err := fault.Format(s.Faults)
		if err != nil {
			return err
		}
		out.Write(text)
	}
	out.inboxops(&s)
	if projects := out.projects(&s); len(projects) > 0 {
		out.WriteString("apphandoff:\n  projects:\n")
		for _, project := range projects {
			out.element("  ", project)
		}
	}
	out.requests(s.Requests)
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
	contacts map[string]int // by all that they are called; made when one is written
	err      error
}

// dump writes a value with its lines moved in.
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
	world := mapping{flow: true}
	switch w := &s.World; {
	case w.Seed == 0 && w.At.IsZero() && w.Tickets == 0 && w.Empty != nil:
		top.add("world", wordNode(map[bool]string{true: "empty", false: "seeded"}[*w.Empty]))
	default:
		if w.Seed != 0 {
			world.add("seed", wordNode(strconv.FormatUint(w.Seed, 10)))
		}
		if w.Tickets != 0 {
			world.add("tickets", numberNode(w.Tickets))
		} else if w.Empty != nil {
			world.add("empty", boolNode(*w.Empty))
		}
		if !w.At.IsZero() {
			world.add("at", instantNode(w.At))
		}
		top.addUnlessEmpty("world", &world)
	}
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

// nameOf returns what a key is called, by which no other is.
func nameOf(key KeyAccess) string {
	if key.Kind == auth.Revoked {
		return key.Service + "/" + string(key.Kind)
	}
	return string(key.Kind)
}

// accessOf returns what a key may do otherwise than its kind has it.
func accessOf(key KeyAccess) mapping {
	access, usual := mapping{flow: true}, auth.KindAccess(key.Kind)
	for _, right := range auth.Rights {
		if is := *right.Of(&key.Access); is != *right.Of(&usual) {
			access.add(right.Name, boolNode(is))
		}
	}
	return access
}

// inboxops writes the tickets. Where one is missing between those arranged, one that
// is deleted keeps its number.
func (out *writer) inboxops(s *State) {
	var entries []*yaml.Node
	tickets, deleted := slices.Clone(s.Tickets), slices.Clone(s.Deleted)
	slices.SortFunc(tickets, func(a, b TicketState) int { return a.Number - b.Number })
	slices.Sort(deleted)
	first := fixtures.FirstNumber + out.desk.Seeded()
	next := first
	began, listed := false, false
	begin := func() {
		if !began {
			out.WriteString("inboxops:\n")
		}
		began = true
	}
	out.sorts(begin)
	entry := func(n *yaml.Node) {
		if begin(); !listed {
			out.WriteString("  tickets:\n")
		}
		listed = true
		out.element("  ", n)
	}
	for i := range tickets {
		t := &tickets[i]
		_, gone := slices.BinarySearch(deleted, t.Number)
		switch {
		case gone:
		case t.Number < first:
			if m := out.changed(t); len(m.content) > 2 {
				entry(m.node())
			}
		default:
			for ; next < t.Number; next++ {
				entry(silent())
				deleted = append(deleted, next)
			}
			wish := out.wishOf(t, next-first)
			m := out.ticket(&wish)
			entry(m.node())
			next++
		}
	}
	slices.Sort(deleted)
	deleted = slices.Compact(deleted)
	for ; len(deleted) > 0 && next <= deleted[len(deleted)-1]; next++ { // the last ones
		entry(silent())
	}
	if len(deleted) == 0 {
		return
	}
	begin()
	for _, n := range deleted {
		entries = append(entries, numberNode(n))
	}
	m := mapping{}
	m.add("deleted", list(entries))
	out.dump("  ", m.node())
}

// silent is a ticket that is there for its number alone.
func silent() *yaml.Node {
	m := mapping{flow: true}
	m.add("messages", list(nil))
	return m.node()
}

// instantNode is an instant as it stands in a file.
func instantNode(at time.Time) *yaml.Node {
	return wordNode(at.UTC().Format(time.RFC3339Nano))
}
