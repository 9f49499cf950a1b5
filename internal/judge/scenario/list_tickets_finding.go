package scenario

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// finding is what a query of the ticket list finds, oldest first, as far as it
// was read.
type finding struct {
	query  string
	status int
	rows   []survey.Row // of the first page, of all pages when whole
	total  int64        // meta.total, -1 when there is none
	whole  bool         // rows are all, and meta.total says the same
	until  time.Time    // every match created before it is among rows; zero when that is not known
}

// peek asks for one page of the list. It asserts nothing: rows are nil unless
// the answer is 200 with a list.
func (s *Session) peek(rawQuery string) (rows []survey.Row, total int64, status int) {
	rows, meta, status := s.peekMeta(rawQuery)
	return rows, whole(meta, "total"), status
}

// peekMeta is peek with all of meta.
func (s *Session) peekMeta(rawQuery string) (rows []survey.Row, meta map[string]any, status int) {
	s.usedData = true
	e := s.exchange(target.ReadWrite, "/tickets", rawQuery)
	if e.Status != http.StatusOK {
		return nil, nil, e.Status
	}
	rows, object, err := survey.List(e, "data")
	if err != nil {
		rows = nil
	}
	meta, _ = object["meta"].(map[string]any)
	return rows, meta, e.Status
}

// whole is an integer of meta, -1 without it.
func whole(meta map[string]any, name string) int64 {
	if n, ok := survey.Integer(meta[name]); ok {
		return n
	}
	return -1
}

// listQuery returns the query for a page of what the filter finds, oldest
// first, in the form that the survey uses.
func (s *Session) listQuery(rawQuery string, page int64) string {
	ask := strings.Trim(rawQuery+"&sort=created_at&order=asc", "&")
	if size := s.Tickets().PerPage; size > 0 {
		ask += fmt.Sprintf("&per_page=%d", size)
	}
	return ask + fmt.Sprintf("&page=%d", page)
}

// firstPage is how many tickets the first page of the survey holds.
func (s *Session) firstPage() int {
	rows := s.Tickets().Rows
	n := 0
	for n < len(rows) && rows[n].From == rows[0].From {
		n++
	}
	return n
}

// find lists what a query finds and asserts nothing.
func (s *Session) find(rawQuery string) finding {
	f := finding{query: rawQuery}
	f.rows, f.total, f.status = s.peek(s.listQuery(rawQuery, 1))
	size := int64(len(f.rows))
	if f.status != http.StatusOK || size == 0 {
		f.whole = f.status == http.StatusOK && f.total <= 0
		return f
	}
	f.until = lastInstant(f.rows)
	if pages := s.pagesOf(f); pages <= mostPages {
		s.readOn(&f, pages)
	}
	return f
}

// mostPages is how many pages of a result are read, at most, to have it whole.
const mostPages = 2

// pagesOf is how many pages there may be, judging by the first.
func (s *Session) pagesOf(f finding) int64 {
	size := int64(len(f.rows))
	switch {
	case f.total > size:
		return (f.total + size - 1) / size
	case len(f.rows) < s.firstPage():
		return 1
	case f.total < 0:
		return mostPages
	default:
		return 2 // the total may be that of the page alone
	}
}

// readOn reads the other pages and decides whether the finding is then whole.
func (s *Session) readOn(f *finding, pages int64) {
	all, last := slices.Clone(f.rows), len(f.rows)
	for page := int64(2); page <= pages; page++ {
		rows, _, _ := s.peek(s.listQuery(f.query, page))
		all, last = append(all, rows...), len(rows)
	}
	n := int64(len(idSet(all)))
	ended := f.total == n || f.total < 0 && last < s.firstPage()
	if ended && n == int64(len(all)) {
		f.rows, f.whole = all, true
	}
}

// tail are the rows of the last page of a result that is too long to be read.
func (s *Session) tail(f finding) []survey.Row {
	pages := s.pagesOf(f)
	if f.whole || len(f.rows) == 0 || pages <= mostPages {
		return nil
	}
	rows, _, _ := s.peek(s.listQuery(f.query, pages))
	return rows
}

// found is find, and asserts that the query is accepted and that a list comes.
func (s *Session) found(rawQuery string) finding {
	f := s.find(rawQuery)
	s.Must(f.status == http.StatusOK, "status of "+rawQuery, http.StatusOK, f.status)
	return f
}

// lastInstant is the created_at of the last row if the rows ascend.
func lastInstant(rows []survey.Row) time.Time {
	var last time.Time
	for _, r := range rows {
		at, ok := r.Time("created_at")
		if !ok || at.Before(last) {
			return time.Time{}
		}
		last = at
	}
	return last
}

// covers reports whether the ticket would be among rows if the query found it.
func (f finding) covers(ticket survey.Row) bool {
	at, ok := ticket.Time("created_at")
	return f.whole || ok && at.Before(f.until)
}

// has reports whether the ticket is among the rows.
func (f finding) has(id string) bool {
	return slices.ContainsFunc(f.rows, func(r survey.Row) bool { return strings.EqualFold(r.ID(), id) })
}

// narrows reports whether the query finds some of all tickets and not others.
func (s *Session) narrows(f finding) bool {
	if len(f.rows) == 0 || f.status != http.StatusOK {
		return false
	}
	all, listed := s.Tickets(), idSet(f.rows)
	missing := slices.ContainsFunc(all.Rows, func(r survey.Row) bool { return !listed[r.ID()] && f.covers(r) })
	return missing || f.total >= 0 && f.total < all.Total
}

// agree asserts that a query finds the rows that follow from the other
// findings: those that all of them cover and for which want is true. It skips
// when nothing is covered.
func (s *Session) agree(got finding, what string, want func(survey.Row) bool, others ...finding) {
	findings := append([]finding{got}, others...)
	blind := func(f finding) bool { return !f.whole && f.until.IsZero() }
	if slices.ContainsFunc(findings, blind) {
		s.Skip("the result of "+got.query+" is too long to be read and not in order of created_at", "")
	}
	seen := map[string]bool{}
	for _, f := range findings {
		for _, r := range f.rows {
			hidden := slices.ContainsFunc(findings, func(f finding) bool { return !f.covers(r) })
			if seen[r.ID()] || hidden {
				continue
			}
			seen[r.ID()] = true
			listed, expected := got.has(r.ID()), want(r)
			s.Assert(listed == expected, "ticket "+r.ID()+" in the result of "+got.query, listing(expected)+": "+what, listing(listed))
		}
	}
	s.Assert(true, got.query, what, "") // agreement may also mean no ticket on either side
}

// listing says whether a ticket is listed.
func listing(is bool) string {
	if is {
		return "listed"
	}
	return "not listed"
}

// shows asserts that a finding has a ticket, or that it does not; what
// describes the ticket.
func (s *Session) shows(f finding, ticket survey.Row, want bool, what string) {
	is := f.has(ticket.ID())
	s.Assert(is == want, "ticket "+ticket.ID()+" "+what, listing(want), listing(is))
}

// same asserts that two queries find the same tickets.
func (s *Session) same(got, want finding) {
	s.agree(got, "the result is that of "+want.query, func(r survey.Row) bool { return want.has(r.ID()) }, want)
	if got.total >= 0 && want.total >= 0 {
		s.Assert(got.total == want.total, "meta.total of "+got.query, want.total, got.total)
	}
}

// keeps asserts that a filter finds exactly the tickets for which keep is true:
// every listed row satisfies it, and as many are found as the survey knows. It
// reports whether the filter could tell good from bad.
func (s *Session) keeps(rawQuery, member, what string, keep func(survey.Row) bool) bool {
	all := s.Tickets()
	known := idSet(only(all.Rows, keep))
	f := s.found(rawQuery)
	counted := all.Complete && f.total >= 0 && f.total != all.Total
	var tail []survey.Row
	if !counted || f.total != int64(len(known)) { // otherwise meta.total vouches for the other pages
		tail = s.tail(f)
	}
	for _, r := range append(slices.Clone(f.rows), tail...) {
		s.AssertRow(keep(r), r, member, what)
	}
	switch {
	case all.Complete && f.whole:
		lost := without(slices.Sorted(maps.Keys(known)), IDs(f.rows))
		s.Assert(len(lost) == 0, "tickets that "+rawQuery+" does not list", "none with "+what, head(lost))
	case counted && s.pagesOf(f) > mostPages:
		s.Assert(f.total == int64(len(known)), "meta.total of "+rawQuery, len(known), f.total)
	default: // the total and the rows contradict each other, which other clauses judge
		s.Assert(true, rawQuery, what, "")
	}
	return len(known) > 0 && len(known) < len(idSet(all.Rows))
}

// idSet are the ids of rows.
func idSet(rows []survey.Row) map[string]bool {
	set := make(map[string]bool, len(rows))
	for _, r := range rows {
		set[r.ID()] = true
	}
	return set
}
