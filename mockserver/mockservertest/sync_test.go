package mockservertest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/desk"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/mockservertest"
	"github.com/mockdesk/mockdesk/mockserver/reconcile"
)

// copied is a client that keeps a copy of the tickets, and of one thread of
// AppHandoff, by asking for what has changed now and then.
type copied struct {
	t       *testing.T
	w       *mockservertest.Workspace
	url     string
	tickets []reconcile.Ticket
	posts   []post
	paused  func()    // what happens between two pages
	asked   time.Time // when it asked for the thread, by its own clock, which is fast
}

// post is a message of AppHandoff.
type post struct {
	ID        string
	CreatedAt time.Time `json:"created_at"`
}

// get reads an answer into v, and returns its status and how long it asks to wait.
func (c *copied) get(key, path string, query url.Values, v any) (status int, wait time.Duration) {
	c.t.Helper()
	request, err := http.NewRequest("GET", c.url+path+"?"+query.Encode(), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusOK {
		err = json.NewDecoder(answer.Body).Decode(v)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
	return answer.StatusCode, time.Duration(seconds) * time.Second
}

// list returns a page of tickets, and whether there was one.
func (c *copied) list(query url.Values) (rows []reconcile.Ticket, ok bool) {
	c.t.Helper()
	var page struct{ Data []reconcile.Ticket }
	status, _ := c.get(c.w.Keys.ReadOnly, "/api/v1/tickets", query, &page)
	return page.Data, status == http.StatusOK
}

// keep puts tickets in the place of those that are held.
func (c *copied) keep(rows []reconcile.Ticket) {
	for _, row := range rows {
		at := slices.IndexFunc(c.tickets, func(h reconcile.Ticket) bool { return h.ID == row.ID })
		if at < 0 {
			c.tickets = append(c.tickets, row)
		} else {
			c.tickets[at] = row
		}
	}
}

// newest returns the latest updated_at that is held.
func (c *copied) newest() time.Time {
	var newest time.Time
	for _, row := range c.tickets {
		if row.UpdatedAt.After(newest) {
			newest = row.UpdatedAt
		}
	}
	return newest
}

// pages walks over pages by their numbers.
func (c *copied) pages(query url.Values, keep func(rows []reconcile.Ticket)) {
	c.t.Helper()
	query.Set("per_page", "50")
	for page := 1; ; page++ {
		query.Set("page", strconv.Itoa(page))
		rows, ok := c.list(query)
		if ok && len(rows) == 0 {
			return
		}
		keep(rows)
		c.paused()
	}
}

// oldestFirst asks for all pages, those that changed last at the end.
func (c *copied) oldestFirst() {
	c.pages(url.Values{"sort": {"updated_at"}, "order": {"asc"}}, c.keep)
}

// newestFirst asks for all pages, and takes each row for another ticket.
func (c *copied) newestFirst() {
	c.pages(url.Values{"sort": {"updated_at"}, "order": {"desc"}}, func(rows []reconcile.Ticket) { c.tickets = append(c.tickets, rows...) })
}

// from returns a client that asks for all pages once, and then for what has
// changed since a time that it makes of the last it was told.
func from(bound func(last time.Time) string) func(*copied) {
	return func(c *copied) {
		c.t.Helper()
		query := url.Values{"sort": {"created_at"}, "order": {"asc"}}
		if len(c.tickets) > 0 {
			query.Set("updated_after", bound(c.newest()))
		}
		c.pages(query, c.keep)
	}
}

// careful asks for what has changed since the last that it was told: the bound is
// inclusive, so that what shares its millisecond comes again. It never asks for a
// second page, between which rows move, but from the last row on; only when one
// instant fills the page. What is refused it asks for again.
func careful(c *copied) {
	c.t.Helper()
	const most = 100
	last := c.newest()
	for page := 1; ; {
		var answer struct{ Data []reconcile.Ticket }
		query := url.Values{"sort": {"updated_at"}, "order": {"asc"}, "per_page": {strconv.Itoa(most)}, "page": {strconv.Itoa(page)}}
		if !last.IsZero() {
			query.Set("updated_after", last.Format(time.RFC3339Nano))
		}
		status, wait := c.get(c.w.Keys.ReadOnly, "/api/v1/tickets", query, &answer)
		if status == http.StatusTooManyRequests {
			c.advance(wait)
			continue
		}
		if c.keep(answer.Data); len(answer.Data) < most {
			return
		}
		c.paused()
		if newest := answer.Data[most-1].UpdatedAt; newest.After(last) {
			last, page = newest, 1
		} else {
			page++
		}
	}
}

// advance lets time pass at the desk.
func (c *copied) advance(by time.Duration) {
	c.t.Helper()
	if err := c.w.Clock.Advance(by); err != nil {
		c.t.Fatal(err)
	}
}

// thread asks for the messages since a bound, and keeps all that come.
func (c *copied) thread(since string) (came int) {
	c.t.Helper()
	path := "/api/projects/" + fixtures.ProjectID("checkout").String() + "/tickets/" + fixtures.HandoffID("checkout", "refunds").String() + "/messages"
	query := url.Values{}
	if since != "" {
		query.Set("since", since)
	}
	var answer struct{ Messages []post }
	c.get(c.w.Keys.AppHandoff, path, query, &answer)
	c.posts = append(c.posts, answer.Messages...)
	return len(answer.Messages)
}

// since returns a client that asks for the messages since a time that it makes of
// the last message.
func since(bound func(last time.Time) string) func(*copied) {
	return func(c *copied) {
		c.t.Helper()
		if len(c.posts) == 0 {
			c.thread("")
			return
		}
		c.thread(bound(c.posts[len(c.posts)-1].CreatedAt))
	}
}

// ownClock asks for the messages since it asked before.
func ownClock(c *copied) {
	c.t.Helper()
	bound := ""
	if !c.asked.IsZero() {
		bound = c.asked.Format(time.RFC3339Nano)
	}
	c.thread(bound)
	c.asked = c.w.Clock.Now().Add(2 * time.Second)
}

// carefulSince asks since the last message that it has, until none comes: the
// bound is exclusive.
func carefulSince(c *copied) {
	c.t.Helper()
	for came := -1; came != 0; {
		bound := ""
		if len(c.posts) > 0 {
			bound = c.posts[len(c.posts)-1].CreatedAt.Format(time.RFC3339Nano)
		}
		came = c.thread(bound)
	}
}

// arranged are tickets and a thread that something happens to; the desk lives.
const arranged = `
clock: {frozen: 2025-06-02T12:00:00Z}
life: busy
inboxops: {tickets: [{name: first}, {name: second}]}
apphandoff: {projects: [{name: checkout, tickets: [{name: refunds, messages: [{text: Refund it.}]}]}]}
`

// twoChanges lets two tickets change, the client asking in between, and an hour
// pass.
func twoChanges(apart time.Duration) func(c *copied, poll func()) {
	return func(c *copied, poll func()) {
		poll()
		c.advance(time.Minute)
		c.w.Desk().ChangeTicket("first", desk.TicketChange{Priority: "urgent"})
		poll()
		c.advance(apart)
		c.w.Desk().ChangeTicket("second", desk.TicketChange{Status: "closed"})
		c.advance(time.Hour)
		poll()
	}
}

// slowly lets the client read pages while things happen.
func slowly(c *copied, poll func()) {
	c.paused = func() { c.advance(10 * time.Minute) }
	poll()
	c.paused = func() {}
}

// twoPosts lets two people write, the client asking in between, and an hour pass.
func twoPosts(apart time.Duration) func(c *copied, poll func()) {
	return func(c *copied, poll func()) {
		poll()
		c.advance(time.Minute)
		c.w.Desk().AddPost("checkout", "refunds", desk.Post{Text: "Which one?"})
		poll()
		c.advance(apart)
		c.w.Desk().AddPost("checkout", "refunds", desk.Post{Text: "All of them."})
		c.advance(time.Hour)
		poll()
	}
}

func millis(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// losses are the ways in which clients lose what they were never refused.
var losses = map[string]struct {
	happens        func(c *copied, poll func())
	naive, careful func(*copied)
	kind, name     string // of a loss
	why            string // a part of what is said of it
	request        string // a part of the one that is blamed
}{
	"rows that move to a page that was read": {
		slowly, (*copied).oldestFirst, careful,
		"missing", "", "rows moved while the pages were read, and it passed from one to another that was read before: event", "page=",
	},
	"rows that come again on the next page": {
		slowly, (*copied).newestFirst, careful,
		"doubled", "", "rows that move down come again on the next page", "page=",
	},
	"an inclusive bound that is counted on by a millisecond": {
		twoChanges(0), from(func(last time.Time) string { return millis(last.Add(time.Millisecond)) }), careful,
		"stale", "second", "is 1ms later than its updated_at 2025-06-02T12:01:00.000Z", "updated_after=2025-06-02T12%3A01%3A00.001Z",
	},
	"an inclusive bound that is counted on by a second": {
		twoChanges(300 * time.Millisecond), from(func(last time.Time) string { return millis(last.Add(time.Second)) }), careful,
		"stale", "second", "is 700ms later than its updated_at 2025-06-02T12:01:00.300Z", "updated_after=2025-06-02T12%3A01%3A01.000Z",
	},
	"a bound that is rounded up to seconds": {
		func(c *copied, poll func()) {
			c.advance(-400 * time.Millisecond)
			twoChanges(300*time.Millisecond)(c, poll)
		},
		from(func(last time.Time) string {
			return last.Add(999 * time.Millisecond).Truncate(time.Second).Format(time.RFC3339)
		}), careful,
		"stale", "second", "updated_after=2025-06-02T12:01:00.000Z is 100ms later than", "updated_after=2025-06-02T12%3A01%3A00Z",
	},
	"local time that is written as UTC": {
		twoChanges(time.Minute),
		from(func(last time.Time) string {
			return last.In(time.FixedZone("CEST", 7200)).Format("2006-01-02T15:04:05") + "Z"
		}), careful,
		"stale", "second", "is 1h59m0s later than its updated_at", "updated_after=2025-06-02T14%3A01%3A00Z",
	},
	"a page that is refused and passed over": {
		func(c *copied, poll func()) {
			c.w.Inject(fault.Rule{
				Match: fault.Match{Operation: "listTickets"}, When: fault.When{Nth: 2},
				Then: fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 30}},
			})
			poll()
		},
		from(millis), careful,
		"missing", "", "the request was answered 429 and not repeated", "page=2",
	},
	"an exclusive bound of the client's own clock": {
		twoPosts(time.Second), ownClock, carefulSince,
		"missing", "refunds", "since=2025-06-02T12:01:02.000Z is 1s behind its created_at 2025-06-02T12:01:01.000Z, and the bound is exclusive", "since=2025-06-02T12%3A01%3A02Z",
	},
	"an exclusive bound that is cut to seconds": {
		func(c *copied, poll func()) {
			c.advance(-400 * time.Millisecond)
			twoPosts(time.Second)(c, poll)
		},
		since(func(last time.Time) string { return last.Format(time.RFC3339)[:19] + "Z" }), carefulSince,
		"doubled", "refunds", "it is held twice", "since=2025-06-02T12%3A00%3A59Z",
	},
	"an exclusive bound that is rounded up to seconds": {
		func(c *copied, poll func()) {
			c.advance(-400 * time.Millisecond)
			twoPosts(300*time.Millisecond)(c, poll)
		},
		since(func(last time.Time) string {
			return last.Add(999 * time.Millisecond).Truncate(time.Second).Format(time.RFC3339)
		}), carefulSince,
		"missing", "refunds", "is 100ms behind its created_at", "since=2025-06-02T12%3A01%3A00Z",
	},
}

// newCopied returns a client of a fake of its own, which has nothing yet.
func newCopied(t *testing.T) *copied {
	t.Helper()
	fake := mockservertest.Start(t, mockserver.Config{Case: casefile.MustParse(arranged)})
	return &copied{t: t, w: fake.Workspace(""), url: fake.URL, paused: func() {}}
}

// report compares what the client holds with what there is.
func (c *copied) report() reconcile.Report {
	c.t.Helper()
	var held reconcile.Held
	if c.tickets != nil {
		held.Tickets = c.tickets
	}
	if c.posts != nil {
		thread := reconcile.Thread{ProjectID: "checkout", TicketID: "refunds"}
		for _, p := range c.posts {
			thread.Messages = append(thread.Messages, p.ID)
		}
		held.Threads = []reconcile.Thread{thread}
	}
	return c.w.Sync(held)
}

// TestSync lets naive clients lose something and be told what, why and where, and
// careful ones lose nothing at the same desk.
func TestSync(t *testing.T) {
	t.Parallel()
	for name, test := range losses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Run("a naive client", func(t *testing.T) {
				t.Parallel()
				c := newCopied(t)
				test.happens(c, func() { test.naive(c) })
				r := c.report()
				all := map[string]reconcile.Losses{"missing": r.Missing, "stale": r.Stale, "doubled": r.Doubled, "surplus": r.Surplus}
				found := slices.ContainsFunc(all[test.kind].First, func(l reconcile.Loss) bool {
					return l.Request != nil && strings.Contains(l.Request.URL, test.request) && strings.Contains(l.Why, test.why) &&
						(test.name == "" || l.Name == test.name)
				})
				if r.Complete || !found {
					t.Errorf("no loss %s %s, %q at %s, in %s", test.kind, test.name, test.why, test.request, written(r))
				}
			})
			t.Run("a careful client", func(t *testing.T) {
				t.Parallel()
				c := newCopied(t)
				test.happens(c, func() { test.careful(c) })
				if r := c.report(); !r.Complete || r.Held == 0 {
					t.Error(written(r))
				}
			})
		})
	}
}

// written writes what is reported.
func written(r reconcile.Report) string {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// TestSyncSideBySide lets careful clients share a key while things happen; one of
// them drops a ticket, and no request of another is blamed.
func TestSyncSideBySide(t *testing.T) {
	t.Parallel()
	first := newCopied(t)
	clients := []*copied{first}
	for range 3 {
		clients = append(clients, &copied{t: t, w: first.w, url: first.url, paused: func() {}})
	}
	for range 10 {
		first.advance(10 * time.Minute)
		var all sync.WaitGroup
		for _, c := range clients {
			all.Go(func() { careful(c) })
		}
		all.Wait()
	}
	for _, c := range clients {
		if r := c.report(); !r.Complete || r.Held == 0 {
			t.Error(written(r))
		}
	}
	first.tickets = slices.DeleteFunc(first.tickets, func(h reconcile.Ticket) bool { return h.ID == fixtures.TicketID("first").String() })
	r := first.report()
	if r.Missing.Count != 1 || !strings.Contains(r.Missing.First[0].Why, "the client did not keep it") {
		t.Error(written(r))
	}
}
