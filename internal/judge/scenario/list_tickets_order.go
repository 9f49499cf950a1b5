package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var ticketOrder = []Scenario{
	{Clause: strict("IO-LIST-TICKETS-43", listTickets, "sort=created_at, order=asc is ascending by created_at."), Run: func(s *Session) {
		s.ordered("created_at", "asc")
	}},
	{Clause: strict("IO-LIST-TICKETS-44", listTickets, "sort=created_at, order=desc is descending by created_at."), Run: func(s *Session) {
		s.ordered("created_at", "desc")
	}},
	{Clause: strict("IO-LIST-TICKETS-45", listTickets, "sort=updated_at with asc and desc orders by updated_at."), Run: func(s *Session) {
		s.ordered("updated_at", "asc")
		s.ordered("updated_at", "desc")
	}},
	{Clause: lenient("IO-LIST-TICKETS-46", listTickets, "sort=priority groups equal priorities and asc is the reverse grouping of desc."), Run: byPriority},
	{Clause: lenient("IO-LIST-TICKETS-47", listTickets, "An unknown sort is 400 or ignored, never 5xx."), Steady: true, Run: func(s *Session) {
		s.Get(target.ReadWrite, "/tickets", "sort=mockdesk_unknown").StatusList(http.StatusBadRequest, http.StatusOK)
		s.refused()
	}},
	{Clause: lenient("IO-LIST-TICKETS-48", listTickets, "An unknown order is 400 or ignored, never 5xx."), Steady: true, Run: func(s *Session) {
		for _, q := range []string{"sort=created_at&order=mockdesk_unknown", "sort=created_at&order=0"} {
			s.Get(target.ReadWrite, "/tickets", q).StatusList(http.StatusBadRequest, http.StatusOK)
			s.refused()
		}
	}},
}

// spread lists pages of the list in an order: the first two, one in the middle
// and the last, or all if there are at most n. A page that repeats rows of an
// earlier one is left out: other clauses judge paging.
func (s *Session) spread(sort, order string, n int64) []survey.Row {
	all := s.Tickets()
	if s.many() {
		n-- // of many tickets, planned questions ask for later pages
	}
	size := int64(max(s.firstPage(), 1))
	last := (max(all.Total, int64(len(all.Rows))) + size - 1) / size
	var pages []int64
	for i := range min(n, last) {
		pages = append(pages, 1+i*(last-1)/max(min(n, last)-1, 1))
	}
	if last > n {
		pages[1] = 2
	}
	seen := map[string]bool{}
	var out []survey.Row
	for _, page := range pages {
		q := fmt.Sprintf("sort=%s&order=%s", sort, order)
		if all.PerPage > 0 {
			q += fmt.Sprintf("&per_page=%d", all.PerPage)
		}
		rows := s.Page(fmt.Sprintf("%s&page=%d", q, page)).Rows
		if !slices.ContainsFunc(rows, func(r survey.Row) bool { return seen[r.ID()] }) {
			out = append(out, rows...)
		}
		for _, r := range rows {
			seen[r.ID()] = true
		}
	}
	return out
}

// ordered asserts that the list is in the order of a time, ties aside, and
// begins with the first of all tickets.
func (s *Session) ordered(member, order string) {
	all := s.instants(member)
	if len(all) < 2 {
		s.Skip("all tickets have the same "+member, "a workspace with tickets of different times")
	}
	extreme, what := all[0], "not before the row above it"
	if order == "desc" {
		extreme, what = all[len(all)-1], "not after the row above it"
	}
	rows := s.spread(member, order, 3)
	var above time.Time
	for i, r := range rows {
		at, ok := r.Time(member)
		if !ok {
			continue // another clause judges its form
		}
		right := above.IsZero() || order == "asc" && !at.Before(above) || order == "desc" && !at.After(above)
		s.AssertRow(right, r, member, what+", which has "+above.Format(time.RFC3339Nano))
		above = at
		if i == 0 && s.Tickets().Complete {
			first := order == "asc" && !at.After(extreme) || order == "desc" && !at.Before(extreme)
			s.AssertRow(first, r, member, "that of the first of all tickets, "+extreme.Format(time.RFC3339Nano))
		}
	}
}

// byPriority asserts that equal priorities are together and that desc has the
// groups of asc in reverse order; which comes first is not documented.
func byPriority(s *Session) {
	if len(survey.Values(s.tickets(), "priority")) < 2 {
		s.Skip("all tickets have the same priority", "a workspace with tickets of several priorities")
	}
	up, down := s.priorityGroups("asc"), s.priorityGroups("desc")
	if s.Failed() {
		return
	}
	shared := func(groups, others []string) []string {
		return only(groups, func(g string) bool { return slices.Contains(others, g) })
	}
	down = shared(down, up)
	slices.Reverse(down)
	s.Equal("priorities of order=asc and, reversed, of order=desc", shared(up, down), down)
}

// priorityGroups are the priorities in the order of the list.
func (s *Session) priorityGroups(order string) []string {
	var groups []string
	for _, r := range s.spread("priority", order, 3) {
		level := r.Text("priority")
		if len(groups) > 0 && groups[len(groups)-1] == level {
			continue
		}
		s.AssertRow(!slices.Contains(groups, level), r, "priority", "next to the other tickets of its priority")
		groups = append(groups, level)
	}
	return groups
}
