// Package inboxops turns calls of the InboxOps operations into answers of the
// documented shape, and errors into one of that service's two dialects.
package inboxops

import (
	"strconv"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// DocsPath and DocumentPath are where InboxOps serves its own reference and its
// contract; they need no key.
const (
	DocsPath     = "/api/v1/docs"
	DocumentPath = "/api/v1/openapi.json"
)

// Service is the InboxOps side of the fake.
type Service struct{}

// Name returns the name of the contract.
func (Service) Name() string {
	return auth.InboxOps
}

// Handlers returns the handlers by operationId.
func (Service) Handlers() map[string]service.Handler {
	return map[string]service.Handler{
		"addInternalNote":    addInternalNote,
		"listTicketMessages": listTicketMessages,
		"listTickets":        listTickets,
	}
}

// Code returns the problem code, which is the kind's own word.
func (Service) Code(kind problem.Kind) string {
	return string(kind)
}

// listTickets answers GET /api/v1/tickets.
func listTickets(c *service.Call, b []byte) ([]byte, error) {
	q, err := readQuery(c)
	if err != nil {
		return b, err
	}
	b = append(b, `{"data":[`...)
	q.Rows = c.Rows
	b, total := c.Workspace.Store.List(b, &q)
	c.Seen, c.Rows = q.Seen, q.Rows
	b = append(b, `],"meta":{"page":`...)
	b = strconv.AppendInt(b, int64(q.Page), 10)
	b = append(b, `,"per_page":`...)
	b = strconv.AppendInt(b, int64(q.PerPage), 10)
	b = append(b, `,"total":`...)
	b = strconv.AppendInt(b, int64(total), 10)
	return append(b, "}}"...), nil
}

// listTicketMessages answers GET /api/v1/tickets/{id}/messages.
func listTicketMessages(c *service.Call, b []byte) ([]byte, error) {
	id, err := findTicket(c)
	if err != nil {
		return b, err
	}
	types, err := readTypes(c)
	if err != nil {
		return b, err
	}
	b, seen, found := c.Workspace.Store.Timeline(append(b, `{"data":[`...), id, types)
	if !found {
		return b, notFound(id)
	}
	c.Seen = seen
	return append(b, "]}"...), nil
}

// addInternalNote answers POST /api/v1/tickets/{id}/messages.
func addInternalNote(c *service.Call, b []byte) ([]byte, error) {
	id, err := findTicket(c)
	if err != nil {
		return b, err
	}
	note, err := readNote(c)
	if err != nil {
		return b, err
	}
	row, found, err := c.Workspace.Store.AddNote(id, c.Now, note.text, note.html)
	switch {
	case !found:
		return b, notFound(id)
	case err != nil:
		return b, problem.Newf(problem.Unavailable, "The note was not stored: %v, which is %d; POST /_mockdesk/reset forgets all of them.",
			err, c.Workspace.Limits().Notes).Because("notes full")
	}
	b = append(b, `{"data":`...)
	b = append(b, row...)
	return append(b, '}'), nil
}

// findTicket returns the id of the existing ticket that the path names by UUID
// or number. A malformed id is simply not found (choices C2, C3).
func findTicket(c *service.Call) (id string, err error) {
	id = c.Request.PathValue("id")
	if !c.Workspace.Store.Has(id) {
		return id, notFound(id)
	}
	return id, nil
}

func notFound(id string) error {
	return problem.Newf(problem.NotFound, "Ticket %q was not found; give a ticket's UUID or its ticket_number.", id)
}

// readTypes reads the types filter; without it, all types are wanted.
func readTypes(c *service.Call) (store.Types, error) {
	r := c.Read()
	var types store.Types
	for _, item := range r.Enums("types", "email", "internal_note") {
		types.Emails = types.Emails || item == "email"
		types.Notes = types.Notes || item == "internal_note"
	}
	if types == (store.Types{}) {
		types = store.Types{Emails: true, Notes: true}
	}
	return types, r.Err()
}
