package store

import (
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
)

// Act calls act to change the desk at the time now. Nobody sees only a part of
// its changes. It must find mistakes before it changes anything: changes made
// before it returns an error stay.
func (s *Store) Act(by By, now time.Time, act func(*Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	tx := &Tx{s: s, by: by, now: now.UTC().Truncate(time.Millisecond)}
	if by == ByTester {
		s.acted = tx.now
	}
	return act(tx)
}

// Look calls look to read the desk while nobody acts on it. It must not change
// anything.
func (s *Store) Look(look func(*Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return look(&Tx{s: s})
}

// Tx reads and changes a desk on which nobody else acts. It must not be used
// after the function that it was passed to. Tickets are numbered by their place
// in the World, new ones after it; Find returns the number.
type Tx struct {
	s   *Store
	by  By
	now time.Time
}

// Now returns the time of the act.
func (tx *Tx) Now() time.Time { return tx.now }

// Data returns the world under the changes.
func (tx *Tx) Data() *fixtures.Dataset { return tx.s.world.Data }

// Desk returns what tickets are sorted by and who works on them. It must not be
// changed.
func (tx *Tx) Desk() *fixtures.InboxOps { return tx.s.desk }

// Serial returns a number that no other act on the same desk gets. The same
// acts get the same numbers in every run.
func (tx *Tx) Serial() int {
	tx.s.serial++
	return tx.s.serial
}

// Acts returns how many numbers Serial has given.
func (s *Store) Acts() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.serial
}

// Acted returns when a tester acted last.
func (s *Store) Acted() time.Time {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.acted
}

// Resume makes Serial continue after that many numbers.
func (s *Store) Resume(acts int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial = acts
}

// Room returns ErrFull when no more can be added.
func (tx *Tx) Room(additions int) error {
	if tx.s.lacks(additions) {
		return ErrFull
	}
	return nil
}

// Find returns the ticket of a UUID, number or name.
func (tx *Tx) Find(ref string) (n uint32, ok bool) { return tx.s.refer(ref) }

// Ticket returns a ticket with all that belongs to it.
func (tx *Tx) Ticket(n uint32) Ticket { return tx.s.full(n) }

// Members returns the members of a ticket and its custom-field values. They must
// not be changed.
func (tx *Tx) Members(n uint32) (fixtures.Ticket, []fixtures.FieldValue) {
	return tx.s.ticket(n), tx.s.fields(n)
}

// Row returns a ticket as the list shows it.
func (tx *Tx) Row(n uint32) []byte { return tx.s.appendRow(nil, n) }

// MessageRow returns a message as a timeline shows it, or would if it were not
// a draft.
func (tx *Tx) MessageRow(m *fixtures.Message) []byte {
	return tx.s.world.encoder.AppendMessage(nil, m)
}

// Record returns what the texts of a ticket are drawn by.
func (tx *Tx) Record(n uint32) int { return tx.s.open(n).record }

// Select returns the tickets on the page of a query, and how many match in all.
func (tx *Tx) Select(q *Query) (tickets []uint32, total int) { return tx.s.page(nil, q) }

// Selects reports whether the filters of a query select a ticket.
func (tx *Tx) Selects(q *Query, n uint32) bool {
	s := tx.s
	t := s.tickets[n]
	if t == nil {
		hits := s.world.selection(q)
		return hits == nil || hits.Contains(n)
	}
	return s.matches(n, t, q, s.world.found(q.Search))
}

// World returns the world under the changes.
func (tx *Tx) World() *World { return tx.s.world }

// AddContacts appends contacts to the existing ones.
func (tx *Tx) AddContacts(more []fixtures.Contact) {
	if len(more) == 0 {
		return
	}
	desk := *tx.s.desk
	desk.Contacts = append(slices.Clip(desk.Contacts), more...)
	tx.s.desk = &desk
}

// Create adds a ticket, which gets the next number. The record is what its texts
// are drawn by. Its messages are in order of time.
func (tx *Tx) Create(name string, record int, made fixtures.Ticket, fields []fixtures.FieldValue, messages []fixtures.Message) (n uint32) {
	s := tx.s
	n = uint32(s.world.Len() + s.created)
	made.Number = fixtures.FirstNumber + int(n)
	t := &ticket{Ticket: made, name: name, record: record, fields: append([]fixtures.FieldValue{}, fields...), rewritten: true}
	for i := range messages {
		t.messages = append(t.messages, s.world.newMessage(&messages[i]))
	}
	s.created++
	s.added += 1 + len(messages)
	s.byID[made.ID] = n
	if name != "" {
		s.byName[name] = n
	}
	s.put(n, t)
	tx.ticketEvent(TicketCreated, t, made.CreatedAt, nil)
	return n
}

// Exists reports whether there is, or was, a ticket with the id.
func (tx *Tx) Exists(id fixtures.ID) bool {
	_, created := tx.s.byID[id]
	_, there := tx.s.world.byID[id]
	return created || there
}

// Change changes members of a ticket, and its custom fields unless they are nil.
// When that makes a difference its updated_at is the time of the act, or a
// millisecond after its last change.
func (tx *Tx) Change(n uint32, change func(*fixtures.Ticket), fields []fixtures.FieldValue) (changes []Change) {
	s := tx.s
	t := s.open(n)
	was := t.Ticket
	change(&t.Ticket)
	changes = changedMembers(properties(s.desk, &was), properties(s.desk, &t.Ticket))
	if fields != nil {
		changes = append(changes, changedMembers(fieldMembers(s.desk, s.fields(n)), fieldMembers(s.desk, fields))...)
		t.fields = fields
	}
	if len(changes) == 0 {
		return nil
	}
	t.UpdatedAt = instantAfter(tx.now, was.UpdatedAt)
	s.put(n, t)
	tx.ticketEvent(TicketChanged, t, t.UpdatedAt, changes)
	return changes
}

// Delete removes a ticket. Its number and its id are not used again.
func (tx *Tx) Delete(n uint32) {
	t := tx.s.open(n)
	t.deleted = true
	tx.s.deleted++
	delete(tx.s.byName, t.name)
	tx.s.put(n, t)
	tx.ticketEvent(TicketDeleted, t, tx.now, nil)
}

// ticketEvent records what happened to a ticket.
func (tx *Tx) ticketEvent(kind string, t *ticket, at time.Time, changes []Change) {
	tx.s.appendEvent(Event{
		At: at, By: tx.by, Kind: kind, Service: inboxOps, TicketID: t.ID.String(), TicketNumber: t.Number, Name: t.name, Changed: changes,
	})
}

// The services, as events name them.
const (
	inboxOps   = "inboxops"
	appHandoff = "apphandoff"
)
