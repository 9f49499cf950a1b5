package desk

import (
	"encoding/json"
	"slices"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/apphandoff"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// findProject returns the place of the project of a UUID or name.
func findProject(tx *store.Tx, ref string) (int, error) {
	i := store.FindProject(tx.Projects(), ref)
	if i < 0 {
		return 0, absent("GET /_mockdesk/catalog lists them", "there is no project %.80q", ref)
	}
	return i, nil
}

// findHandoff returns the places of a project and a ticket in it, by UUIDs or names.
func findHandoff(tx *store.Tx, project, ref string) (p, t int, err error) {
	if p, err = findProject(tx, project); err != nil {
		return 0, 0, err
	}
	if t = store.FindHandoff(&tx.Projects()[p], ref); t < 0 {
		return 0, 0, absent("GET /_mockdesk/catalog lists them", "the project has no ticket %.80q", ref)
	}
	return p, t, nil
}

// findPost returns the places of a message, its ticket and its project.
func findPost(tx *store.Tx, project, ticket, post string) (p, t, i int, err error) {
	if p, t, err = findHandoff(tx, project, ticket); err != nil {
		return 0, 0, 0, err
	}
	id, ok := fixtures.ParseID(post)
	i = slices.IndexFunc(tx.Projects()[p].Tickets[t].Messages, func(m fixtures.HandoffMessage) bool { return ok && m.ID == id })
	if i < 0 {
		return 0, 0, 0, absent("AppHandoff lists them, 200 at a time", "the ticket has no message %.80q", post)
	}
	return p, t, i, nil
}

// CreateProject is that of Desk.
func (r Raw) CreateProject(text []byte) (json.RawMessage, error) {
	return r.read("project", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		wish, err := said.Project(present(tx))
		if err != nil {
			return nil, err
		}
		free := func(name string) bool {
			id := fixtures.ProjectID(name)
			return !slices.ContainsFunc(tx.Projects(), func(p fixtures.Project) bool { return p.Name == name || p.ID == id })
		}
		if !free(wish.Name) {
			return nil, taken("name", wish.Name, "project", free)
		}
		made := tx.Data().BringProject(wish, tx.Now())
		additions := 1
		for i := range made.Tickets {
			additions += 1 + len(made.Tickets[i].Messages)
		}
		if err := r.room(tx, additions); err != nil {
			return nil, err
		}
		tx.AddProject(made)
		return service.AppendJSON(nil, projectState(&made)), nil
	})
}

// ChangeProject is that of Desk.
func (r Raw) ChangeProject(project string, text []byte) (json.RawMessage, error) {
	return r.read("change", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		member, err := said.Member()
		if err != nil {
			return nil, err
		}
		p, err := findProject(tx, project)
		if err != nil {
			return nil, err
		}
		tx.SetMember(p, member)
		return service.AppendJSON(nil, projectState(&tx.Projects()[p])), nil
	})
}

// CreateHandoffTicket is that of Desk.
func (r Raw) CreateHandoffTicket(project string, text []byte) (json.RawMessage, error) {
	return r.read("ticket", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		p, err := findProject(tx, project)
		if err != nil {
			return nil, err
		}
		in := tx.Projects()[p]
		wish, err := said.HandoffTicket(present(tx), in.Name)
		if err != nil {
			return nil, err
		}
		free := func(name string) bool {
			id := fixtures.HandoffID(in.Name, name)
			return !slices.ContainsFunc(in.Tickets, func(t fixtures.HandoffTicket) bool { return t.Title == name || t.ID == id })
		}
		if !free(wish.Name) {
			return nil, taken("name", wish.Name, "ticket of the project", free)
		}
		made := tx.Data().BringHandoff(in.Name, wish, tx.Now())
		if err := r.room(tx, 1+len(made.Messages)); err != nil {
			return nil, err
		}
		tx.AddHandoffTicket(p, made)
		return service.AppendJSON(nil, StateOf(&made)), nil
	})
}

// AddTask is that of Desk.
func (r Raw) AddTask(project, ticket string, text []byte) (json.RawMessage, error) {
	return r.read("task", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		title, err := said.Task()
		if err != nil {
			return nil, err
		}
		p, t, err := findHandoff(tx, project, ticket)
		if err != nil {
			return nil, err
		}
		in := tx.Projects()[p]
		free := func(title string) bool {
			return !slices.ContainsFunc(in.Tickets[t].Tasks, func(task fixtures.Task) bool { return task.Title == title })
		}
		if !free(title) {
			return nil, taken("title", title, "task of the ticket", free)
		}
		if err := r.room(tx, 1); err != nil {
			return nil, err
		}
		task := fixtures.Task{ID: fixtures.TaskID(in.Name, in.Tickets[t].Title, title), Title: title}
		tx.AddTask(p, t, task)
		return service.AppendJSON(nil, TaskState{ID: task.ID.String(), Title: task.Title}), nil
	})
}

// AddPost is that of Desk.
func (r Raw) AddPost(project, ticket string, text []byte) (json.RawMessage, error) {
	return r.read("message", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		p, t, err := findHandoff(tx, project, ticket)
		if err != nil {
			return nil, err
		}
		in := tx.Projects()[p]
		to := &in.Tickets[t]
		wish, err := said.Post(present(tx), to)
		if err == nil {
			err = r.room(tx, 1)
		}
		if err != nil {
			return nil, err
		}
		made := tx.AddPost(p, t, tx.Data().Post(in.Name, to, wish, nextMessage(tx, to.ID), tx.Now()))
		return apphandoff.AppendMessage(nil, &made), nil
	})
}

// ChangePost is that of Desk.
func (r Raw) ChangePost(project, ticket, post string, text []byte) (json.RawMessage, error) {
	return r.read("change", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		p, t, i, err := findPost(tx, project, ticket, post)
		if err != nil {
			return nil, err
		}
		of := &tx.Projects()[p].Tickets[t]
		is, err := said.ChangePost(of, of.Messages[i])
		if err != nil {
			return nil, err
		}
		is = tx.ChangePost(p, t, i, func(m *fixtures.HandoffMessage) { *m = is })
		return apphandoff.AppendMessage(nil, &is), nil
	})
}

// DeletePost is that of Desk.
func (r Raw) DeletePost(project, ticket, post string) error {
	return r.act(func(tx *store.Tx) error {
		p, t, i, err := findPost(tx, project, ticket, post)
		if err == nil {
			tx.DeletePost(p, t, i)
		}
		return err
	})
}

// projectState describes a project.
func projectState(p *fixtures.Project) ProjectState {
	state := ProjectState{ID: p.ID.String(), Name: p.Name, Member: p.Member, Tickets: []HandoffState{}}
	for i := range p.Tickets {
		state.Tickets = append(state.Tickets, StateOf(&p.Tickets[i]))
	}
	return state
}

// StateOf describes a ticket of a project.
func StateOf(t *fixtures.HandoffTicket) HandoffState {
	state := HandoffState{ID: t.ID.String(), Name: t.Title, Messages: len(t.Messages), Tasks: []TaskState{}}
	for _, task := range t.Tasks {
		state.Tasks = append(state.Tasks, TaskState{ID: task.ID.String(), Title: task.Title})
	}
	return state
}
