// Package clock turns the machine's time into a workspace's time, which can
// be frozen, set and advanced by hand.
package clock

import (
	"errors"
	"sync/atomic"
	"time"
)

// The first and the last year that a Clock can be set to. RFC 3339 ends with
// the year 9999; a rate window may end up to 292 years after it began.
const (
	firstYear = 1
	lastYear  = 9000
)

// ErrRange means that a Clock cannot be set to that time.
var ErrRange = errors.New("a clock shows the years 1 to 9000, and one that runs is at most 292 years from the machine's")

// Clock tells the time of one workspace. It is safe for concurrent use.
type Clock struct {
	machine func() time.Time
	setting atomic.Pointer[setting]
	notify  func(shown time.Time)
}

// setting is a State and the steady time when the clock was put into it.
type setting struct {
	State
	shown  time.Time // what it showed then
	steady time.Time // what Steady returned then
}

// State is how a Clock relates to the machine's time.
type State struct {
	// Frozen says that the clock stands still at At.
	Frozen bool
	// At is the instant a frozen clock shows; unused while it runs.
	At time.Time
	// Offset is how far a running clock is ahead of the machine's.
	Offset time.Duration
}

// New returns a running Clock based on the time that machine tells.
func New(machine func() time.Time) *Clock {
	c := &Clock{machine: machine}
	now := machine().UTC()
	c.setting.Store(&setting{shown: now, steady: now})
	return c
}

// Notify sets a function that is told what the clock shows each time it has
// been set. Notify must be called before the Clock is used.
func (c *Clock) Notify(notify func(shown time.Time)) { c.notify = notify }

// Now returns the clock's time in UTC.
func (c *Clock) Now() time.Time {
	return c.show(c.setting.Load().State)
}

// show returns the time of a clock in the state. A running clock shows whole
// milliseconds, as cases and answers do, so that durations are the same when
// requests are sent again.
func (c *Clock) show(s State) time.Time {
	if s.Frozen {
		return s.At
	}
	at := c.machine().Add(s.Offset).UTC()
	return at.Add(-time.Duration(at.Nanosecond()) % time.Millisecond)
}

// Steady returns, for a time that Now has just returned, a time that moves
// forward with the clock but never back when the clock is set back. Durations
// are measured by it.
func (c *Clock) Steady(now time.Time) time.Time {
	return c.setting.Load().later(now)
}

// later returns the steady time at which the clock shows the instant.
func (s *setting) later(shown time.Time) time.Time {
	return s.steady.Add(max(0, shown.Sub(s.shown)))
}

// Run makes the clock show the machine's time again.
func (c *Clock) Run() {
	c.Restore(State{})
}

// Freeze makes the clock stand still at the instant, or returns ErrRange.
func (c *Clock) Freeze(at time.Time) error {
	at = at.UTC()
	if !within(at) {
		return ErrRange
	}
	c.Restore(State{Frozen: true, At: at})
	return nil
}

// Advance moves the clock by d, which may be negative, or returns ErrRange; a
// frozen clock stays frozen and a running one keeps running.
func (c *Clock) Advance(d time.Duration) error {
	return c.set(func(old State) (State, error) {
		next := old
		if next.Frozen {
			next.At = next.At.Add(d)
		} else {
			next.Offset += d
		}
		overflow := (next.Offset > old.Offset) != (d > 0) && d != 0 && !old.Frozen
		if overflow || !within(c.show(next)) {
			return old, ErrRange
		}
		return next, nil
	})
}

// set changes the state of the clock. A jump forward counts as time that has
// passed; a jump back does not make time pass again.
func (c *Clock) set(change func(State) (State, error)) error {
	for {
		old := c.setting.Load()
		state, err := change(old.State)
		if err != nil {
			return err
		}
		before, after := c.show(old.State), c.show(state)
		next := &setting{state, after, old.later(before).Add(max(0, after.Sub(before)))}
		if c.setting.CompareAndSwap(old, next) {
			if c.notify != nil {
				c.notify(after)
			}
			return nil
		}
	}
}

// State returns how the clock is set.
func (c *Clock) State() State {
	return c.setting.Load().State
}

// Restore sets the clock as State returned it.
func (c *Clock) Restore(s State) {
	_ = c.set(func(State) (State, error) { return s, nil }) // the change cannot fail
}

// within reports whether a clock can be set to the instant.
func within(at time.Time) bool {
	return at.Year() >= firstYear && at.Year() <= lastYear
}
