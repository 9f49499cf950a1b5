package scenario

import (
	"fmt"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

var handoffPrecise = []Scenario{
	{
		Clause: strict("AH-LIST-MSG-26", handoffMessages, "On a thread longer than the default limit, since, task_id and limit together give what each alone leaves.", clause.Tasks),
		Run:    handoffLongThread,
	},
	{
		Clause: lenient("AH-LIST-MSG-27", handoffMessages, "A since with a fraction of a second is honoured to the precision that created_at shows."),
		Run:    handoffFractions,
	},
}

// handoffLongThread combines since, task_id and limit on a thread that no
// answer without limit shows whole: what each alone leaves says what they must.
func handoffLongThread(s *Session) {
	for _, t := range s.spoken(perDefault + 1) {
		all := cuts(t.rows)
		if len(all) == 0 {
			continue
		}
		c := all[0]
		dated, ok := s.ask(t, c.query())
		before, _ := splitAt(dated, c.at)
		lost := without(handoffIDs(c.after, everyMessage), IDs(dated))
		if !ok || len(before)+len(lost) > 0 {
			continue // since alone is for other clauses
		}
		for _, task := range t.tasks() {
			if s.threeOnLong(t, c, task, dated) {
				if s.fullSince(t) {
					s.preciseTask(t, task)
				}
				return
			}
		}
	}
	s.Skip("no known ticket with more than 50 messages has one of a task after an instant that since can name", unlockTasks)
}

// threeOnLong judges a thread, a cut and a task, and reports whether it could.
func (s *Session) threeOnLong(t thread, c cut, task string, dated []survey.Row) bool {
	tasked, ok := s.ask(t, taskQuery{t, task}.query())
	if !ok || len(tasked) >= fullPage {
		return false
	}
	found := idSet(tasked)
	var want []survey.Row
	for _, m := range moments(dated) {
		if found[m.row.ID()] {
			want = append(want, m.row)
		}
	}
	n := len(want) - 1
	if n < 1 || len(want) == len(tasked) || len(want) == len(dated) {
		return false // a filter could be left out unnoticed
	}
	if alone, ok := s.ask(t, fmt.Sprintf("limit=%d", n)); !ok || len(alone) != n {
		return false
	}
	query := strings.Replace(c.query(), "limit=200", fmt.Sprintf("limit=%d", n), 1) + "&" + Query("task_id", task)
	rows := s.HandoffMessages(t.project, t.ticket.ID, query)
	s.Assert(len(rows) == n, "number of messages under "+query, n, len(rows))
	s.noneOf(without(IDs(rows), IDs(want)), "messages under "+query+" that since or task_id alone does not find")
	return true
}

// fullSince asks a thread for as many messages as there may be after the first
// instant that since can name. It reports whether limit=200 works alone.
func (s *Session) fullSince(t thread) bool {
	m := moments(t.rows)
	at := m[0].at.Truncate(time.Second).Add(2 * time.Second)
	_, after := splitAt(t.rows, at)
	query := cut{at: at}.query()
	full, _ := s.ask(t, "limit=200")
	if len(full) < min(len(t.rows), fullPage) {
		return false // which AH-LIST-MSG-06 judges
	}
	rows, ok := s.ask(t, query)
	if want := min(len(after), fullPage); ok && len(after) < len(t.rows) {
		s.Assert(len(rows) >= want, "number of messages under "+query, fmt.Sprintf("%d of the %d after that", want, len(after)), len(rows))
	}
	return true
}

// preciseTask asks for the messages of a task after one of them, by the time
// that it shows and by the same instant with an offset.
func (s *Session) preciseTask(t thread, task string) {
	tasked, ok := s.ask(t, taskQuery{t, task}.query())
	m := moments(tasked)
	if !ok || len(m) < 3 {
		return
	}
	best := 1 // the message that the next one follows soonest, so that a since that is late loses it
	for i := 2; i+1 < len(m); i++ {
		if m[i+1].at.Sub(m[i].at) < m[best+1].at.Sub(m[best].at) && m[i+1].at.After(m[i].at) {
			best = i
		}
	}
	at := m[best].at
	if !m[best+1].at.After(at) {
		return
	}
	stamp := m[best].row.Text("created_at")
	alone, ok := s.ask(t, Query("since", stamp, "limit", "200"))
	if before, _ := splitAt(alone, at.Add(time.Nanosecond)); !ok || len(before) > 0 || len(alone) >= fullPage {
		return // since alone is for other clauses
	}
	loose := handoffIDs(t.rows, func(r survey.Row) bool { return t.showsTasks() && taskOf(r) != task })
	both := idSet(tasked)
	if len(without(loose, IDs(tasked))) < len(loose) {
		return // task_id alone is, too
	}
	var want []string
	for _, r := range alone {
		if both[r.ID()] {
			want = append(want, r.ID())
		}
	}
	digits := fraction(stamp)
	form := "2006-01-02T15:04:05" + strings.TrimSuffix("."+strings.Repeat("0", digits), ".") + "Z07:00"
	const east = 11 * 60 * 60
	for _, since := range []string{stamp, at.In(time.FixedZone("", east)).Format(form)} {
		query := Query("since", since, "limit", "200", "task_id", task)
		rows := s.HandoffMessages(t.project, t.ticket.ID, query)
		if since == stamp && len(rows) == len(tasked) {
			return // since has no effect under task_id, which AH-LIST-MSG-20 judges
		}
		s.noneOf(without(want, IDs(rows)), "messages that since and task_id each find and "+query+" does not list")
		known := handoffIDs(rows, func(r survey.Row) bool { return both[r.ID()] || idSet(t.rows)[r.ID()] })
		s.noneOf(without(known, want), "messages under "+query+" that since or task_id alone does not find")
		if _, wrong := disorder(alone); !wrong {
			s.ascending(t, query, rows)
		}
	}
}

// handoffFractions asks from just before and from just after a message, by
// the last digit that its created_at shows.
func handoffFractions(s *Session) {
	for _, t := range s.spoken(1) {
		m := moments(t.rows)
		for i := len(m) - 1; i >= max(0, len(m)-roomy); i-- {
			digits := fraction(m[i].row.Text("created_at"))
			half := time.Second / 2
			if digits == 0 || m[i].at.Sub(m[i].at.Truncate(time.Second)) < half {
				continue // a fraction that is cut off and one that is rounded look alike
			}
			step := time.Second
			for range digits {
				step /= 10
			}
			form := "2006-01-02T15:04:05." + strings.Repeat("0", digits) + "Z07:00"
			for _, by := range []time.Duration{-step, step} {
				query := Query("since", m[i].at.Add(by).UTC().Format(form), "limit", "200")
				rows := s.HandoffMessages(t.project, t.ticket.ID, query)
				if before, _ := splitAt(rows, m[i].at.Add(-time.Second)); len(before) > 0 {
					s.Skip("since does not drop older messages, which AH-LIST-MSG-10 judges", "")
				}
				listed, want := idSet(rows)[m[i].row.ID()], by < 0
				s.Assert(listed == want, "message "+m[i].row.ID()+" of "+m[i].row.Text("created_at")+" under "+query, listing(want), listing(listed))
			}
			return
		}
	}
	s.Skip("no created_at of a known ticket shows a fraction of half a second or more", unlockThreads)
}

// fraction is the number of digits behind the second of a timestamp.
func fraction(stamp string) int {
	_, rest, _ := strings.Cut(stamp, ".")
	return len(rest) - len(strings.TrimLeft(rest, "0123456789"))
}
