package scenario

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var (
	statusNames    = []string{"open", "in_progress", "waiting", "resolved", "closed"}
	priorityLevels = []string{"low", "normal", "high", "urgent"}
)

var ticketFilters = []Scenario{
	{Clause: strict("IO-LIST-TICKETS-18", listTickets, "status=open returns only tickets with status open."), Run: func(s *Session) {
		if !s.keeps("status=open", "status", "open", textIs("status", "open")) {
			s.Skip("no ticket is open, or all are", "a workspace with open and other tickets")
		}
	}},
	{Clause: strict("IO-LIST-TICKETS-19", listTickets, "Each of open, in_progress, waiting, resolved, closed is accepted as status."), Run: eachStatus},
	{Clause: strict("IO-LIST-TICKETS-20", listTickets, "status=open,closed returns the union of the two."), Run: twoStatuses},
	{Clause: lenient("IO-LIST-TICKETS-21", listTickets, "An unknown status never yields unfiltered rows (400 expected)."), Steady: true, Run: func(s *Session) {
		s.refusesOrKeeps("status=mockdesk_unknown", "status", nobody)
		s.refusedOrEmpty()
		s.refusesOrKeeps("status=open,mockdesk_unknown", "status", textIs("status", "open"))
	}},
	{Clause: strict("IO-LIST-TICKETS-22", listTickets, "inbox_id returns only tickets of that inbox."), Run: func(s *Session) { s.eachValue("inbox_id", 2) }},
	{Clause: lenient("IO-LIST-TICKETS-23", listTickets, "An unknown inbox_id yields no rows."), Steady: true, Run: func(s *Session) {
		s.tickets()
		s.findsNothing("inbox_id="+NobodyTicket, http.StatusBadRequest, http.StatusNotFound)
	}},
	{Clause: lenient("IO-LIST-TICKETS-24", listTickets, "A malformed inbox_id never yields unfiltered rows (400 expected)."), Steady: true, Run: func(s *Session) {
		known := s.tickets()[0].Text("inbox_id")
		if !survey.IsUUID(known) {
			known = NobodyTicket
		}
		for _, malformed := range []string{"not-a-uuid", known[:len(known)-1], known + "0"} {
			s.findsNothing("inbox_id="+malformed, http.StatusBadRequest)
		}
	}},
	{Clause: strict("IO-LIST-TICKETS-25", listTickets, "assignee_id=<uuid> returns only that assignee's tickets."), Run: func(s *Session) {
		s.eachValue("assignee_id", 3)
		if s.roomy() {
			s.findsNothing("assignee_id="+NobodyTicket, http.StatusBadRequest, http.StatusNotFound) // B21
		}
	}},
	{Clause: strict("IO-LIST-TICKETS-26", listTickets, "assignee_id=__unassigned__ returns only tickets without assignee."), Run: unassignedTickets},
	{Clause: lenient("IO-LIST-TICKETS-27", listTickets, "Rows found by assignee_id=__unassigned__ have assignee_id null or absent."), Run: unassignedRows},
	{Clause: lenient("IO-LIST-TICKETS-28", listTickets, "assignee_id neither UUID nor the literal is 400 or empty."), Steady: true, Run: func(s *Session) {
		s.tickets()
		for _, malformed := range []string{"not-a-uuid", "__mockdesk_unknown__"} {
			s.findsNothing("assignee_id="+malformed, http.StatusBadRequest)
		}
	}},
	{Clause: strict("IO-LIST-TICKETS-29", listTickets, "priority=<level> returns only that level, for low, normal, high, urgent."), Run: func(s *Session) {
		told := false
		for _, level := range priorityLevels {
			told = s.keeps("priority="+level, "priority", level, textIs("priority", level)) || told
		}
		if !told {
			s.Skip("all tickets have the same priority", "a workspace with tickets of several priorities")
		}
	}},
	{Clause: lenient("IO-LIST-TICKETS-30", listTickets, "An unknown priority never yields unfiltered rows (400 expected)."), Steady: true, Run: func(s *Session) {
		s.refusesOrKeeps("priority=mockdesk_unknown", "priority", nobody)
		s.refusedOrEmpty()
		s.refusesOrKeeps("priority=low,mockdesk_unknown", "priority", textIs("priority", "low"))
	}},
	{Clause: lenient("IO-LIST-TICKETS-56", listTickets, "meta.total is reduced by filters."), Run: filteredTotals},
}

// nobody is a condition that no ticket satisfies.
func nobody(survey.Row) bool { return false }

// textIs is the condition that a member has the text.
func textIs(member, want string) func(survey.Row) bool {
	return func(r survey.Row) bool { return strings.EqualFold(r.Text(member), want) }
}

// tickets are the surveyed tickets; it skips when there are none, since an
// empty result would prove nothing.
func (s *Session) tickets() []survey.Row {
	rows := s.Tickets().Rows
	if len(rows) == 0 {
		s.Skip("the workspace has no tickets", "a workspace with tickets")
	}
	return rows
}

// refuses asserts that the list answers a query with 400.
func (s *Session) refuses(rawQuery string) {
	s.Get(target.ReadWrite, "/tickets", rawQuery).Status(http.StatusBadRequest)
}

// findsNothing asserts that a query is refused with one of the statuses or
// finds nothing.
func (s *Session) findsNothing(rawQuery string, refusals ...int) {
	s.Get(target.ReadWrite, "/tickets", rawQuery).StatusList(append(refusals, http.StatusOK)...)
	s.refusedOrEmpty()
	rows, _, _ := s.peek(rawQuery)
	s.Assert(len(rows) == 0, "data of "+rawQuery, "empty", len(rows))
}

// refusesOrKeeps asserts that a filter with an unknown value is refused with
// 400, or that each row satisfies the part that is known.
func (s *Session) refusesOrKeeps(rawQuery, member string, keep func(survey.Row) bool) {
	s.tickets()
	s.Get(target.ReadWrite, "/tickets", rawQuery).StatusList(http.StatusBadRequest, http.StatusOK)
	s.StopIfFailed()
	if s.Last().Status != http.StatusOK {
		return
	}
	for _, r := range s.Rows("data") {
		s.AssertRow(keep(r), r, member, "no row beyond the known part of "+rawQuery)
	}
}

// eachStatus asks for each status. Another clause judges with open that the
// filter works; if it does not, only acceptance is judged here.
func eachStatus(s *Session) {
	works := s.honoured("status=open", textIs("status", "open")) || !slices.ContainsFunc(s.Tickets().Rows, textIs("status", "open"))
	for _, status := range statusNames {
		if works && status != "open" {
			s.keeps("status="+status, "status", status, textIs("status", status))
			continue
		}
		_, _, code := s.peek(s.listQuery("status="+status, 1))
		s.Assert(code == http.StatusOK, "status of status="+status, http.StatusOK, code)
	}
}

// twoStatuses asks for two statuses at once: open and closed when the
// workspace has both and a third.
func twoStatuses(s *Session) {
	var present []string
	for _, name := range []string{"open", "closed", "resolved", "waiting", "in_progress"} {
		if s.honoured("status="+name, textIs("status", name)) {
			present = append(present, name)
		}
		if len(present) == 2 {
			break
		}
	}
	if len(present) < 2 {
		s.Skip("the tickets have fewer than two statuses that can be asked for", "a workspace with tickets of several statuses")
	}
	either := func(r survey.Row) bool { return slices.Contains(present, r.Text("status")) }
	if !s.keeps("status="+strings.Join(present, ","), "status", strings.Join(present, " or "), either) {
		s.Skip("all tickets are "+strings.Join(present, " or "), "a workspace with tickets of three statuses")
	}
}

// eachValue filters by the values that a member has: the most frequent ones
// and the rarest.
func (s *Session) eachValue(member string, most int) {
	values := slices.DeleteFunc(survey.Values(s.Tickets().Rows, member), func(v survey.Value) bool { return !survey.IsUUID(v.Text) })
	if len(values) > most {
		values = append(values[:most-1], values[len(values)-1])
	}
	told := false
	for _, v := range values {
		told = s.keeps(member+"="+v.Text, member, v.Text, textIs(member, v.Text)) || told
	}
	if !told {
		s.Skip("no "+member+" tells some tickets from others", "a workspace with tickets of more than one "+member)
	}
}

// unassignedTickets judges by what the survey knows of each ticket found, so
// that a wrong assignee_id in those rows is left to the next clause.
func unassignedTickets(s *Session) {
	byID := map[string]survey.Row{}
	for _, r := range s.Tickets().Rows {
		byID[r.ID()] = r
	}
	free := func(r survey.Row) bool {
		if known, ok := byID[r.ID()]; ok {
			r = known
		}
		return !survey.IsUUID(r.Text("assignee_id"))
	}
	if !s.keeps("assignee_id=__unassigned__", "assignee_id", "no assignee", free) {
		s.Skip("no ticket is without an assignee, or all are", "a workspace with assigned and unassigned tickets")
	}
}

// unassignedRows leaves out rows that have an assignee in every list: the
// previous clause judges that they are found at all.
func unassignedRows(s *Session) {
	assigned := map[string]bool{}
	for _, r := range s.Tickets().Rows {
		assigned[r.ID()] = survey.IsUUID(r.Text("assignee_id"))
	}
	f := s.found("assignee_id=__unassigned__")
	looked := false
	for _, r := range append(slices.Clone(f.rows), s.tail(f)...) {
		if !assigned[r.ID()] {
			looked = true
			s.AssertRow(!r.Has("assignee_id"), r, "assignee_id", "null or absent")
		}
	}
	if !looked {
		s.Skip("no ticket without an assignee is found", "a workspace with unassigned tickets")
	}
}

// condition is a filter and what it stands for.
type condition struct {
	query string
	keep  func(survey.Row) bool
}

// conditions are filters that fit the ticket and work alone.
func (s *Session) conditions(ticket survey.Row) []condition {
	var out []condition
	for _, member := range []string{"status", "priority", "inbox_id", "assignee_id"} {
		if value := ticket.Text(member); value != "" {
			c := condition{member + "=" + value, textIs(member, value)}
			if s.honoured(c.query, c.keep) {
				out = append(out, c)
			}
		}
	}
	if at, ok := s.instants("created_at").middle(); ok {
		c := condition{Query("created_after", at.stamp()), at.keep("created_after")}
		if !c.keep(ticket) {
			c = condition{Query("created_before", at.stamp()), at.keep("created_before")}
		}
		if s.honoured(c.query, c.keep) {
			out = append(out, c)
		}
	}
	return out
}

// filteredTotals compares the total under each filter that works with the
// total of all.
func filteredTotals(s *Session) {
	rows := s.tickets()
	conditions := s.conditions(rows[len(rows)/2])
	if s.many() { // then requests are scarce, too
		conditions = conditions[:min(len(conditions), 2)]
	}
	for _, c := range conditions {
		f := s.find(c.query)
		ofPage := !f.whole && f.total == int64(len(f.rows)) // the total counts only the page, which another clause judges
		if ofPage || f.total < 0 || s.Tickets().Total < 0 || !slices.ContainsFunc(rows, func(r survey.Row) bool { return !c.keep(r) }) {
			continue
		}
		s.Assert(f.total < s.Tickets().Total, "meta.total of "+c.query, "less than "+text(s.Tickets().Total)+", the total of all tickets", f.total)
	}
	s.SkipUnlessAsserted("no filter tells some tickets from others, or meta has no total", "a workspace with tickets that differ")
}
