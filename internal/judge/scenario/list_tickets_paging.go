package scenario

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var ticketPaging = []Scenario{
	{Clause: strict("IO-LIST-TICKETS-49", listTickets, "per_page=n returns at most n rows (n small)."), Run: smallPages},
	{Clause: strict("IO-LIST-TICKETS-50", listTickets, "page=1 and page=2 with the same explicit sort (distinct sort keys) are disjoint."), Run: twoPages},
	{Clause: lenient("IO-LIST-TICKETS-51", listTickets, "Walking the pages returns every match exactly once and the count equals meta.total."), Run: walkPages},
	{Clause: lenient("IO-LIST-TICKETS-52", listTickets, "meta.page and meta.per_page echo small in-range values."), Run: metaEcho},
	{Clause: lenient("IO-LIST-TICKETS-53", listTickets, "A page past the end is 200 with empty data."), Run: pastTheEnd},
	{Clause: lenient("IO-LIST-TICKETS-55", listTickets, "Omitting page equals page=1."), Run: noPage},
	{
		Clause: lenient("IO-LIST-TICKETS-63", listTickets, "A page has as many rows as were asked for, what is left of meta.total on the last one, and none past it."),
		Steady: true, Last: true, Run: wholePages,
	},
}

// wholePages compares the rows of each page that the run has asked for with
// meta.total, up to the largest page that came.
func wholePages(s *Session) {
	type page struct{ rows, total int }
	pages := map[*target.Exchange]page{}
	lists, most := s.lists(), 0
	for _, e := range lists {
		rows, object, err := survey.List(e, "data")
		meta, _ := object["meta"].(map[string]any)
		if total := whole(meta, "total"); err == nil && total >= 0 {
			pages[e] = page{len(rows), int(total)}
			most = max(most, len(rows))
		}
	}
	s.each(lists, func(e *target.Exchange) {
		p, ok := pages[e]
		asked, _ := url.ParseQuery(queryOf(e))
		size, _ := strconv.Atoi(asked.Get("per_page"))
		number, _ := strconv.Atoi(cmp.Or(asked.Get("page"), "1"))
		if !ok || size < 1 || size > most || number < 1 || number > p.total {
			return
		}
		want := max(0, min(size, p.total-(number-1)*size))
		s.assert(p.rows == want, "data of "+s.name(e), fmt.Sprintf("%d rows: page %d of %d in pages of %d", want, number, p.total, size), p.rows, e)
	})
	s.SkipUnlessAsserted("no list that came has rows, and total in meta", "a workspace with tickets")
}

// pageQuery asks for a page of the list in the order of creation.
func pageQuery(size, page int) string {
	return fmt.Sprintf("sort=created_at&order=asc&per_page=%d&page=%d", size, page)
}

// severalTickets are the surveyed tickets; it skips when there are fewer than n.
func (s *Session) severalTickets(n int) []survey.Row {
	rows := s.Tickets().Rows
	if len(rows) < n {
		s.Skip(fmt.Sprintf("the workspace has fewer than %d tickets", n), "a workspace with more tickets")
	}
	return rows
}

// smallPages asks for few rows.
func smallPages(s *Session) {
	s.severalTickets(2)
	for _, n := range []int{1, 3, 5} {
		if rows := s.Page(pageQuery(n, 1)).Rows; len(s.Tickets().Rows) > n {
			s.Assert(len(rows) <= n, fmt.Sprintf("data of per_page=%d", n), fmt.Sprintf("at most %d rows", n), len(rows))
		}
	}
}

// differentTimes reports whether all rows have a created_at of their own.
func differentTimes(rows []survey.Row) bool {
	seen := map[int64]bool{}
	for _, r := range rows {
		at, ok := r.Time("created_at")
		if !ok || seen[at.UnixNano()] {
			return false
		}
		seen[at.UnixNano()] = true
	}
	return true
}

// twoPages looks for tickets that are on two neighbouring pages, at the
// beginning of the list and later.
func twoPages(s *Session) {
	s.severalTickets(2)
	judged := false
	for _, at := range []struct{ size, page int }{{3, 1}, {5, 2}} {
		first, second := s.Page(pageQuery(at.size, at.page)), s.Page(pageQuery(at.size, at.page+1))
		if len(second.Rows) == 0 || !differentTimes(first.Rows) || !differentTimes(second.Rows) {
			continue
		}
		judged = true
		onBoth := slices.DeleteFunc(IDs(second.Rows), func(id string) bool { return !slices.Contains(IDs(first.Rows), id) })
		s.Assert(len(onBoth) == 0, fmt.Sprintf("tickets on pages %d and %d of per_page=%d", at.page, at.page+1, at.size), "none on both", onBoth)
	}
	if !judged {
		s.Skip("no second page with tickets of different times came", "a workspace with more tickets")
	}
}

// walk is the result of reading page after page.
type walk struct {
	rows  []survey.Row
	total int64
	ended bool // a page brought nothing new
}

// mostWalk is how many pages a walk reads.
const mostWalk = 6

// walk reads the pages of a query until meta.total is reached, and one more,
// which must not bring another ticket. Apart from that, the clause about pages
// past the end judges that page.
func (s *Session) walk(query string, size int) walk {
	at := func(page int) string { return fmt.Sprintf("%s&per_page=%d&page=%d", query, size, page) }
	first := s.Page(at(1))
	w := walk{rows: first.Rows, total: whole(first.Meta, "total")}
	for page := 2; page <= mostWalk && !w.ended; page++ {
		rows, _, _ := s.peek(at(page))
		if w.total < 0 || int64(len(w.rows)) >= w.total {
			known := idSet(w.rows)
			rows = slices.DeleteFunc(rows, func(r survey.Row) bool { return known[r.ID()] })
			w.ended = len(rows) == 0
		}
		w.ended = w.ended || len(rows) == 0
		w.rows = append(w.rows, rows...)
	}
	return w
}

// walkPages walks through all tickets, or through those of a filter when
// there are too many, in pages of a quarter: by created_at, and by priority, which
// is the same for tickets on both sides of an edge.
func walkPages(s *Session) {
	rows := s.severalTickets(2)
	if all := s.Tickets(); all.Short {
		known := len(idSet(all.Rows))
		s.Assert(false, fmt.Sprintf("tickets of per_page=%d on all pages", all.PerPage), fmt.Sprintf("%d, meta.total", all.Total), known)
		return
	}
	filter, matches := s.walkable(rows)
	size := (len(matches) + mostWalk - 3) / (mostWalk - 2)
	s.walkThrough(filter+"sort=created_at&order=asc", matches, tiedSize(matches, size))
	if s.roomy() && len(survey.Values(matches, "priority")) > 1 {
		s.walkThrough(filter+"sort=priority&order=desc", matches, size)
	}
}

// walkThrough asserts that the pages of a query have each ticket once.
func (s *Session) walkThrough(query string, matches []survey.Row, size int) {
	want := IDs(matches)
	w := s.walk(query, size)
	if !w.ended && len(w.rows) < len(want) {
		s.Skip("the pages are smaller than per_page says, which another clause judges", "")
	}
	ids := idSet(w.rows)
	if !w.ended && len(ids) == len(w.rows) && int64(len(ids)) < w.total {
		s.Skip(fmt.Sprintf("the list has more than the %d pages that are walked through", mostWalk), "--max-requests N with a larger N")
	}
	what := fmt.Sprintf("%s&per_page=%d on all pages", query, size)
	s.Assert(w.ended, "pages of "+what, "nothing new after the last", "more than all tickets")
	s.Assert(len(ids) == len(w.rows), "tickets of "+what, "each once", fmt.Sprintf("%d rows of %d tickets", len(w.rows), len(ids)))
	if w.total >= 0 {
		s.Assert(int64(len(w.rows)) == w.total, "number of tickets of "+what, fmt.Sprintf("%d, meta.total", w.total), len(w.rows))
	}
	if s.Tickets().Complete {
		lost := without(want, IDs(w.rows))
		s.Assert(len(lost) == 0, "tickets missing in "+what, "none", head(lost))
	}
}

// tiedSize returns the size, or a slightly larger one, with the most page edges
// between tickets that were created at the same time. Such tickets must stay on
// their side of the edge.
func tiedSize(rows []survey.Row, size int) int {
	best, most := size, 0
	for n := max(size, 1); n < 2*size; n++ {
		tied := 0
		for edge := n; edge < len(rows); edge += n {
			if rows[edge-1].Text("created_at") == rows[edge].Text("created_at") {
				tied++
			}
		}
		if tied > most {
			best, most = n, tied
		}
	}
	return best
}

// walkable is a filter that works and finds few enough tickets to walk
// through, and these; "" when all tickets are few enough.
func (s *Session) walkable(rows []survey.Row) (filter string, matches []survey.Row) {
	most := (mostWalk - 2) * max(s.firstPage(), 1)
	if len(rows) <= most && s.Tickets().Complete {
		return "", rows
	}
	for _, member := range []string{"status", "priority", "inbox_id", "assignee_id"} {
		for _, v := range survey.Values(rows, member) {
			is := textIs(member, v.Text)
			if v.Count > 1 && v.Count <= most && s.honoured(member+"="+v.Text, is) {
				return member + "=" + v.Text + "&", only(rows, is)
			}
		}
	}
	s.Skip("every list has too many pages to be walked through", "")
	return "", nil
}

// metaEcho compares meta with the request if the target honours it.
func metaEcho(s *Session) {
	s.severalTickets(2)
	judged := false
	for _, at := range []struct{ size, page int }{{1, 1}, {3, 1}, {1, 2}} {
		p := s.Page(pageQuery(at.size, at.page))
		if page, ok := survey.Integer(p.Meta["page"]); ok {
			judged = true
			s.Assert(page == int64(at.page), "meta.page", at.page, page)
		}
		size, ok := survey.Integer(p.Meta["per_page"])
		if ok && len(p.Rows) <= at.size { // otherwise the target used another page size than requested
			judged = true
			s.Assert(size == int64(at.size), "meta.per_page", at.size, size)
		}
	}
	if !judged {
		s.Skip("meta has no page and per_page to compare", "")
	}
}

// pastTheEnd asks for the page after the last and for one after it.
func pastTheEnd(s *Session) {
	rows := s.severalTickets(2)
	if again := s.Page(pageQuery(1, 2)).Rows; len(again) > 0 && again[0].ID() == s.Page(pageQuery(1, 1)).Rows[0].ID() {
		s.Skip("the second page has the rows of the first, which another clause judges", "")
	}
	known := idSet(rows)
	total := max(s.Tickets().Total, int64(len(known)))
	last := int(total+4) / 5
	for _, page := range []int{last + 1, last + 50} {
		past, _, status := s.peek(pageQuery(5, page))
		s.Must(status == http.StatusOK, fmt.Sprintf("status of page=%d&per_page=5", page), http.StatusOK, status)
		if s.Tickets().Complete && slices.ContainsFunc(past, func(r survey.Row) bool { return !known[r.ID()] }) {
			s.Skip("there are more tickets than meta.total says, which another clause judges", "")
		}
		s.Assert(len(past) == 0, fmt.Sprintf("data of page=%d&per_page=5 with %d tickets", page, total), "empty", len(past))
	}
}

// noPage leaves out page where a second page exists.
func noPage(s *Session) {
	s.severalTickets(2)
	size := 3
	if len(s.Tickets().Rows) <= size {
		size = 1
	}
	const all = "created_after=2000-01-01T00%3A00%3A00Z" // with a filter, pages may work differently
	with := s.Page(pageQuery(size, 1)).Rows
	without := s.Page(fmt.Sprintf("sort=created_at&order=asc&per_page=%d", size)).Rows
	first, _, _ := s.peek(all + "&" + pageQuery(size, 1))
	filtered, _, status := s.peek(fmt.Sprintf("%s&sort=created_at&order=asc&per_page=%d", all, size))
	if len(with) >= len(s.Tickets().Rows) {
		s.Skip("all tickets are on one page", "a workspace with more tickets")
	}
	if !differentTimes(with) {
		s.Skip("the first tickets were created at the same time", "a workspace with tickets of different times")
	}
	s.Equal("ids without page", IDs(with), IDs(without))
	if open := "status=open"; s.roomy() && s.honoured(open, textIs("status", "open")) {
		paged, _, _ := s.peek(open + "&" + pageQuery(size, 1))
		bare, _, _ := s.peek(fmt.Sprintf("%s&sort=created_at&order=asc&per_page=%d", open, size))
		s.Equal("ids without page under "+open, IDs(paged), IDs(bare))
	}
	if status == http.StatusOK && len(first) > 0 {
		s.Equal("ids without page under "+all, IDs(first), IDs(filtered))
	}
}
