// Package catalog defines the form in which a server lists its keys and ids,
// and in which a facts file lists those of a target. The fake and the judge
// share it.
package catalog

// Catalog is everything a test needs to write a request: keys and ids. It is
// also a facts file for the judge.
type Catalog struct {
	BaseURL    string     `json:"base_url"`
	Workspace  string     `json:"workspace"`
	Keys       []Key      `json:"keys"`
	InboxOps   InboxOps   `json:"inboxops"`
	AppHandoff AppHandoff `json:"apphandoff"`
}

// Key is an API key and what it is for.
type Key struct {
	Kind    string `json:"kind"`
	Service string `json:"service"`
	Key     string `json:"key"`
	About   string `json:"about"`
}

// InboxOps describes the InboxOps side of a workspace.
type InboxOps struct {
	TicketCount  int               `json:"ticket_count"`
	Inboxes      []Inbox           `json:"inboxes"`
	Statuses     []Status          `json:"statuses"`
	Priorities   []Priority        `json:"priorities"`
	Tags         []Tag             `json:"tags"`
	Agents       []Person          `json:"agents"`
	Contacts     []Person          `json:"contacts"` // the first ones of a large world
	CustomFields []Field           `json:"custom_fields"`
	Tickets      map[string]Ticket `json:"tickets"`
}

// Inbox is a shared mailbox.
type Inbox struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Status is a custom status with its category.
type Status struct {
	ID    string `json:"id"`
	Type  string `json:"type"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Priority is a custom priority with its level.
type Priority struct {
	ID    string `json:"id"`
	Level string `json:"level"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Tag is a tag.
type Tag struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Person is an agent or a contact.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Field is a custom-field definition. InboxIDs limits it to those
// inboxes; none means all.
type Field struct {
	ID       string   `json:"id"`
	Key      string   `json:"key"`
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Options  []Option `json:"options,omitempty"`
	InboxIDs []string `json:"inbox_ids,omitempty"`
	// Samples are stored values, in the form the filter takes.
	Samples []Sample `json:"samples"`
}

// Option is a choice of a select field.
type Option struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Sample is a value stored on a ticket.
type Sample struct {
	TicketID string `json:"ticket_id"`
	Value    string `json:"value"`
}

// Ticket is a ticket known by name.
type Ticket struct {
	ID           string   `json:"id"`
	TicketNumber int      `json:"ticket_number"`
	DraftIDs     []string `json:"draft_ids,omitempty"` // messages that must never show
	TagIDs       []string `json:"tag_ids"`
}

// AppHandoff describes the AppHandoff side of a workspace.
type AppHandoff struct {
	Projects             []Project `json:"projects"`
	InaccessibleProjects []Project `json:"inaccessible_projects"`
}

// Project is a project with its tickets.
type Project struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Tickets []Handoff `json:"tickets"`
}

// Handoff is a ticket of a project.
type Handoff struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Messages int    `json:"messages"`
	Tasks    []Task `json:"tasks"`
}

// Task is a task of a ticket.
type Task struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}
