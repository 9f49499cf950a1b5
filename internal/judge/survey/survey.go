// Package survey makes an unknown server something that can be judged: it pages
// through the tickets and samples timelines until it has met what a target can
// show, and says what it never met.
//
// Everything is read when first asked for and then kept.
package survey

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

const (
	maxPages     = 60 // of the ticket list
	minTimelines = 10
	maxTimelines = 60
)

// pageSizes are tried in turn until one is not refused; 0 leaves the choice
// to the target.
var pageSizes = []int{100, 50, 25, 10, 0}

// Survey is what was found out about a target. It is not safe for concurrent use.
type Survey struct {
	send  func(ctx context.Context, who target.Who, path, query string) (*target.Exchange, error)
	facts *facts.Facts

	tickets   *Tickets
	timelines []Timeline
	sampled   bool
	byID      map[string]int // index in timelines
	handoffs  map[string][]Row
}

// Tickets is the ticket list by created_at, oldest first.
type Tickets struct {
	Rows     []Row // as listed: an id may be there twice
	Total    int64 // meta.total of the first page, -1 when it has none
	PerPage  int   // the page size asked for, 0 when the target refuses all
	Complete bool  // every page was read
	Short    bool  // the pages ended before Total
}

// Timeline is the messages of a ticket.
type Timeline struct {
	Ticket   Row
	Messages []Row
	From     *target.Exchange
}

// New returns a survey that has not begun; send asks the target for a path
// below the base of the caller's API.
func New(send func(ctx context.Context, who target.Who, path, query string) (*target.Exchange, error), f *facts.Facts) *Survey {
	return &Survey{send: send, facts: f, byID: map[string]int{}, handoffs: map[string][]Row{}}
}

// Broken is the error of a survey that the target's answers make impossible.
type Broken struct{ Reason string }

// Error is the reason.
func (b *Broken) Error() string { return b.Reason }

// ask sends and requires status 200 with an array under name.
func (s *Survey) ask(ctx context.Context, who target.Who, path, query, name string) ([]Row, map[string]any, *target.Exchange, error) {
	e, err := s.send(ctx, who, path, query)
	if err != nil {
		return nil, nil, nil, err
	}
	address := "GET " + path
	if query != "" {
		address += "?" + query
	}
	if e.Status != http.StatusOK {
		return nil, nil, e, &Broken{fmt.Sprintf("%s answered %d", address, e.Status)}
	}
	rows, object, err := List(e, name)
	if err != nil {
		return nil, nil, e, &Broken{fmt.Sprintf("%s: %v", address, err)}
	}
	return rows, object, e, nil
}

// Tickets pages through the ticket list.
func (s *Survey) Tickets(ctx context.Context) (*Tickets, error) {
	if s.tickets != nil {
		return s.tickets, nil
	}
	t := &Tickets{Total: -1}
	rows, meta, err := s.firstPage(ctx, t)
	if err != nil {
		return nil, err
	}
	if total, ok := Integer(meta["total"]); ok {
		t.Total = total
	}
	t.Rows = rows
	seen := map[string]bool{}
	fresh := news(seen, rows)
	size := len(rows)
	for page := 2; ; page++ {
		done := fresh == 0 || t.Total >= 0 && int64(len(seen)) >= t.Total || t.Total < 0 && len(rows) < size
		if done {
			t.Complete = t.Total < 0 || int64(len(seen)) >= t.Total
			t.Short = !t.Complete
			break
		}
		if page > maxPages {
			break
		}
		if rows, _, _, err = s.ask(ctx, target.ReadWrite, "/tickets", t.query(page), "data"); err != nil {
			return nil, err
		}
		fresh = news(seen, rows)
		t.Rows = append(t.Rows, rows...)
	}
	s.tickets = t
	return t, nil
}

// firstPage finds a page size the target accepts.
func (s *Survey) firstPage(ctx context.Context, t *Tickets) ([]Row, map[string]any, error) {
	for i, size := range pageSizes {
		t.PerPage = size
		rows, object, e, err := s.ask(ctx, target.ReadWrite, "/tickets", t.query(1), "data")
		if err != nil && e != nil && e.Status == http.StatusBadRequest && i < len(pageSizes)-1 {
			continue
		}
		meta, _ := object["meta"].(map[string]any)
		return rows, meta, err
	}
	panic("unreachable: pageSizes is empty")
}

// query asks for a page of the list.
func (t *Tickets) query(page int) string {
	q := "sort=created_at&order=asc"
	if t.PerPage > 0 {
		q += fmt.Sprintf("&per_page=%d", t.PerPage)
	}
	return q + fmt.Sprintf("&page=%d", page)
}

// news adds ids to seen and counts those that were not in it.
func news(seen map[string]bool, rows []Row) int {
	n := 0
	for _, r := range rows {
		if !seen[r.ID()] {
			seen[r.ID()] = true
			n++
		}
	}
	return n
}

// Timeline reads the messages of a ticket.
func (s *Survey) Timeline(ctx context.Context, ticket Row) (Timeline, error) {
	if i, ok := s.byID[ticket.ID()]; ok {
		return s.timelines[i], nil
	}
	rows, e, err := s.messages(ctx, ticket)
	if err != nil {
		return Timeline{}, err
	}
	t := Timeline{Ticket: ticket, Messages: rows, From: e}
	s.byID[ticket.ID()] = len(s.timelines)
	s.timelines = append(s.timelines, t)
	return t, nil
}

// messages asks for a timeline. Tickets with odd numbers are asked for by
// number, if that works, so that a later survey asks the same way.
func (s *Survey) messages(ctx context.Context, ticket Row) ([]Row, *target.Exchange, error) {
	if n, ok := ticket.Number("ticket_number"); ok && n%2 == 1 {
		if rows, _, e, err := s.ask(ctx, target.ReadWrite, fmt.Sprintf("/tickets/%d/messages", n), "", "data"); err == nil {
			return rows, e, nil
		}
	}
	rows, _, e, err := s.ask(ctx, target.ReadWrite, "/tickets/"+ticket.ID()+"/messages", "", "data")
	return rows, e, err
}

// Timelines samples timelines: those of tickets the facts name, then tickets
// spread over the whole list, until everything a timeline can show was met.
func (s *Survey) Timelines(ctx context.Context) ([]Timeline, error) {
	if s.sampled {
		return s.timelines, nil
	}
	tickets, err := s.Tickets(ctx)
	if err != nil {
		return nil, err
	}
	for _, ticket := range s.candidates(tickets.Rows) {
		enough := len(s.timelines) >= minTimelines && len(s.missingInTimelines()) == 0
		if enough || len(s.timelines) >= maxTimelines {
			break
		}
		if _, err := s.Timeline(ctx, ticket); err != nil {
			return nil, err
		}
	}
	s.sampled = true
	return s.timelines, nil
}

// candidates orders tickets for sampling: known ones, then a stride over all.
func (s *Survey) candidates(rows []Row) []Row {
	known := map[string]bool{}
	for _, t := range s.facts.InboxOps.Tickets {
		known[t.ID] = true
	}
	var out []Row
	for _, r := range rows {
		if known[r.ID()] {
			out = append(out, r)
		}
	}
	for _, i := range stride(len(rows)) {
		if !known[rows[i].ID()] && IsUUID(rows[i].ID()) {
			out = append(out, rows[i])
		}
	}
	return out
}

// stride visits 0..n-1 so that any first part of the walk is spread over all.
func stride(n int) []int {
	const golden = 0.6180339887498949
	order := make([]int, n)
	key := make([]float64, n)
	for i := range n {
		order[i] = i
		at := float64(i) * golden
		key[i] = at - float64(int(at))
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key[a], key[b]) })
	return order
}

// Read are the timelines that were read so far, for whatever reason.
func (s *Survey) Read() []Timeline { return s.timelines }
