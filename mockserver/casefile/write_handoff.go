package casefile

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
)

// projects writes the projects that differ from the seed's.
func (out *writer) projects(s *State) {
	for i := range s.Projects {
		p := &s.Projects[i]
		m, was := mapping{}, fixtures.Project{Member: true}
		seeded := slices.IndexFunc(s.Data.SeededProjects(), func(was fixtures.Project) bool { return was.ID == p.ID })
		if seeded >= 0 {
			if was = s.Data.SeededProjects()[seeded]; reflect.DeepEqual(*p, was) {
				continue
			}
			m.add("seeded", textNode(p.Name))
		} else {
			m.add("name", textNode(p.Name))
			if p.ID != fixtures.ProjectID(p.Name) {
				m.addID(p.ID)
			}
		}
		if p.Member != was.Member {
			m.add("member", boolNode(p.Member))
		}
		if !reflect.DeepEqual(p.Tickets, was.Tickets) {
			var tickets []*yaml.Node
			for j := range p.Tickets {
				tickets = append(tickets, handoffNode(p.Name, &p.Tickets[j], was.Tickets))
			}
			m.add("tickets", lines(tickets))
		}
		out.element("  ", m.node())
	}
}

// handoffNode returns the entry of a ticket of a project, given the tickets
// that the seed has there.
func handoffNode(project string, t *fixtures.HandoffTicket, seeded []fixtures.HandoffTicket) *yaml.Node {
	m := mapping{}
	i := slices.IndexFunc(seeded, func(was fixtures.HandoffTicket) bool { return was.ID == t.ID })
	var was fixtures.HandoffTicket
	if i >= 0 {
		was = seeded[i]
		m.add("seeded", textNode(t.Title))
	} else {
		m.add("name", textNode(t.Title))
		if t.ID != fixtures.HandoffID(project, t.Title) {
			m.addID(t.ID)
		}
	}
	titles := map[fixtures.ID]string{}
	var tasks []*yaml.Node
	for _, task := range t.Tasks {
		titles[task.ID] = task.Title
		tasks = append(tasks, taskNode(project, t.Title, task, was.Tasks))
	}
	if !slices.Equal(t.Tasks, was.Tasks) {
		m.add("tasks", list(tasks))
	}
	if i < 0 || !reflect.DeepEqual(t.Messages, was.Messages) {
		posts := make([]*yaml.Node, len(t.Messages))
		for j := range t.Messages {
			posts[j] = postNode(t.ID, j, &t.Messages[j], titles)
		}
		m.add("messages", lines(posts))
	}
	return m.node()
}

// taskNode returns a task: its title, and its id if the title does not make it.
func taskNode(project, ticket string, task fixtures.Task, before []fixtures.Task) *yaml.Node {
	usual := fixtures.TaskID(project, ticket, task.Title)
	for _, was := range before {
		if was.Title == task.Title {
			usual = was.ID
		}
	}
	if task.ID == usual {
		return textNode(task.Title)
	}
	m := mapping{flow: true}
	m.add("title", textNode(task.Title))
	m.addID(task.ID)
	return m.node()
}

// postNode returns the entry of a message at a place of a ticket of a project.
func postNode(ticket fixtures.ID, place int, post *fixtures.HandoffMessage, tasks map[fixtures.ID]string) *yaml.Node {
	m := mapping{}
	if post.ID != fixtures.MessageID(ticket, place) {
		m.addID(post.ID)
	}
	if post.AuthorType != authorOf(place) {
		m.add("author", wordNode(post.AuthorType))
	}
	m.add("author_id", textNode(cmp.Or(post.AuthorID, nobody)))
	m.add("text", textNode(post.Body))
	m.addText("task", tasks[post.Task])
	usual := "plain"
	if strings.ContainsAny(post.Body, "`*#") {
		usual = "markdown"
	}
	if post.BodyFormat != usual {
		m.add("format", wordNode(cmp.Or(post.BodyFormat, fixtures.NoFormat)))
	}
	m.add("created_at", instantNode(post.CreatedAt))
	return m.node()
}

// authorOf returns the author of a message at a place if it does not name one.
func authorOf(place int) string { return [...]string{"human", "agent"}[place%2] }
