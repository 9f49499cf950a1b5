package scenario

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

var ticketTimes = []Scenario{
	{Clause: strict("IO-LIST-TICKETS-35", listTickets, "created_after excludes tickets created clearly earlier and keeps later ones."), Run: func(s *Session) {
		s.bounds("created_after")
	}},
	{Clause: strict("IO-LIST-TICKETS-36", listTickets, "created_before excludes tickets created clearly later and keeps earlier ones."), Run: func(s *Session) {
		s.bounds("created_before")
	}},
	{Clause: strict("IO-LIST-TICKETS-38", listTickets, "updated_after filters on updated_at, not created_at."), Run: func(s *Session) { s.bounds("updated_after") }},
	{Clause: strict("IO-LIST-TICKETS-39", listTickets, "updated_before filters on updated_at, not created_at."), Run: func(s *Session) {
		s.bounds("updated_before")
	}},
	{Clause: strict("IO-LIST-TICKETS-40", listTickets, "An unparseable timestamp in any of the four is 400."), Steady: true, Run: func(s *Session) {
		for _, name := range timeBounds {
			s.refuses(Query(name, "not-a-date"))
		}
		s.refuses(Query("created_after", "2024-13-25T10:00:00Z"))
	}},
	{Clause: lenient("IO-LIST-TICKETS-41", listTickets, "A numeric offset in a timestamp is honoured."), Run: offsets},
}

// instant is a whole second at which no ticket was created or changed: clearly
// later than one and clearly earlier than the next.
type instant struct{ time.Time }

// stamp is the instant as the API writes it.
func (i instant) stamp() string { return i.UTC().Format(time.RFC3339) }

// timeBounds are the parameters that bound a time.
var timeBounds = []string{"created_after", "created_before", "updated_after", "updated_before"}

// timeOf returns the member that a bound applies to.
func timeOf(bound string) string { return bound[:len("created_")] + "at" }

// keep is the condition that a bound at the instant sets.
func (i instant) keep(bound string) func(survey.Row) bool { return i.keepBy(bound, timeOf(bound)) }

// keepBy is the condition that the bound would set on another member.
func (i instant) keepBy(bound, member string) func(survey.Row) bool {
	after := strings.HasSuffix(bound, "after")
	return func(r survey.Row) bool {
		at, ok := r.Time(member)
		return ok && (after && at.After(i.Time) || !after && at.Before(i.Time))
	}
}

// instants are times, oldest first, each once.
type instants []time.Time

// instants are the different times that tickets have in a member.
func (s *Session) instants(member string) instants {
	var out instants
	for _, r := range s.Tickets().Rows {
		if at, ok := r.Time(member); ok {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// clear is an instant clearly between two neighbours, near the place.
func (all instants) clear(place int) (instant, bool) {
	const gap = 4 * time.Second
	for distance := range len(all) {
		for _, i := range []int{place + distance, place - distance} {
			if i >= 0 && i+1 < len(all) && all[i+1].Sub(all[i]) >= gap {
				return instant{all[i].Add(gap / 2).Truncate(time.Second)}, true
			}
		}
	}
	return instant{}, false
}

// middle is a clear instant near the middle.
func (all instants) middle() (instant, bool) { return all.clear(len(all) / 2) }

// bounds judges a bound by instants at which it differs most from the same
// bound on the other time.
func (s *Session) bounds(name string) {
	member, other := timeOf(name), "updated_at"
	if member == other {
		other = "created_at"
	}
	rows := s.tickets()
	all := s.instants(member)
	var best instant
	most := -1
	for _, i := range all.candidates() {
		score := 0
		for _, r := range rows {
			if i.keep(name)(r) != i.keepBy(name, other)(r) {
				score++
			}
		}
		if score == 0 && member == "updated_at" {
			continue
		}
		if afternoon(i, all) {
			score += len(rows)
		}
		if amidst(i, all) {
			score += len(rows)
		}
		if score > most {
			best, most = i, score
		}
	}
	if most < 0 {
		s.Skip("no instant tells tickets by "+member+" alone", "a workspace with tickets of different times")
	}
	if !s.keeps(Query(name, best.stamp()), member, "on the right side of "+best.stamp(), best.keep(name)) {
		s.Skip("all tickets are on one side of "+best.stamp(), "a workspace with tickets of different times")
	}
	if s.roomy() {
		s.closeBounds(name, all)
		if early, ok := all.clear(len(all) / 4); ok && name == "created_after" {
			late := best
			if late.Time.Before(early.Time) {
				late, early = early, late
			}
			s.findsNothing(Query("created_after", late.stamp(), "created_before", early.stamp()), http.StatusBadRequest)
		}
	}
}

// closeBounds puts a bound right before and right after a ticket in the middle
// of a minute, so that rounding to the minute is noticed. The bound has a
// fraction of a second if rows have one; a row may leave out the fraction of
// its time.
func (s *Session) closeBounds(name string, all instants) {
	near, apart, form := 2*time.Second, 4*time.Second, time.RFC3339
	if slices.ContainsFunc(all, func(at time.Time) bool { return at.Nanosecond() != 0 }) {
		near, form = 1500*time.Millisecond, "2006-01-02T15:04:05.000Z07:00"
	}
	for i, at := range all {
		alone := (i == 0 || at.Sub(all[i-1]) > apart) && (i+1 == len(all) || all[i+1].Sub(at) > apart)
		if second := at.Second(); !alone || i < len(all)/2 || second < 10 || second > 50 {
			continue
		}
		for _, bound := range []instant{{at.Add(-near)}, {at.Add(near)}} {
			stamp := bound.UTC().Format(form)
			s.keeps(Query(name, stamp), timeOf(name), "on the right side of "+stamp, bound.keep(name))
		}
		return
	}
}

// afternoon reports whether a twelve-hour clock would move the instant to the
// other side of a ticket.
func afternoon(i instant, all instants) bool {
	const half = 12 * time.Hour
	return i.UTC().Hour() >= 12 && slices.ContainsFunc(all, func(at time.Time) bool { return at.Before(i.Time) && at.After(i.Add(-half)) })
}

// amidst reports whether there are tickets on both sides of the instant on the
// same day, so that a bound that is off by a day, or stands for the whole day,
// would be noticed.
func amidst(i instant, all instants) bool {
	within := func(from, to time.Time) bool {
		return slices.ContainsFunc(all, func(at time.Time) bool { return at.After(from) && at.Before(to) })
	}
	day := i.UTC().Truncate(24 * time.Hour)
	return within(day, i.Time) && within(i.Time, day.AddDate(0, 0, 1))
}

// candidates returns clear instants from the whole range, and some that have
// tickets on both sides on their day.
func (all instants) candidates() []instant {
	const spread, most = 8, 3
	var out []instant
	for place := range spread {
		if i, ok := all.clear((place + 1) * len(all) / (spread + 1)); ok {
			out = append(out, i)
		}
	}
	for place := 1; place < len(all) && len(out) < spread+most; place++ {
		if i, ok := all[place-1 : place+1].clear(0); ok && all[place-1].UTC().YearDay() == all[place].UTC().YearDay() && amidst(i, all) {
			out = append(out, i)
		}
	}
	return out
}

// offsets writes each bound with another offset, at an instant right after one
// ticket or right before the next: a server that ignores the offset is off by
// hours, to the side where tickets are. The bound's own clause judges that it
// works with Z.
func offsets(s *Session) {
	rows := s.tickets()
	names := []string{"created_after", "updated_before", "created_before", "updated_after"}
	if s.many() { // each takes several pages
		names = names[:1]
	}
	for i, name := range names {
		all := s.instants(timeOf(name))
		at, ok := all.clear((i + 1) * len(all) / 5)
		if !ok {
			continue
		}
		east := 5*time.Hour + 30*time.Minute
		next := slices.IndexFunc(all, at.Before)
		if i%2 == 0 { // if ignored, the bound is later: use right before the next ticket
			at = instant{all[next].Add(-time.Second).Truncate(time.Second)}
		} else { // if ignored, it is earlier: use right after the last one
			at, east = instant{all[next-1].Add(2 * time.Second).Truncate(time.Second)}, -8*time.Hour
		}
		keep := at.keep(name)
		stamp := at.In(time.FixedZone("", int(east.Seconds()))).Format(time.RFC3339)
		f := s.find(Query(name, stamp))
		right := len(f.rows) > 0 && !slices.ContainsFunc(f.rows, func(r survey.Row) bool { return !keep(r) })
		if !right && !s.honoured(Query(name, at.stamp()), keep) || !slices.ContainsFunc(rows, func(r survey.Row) bool { return !keep(r) }) {
			continue
		}
		s.keeps(Query(name, stamp), timeOf(name), "on the right side of "+stamp, keep)
	}
	s.SkipUnlessAsserted("no bound works with Z, or the tickets were created at too few different times", "a workspace with tickets of different times")
}
