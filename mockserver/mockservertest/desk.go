package mockservertest

import (
	"testing"

	"github.com/mockdesk/mockdesk/mockserver/desk"
)

// Desk plays the other side of a workspace: customers, agents and the service.
// An act that is refused fails the test; use desk.Of to get the error instead.
type Desk struct {
	desk *desk.Desk
	t    testing.TB
}

// Desk returns the other side of the workspace. Tickets are given by UUID,
// number or name; projects and their tickets by UUID or name.
func (w *Workspace) Desk() *Desk { return &Desk{desk.Of(w.Workspace), w.t} }

// done fails the test of an act that was refused.
func (d *Desk) done(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("mockservertest: %v", err)
	}
}

// CreateTicket adds a ticket. Without messages it has the customer's opening
// mail.
func (d *Desk) CreateTicket(t desk.Ticket) desk.TicketRow {
	d.t.Helper()
	row, err := d.desk.CreateTicket(t)
	d.done(err)
	return row
}

// Ticket returns all of a ticket, drafts included.
func (d *Desk) Ticket(ref string) desk.WholeTicket {
	d.t.Helper()
	whole, err := d.desk.Ticket(ref)
	d.done(err)
	return whole
}

// ChangeTicket changes members of a ticket.
func (d *Desk) ChangeTicket(ref string, c desk.TicketChange) desk.TicketRow {
	d.t.Helper()
	row, err := d.desk.ChangeTicket(ref, c)
	d.done(err)
	return row
}

// DeleteTicket removes a ticket.
func (d *Desk) DeleteTicket(ref string) {
	d.t.Helper()
	d.done(d.desk.DeleteTicket(ref))
}

// AddMessage appends a message to the thread of a ticket.
func (d *Desk) AddMessage(ref string, m desk.Message) desk.MessageRow {
	d.t.Helper()
	row, err := d.desk.AddMessage(ref, m)
	d.done(err)
	return row
}

// ChangeMessage changes a message of a ticket, or sends a draft.
func (d *Desk) ChangeMessage(ref, message string, c desk.MessageChange) desk.MessageRow {
	d.t.Helper()
	row, err := d.desk.ChangeMessage(ref, message, c)
	d.done(err)
	return row
}

// DeleteMessage removes a message of a ticket.
func (d *Desk) DeleteMessage(ref, message string) {
	d.t.Helper()
	d.done(d.desk.DeleteMessage(ref, message))
}

// CreateProject adds a project of AppHandoff.
func (d *Desk) CreateProject(p desk.Project) desk.ProjectState {
	d.t.Helper()
	state, err := d.desk.CreateProject(p)
	d.done(err)
	return state
}

// ChangeProject says whether the member key may read a project.
func (d *Desk) ChangeProject(project string, member bool) desk.ProjectState {
	d.t.Helper()
	state, err := d.desk.ChangeProject(project, member)
	d.done(err)
	return state
}

// CreateHandoffTicket adds a ticket to a project.
func (d *Desk) CreateHandoffTicket(project string, t desk.HandoffTicket) desk.HandoffState {
	d.t.Helper()
	state, err := d.desk.CreateHandoffTicket(project, t)
	d.done(err)
	return state
}

// AddTask adds a task to a ticket of a project.
func (d *Desk) AddTask(project, ticket, title string) desk.TaskState {
	d.t.Helper()
	task, err := d.desk.AddTask(project, ticket, title)
	d.done(err)
	return task
}

// AddPost appends a message to the thread of a ticket of a project.
func (d *Desk) AddPost(project, ticket string, p desk.Post) desk.PostRow {
	d.t.Helper()
	row, err := d.desk.AddPost(project, ticket, p)
	d.done(err)
	return row
}

// ChangePost changes a message of a ticket of a project.
func (d *Desk) ChangePost(project, ticket, post string, c desk.PostChange) desk.PostRow {
	d.t.Helper()
	row, err := d.desk.ChangePost(project, ticket, post, c)
	d.done(err)
	return row
}

// DeletePost removes a message of a ticket of a project.
func (d *Desk) DeletePost(project, ticket, post string) {
	d.t.Helper()
	d.done(d.desk.DeletePost(project, ticket, post))
}

// Events returns the events in the workspace that the filter selects, whoever
// made them happen.
func (d *Desk) Events(f desk.Filter) []desk.Event {
	d.t.Helper()
	events, err := d.desk.Events(f)
	d.done(err)
	return events
}
