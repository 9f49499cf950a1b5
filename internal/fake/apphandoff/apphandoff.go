// Package apphandoff turns calls of the AppHandoff operation into answers of
// the documented shape, and errors into that service's dialect.
package apphandoff

import (
	"sort"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
)

// The documented bounds of limit.
const (
	defaultLimit = 50
	maxLimit     = 200
)

// Service is the AppHandoff side of the fake.
type Service struct {
	// DocumentedOnly limits the answers to the documented statuses: wrong
	// parameters are clamped or ignored, and a wrong task_id is 404, instead of
	// 400, which the page does not list (choice D20).
	DocumentedOnly bool
}

// Name returns the name of the contract.
func (Service) Name() string {
	return auth.AppHandoff
}

// Handlers returns the handlers by operationId.
func (f Service) Handlers() map[string]service.Handler {
	return map[string]service.Handler{"listTicketMessages": f.listTicketMessages}
}

// Filter is what the query parameters ask for.
type Filter struct {
	Task  *fixtures.ID
	Since time.Time // exclusive; the zero time is before all
	Limit int
}

// ParseFilter reads the query of a thread as the service does, as far as it can be
// read.
func ParseFilter(raw string) Filter {
	params, _ := service.AppendParams(nil, raw)
	q, _ := (Service{}).readFilter(&service.Call{Params: params})
	return q
}

// After reports whether a message is later than Since.
func (q *Filter) After(m *fixtures.HandoffMessage) bool {
	return q.Since.IsZero() || m.CreatedAt.UnixMilli() > q.Since.UnixMilli()
}

// Keeps reports whether a message belongs to Task, if that is set.
func (q *Filter) Keeps(m *fixtures.HandoffMessage) bool {
	return q.Task == nil || m.Task == *q.Task && m.Task != fixtures.ID{}
}

// listTicketMessages answers GET /api/projects/{id}/tickets/{ticketId}/messages.
func (f Service) listTicketMessages(c *service.Call, b []byte) ([]byte, error) {
	ticket, err := findTicket(c)
	if err != nil {
		return b, err
	}
	filter, err := f.readFilter(c)
	if err != nil {
		return b, err
	}
	b = append(b, `{"messages":[`...)
	first := sort.Search(len(ticket.Messages), func(i int) bool { return filter.After(&ticket.Messages[i]) })
	left := filter.Limit
	for i := first; i < len(ticket.Messages) && left > 0; i++ {
		m := &ticket.Messages[i]
		if !filter.Keeps(m) {
			continue
		}
		if left < filter.Limit {
			b = append(b, ',')
		}
		b = AppendMessage(b, m)
		left--
	}
	return append(b, "]}"...), nil
}

// findTicket returns the ticket of the path. A malformed or unknown id is not
// found; a known project of which the caller is not a member is forbidden
// (choices D13 to D15).
func findTicket(c *service.Call) (*fixtures.HandoffTicket, error) {
	projects, seen := c.Workspace.Store.Handoff()
	c.Seen = seen
	id, _ := fixtures.ParseID(c.Request.PathValue("id"))
	for i := range projects {
		project := &projects[i]
		if project.ID != id {
			continue
		}
		if !c.Tester && (!project.Member || c.Key.Access().Outsider) {
			return nil, problem.Newf(problem.Forbidden, "You are not a member of this project.")
		}
		ticketID, _ := fixtures.ParseID(c.Request.PathValue("ticketId"))
		for j := range project.Tickets {
			if project.Tickets[j].ID == ticketID {
				return &project.Tickets[j], nil
			}
		}
		return nil, problem.Newf(problem.NotFound, "Ticket %q was not found in this project.", c.Request.PathValue("ticketId"))
	}
	return nil, problem.Newf(problem.NotFound, "Project %q was not found.", c.Request.PathValue("id"))
}

func (f Service) readFilter(c *service.Call) (Filter, error) {
	r := c.Read()
	q := Filter{Since: r.Instant("since"), Task: r.UUID("task_id"), Limit: min(r.Int("limit", defaultLimit), maxLimit)}
	err := r.Err()
	if err == nil || !f.DocumentedOnly {
		return q, err
	}
	if q.Task == nil && r.Text("task_id") != "" {
		return q, problem.Newf(problem.NotFound, "Task %q was not found.", r.Text("task_id"))
	}
	return q, nil
}

// AppendMessage appends a message as the service answers it; every documented key is
// there, null where nothing is set (choice D17).
func AppendMessage(b []byte, m *fixtures.HandoffMessage) []byte {
	b = service.AppendID(append(b, `{"id":`...), m.ID)
	b = service.AppendString(append(b, `,"author_type":`...), m.AuthorType)
	b = service.AppendOptional(append(b, `,"author_id":`...), m.AuthorID)
	b = service.AppendString(append(b, `,"body":`...), m.Body)
	b = service.AppendID(append(b, `,"task_id":`...), m.Task)
	b = service.AppendOptional(append(b, `,"body_format":`...), m.BodyFormat)
	b = service.AppendTime(append(b, `,"created_at":`...), m.CreatedAt)
	return append(b, '}')
}
