package store

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
)

// Pulse is how a desk lives by itself, for package life. It is part of the
// state, so that Snapshot, Restore and Reset cover it.
type Pulse struct {
	Events  int           // in each Period, counted from the Unix epoch; 0: it does not live
	Period  time.Duration // of whole milliseconds
	Since   time.Time     // when it began to
	Until   time.Time     // the instant up to which things have happened
	Looks   []Look        // a heap, the earliest first
	Touched []uint32      // tickets that changed, for which Looks may be missing
}

// Look is an instant at which something may happen to a ticket.
type Look struct {
	At     int64 // Unix milliseconds
	Ticket uint32
}

// copy returns a Pulse whose changes do not affect this one.
func (p Pulse) copy() Pulse {
	p.Looks, p.Touched = slices.Clone(p.Looks), slices.Clone(p.Touched)
	return p
}

// Pulse returns how the desk lives, without its looks.
func (s *Store) Pulse() Pulse {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.pulse
	p.Looks, p.Touched = nil, nil
	return p
}

// Asleep says up to which instant nothing happens by itself. It takes no lock.
func (s *Store) Asleep() (until time.Time, forever bool) {
	ms := s.asleep.Load()
	return time.UnixMilli(ms).UTC(), ms == math.MaxInt64
}

// AsleepAt reports whether nothing happens by itself up to an instant.
func (s *Store) AsleepAt(now time.Time) bool {
	return now.UnixMilli() < s.asleep.Load()
}

// Full reports whether there is no room for that many additions.
func (s *Store) Full(additions int) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.lacks(additions)
}

// lacks is Full for callers that hold the lock.
func (s *Store) lacks(additions int) bool { return s.limit > 0 && s.added+additions > s.limit }

// touch says that a ticket has changed.
func (s *Store) touch(n uint32) {
	if s.pulse.Events > 0 {
		s.pulse.Touched = append(s.pulse.Touched, n)
		s.asleep.Store(math.MinInt64)
	}
}

// rouse makes life look at a state that was put in place.
func (s *Store) rouse() {
	s.asleep.Store(math.MaxInt64)
	if s.pulse.Events > 0 {
		s.asleep.Store(math.MinInt64)
	}
}

// Pulse returns how the desk lives; the caller may change it.
func (tx *Tx) Pulse() *Pulse { return &tx.s.pulse }

// Sleep says that nothing happens by itself before an instant, given in Unix
// milliseconds; math.MaxInt64 stands for never.
func (tx *Tx) Sleep(until int64) { tx.s.asleep.Store(until) }

// At returns a Tx that acts at another time.
func (tx *Tx) At(now time.Time) *Tx {
	return &Tx{s: tx.s, by: tx.by, now: now.UTC().Truncate(time.Millisecond)}
}

// Len returns how many tickets there are, including deleted ones.
func (tx *Tx) Len() int { return tx.s.world.Len() + tx.s.created }

// Peek returns a ticket without what belongs to it; ok is false for one that is
// deleted.
func (tx *Tx) Peek(n uint32) (t fixtures.Ticket, ok bool) {
	return tx.s.ticket(n), !tx.s.gone(n)
}

// Overlaid returns the tickets that differ from the World's, in order.
func (tx *Tx) Overlaid() []uint32 { return slices.Sorted(maps.Keys(tx.s.tickets)) }

// Unsent returns the last unsent mail of a ticket among those that were added
// or changed since the seed.
func (tx *Tx) Unsent(n uint32) (m *fixtures.Message, ok bool) {
	t := tx.s.tickets[n]
	if t == nil {
		return nil, false
	}
	for i := len(t.messages) - 1; i >= 0; i-- {
		switch m := &t.messages[i].Message; m.SendStatus {
		case "pending", "sending", "failed":
			return m, true
		}
	}
	return nil, false
}
