// Package desk turns what a customer, an agent or the service does between two
// requests of a client into changes of a workspace: it adds, changes and
// removes tickets, messages and projects.
//
// An act is written in the words of a case (docs/case.md). It is done at the
// time that the clock of the workspace shows, as a whole or, if something is
// wrong with it, not at all. No client sees only a part of it.
package desk

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// Why an act is refused, other than for wrong words.
var (
	ErrNotFound = errors.New("there is no such thing")
	ErrTaken    = errors.New("the name is taken")
	ErrFull     = store.ErrFull
)

// refusal is an error of a kind.
type refusal struct {
	error
	kind error
}

// Unwrap returns the error, which has a hint.
func (r refusal) Unwrap() error { return r.error }

// Is reports whether the error is of the kind.
func (r refusal) Is(kind error) bool { return kind == r.kind }

// absent says that something is not there.
func absent(instead, format string, args ...any) error {
	return refusal{hint.Errorf(instead, format, args...), ErrNotFound}
}

// taken says that something else already has a name or a title.
func taken(member, name, what string, free func(name string) bool) error {
	other := name
	for n := 2; !free(other); n++ {
		other = fmt.Sprintf("%s-%d", name, n)
	}
	return refusal{hint.Errorf(member+": "+other, "%q is the %s of another %s, or was", name, member, what), ErrTaken}
}

// Raw does acts that are YAML or JSON texts, and answers with JSON.
type Raw struct {
	w *workspace.Workspace
}

// RawOf returns a Raw that acts in a workspace.
func RawOf(w *workspace.Workspace) Raw { return Raw{w} }

// act lets do change the workspace.
func (r Raw) act(do func(*store.Tx) error) error {
	defer r.w.Touch()
	return r.w.Store.Act(store.ByTester, r.w.Now(), do)
}

// read parses a text about a kind of thing, lets do act on it, and returns what
// that made.
func (r Raw) read(kind string, text []byte, do func(*store.Tx, casefile.Act) (json.RawMessage, error)) (made json.RawMessage, err error) {
	said, err := casefile.ParseAct(kind, text)
	if err != nil {
		return nil, err
	}
	err = r.act(func(tx *store.Tx) error {
		made, err = do(tx, said)
		return err
	})
	return made, err
}

// present returns the desk against which the words of an act are read.
func present(tx *store.Tx) casefile.Present {
	return casefile.Present{Desk: tx.Desk(), At: tx.Now()}
}

// room returns an error when there is no room for that many additions.
func (r Raw) room(tx *store.Tx, additions int) error {
	err := tx.Room(additions)
	if err == nil {
		return nil
	}
	return refusal{hint.Errorf("reset the workspace, or start the server with a larger --max-notes", "%w, which is %d", err, r.w.Limits().Notes), ErrFull}
}

// nextMessage returns the id of the message that the act adds to a ticket.
func nextMessage(tx *store.Tx, ticket fixtures.ID) fixtures.ID {
	return store.MessageID(ticket, tx.Serial())
}

// Desk does acts in a workspace.
type Desk struct {
	raw Raw
}

// Of returns a Desk that acts in a workspace.
func Of(w *workspace.Workspace) *Desk { return &Desk{Raw{w}} }

// say does an act that is given as a value.
func say[R any](act any, do func(text []byte) (json.RawMessage, error)) (result R, err error) {
	text, err := json.Marshal(act)
	if err != nil {
		return result, err
	}
	answer, err := do(text)
	if err == nil {
		err = json.Unmarshal(answer, &result)
	}
	return result, err
}

// CreateTicket adds a ticket. Without messages it has the customer's opening
// mail.
func (d *Desk) CreateTicket(t Ticket) (TicketRow, error) {
	return say[TicketRow](t, d.raw.CreateTicket)
}

// Ticket returns all of a ticket, drafts included. Like all methods, it takes its
// UUID, its number or its name.
func (d *Desk) Ticket(ref string) (WholeTicket, error) {
	return say[WholeTicket](nil, func([]byte) (json.RawMessage, error) { return d.raw.Ticket(ref) })
}

// ChangeTicket changes members of a ticket.
func (d *Desk) ChangeTicket(ref string, c TicketChange) (TicketRow, error) {
	return say[TicketRow](c, func(text []byte) (json.RawMessage, error) { return d.raw.ChangeTicket(ref, text) })
}

// DeleteTicket removes a ticket with everything that belongs to it.
func (d *Desk) DeleteTicket(ref string) error { return d.raw.DeleteTicket(ref) }

// AddMessage appends a message to the thread of a ticket.
func (d *Desk) AddMessage(ref string, m Message) (MessageRow, error) {
	return say[MessageRow](m, func(text []byte) (json.RawMessage, error) { return d.raw.AddMessage(ref, text) })
}

// ChangeMessage changes a message of a ticket, or sends a draft.
func (d *Desk) ChangeMessage(ref, message string, c MessageChange) (MessageRow, error) {
	return say[MessageRow](c, func(text []byte) (json.RawMessage, error) { return d.raw.ChangeMessage(ref, message, text) })
}

// DeleteMessage removes a message of a ticket.
func (d *Desk) DeleteMessage(ref, message string) error { return d.raw.DeleteMessage(ref, message) }

// CreateProject adds a project of AppHandoff.
func (d *Desk) CreateProject(p Project) (ProjectState, error) {
	return say[ProjectState](p, d.raw.CreateProject)
}

// ChangeProject says whether the member key may read a project. Like all methods,
// it takes the UUID or the name of a project, and of its tickets.
func (d *Desk) ChangeProject(project string, member bool) (ProjectState, error) {
	return say[ProjectState](map[string]bool{"member": member}, func(text []byte) (json.RawMessage, error) { return d.raw.ChangeProject(project, text) })
}

// CreateHandoffTicket adds a ticket to a project.
func (d *Desk) CreateHandoffTicket(project string, t HandoffTicket) (HandoffState, error) {
	return say[HandoffState](t, func(text []byte) (json.RawMessage, error) { return d.raw.CreateHandoffTicket(project, text) })
}

// AddTask adds a task to a ticket of a project.
func (d *Desk) AddTask(project, ticket, title string) (TaskState, error) {
	return say[TaskState](map[string]string{"title": title}, func(text []byte) (json.RawMessage, error) { return d.raw.AddTask(project, ticket, text) })
}

// AddPost appends a message to the thread of a ticket of a project.
func (d *Desk) AddPost(project, ticket string, p Post) (PostRow, error) {
	return say[PostRow](p, func(text []byte) (json.RawMessage, error) { return d.raw.AddPost(project, ticket, text) })
}

// ChangePost changes a message of a ticket of a project, which keeps its time.
func (d *Desk) ChangePost(project, ticket, post string, c PostChange) (PostRow, error) {
	return say[PostRow](c, func(text []byte) (json.RawMessage, error) { return d.raw.ChangePost(project, ticket, post, text) })
}

// DeletePost removes a message of a ticket of a project.
func (d *Desk) DeletePost(project, ticket, post string) error {
	return d.raw.DeletePost(project, ticket, post)
}

// Events returns the events in the workspace that the filter selects, whoever
// made them happen.
func (d *Desk) Events(f Filter) ([]Event, error) { return d.raw.Events(f) }
