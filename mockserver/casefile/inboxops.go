package casefile

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/near"
)

// The members of a ticket and of its contact.
var (
	ticketMembers = []string{
		"name", "subject", "status", "priority", "inbox", "assignee", "contact", "tags", "custom_fields", "created_at", "updated_at", "messages",
	}
	contactMembers = []string{"name", "email"}
)

// nobody says that a ticket has no assignee, or no contact.
const nobody = "nobody"

// readInboxOps reads what is arranged in the ticket service.
func (b *builder) readInboxOps(n *yaml.Node) {
	for _, value := range b.members(n, []string{"tickets"}) {
		if b.made.Tickets == nil {
			b.made.Tickets = make([]fixtures.TicketWish, 0, len(value.Content))
		}
		for _, ticket := range b.elements(value) {
			b.made.Tickets = append(b.made.Tickets, b.readTicket(ticket))
		}
	}
}

// readTicket reads a ticket. What depends on other members is looked at when all
// are read, so that their order does not matter.
func (b *builder) readTicket(n *yaml.Node) fixtures.TicketWish {
	var wish fixtures.TicketWish
	wrong := len(b.wrong)
	at := map[string]*yaml.Node{}
	for member, value := range b.members(n, ticketMembers) {
		at[member] = value
		switch member {
		case "name":
			wish.Name = b.ticketName(value)
		case "subject":
			wish.Subject = b.words(value)
		case "status":
			wish.Status = b.find(value, b.tables.statuses)
		case "priority":
			wish.Priority = b.find(value, b.tables.priorities)
		case "inbox":
			wish.Inbox = b.find(value, b.tables.inboxes)
		case "assignee":
			wish.Assignee = b.findOrNobody(value, b.tables.agents)
		case "contact":
			wish.Contact = b.readContact(value)
		case "tags":
			wish.Tags = b.readTags(value)
		case "created_at":
			wish.CreatedAt = b.moment(value)
		case "updated_at":
			wish.UpdatedAt = b.moment(value)
		case "messages":
			wish.Messages = b.readMessages(value)
		}
	}
	if fields := at["custom_fields"]; fields != nil {
		b.path = append(b.path, step{member: "custom_fields"})
		wish.Fields = b.readFields(fields, wish.Inbox)
		b.path = b.path[:len(b.path)-1]
	}
	if b.desk != nil && len(b.wrong) == wrong {
		b.checkTimes(&wish, at)
	}
	return wish
}

// ticketName reads a name that no other ticket has.
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

// tables are what tickets are sorted by, as far as they have names. Statuses are
// found by their category, priorities by their level, of which the first is meant,
// inboxes and agents by their address as well, and all by their name or id.
type tables struct {
	statuses, priorities, inboxes, agents, tags candidates
}

// newTables lists those of a world; without one they are empty.
func newTables(desk *fixtures.InboxOps) tables {
	all := tables{candidates{what: "status"}, candidates{what: "priority"}, candidates{what: "inbox"}, candidates{what: "agent"}, candidates{what: "tag"}}
	if desk == nil {
		return all
	}
	for _, x := range desk.Statuses {
		all.statuses.add(x.ID, x.Type, x.Name)
	}
	for _, x := range desk.Priorities {
		all.priorities.add(x.ID, x.Level, x.Name)
	}
	for _, x := range desk.Inboxes {
		all.inboxes.add(x.ID, x.Name, x.Address)
	}
	for _, x := range desk.Agents {
		all.agents.add(x.ID, x.Name, x.Email)
	}
	for _, x := range desk.Tags {
		all.tags.add(x.ID, x.Name)
	}
	return all
}

// add puts a thing into the table.
func (c *candidates) add(id fixtures.ID, names ...string) {
	c.names = append(c.names, append(names, id.String()))
}

// findOrNobody finds a person, or nobody.
func (b *builder) findOrNobody(n *yaml.Node, all candidates) *int {
	if n.Kind == yaml.ScalarNode && n.Value == nobody {
		none := -1
		return &none
	}
	return b.find(n, all)
}

// readTags reads a list of tags, in the order that tickets have them.
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

// readContact reads a customer: one of the world, or one with a name and an
// address of their own.
func (b *builder) readContact(n *yaml.Node) *int {
	if n.Kind != yaml.MappingNode {
		if n.Kind == yaml.ScalarNode && n.Value == nobody {
			return b.findOrNobody(n, candidates{})
		}
		text := b.words(n)
		if b.desk == nil || text == "" {
			return nil
		}
		if i, ok := b.contactsByName()[strings.ToLower(text)]; ok {
			return &i
		}
		var known []string
		for _, c := range b.desk.Contacts[:min(len(b.desk.Contacts), 100)] {
			known = append(known, c.Name, c.Email)
		}
		b.fail(n, near.Hint(text, known, "{name: Ada Lovelace, email: ada@example.com}"), "%q is no contact of this world", text)
		return nil
	}
	var c fixtures.Contact
	for member, value := range b.members(n, contactMembers) {
		switch member {
		case "name":
			c.Name = b.name(value)
		case "email":
			c.Email = b.email(value)
		}
	}
	if c.Email == "" {
		if !b.full() {
			b.fail(n, "{name: Ada Lovelace, email: ada@example.com}", "a contact needs an email")
		}
		return nil
	}
	if b.desk == nil {
		return nil
	}
	if c.Name == "" {
		c.Name, _, _ = strings.Cut(c.Email, "@")
	}
	return b.addContact(n, c)
}

// addContact returns the contact of an address, which may be there already.
func (b *builder) addContact(n *yaml.Node, c fixtures.Contact) *int {
	known := b.contactsByName()
	if i, ok := known[strings.ToLower(c.Email)]; ok {
		at := i - len(b.desk.Contacts)
		if at < 0 && b.desk.Contacts[i].Name != c.Name || at >= 0 && b.made.Contacts[at].Name != c.Name {
			b.fail(n, c.Email, "the address %s is that of another contact", c.Email)
		}
		return &i
	}
	c.ID = fixtures.NamedID("contact", strings.ToLower(c.Email))
	i := len(b.desk.Contacts) + len(b.made.Contacts)
	b.made.Contacts = append(b.made.Contacts, c)
	known[strings.ToLower(c.Email)] = i
	return &i
}

// contactsByName are the contacts by all that they are called.
func (b *builder) contactsByName() map[string]int {
	if b.contacts == nil {
		b.contacts = make(map[string]int, 3*len(b.desk.Contacts))
		for i := len(b.desk.Contacts) - 1; i >= 0; i-- { // the first of a name is meant
			c := &b.desk.Contacts[i]
			b.contacts[strings.ToLower(c.Name)] = i
			b.contacts[strings.ToLower(c.Email)] = i
			b.contacts[c.ID.String()] = i
		}
	}
	return b.contacts
}

// email reads an address without a name.
func (b *builder) email(n *yaml.Node) string {
	text := b.words(n)
	if text == "" {
		return ""
	}
	if address, err := mail.ParseAddress(text); err != nil || address.Address != text {
		instead := "ada@example.com"
		if err == nil {
			instead = address.Address
		}
		b.fail(n, instead, "%q is no address", text)
	}
	return text
}

// checkTimes refuses times that contradict each other, or leave no time for what
// lies between them.
func (b *builder) checkTimes(wish *fixtures.TicketWish, at map[string]*yaml.Node) {
	const room = time.Millisecond // that each message needs
	end := b.at
	if !wish.UpdatedAt.IsZero() {
		end = wish.UpdatedAt
		if wish.UpdatedAt.Before(wish.CreatedAt) {
			b.fail(at["updated_at"], at["created_at"].Value, "updated_at %s is before created_at", at["updated_at"].Value)
			return
		}
	}
	last, before, untimed := wish.CreatedAt, "created_at", 0
	anchor := at["created_at"]
	for i, m := range wish.Messages {
		if m.CreatedAt.IsZero() {
			untimed++
			continue
		}
		message := at["messages"].Content[i]
		switch {
		case m.CreatedAt.Before(last):
			b.fail(real(message), "put the messages in order of time", "messages[%d] is before %s", i, before)
			return
		case !last.IsZero() && untimed > 0 && m.CreatedAt.Sub(last) <= time.Duration(untimed)*room:
			b.fail(real(message), "leave its created_at out", "there is no time for %d messages between %s and messages[%d]", untimed, before, i)
			return
		}
		last, before, untimed, anchor = m.CreatedAt, "messages["+strconv.Itoa(i)+"]", 0, real(message)
	}
	switch {
	case last.IsZero() || end.Sub(last) >= time.Duration(untimed)*room:
	case untimed == 0 && last.After(end):
		b.fail(at["updated_at"], "leave updated_at out", "%s is after updated_at", before)
	case at["updated_at"] != nil:
		b.fail(at["updated_at"], "leave updated_at out", "there is no time for %d messages between %s and updated_at", untimed, before)
	default:
		b.fail(anchor, "created_at: -1h", "there is no time for %d messages between %s and the instant of the world", untimed, before)
	}
}
