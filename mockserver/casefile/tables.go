package casefile

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// tables holds the named things that tickets are sorted by. All are found by
// name or id, statuses also by category and priorities by level, where the
// first one is meant, and inboxes and agents also by address.
type tables struct {
	statuses, priorities, inboxes, agents, tags candidates
}

// newTables lists those of a world and then those of more; without a world they
// are empty.
func newTables(desk *fixtures.InboxOps, more fixtures.Tables) tables {
	all := tables{candidates{what: "status"}, candidates{what: "priority"}, candidates{what: "inbox"}, candidates{what: "agent"}, candidates{what: "tag"}}
	if desk == nil {
		return all
	}
	for _, x := range slices.Concat(desk.Statuses, more.Statuses) {
		all.statuses.add(x.ID, x.Type, x.Name)
	}
	for _, x := range slices.Concat(desk.Priorities, more.Priorities) {
		all.priorities.add(x.ID, x.Level, x.Name)
	}
	for _, x := range slices.Concat(desk.Inboxes, more.Inboxes) {
		all.inboxes.add(x.ID, x.Name, x.Address)
	}
	for _, x := range slices.Concat(desk.Agents, more.Agents) {
		all.agents.add(x.ID, x.Name, x.Email)
	}
	for _, x := range slices.Concat(desk.Tags, more.Tags) {
		all.tags.add(x.ID, x.Name)
	}
	return all
}

// candidates are the things of a table, each with the names it goes by.
type candidates struct {
	what  string // such as "tag"
	names [][]string
}

// add puts a thing into the table.
func (c *candidates) add(id fixtures.ID, names ...string) {
	c.names = append(c.names, append(names, id.String()))
}

// index returns the index of the first thing that goes by a text, -1 for none.
// Letter case does not matter.
func (c *candidates) index(text string) int {
	return slices.IndexFunc(c.names, func(names []string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, text) })
	})
}

// find returns the index of what goes by the text, nil without a world.
func (b *builder) find(n *yaml.Node, all candidates) *int {
	text := b.words(n)
	if b.desk == nil || text == "" {
		return nil
	}
	if i := all.index(text); i >= 0 {
		return &i
	}
	known := slices.DeleteFunc(slices.Concat(all.names...), func(name string) bool {
		_, isID := fixtures.ParseID(name)
		return isID
	})
	slices.Sort(known)
	known = slices.Compact(known)
	b.fail(n, suggest.Hint(text, known, strings.Join(known[:min(len(known), 40)], ", ")), "%q is no %s of this world", text, all.what)
	return nil
}

// findOr finds what goes by a name, or what the word for none says.
func (b *builder) findOr(word string, n *yaml.Node, all candidates) *int {
	if n.Kind == yaml.ScalarNode && n.Value == word {
		return new(-1)
	}
	return b.find(n, all)
}

// call returns the first name of a thing that no other thing has.
func (c *candidates) call(i int) *yaml.Node {
	for _, name := range c.names[i] {
		if c.index(name) == i && name != nobody && name != none && strings.TrimSpace(name) != "" {
			return textNode(name)
		}
	}
	return nil // the last name is the id, which no other thing has
}
