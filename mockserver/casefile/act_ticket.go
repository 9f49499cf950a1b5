package casefile

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
)

// ticketChanges are the members of a change of a ticket.
var ticketChanges = []string{
	"subject", "status", "priority", "inbox", "assignee", "contact", "tags", "custom_fields", "remind_at", "remind_status",
}

// ChangedTicket is a ticket as a change makes it.
type ChangedTicket struct {
	fixtures.Ticket
	Fields   []fixtures.FieldValue // nil when they stay
	Contacts []fixtures.Contact    // to put behind those there are
}

// ChangeTicket returns a ticket, given with its custom-field values, as a
// change makes it.
func (a Act) ChangeTicket(p Present, was fixtures.Ticket, fields []fixtures.FieldValue) (ChangedTicket, error) {
	b := a.builder(p)
	c := ticketChange{builder: b, was: &was, had: fields, is: ChangedTicket{Ticket: was}, at: map[string]*yaml.Node{}}
	for member, value := range b.members(a.root, ticketChanges) {
		c.at[member] = value
		c.read(member, value)
	}
	for member := range b.nulls(a.root, []string{"assignee", "contact", "remind_at", "remind_status"}) {
		switch member {
		case "assignee":
			c.is.Assignee = -1
		case "contact":
			c.is.Contact = -1
		default:
			c.never = append(c.never, member)
		}
	}
	b.changes(a.root, "status: closed")
	if b.wrong == nil {
		c.remind()
	}
	if c.at["custom_fields"] == nil && c.is.Inbox != was.Inbox {
		c.is.Fields = applying(b.desk, fields, c.is.Inbox)
	}
	c.is.Contacts = b.made.Contacts
	return c.is, b.err()
}

// ticketChange is a change of a ticket that is being read.
type ticketChange struct {
	*builder
	was   *fixtures.Ticket
	had   []fixtures.FieldValue
	is    ChangedTicket
	at    map[string]*yaml.Node
	never []string // members of the reminder that are null
}

// read reads a member.
func (c *ticketChange) read(member string, value *yaml.Node) {
	set := func(into *int, found *int) {
		if found != nil {
			*into = *found
		}
	}
	switch member {
	case "subject":
		c.is.Subject = c.words(value)
	case "status": // a ticket that already has a status of the category keeps it
		if !strings.EqualFold(value.Value, c.desk.Statuses[c.is.Status].Type) {
			set(&c.is.Status, c.find(value, c.tables.statuses))
		}
	case "priority":
		if !strings.EqualFold(value.Value, c.desk.Priorities[c.is.Priority].Level) {
			set(&c.is.Priority, c.find(value, c.tables.priorities))
		}
	case "inbox":
		set(&c.is.Inbox, c.find(value, c.tables.inboxes))
	case "assignee":
		set(&c.is.Assignee, c.findOr(nobody, value, c.tables.agents))
	case "contact":
		set(&c.is.Contact, c.readContact(value))
	case "tags":
		c.is.Tags = c.readTags(value)
	case "custom_fields":
		c.is.Fields = c.mergeFields(value, c.had, c.is.Inbox)
	}
}

// remind reads the reminder. A ticket that no longer waits loses its own (choice E6)
// unless the change sets one. A reminder that names no status takes the ticket back
// to work.
func (c *ticketChange) remind() {
	const waiting = "waiting"
	waits := func(status int) bool { return c.desk.Statuses[status].Type == waiting }
	at, status := c.at["remind_at"], c.at["remind_status"]
	switch {
	case at != nil && at.Value != never:
		if c.is.RemindAt = c.ahead(at); c.is.RemindStatus < 0 {
			c.is.RemindStatus = slices.IndexFunc(c.desk.Statuses, func(s fixtures.Status) bool { return s.Type == "in_progress" })
		}
	case at != nil || slices.Contains(c.never, "remind_at") || waits(c.was.Status) && !waits(c.is.Status):
		c.is.RemindAt, c.is.RemindStatus = time.Time{}, -1
	}
	switch {
	case status != nil && c.is.RemindAt.IsZero():
		c.fail(status, "remind_at: +2h", "remind_status: there is no reminder")
	case status != nil:
		if found := c.find(status, c.tables.statuses); found != nil {
			c.is.RemindStatus = *found
		}
	case slices.Contains(c.never, "remind_status"):
		c.is.RemindStatus = -1
	}
}

// mergeFields returns the values of a ticket of an inbox with others in their
// place; values that are null are removed.
func (b *builder) mergeFields(n *yaml.Node, was []fixtures.FieldValue, inbox int) []fixtures.FieldValue {
	given := b.readFields(n, &inbox)
	values := slices.DeleteFunc(applying(b.desk, was, inbox), func(v fixtures.FieldValue) bool {
		return slices.ContainsFunc(given, func(g fixtures.FieldValue) bool { return g.Field == v.Field })
	})
	for key := range b.nulls(n, nil) {
		values = slices.DeleteFunc(values, func(v fixtures.FieldValue) bool { return b.desk.CustomFields[v.Field].Key == key })
	}
	values = append(values, given...)
	slices.SortFunc(values, func(x, y fixtures.FieldValue) int { return x.Field - y.Field })
	return values
}

// applying returns the values whose fields tickets of an inbox have.
func applying(desk *fixtures.InboxOps, values []fixtures.FieldValue, inbox int) []fixtures.FieldValue {
	kept := []fixtures.FieldValue{}
	for _, v := range values {
		if desk.CustomFields[v.Field].AppliesTo(inbox) {
			kept = append(kept, v)
		}
	}
	return kept
}
