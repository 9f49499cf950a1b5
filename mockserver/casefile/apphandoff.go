package casefile

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/near"
)

// The members of the hand-off service's projects, tickets and messages.
var (
	projectMembers = []string{"name", "member", "tickets"}
	handoffMembers = []string{"name", "tasks", "messages"}
	postMembers    = []string{"author", "author_id", "text", "task", "format", "created_at"}
)

// readAppHandoff reads what is arranged in the hand-off service.
func (b *builder) readAppHandoff(n *yaml.Node) {
	for _, value := range b.members(n, []string{"projects"}) {
		for _, project := range b.elements(value) {
			b.made.Projects = append(b.made.Projects, b.readProject(project))
		}
	}
}

// readProject reads a project. One without a name has that of its place.
func (b *builder) readProject(n *yaml.Node) fixtures.ProjectWish {
	wish := fixtures.ProjectWish{Name: "Project " + strconv.Itoa(len(b.made.Projects)+1)}
	at := n
	var tickets *yaml.Node
	for member, value := range b.members(n, projectMembers) {
		switch member {
		case "name":
			wish.Name, at = b.name(value), value
		case "member":
			wish.Outside = !b.truth(value)
		case "tickets":
			tickets = value
		}
	}
	b.unique(at, "project", wish.Name)
	if b.account != nil && slices.ContainsFunc(b.account.Projects, func(p fixtures.Project) bool { return p.Name == wish.Name }) {
		b.fail(at, "My "+wish.Name, "%s is the name of a seeded project", wish.Name)
	}
	if tickets == nil {
		return wish
	}
	b.path = append(b.path, step{member: "tickets"})
	defer func() { b.path = b.path[:len(b.path)-1] }()
	for i, value := range b.elements(tickets) {
		wish.Tickets = append(wish.Tickets, b.readHandoff(value, wish.Name, i))
	}
	return wish
}

// readHandoff reads a ticket of a project. One without a name has that of its
// place.
func (b *builder) readHandoff(n *yaml.Node, project string, place int) fixtures.HandoffWish {
	wish := fixtures.HandoffWish{Name: "Ticket " + strconv.Itoa(place+1)}
	at, listed := n, false
	var messages *yaml.Node
	for member, value := range b.members(n, handoffMembers) {
		switch member {
		case "name":
			wish.Name, at = b.name(value), value
		case "tasks":
			listed = true
			for _, task := range b.elements(value) {
				title := b.name(task)
				if slices.Contains(wish.Tasks, title) {
					b.fail(task, "write it once", "the task %q is there twice", title)
				}
				wish.Tasks = append(wish.Tasks, title)
			}
		case "messages":
			messages = value
		}
	}
	b.unique(at, "ticket of the project "+project, wish.Name)
	if messages != nil {
		b.path = append(b.path, step{member: "messages"})
		b.readPosts(messages, &wish, listed)
		b.path = b.path[:len(b.path)-1]
	}
	return wish
}

// readPosts reads the messages of a ticket of a project. Tasks that no list names
// are those of its messages.
func (b *builder) readPosts(n *yaml.Node, wish *fixtures.HandoffWish, listed bool) {
	wish.Messages = make([]fixtures.HandoffMessageWish, 0, len(n.Content))
	last, untimed := time.Time{}, 0
	for i, value := range b.elements(n) {
		m := b.readPost(value, [...]string{"human", "agent"}[i%2], wish, listed)
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
	if b.desk != nil && !last.IsZero() && b.at.Sub(last) < time.Duration(untimed)*time.Millisecond {
		b.fail(n, "-1h", "there is no time for the messages behind the last that has one")
	}
}

// readPost reads a message of a ticket of a project.
func (b *builder) readPost(n *yaml.Node, turn string, wish *fixtures.HandoffWish, listed bool) fixtures.HandoffMessageWish {
	m := fixtures.HandoffMessageWish{Author: turn}
	for member, value := range b.members(n, postMembers) {
		switch member {
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
				b.fail(value, near.Hint(m.Task, wish.Tasks, "add it to tasks"), "%q is none of the tasks %s", m.Task, strings.Join(wish.Tasks, ", "))
			} else if !slices.Contains(wish.Tasks, m.Task) && m.Task != "" {
				wish.Tasks = append(wish.Tasks, m.Task)
			}
		case "format":
			m.Format = b.word(value, "markdown", "plain")
		case "created_at":
			m.CreatedAt = b.moment(value)
		}
	}
	return m
}
