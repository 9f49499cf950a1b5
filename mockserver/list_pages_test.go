package mockserver_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
)

// everyPage lists all pages of a query, in pages of five.
func (f *fake) everyPage(query string) (rows []ticket, totals []int) {
	f.t.Helper()
	for n := 1; ; n++ {
		p := f.list(fmt.Sprintf("%s&per_page=5&page=%d", query, n))
		rows, totals = append(rows, p.Data...), append(totals, p.Meta.Total)
		if len(p.Data) == 0 {
			return rows, totals
		}
	}
}

// idsOf are those of the rows, sorted.
func idsOf(rows []ticket) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r.ID)
	}
	slices.Sort(out)
	return out
}

func TestListPages(t *testing.T) {
	t.Parallel()
	proofs{
		"IO-LIST-TICKETS-58 IO-LIST-TICKETS-59 every page keeps filter, order and total": func(t *testing.T, f *fake) {
			rows, totals := f.everyPage("status=open&sort=updated_at&order=desc")
			if len(totals) < 3 {
				t.Fatalf("%d pages are too few", len(totals))
			}
			for i, r := range rows {
				if r.Status != "open" || i > 0 && r.UpdatedAt > rows[i-1].UpdatedAt {
					t.Errorf("row %d: %v", i, r)
				}
			}
			for n, total := range totals {
				if total != len(rows) {
					t.Errorf("page %d: total %d, want %d", n+1, total, len(rows))
				}
			}
		},
		"IO-LIST-TICKETS-60 filters together give what each gives alone": func(t *testing.T, f *fake) {
			tag := f.desk().Tags[1].ID
			tagged, _ := f.everyPage(fmt.Sprint("tag_ids=", tag))
			free, _ := f.everyPage("assignee_id=__unassigned__")
			both, _ := f.everyPage(fmt.Sprint("assignee_id=__unassigned__&tag_ids=", tag))
			want := slices.DeleteFunc(idsOf(tagged), func(id string) bool { return !slices.Contains(idsOf(free), id) })
			if len(want) == 0 {
				t.Fatal("no unassigned ticket has the tag")
			}
			same(t, "with the tag and unassigned", want, idsOf(both))
		},
		"IO-LIST-TICKETS-61 three statuses are the union of the three": func(t *testing.T, f *fake) {
			var want []string
			for _, status := range []string{"open", "closed", "waiting"} {
				rows, _ := f.everyPage("status=" + status)
				want = append(want, idsOf(rows)...)
			}
			slices.Sort(want)
			all, _ := f.everyPage("status=open,closed,waiting")
			same(t, "open, closed or waiting", want, idsOf(all))
		},
		"IO-LIST-TICKETS-63 a page has what is left of the total": func(t *testing.T, f *fake) {
			for _, size := range []int{1, 7, 100} {
				for n := 1; ; n++ {
					p := f.list(fmt.Sprintf("priority=high&per_page=%d&page=%d", size, n))
					if want := max(0, min(size, p.Meta.Total-(n-1)*size)); len(p.Data) != want {
						t.Errorf("page %d in pages of %d: %d rows, want %d of %d", n, size, len(p.Data), want, p.Meta.Total)
					}
					if len(p.Data) == 0 {
						break
					}
				}
			}
		},
		"IO-LIST-TICKETS-62 what no integer holds, and NUL, are no failure of the server": func(t *testing.T, f *fake) {
			for _, query := range []string{"page=99999999999999999999", "page=9223372036854775807&per_page=50", "query=%00", "status=%00", "inbox_id=%00"} {
				if a := f.get(readWrite, ticketsPath+"?"+query); a.Status >= 500 {
					t.Errorf("%s: %d", query, a.Status)
				}
			}
		},
		"IO-TICKET-18 a ticket has one number and the same row in every list": func(t *testing.T, f *fake) {
			all, _ := f.everyPage("sort=created_at&order=asc")
			rows := map[string]string{}
			numbers := map[string]bool{}
			for _, r := range all {
				rows[r.ID] = r.Subject + r.UpdatedAt + r.Status
				numbers[fmt.Sprint(r.TicketNumber)] = true
			}
			same(t, "numbers", len(all), len(numbers))
			low, _ := f.everyPage("priority=low&sort=updated_at&order=desc")
			for _, r := range low {
				same(t, "row", rows[r.ID], r.Subject+r.UpdatedAt+r.Status)
			}
		},
	}.run(t, mockserver.Config{Tickets: 300})
}
