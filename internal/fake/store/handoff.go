package store

import (
	"slices"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
)

// Projects returns the projects of the hand-off service as they are now. They
// must not be changed, and do not change.
func (s *Store) Projects() []fixtures.Project {
	projects, _ := s.Handoff()
	return projects
}

// Handoff is Projects, and also returns how many events they show.
func (s *Store) Handoff() (projects []fixtures.Project, seen int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.present(), s.happened()
}

func (s *state) present() []fixtures.Project {
	if s.projects == nil {
		return s.world.Data.AppHandoff.Projects
	}
	return s.projects
}

// FindProject returns the place of the project with a UUID or name, -1 for
// none.
func FindProject(projects []fixtures.Project, ref string) int {
	id, isID := fixtures.ParseID(ref)
	return slices.IndexFunc(projects, func(p fixtures.Project) bool { return isID && p.ID == id || p.Name == ref })
}

// FindHandoff returns the place of the ticket of a UUID or name in a project, -1
// for none.
func FindHandoff(p *fixtures.Project, ref string) int {
	id, isID := fixtures.ParseID(ref)
	return slices.IndexFunc(p.Tickets, func(t fixtures.HandoffTicket) bool { return isID && t.ID == id || t.Title == ref })
}

// Projects returns the projects of the hand-off service. They must not be changed.
func (tx *Tx) Projects() []fixtures.Project { return tx.s.present() }

// AddProject appends a project to the existing ones.
func (tx *Tx) AddProject(p fixtures.Project) {
	tx.s.projects = append(clipProjects(tx.s.present()), p)
	tx.s.added++
	for i := range p.Tickets {
		tx.s.added += 1 + len(p.Tickets[i].Messages)
	}
	tx.projectEvent(Event{Kind: ProjectCreated}, &p)
}

// SetMember says whether the member key may read a project.
func (tx *Tx) SetMember(project int, member bool) {
	p := tx.project(project)
	if p.Member == member {
		return
	}
	changed := Change{"member", strconv.FormatBool(p.Member), strconv.FormatBool(member)}
	tx.projectEvent(Event{Kind: ProjectChanged, Changed: []Change{changed}}, p)
	p.Member = member
}

// AddHandoffTicket puts a ticket into a project.
func (tx *Tx) AddHandoffTicket(project int, t fixtures.HandoffTicket) {
	p := tx.project(project)
	p.Tickets = append(p.Tickets, t)
	tx.s.added += 1 + len(t.Messages)
	tx.projectEvent(Event{Kind: TicketCreated, TicketID: t.ID.String(), Name: t.Title}, p)
}

// AddTask adds a task to a ticket of a project.
func (tx *Tx) AddTask(project, ticket int, task fixtures.Task) {
	p := tx.project(project)
	t := &p.Tickets[ticket]
	t.Tasks = append(slices.Clip(t.Tasks), task)
	tx.s.added++
	tx.projectEvent(Event{Kind: TaskAdded, TicketID: t.ID.String(), Name: t.Title, TaskID: task.ID.String()}, p)
}

// AddPost appends a message to a thread. Its time is that of the act, or a
// millisecond after the last message if that is later, so that a client that
// asks for what came since the last message misses nothing.
func (tx *Tx) AddPost(project, ticket int, m fixtures.HandoffMessage) fixtures.HandoffMessage {
	p := tx.project(project)
	t := &p.Tickets[ticket]
	m.CreatedAt = tx.after(t)
	t.Messages = append(t.Messages, m)
	tx.s.added++
	tx.postEvent(MessageAdded, p, t, &m, m.CreatedAt, nil)
	return m
}

// ChangePost changes the text of a message, its format or its task.
func (tx *Tx) ChangePost(project, ticket, post int, change func(*fixtures.HandoffMessage)) fixtures.HandoffMessage {
	p := tx.project(project)
	t := &p.Tickets[ticket]
	t.Messages = slices.Clone(t.Messages)
	m := &t.Messages[post]
	was := *m
	change(m)
	if changes := postDifferences(&was, m); len(changes) > 0 {
		tx.postEvent(MessageChanged, p, t, m, tx.now, changes)
	}
	return *m
}

// DeletePost removes a message from a thread.
func (tx *Tx) DeletePost(project, ticket, post int) {
	p := tx.project(project)
	t := &p.Tickets[ticket]
	was := t.Messages[post]
	t.Messages = slices.Delete(slices.Clone(t.Messages), post, post+1)
	tx.postEvent(MessageDeleted, p, t, &was, tx.now, nil)
}

// after returns the time of a message that is added now.
func (tx *Tx) after(t *fixtures.HandoffTicket) time.Time {
	var last time.Time
	if n := len(t.Messages); n > 0 {
		last = t.Messages[n-1].CreatedAt
	}
	return instantAfter(tx.now, last)
}

// project returns a project that may be changed.
func (tx *Tx) project(i int) *fixtures.Project {
	if tx.s.projects == nil {
		tx.s.projects = clipProjects(tx.s.world.Data.AppHandoff.Projects) // other workspaces share it
	}
	tx.s.projects = slices.Clone(tx.s.projects)
	p := &tx.s.projects[i]
	p.Tickets = slices.Clone(p.Tickets)
	return p
}

// projectEvent records what happened in a project.
func (tx *Tx) projectEvent(e Event, p *fixtures.Project) {
	e.At, e.By, e.Service, e.ProjectID = tx.now, tx.by, appHandoff, p.ID.String()
	if e.Name == "" {
		e.Name = p.Name
	}
	tx.s.appendEvent(e)
}

// postEvent records what happened to a message of a thread.
func (tx *Tx) postEvent(kind string, p *fixtures.Project, t *fixtures.HandoffTicket, m *fixtures.HandoffMessage, at time.Time, changes []Change) {
	tx.s.appendEvent(Event{
		At: at, By: tx.by, Kind: kind, Service: appHandoff, ProjectID: p.ID.String(), TicketID: t.ID.String(), Name: t.Title,
		MessageID: m.ID.String(), Changed: changes,
	})
}

// clipProjects returns projects whose threads can be appended to without
// affecting those who share them.
func clipProjects(projects []fixtures.Project) []fixtures.Project {
	if projects == nil {
		return nil
	}
	projects = slices.Clone(projects)
	for i := range projects {
		p := &projects[i]
		p.Tickets = slices.Clone(p.Tickets)
		for j := range p.Tickets {
			p.Tickets[j].Messages = slices.Clip(p.Tickets[j].Messages)
		}
	}
	return projects
}
