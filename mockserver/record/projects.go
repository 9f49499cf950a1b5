package record

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/fixtures"
)

// projects returns the projects whose threads were seen.
func (m *maker) projects() []fixtures.Project {
	var all []fixtures.Project
	add := func(id string) *fixtures.Project {
		at := slices.IndexFunc(all, func(p fixtures.Project) bool { return p.ID.String() == id })
		if at < 0 {
			parsed, _ := fixtures.ParseID(id)
			all = append(all, fixtures.Project{ID: parsed, Name: "project " + strconv.Itoa(len(all)+1), Member: true})
			at = len(all) - 1
		}
		return &all[at]
	}
	for _, at := range slices.SortedFunc(maps.Keys(m.posts), func(a, b thread) int {
		return cmp.Or(strings.Compare(a.project, b.project), strings.Compare(a.ticket, b.ticket))
	}) {
		p := add(at.project)
		id, _ := fixtures.ParseID(at.ticket)
		p.Tickets = append(p.Tickets, m.talk(id, "ticket "+strconv.Itoa(len(p.Tickets)+1), m.posts[at]))
	}
	for _, id := range slices.Sorted(maps.Keys(m.outside)) {
		if isID(id) {
			add(id) // a member may have read it
		}
	}
	return all
}

// talk returns a ticket of a project as it was seen.
func (m *maker) talk(id fixtures.ID, title string, seen *talk) fixtures.HandoffTicket {
	t := fixtures.HandoffTicket{ID: id, Title: title}
	for i, task := range seen.tasks {
		id, _ := fixtures.ParseID(task)
		t.Tasks = append(t.Tasks, fixtures.Task{ID: id, Title: "task " + strconv.Itoa(i+1)})
	}
	for _, p := range seen.posts {
		id, _ := fixtures.ParseID(p.ID)
		task, _ := fixtures.ParseID(orEmpty(p.TaskID))
		t.Messages = append(t.Messages, fixtures.HandoffMessage{
			ID: id, AuthorType: p.AuthorType, AuthorID: orEmpty(p.AuthorID), Body: p.Body, Task: task, BodyFormat: orEmpty(p.BodyFormat), CreatedAt: p.CreatedAt,
		})
		if p.CreatedAt.After(m.latest) {
			m.latest = p.CreatedAt
		}
	}
	slices.SortStableFunc(t.Messages, func(a, b fixtures.HandoffMessage) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), slices.Compare(a.ID[:], b.ID[:]))
	})
	return t
}
