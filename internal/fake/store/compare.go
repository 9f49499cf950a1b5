package store

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/fixtures"
)

// Difference is something that differs between two states of a desk.
type Difference struct {
	// Kind is the kind of the event that would have caused it, such as
	// ticket.changed.
	Kind    string `json:"kind"`
	Service string `json:"service"`
	// Ticket is the number of the ticket, or in AppHandoff its title; Name is
	// its name, Project that of the project.
	Ticket    string   `json:"ticket,omitempty"`
	TicketID  string   `json:"ticket_id,omitempty"`
	Name      string   `json:"name,omitempty"`
	Project   string   `json:"project,omitempty"`
	MessageID string   `json:"message_id,omitempty"`
	Changed   []Change `json:"changed,omitempty"`
	Words     string   `json:"words"`
}

// The kinds of differences that no event causes.
const (
	ProjectDeleted = "project.deleted"
	TaskDeleted    = "task.deleted"
)

// Compare returns how a desk differs from an earlier one: what was added,
// changed and removed. It returns at most most differences; more says that
// there are others.
func Compare(was, is *Store, most int) (all []Difference, more bool) {
	was.mu.RLock()
	before := was.state.copy()
	was.mu.RUnlock()
	is.mu.RLock()
	after := is.state.copy()
	is.mu.RUnlock()
	c := comparison{was: &before, is: &after, most: most}
	c.tickets()
	c.projects()
	if len(c.found) > most {
		return c.found[:most], true
	}
	return c.found, false
}

// comparison compares two states.
type comparison struct {
	was, is *state
	most    int
	found   []Difference
}

// add notes a difference; words may have formatting verbs for the values.
func (c *comparison) add(d Difference, words string, values ...any) {
	d.Words = fmt.Sprintf(words, values...)
	c.found = append(c.found, d)
}

// tickets compares the tickets, by their ids in the order of their numbers.
func (c *comparison) tickets() {
	before, after := c.was.candidates(c.is), c.is.candidates(c.was)
	ids := slices.Collect(maps.Keys(before))
	for id := range after {
		if _, has := before[id]; !has {
			ids = append(ids, id)
		}
	}
	place := func(id fixtures.ID) uint32 {
		if n, has := after[id]; has {
			return n
		}
		return before[id]
	}
	slices.SortFunc(ids, func(a, b fixtures.ID) int { return cmp.Or(cmp.Compare(place(a), place(b)), slices.Compare(a[:], b[:])) })
	for _, id := range ids {
		if len(c.found) > c.most {
			return
		}
		old, had := before[id]
		now, has := after[id]
		switch {
		case !had:
			t := c.is.full(now)
			c.add(about(TicketCreated, &t), "%s is new: %s, %s, with %s", title(&t), quote(t.Subject), c.is.desk.Statuses[t.Status].Name, count(len(t.Messages), "message"))
		case !has:
			t := c.was.full(old)
			c.add(about(TicketDeleted, &t), "%s is gone: %s", title(&t), quote(t.Subject))
		default:
			a, b := c.was.full(old), c.is.full(now)
			c.ticket(&a, &b)
		}
	}
}

// candidates returns the tickets that may differ from those of another state:
// if the worlds are the same, only those that either state has changed.
func (s *state) candidates(other *state) map[fixtures.ID]uint32 {
	found := map[fixtures.ID]uint32{}
	add := func(n uint32) {
		if int(n) >= s.world.Len()+s.created {
			return
		}
		if !s.gone(n) {
			found[s.ticket(n).ID] = n
		}
	}
	if s.world != other.world {
		for n := range s.world.Len() + s.created {
			add(uint32(n))
		}
		return found
	}
	for _, changed := range []map[uint32]*ticket{s.tickets, other.tickets} {
		for n := range changed {
			if s.tickets[n] != other.tickets[n] {
				add(n)
			}
		}
	}
	return found
}

// about returns a difference of a ticket.
func about(kind string, t *Ticket) Difference {
	return Difference{Kind: kind, Service: inboxOps, Ticket: fmt.Sprint(t.Number), TicketID: t.ID.String(), Name: t.Name}
}

// title is what people call a ticket.
func title(t *Ticket) string {
	if t.Name != "" {
		return fmt.Sprintf("ticket %d (%s)", t.Number, t.Name)
	}
	return fmt.Sprintf("ticket %d", t.Number)
}

// ticket compares a ticket that both states have.
func (c *comparison) ticket(was, is *Ticket) {
	changed := changedMembers(properties(c.was.desk, &was.Ticket), properties(c.is.desk, &is.Ticket))
	changed = append(changed, changedMembers(fieldMembers(c.was.desk, was.Fields), fieldMembers(c.is.desk, is.Fields))...)
	moved := Change{"updated_at", instantText(was.UpdatedAt), instantText(is.UpdatedAt)}
	if moved.From != moved.To {
		changed = append(changed, moved)
	}
	if len(changed) > 0 {
		d := about(TicketChanged, is)
		d.Changed = changed
		c.add(d, "%s: %s", title(is), told(changed))
	}
	c.messages(was, is)
}

// messages compares the messages of a ticket.
func (c *comparison) messages(was, is *Ticket) {
	for i := range is.Messages {
		m := &is.Messages[i]
		d := about(MessageAdded, is)
		d.MessageID = m.ID.String()
		at := slices.IndexFunc(was.Messages, func(other fixtures.Message) bool { return other.ID == m.ID })
		if at < 0 {
			c.add(d, "%s has %s more: %s", title(is), kindOf(m), quote(textOf(m)))
			continue
		}
		if d.Changed = messageDifferences(&was.Messages[at], m); len(d.Changed) > 0 {
			d.Kind = MessageChanged
			c.add(d, "%s, %s of %s: %s", title(is), kindOf(m), instantText(m.CreatedAt), told(d.Changed))
		}
	}
	for i := range was.Messages {
		m := &was.Messages[i]
		if !slices.ContainsFunc(is.Messages, func(other fixtures.Message) bool { return other.ID == m.ID }) {
			d := about(MessageDeleted, is)
			d.MessageID = m.ID.String()
			c.add(d, "%s has lost %s: %s", title(is), kindOf(m), quote(textOf(m)))
		}
	}
}

// kindOf says what a message is.
func kindOf(m *fixtures.Message) string {
	switch {
	case m.Draft:
		return "a draft"
	case m.Type == internalNote:
		return "a note"
	case m.Direction == "inbound":
		return "a message of the customer"
	}
	return "a message of an agent"
}

// told describes changes in words.
func told(all []Change) string {
	words := make([]string, len(all))
	for i, change := range all {
		words[i] = change.Member + " " + quote(change.From) + " → " + quote(change.To)
	}
	return strings.Join(words, ", ")
}

// quote shortens a text to one short line.
func quote(text string) string {
	if text == "" {
		return "nothing"
	}
	all := []rune(strings.Join(strings.Fields(text), " "))
	if len(all) > 80 {
		all = append(all[:79], '…')
	}
	return string(all)
}

// count returns a number with its noun.
func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
