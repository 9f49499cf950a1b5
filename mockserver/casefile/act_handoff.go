package casefile

import (
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// Project reads a project that is added.
func (a Act) Project(p Present) (fixtures.ProjectWish, error) {
	b := a.builder(p)
	b.fresh(a.root)
	if b.need(a.root, "name", "checkout"); b.wrong != nil {
		return fixtures.ProjectWish{}, b.err()
	}
	wish := b.readProject(a.root)
	return wish, b.err()
}

// Member reads whether the member key may read a project.
func (a Act) Member() (member bool, err error) {
	b := newBuilder(a.name, nil)
	b.need(a.root, "member", "false")
	for _, value := range b.members(a.root, []string{"member"}) {
		member = b.truth(value)
	}
	return member, b.err()
}

// HandoffTicket reads a ticket that is added to a project.
func (a Act) HandoffTicket(p Present, project string) (fixtures.HandoffWish, error) {
	b := a.builder(p)
	b.fresh(a.root)
	if b.need(a.root, "name", "refunds"); b.wrong != nil {
		return fixtures.HandoffWish{}, b.err()
	}
	wish := b.readHandoff(a.root, project, nil, 0)
	return wish, b.err()
}

// Task reads the title of a task.
func (a Act) Task() (title string, err error) {
	b := newBuilder(a.name, nil)
	b.need(a.root, "title", "api")
	for _, value := range b.members(a.root, []string{"title"}) {
		title = b.name(value)
	}
	return title, b.err()
}

// Post reads a message that is added at the end of a ticket of a project.
// Without an author it is by the side that did not write last.
func (a Act) Post(p Present, t *fixtures.HandoffTicket) (fixtures.HandoffMessageWish, error) {
	b := a.builder(p)
	b.fresh(a.root)
	b.refuse(a.root, "created_at", "a message comes when it comes", "leave it out; POST clock/advance moves the clock")
	if b.wrong != nil {
		return fixtures.HandoffMessageWish{}, b.err()
	}
	turn := "human"
	if n := len(t.Messages); n > 0 && t.Messages[n-1].AuthorType == turn {
		turn = "agent"
	}
	wish := b.readPost(a.root, turn, &fixtures.HandoffWish{Tasks: titles(t)}, true)
	return wish, b.err()
}

// postChanges are the members of a change of a message of a project.
var postChanges = []string{"author", "author_id", "text", "task", "format"}

// ChangePost returns a message of a ticket of a project as a change makes it.
func (a Act) ChangePost(t *fixtures.HandoffTicket, is fixtures.HandoffMessage) (fixtures.HandoffMessage, error) {
	b := newBuilder(a.name, nil)
	for member, value := range b.members(a.root, postChanges) {
		switch member {
		case "author":
			is.AuthorType = b.word(value, "human", "agent")
		case "author_id":
			if is.AuthorID = b.name(value); is.AuthorID == nobody {
				is.AuthorID = ""
			}
		case "text":
			is.Body = b.words(value)
		case "format":
			is.BodyFormat = b.word(value, "markdown", "plain")
		case "task":
			title := b.name(value)
			i := slices.Index(titles(t), title)
			if i < 0 {
				b.fail(value, suggest.Hint(title, titles(t), "POST it to tasks first"), "%q is none of the tasks %s", title, strings.Join(titles(t), ", "))
				continue
			}
			is.Task = t.Tasks[i].ID
		}
	}
	for member := range b.nulls(a.root, []string{"author_id", "task", "format"}) {
		switch member {
		case "author_id":
			is.AuthorID = ""
		case "task":
			is.Task = fixtures.ID{}
		case "format":
			is.BodyFormat = ""
		}
	}
	b.changes(a.root, "text: Done.")
	return is, b.err()
}

// titles returns the titles of the tasks of a ticket.
func titles(t *fixtures.HandoffTicket) []string {
	var all []string
	for _, task := range t.Tasks {
		all = append(all, task.Title)
	}
	return all
}
