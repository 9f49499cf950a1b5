package record

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/desk"
)

// place returns the index of a thing of a kind: among those that every world
// has, or among the case's own after them. A thing that is met for the first
// time is added to these, and named by a running number if need be.
func place[T any](m *maker, kind, id string, all []T, own *[]T, is func(T, fixtures.ID) bool, create func(id fixtures.ID, name string) T) int {
	parsed, ok := fixtures.ParseID(id)
	if !ok {
		return 0
	}
	key := kind + " " + parsed.String()
	if at, known := m.found[key]; known {
		return at
	}
	at := slices.IndexFunc(all, func(x T) bool { return is(x, parsed) })
	if at < 0 {
		m.found[kind]++
		*own = append(*own, create(parsed, fmt.Sprintf("%s %d", kind, m.found[kind])))
		at = len(all) + len(*own) - 1
	}
	m.found[key] = at
	return at
}

// address returns an address for somebody with a name.
func address(name, domain string) string {
	return strings.ReplaceAll(name, " ", "-") + "@" + domain + ".example"
}

func (m *maker) inbox(id string) int {
	return place(m, "inbox", id, m.base.InboxOps.Inboxes, &m.sorts.Inboxes, func(x fixtures.Inbox, id fixtures.ID) bool { return x.ID == id }, func(id fixtures.ID, name string) fixtures.Inbox {
		return fixtures.Inbox{ID: id, Name: name, Address: address(name, "inboxes")}
	})
}

func (m *maker) agent(id *string) int {
	if id == nil {
		return -1
	}
	return place(m, "agent", *id, m.base.InboxOps.Agents, &m.sorts.Agents, func(x fixtures.Agent, id fixtures.ID) bool { return x.ID == id }, func(id fixtures.ID, name string) fixtures.Agent {
		return fixtures.Agent{ID: id, Name: name, Email: address(name, "agents")}
	})
}

func (m *maker) contact(id *string) int {
	if id == nil {
		return -1
	}
	return place(m, "contact", *id, m.base.InboxOps.Contacts, &m.people, func(x fixtures.Contact, id fixtures.ID) bool { return x.ID == id }, func(id fixtures.ID, name string) fixtures.Contact {
		return fixtures.Contact{ID: id, Name: name, Email: address(name, "contacts")}
	})
}

func (m *maker) status(t *desk.TicketRow) int {
	all := m.base.InboxOps.Statuses
	if t.StatusID == "" {
		return max(0, slices.IndexFunc(all, func(x fixtures.Status) bool { return x.Type == t.Status }))
	}
	return place(m, "status", t.StatusID, all, &m.sorts.Statuses, func(x fixtures.Status, id fixtures.ID) bool {
		return x == fixtures.Status{ID: id, Type: t.Status, Name: t.StatusName, Color: t.StatusColor}
	}, func(id fixtures.ID, name string) fixtures.Status {
		return fixtures.Status{
			ID: id, Type: among(t.Status, "open", "in_progress", "waiting", "resolved", "closed"), Name: m.called("status", t.StatusName, name), Color: color(t.StatusColor),
		}
	})
}

// called returns the name of a thing, or another name if a case cannot hold
// that one or another thing of the kind has it.
func (m *maker) called(kind, name, otherwise string) string {
	if strings.TrimSpace(name) == "" || len(name) > 100 || strings.ContainsFunc(name, unicode.IsControl) || m.named[kind+" "+name] {
		return otherwise
	}
	m.named[kind+" "+name] = true
	return name
}

// among returns the word if it is one of all, else the first of them.
func among(word string, all ...string) string {
	if slices.Contains(all, word) {
		return word
	}
	return all[0]
}

// gray is the color of things without one.
const gray = "#8395a7"

// color returns a color as services write it, gray for any other text.
func color(text string) string {
	if !casefile.Color.MatchString(text) {
		return gray
	}
	return text
}

// statusByID returns the status of an id, which another ticket may have.
func (m *maker) statusByID(id string) int {
	for _, t := range m.tickets {
		if t.StatusID == id {
			return m.status(t)
		}
	}
	return place(m, "status", id, m.base.InboxOps.Statuses, &m.sorts.Statuses, func(x fixtures.Status, id fixtures.ID) bool { return x.ID == id }, func(id fixtures.ID, name string) fixtures.Status {
		return fixtures.Status{ID: id, Type: "open", Name: name, Color: gray}
	})
}

func (m *maker) priority(t *desk.TicketRow) int {
	all := m.base.InboxOps.Priorities
	if t.PriorityID == "" {
		return max(0, slices.IndexFunc(all, func(x fixtures.Priority) bool { return x.Level == t.Priority }))
	}
	return place(m, "priority", t.PriorityID, all, &m.sorts.Priorities, func(x fixtures.Priority, id fixtures.ID) bool {
		return x == fixtures.Priority{ID: id, Level: t.Priority, Name: t.PriorityName, Color: t.PriorityColor}
	}, func(id fixtures.ID, name string) fixtures.Priority {
		return fixtures.Priority{
			ID: id, Level: among(t.Priority, "normal", "low", "high", "urgent"), Name: m.called("priority", t.PriorityName, name), Color: color(t.PriorityColor),
		}
	})
}

// tagged returns the tags that a ticket was found by.
func (m *maker) tagged(ticket string) []int {
	tags := []int{}
	for _, id := range m.tags[ticket] {
		tags = append(tags, place(m, "tag", id, m.base.InboxOps.Tags, &m.sorts.Tags, func(x fixtures.Tag, id fixtures.ID) bool { return x.ID == id }, func(id fixtures.ID, name string) fixtures.Tag {
			return fixtures.Tag{ID: id, Name: name, Color: gray}
		}))
	}
	slices.Sort(tags)
	return tags
}
