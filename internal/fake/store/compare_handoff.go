package store

import (
	"slices"
	"strconv"

	"github.com/mockdesk/mockdesk/fixtures"
)

// projects compares the projects of AppHandoff.
func (c *comparison) projects() {
	before, after := c.was.present(), c.is.present()
	for i := range after {
		p := &after[i]
		d := Difference{Kind: ProjectCreated, Service: appHandoff, Project: p.Name}
		at := slices.IndexFunc(before, func(other fixtures.Project) bool { return other.ID == p.ID })
		if at < 0 {
			c.add(d, "project %s is new, with %s", p.Name, count(len(p.Tickets), "ticket"))
			continue
		}
		old := &before[at]
		d.Kind, d.Changed = ProjectChanged, changedMembers(
			[]member{{"name", old.Name}, {"member", strconv.FormatBool(old.Member)}}, []member{{"name", p.Name}, {"member", strconv.FormatBool(p.Member)}})
		if len(d.Changed) > 0 {
			c.add(d, "project %s: %s", p.Name, told(d.Changed))
		}
		c.handoff(p.Name, old.Tickets, p.Tickets)
	}
	for _, p := range before {
		if !slices.ContainsFunc(after, func(other fixtures.Project) bool { return other.ID == p.ID }) {
			c.add(Difference{Kind: ProjectDeleted, Service: appHandoff, Project: p.Name}, "project %s is gone", p.Name)
		}
	}
}

// handoff compares the tickets of a project.
func (c *comparison) handoff(project string, before, after []fixtures.HandoffTicket) {
	about := func(kind string, t *fixtures.HandoffTicket) Difference {
		return Difference{Kind: kind, Service: appHandoff, Project: project, Ticket: t.Title, TicketID: t.ID.String()}
	}
	for i := range after {
		t := &after[i]
		at := slices.IndexFunc(before, func(other fixtures.HandoffTicket) bool { return other.ID == t.ID })
		if at < 0 {
			c.add(about(TicketCreated, t), "%s of project %s is new, with %s", t.Title, project, count(len(t.Messages), "message"))
			continue
		}
		old := &before[at]
		for _, task := range t.Tasks {
			if !slices.Contains(old.Tasks, task) {
				c.add(about(TaskAdded, t), "%s of project %s has the task %s more", t.Title, project, task.Title)
			}
		}
		for _, task := range old.Tasks {
			if !slices.Contains(t.Tasks, task) {
				c.add(about(TaskDeleted, t), "%s of project %s has lost the task %s", t.Title, project, task.Title)
			}
		}
		c.posts(project, old, t, about)
	}
	for i := range before {
		t := &before[i]
		if !slices.ContainsFunc(after, func(other fixtures.HandoffTicket) bool { return other.ID == t.ID }) {
			c.add(about(TicketDeleted, t), "%s of project %s is gone", t.Title, project)
		}
	}
}

// posts compares the messages of a ticket of a project.
func (c *comparison) posts(project string, was, is *fixtures.HandoffTicket, about func(string, *fixtures.HandoffTicket) Difference) {
	for i := range is.Messages {
		m := &is.Messages[i]
		d := about(MessageAdded, is)
		d.MessageID = m.ID.String()
		at := slices.IndexFunc(was.Messages, func(other fixtures.HandoffMessage) bool { return other.ID == m.ID })
		if at < 0 {
			c.add(d, "%s of project %s has a message more: %s", is.Title, project, quote(m.Body))
			continue
		}
		if d.Changed = postDifferences(&was.Messages[at], m); len(d.Changed) > 0 {
			d.Kind = MessageChanged
			c.add(d, "%s of project %s, message of %s: %s", is.Title, project, instantText(m.CreatedAt), told(d.Changed))
		}
	}
	for i := range was.Messages {
		m := &was.Messages[i]
		if !slices.ContainsFunc(is.Messages, func(other fixtures.HandoffMessage) bool { return other.ID == m.ID }) {
			d := about(MessageDeleted, is)
			d.MessageID = m.ID.String()
			c.add(d, "%s of project %s has lost a message: %s", is.Title, project, quote(m.Body))
		}
	}
}
