package store

import (
	"context"
	"iter"
	"slices"
)

// feed wakes those who wait for events.
type feed struct {
	waiting chan struct{} // closed when there is something new; nil while nobody waits
	turns   int           // how often the events were replaced by others
	began   int           // how many of the present events were there at the last turn
	closed  bool
}

// wake tells those who wait. The caller holds the lock.
func (f *feed) wake() {
	if f.waiting != nil {
		close(f.waiting)
		f.waiting = nil
	}
}

// turn says that the events were replaced by others, and how many these are.
// The caller holds the lock.
func (f *feed) turn(events int) {
	f.turns++
	f.began = events
	f.wake()
}

// Close ends every Follow. It is for a Store that nobody reaches any more.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.feed.closed = true
	s.feed.wake()
}

// Step is one step of following events: an event, or the news that the numbers
// continue from another one.
type Step struct {
	Event Event
	// Turned says that a reset, a restored snapshot or another world has
	// replaced the events by others. The next event is the one after From.
	Turned bool
	From   int
	// Dropped is how many events before this one are no longer kept.
	Dropped int
}

// Follow returns the events after the one with a number, first those that are
// kept and then those to come, until ctx ends or the Store is closed. A caller
// that names a number that does not exist yet has seen other events; this
// counts as a turn.
//
// Nothing waits for the reader.
func (s *Store) Follow(ctx context.Context, after int) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		at := place{after: after}
		for ctx.Err() == nil {
			step, events, wake := s.next(&at)
			if step.Turned && !yield(step) {
				return
			}
			for _, e := range events {
				if !yield(Step{Event: e, Dropped: e.Seq - at.after - 1}) {
					return
				}
				at.after = e.Seq
			}
			if wake == nil {
				return
			}
			if step.Turned || len(events) > 0 {
				continue
			}
			select {
			case <-wake:
			case <-ctx.Done():
			}
		}
	}
}

// place is the position of a follower in the events.
type place struct {
	after, turns int
	known        bool // turns is that of after
}

// next returns the events after a place, and a channel that is closed when
// there are more, nil when no more can come. If the events were replaced, the
// place becomes that of the turn.
func (s *Store) next(at *place) (turned Step, events []Event, wake <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &s.feed
	if at.known && at.turns != f.turns || !at.known && at.after > s.shed+len(s.events) {
		at.after = f.began
		turned = Step{Turned: true, From: f.began}
	}
	at.known, at.turns = true, f.turns
	if f.closed {
		return turned, nil, nil
	}
	if f.waiting == nil {
		f.waiting = make(chan struct{})
	}
	return turned, slices.Clip(s.events[max(0, at.after-s.shed):]), f.waiting
}
