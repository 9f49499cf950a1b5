package desk

import (
	"encoding/json"
	"time"

	"github.com/mockdesk/mockdesk/internal/catalog"
)

// Ticket is a new ticket. What is left out comes from the seed and the name.
type Ticket struct {
	// Name is what the ticket is referred to by, and makes its id.
	Name         string         `json:"name,omitempty"`
	Subject      string         `json:"subject,omitempty"`
	Status       string         `json:"status,omitempty"`   // a category, or the name or id of a custom status
	Priority     string         `json:"priority,omitempty"` // a level, or the name or id of a custom priority
	Inbox        string         `json:"inbox,omitempty"`    // name, address or id
	Assignee     string         `json:"assignee,omitempty"` // name, address or id of an agent, or nobody
	Contact      Contact        `json:"contact,omitzero"`
	Tags         []string       `json:"tags,omitzero"`          // nil: from the seed
	CustomFields map[string]any `json:"custom_fields,omitzero"` // by key; options by label
	RemindAt     string         `json:"remind_at,omitempty"`    // RFC 3339, or never
	RemindStatus string         `json:"remind_status,omitempty"`
	CreatedAt    string         `json:"created_at,omitempty"` // RFC 3339, or such as -3d; empty: now
	Messages     []Message      `json:"messages,omitzero"`    // nil: the customer's opening mail
}

// Contact is a customer: the name, address or id of an existing one, or nobody,
// in Name; or the Name and Email of a new one.
type Contact struct {
	Name, Email string
}

// MarshalJSON writes the contact as a case has it.
func (c Contact) MarshalJSON() ([]byte, error) {
	if c.Email == "" {
		return json.Marshal(c.Name)
	}
	return json.Marshal(struct {
		Name  string `json:"name,omitempty"`
		Email string `json:"email"`
	}(c))
}

// TicketChange says which members of a ticket change. What is left out stays.
type TicketChange struct {
	Subject  string   `json:"subject,omitempty"`
	Status   string   `json:"status,omitempty"`
	Priority string   `json:"priority,omitempty"`
	Inbox    string   `json:"inbox,omitempty"`
	Assignee string   `json:"assignee,omitempty"` // or nobody
	Contact  Contact  `json:"contact,omitzero"`
	Tags     []string `json:"tags,omitzero"` // these and no others
	// CustomFields are the values that change; nil removes a value.
	CustomFields map[string]any `json:"custom_fields,omitempty"`
	RemindAt     string         `json:"remind_at,omitempty"` // RFC 3339, such as +2h, or never
	RemindStatus string         `json:"remind_status,omitempty"`
}

// Message is a new message. Without a text it says what fits there.
type Message struct {
	From        string       `json:"from,omitempty"` // customer or agent; empty: whose turn it is
	Note        string       `json:"note,omitempty"` // the text of an internal note
	Draft       bool         `json:"draft,omitempty"`
	Text        string       `json:"text,omitempty"`
	HTML        string       `json:"html,omitempty"`
	SendStatus  string       `json:"send_status,omitempty"` // of an agent's mail: sent, pending, sending, failed
	SendError   string       `json:"send_error,omitempty"`
	FromAddress string       `json:"from_address,omitempty"` // address lists, as To, Cc and Bcc
	To          string       `json:"to,omitempty"`
	Cc          string       `json:"cc,omitempty"`
	Bcc         string       `json:"bcc,omitempty"`
	SentAt      string       `json:"sent_at,omitempty"` // RFC 3339, or never
	Attachments []Attachment `json:"attachments,omitzero"`
	CreatedAt   string       `json:"created_at,omitempty"` // of a ticket that comes with its messages
}

// Attachment is a file of a message.
type Attachment struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size,omitempty"`
	Inline      bool   `json:"inline,omitempty"`
	ContentID   string `json:"content_id,omitempty"`
}

// MessageChange says what changes in a message. Draft may only become false,
// which sends it.
type MessageChange struct {
	Text       string `json:"text,omitempty"`
	HTML       string `json:"html,omitempty"`
	SendStatus string `json:"send_status,omitempty"`
	SendError  string `json:"send_error,omitempty"`
	Draft      *bool  `json:"draft,omitempty"`
}

// Project is a new project of AppHandoff; its name makes its id.
type Project struct {
	Name    string          `json:"name"`
	Member  *bool           `json:"member,omitempty"` // nil: true
	Tickets []HandoffTicket `json:"tickets,omitempty"`
}

// HandoffTicket is a new ticket of a project; its name makes its id.
type HandoffTicket struct {
	Name     string   `json:"name"`
	Tasks    []string `json:"tasks,omitempty"`
	Messages []Post   `json:"messages,omitzero"` // nil: from the seed
}

// Post is a new message of a ticket of a project.
type Post struct {
	Author    string `json:"author,omitempty"`    // human or agent; empty: the other one
	AuthorID  string `json:"author_id,omitempty"` // or nobody
	Text      string `json:"text,omitempty"`
	Task      string `json:"task,omitempty"` // by title
	Format    string `json:"format,omitempty"`
	CreatedAt string `json:"created_at,omitempty"` // of a ticket that comes with its messages
}

// PostChange says what changes in a message of a project.
type PostChange struct {
	Author   string `json:"author,omitempty"`
	AuthorID string `json:"author_id,omitempty"`
	Text     string `json:"text,omitempty"`
	Task     string `json:"task,omitempty"`
	Format   string `json:"format,omitempty"`
}

// TicketRow is a ticket as the list of tickets shows it.
type TicketRow struct {
	ID                       string     `json:"id"`
	TicketNumber             int        `json:"ticket_number"`
	Subject                  string     `json:"subject"`
	InboxID                  string     `json:"inbox_id"`
	Status                   string     `json:"status"`
	StatusID                 string     `json:"status_id"`
	StatusName               string     `json:"status_name"`
	StatusColor              string     `json:"status_color"`
	Priority                 string     `json:"priority"`
	PriorityID               string     `json:"priority_id"`
	PriorityName             string     `json:"priority_name"`
	PriorityColor            string     `json:"priority_color"`
	AssigneeID               *string    `json:"assignee_id"`
	ContactID                *string    `json:"contact_id"`
	RemindAt                 *time.Time `json:"remind_at"`
	RemindTransitionStatusID *string    `json:"remind_transition_status_id"`
	CreatedAt                time.Time  `json:"created_at"`
	UpdatedAt                time.Time  `json:"updated_at"`
}

// WholeTicket is all of a ticket.
type WholeTicket struct {
	Ticket       TicketRow      `json:"ticket"`
	Name         string         `json:"name,omitempty"`
	Tags         []string       `json:"tags"`
	CustomFields map[string]any `json:"custom_fields"` // as a case has them
	Messages     []MessageRow   `json:"messages"`
}

// MessageRow is a message as the timeline of its ticket shows it.
type MessageRow struct {
	ID           string          `json:"id"`
	Direction    string          `json:"direction"`
	Type         string          `json:"type"`
	FromAddress  *string         `json:"from_address"`
	ToAddresses  *string         `json:"to_addresses"`
	CcAddresses  *string         `json:"cc_addresses"`
	BccAddresses *string         `json:"bcc_addresses"`
	SendStatus   *string         `json:"send_status"`
	SendError    *string         `json:"send_error"`
	BodyText     *string         `json:"body_text"`
	BodyHTML     *string         `json:"body_html"`
	SentAt       *time.Time      `json:"sent_at"`
	CreatedAt    time.Time       `json:"created_at"`
	Attachments  []AttachmentRow `json:"attachments"`
	// Hidden says that no timeline shows it, because it is a draft.
	Hidden bool `json:"hidden,omitempty"`
}

// AttachmentRow is a file of a message in a timeline.
type AttachmentRow struct {
	ID          string  `json:"id"`
	FileName    string  `json:"file_name"`
	ContentType string  `json:"content_type"`
	SizeBytes   int     `json:"size_bytes"`
	Disposition string  `json:"disposition"`
	ContentID   *string `json:"content_id"`
}

// ProjectState is a project as it is.
type ProjectState struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Member  bool           `json:"member"`
	Tickets []HandoffState `json:"tickets"`
}

// HandoffState is a ticket of a project as it is, in the form of the catalogue.
type HandoffState = catalog.Handoff

// TaskState is a task of a ticket of a project.
type TaskState = catalog.Task

// PostRow is a message of a ticket of a project as AppHandoff answers it.
type PostRow struct {
	ID         string    `json:"id"`
	AuthorType string    `json:"author_type"`
	AuthorID   *string   `json:"author_id"`
	Body       string    `json:"body"`
	TaskID     *string   `json:"task_id"`
	BodyFormat *string   `json:"body_format"`
	CreatedAt  time.Time `json:"created_at"`
}
