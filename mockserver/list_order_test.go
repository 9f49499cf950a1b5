package mockserver_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/mockdesk/mockdesk/fixtures"
)

// sorted returns the ids of all seeded tickets in an order; ties are in
// ascending order of id.
func (f *fake) sorted(compare func(a, b *fixtures.Ticket) int) []string {
	tickets := slices.Clone(f.desk().Tickets)
	slices.SortFunc(tickets, func(a, b fixtures.Ticket) int {
		return cmp.Or(compare(&a, &b), bytes.Compare(a.ID[:], b.ID[:]))
	})
	var ids []string
	for _, t := range tickets {
		ids = append(ids, t.ID.String())
	}
	return ids
}

// The orders of the list, ascending and descending.
func byCreation(a, b *fixtures.Ticket) int     { return a.CreatedAt.Compare(b.CreatedAt) }
func byCreationDown(a, b *fixtures.Ticket) int { return b.CreatedAt.Compare(a.CreatedAt) }
func byChange(a, b *fixtures.Ticket) int       { return a.UpdatedAt.Compare(b.UpdatedAt) }
func byChangeDown(a, b *fixtures.Ticket) int   { return b.UpdatedAt.Compare(a.UpdatedAt) }

// urgency compares tickets by their level: low, normal, high, urgent.
func (f *fake) urgency(sign int) func(a, b *fixtures.Ticket) int {
	rank := func(t *fixtures.Ticket) int {
		return slices.Index([]string{"low", "normal", "high", "urgent"}, f.desk().Priorities[t.Priority].Level)
	}
	return func(a, b *fixtures.Ticket) int { return sign * cmp.Compare(rank(a), rank(b)) }
}

var sortProofs = proofs{
	"IO-LIST-TICKETS-43 created_at ascending": func(t *testing.T, f *fake) {
		same(t, "order", f.sorted(byCreation), f.ids("sort=created_at&order=asc"))
	},
	"IO-LIST-TICKETS-44 created_at descending": func(t *testing.T, f *fake) {
		same(t, "order", f.sorted(byCreationDown), f.ids("sort=created_at&order=desc"))
	},
	"IO-LIST-TICKETS-45 updated_at in both directions": func(t *testing.T, f *fake) {
		same(t, "ascending", f.sorted(byChange), f.ids("sort=updated_at&order=asc"))
		same(t, "descending", f.sorted(byChangeDown), f.ids("sort=updated_at&order=desc"))
	},
	"IO-LIST-TICKETS-46 B4 B5 priority goes by rank, ties by id in both directions": func(t *testing.T, f *fake) {
		same(t, "ascending", f.sorted(f.urgency(1)), f.ids("sort=priority&order=asc"))
		same(t, "descending", f.sorted(f.urgency(-1)), f.ids("sort=priority&order=desc"))
	},
	"B1 the newest come first unless told otherwise": func(t *testing.T, f *fake) {
		same(t, "order", f.sorted(byCreationDown), f.ids(""))
	},
	"B2 a sort without an order is descending": func(t *testing.T, f *fake) {
		same(t, "updated_at", f.sorted(byChangeDown), f.ids("sort=updated_at"))
		same(t, "priority", f.sorted(f.urgency(-1)), f.ids("sort=priority"))
		same(t, "created_at", f.sorted(byCreationDown), f.ids("sort=created_at"))
	},
	"B3 an order without a sort is of created_at": func(t *testing.T, f *fake) {
		same(t, "ascending", f.sorted(byCreation), f.ids("order=asc"))
		same(t, "descending", f.sorted(byCreationDown), f.ids("order=desc"))
	},
	"IO-LIST-TICKETS-47 an unknown sort is 400": func(_ *testing.T, f *fake) {
		for _, sort := range []string{"bogus", "subject", "-created_at", "CREATED_AT", "created_at,priority"} {
			f.wrong("sort="+sort, "sort", "is not one of created_at, updated_at, priority")
		}
	},
	"IO-LIST-TICKETS-48 an unknown order is 400": func(_ *testing.T, f *fake) {
		for _, order := range []string{"bogus", "ascending", "ASC", "-1"} {
			f.wrong("order="+order, "order", "is not one of asc, desc")
		}
	},
	"a sort orders what filters keep": func(t *testing.T, f *fake) {
		kept := f.where(f.status("closed"))
		want := slices.DeleteFunc(f.sorted(byChange), func(id string) bool { return !slices.Contains(kept, id) })
		same(t, "order", want, f.ids("sort=updated_at&order=asc&status=closed"))
	},
}

var pageProofs = proofs{
	"IO-LIST-TICKETS-49 per_page is the number of rows": func(t *testing.T, f *fake) {
		for _, n := range []int{1, 2, 7, 25, 99, 100} {
			same(t, "rows", n, len(f.list(fmt.Sprint("per_page=", n)).Data))
		}
	},
	"IO-LIST-TICKETS-50 IO-LIST-TICKETS-51 B5 B13 the pages hold every ticket once, in order": func(t *testing.T, f *fake) {
		for query, want := range map[string][]string{
			"sort=created_at&order=asc":                                f.sorted(byCreation),
			"sort=updated_at&order=desc":                               f.sorted(byChangeDown),
			"sort=priority&order=asc":                                  f.sorted(f.urgency(1)),
			"sort=created_at&status=closed":                            f.where(f.status("closed")),
			"order=desc&assignee_id=" + f.desk().Agents[0].ID.String(): f.where(func(_ int, t *fixtures.Ticket) bool { return t.Assignee == 0 }),
		} {
			for _, size := range []int{3, 10, 64} {
				var walked []string
				for n := 1; len(walked) < len(want) && n <= 70; n++ {
					p := f.list(fmt.Sprintf("%s&per_page=%d&page=%d", query, size, n))
					same(t, "total", len(want), p.Meta.Total)
					same(t, "rows", min(size, len(want)-len(walked)), len(p.Data))
					for _, row := range p.Data {
						walked = append(walked, row.ID)
					}
				}
				same(t, query, want, walked)
			}
		}
	},
	"IO-LIST-TICKETS-52 B12 meta echoes page and per_page": func(t *testing.T, f *fake) {
		for _, n := range [][2]int{{1, 1}, {2, 5}, {3, 50}, {200, 1}} {
			p := f.list(fmt.Sprintf("page=%d&per_page=%d", n[0], n[1]))
			same(t, "page and per_page", n, [2]int{p.Meta.Page, p.Meta.PerPage})
		}
		p := f.list("")
		same(t, "page and per_page", [2]int{1, 25}, [2]int{p.Meta.Page, p.Meta.PerPage})
	},
	"B7 B12 a larger per_page is clamped to 100": func(t *testing.T, f *fake) {
		for _, size := range []string{"101", "1000", "9223372036854775807", "99999999999999999999999"} {
			p := f.list("per_page=" + size)
			same(t, "rows and per_page", [2]int{100, 100}, [2]int{len(p.Data), p.Meta.PerPage})
		}
	},
	"IO-LIST-TICKETS-53 B11 B13 a page past the end is empty, with the true total": func(t *testing.T, f *fake) {
		for _, n := range []string{"9", "1000", "9223372036854775807"} {
			body := f.get(readWrite, ticketsPath+"?page="+n).want(200).Body
			same(t, "page "+n, `{"data":[],"meta":{"page":`+n+`,"per_page":25,"total":200}}`, body)
		}
		p := f.list("page=99999999999999999999999")
		same(t, "rows and total", [2]int{0, 200}, [2]int{len(p.Data), p.Meta.Total})
	},
	"IO-LIST-TICKETS-54 B9 a page that is no number from 1 is 400": func(_ *testing.T, f *fake) {
		for _, n := range []string{"0", "-1", "abc", "1.5", "1e2", "0x1", "1,2", "%201", "%2B1", "-99999999999999999999999", ""} {
			f.wrong("page="+n, "page", validNumber)
		}
	},
	"B10 a per_page that is no number from 1 is 400": func(_ *testing.T, f *fake) {
		for _, n := range []string{"0", "-1", "abc", "2.5", "all", ""} {
			f.wrong("per_page="+n, "per_page", validNumber)
		}
	},
	"IO-LIST-TICKETS-55 B8 without a page it is page 1, the first rows": func(t *testing.T, f *fake) {
		same(t, "page", f.get(readWrite, ticketsPath+"?page=1").want(200).Body, f.get(readWrite, ticketsPath).want(200).Body)
		p := f.list("per_page=1")
		same(t, "first row", f.sorted(byCreationDown)[0], p.Data[0].ID)
	},
	"IO-LIST-TICKETS-56 B13 filters reduce the total, paging does not": func(t *testing.T, f *fake) {
		closed := len(f.where(f.status("closed")))
		for _, query := range []string{"", "&per_page=1", "&per_page=1&page=3", "&page=99"} {
			same(t, query, 200, f.list("x=x"+query).Meta.Total)
			same(t, query, closed, f.list("status=closed"+query).Meta.Total)
		}
		if closed == 0 || closed == 200 {
			t.Errorf("%d of 200 tickets are closed", closed)
		}
	},
}
