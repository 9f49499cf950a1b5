package scenario

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var handoffLists = []Scenario{
	{
		Clause: strict("AH-LIST-MSG-01", handoffMessages, "GET /projects/{id}/tickets/{ticketId}/messages with a valid bearer is 200 application/json."),
		Steady: true, Run: handoffServed,
	},
	{Clause: strict("AH-LIST-MSG-02", handoffMessages, "The body has messages, an array (required)."), Steady: true, Run: func(s *Session) {
		s.eachList(func(t thread) {
			_, _, err := survey.List(s.Last(), "messages")
			s.Assert(err == nil, "body of ticket "+t.ticket.ID, "an object with an array messages of objects", err)
		})
	}},
	{Clause: strict("AH-LIST-MSG-03", handoffMessages, "Messages are ordered by created_at ascending."), Run: handoffOrder},
	{Clause: strict("AH-LIST-MSG-04", handoffMessages, "Default limit is 50: with more than 50 messages exactly 50 come back."), Run: handoffDefaultLimit},
	{Clause: strict("AH-LIST-MSG-05", handoffMessages, "limit=n (1..200) returns at most n."), Run: func(s *Session) {
		longest := s.spoken(2)[0]
		for _, n := range []int{1, 10, 60, 199} {
			if n < longest.size() {
				query := fmt.Sprintf("limit=%d", n)
				rows := s.HandoffMessages(longest.project, longest.ticket.ID, query)
				s.Assert(len(rows) <= n, "number of messages under "+query, fmt.Sprintf("at most %d", n), len(rows))
			}
		}
	}},
	{Clause: strict("AH-LIST-MSG-06", handoffMessages, "limit=200 is accepted."), Run: handoffFullPage},
	{Clause: strict("AH-LIST-MSG-07", handoffMessages, "Limit above 200 never returns more than 200 rows (200 or 400)."), Run: handoffAboveMaximum},
	{Clause: lenient("AH-LIST-MSG-08", handoffMessages, "limit=0, negative or text never gives 5xx."), Steady: true, Run: func(s *Session) {
		t := s.threads()[0] // the longest
		for _, bad := range []string{"0", "-1", "abc", "99999999999999999999"} {
			s.Get(target.Member, t.path(), "limit="+bad)
			s.StopIfFailed()
			s.Assert(s.Last().Status < http.StatusInternalServerError, "status of limit="+bad, "no 5xx", s.Last().Status)
			if rows, _, err := survey.List(s.Last(), "messages"); err == nil && len(bad) < 4 {
				s.Assert(len(rows) <= fullPage, "number of messages under limit="+bad, "at most 200", len(rows))
			}
		}
	}},
	{Clause: strict("AH-LIST-MSG-09", handoffMessages, "Order stays ascending when limit cuts the result."), Run: handoffCutOrder},
	{Clause: lenient("AH-LIST-MSG-24", handoffMessages, "A ticket without messages gives 200 and an empty array."), Run: handoffEmpty},
	{Clause: strict("AH-LIST-MSG-25", handoffMessages, "Messages of other tickets never appear."), Run: handoffStrangers},
}

// handoffServed asks for each ticket. One that the target does not know is a
// stale fact, or a defect of AH-LIST-MSG-24.
func handoffServed(s *Session) {
	_, _ = s.surveyedThreads()
	looked := false
	for _, t := range s.knownThreads() {
		s.Get(target.Member, t.path(), "")
		s.StopIfFailed()
		e := s.Last()
		if e.Status == http.StatusNotFound {
			s.Remark("The target does not know ticket %s of project %s, which the facts name.", t.ticket.ID, t.project)
			continue
		}
		looked = true
		s.Assert(e.Status == http.StatusOK, "status of ticket "+t.ticket.ID, http.StatusOK, e.Status)
		media, _, _ := mime.ParseMediaType(e.ResponseHeader.Get("Content-Type"))
		if e.Status == http.StatusOK {
			s.Assert(media == "application/json", "Content-Type of ticket "+t.ticket.ID, "application/json", e.ResponseHeader.Get("Content-Type"))
		}
	}
	if !looked {
		s.Skip("the target knows no ticket the facts name", unlockThreads)
	}
}

// eachList judges the answer to each known ticket that is answered 200.
func (s *Session) eachList(judge func(thread)) {
	_, _ = s.surveyedThreads()
	looked := false
	for _, t := range s.knownThreads() {
		s.Get(target.Member, t.path(), "")
		s.StopIfFailed()
		if s.Last().Status == http.StatusOK {
			looked = true
			judge(t)
		}
	}
	if !looked {
		s.Skip("no known ticket of AppHandoff is answered 200", unlockThreads)
	}
}

// uncut judges the lists that no limit cuts.
func (s *Session) uncut(judge func(t thread, query string, rows []survey.Row)) {
	for _, t := range s.spoken(2) {
		for _, list := range []struct {
			query string
			most  int
		}{{"", perDefault}, {"limit=200", fullPage}} {
			if len(t.rows) >= list.most {
				continue
			}
			if rows, ok := s.ask(t, list.query); ok && len(rows) > 1 && len(rows) < list.most {
				judge(t, list.query, rows)
			}
		}
	}
}

// handoffOrder judges lists that no limit cuts, or the cut ones when all are:
// cut ones are for AH-LIST-MSG-09.
func handoffOrder(s *Session) {
	looked := false
	judge := func(t thread, query string, rows []survey.Row) {
		looked = looked || distinct(rows)
		s.ascending(t, query, rows)
	}
	s.uncut(judge)
	s.visitCuts(func(t thread, c cut) {
		if rows, ok := s.ask(t, c.query()); ok {
			s.ascending(t, c.query(), rows)
		}
	})
	for _, q := range s.eachTask() {
		if rows, ok := s.ask(q.thread, q.query()); ok {
			s.ascending(q.thread, q.query(), rows)
		}
	}
	if !looked {
		for _, t := range s.spoken(2) {
			if rows, ok := s.ask(t, "limit=200"); ok {
				judge(t, "limit=200", rows)
			}
		}
	}
	if !looked {
		s.Skip("no known ticket has messages of different times", unlockThreads)
	}
}

// distinct reports whether rows have different times.
func distinct(rows []survey.Row) bool {
	m := moments(rows)
	return len(m) > 1 && m[0].at.Before(m[len(m)-1].at)
}

// ascending asserts that a list is in order.
func (s *Session) ascending(t thread, query string, rows []survey.Row) {
	m, wrong := disorder(rows)
	if wrong {
		s.AssertRow(false, m.row, "created_at", "not before "+m.at.Format(time.RFC3339Nano)+" of the message before it")
		return
	}
	s.Assert(true, "order of ticket "+t.ticket.ID+" "+query, "ascending", "ascending")
}

// handoffCutOrder judges lists that a limit cuts. Of a target that does not
// even order whole lists it says nothing.
func handoffCutOrder(s *Session) {
	s.uncut(func(_ thread, _ string, rows []survey.Row) {
		if _, wrong := disorder(rows); wrong {
			s.Skip("not even a whole list is in order, which AH-LIST-MSG-03 judges", "")
		}
	})
	const most = 4 // threads
	looked := false
	threads := s.spoken(3)
	for _, t := range threads[:min(len(threads), most)] {
		queries := []string{fmt.Sprintf("limit=%d", min((len(t.rows)+1)/2, fullPage))}
		if len(t.rows) > perDefault {
			queries = append(queries, "")
		}
		if len(t.rows) > fullPage {
			queries = append(queries, "limit=200")
		}
		for _, query := range queries {
			if rows, ok := s.ask(t, query); ok && distinct(rows) {
				looked = true
				s.ascending(t, query, rows)
			}
		}
	}
	if !looked {
		s.Skip("no list that a limit cuts has messages of different times", unlockThreads)
	}
}

// handoffDefaultLimit counts the messages that come without a limit. A ticket
// with more than 50 tells 50 from more, a shorter one from less.
func handoffDefaultLimit(s *Session) {
	told := false
	for _, t := range s.spoken(1) {
		rows, ok := s.ask(t, "")
		if !ok {
			continue
		}
		what := "number of messages of ticket " + t.ticket.ID + " without limit"
		if len(t.rows) > perDefault {
			told = true
			s.Assert(len(rows) == perDefault, what, perDefault, len(rows))
		} else {
			s.Assert(len(rows) >= len(t.rows), what, fmt.Sprintf("the %d it has", len(t.rows)), len(rows))
		}
	}
	s.defaultUnder()
	if !told {
		s.Skip("no known ticket has more than 50 messages", "a ticket with more than 50 messages under apphandoff.projects in --facts FILE")
	}
}

// defaultUnder counts the messages that come without a limit behind a since or
// of a task, where there are more than 50.
func (s *Session) defaultUnder() {
	most := func(t thread, query, fuller string) bool {
		all, ok := s.ask(t, fuller)
		if !ok || len(all) <= perDefault {
			return false
		}
		if rows, ok := s.ask(t, query); ok {
			s.Assert(len(rows) <= perDefault, "number of messages of ticket "+t.ticket.ID+" under "+query, "at most 50", len(rows))
		}
		return true
	}
	long := slices.DeleteFunc(s.spoken(1), func(t thread) bool { return len(t.rows) <= perDefault })
	for _, t := range long {
		since := Query("since", moments(t.rows)[0].at.Add(-time.Second).UTC().Format(time.RFC3339))
		if most(t, since, since+"&limit=200") {
			break
		}
	}
	for _, q := range s.eachTask() {
		if most(q.thread, Query("task_id", q.task), q.query()) {
			break
		}
	}
}

// handoffFullPage asks for 200 messages, after all are known, and wants those
// there are.
func handoffFullPage(s *Session) {
	const most = 2 // threads
	threads, _ := s.surveyedThreads()
	if len(threads) == 0 {
		threads = s.knownThreads()
	}
	s.AskAgain()
	for _, t := range threads[:min(len(threads), most)] {
		s.Get(target.Member, t.path(), "limit=200").Status(http.StatusOK)
		s.StopIfFailed()
		rows, _, err := survey.List(s.Last(), "messages")
		if want := min(len(t.rows), fullPage); err == nil {
			s.Assert(len(rows) >= want, "number of messages of ticket "+t.ticket.ID+" under limit=200", fmt.Sprintf("at least %d", want), len(rows))
		}
	}
	s.spoken(1)
}

// handoffAboveMaximum asks for more than 200 messages.
func handoffAboveMaximum(s *Session) {
	longest := s.threads()[0]
	for _, n := range []string{"201", "1000", "2147483647"} {
		s.Get(target.Member, longest.path(), "limit="+n).StatusList(append(refusals, http.StatusOK)...)
		s.StopIfFailed()
		if s.Last().Status == http.StatusOK {
			rows := s.Rows("messages")
			s.Assert(len(rows) <= fullPage, "number of messages under limit="+n, "at most 200", len(rows))
		}
	}
	if longest.size() <= fullPage {
		s.Skip("no known ticket has more than 200 messages", "a ticket with more than 200 messages under apphandoff.projects in --facts FILE")
	}
}

// handoffEmpty asks for tickets without messages. A count of 0 in the facts
// means none only when they count the messages of other tickets.
func handoffEmpty(s *Session) {
	_, _ = s.surveyedThreads()
	known := s.knownThreads()
	counted := false
	for _, t := range known {
		counted = counted || t.ticket.Messages > 0
	}
	looked := false
	for _, t := range known {
		if t.ticket.Messages > 0 {
			continue
		}
		rows, ok := s.ask(t, "")
		switch e := s.Last(); {
		case ok && len(rows) == 0:
			looked = true
			s.Assert(true, "messages of ticket "+t.ticket.ID, 0, 0)
		case !ok && counted && !nameless(e):
			looked = true
			s.Assert(false, "answer for ticket "+t.ticket.ID+", which has no messages", "200 and an empty array messages",
				missing(fmt.Sprintf("%d %s", e.Status, e.ResponseBody)))
		}
	}
	if !looked {
		s.Skip("no known ticket is without messages", "a ticket without messages, and others with their number of messages, under apphandoff.projects in --facts FILE")
	}
}

// nameless reports whether a list is answered 200 without messages at all,
// which is for AH-LIST-MSG-02 to say.
func nameless(e *target.Exchange) bool {
	v, _ := survey.Decode(e.ResponseBody)
	body, _ := v.(map[string]any)
	_, named := body["messages"]
	return e.Status == http.StatusOK && !named
}

// handoffStrangers looks for a message in two tickets.
func handoffStrangers(s *Session) {
	threads := s.spoken(1)
	if len(threads) < 2 {
		s.Skip("only one known ticket has messages", "two tickets with messages under apphandoff.projects in --facts FILE")
	}
	owner := map[string]string{}
	look := func(t thread, rows []survey.Row) {
		for _, r := range rows {
			other, known := owner[strings.ToLower(r.ID())]
			if known && other != t.ticket.ID {
				s.AssertRow(false, r, "id", "no message of ticket "+other+", which lists it too, among those of "+t.ticket.ID)
			}
		}
		s.Assert(true, "messages of ticket "+t.ticket.ID, "its own", "its own")
	}
	for _, t := range threads {
		look(t, t.rows)
		for _, id := range handoffIDs(t.rows, everyMessage) {
			owner[strings.ToLower(id)] = t.ticket.ID
		}
	}
	s.visitCuts(func(t thread, c cut) {
		if rows, ok := s.ask(t, c.query()); ok {
			look(t, rows)
		}
	})
}
