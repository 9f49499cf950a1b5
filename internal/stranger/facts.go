package stranger

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Facts returns what a judge has to be told, in the form of the catalogue.
func (s *Server) Facts() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	facts := object{"keys": s.factKeys()}
	if s.o.Service != "apphandoff" {
		facts["inboxops"] = s.inboxFacts()
	}
	if s.o.Service != "inboxops" {
		last := len(s.w.projects) - 1
		facts["apphandoff"] = object{
			"projects": s.factProjects(s.w.projects[:last]), "inaccessible_projects": s.factProjects(s.w.projects[last:]),
		}
	}
	text, err := json.MarshalIndent(facts, "", " ")
	if err != nil {
		return nil // not reached: facts are plain values
	}
	return text
}

func (s *Server) factKeys() []object {
	all := []object{}
	for _, k := range s.keys {
		kind := k.kind
		if kind == "handoff-revoked" {
			kind = "revoked"
		}
		if !strings.HasSuffix(kind, "limited") && (s.o.Service == "" || s.o.Service == k.service) {
			all = append(all, object{"kind": kind, "service": k.service, "key": k.text})
		}
	}
	return all
}

func (s *Server) inboxFacts() object {
	list := func(all []named) []object {
		rows := []object{}
		for _, n := range all {
			rows = append(rows, object{"id": s.show(n.id), "name": n.name})
		}
		return rows
	}
	people := func(ids []string) []object {
		rows := []object{}
		for i, id := range ids {
			rows = append(rows, object{"id": s.show(id), "name": fmt.Sprintf("Person %d", i+1)})
		}
		return rows
	}
	return object{
		"inboxes": list(s.w.inboxes), "statuses": list(s.w.statuses), "priorities": list(s.w.priorities), "tags": list(s.w.tags),
		"agents": people(s.w.agents), "contacts": people(s.w.contacts), "custom_fields": s.fieldFacts(), "tickets": s.ticketFacts(),
	}
}

// fieldFacts lists the definitions with values some tickets of linked inboxes have.
func (s *Server) fieldFacts() []object {
	rows := []object{}
	for _, f := range s.w.fields {
		options, inboxes, samples := []object{}, []string{}, []object{}
		for _, o := range f.options {
			options = append(options, object{"id": s.show(o.id), "label": o.name})
		}
		for _, i := range f.inboxes {
			inboxes = append(inboxes, s.show(s.w.inboxes[i].id))
		}
		for _, t := range s.w.tickets {
			if _, text := s.shown(t.fields[f.key]); t.fields[f.key] != nil && text != "" && f.linked(t) && len(samples) < 30 {
				samples = append(samples, object{"ticket_id": s.show(t.id), "value": text})
			}
		}
		row := object{"id": s.show(f.id), "key": f.key, "name": f.key, "type": f.kind, "samples": samples}
		if len(options) > 0 {
			row["options"] = options
		}
		if len(inboxes) > 0 {
			row["inbox_ids"] = inboxes
		}
		rows = append(rows, row)
	}
	return rows
}

// ticketFacts names tickets by what is special about them.
func (s *Server) ticketFacts() object {
	known := object{}
	name := func(name string, is bool, t *ticket) {
		if known[name] == nil && is {
			tags := []string{}
			for _, id := range t.tags {
				tags = append(tags, s.show(id))
			}
			known[name] = object{"id": s.show(t.id), "ticket_number": t.number, "tag_ids": tags}
		}
	}
	for _, t := range s.w.tickets {
		drafts := []string{}
		for _, m := range t.messages {
			if m.draft {
				drafts = append(drafts, s.show(m.id))
			}
		}
		n := len(t.messages)
		name("no-messages", n == 0, t)
		name("250-messages", n == 250, t)
		name("only-drafts", n > 0 && n == len(drafts), t)
		name("unassigned", t.assignee == "", t)
		name("waiting", t.remindAt != nil, t)
		if known["with-draft"] == nil && len(drafts) > 0 && len(drafts) < n {
			known["with-draft"] = object{"id": s.show(t.id), "ticket_number": t.number, "draft_ids": drafts}
		}
	}
	return known
}

func (s *Server) factProjects(projects []*project) []object {
	rows := []object{}
	for _, p := range projects {
		tickets := []object{}
		for _, t := range p.threads {
			tasks := []object{}
			for i, id := range t.tasks {
				tasks = append(tasks, object{"id": s.handoffID(id), "title": fmt.Sprintf("Task %d", i+1)})
			}
			tickets = append(tickets, object{
				"id": s.handoffID(t.id), "name": fmt.Sprintf("%d messages", len(t.messages)), "messages": len(t.messages), "tasks": tasks,
			})
		}
		rows = append(rows, object{"id": s.handoffID(p.id), "name": p.name, "tickets": tickets})
	}
	return rows
}
