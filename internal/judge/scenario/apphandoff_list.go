package scenario

import (
	"fmt"
	"net/http"

	"github.com/mockdesk/mockdesk/internal/judge/model"
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
	{Clause: strict("AH-LIST-MSG-06", handoffMessages, "limit=200 is accepted."), Run: handoffFullPage},
	{Clause: strict("AH-LIST-MSG-07", handoffMessages, "Limit above 200 never returns more than 200 rows (200, or a refusal with 400, 404 or 422)."), Run: handoffAboveMaximum},
	{Clause: lenient("AH-LIST-MSG-08", handoffMessages, "limit=0, negative or text never gives 5xx."), Steady: true, Run: func(s *Session) {
		t := s.threads()[0] // the longest
		for _, bad := range []string{"0", "-1", "abc", "99999999999999999999"} {
			e := s.exchange(target.Member, t.path(), "limit="+bad)
			s.Assert(e.Status < http.StatusInternalServerError, "status of limit="+bad, "no 5xx", e.Status)
			if rows, _, err := survey.List(e, "messages"); err == nil && len(bad) < 4 {
				s.Assert(len(rows) <= fullPage, "number of messages under limit="+bad, "at most 200", len(rows))
			}
		}
	}},
	{Clause: lenient("AH-LIST-MSG-24", handoffMessages, "A ticket without messages gives 200 and an empty array."), Run: handoffEmpty},
	{Clause: strict("AH-LIST-MSG-25", handoffMessages, "Messages of other tickets never appear."), Run: handoffStrangers},
}

var handoffRows = []Scenario{
	{Clause: strict("AH-MSG-01", handoffMessages, "id is present, a UUID string."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-02", handoffMessages, "author_type is present, human or agent."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-03", handoffMessages, "author_id is absent, null or a string (no format)."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-04", handoffMessages, "body is present, a string."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-05", handoffMessages, "task_id is absent, null or a UUID string."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-06", handoffMessages, "body_format is absent, null, markdown or plain."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-07", handoffMessages, "created_at is present, RFC 3339."), Steady: true, Run: shape("message", (*Session).posts)},
}

// posts are the messages of every known ticket of AppHandoff.
func (s *Session) posts() []survey.Row {
	var rows []survey.Row
	for _, t := range s.spoken(1) {
		rows = append(rows, t.rows...)
	}
	return rows
}

// handoffServed asks for each ticket. One that the target does not know is a
// stale fact, or a defect of AH-LIST-MSG-24.
func handoffServed(s *Session) {
	_, _ = s.surveyedThreads()
	for _, t := range s.knownThreads() {
		e := s.exchange(target.Member, t.path(), "")
		if e.Status == http.StatusNotFound {
			s.Remark("The target does not know ticket %s of project %s, which the facts name.", t.ticket.ID, t.project)
			continue
		}
		s.Assert(e.Status == http.StatusOK, "status of ticket "+t.ticket.ID, http.StatusOK, e.Status)
		if e.Status == http.StatusOK {
			s.Assert(mediaOf(e) == "application/json", "Content-Type of ticket "+t.ticket.ID, "application/json", e.ResponseHeader.Get("Content-Type"))
		}
	}
	s.SkipUnlessAsserted("the target knows no ticket the facts name", unlockThreads)
}

// eachList judges the answer to each known ticket that is answered 200.
func (s *Session) eachList(judge func(thread)) {
	_, _ = s.surveyedThreads()
	for _, t := range s.knownThreads() {
		if s.exchange(target.Member, t.path(), "").Status == http.StatusOK {
			judge(t)
		}
	}
	s.SkipUnlessAsserted("no known ticket of AppHandoff is answered 200", unlockThreads)
}

// distinct reports whether rows have different times.
func distinct(rows []survey.Row) bool {
	m := moments(rows)
	return len(m) > 1 && m[0].at.Before(m[len(m)-1].at)
}

// handoffFullPage asks for 200 messages, once all are known, and expects all
// that exist.
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
	limits := []string{"201", "2147483647"}
	if s.roomy() {
		limits = append(limits, "500&since=2001-01-01T00:00:00Z")
	}
	for _, n := range limits {
		s.Get(target.Member, longest.path(), "limit="+n).StatusList(append(refusals, http.StatusOK)...)
		s.refused()
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
	for _, t := range known {
		if t.ticket.Messages > 0 {
			continue
		}
		rows, ok := s.ask(t, "")
		switch e := s.Last(); {
		case ok && len(rows) == 0:
			s.Assert(true, "messages of ticket "+t.ticket.ID, 0, 0)
		case !ok && counted && !nameless(e):
			s.Assert(false, "answer for ticket "+t.ticket.ID+", which has no messages", "200 and an empty array messages",
				missing(fmt.Sprintf("%d %s", e.Status, e.ResponseBody)))
		}
	}
	s.SkipUnlessAsserted("no known ticket is without messages", "a ticket without messages, and others with their number of messages, under apphandoff.projects in --facts FILE")
}

// nameless reports whether the answer is a 200 without the member messages,
// which AH-LIST-MSG-02 judges.
func nameless(e *target.Exchange) bool {
	_, named := objectOf(e)["messages"]
	return e.Status == http.StatusOK && !named
}

// handoffStrangers looks for a message in two tickets.
func handoffStrangers(s *Session) {
	threads := s.spoken(1)
	if len(threads) < 2 {
		s.Skip("only one known ticket has messages", "two tickets with messages under apphandoff.projects in --facts FILE")
	}
	owner := map[string]string{}
	for _, t := range threads {
		for _, r := range t.rows {
			other, known := owner[model.ID(r)]
			if known && other != t.ticket.ID {
				s.AssertRow(false, r, "id", "no message of ticket "+other+", which lists it too, among those of "+t.ticket.ID)
			}
		}
		s.Assert(true, "messages of ticket "+t.ticket.ID, "its own", "its own")
		for _, r := range t.rows {
			if r.ID() != "" { // which AH-MSG-01 judges
				owner[model.ID(r)] = t.ticket.ID
			}
		}
	}
}
