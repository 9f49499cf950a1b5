package scenario

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

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

// someTickets returns the surveyed tickets for a scenario that does not depend
// on their data.
func (s *Session) someTickets() []survey.Row {
	t, err := s.env.Survey.Tickets(s.ctx)
	s.surveyed(err)
	return t.Rows
}

// listed is the surveyed ticket with the id, and whether there is one.
func (s *Session) listed(id string) (ticket survey.Row, found bool) {
	rows := s.Tickets().Rows
	i := slices.IndexFunc(rows, func(r survey.Row) bool { return id != "" && strings.EqualFold(r.ID(), id) })
	if i < 0 {
		return survey.Row{}, false
	}
	return rows[i], true
}

// Rows asserts that the last answer is 200 with an array under name, and
// returns its objects. It ends the scenario otherwise.
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

// objectOf is the JSON object that an answer holds, nil without one.
func objectOf(e *target.Exchange) map[string]any {
	v, _ := e.JSON()
	object, _ := v.(map[string]any)
	return object
}

// mediaOf is the media type of an answer.
func mediaOf(e *target.Exchange) string {
	media, _, _ := mime.ParseMediaType(e.ResponseHeader.Get("Content-Type"))
	return media
}

// list asks for a list of objects under name and asserts nothing. For a 200
// without such a list the status is 0.
func (s *Session) list(who target.Who, path, rawQuery, name string) (rows []survey.Row, status int) {
	s.usedData = true
	e := s.exchange(who, path, rawQuery)
	if e.Status != http.StatusOK {
		return nil, e.Status
	}
	rows, _, err := survey.List(e, name)
	if err != nil {
		return nil, 0
	}
	return rows, e.Status
}

// Page is one page of the ticket list.
type Page struct {
	Rows []survey.Row
	Meta map[string]any
}

// Page asks for one page of the ticket list with the query exactly as given,
// and asserts 200 and a list.
func (s *Session) Page(rawQuery string) Page {
	s.usedData = true
	s.Get(target.ReadWrite, "/tickets", rawQuery)
	rows, object := s.rows("data")
	meta, _ := object["meta"].(map[string]any)
	return Page{rows, meta}
}

// IDs are the ids of rows, in their order.
func IDs(rows []survey.Row) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID()
	}
	return out
}

// without returns the ids that are not among the others.
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

// only returns the elements of all for which is is true.
func only[T any](all []T, is func(T) bool) []T {
	var out []T
	for _, x := range all {
		if is(x) {
			out = append(out, x)
		}
	}
	return out
}

// timelinePath is the path of the messages of a ticket, by UUID or number.
func timelinePath(id string) string { return "/tickets/" + id + "/messages" }

// messagesPath is the path of a ticket's messages.
func messagesPath(ticket survey.Row) string { return timelinePath(ticket.ID()) }

// numberPath is the path of a ticket's messages by its number, if it has one.
func numberPath(ticket survey.Row) string { return timelinePath(byNumber(ticket)) }

// byNumber returns the ticket_number of a ticket for a path, or its UUID if it
// has none.
func byNumber(ticket survey.Row) string {
	if n, ok := ticket.Number("ticket_number"); ok {
		return strconv.FormatInt(n, 10)
	}
	return ticket.ID()
}

// Messages asks for a timeline by UUID or ticket number and asserts 200 and a list.
func (s *Session) Messages(id, rawQuery string) []survey.Row {
	s.usedData = true
	s.Get(target.ReadWrite, timelinePath(id), rawQuery)
	return s.Rows("data")
}

// HandoffPath is the path of a ticket's messages below the base of AppHandoff.
func HandoffPath(project, ticket string) string {
	return "/projects/" + project + "/tickets/" + ticket + "/messages"
}
