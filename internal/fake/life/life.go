package life

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// Begin makes a desk live at a rate from an instant on; the zero Rate ends its
// life. Whatever came due before that stays as it is.
func Begin(s *store.Store, rate Rate, now time.Time) {
	_ = s.Act(store.ByLife, now, func(tx *store.Tx) error { // which cannot fail
		p := tx.Pulse()
		*p = store.Pulse{Events: rate.Events, Period: rate.Period, Since: tx.Now(), Until: tx.Now()}
		if rate.Events == 0 {
			*p = store.Pulse{}
			tx.Sleep(math.MaxInt64)
			return nil
		}
		gather(tx)
		tx.Sleep(math.MinInt64)
		return nil
	})
}

// Of returns the rate at which a desk lives, and since when.
func Of(s *store.Store) (rate Rate, since time.Time) {
	p := s.Pulse()
	return Rate{p.Events, p.Period}, p.Since
}

// CatchUp makes everything happen that is due up to the time that now tells. It
// locks the desk for one thing at a time, and asks for the time before each.
func CatchUp(s *store.Store, now func() time.Time) {
	for more := true; more; {
		_ = s.Act(store.ByLife, time.Time{}, func(tx *store.Tx) error { // which cannot fail
			more = step(tx, now().UnixMilli())
			return nil
		})
	}
}

// step makes the next thing happen, unless it is later than now. Looks come
// before other events at the same instant.
func step(tx *store.Tx, now int64) (more bool) {
	p := tx.Pulse()
	if p.Events == 0 {
		tx.Sleep(math.MaxInt64)
		return false
	}
	absorb(tx)
	next, r := nextEvent(tx.Data(), p)
	if tx.Room(Largest) != nil {
		next = math.MaxInt64
	}
	if len(p.Looks) > 0 && p.Looks[0].At <= next {
		next, r = p.Looks[0].At, nil
	}
	switch {
	case next > now:
		tx.Sleep(next)
		return false
	case r == nil:
		look := pop(p)
		follow(tx.At(time.UnixMilli(look.At)), look.Ticket)
	default:
		p.Until = time.UnixMilli(next).UTC()
		happen(tx.At(p.Until), r)
	}
	return true
}

// Largest is how many additions one event may make. On a desk without room for
// them nothing new happens, but mail is still sent and reminders still come
// due.
const Largest = 2

// nextEvent returns the first event after those that have passed: its instant
// in Unix milliseconds, and the random numbers for what happens then. A period
// is cut into as many parts as it has events, one in each part.
func nextEvent(d *fixtures.Dataset, p *store.Pulse) (at int64, r *rand.Rand) {
	period, events := p.Period.Milliseconds(), int64(p.Events)
	until := p.Until.UnixMilli()
	window := floor(until, period)
	part := (until - window*period) * events / period
	for ; ; part++ {
		if part >= events {
			window, part = window+1, 0
		}
		from, to := part*period/events, (part+1)*period/events
		r = d.Stream("life", int(window*events+part))
		if at = window*period + from + r.Int64N(to-from); at > until {
			return at, r
		}
	}
}

// floor returns the quotient, rounded down.
func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Count returns roughly how many events lie between the instant up to which a
// desk has lived and another instant.
func Count(s *store.Store, until time.Time) int {
	p := s.Pulse()
	if p.Events == 0 || !until.After(p.Until) || s.Full(Largest) {
		return 0
	}
	seconds := until.Unix() - p.Until.Unix() // a Duration would overflow
	return int(float64(seconds) / p.Period.Seconds() * float64(p.Events))
}
