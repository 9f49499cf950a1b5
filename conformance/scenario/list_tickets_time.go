package scenario

import (
	"net/http"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/conformance/survey"
	"github.com/mockdesk/mockdesk/conformance/target"
)

var ticketTimes = []Scenario{
	{Clause: "IO-LIST-TICKETS-35", Run: func(s *Session) { s.bounds("created_after") }},
	{Clause: "IO-LIST-TICKETS-36", Run: func(s *Session) { s.bounds("created_before") }},
	{Clause: "IO-LIST-TICKETS-38", Run: func(s *Session) { s.bounds("updated_after") }},
	{Clause: "IO-LIST-TICKETS-39", Run: func(s *Session) { s.bounds("updated_before") }},
	{Clause: "IO-LIST-TICKETS-40", Steady: true, Run: func(s *Session) {
		for _, name := range []string{"created_after", "created_before", "updated_after", "updated_before"} {
			s.Get(target.ReadWrite, "/tickets", Query(name, "not-a-date")).Status(http.StatusBadRequest)
		}
		s.Get(target.ReadWrite, "/tickets", Query("created_after", "2024-13-25T10:00:00Z")).Status(http.StatusBadRequest)
	}},
	{Clause: "IO-LIST-TICKETS-41", Run: offsets},
}

// instant is a whole second at which no ticket was created or changed: clearly
// later than one and clearly earlier than the next.
type instant struct{ time.Time }

// stamp is the instant as the API writes it.
func (i instant) stamp() string { return i.UTC().Format(time.RFC3339) }

// later is the condition that a member is after the instant.
func (i instant) later(member string) func(survey.Row) bool {
	return func(r survey.Row) bool { at, ok := r.Time(member); return ok && at.After(i.Time) }
}

// earlier is the condition that a member is before the instant.
func (i instant) earlier(member string) func(survey.Row) bool {
	return func(r survey.Row) bool { at, ok := r.Time(member); return ok && at.Before(i.Time) }
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
	member, other := "created_at", "updated_at"
	if name[0] == 'u' {
		member, other = other, member
	}
	rows := s.tickets()
	all := s.instants(member)
	side := func(i instant, of string) func(survey.Row) bool {
		if name == "created_after" || name == "updated_after" {
			return i.later(of)
		}
		return i.earlier(of)
	}
	var best instant
	most := -1
	for place := range 8 {
		i, ok := all.clear((place + 1) * len(all) / 9)
		if !ok {
			break
		}
		differ := 0
		for _, r := range rows {
			if side(i, member)(r) != side(i, other)(r) {
				differ++
			}
		}
		if differ > most {
			best, most = i, differ
		}
	}
	if most < 0 || most == 0 && member == "updated_at" {
		s.Skip("no instant tells tickets by "+member+" alone", "a workspace with tickets of different times")
	}
	if !s.keeps(Query(name, best.stamp()), member, "on the right side of "+best.stamp(), side(best, member)) {
		s.Skip("all tickets are on one side of "+best.stamp(), "a workspace with tickets of different times")
	}
}

// offsets writes an instant right after one ticket and one right before
// another in other offsets: who ignores an offset is off by hours.
func offsets(s *Session) {
	rows := s.tickets()
	all := s.instants("created_at")
	judged := false
	for i, east := range []time.Duration{5*time.Hour + 30*time.Minute, -8 * time.Hour} {
		at, ok := all.clear((i + 1) * len(all) / 3)
		if !ok {
			continue
		}
		next := slices.IndexFunc(all, at.Before)
		if east > 0 { // ignored, the bound is later: right before the next ticket
			at = instant{all[next].Add(-time.Second).Truncate(time.Second)}
		} else { // ignored, it is earlier: right after the last one
			at = instant{all[next-1].Add(2 * time.Second).Truncate(time.Second)}
		}
		keep := at.later("created_at")
		if !s.honoured(Query("created_after", at.stamp()), keep) || !slices.ContainsFunc(rows, func(r survey.Row) bool { return !keep(r) }) {
			continue
		}
		judged = true
		stamp := at.In(time.FixedZone("", int(east.Seconds()))).Format(time.RFC3339)
		s.keeps(Query("created_after", stamp), "created_at", "after "+stamp, keep)
	}
	if !judged {
		s.Skip("created_after does not work with Z, or the tickets were created at too few different times", "a workspace with tickets of different times")
	}
}
