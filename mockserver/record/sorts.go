package record

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver/desk"
)

// place returns where a thing of a kind stands: among those that every world has, or
// behind them, where add puts it the first time. It has a name by its turn.
func (m *maker) place(kind, id string, seeded func(fixtures.ID) int, add func(id fixtures.ID, name string) int) int {
	parsed, ok := fixtures.ParseID(id)
	if !ok {
		return 0
	}
	key := kind + " " + parsed.String()
	if at, known := m.found[key]; known {
		return at
	}
	at := seeded(parsed)
	if at < 0 {
		m.found[kind]++
		at = add(parsed, fmt.Sprintf("%s %d", kind, m.found[kind]))
	}
	m.found[key] = at
	return at
}

func (m *maker) inbox(id string) int {
	all := m.base.InboxOps.Inboxes
	return m.place("inbox", id, func(id fixtures.ID) int {
		return slices.IndexFunc(all, func(x fixtures.Inbox) bool { return x.ID == id })
	}, func(id fixtures.ID, name string) int {
		m.sorts.Inboxes = append(m.sorts.Inboxes, fixtures.Inbox{ID: id, Name: name, Address: strings.ReplaceAll(name, " ", "-") + "@inboxes.example"})
		return len(all) + len(m.sorts.Inboxes) - 1
	})
}

func (m *maker) agent(id *string) int {
	if id == nil {
		return -1
	}
	all := m.base.InboxOps.Agents
	return m.place("agent", *id, func(id fixtures.ID) int {
		return slices.IndexFunc(all, func(x fixtures.Agent) bool { return x.ID == id })
	}, func(id fixtures.ID, name string) int {
		m.sorts.Agents = append(m.sorts.Agents, fixtures.Agent{ID: id, Name: name, Email: strings.ReplaceAll(name, " ", "-") + "@agents.example"})
		return len(all) + len(m.sorts.Agents) - 1
	})
}

func (m *maker) contact(id *string) int {
	if id == nil {
		return -1
	}
	all := m.base.InboxOps.Contacts
	return m.place("contact", *id, func(id fixtures.ID) int {
		return slices.IndexFunc(all, func(x fixtures.Contact) bool { return x.ID == id })
	}, func(id fixtures.ID, name string) int {
		m.people = append(m.people, fixtures.Contact{ID: id, Name: name, Email: strings.ReplaceAll(name, " ", "-") + "@contacts.example"})
		return len(all) + len(m.people) - 1
	})
}

func (m *maker) status(t *desk.TicketRow) int {
	all := m.base.InboxOps.Statuses
	if t.StatusID == "" {
		return max(0, slices.IndexFunc(all, func(x fixtures.Status) bool { return x.Type == t.Status }))
	}
	return m.place("status", t.StatusID, func(id fixtures.ID) int {
		return slices.Index(all, fixtures.Status{ID: id, Type: t.Status, Name: t.StatusName, Color: t.StatusColor})
	}, func(id fixtures.ID, name string) int {
		m.sorts.Statuses = append(m.sorts.Statuses, fixtures.Status{
			ID: id, Type: among(t.Status, "open", "in_progress", "waiting", "resolved", "closed"), Name: m.called("status", t.StatusName, name), Color: color(t.StatusColor),
		})
		return len(all) + len(m.sorts.Statuses) - 1
	})
}

// called is the name of a thing, or another where a case cannot say it or another
// thing of the kind has it.
func (m *maker) called(kind, name, otherwise string) string {
	if strings.TrimSpace(name) == "" || len(name) > 100 || strings.ContainsFunc(name, unicode.IsControl) || m.named[kind+" "+name] {
		return otherwise
	}
	m.named[kind+" "+name] = true
	return name
}

// among is a word of the contract, or the first where it is none.
func among(word string, all ...string) string {
	if slices.Contains(all, word) {
		return word
	}
	return all[0]
}

// color is a color as services write it, gray where it is none.
func color(text string) string {
	if !colors.MatchString(text) {
		return "#8395a7"
	}
	return text
}

var colors = regexp.MustCompile(`^#[0-9a-fA-F]{3,8}$`)

// statusByID returns the status of an id, which another ticket may have.
func (m *maker) statusByID(id string) int {
	for _, t := range m.tickets {
		if t.StatusID == id {
			return m.status(t)
		}
	}
	all := m.base.InboxOps.Statuses
	return m.place("status", id, func(id fixtures.ID) int {
		return slices.IndexFunc(all, func(x fixtures.Status) bool { return x.ID == id })
	}, func(id fixtures.ID, name string) int {
		m.sorts.Statuses = append(m.sorts.Statuses, fixtures.Status{ID: id, Type: "open", Name: name, Color: "#8395a7"})
		return len(all) + len(m.sorts.Statuses) - 1
	})
}

func (m *maker) priority(t *desk.TicketRow) int {
	all := m.base.InboxOps.Priorities
	if t.PriorityID == "" {
		return max(0, slices.IndexFunc(all, func(x fixtures.Priority) bool { return x.Level == t.Priority }))
	}
	return m.place("priority", t.PriorityID, func(id fixtures.ID) int {
		return slices.Index(all, fixtures.Priority{ID: id, Level: t.Priority, Name: t.PriorityName, Color: t.PriorityColor})
	}, func(id fixtures.ID, name string) int {
		m.sorts.Priorities = append(m.sorts.Priorities, fixtures.Priority{
			ID: id, Level: among(t.Priority, "normal", "low", "high", "urgent"), Name: m.called("priority", t.PriorityName, name), Color: color(t.PriorityColor),
		})
		return len(all) + len(m.sorts.Priorities) - 1
	})
}

// tagged returns the tags that a ticket was found by.
func (m *maker) tagged(ticket string) []int {
	tags, all := []int{}, m.base.InboxOps.Tags
	for _, id := range m.tags[ticket] {
		tags = append(tags, m.place("tag", id, func(id fixtures.ID) int {
			return slices.IndexFunc(all, func(x fixtures.Tag) bool { return x.ID == id })
		}, func(id fixtures.ID, name string) int {
			m.sorts.Tags = append(m.sorts.Tags, fixtures.Tag{ID: id, Name: name, Color: "#8395a7"})
			return len(all) + len(m.sorts.Tags) - 1
		}))
	}
	slices.Sort(tags)
	return tags
}
