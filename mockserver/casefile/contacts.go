package casefile

import (
	"net/mail"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// readContact reads a customer: one of the world, or a new one with a name and
// an address.
func (b *builder) readContact(n *yaml.Node) *int {
	switch {
	case n.Kind == yaml.ScalarNode && n.Value == nobody:
		return new(-1)
	case n.Kind != yaml.MappingNode:
		return b.findContact(n)
	}
	var c fixtures.Contact
	for member, value := range b.members(n, contactMembers) {
		switch member {
		case "name":
			c.Name = b.name(value)
		case "email":
			c.Email = b.email(value)
		case "id":
			c.ID, _ = b.uuid(value, "contact")
		}
	}
	if c.Email == "" {
		b.fail(n, anyContact, "a contact needs an email")
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

// anyContact is an example of a contact with everything it needs.
const anyContact = "{name: Ada Lovelace, email: ada@example.com}"

// findContact returns the contact with a name, an address or an id.
func (b *builder) findContact(n *yaml.Node) *int {
	text := b.words(n)
	if b.desk == nil || text == "" {
		return nil
	}
	if i, ok := b.contacts()[strings.ToLower(text)]; ok {
		return &i
	}
	var known []string
	for _, c := range b.desk.Contacts[:min(len(b.desk.Contacts), 100)] {
		known = append(known, c.Name, c.Email)
	}
	b.fail(n, suggest.Hint(text, known, anyContact), "%q is no contact of this world", text)
	return nil
}

// addContact returns the contact with an address, which may exist already.
func (b *builder) addContact(n *yaml.Node, c fixtures.Contact) *int {
	known := b.contacts()
	if i, ok := known[strings.ToLower(c.Email)]; ok {
		var there fixtures.Contact
		if at := i - len(b.desk.Contacts); at < 0 {
			there = b.desk.Contacts[i]
		} else {
			there = b.made.Contacts[at]
		}
		if there.Name != c.Name || c.ID != (fixtures.ID{}) && c.ID != there.ID {
			b.fail(n, c.Email, "the address %s is that of another contact", c.Email)
		}
		return &i
	}
	if c.ID == (fixtures.ID{}) {
		c.ID = fixtures.NamedID("contact", strings.ToLower(c.Email))
	}
	i := len(b.desk.Contacts) + len(b.made.Contacts)
	b.made.Contacts = append(b.made.Contacts, c)
	known[strings.ToLower(c.Email)] = i
	return &i
}

// contactsByName returns contacts by everything that they are called.
func contactsByName(desk *fixtures.InboxOps) map[string]int {
	all := make(map[string]int, 3*len(desk.Contacts))
	for i, c := range slices.Backward(desk.Contacts) { // the first one with a name is meant
		all[strings.ToLower(c.Name)] = i
		all[strings.ToLower(c.Email)] = i
		all[c.ID.String()] = i
	}
	return all
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
