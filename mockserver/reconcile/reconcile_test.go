package reconcile_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/reconcile"
)

// noon is behind all times of a seeded world.
var noon = fixtures.DefaultAt.Add(3 * time.Hour)

// client is a client of a fake, and what it holds.
type client struct {
	t      testing.TB
	w      *workspace.Workspace
	server *mockserver.Server
	held   reconcile.Held
}

func newClient(t *testing.T) *client {
	t.Helper()
	server, err := mockserver.New(mockserver.Config{Tickets: 60})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Workspace("").Clock.Freeze(noon); err != nil {
		t.Fatal(err)
	}
	return &client{t: t, w: server.Workspace(""), server: server, held: reconcile.Held{Tickets: []reconcile.Ticket{}}}
}

// get asks for a path with a key of its service and returns the status and the body.
func (c *client) get(path string) (int, []byte) {
	c.t.Helper()
	service, kind := auth.InboxOps, auth.ReadOnly
	if strings.HasPrefix(path, "/api/projects/") {
		service, kind = auth.AppHandoff, auth.Member
	}
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Authorization", "Bearer "+c.w.Key(service, kind).Secret)
	answer := httptest.NewRecorder()
	c.server.ServeHTTP(answer, r)
	return answer.Code, answer.Body.Bytes()
}

// refuse lets the list be refused once.
func (c *client) refuse(nth int) {
	c.t.Helper()
	if _, err := c.w.Inject(fault.Rule{
		Match: fault.Match{Operation: "listTickets"}, When: fault.When{Nth: nth}, Then: fault.Then{Status: &fault.Status{Code: "429"}},
	}); err != nil {
		c.t.Fatal(err)
	}
}

// rows asks for a page of the list.
func (c *client) rows(query string) []reconcile.Ticket {
	c.t.Helper()
	status, body := c.get("/api/v1/tickets?" + query)
	var page struct{ Data []reconcile.Ticket }
	if status != http.StatusOK {
		return nil
	}
	if err := json.Unmarshal(body, &page); err != nil {
		c.t.Fatal(err)
	}
	return page.Data
}

// page asks for a page of the list and holds its rows.
func (c *client) page(query string) []reconcile.Ticket {
	c.t.Helper()
	rows := c.rows(query)
	for _, row := range rows {
		at := slices.IndexFunc(c.held.Tickets, func(h reconcile.Ticket) bool { return h.ID == row.ID })
		if at >= 0 {
			c.held.Tickets[at] = row
		} else {
			c.held.Tickets = append(c.held.Tickets, row)
		}
	}
	return rows
}

// pages walks over all pages of a query.
func (c *client) pages(query string, between func(page int)) {
	c.t.Helper()
	for page := 1; ; page++ {
		if rows := c.page(query + "&per_page=20&page=" + strconv.Itoa(page)); len(rows) == 0 {
			return
		}
		between(page)
	}
}

// advance lets time pass.
func (c *client) advance(d time.Duration) {
	if err := c.w.Clock.Advance(d); err != nil {
		c.t.Fatal(err)
	}
}

// act does something at the desk.
func (c *client) act(act func(tx *store.Tx)) {
	c.t.Helper()
	if err := c.w.Store.Act(store.ByTester, c.w.Clock.Now(), func(tx *store.Tx) error { act(tx); return nil }); err != nil {
		c.t.Fatal(err)
	}
}

// raise gives the ticket of a number another priority.
func (c *client) raise(number int) {
	c.t.Helper()
	c.act(func(tx *store.Tx) {
		n, _ := tx.Find(strconv.Itoa(number))
		tx.Change(n, func(t *fixtures.Ticket) { t.Priority = (t.Priority + 1) % 4 }, nil)
	})
}

// byUpdate are the numbers of the tickets from the oldest change on.
func (c *client) byUpdate() []int {
	q := store.Query{Sort: store.SortUpdated, Ascending: true, Page: 1, PerPage: 60}
	rows, _ := c.w.Store.Select(&q)
	numbers := make([]int, len(rows))
	for i, n := range rows {
		numbers[i] = 1001 + int(n)
	}
	return numbers
}

// last is the latest updated_at that the client holds.
func (c *client) last() time.Time {
	var last time.Time
	for _, h := range c.held.Tickets {
		if h.UpdatedAt.After(last) {
			last = h.UpdatedAt
		}
	}
	return last
}

func quiet(int) {}

// losses are clients that lose something, and what they are told.
var losses = map[string]struct {
	do   func(c *client)
	want []string // of each loss: kind, ticket number, part of why
}{
	"a careful client loses nothing": {func(c *client) {
		c.pages("sort=updated_at&order=asc", quiet)
		c.advance(time.Minute)
		c.raise(1003)
		c.page("updated_after=" + url.QueryEscape(c.last().Format(time.RFC3339Nano)))
	}, nil},
	"a client that never asks": {func(*client) {}, []string{"missing 1060 never asked for"}},
	"a client that stops after two pages": {func(c *client) {
		c.page("per_page=20&page=1&sort=created_at&order=asc")
		c.page("per_page=20&page=2&sort=created_at&order=asc")
	}, []string{"missing 1041 the pages were read up to page 2, and it is on page 3"}},
	"rows that move while pages are read": {func(c *client) {
		first := c.byUpdate()[3]
		c.pages("sort=updated_at&order=asc", func(page int) {
			if page == 1 {
				c.raise(first) // which was on page 1: those of page 2 move up
			}
		})
	}, []string{"missing * rows moved while the pages were read"}},
	"a row that moves to a page that was read": {func(c *client) {
		last := c.byUpdate()[2]
		c.pages("sort=updated_at&order=desc", func(page int) {
			if page == 1 {
				c.raise(last)
			}
		})
	}, []string{"missing * page 1 was read before the event moved it there"}},
	"a client that does not ask again": {func(c *client) {
		c.pages("sort=created_at", quiet)
		c.raise(1009)
	}, []string{"stale 1009 the list was not asked for since"}},
	"a bound that is counted on from the last": {func(c *client) {
		c.pages("sort=created_at", quiet)
		c.advance(time.Minute)
		c.raise(1009)
		c.page("updated_after=" + url.QueryEscape(c.w.Clock.Now().Add(time.Millisecond).Format(time.RFC3339Nano)))
	}, []string{"stale 1009 updated_after=2025-06-02T12:01:00.001Z is 1ms later than its updated_at 2025-06-02T12:01:00.000Z"}},
	"a bound in another zone": {func(c *client) {
		c.pages("sort=created_at", quiet)
		c.advance(time.Minute)
		c.raise(1009)
		c.page("updated_after=2025-06-02T14:00:00Z")
	}, []string{"stale 1009 is 1h59m0s later than its updated_at 2025-06-02T12:01:00.000Z, and 1h59m0s ahead of the desk's clock"}},
	"a page that was refused and passed over": {func(c *client) {
		c.refuse(2)
		for page := range 3 {
			c.page(fmt.Sprintf("sort=created_at&order=asc&per_page=20&page=%d", page+1))
		}
	}, []string{"missing 1021 was answered 429 and not repeated"}},
	"a client that drops what it was shown": {func(c *client) {
		c.pages("sort=created_at", quiet)
		c.held.Tickets = slices.DeleteFunc(c.held.Tickets, func(h reconcile.Ticket) bool { return h.ID == c.id(1013) })
	}, []string{"missing 1013 the client did not keep it"}},
	"a client that holds a ticket twice": {func(c *client) {
		c.pages("sort=created_at", quiet)
		c.held.Tickets = append(c.held.Tickets, reconcile.Ticket{ID: "1013"})
	}, []string{"doubled 1013 it is held twice"}},
	"a ticket that was deleted": {func(c *client) {
		c.pages("sort=created_at", quiet)
		c.act(func(tx *store.Tx) { n, _ := tx.Find("1013"); tx.Delete(n) })
	}, []string{"surplus 1013 it was deleted"}},
	"a ticket that is of the query no more": {func(c *client) {
		c.pages("priority=low", quiet)
		c.held.Where = "priority=low"
		c.act(func(tx *store.Tx) {
			n, _ := tx.Find(c.held.Tickets[0].ID)
			tx.Change(n, func(t *fixtures.Ticket) { t.Priority = 3 }, nil)
		})
	}, []string{"surplus * the query does not select it any more"}},
	"a page that was refused, and another that was not read": {func(c *client) {
		c.refuse(2)
		for page := range 2 {
			c.page(fmt.Sprintf("sort=created_at&order=asc&per_page=15&page=%d", 2*page+1))
		}
		c.page("sort=created_at&order=asc&per_page=15&page=4")
	}, []string{"missing 1031 was answered 429 and not repeated", "missing 1016 it is on page 2, which was not read"}},
	"a page that was refused, of what has changed since": {func(c *client) {
		c.refuse(2)
		for page := range 3 {
			if c.page(fmt.Sprintf("sort=created_at&order=asc&per_page=20&page=%d", page+1)); page == 1 {
				c.advance(time.Minute)
				c.raise(1030)
			}
		}
	}, []string{"missing 1030 was answered 429 and not repeated"}},
	"a change of what was read": {func(c *client) {
		c.pages("sort=created_at&order=asc", func(page int) {
			if page == 1 {
				c.raise(1003)
			}
		})
	}, []string{"stale 1003 page 1 was read before the event changed it"}},
	"a walk that was given up early and is long past": {func(c *client) {
		c.page("sort=updated_at&order=asc&per_page=10")
		c.page("sort=updated_at&order=asc&per_page=10&page=2")
		for _, number := range c.byUpdate()[:20] { // so that others are on these pages now
			c.raise(number)
		}
		c.page("updated_after=" + url.QueryEscape(noon.Format(time.RFC3339)))
	}, []string{"missing 1060 the pages were read up to page 2, and it lies behind", "missing 1003 the pages were read up to page 2, and it lies behind"}},
	"two clients whose pages come in turn": {func(c *client) {
		first := c.byUpdate()[3]
		for page := 1; page < 5; page++ {
			c.page(fmt.Sprintf("sort=updated_at&order=asc&per_page=20&page=%d", page))
			c.get(fmt.Sprintf("/api/v1/tickets?sort=updated_at&order=asc&per_page=20&page=%d", page))
			if page == 1 {
				c.raise(first)
			}
		}
	}, []string{"missing * rows moved while the pages were read"}},
	"a client that asked before a snapshot was restored": {func(c *client) {
		_ = c.w.Snapshot("before")
		c.raise(1003)
		c.raise(1004)
		c.pages("sort=created_at", quiet)
		_ = c.w.Restore("before")
		c.advance(time.Hour)
		c.raise(1003)
		for i, h := range c.held.Tickets { // as it was when it was restored
			ticket, _ := c.w.Store.Get(h.ID)
			if c.held.Tickets[i].UpdatedAt = ticket.UpdatedAt; ticket.Number == 1003 {
				c.held.Tickets[i].UpdatedAt = noon.Add(-time.Hour)
			}
		}
	}, []string{"stale 1003 the list was not asked for since"}},
	"a client that asked in the world before": {func(c *client) {
		c.raise(1003)
		c.pages("sort=created_at", quiet)
		r := httptest.NewRequest("PUT", "http://127.0.0.1/_mockdesk/case.yaml", strings.NewReader("world: {tickets: 30}"))
		r.RemoteAddr = "127.0.0.1:1"
		answer := httptest.NewRecorder()
		if c.server.ServeHTTP(answer, r); answer.Code != http.StatusOK {
			c.t.Fatal(answer.Body)
		}
		c.held.Tickets = []reconcile.Ticket{}
	}, []string{"missing 1013 never asked for"}},
	"a client that goes on from the last row, and a millisecond too far": {func(c *client) {
		c.advance(time.Hour)
		c.act(func(tx *store.Tx) { // at one instant
			for n := range uint32(12) {
				tx.Change(n, func(t *fixtures.Ticket) { t.Priority = (t.Priority + 1) % 4 }, nil)
			}
		})
		for after := ""; ; {
			rows := c.page("sort=updated_at&order=asc&per_page=10" + after)
			if len(rows) < 10 {
				return
			}
			after = "&updated_after=" + url.QueryEscape(rows[9].UpdatedAt.Add(time.Millisecond).Format(time.RFC3339Nano))
		}
	}, []string{"missing * is 1ms later than its updated_at"}},
	"a ticket that comes again on the next page": {func(c *client) {
		last := c.byUpdate()[0]
		c.pages("sort=updated_at&order=desc", func(page int) {
			if page == 1 {
				c.raise(last)
			}
		})
		c.page("sort=updated_at&order=desc&per_page=20")
		c.held.Tickets = append(c.held.Tickets, c.held.Tickets[19])
	}, []string{"doubled * rows that move down come again on the next page"}},
	"a ticket that comes to the query": {func(c *client) {
		c.pages("status=waiting", quiet)
		c.held.Where = "status=waiting"
		c.act(func(tx *store.Tx) {
			q := store.Query{Statuses: []string{"closed"}, Sort: store.SortCreated, Page: 1, PerPage: 1}
			rows, _ := tx.Select(&q)
			tx.Change(rows[0], func(t *fixtures.Ticket) { t.Status = 4 }, nil)
		})
		c.get("/api/v1/tickets?status=closed")
	}, []string{"missing * no query of the client selects it"}},
}

// id returns the id of a ticket.
func (c *client) id(number int) string {
	return c.w.Store.World().Data.InboxOps.Tickets[number-1001].ID.String()
}

func TestTickets(t *testing.T) {
	t.Parallel()
	for name, test := range losses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			test.do(c)
			report, err := reconcile.Compare(c.w, c.held)
			if err != nil {
				t.Fatal(err)
			}
			checkReport(t, report, test.want)
		})
	}
}

// checkReport looks for each loss among the first of its kind.
func checkReport(t *testing.T, report reconcile.Report, want []string) {
	t.Helper()
	if report.Complete != (want == nil) {
		t.Errorf("Complete = %v", report.Complete)
	}
	all := map[string]reconcile.Losses{"missing": report.Missing, "stale": report.Stale, "doubled": report.Doubled, "surplus": report.Surplus}
	for _, line := range want {
		parts := strings.SplitN(line, " ", 3)
		found := slices.ContainsFunc(all[parts[0]].First, func(l reconcile.Loss) bool {
			return (parts[1] == "*" || parts[1] == strconv.Itoa(l.TicketNumber)) && strings.Contains(l.Why, parts[2])
		})
		if !found {
			t.Errorf("%s is not reported:\n%s", line, told(all))
		}
		if others := all[parts[0]].Count; others == 0 || report.Missing.Count+report.Stale.Count+report.Doubled.Count+report.Surplus.Count != others {
			t.Errorf("something else is reported:\n%s", told(all))
		}
	}
	if want == nil && !report.Complete {
		t.Error(told(all))
	}
}

// told writes what is reported.
func told(all map[string]reconcile.Losses) string {
	var b strings.Builder
	for kind, losses := range all {
		for _, l := range losses.First {
			fmt.Fprintf(&b, "%s %d %s: %s\n", kind, l.TicketNumber, l.MessageID, l.Why)
		}
	}
	return b.String()
}

// TestTimelines compares the messages of a ticket.
func TestTimelines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   func(c *client, path string) []string // the ids that are held
		want []string
	}{
		"a client that asks again": {func(c *client, path string) []string {
			c.mail(1006)
			return c.ids(path)
		}, nil},
		"a client that does not ask again": {func(c *client, path string) []string {
			ids := c.ids(path)
			c.mail(1006)
			return ids
		}, []string{"missing 1006 not asked for since"}},
		"a client that asks for notes alone": {func(c *client, path string) []string {
			ids := c.ids(path)
			c.mail(1006)
			c.ids(path + "?types=internal_note")
			return ids
		}, []string{"missing 1006 types=internal_note leaves out email"}},
		"a client that holds a message twice": {func(c *client, path string) []string {
			ids := c.ids(path)
			return append(ids, ids[0])
		}, []string{"doubled 1006 it is held twice"}},
		"a client that holds what never was": {func(c *client, path string) []string {
			return append(c.ids(path), c.id(1007))
		}, []string{"surplus 1006 there is no such message"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			ids := test.do(c, "/api/v1/tickets/1006/messages")
			report, err := reconcile.Compare(c.w, reconcile.Held{Messages: map[string][]string{"1006": ids}})
			if err != nil {
				t.Fatal(err)
			}
			checkReport(t, report, test.want)
		})
	}
}

// mail lets the customer of a ticket write.
func (c *client) mail(number int) {
	c.t.Helper()
	c.act(func(tx *store.Tx) {
		n, _ := tx.Find(strconv.Itoa(number))
		ticket := tx.Ticket(n)
		id := store.MessageID(ticket.ID, tx.Serial())
		tx.AddMessage(n, tx.Desk().Say(&ticket.Ticket, tx.Record(n), ticket.Messages, fixtures.MessageWish{}, fixtures.TurnAny, id, tx.Now()))
	})
}

// ids asks for messages and returns their ids.
func (c *client) ids(path string) []string {
	c.t.Helper()
	status, body := c.get(path)
	var page struct{ Data, Messages []struct{ ID string } }
	if err := json.Unmarshal(body, &page); status == http.StatusOK && err != nil {
		c.t.Fatal(err)
	}
	ids := []string{}
	for _, m := range append(page.Data, page.Messages...) {
		ids = append(ids, m.ID)
	}
	return ids
}

// TestThreads compares the messages of a ticket of AppHandoff.
func TestThreads(t *testing.T) {
	t.Parallel()
	bound := func(at time.Time) string { return "?limit=200&since=" + url.QueryEscape(at.Format(time.RFC3339Nano)) }
	tests := map[string]struct {
		do   func(c *client, path string) []string
		want []string
	}{
		"a client that asks since the last message": {func(c *client, path string) []string {
			ids := c.ids(path + "?limit=200")
			last := c.thread().Messages[len(c.thread().Messages)-1].CreatedAt
			c.advance(time.Minute)
			c.post()
			c.post()
			return append(ids, c.ids(path+bound(last))...)
		}, nil},
		"a client that asks since now": {func(c *client, path string) []string {
			ids := c.ids(path + "?limit=200")
			c.advance(time.Minute)
			c.post()
			return append(ids, c.ids(path+bound(c.w.Clock.Now()))...)
		}, []string{"missing 0 the bound is exclusive"}},
		"a client that asks since the second behind": {func(c *client, path string) []string {
			ids := c.ids(path + "?limit=200")
			c.advance(time.Minute)
			c.post()
			return append(ids, c.ids(path+bound(c.w.Clock.Now().Add(time.Second)))...)
		}, []string{"missing 0 is 1s behind its created_at"}},
		"a client that asks since a day": {func(c *client, path string) []string {
			ids := c.ids(path + "?limit=200")
			c.advance(time.Minute)
			c.post()
			return append(ids, c.ids(path+"?limit=200&since=2025-06-03")...)
		}, []string{"missing 0 since=2025-06-03T00:00:00.000Z is 11h59m0s behind its created_at"}},
		"a client that takes the first fifty for all": {func(c *client, path string) []string {
			return c.ids(path)
		}, []string{"missing 0 the answer had 50, and nobody asked on"}},
		"a client that reads from one second before": {func(c *client, path string) []string {
			ids := c.ids(path + "?limit=200")
			last := c.thread().Messages[len(c.thread().Messages)-1].CreatedAt
			return append(ids, c.ids(path+bound(last.Add(-time.Second)))...)
		}, []string{"doubled 0 it is held twice"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			project, ticket := c.place()
			path := fmt.Sprintf("/api/projects/%s/tickets/%s/messages", project.ID, ticket.ID)
			ids := test.do(c, path)
			report, err := reconcile.Compare(c.w, reconcile.Held{Threads: []reconcile.Thread{{
				ProjectID: project.ID.String(), TicketID: ticket.Title, Messages: ids,
			}}})
			if err != nil {
				t.Fatal(err)
			}
			checkReport(t, report, test.want)
		})
	}
}

// place returns a project with its longest thread that one answer can hold.
func (c *client) place() (*fixtures.Project, *fixtures.HandoffTicket) {
	projects := c.w.Store.Projects()
	for i := range projects {
		for j := range projects[i].Tickets {
			if t := &projects[i].Tickets[j]; projects[i].Member && len(t.Messages) > 60 && len(t.Messages) < 190 {
				return &projects[i], t
			}
		}
	}
	c.t.Fatal("no thread is long enough")
	return nil, nil
}

func (c *client) thread() *fixtures.HandoffTicket {
	_, t := c.place()
	return t
}

// post lets somebody write in the thread.
func (c *client) post() {
	c.t.Helper()
	project, ticket := c.place()
	c.act(func(tx *store.Tx) {
		id := store.MessageID(ticket.ID, tx.Serial())
		for i := range tx.Projects() {
			for j := range tx.Projects()[i].Tickets {
				if tx.Projects()[i].Tickets[j].ID == ticket.ID {
					tx.AddPost(i, j, tx.Data().Post(project.Name, ticket, fixtures.HandoffMessageWish{Author: "agent"}, id, tx.Now()))
				}
			}
		}
	})
}

func TestCompareRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		held reconcile.Held
		want string
	}{
		"nothing":                      {reconcile.Held{}, "nothing is held"},
		"a query without tickets":      {reconcile.Held{Where: "status=open", Messages: map[string][]string{}}, "no tickets are given"},
		"a query that is wrong":        {reconcile.Held{Where: "status=opn", Tickets: []reconcile.Ticket{}}, `"opn" is not one of`},
		"a thread that does not exist": {reconcile.Held{Threads: []reconcile.Thread{{ProjectID: "x", TicketID: "y"}}}, "there is no ticket y in a project x"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := reconcile.Compare(newClient(t).w, test.held); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Compare = %v, want %s", err, test.want)
			}
		})
	}
}
