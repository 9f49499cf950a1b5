package store

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
)

// By says who made something happen.
type By string

// Those who make things happen: a client by a request, a tester by an act, and
// the desk itself when it lives.
const (
	ByClient By = "client"
	ByTester By = "tester"
	ByLife   By = "life"
)

// What happens.
const (
	TicketCreated  = "ticket.created"
	TicketChanged  = "ticket.changed"
	TicketDeleted  = "ticket.deleted"
	MessageAdded   = "message.added"
	MessageChanged = "message.changed"
	MessageDeleted = "message.deleted"
	ProjectCreated = "project.created"
	ProjectChanged = "project.changed"
	TaskAdded      = "task.added"
)

// Kinds returns what can happen.
func Kinds() []string {
	return []string{
		TicketCreated, TicketChanged, TicketDeleted, MessageAdded, MessageChanged, MessageDeleted,
		ProjectCreated, ProjectChanged, TaskAdded,
	}
}

// Actors returns who can make something happen.
func Actors() []string { return []string{string(ByClient), string(ByTester), string(ByLife)} }

// Event is something that happened in a workspace.
type Event struct {
	Seq  int       `json:"seq"` // from 1, without gaps
	At   time.Time `json:"at"`  // by the workspace's clock; it is the updated_at of a ticket that shows the event
	By   By        `json:"by"`
	Kind string    `json:"event"`
	// Service is inboxops or apphandoff.
	Service      string `json:"service"`
	ProjectID    string `json:"project_id,omitempty"`
	TicketID     string `json:"ticket_id,omitempty"`
	TicketNumber int    `json:"ticket_number,omitempty"`
	Name         string `json:"name,omitempty"` // of the ticket or project, where it has one
	MessageID    string `json:"message_id,omitempty"`
	TaskID       string `json:"task_id,omitempty"`
	// Hidden says that no client can see it, as with drafts.
	Hidden bool `json:"hidden,omitempty"`
	// Changed are the members whose values changed.
	Changed []Change `json:"changed,omitempty"`
}

// Change is a member with its value before and after.
type Change struct {
	Member string `json:"member"`
	From   string `json:"from"`
	To     string `json:"to"`
}

// keptEvents is how many events a Store keeps at most; when there are more, the
// older half is dropped.
const keptEvents = 100_000

// appendEvent adds an event.
func (s *Store) appendEvent(e Event) {
	if len(s.events) >= keptEvents {
		gone := keptEvents / 2
		s.events = slices.Clone(s.events[gone:])
		s.shed += gone
	}
	e.Seq = s.shed + len(s.events) + 1
	s.events = append(s.events, e)
	s.feed.wake()
	if s.Tell != nil {
		s.Tell(e)
	}
}

// Events returns what happened after the event of a number, in order; those that
// are no longer kept are left out. The slice must not be changed.
func (s *Store) Events(after int) []Event {
	s.mu.RLock()
	defer s.mu.RUnlock()
	first := min(max(0, after-s.shed), len(s.events))
	return slices.Clip(s.events[first:])
}

// Happened returns how many events there were, including those no longer kept.
func (s *Store) Happened() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.happened()
}

func (s *state) happened() int { return s.shed + len(s.events) }

// member is a member of something, as a text.
type member struct{ name, value string }

// changedMembers returns the members whose values differ.
func changedMembers(was, is []member) (changes []Change) {
	value := func(all []member, name string) string {
		at := slices.IndexFunc(all, func(m member) bool { return m.name == name })
		if at < 0 {
			return ""
		}
		return all[at].value
	}
	for _, m := range was {
		if to := value(is, m.name); to != m.value {
			changes = append(changes, Change{m.name, m.value, to})
		}
	}
	for _, m := range is {
		if m.value != "" && !slices.ContainsFunc(was, func(other member) bool { return other.name == m.name }) {
			changes = append(changes, Change{m.name, "", m.value})
		}
	}
	return changes
}

// properties returns what a ticket is like.
func properties(d *fixtures.InboxOps, t *fixtures.Ticket) []member {
	status := func(i int) string {
		if i < 0 {
			return ""
		}
		return d.Statuses[i].Name
	}
	assignee, contact := "", ""
	if t.Assignee >= 0 {
		assignee = d.Agents[t.Assignee].Name
	}
	if t.Contact >= 0 {
		contact = d.Contacts[t.Contact].Email
	}
	return []member{
		{"subject", t.Subject},
		{"status", d.Statuses[t.Status].Type},
		{"status_name", status(t.Status)},
		{"priority", d.Priorities[t.Priority].Level},
		{"priority_name", d.Priorities[t.Priority].Name},
		{"inbox", d.Inboxes[t.Inbox].Name},
		{"assignee", assignee},
		{"contact", contact},
		{"tags", tagNames(d, t.Tags)},
		{"remind_at", instantText(t.RemindAt)},
		{"remind_status", status(t.RemindStatus)},
	}
}

func tagNames(d *fixtures.InboxOps, tags []int) string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = d.Tags[tag].Name
	}
	return strings.Join(names, ", ")
}

// Millis is how both services write instants: UTC, milliseconds, Z.
const Millis = "2006-01-02T15:04:05.000Z"

// instantText writes an instant as the wire does, "" for none.
func instantText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(Millis)
}

// idText writes an id, "" for none.
func idText(id fixtures.ID) string {
	if id == (fixtures.ID{}) {
		return ""
	}
	return id.String()
}

// fieldMembers returns the values of custom fields.
func fieldMembers(d *fixtures.InboxOps, values []fixtures.FieldValue) (all []member) {
	for i := range d.CustomFields {
		all = append(all, member{"custom_fields." + d.CustomFields[i].Key, valueText(d, i, values)})
	}
	return all
}

// valueText writes the value of a custom field, "" for none.
func valueText(d *fixtures.InboxOps, field int, values []fixtures.FieldValue) string {
	at := slices.IndexFunc(values, func(v fixtures.FieldValue) bool { return v.Field == field })
	if at < 0 {
		return ""
	}
	def, v := &d.CustomFields[field], &values[at]
	switch def.Type {
	case fixtures.FieldNumber:
		return NumberKey(v.Number)
	case fixtures.FieldBoolean:
		return strconv.FormatBool(v.Bool)
	case fixtures.FieldDate:
		return DateKey(v.Time)
	case fixtures.FieldDateTime:
		return instantText(v.Time)
	case fixtures.FieldSelect, fixtures.FieldMultiSelect:
		labels := make([]string, len(v.Options))
		for i, option := range v.Options {
			labels[i] = def.Options[option].Label
		}
		return strings.Join(labels, ", ")
	default:
		return v.Text
	}
}

// messageDifferences returns what differs between two versions of a message.
func messageDifferences(was, is *fixtures.Message) []Change {
	members := func(m *fixtures.Message) []member {
		return []member{
			{"draft", strconv.FormatBool(m.Draft)},
			{"send_status", m.SendStatus},
			{"send_error", m.SendError},
			{"body_text", m.BodyText},
			{"body_html", m.BodyHTML},
			{"sent_at", instantText(m.SentAt)},
		}
	}
	return changedMembers(members(was), members(is))
}

// postDifferences returns what differs between two versions of an AppHandoff
// message.
func postDifferences(was, is *fixtures.HandoffMessage) []Change {
	members := func(m *fixtures.HandoffMessage) []member {
		return []member{
			{"body", m.Body},
			{"body_format", m.BodyFormat},
			{"task_id", idText(m.Task)},
			{"author_type", m.AuthorType},
			{"author_id", m.AuthorID},
			{"created_at", instantText(m.CreatedAt)},
		}
	}
	return changedMembers(members(was), members(is))
}
