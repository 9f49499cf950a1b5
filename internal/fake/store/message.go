package store

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// message is one of a ticket that differs from the World's. It does not change.
type message struct {
	fixtures.Message
	row    []byte
	once   sync.Once
	vector search.Vector
}

// newMessage encodes a message.
func (w *World) newMessage(m *fixtures.Message) *message {
	return &message{Message: *m, row: w.encoder.AppendMessage(nil, m)}
}

// words returns what a search looks at in the message.
func (m *message) words() search.Vector {
	m.once.Do(func() { m.vector = search.NewVector(textOf(&m.Message)) })
	return m.vector
}

// textOf returns the words of a message.
func textOf(m *fixtures.Message) string {
	if m.BodyText == "" {
		return fixtures.PlainText(m.BodyHTML)
	}
	return m.BodyText
}

// MessageID returns the id of the message that the act with a serial number
// adds to a ticket.
func MessageID(ticket fixtures.ID, serial int) fixtures.ID {
	return fixtures.NamedID("message of an act", ticket.String(), strconv.Itoa(serial))
}

// AddMessage appends a message to a thread. Its time is that of the act, or a
// millisecond after the last message or change of the ticket if that is later.
// It becomes the ticket's updated_at, unless the message is a draft.
func (tx *Tx) AddMessage(n uint32, m fixtures.Message) fixtures.Message {
	return tx.append(n, m).Message
}

func (tx *Tx) append(n uint32, m fixtures.Message) *message {
	s := tx.s
	t := s.open(n)
	m.CreatedAt = instantAfter(tx.now, s.lastChange(n, t))
	if !m.SentAt.IsZero() && m.Direction == "outbound" {
		m.SentAt = m.CreatedAt
	}
	made := s.world.newMessage(&m)
	t.messages = append(t.messages, made)
	if !m.Draft {
		t.UpdatedAt = m.CreatedAt
	}
	s.added++
	s.put(n, t)
	tx.messageEvent(MessageAdded, t, &m, m.CreatedAt, nil)
	return made
}

// lastChange returns the time of the last message of a ticket, or of a later
// change that was not made by the seed.
func (s *state) lastChange(n uint32, t *ticket) time.Time {
	last := s.lastMessage(n, t)
	if s.tickets[n] != nil && t.UpdatedAt.After(last) {
		return t.UpdatedAt
	}
	return last
}

// FindMessage returns the place of a message in the thread of a ticket.
func (tx *Tx) FindMessage(n uint32, id string) (i int, ok bool) {
	uuid, ok := fixtures.ParseID(id)
	if !ok {
		return 0, false
	}
	i = slices.IndexFunc(tx.s.thread(n), func(m fixtures.Message) bool { return m.ID == uuid })
	return i, i >= 0
}

// ChangeMessage changes a message of a ticket. A draft that is sent moves to
// the end, at the time of the act; a SentAt that the change sets becomes that
// time, too. The ticket's updated_at moves if the message is visible.
func (tx *Tx) ChangeMessage(n uint32, i int, change func(*fixtures.Message)) (is fixtures.Message, changes []Change) {
	s := tx.s
	t := s.open(n)
	s.rewrite(n, t)
	at := instantAfter(tx.now, s.lastChange(n, t))
	was := t.messages[i].Message
	is = was
	change(&is)
	if !is.SentAt.IsZero() && !is.SentAt.Equal(was.SentAt) {
		is.SentAt = at
	}
	changes = messageDifferences(&was, &is)
	if len(changes) == 0 {
		return was, nil
	}
	t.messages = slices.Clone(t.messages)
	if was.Draft && !is.Draft {
		is.CreatedAt = at
		t.messages = append(slices.Delete(t.messages, i, i+1), nil)
		i = len(t.messages) - 1
	}
	t.messages[i] = s.world.newMessage(&is)
	if !is.Draft {
		t.UpdatedAt = at
	}
	s.put(n, t)
	tx.messageEvent(MessageChanged, t, &is, at, changes)
	return is, changes
}

// DeleteMessage removes a message. The ticket's updated_at moves if the message
// was visible.
func (tx *Tx) DeleteMessage(n uint32, i int) {
	s := tx.s
	t := s.open(n)
	s.rewrite(n, t)
	was := t.messages[i].Message
	at := instantAfter(tx.now, s.lastChange(n, t))
	t.messages = slices.Delete(slices.Clone(t.messages), i, i+1)
	if !was.Draft {
		t.UpdatedAt = at
	}
	s.put(n, t)
	tx.messageEvent(MessageDeleted, t, &was, at, nil)
}

// messageEvent records what happened to a message.
func (tx *Tx) messageEvent(kind string, t *ticket, m *fixtures.Message, at time.Time, changes []Change) {
	tx.s.appendEvent(Event{
		At: at, By: tx.by, Kind: kind, Service: inboxOps, TicketID: t.ID.String(), TicketNumber: t.Number, Name: t.name,
		MessageID: m.ID.String(), Hidden: m.Draft, Changed: changes,
	})
}
