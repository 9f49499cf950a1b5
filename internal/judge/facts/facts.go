// Package facts turns a facts file into what a target's API does not reveal:
// keys, tags, custom-field definitions and the ids of AppHandoff.
//
// The form is that of a mockdesk server's catalog. Any part may be missing.
package facts

import "slices"

// Facts is what is known about a target beforehand. The zero value knows nothing.
type Facts struct {
	BaseURL    string     `json:"base_url,omitempty"`
	Workspace  string     `json:"workspace,omitempty"`
	Keys       []Key      `json:"keys,omitempty"`
	InboxOps   InboxOps   `json:"inboxops,omitzero"`
	AppHandoff AppHandoff `json:"apphandoff,omitzero"`
}

// Key is a secret and what it is for.
type Key struct {
	Kind    string `json:"kind"`
	Service string `json:"service"`
	Key     string `json:"key"`
	About   string `json:"about,omitempty"`
}

// InboxOps is what is known of an InboxOps workspace.
type InboxOps struct {
	TicketCount  int               `json:"ticket_count,omitempty"` // not relied on: others may write
	Inboxes      []Inbox           `json:"inboxes,omitempty"`
	Statuses     []Status          `json:"statuses,omitempty"`
	Priorities   []Priority        `json:"priorities,omitempty"`
	Tags         []Tag             `json:"tags,omitempty"`
	Agents       []Person          `json:"agents,omitempty"`
	Contacts     []Person          `json:"contacts,omitempty"`
	CustomFields []CustomField     `json:"custom_fields,omitempty"`
	Tickets      map[string]Ticket `json:"tickets,omitempty"` // by name, such as no-messages
}

// Inbox is a shared mailbox.
type Inbox struct {
	ID      string `json:"id"`
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"`
}

// Status is a custom status; Type is one of the five categories.
type Status struct {
	ID    string `json:"id"`
	Type  string `json:"type,omitempty"`
	Name  string `json:"name,omitempty"`
	Color string `json:"color,omitempty"`
}

// Priority is a custom priority; Level is one of the four levels.
type Priority struct {
	ID    string `json:"id"`
	Level string `json:"level,omitempty"`
	Name  string `json:"name,omitempty"`
	Color string `json:"color,omitempty"`
}

// Tag is a label on tickets.
type Tag struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Color string `json:"color,omitempty"`
}

// Person is an agent or a contact.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// CustomField is a definition. InboxIDs limits it to those inboxes; none means all.
type CustomField struct {
	ID       string   `json:"id,omitempty"`
	Key      string   `json:"key"`
	Name     string   `json:"name,omitempty"`
	Type     string   `json:"type"`
	Options  []Option `json:"options,omitempty"`
	InboxIDs []string `json:"inbox_ids,omitempty"`
	Samples  []Sample `json:"samples,omitempty"`
}

// Option is a choice of a select or multi_select field.
type Option struct {
	ID    string `json:"id"`
	Label string `json:"label,omitempty"`
}

// Sample is a value stored on a ticket, in the form the filter takes.
type Sample struct {
	TicketID string `json:"ticket_id"`
	Value    string `json:"value"`
}

// Ticket is a ticket known by name. DraftIDs are messages of it that must
// never show, TagIDs its tags: nil when they are not known.
type Ticket struct {
	ID           string   `json:"id"`
	TicketNumber int64    `json:"ticket_number,omitempty"`
	DraftIDs     []string `json:"draft_ids,omitempty"`
	TagIDs       []string `json:"tag_ids,omitzero"`
}

// AppHandoff is what is known of AppHandoff.
type AppHandoff struct {
	Projects             []Project `json:"projects,omitempty"`
	InaccessibleProjects []Project `json:"inaccessible_projects,omitempty"`
}

// Project is a project with its tickets.
type Project struct {
	ID      string    `json:"id"`
	Name    string    `json:"name,omitempty"`
	Tickets []Handoff `json:"tickets,omitempty"`
}

// Handoff is a ticket of a project.
type Handoff struct {
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"`
	Messages int    `json:"messages,omitempty"` // how many the ticket has; 0 when unknown
	Tasks    []Task `json:"tasks,omitempty"`
}

// Task is a task of a ticket.
type Task struct {
	ID    string `json:"id"`
	Title string `json:"title,omitempty"`
}

// HasHandoff reports whether a ticket of AppHandoff is known.
func (f *Facts) HasHandoff() bool {
	return slices.ContainsFunc(f.AppHandoff.Projects, func(p Project) bool { return len(p.Tickets) > 0 })
}

// FromHandoff returns the facts without what comes before a ticket of
// AppHandoff: it becomes the first one of the first project.
func (f *Facts) FromHandoff(project, ticket int) *Facts {
	out := *f
	out.AppHandoff.Projects = slices.Clone(f.AppHandoff.Projects[project:])
	out.AppHandoff.Projects[0].Tickets = out.AppHandoff.Projects[0].Tickets[ticket:]
	return &out
}

// Secret returns the first key of the service and kind, or "".
func (f *Facts) Secret(service, kind string) string {
	for _, k := range f.Keys {
		if k.Service == service && k.Kind == kind {
			return k.Key
		}
	}
	return ""
}
