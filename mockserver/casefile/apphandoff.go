package casefile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// The members of the hand-off service's projects, tickets, tasks and messages.
var (
	projectMembers = []string{"seeded", "name", "id", "member", "tickets"}
	handoffMembers = []string{"seeded", "name", "id", "tasks", "messages"}
	taskMembers    = []string{"title", "id"}
	postMembers    = []string{"id", "author", "author_id", "text", "task", "format", "created_at"}
)

// readAppHandoff reads what is arranged in the hand-off service.
func (b *builder) readAppHandoff(n *yaml.Node) {
	for _, value := range b.members(n, []string{"projects"}) {
		for _, project := range b.elements(value) {
			b.made.Projects = append(b.made.Projects, b.readProject(project))
		}
	}
}

// readProject reads a project. Its place gives it a name if it has none.
func (b *builder) readProject(n *yaml.Node) fixtures.ProjectWish {
	wish := fixtures.ProjectWish{Name: "Project " + strconv.Itoa(len(b.made.Projects)+1)}
	at := map[string]*yaml.Node{"": n}
	for member, value := range b.members(n, projectMembers) {
		at[member] = value
		switch member {
		case "seeded", "name":
			wish.Name = b.name(value)
		case "id":
			wish.ID = b.id(value, "project")
		case "member":
			wish.Outside = !b.truth(value)
		}
	}
	var names []string
	if b.account != nil {
		for _, p := range b.account.Projects {
			names = append(names, p.Name)
		}
	}
	var seeded *fixtures.Project
	if wish.Seeded = b.seeded(at, "project", wish.Name, names); wish.Seeded != nil {
		seeded = &b.account.Projects[*wish.Seeded]
		wish.Outside = wish.Outside || at["member"] == nil && !seeded.Member
	}
	if tickets := at["tickets"]; tickets != nil {
		wish.Tickets = []fixtures.HandoffWish{}
		b.in("tickets", func() {
			for i, value := range b.elements(tickets) {
				wish.Tickets = append(wish.Tickets, b.readHandoff(value, wish.Name, seeded, i))
			}
		})
	}
	return wish
}

// seeded returns the index of the seeded thing that is meant, nil if none is
// meant or there is no world. Seeded things have a name and an id already; a
// new thing must have another name.
func (b *builder) seeded(at map[string]*yaml.Node, kind, name string, names []string) *int {
	for _, member := range []string{"name", "id"} {
		if at["seeded"] != nil && at[member] != nil {
			b.fail(at[member], "leave it out", "what is seeded has its %s already", member)
		}
	}
	b.unique(cmp.Or(at["seeded"], at["name"], at[""]), kind, name)
	i := slices.Index(names, name)
	switch {
	case name == "" || b.account == nil:
	case at["seeded"] == nil && i >= 0:
		b.fail(cmp.Or(at["name"], at[""]), "My "+name, "%s is the name of a seeded %s", name, kind)
	case at["seeded"] != nil && i < 0:
		b.fail(at["seeded"], suggest.Hint(name, names, "leave it out, and say name"), "%q is no seeded %s", name, kind)
	case at["seeded"] != nil:
		return &i
	}
	return nil
}

// readHandoff reads a ticket of a project, which may be seeded. Its place gives
// it a name if it has none.
func (b *builder) readHandoff(n *yaml.Node, project string, in *fixtures.Project, place int) fixtures.HandoffWish {
	wish := fixtures.HandoffWish{Name: "Ticket " + strconv.Itoa(place+1)}
	at := map[string]*yaml.Node{"": n}
	for member, value := range b.members(n, handoffMembers) {
		at[member] = value
		switch member {
		case "seeded", "name":
			wish.Name = b.name(value)
		case "id":
			wish.ID = b.id(value, "ticket of a project")
		case "tasks":
			b.readTasks(value, &wish)
		}
	}
	var titles []string
	if in != nil {
		for _, t := range in.Tickets {
			titles = append(titles, t.Title)
		}
	}
	wish.Seeded = b.seeded(at, "ticket of the project "+project, wish.Name, titles)
	if wish.Seeded != nil && at["tasks"] == nil && at["messages"] != nil { // the messages may be about its tasks
		for _, task := range in.Tickets[*wish.Seeded].Tasks {
			wish.Tasks = append(wish.Tasks, task.Title)
		}
	}
	if messages := at["messages"]; messages != nil {
		b.in("messages", func() { b.readPosts(messages, &wish, at["tasks"] != nil) })
	}
	return wish
}

// readTasks reads the tasks of a ticket: their titles, or mappings.
func (b *builder) readTasks(n *yaml.Node, wish *fixtures.HandoffWish) {
	wish.Tasks = []string{}
	for _, task := range b.elements(n) {
		var title string
		var id fixtures.ID
		if task.Kind != yaml.MappingNode {
			title = b.name(task)
		} else {
			for member, value := range b.members(task, taskMembers) {
				if member == "id" {
					id = b.id(value, "task")
				} else {
					title = b.name(value)
				}
			}
			if title == "" {
				b.fail(task, "title: api", "a task needs a title")
			}
		}
		if slices.Contains(wish.Tasks, title) {
			b.fail(task, "write it once", "the task %q is there twice", title)
		}
		wish.Tasks = append(wish.Tasks, title)
		if id != (fixtures.ID{}) {
			if wish.TaskIDs == nil {
				wish.TaskIDs = map[string]fixtures.ID{}
			}
			wish.TaskIDs[title] = id
		}
	}
}

// readPosts reads the messages of a ticket of a project. Without a list of
// tasks, the tasks are those that the messages name.
func (b *builder) readPosts(n *yaml.Node, wish *fixtures.HandoffWish, listed bool) {
	wish.Messages = make([]fixtures.HandoffMessageWish, 0, len(n.Content))
	last, untimed := time.Time{}, 0
	for i, value := range b.elements(n) {
		m := b.readPost(value, authorOf(i), wish, listed)
		wish.Messages = append(wish.Messages, m)
		if b.desk == nil {
			continue
		}
		switch {
		case m.CreatedAt.IsZero():
			untimed++
			continue
		case b.full():
			return
		case m.CreatedAt.Before(last):
			b.fail(value, "put the messages in order of time", "it is before the message above it")
		case !last.IsZero() && untimed > 0 && m.CreatedAt.Sub(last) <= time.Duration(untimed)*time.Millisecond:
			b.fail(value, "leave its created_at out", "there is no time for the messages above it")
		}
		last, untimed = m.CreatedAt, 0
	}
	if b.desk != nil && !last.IsZero() && untimed > 0 && b.at.Sub(last) < time.Duration(untimed)*time.Millisecond {
		b.fail(n, "-1h", "there is no time for the messages behind the last that has one")
	}
}

// readPost reads a message of a ticket of a project.
func (b *builder) readPost(n *yaml.Node, turn string, wish *fixtures.HandoffWish, listed bool) fixtures.HandoffMessageWish {
	m := fixtures.HandoffMessageWish{Author: turn}
	for member, value := range b.members(n, postMembers) {
		switch member {
		case "id":
			m.ID = b.id(value, "message of a project")
		case "author":
			m.Author = b.word(value, "human", "agent")
		case "author_id":
			id := ""
			if value.Value != nobody || value.Kind != yaml.ScalarNode {
				id = b.name(value)
			}
			m.AuthorID = &id
		case "text":
			m.Text = b.words(value)
		case "task":
			m.Task = b.name(value)
			if listed && !slices.Contains(wish.Tasks, m.Task) && m.Task != "" {
				b.fail(value, suggest.Hint(m.Task, wish.Tasks, "add it to tasks"), "%q is none of the tasks %s", m.Task, strings.Join(wish.Tasks, ", "))
			} else if !slices.Contains(wish.Tasks, m.Task) && m.Task != "" {
				wish.Tasks = append(wish.Tasks, m.Task)
			}
		case "format":
			m.Format = b.word(value, "markdown", "plain", fixtures.NoFormat)
		case "created_at":
			m.CreatedAt = b.moment(value)
		}
	}
	return m
}
