package scenario

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/mockdesk/mockdesk/conformance/survey"
	"github.com/mockdesk/mockdesk/conformance/target"
)

// Tickets are all tickets the survey reached, oldest first.
func (s *Session) Tickets() *survey.Tickets {
	s.usedData = true
	t, err := s.env.Survey.Tickets(s.ctx)
	s.surveyed(err)
	return t
}

// Timelines are sampled timelines that show all the survey could find: see
// survey.Timelines.
func (s *Session) Timelines() []survey.Timeline {
	s.usedData = true
	t, err := s.env.Survey.Timelines(s.ctx)
	s.surveyed(err)
	return t
}

// Timeline is the timeline of a ticket as the survey read it.
func (s *Session) Timeline(ticket survey.Row) survey.Timeline {
	s.usedData = true
	t, err := s.env.Survey.Timeline(s.ctx, ticket)
	s.surveyed(err)
	return t
}

// Handoff are all messages of an AppHandoff ticket as the survey read them.
func (s *Session) Handoff(project, ticket string) []survey.Row {
	s.usedData = true
	rows, err := s.env.Survey.Handoff(s.ctx, project, ticket)
	s.surveyed(err)
	return rows
}

// Missing says what the survey never met, such as "send_status failed".
func (s *Session) Missing() []string { return s.env.Survey.Missing() }

// AnyTicket is a ticket to send requests about: one with messages if the
// first tickets have one. It does not make the scenario depend on the data.
func (s *Session) AnyTicket() survey.Row {
	t, err := s.env.Survey.Tickets(s.ctx)
	s.surveyed(err)
	for _, row := range t.Rows[:min(len(t.Rows), 5)] {
		timeline, err := s.env.Survey.Timeline(s.ctx, row)
		s.surveyed(err)
		if len(timeline.Messages) > 0 {
			return row
		}
	}
	if len(t.Rows) == 0 {
		s.Skip("the workspace has no tickets", "a workspace with tickets")
	}
	return t.Rows[0]
}

// Rows asserts that the last answer is 200 with an array under name, and
// returns its objects. It ends the scenario when it is not.
func (s *Session) Rows(name string) []survey.Row {
	rows, _ := s.rows(name)
	return rows
}

func (s *Session) rows(name string) ([]survey.Row, map[string]any) {
	s.StopIfFailed()
	e := s.Last()
	s.Must(e.Status == http.StatusOK, "status of "+s.name(e), http.StatusOK, e.Status)
	rows, object, err := survey.List(e, name)
	s.Must(err == nil, "body", "an object with an array "+name, err)
	return rows, object
}

// name is the request of an exchange in short: GET /api/v1/tickets?page=2.
func (s *Session) name(e *target.Exchange) string {
	return e.Name(s.env.Mask)
}

// Object is the JSON object the last answer holds; it asserts that there is one.
func (s *Session) Object() map[string]any {
	s.StopIfFailed()
	v, err := survey.Decode(s.Last().ResponseBody)
	s.Must(err == nil, "body", "a JSON object", err)
	object, ok := v.(map[string]any)
	s.Must(ok, "body", "a JSON object", v)
	return object
}

// Page is one page of the ticket list.
type Page struct {
	Rows  []survey.Row
	Meta  map[string]any
	Total int64 // -1 when meta has none
	From  *target.Exchange
}

// Page asks for one page of the ticket list with the query exactly as given,
// and asserts 200 and a list.
func (s *Session) Page(rawQuery string) Page {
	s.usedData = true
	s.Get(target.ReadWrite, "/tickets", rawQuery)
	rows, object := s.rows("data")
	meta, _ := object["meta"].(map[string]any)
	p := Page{Rows: rows, Meta: meta, Total: -1, From: s.Last()}
	if total, ok := survey.Integer(meta["total"]); ok {
		p.Total = total
	}
	return p
}

// Listing is what a query of the ticket list finds.
type Listing struct {
	Rows     []survey.Row
	Total    int64 // meta.total, -1 when there is none
	Complete bool  // Rows are all; else they are of the first, a middle and the last page
}

// IDs are the ids of the rows, in their order.
func (l Listing) IDs() []string { return IDs(l.Rows) }

// IDs are the ids of rows, in their order.
func IDs(rows []survey.Row) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID()
	}
	return out
}

// List lists the tickets a filter finds, by created_at, oldest first. It adds
// sort, order, per_page and page to the query and asserts 200 and lists. Of a
// long result it reads only three pages.
func (s *Session) List(rawQuery string) Listing {
	ask := strings.Trim(rawQuery+"&sort=created_at&order=asc", "&")
	if size := s.Tickets().PerPage; size > 0 {
		ask += fmt.Sprintf("&per_page=%d", size)
	}
	first := s.Page(ask + "&page=1")
	l := Listing{Rows: first.Rows, Total: first.Total}
	size := int64(len(first.Rows))
	if size == 0 || first.Total <= size {
		l.Complete = true
		return l
	}
	last := (first.Total + size - 1) / size
	l.Complete = last <= 3
	pages := []int64{2, last}
	if last == 2 {
		pages = pages[:1]
	} else if last > 3 {
		pages[0] = (1 + last) / 2
	}
	for _, page := range pages {
		l.Rows = append(l.Rows, s.Page(fmt.Sprintf("%s&page=%d", ask, page)).Rows...)
	}
	return l
}

// Filter asserts that the query finds exactly the tickets that keep is true
// for: each listed row satisfies it, and the total is the number of surveyed
// tickets that do. what describes the condition, such as `status "open"`. It
// reports whether the filter could tell good from bad: whether some tickets
// satisfy keep and some do not.
func (s *Session) Filter(rawQuery, member, what string, keep func(survey.Row) bool) bool {
	all := s.Tickets()
	var want []string
	for _, r := range all.Rows {
		if keep(r) {
			want = append(want, r.ID())
		}
	}
	found := s.List(rawQuery)
	for _, r := range found.Rows {
		s.AssertRow(keep(r), r, member, what)
	}
	if all.Complete && found.Total >= 0 {
		s.Assert(found.Total == int64(len(want)), "meta.total of "+rawQuery, len(want), found.Total)
	}
	if all.Complete && found.Complete {
		lost := without(want, found.IDs())
		s.Assert(len(lost) == 0, "tickets with "+what+" that "+rawQuery+" does not list", 0, lost[:min(len(lost), 5)])
	}
	return len(want) > 0 && len(want) < len(all.Rows)
}

// without are the ids that are not among the others.
func without(ids, others []string) []string {
	known := make(map[string]bool, len(others))
	for _, id := range others {
		known[id] = true
	}
	out := []string{}
	for _, id := range ids {
		if !known[id] {
			out = append(out, id)
		}
	}
	return out
}

// Messages asks for a timeline by UUID or ticket number and asserts 200 and a list.
func (s *Session) Messages(id, rawQuery string) []survey.Row {
	s.usedData = true
	s.Get(target.ReadWrite, "/tickets/"+id+"/messages", rawQuery)
	return s.Rows("data")
}

// HandoffMessages asks for the messages of an AppHandoff ticket and asserts
// 200 and a list.
func (s *Session) HandoffMessages(project, ticket, rawQuery string) []survey.Row {
	s.usedData = true
	s.Get(target.Member, HandoffPath(project, ticket), rawQuery)
	return s.Rows("messages")
}

// HandoffPath is the path of a ticket's messages below the base of AppHandoff.
func HandoffPath(project, ticket string) string {
	return "/projects/" + project + "/tickets/" + ticket + "/messages"
}
