// Package life makes a desk go on by itself: customers write, agents answer,
// mail is sent or fails, reminders come due, and tickets are closed.
//
// What has happened up to an instant is a function of the seed, of the first
// state of the desk and of the acts in between. It does not depend on the steps
// in which the clock got there. Each instant at which something happens is
// drawn from the seed and its place in time alone, or follows from the state;
// what happens then follows from the state at that instant.
package life

import (
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// Rate is how many things happen in each period. Sending mail, reminders that
// come due and closing tickets that nobody answers come on top. The zero Rate
// is that of a desk that does not live.
type Rate struct {
	Events int
	Period time.Duration
}

// The rates that have a name: a small desk, and one that is never still.
var (
	Calm = Rate{6, time.Hour}
	Busy = Rate{120, time.Hour}
)

// Bounds of a Rate.
const (
	leastPeriod = time.Second
	mostPeriod  = 31 * day
	day         = 24 * time.Hour
)

// usual is an example that hints show.
const usual = "30/1h"

// Parse reads off, calm, busy, or a rate such as 30/1h; an empty text is off.
func Parse(s string) (Rate, error) {
	switch s {
	case "", "off":
		return Rate{}, nil
	case "calm":
		return Calm, nil
	case "busy":
		return Busy, nil
	}
	events, period, found := strings.Cut(s, "/")
	n, err := strconv.Atoi(events)
	if !found || err != nil || n < 1 {
		return Rate{}, hint.Errorf(suggest.Hint(s, []string{"off", "calm", "busy"}, usual), "life %q is not off, calm, busy or EVENTS/PERIOD", s)
	}
	d, err := parsePeriod(period)
	if err != nil {
		return Rate{}, hint.Errorf(usual, "life %q: period %q is not a duration", s, period)
	}
	rate := Rate{n, d}
	return rate, rate.Check()
}

// parsePeriod reads a duration, which may be of days.
func parsePeriod(s string) (time.Duration, error) {
	if days, whole := strings.CutSuffix(s, "d"); whole {
		n, err := strconv.Atoi(days)
		if err == nil && n > int(mostPeriod/day) {
			n = int(mostPeriod/day) + 1 // too long a period, which does not overflow
		}
		return time.Duration(n) * day, err
	}
	return time.ParseDuration(s)
}

// Check returns why the Rate is neither off nor one that a desk can live at.
func (r Rate) Check() error {
	switch {
	case r == Rate{}:
		return nil
	case r.Events < 1:
		return hint.Errorf(usual, "life of %d events in %v is none", r.Events, r.Period)
	case r.Period < leastPeriod || r.Period > mostPeriod || r.Period%time.Second != 0:
		return hint.Errorf(usual, "life %s: the period is not whole seconds from 1s to 31d", r)
	case r.Events > int(r.Period/time.Second):
		return hint.Errorf("3600/1h", "life %s is more than one event a second", r)
	}
	return nil
}

// String returns the form that Parse reads, such as 120/1h.
func (r Rate) String() string {
	if r.Events == 0 {
		return "off"
	}
	period := r.Period.String()
	if r.Period%day == 0 {
		period = strconv.Itoa(int(r.Period/day)) + "d"
	}
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(period, zero) {
			period = period[:len(period)-2]
		}
	}
	return strconv.Itoa(r.Events) + "/" + period
}

// Name returns what the rate is called: off, calm, busy, or its form.
func (r Rate) Name() string {
	switch r {
	case Calm:
		return "calm"
	case Busy:
		return "busy"
	}
	return r.String()
}
