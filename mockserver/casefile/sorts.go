package casefile

import (
	"cmp"
	"regexp"
	"slices"

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

// readSorts reads one of the lists.
func (b *builder) readSorts(n *yaml.Node, list string) {
	s := sorts[slices.Index(sortNames(), list)]
	for _, element := range b.elements(n) {
		b.addSort(s.kind, b.readSort(element, s.kind, s.members))
	}
}

// readSort reads one element of a list.
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
	if s.name == "" {
		b.fail(n, "name: mine", "it needs a name")
	}
	s.id = cmp.Or(s.id, fixtures.NamedID(kind, s.name))
	return s
}

// Color is how services write colors.
var Color = regexp.MustCompile(`^#[0-9a-fA-F]{3,8}$`)

// addSort adds it to what tickets are sorted by.
func (b *builder) addSort(kind string, s sorted) {
	const gray = "#8395a7"
	own := &b.made.Tables
	switch kind {
	case "inbox":
		own.Inboxes = append(own.Inboxes, fixtures.Inbox{ID: s.id, Name: s.name, Address: cmp.Or(s.more["address"], "inbox@"+s.id.String()+".example")})
	case "agent":
		own.Agents = append(own.Agents, fixtures.Agent{ID: s.id, Name: s.name, Email: cmp.Or(s.more["email"], "agent@"+s.id.String()+".example")})
	case "status":
		own.Statuses = append(own.Statuses, fixtures.Status{ID: s.id, Name: s.name, Type: cmp.Or(s.more["category"], "open"), Color: cmp.Or(s.more["color"], gray)})
	case "priority":
		own.Priorities = append(own.Priorities, fixtures.Priority{ID: s.id, Name: s.name, Level: cmp.Or(s.more["level"], "normal"), Color: cmp.Or(s.more["color"], gray)})
	case "tag":
		own.Tags = append(own.Tags, fixtures.Tag{ID: s.id, Name: s.name, Color: cmp.Or(s.more["color"], gray)})
	}
}

// sorts writes the arranged things that tickets are sorted by.
func (out *writer) sorts() {
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
		out.section("  "+name+":\n", func() {
			for _, n := range lists[name] {
				out.element("  ", n)
			}
		})
	}
}
