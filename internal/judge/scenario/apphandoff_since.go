package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var handoffSince = []Scenario{
	{Clause: strict("AH-LIST-MSG-10", handoffMessages, "since drops every message created before it."), Run: func(s *Session) {
		looked := false
		s.eachCut(func(t thread, c cut) {
			if rows, ok := s.ask(t, c.query()); ok {
				looked = true
				before, _ := splitAt(rows, c.at)
				s.noneOf(handoffIDs(before, everyMessage), "messages created before since, under "+c.query())
			}
		})
		if !looked {
			s.Skip("no since is answered with a list", "")
		}
	}},
	{Clause: strict("AH-LIST-MSG-11", handoffMessages, "since keeps every message created after it (within limit)."), Run: func(s *Session) {
		s.eachCut(func(t thread, c cut) {
			rows := s.HandoffMessages(t.project, t.ticket.ID, c.query())
			s.noneOf(without(handoffIDs(c.after, everyMessage), IDs(rows)), "messages created after since that are not listed under "+c.query())
		})
	}},
	{Clause: lenient("AH-LIST-MSG-12", handoffMessages, "A message created exactly at since is not returned."), Run: handoffAtSince},
	{Clause: strict("AH-LIST-MSG-13", handoffMessages, "since in the future gives an empty array."), Run: handoffFuture},
	{Clause: lenient("AH-LIST-MSG-14", handoffMessages, "since with an offset is honoured as an instant."), Run: handoffOffset},
	{Clause: lenient("AH-LIST-MSG-15", handoffMessages, "A malformed since is 400 or ignored, never 5xx."), Run: handoffBadSince},
	{Clause: lenient("AH-LIST-MSG-23", handoffMessages, "Forward polling with since = last created_at never repeats a message."), Run: handoffPolling},
}

// sinceThreads bounds the threads that are asked with since.
const sinceThreads = 2

// cut is an instant, in whole seconds, clearly between two messages.
type cut struct {
	at            time.Time
	before, after []survey.Row
	gap           time.Duration // between the two
}

// query asks for what is after the cut, by a timestamp in UTC.
func (c cut) query() string { return c.queryIn(time.UTC) }

// queryIn is query with the timestamp of another zone.
func (c cut) queryIn(zone *time.Location) string {
	return Query("since", c.at.In(zone).Format(time.RFC3339), "limit", "200")
}

// cuts are the places where messages lie more than a second to either side
// and a page surely holds what is after them.
func cuts(rows []survey.Row) []cut {
	m := moments(rows)
	var out []cut
	for i := 1; i < len(m); i++ {
		at := m[i-1].at.Truncate(time.Second).Add(2 * time.Second)
		if len(m)-i > roomy || m[i].at.Before(at.Add(time.Second)) {
			continue
		}
		c := cut{at: at, gap: m[i].at.Sub(m[i-1].at)}
		c.before, c.after = splitAt(rows, at)
		out = append(out, c)
	}
	return out
}

// eachCut is visitCuts, and skips when there is nothing to visit.
func (s *Session) eachCut(judge func(thread, cut)) {
	if !s.visitCuts(judge) {
		s.Skip("no known ticket has messages some seconds apart", unlockThreads)
	}
}

// visitCuts visits the narrowest cut and the one in the middle of several
// threads, and reports whether there was one: a since that is read too
// coarsely fails at the narrow one.
func (s *Session) visitCuts(judge func(thread, cut)) bool {
	left := sinceThreads
	for _, t := range s.spoken(2) {
		all := cuts(t.rows)
		if len(all) == 0 || left == 0 {
			continue
		}
		left--
		narrow, middle := 0, len(all)/2
		for i := range all {
			if all[i].gap < all[narrow].gap {
				narrow = i
			}
		}
		judge(t, all[narrow])
		if middle != narrow {
			judge(t, all[middle])
		}
	}
	return left < sinceThreads
}

// handoffAtSince asks with the created_at of a message, letter by letter. A
// since that does not even drop older messages is for AH-LIST-MSG-10.
func handoffAtSince(s *Session) {
	looked := false
	threads := s.spoken(2)
	for _, t := range threads[:min(len(threads), sinceThreads)] {
		m := moments(t.rows)
		if len(m) < 2 {
			continue
		}
		// Near the end: the default limit must not cut the message off.
		for _, at := range []moment{m[max(len(m)/2, len(m)-perDefault/2)], m[len(m)-1]} {
			if !m[0].at.Before(at.at) {
				continue
			}
			stamp := at.row.Text("created_at")
			rows, ok := s.ask(t, Query("since", stamp))
			if before, _ := splitAt(rows, at.at); !ok || len(before) > 0 {
				continue
			}
			looked = true
			equal := handoffIDs(rows, func(r survey.Row) bool {
				created, ok := r.Time("created_at")
				return ok && created.Equal(at.at)
			})
			s.noneOf(equal, "messages created exactly at since="+stamp)
		}
	}
	if !looked {
		s.Skip("no since drops older messages, or no known ticket has messages of different times", unlockThreads)
	}
}

// handoffFuture asks for what is after a time that has not come.
func handoffFuture(s *Session) {
	threads := s.spoken(1)
	newest := s.env.Client.Now()
	for _, t := range threads {
		if m := moments(t.rows); len(m) > 0 && m[len(m)-1].at.After(newest) {
			newest = m[len(m)-1].at
		}
	}
	const day = 24 * time.Hour
	since := newest.Add(365 * day).Truncate(day).UTC().Format(time.RFC3339)
	for _, t := range threads[:min(len(threads), 2)] {
		rows := s.HandoffMessages(t.project, t.ticket.ID, Query("since", since))
		s.Assert(len(rows) == 0, "messages after since="+since, 0, len(rows))
	}
}

// handoffOffset writes the same instant with other offsets: both must find
// what the one in UTC finds.
func handoffOffset(s *Session) {
	const hours = 11
	zones := []*time.Location{time.FixedZone("", hours*3600), time.FixedZone("", -hours*3600-1800)}
	const most = 2 // cuts
	told := 0
	s.eachCut(func(t thread, c cut) {
		if told == most {
			return
		}
		utc, ok := s.ask(t, c.query())
		before, _ := splitAt(utc, c.at)
		if !ok || len(before) > 0 || !near(c, hours*time.Hour) {
			return
		}
		told++
		known := IDs(t.rows)
		for _, zone := range zones {
			query := c.queryIn(zone)
			rows := s.HandoffMessages(t.project, t.ticket.ID, query)
			more := without(IDs(rows), IDs(utc))
			s.noneOf(without(more, without(more, known)), "messages that "+query+" lists and the same instant in UTC does not")
			s.noneOf(without(IDs(utc), IDs(rows)), "messages that "+query+" does not list and the same instant in UTC does")
		}
	})
	if told == 0 {
		s.Skip("no since drops older messages, or no known ticket has messages within hours of each other", unlockThreads)
	}
}

// near reports whether messages lie on both sides of the cut within d, so
// that a clock reading without its offset would list others.
func near(c cut, d time.Duration) bool {
	before, after := moments(c.before), moments(c.after)
	return c.at.Sub(before[len(before)-1].at) < d && after[0].at.Sub(c.at) < d
}

// handoffBadSince sends what is no time. A target that ignores it lists what
// it lists without.
func handoffBadSince(s *Session) {
	threads := s.threads()
	i := max(0, slices.IndexFunc(threads, func(t thread) bool { return len(t.rows) <= roomy })) // the longest that any page holds
	t := threads[i]
	for _, bad := range []string{"not-a-date", "2025-99-99T99:99:99Z"} {
		query := Query("since", bad, "limit", "200")
		s.Get(target.Member, t.path(), query).StatusList(append(refusals, http.StatusOK)...)
		s.StopIfFailed()
		rows, _, err := survey.List(s.Last(), "messages")
		if s.Last().Status == http.StatusOK && err == nil && len(t.rows) <= roomy {
			s.noneOf(without(handoffIDs(t.rows, everyMessage), IDs(rows)), "messages that are not listed under "+query+", which is 200 and so ignores it,")
		}
	}
}

// handoffPolling reads some threads a few messages at a time.
func handoffPolling(s *Session) {
	const most = 2 // threads
	threads := s.spoken(3)
	looked := false
	for _, t := range threads[:min(len(threads), most)] {
		looked = s.poll(t, max(1, min(10, len(t.rows)/3))) || looked
	}
	if !looked {
		s.Skip("no since drops older messages, or no known ticket can be read in parts", unlockThreads)
	}
}

// poll asks for n messages after the last one known, a few times, and reports
// whether a repeated message would have been seen.
func (s *Session) poll(t thread, n int) bool {
	const polls = 2
	query := fmt.Sprintf("limit=%d", n)
	seen := map[string]bool{}
	rows, ok := s.ask(t, query)
	looked := false
	for range polls {
		m := moments(rows)
		if !ok || len(m) == 0 {
			break
		}
		for _, id := range handoffIDs(rows, everyMessage) {
			seen[id] = true
		}
		last := m[len(m)-1]
		next := query + "&" + Query("since", last.row.Text("created_at"))
		rows, ok = s.ask(t, next)
		if before, _ := splitAt(rows, last.at); !ok || len(before) > 0 {
			break // for AH-LIST-MSG-10
		}
		looked = true
		again := handoffIDs(rows, func(r survey.Row) bool { return seen[r.ID()] })
		s.noneOf(again, "messages of an earlier poll of ticket "+t.ticket.ID+" that are listed again under "+next)
	}
	return looked
}
