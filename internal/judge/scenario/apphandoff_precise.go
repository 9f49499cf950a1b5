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
