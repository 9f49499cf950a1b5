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
	{Clause: lenient("AH-LIST-MSG-15", handoffMessages, "A malformed since is refused (400, 404 or 422) or ignored, never 5xx."), Run: handoffBadSince},
	{Clause: lenient("AH-LIST-MSG-23", handoffMessages, "Forward polling with since = last created_at never repeats a message."), Run: handoffPolling},
}

// cut is an instant, in whole seconds, clearly between two messages.
type cut struct {
	at  time.Time
	gap time.Duration // between the two
}

// cuts are the places where messages lie more than a second to either side.
func cuts(rows []survey.Row) []cut {
	m := moments(rows)
	var out []cut
	for i := 1; i < len(m); i++ {
		at := m[i-1].at.Truncate(time.Second).Add(2 * time.Second)
		if !m[i].at.Before(at.Add(time.Second)) {
			out = append(out, cut{at, m[i].at.Sub(m[i-1].at)})
		}
	}
	return out
}

// handoffBadSince sends values that are not times. A target that ignores them
// lists what it lists without since.
func handoffBadSince(s *Session) {
	threads := s.threads()
	i := max(0, slices.IndexFunc(threads, func(t thread) bool { return len(t.rows) <= roomy })) // the longest that any page holds
	t := threads[i]
	if longest := threads[0]; s.roomy() && len(longest.rows) > roomy {
		s.Get(target.Member, longest.path(), Query("since", "not-a-date", "limit", "200")).StatusList(append(refusals, http.StatusOK)...)
		if rows, _, err := survey.List(s.Last(), "messages"); s.Last().Status == http.StatusOK && err == nil {
			s.Assert(len(rows) <= fullPage, "number of messages under limit=200 and a malformed since", "at most 200", len(rows))
		}
	}
	for _, bad := range []string{"not-a-date", "2025-99-99T99:99:99Z"} {
		query := Query("since", bad, "limit", "200")
		s.Get(target.Member, t.path(), query).StatusList(append(refusals, http.StatusOK)...)
		s.refused()
		s.StopIfFailed()
		rows, _, err := survey.List(s.Last(), "messages")
		if s.Last().Status == http.StatusOK && err == nil && len(t.rows) <= roomy {
			s.noneOf(without(handoffIDs(t.rows, func(survey.Row) bool { return true }), IDs(rows)), "messages that are not listed under "+query+", which is 200 and so ignores it,")
		}
	}
}

// handoffPolling reads a thread a few messages at a time. AH-LIST-MSG-10 judges
// that since drops older messages.
func handoffPolling(s *Session) {
	const polls, few = 2, 10
	t := s.spoken(3)[0]
	seen := map[string]bool{}
	query := fmt.Sprintf("limit=%d", max(1, min(few, len(t.rows)/3)))
	next, after := query, time.Time{}
	for range polls + 1 {
		rows, ok := s.ask(t, next)
		m := moments(rows)
		if !ok {
			break
		}
		again := handoffIDs(rows, func(r survey.Row) bool { return seen[r.ID()] })
		if !after.IsZero() && (len(m) == 0 || !m[0].at.Before(after)) {
			s.noneOf(again, "messages of an earlier poll of ticket "+t.ticket.ID+" that are listed again under "+next)
		}
		if len(m) == 0 {
			break
		}
		for _, r := range rows {
			seen[r.ID()] = true
		}
		after = m[len(m)-1].at
		next = query + "&" + Query("since", m[len(m)-1].row.Text("created_at"))
	}
	s.SkipUnlessAsserted("no since drops older messages, or no known ticket can be read in parts", unlockThreads)
}
