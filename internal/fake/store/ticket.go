package store

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// ticket is a ticket that differs from the World's. It is immutable; a change
// makes another one.
type ticket struct {
	fixtures.Ticket
	name    string
	record  int // what its texts are drawn by
	deleted bool
	fields  []fixtures.FieldValue // nil: the World's
	// messages follow those of the World, or are all messages if the thread is
	// rewritten.
	messages  []*message
	rewritten bool

	row   atomic.Pointer[[]byte]
	words atomic.Pointer[[]search.Vector] // of its documents, see vectors
}

// next returns a copy that a change may work on.
func (t *ticket) next() *ticket {
	return &ticket{
		Ticket: t.Ticket, name: t.name, record: t.record, deleted: t.deleted, fields: t.fields,
		messages: t.messages, rewritten: t.rewritten,
	}
}

// clipped returns a ticket whose messages can be appended to without affecting
// those who share them.
func (t *ticket) clipped() *ticket {
	c := t.next()
	c.messages = slices.Clip(t.messages)
	return c
}

// ticket returns a ticket as it is now.
func (s *state) ticket(n uint32) fixtures.Ticket {
	if t := s.tickets[n]; t != nil {
		return t.Ticket
	}
	return s.world.desk.Tickets[n]
}

// gone reports whether a ticket was deleted.
func (s *state) gone(n uint32) bool {
	t := s.tickets[n]
	return t != nil && t.deleted
}

// fields returns the custom-field values of a ticket.
func (s *state) fields(n uint32) []fixtures.FieldValue {
	if t := s.tickets[n]; t != nil && t.fields != nil {
		return t.fields
	}
	return s.world.desk.Fields(int(n))
}

// thread returns the messages of a ticket, drafts included.
func (s *state) thread(n uint32) []fixtures.Message {
	var thread []fixtures.Message
	t := s.tickets[n]
	if t == nil || !t.rewritten {
		thread = s.world.desk.Messages(int(n))
	}
	if t != nil {
		for _, m := range t.messages {
			thread = append(thread, m.Message)
		}
	}
	return thread
}

// name returns what a ticket is called, "" when it has no name.
func (s *state) name(n uint32) string {
	if t := s.tickets[n]; t != nil {
		return t.name
	}
	if int(n) >= s.world.Len() {
		return ""
	}
	return s.world.desk.NameOf(int(n))
}

// refer returns the ticket of a UUID, number or name.
func (s *state) refer(ref string) (n uint32, ok bool) {
	if n, ok = s.find(ref); ok {
		return n, true
	}
	n, ok = s.byName[ref]
	if !ok {
		at, named := s.world.desk.Named(ref)
		n, ok = uint32(at), named
	}
	return n, ok && !s.gone(n)
}

// Same reports whether the id in a path, which is a UUID or number, and ref,
// which may also be a name, mean the same ticket.
func (s *Store) Same(id, ref string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, found := s.find(id)
	other, known := s.refer(ref)
	return found && known && n == other
}

// open returns a copy of a ticket that a change may work on.
func (s *state) open(n uint32) *ticket {
	if t := s.tickets[n]; t != nil {
		return t.next()
	}
	return &ticket{Ticket: s.world.desk.Tickets[n], name: s.world.desk.NameOf(int(n)), record: s.world.desk.Record(int(n))}
}

// put makes a changed ticket the present one.
func (s *Store) put(n uint32, t *ticket) {
	s.tickets[n] = t
	if int(n) < s.world.Len() {
		s.marked.Add(n)
	}
	s.touch(n)
	s.views.drop()
}

// lastMessage returns the time of the last visible message of a ticket, or of
// the ticket if there is none.
func (s *state) lastMessage(n uint32, t *ticket) time.Time {
	for i := len(t.messages) - 1; i >= 0; i-- {
		if !t.messages[i].Draft {
			return t.messages[i].CreatedAt
		}
	}
	if t.rewritten {
		return t.CreatedAt
	}
	return s.world.lastMessage(int(n))
}

// rewrite makes the whole thread of a ticket its own.
func (s *state) rewrite(n uint32, t *ticket) {
	if t.rewritten {
		return
	}
	seeded := s.world.desk.Messages(int(n))
	messages := make([]*message, 0, len(seeded)+len(t.messages))
	for i := range seeded {
		messages = append(messages, s.world.newMessage(&seeded[i]))
	}
	t.messages, t.rewritten = append(messages, t.messages...), true
}

// appendRow appends a ticket as the list shows it now.
func (s *state) appendRow(b []byte, n uint32) []byte {
	t := s.tickets[n]
	if t == nil {
		return append(b, s.world.row(n)...)
	}
	row := t.row.Load()
	if row == nil {
		made := s.world.encoder.AppendTicket(nil, s.desk, &t.Ticket)
		row = &made
		t.row.Store(row)
	}
	return append(b, *row...)
}
