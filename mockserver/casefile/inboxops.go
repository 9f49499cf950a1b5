package casefile

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
)

// The members of a ticket and of its contact.
var (
	ticketMembers = []string{
		"seeded", "name", "id", "subject", "status", "priority", "inbox", "assignee", "contact", "tags", "custom_fields", "remind_at", "remind_status",
		"created_at", "updated_at", "messages",
	}
	contactMembers = []string{"name", "email", "id"}
)

// The words for nothing: "nobody" says that a ticket has no assignee, or no
// contact.
const (
	nobody = "nobody"
	none   = "none"
)

// readInboxOps reads what is arranged in the ticket service.
func (b *builder) readInboxOps(n *yaml.Node) {
	for member, value := range b.members(n, append(sortNames(), "tickets", "deleted")) {
		switch member {
		case "tickets":
			b.tables = newTables(b.desk, b.made.Tables)
			b.made.Tickets = slices.Grow(b.made.Tickets, len(value.Content))
			for _, ticket := range b.elements(value) {
				b.made.Tickets = append(b.made.Tickets, b.readTicket(ticket))
			}
		case "deleted":
			for _, ticket := range b.elements(value) {
				b.deleted = append(b.deleted, spot{b.file, ticket})
			}
		default:
			b.readSorts(value, member)
		}
	}
}

// readTicket reads a ticket.
func (b *builder) readTicket(n *yaml.Node) fixtures.TicketWish {
	var wish fixtures.TicketWish
	wrong := len(b.wrong)
	at := map[string]*yaml.Node{}
	for member, value := range b.members(n, ticketMembers) {
		at[member] = value
		switch member {
		case "seeded":
			wish.Seeded = b.readSeeded(value)
		case "name":
			wish.Name = b.ticketName(value)
		case "id":
			wish.ID = b.id(value, "ticket")
		case "subject":
			wish.Subject = b.words(value)
		case "status":
			wish.Status = b.find(value, b.tables.statuses)
		case "priority":
			wish.Priority = b.find(value, b.tables.priorities)
		case "inbox":
			wish.Inbox = b.find(value, b.tables.inboxes)
		case "assignee":
			wish.Assignee = b.findOr(nobody, value, b.tables.agents)
		case "contact":
			wish.Contact = b.readContact(value)
		case "tags":
			wish.Tags = b.readTags(value)
		case "custom_fields":
			inbox := wish.Inbox
			if wish.Seeded != nil && inbox == nil {
				inbox = &b.desk.Tickets[*wish.Seeded].Inbox
			}
			wish.Fields = b.readFields(value, inbox)
		case "remind_at":
			wish.RemindAt = b.instantOrNever(value)
		case "remind_status":
			wish.RemindStatus = b.findOr(none, value, b.tables.statuses)
		case "created_at":
			wish.CreatedAt = b.moment(value)
		case "updated_at":
			wish.UpdatedAt = b.moment(value)
		case "messages":
			wish.Messages = b.readMessages(value)
		}
	}
	b.checkTicket(at)
	if b.desk != nil && len(b.wrong) == wrong {
		b.checkTimes(&wish, at)
	}
	return wish
}

// ticketName reads a name that no other ticket may have.
func (b *builder) ticketName(n *yaml.Node) string {
	name := b.name(n)
	b.unique(n, "ticket", name)
	if b.desk != nil {
		if _, seeded := b.desk.Known[name]; seeded {
			b.fail(n, "my-"+name, "%s is the name of a seeded ticket", name)
		}
	}
	return name
}

// readTags reads a list of tags and puts them in the order in which tickets
// have them.
func (b *builder) readTags(n *yaml.Node) []int {
	tags := []int{}
	all := b.tables.tags
	for _, value := range b.elements(n) {
		tag := b.find(value, all)
		switch {
		case tag == nil:
		case slices.Contains(tags, *tag):
			b.fail(value, "write it once", "the tag %q is there twice", value.Value)
		default:
			tags = append(tags, *tag)
		}
	}
	slices.Sort(tags)
	return tags
}
