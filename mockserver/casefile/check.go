package casefile

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// checkTicket refuses members that contradict each other.
func (b *builder) checkTicket(at map[string]*yaml.Node) {
	switch {
	case at["seeded"] != nil && at["name"] != nil:
		b.fail(at["name"], "leave it out", "a seeded ticket has its name already")
	case at["seeded"] != nil && at["id"] != nil:
		b.fail(at["id"], "leave it out", "a seeded ticket has its id already")
	case at["remind_status"] != nil && at["remind_at"] == nil:
		b.fail(at["remind_status"], "remind_at: 2025-06-05T09:00:00Z", "there is no remind_at")
	case at["remind_status"] != nil && at["remind_at"].Value == never && at["remind_status"].Value != none:
		b.fail(at["remind_status"], none, "a ticket without a reminder goes nowhere")
	}
}

// readSeeded finds a seeded ticket by its number or by the name of an edge.
func (b *builder) readSeeded(n *yaml.Node) *int {
	i, ok := b.ticketOf(n, nil)
	if !ok {
		return nil
	}
	b.unique(n, "entry", "the ticket "+strconv.Itoa(b.desk.Tickets[i].Number))
	return &i
}

// ticketOf finds a ticket by its number or its name, among the seeded tickets
// and own, which come after them.
func (b *builder) ticketOf(n *yaml.Node, own []string) (i int, ok bool) {
	if b.desk == nil {
		if n.Kind != yaml.ScalarNode {
			b.fail(n, strconv.Itoa(fixtures.FirstNumber), "%s is no number or name of a ticket", shown(n))
		}
		return 0, false
	}
	seeded := b.desk.Seeded()
	number, err := strconv.Atoi(n.Value)
	if i = number - fixtures.FirstNumber; err == nil && i >= 0 && i < seeded+len(own) {
		return i, true
	}
	if i, ok = b.desk.Known[n.Value]; ok {
		return i, true
	}
	if i = slices.Index(own, n.Value); i >= 0 && n.Value != "" {
		return seeded + i, true
	}
	if seeded+len(own) == 0 {
		b.fail(n, "leave it out", "the world has no such ticket: it is empty")
		return 0, false
	}
	known := slices.DeleteFunc(slices.Clone(own), func(name string) bool { return name == "" })
	for name := range b.desk.Known {
		known = append(known, name)
	}
	slices.Sort(known)
	last := fixtures.FirstNumber + seeded + len(own) - 1
	b.fail(n, suggest.Hint(n.Value, known, strconv.Itoa(last)), "%s is no ticket: they are %d to %d", shown(n), fixtures.FirstNumber, last)
	return 0, false
}

// findDeleted finds the tickets that the case deletes.
func (b *builder) findDeleted() {
	var own []string
	for i := range b.made.Tickets {
		if b.made.Tickets[i].Seeded == nil {
			own = append(own, b.made.Tickets[i].Name)
		}
	}
	b.path = []step{{member: "inboxops"}, {member: "deleted"}}
	for _, at := range b.deleted {
		b.file = at.file
		if i, ok := b.ticketOf(at.node, own); ok {
			b.made.Deleted = append(b.made.Deleted, i)
		}
	}
	b.path = nil
}

// checkIDs refuses ids that other tickets have: seeded ones, or those whose
// names make these ids.
func (b *builder) checkIDs() {
	refuse := func(id fixtures.ID, of string) {
		if at, taken := b.claims[claim{"id", "ticket", id.String()}]; taken {
			b.file = at.file
			b.fail(at.node, "leave it out", "%s is the id of %s", id, of)
		}
	}
	if !slices.ContainsFunc(b.made.Tickets, func(wish fixtures.TicketWish) bool { return wish.ID != fixtures.ID{} }) {
		return
	}
	for i := range b.desk.Tickets {
		refuse(b.desk.Tickets[i].ID, "the ticket "+strconv.Itoa(b.desk.Tickets[i].Number))
	}
	for i := range b.made.Tickets {
		if wish := &b.made.Tickets[i]; wish.Name != "" && wish.ID == (fixtures.ID{}) {
			refuse(fixtures.TicketID(wish.Name), "the ticket "+wish.Name)
		}
	}
}

// checkTimes refuses times that contradict each other, or leave no time for
// what lies between them. Members that are not given for a seeded ticket are as
// the seed has them.
func (b *builder) checkTimes(wish *fixtures.TicketWish, at map[string]*yaml.Node) {
	created, messages := wish.CreatedAt, wish.Messages
	if wish.Seeded != nil {
		created = cmp.Or(created, b.desk.Tickets[*wish.Seeded].CreatedAt)
		if messages == nil && (at["created_at"] != nil || at["updated_at"] != nil) {
			for _, m := range b.desk.Messages(*wish.Seeded) {
				messages = append(messages, fixtures.MessageWish{Draft: m.Draft, CreatedAt: m.CreatedAt})
			}
		}
	}
	if !wish.UpdatedAt.IsZero() && wish.UpdatedAt.Before(created) {
		instead := created.Format(time.RFC3339Nano)
		if at["created_at"] != nil {
			instead = at["created_at"].Value
		}
		b.fail(at["updated_at"], instead, "updated_at %s is before created_at", at["updated_at"].Value)
		return
	}
	s := span{b: b, at: at, last: created, shown: created, before: "created_at", anchor: at["created_at"]}
	for i := range messages {
		if !s.message(i, &messages[i]) {
			return
		}
	}
	s.end(cmp.Or(wish.UpdatedAt, b.at))
}

// span goes through the times of a ticket.
type span struct {
	b       *builder
	at      map[string]*yaml.Node
	last    time.Time // of what has a time
	shown   time.Time // of what has a time and is not a draft
	before  string    // what that is
	anchor  *yaml.Node
	untimed int // since then
}

// room is what each message without a time needs.
const room = time.Millisecond

// message looks at the next message, and reports whether it is right.
func (s *span) message(i int, m *fixtures.MessageWish) bool {
	if m.CreatedAt.IsZero() {
		s.untimed++
		return true
	}
	node := cmp.Or(s.at["updated_at"], s.at["created_at"])
	if list := s.at["messages"]; list != nil {
		node = deref(list.Content[i])
	}
	name := "messages[" + strconv.Itoa(i) + "]"
	switch {
	case m.CreatedAt.Before(s.last):
		s.b.fail(node, "put the messages in order of time", "%s is before %s", name, s.before)
		return false
	case !s.last.IsZero() && s.untimed > 0 && m.CreatedAt.Sub(s.last) <= time.Duration(s.untimed)*room:
		s.b.fail(node, "leave its created_at out", "there is no time for %d messages between %s and %s", s.untimed, s.before, name)
		return false
	}
	s.last, s.before, s.anchor, s.untimed = m.CreatedAt, name, node, 0
	if !m.Draft {
		s.shown = m.CreatedAt
	}
	return true
}

// end looks at what comes after the last message that has a time.
func (s *span) end(end time.Time) {
	updated := s.at["updated_at"]
	switch {
	case s.last.IsZero():
	case s.untimed == 0 && updated != nil && s.shown.After(end):
		s.b.fail(updated, "leave updated_at out", "%s is after updated_at", s.before)
	case s.untimed == 0 || end.Sub(s.last) >= time.Duration(s.untimed)*room:
	case updated != nil:
		s.b.fail(updated, "leave updated_at out", "there is no time for %d messages between %s and updated_at", s.untimed, s.before)
	default:
		s.b.fail(s.anchor, "created_at: -1h", "there is no time for %d messages between %s and the instant of the world", s.untimed, s.before)
	}
}
