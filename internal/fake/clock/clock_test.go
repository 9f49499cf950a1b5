package clock_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
)

var (
	noon = time.Date(2025, time.June, 2, 12, 0, 0, 0, time.UTC)
	eve  = time.Date(2024, time.December, 24, 18, 0, 0, 0, time.UTC)
)

// machine is a machine's time that only the test moves.
type machine struct{ at time.Time }

func (m *machine) now() time.Time { return m.at }

var paris = time.FixedZone("", 2*60*60)

// clockTests say what a clock shows after some steps.
var clockTests = map[string]struct {
	steps func(c *clock.Clock, m *machine)
	want  time.Time
	state clock.State
}{
	"a new clock shows the machine's time": {
		func(*clock.Clock, *machine) {}, noon, clock.State{},
	},
	"a running clock follows the machine": {
		func(_ *clock.Clock, m *machine) { m.at = noon.Add(time.Hour) },
		noon.Add(time.Hour),
		clock.State{},
	},
	"the machine's zone does not show": {
		func(_ *clock.Clock, m *machine) { m.at = noon.In(paris) }, noon, clock.State{},
	},
	"a frozen clock stands still": {
		func(c *clock.Clock, m *machine) { c.Freeze(eve); m.at = noon.Add(time.Hour) },
		eve,
		clock.State{Frozen: true, At: eve},
	},
	"a clock frozen in another zone shows UTC": {
		func(c *clock.Clock, _ *machine) { c.Freeze(eve.In(paris)) },
		eve,
		clock.State{Frozen: true, At: eve},
	},
	"an advanced running clock keeps running": {
		func(c *clock.Clock, m *machine) { c.Advance(time.Minute); m.at = noon.Add(time.Second) },
		noon.Add(61 * time.Second),
		clock.State{Offset: time.Minute},
	},
	"advances add up": {
		func(c *clock.Clock, _ *machine) { c.Advance(time.Minute); c.Advance(2 * time.Minute) },
		noon.Add(3 * time.Minute),
		clock.State{Offset: 3 * time.Minute},
	},
	"a clock can go back": {
		func(c *clock.Clock, _ *machine) { c.Advance(-time.Hour) },
		noon.Add(-time.Hour),
		clock.State{Offset: -time.Hour},
	},
	"an advanced frozen clock stays frozen": {
		func(c *clock.Clock, m *machine) { c.Freeze(eve); c.Advance(time.Hour); m.at = noon.Add(time.Second) },
		eve.Add(time.Hour),
		clock.State{Frozen: true, At: eve.Add(time.Hour)},
	},
	"freezing drops what the clock was ahead": {
		func(c *clock.Clock, _ *machine) { c.Advance(time.Hour); c.Freeze(eve) },
		eve,
		clock.State{Frozen: true, At: eve},
	},
	"run thaws a frozen clock": {
		func(c *clock.Clock, _ *machine) { c.Freeze(eve); c.Run() }, noon, clock.State{},
	},
	"run drops what the clock was ahead": {
		func(c *clock.Clock, _ *machine) { c.Advance(time.Hour); c.Run() }, noon, clock.State{},
	},
	"restore sets a running clock as it was": {
		func(c *clock.Clock, _ *machine) {
			c.Advance(time.Hour)
			was := c.State()
			c.Freeze(eve)
			c.Restore(was)
		},
		noon.Add(time.Hour),
		clock.State{Offset: time.Hour},
	},
	"restore sets a frozen clock as it was": {
		func(c *clock.Clock, _ *machine) {
			c.Freeze(eve)
			was := c.State()
			c.Advance(time.Hour)
			c.Restore(was)
		},
		eve,
		clock.State{Frozen: true, At: eve},
	},
}

func TestClock(t *testing.T) {
	t.Parallel()
	for name, test := range clockTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &machine{at: noon}
			c := clock.New(m.now)
			test.steps(c, m)
			got := c.Now()
			if got != test.want { // not Equal: the zone counts
				t.Errorf("Now() = %v, want %v", got, test.want)
			}
			if diff := cmp.Diff(test.state, c.State()); diff != "" {
				t.Errorf("State() (-want +got):\n%s", diff)
			}
		})
	}
}

// The steady time goes forward with the clock, however it is set, and never
// back.
func TestClockSteady(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		steps func(c *clock.Clock, m *machine)
		want  time.Duration // since the clock was new
	}{
		"a new clock":                      {func(*clock.Clock, *machine) {}, 0},
		"the machine's time passes":        {func(_ *clock.Clock, m *machine) { m.at = noon.Add(time.Hour) }, time.Hour},
		"what is advanced has passed":      {func(c *clock.Clock, _ *machine) { c.Advance(time.Minute) }, time.Minute},
		"what is set back does not return": {func(c *clock.Clock, _ *machine) { c.Advance(time.Minute); c.Advance(-time.Hour) }, time.Minute},
		"nothing passes while it is frozen": {
			func(c *clock.Clock, m *machine) { c.Freeze(noon); m.at = noon.Add(time.Hour) }, 0,
		},
		"frozen in the past it goes on from there": {
			func(c *clock.Clock, _ *machine) {
				c.Freeze(eve)
				c.Advance(10 * time.Second)
				c.Freeze(eve)
				c.Advance(20 * time.Second)
			}, 30 * time.Second,
		},
		"a frozen clock that jumps forward": {func(c *clock.Clock, _ *machine) { c.Freeze(noon); c.Freeze(noon.Add(time.Minute)) }, time.Minute},
		"a thaw back and on": {
			func(c *clock.Clock, m *machine) { c.Advance(time.Hour); c.Run(); m.at = noon.Add(time.Second) }, time.Hour + time.Second,
		},
		"a state restored": {
			func(c *clock.Clock, _ *machine) {
				was := c.State()
				c.Advance(time.Hour)
				c.Restore(was)
				c.Advance(time.Minute)
			}, time.Hour + time.Minute,
		},
		"the machine's time set back": {func(c *clock.Clock, m *machine) { c.Advance(time.Minute); m.at = eve }, time.Minute},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &machine{at: noon}
			c := clock.New(m.now)
			test.steps(c, m)
			if got := c.Steady(c.Now()).Sub(noon); got != test.want {
				t.Errorf("%v have passed, want %v", got, test.want)
			}
		})
	}
}

// A clock keeps to years that RFC 3339 can write, whatever it is asked for.
func TestClockRange(t *testing.T) {
	t.Parallel()
	const century = 100 * 365 * 24 * time.Hour
	year := func(y int) time.Time { return time.Date(y, time.July, 1, 0, 0, 0, 0, time.UTC) }
	tests := map[string]struct {
		set  func(c *clock.Clock) error
		want error
	}{
		"the last year":                    {func(c *clock.Clock) error { return c.Freeze(year(9000)) }, nil},
		"the first year":                   {func(c *clock.Clock) error { return c.Freeze(year(1)) }, nil},
		"a year too late":                  {func(c *clock.Clock) error { return c.Freeze(year(9001)) }, clock.ErrRange},
		"a year too early":                 {func(c *clock.Clock) error { return c.Freeze(year(0)) }, clock.ErrRange},
		"too early by its zone":            {func(c *clock.Clock) error { return c.Freeze(time.Date(1, 1, 1, 0, 0, 0, 0, paris)) }, clock.ErrRange},
		"advanced beyond the last year":    {func(c *clock.Clock) error { return errors.Join(c.Freeze(year(8950)), c.Advance(century)) }, clock.ErrRange},
		"moved back beyond the first year": {func(c *clock.Clock) error { return errors.Join(c.Freeze(year(50)), c.Advance(-century)) }, clock.ErrRange},
		"centuries ahead of the machine":   {func(c *clock.Clock) error { return errors.Join(c.Advance(century), c.Advance(century)) }, nil},
		"too many centuries ahead":         {func(c *clock.Clock) error { return errors.Join(c.Advance(2*century), c.Advance(century)) }, clock.ErrRange},
		"too many centuries behind":        {func(c *clock.Clock) error { return errors.Join(c.Advance(-2*century), c.Advance(-century)) }, clock.ErrRange},
		"a frozen clock may go many centuries": {func(c *clock.Clock) error {
			return errors.Join(c.Freeze(noon), c.Advance(2*century), c.Advance(2*century))
		}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clock.New(func() time.Time { return noon })
			if err := test.set(c); !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if _, err := c.Now().MarshalJSON(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestClockLosesNoAdvance(t *testing.T) {
	t.Parallel()
	const workers, times = 8, 200
	for name, start := range map[string]func(*clock.Clock){
		"running": (*clock.Clock).Run,
		"frozen":  func(c *clock.Clock) { c.Freeze(noon) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clock.New(func() time.Time { return noon })
			start(c)
			var wait sync.WaitGroup
			for range workers {
				wait.Go(func() {
					for range times {
						c.Advance(time.Second)
						c.Now()
					}
				})
			}
			wait.Wait()
			if want := noon.Add(workers * times * time.Second); !c.Now().Equal(want) {
				t.Errorf("Now() = %v, want %v", c.Now(), want)
			}
		})
	}
}

func ExampleClock() {
	c := clock.New(clock.Machine)
	c.Freeze(time.Date(2025, time.June, 2, 9, 0, 0, 0, time.UTC))
	c.Advance(30 * time.Second)
	fmt.Println(c.Now())
	// Output: 2025-06-02 09:00:30 +0000 UTC
}
