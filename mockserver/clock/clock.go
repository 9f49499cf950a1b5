// Package clock turns the machine's time into a workspace's time, which can
// be frozen, set and advanced by hand.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock tells the time of one workspace. It is safe for concurrent use.
type Clock struct {
	machine func() time.Time
	state   atomic.Pointer[State]
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

// New returns a running Clock on the time that machine tells.
func New(machine func() time.Time) *Clock {
	c := &Clock{machine: machine}
	c.Run()
	return c
}

// Now returns the clock's time in UTC.
func (c *Clock) Now() time.Time {
	s := c.state.Load()
	if s.Frozen {
		return s.At
	}
	return c.machine().Add(s.Offset).UTC()
}

// Run makes the clock show the machine's time again.
func (c *Clock) Run() {
	c.state.Store(&State{})
}

// Freeze makes the clock stand still at the instant.
func (c *Clock) Freeze(at time.Time) {
	c.state.Store(&State{Frozen: true, At: at.UTC()})
}

// Advance moves the clock by d, which may be negative; a frozen clock stays
// frozen and a running one keeps running.
func (c *Clock) Advance(d time.Duration) {
	for {
		old := c.state.Load()
		next := *old
		if next.Frozen {
			next.At = next.At.Add(d)
		} else {
			next.Offset += d
		}
		if c.state.CompareAndSwap(old, &next) {
			return
		}
	}
}

// State returns how the clock is set.
func (c *Clock) State() State {
	return *c.state.Load()
}

// Restore sets the clock as State returned it.
func (c *Clock) Restore(s State) {
	c.state.Store(&s)
}
