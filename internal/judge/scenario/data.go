package scenario

import (
	"net/http"
	"strconv"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
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

// AnyTicket is a ticket to send requests about: one with messages if the
// first tickets have one. It does not make the scenario depend on the data.
func (s *Session) AnyTicket() survey.Row {
	rows := s.someTickets()
	for _, row := range rows[:min(len(rows), 5)] {
		timeline, err := s.env.Survey.Timeline(s.ctx, row)
		s.surveyed(err)
		if len(timeline.Messages) > 0 {
			return row
		}
	}
	if len(rows) == 0 {
		s.Skip("the workspace has no tickets", "a workspace with tickets")
	}
	return rows[0]
}

// someTickets are the surveyed tickets, on whose data the scenario does not
// depend.
func (s *Session) someTickets() []survey.Row {
	t, err := s.env.Survey.Tickets(s.ctx)
	s.surveyed(err)
	return t.Rows
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
	v, err := s.Last().JSON()
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
}

// Page asks for one page of the ticket list with the query exactly as given,
// and asserts 200 and a list.
func (s *Session) Page(rawQuery string) Page {
	s.usedData = true
	s.Get(target.ReadWrite, "/tickets", rawQuery)
	rows, object := s.rows("data")
	meta, _ := object["meta"].(map[string]any)
	p := Page{Rows: rows, Meta: meta, Total: -1}
	if total, ok := survey.Integer(meta["total"]); ok {
		p.Total = total
	}
	return p
}

// IDs are the ids of rows, in their order.
func IDs(rows []survey.Row) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID()
	}
	return out
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

// byNumber is the ticket_number of a ticket for a path, its UUID without one.
func byNumber(ticket survey.Row) string {
	if n, ok := ticket.Number("ticket_number"); ok {
		return strconv.FormatInt(n, 10)
	}
	return ticket.ID()
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
