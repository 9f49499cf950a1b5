package casefile

import (
	"cmp"
	"regexp"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
)

// sorts are the lists of what tickets are sorted by, and what each of them has
// besides name and id.
var sorts = []struct {
	list, kind string
	members    []string
}{
	{"inboxes", "inbox", []string{"address"}},
	{"agents", "agent", []string{"email"}},
	{"statuses", "status", []string{"category", "color"}},
	{"priorities", "priority", []string{"level", "color"}},
	{"tags", "tag", []string{"color"}},
}

// sortNames are the names of the lists.
func sortNames() (names []string) {
	for _, s := range sorts {
		names = append(names, s.list)
	}
	return names
}

// sorted is one of what tickets are sorted by.
type sorted struct {
	name string
	id   fixtures.ID
	more map[string]string
}

// readSorts reads the inboxes, agents, statuses, priorities and tags of a case's own.
func (b *builder) readSorts(n *yaml.Node) {
	for _, s := range sorts {
		value := member(n, s.list)
		if value.Kind == 0 || null(value) {
			continue
		}
		b.path = append(b.path, step{member: s.list})
		for _, element := range b.elements(value) {
			b.addSort(s.kind, b.readSort(element, s.kind, s.members))
		}
		b.path = b.path[:len(b.path)-1]
	}
}

// readSort reads one of a kind.
func (b *builder) readSort(n *yaml.Node, kind string, members []string) sorted {
	s := sorted{more: map[string]string{}}
	for member, value := range b.members(n, append([]string{"name", "id"}, members...)) {
		switch member {
		case "name":
			s.name = b.name(value)
			b.unique(value, kind, s.name)
		case "id":
			s.id = b.id(value, kind)
		case "address", "email":
			s.more[member] = b.email(value)
		case "category":
			s.more[member] = b.word(value, "open", "in_progress", "waiting", "resolved", "closed")
		case "level":
			s.more[member] = b.word(value, "low", "normal", "high", "urgent")
		case "color":
			if s.more[member] = b.words(value); !Color.MatchString(s.more[member]) {
				b.fail(value, `"#8395a7"`, "%q is no color", s.more[member])
			}
		}
	}
	if s.name == "" && !b.full() {
		b.fail(n, "name: mine", "it needs a name")
	}
	s.id = cmp.Or(s.id, fixtures.NamedID(kind, s.name))
	return s
}

// Color is how services write colors.
var Color = regexp.MustCompile(`^#[0-9a-fA-F]{3,8}$`)

// addSort lets tickets be sorted by it.
func (b *builder) addSort(kind string, s sorted) {
	const gray = "#8395a7"
	own, tables := &b.made.Tables, &b.tables
	switch kind {
	case "inbox":
		own.Inboxes = append(own.Inboxes, fixtures.Inbox{ID: s.id, Name: s.name, Address: cmp.Or(s.more["address"], "inbox@"+s.id.String()+".example")})
		tables.inboxes.add(s.id, s.name, s.more["address"])
	case "agent":
		own.Agents = append(own.Agents, fixtures.Agent{ID: s.id, Name: s.name, Email: cmp.Or(s.more["email"], "agent@"+s.id.String()+".example")})
		tables.agents.add(s.id, s.name, s.more["email"])
	case "status":
		category := cmp.Or(s.more["category"], "open")
		own.Statuses = append(own.Statuses, fixtures.Status{ID: s.id, Name: s.name, Type: category, Color: cmp.Or(s.more["color"], gray)})
		tables.statuses.add(s.id, category, s.name)
	case "priority":
		level := cmp.Or(s.more["level"], "normal")
		own.Priorities = append(own.Priorities, fixtures.Priority{ID: s.id, Name: s.name, Level: level, Color: cmp.Or(s.more["color"], gray)})
		tables.priorities.add(s.id, level, s.name)
	case "tag":
		own.Tags = append(own.Tags, fixtures.Tag{ID: s.id, Name: s.name, Color: cmp.Or(s.more["color"], gray)})
		tables.tags.add(s.id, s.name)
	}
}

// sorts writes what is arranged for tickets to be sorted by.
func (out *writer) sorts(begin func()) {
	own := out.desk.Own()
	lists := map[string][]*yaml.Node{}
	add := func(list, kind, name string, id fixtures.ID, members ...string) {
		m := mapping{flow: true}
		m.add("name", textNode(name))
		if id != fixtures.NamedID(kind, name) {
			m.addID(id)
		}
		for i := 0; i < len(members); i += 2 {
			m.add(members[i], textNode(members[i+1]))
		}
		lists[list] = append(lists[list], m.node())
	}
	for _, x := range own.Inboxes {
		add("inboxes", "inbox", x.Name, x.ID, "address", x.Address)
	}
	for _, x := range own.Agents {
		add("agents", "agent", x.Name, x.ID, "email", x.Email)
	}
	for _, x := range own.Statuses {
		add("statuses", "status", x.Name, x.ID, "category", x.Type, "color", x.Color)
	}
	for _, x := range own.Priorities {
		add("priorities", "priority", x.Name, x.ID, "level", x.Level, "color", x.Color)
	}
	for _, x := range own.Tags {
		add("tags", "tag", x.Name, x.ID, "color", x.Color)
	}
	for _, name := range sortNames() {
		if len(lists[name]) == 0 {
			continue
		}
		begin()
		m := mapping{}
		m.add(name, lines(lists[name]))
		out.dump("  ", m.node())
	}
}
