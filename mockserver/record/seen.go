package record

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/mockserver/desk"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// seen is what answers have shown. What was seen first counts: a case begins there.
type seen struct {
	tickets map[string]*desk.TicketRow   // by id
	tags    map[string][]string          // ids of tags by ids of tickets that were found by them
	threads map[string][]desk.MessageRow // of InboxOps, by the id or the number of the ticket
	notes   map[string]bool              // ids of messages that recorded requests have written
	written []string                     // the same, in their order
	early   map[string]bool              // tickets by id or number that were written to before a list had them
	posts   map[thread]*talk             // of AppHandoff
	outside map[string]bool              // projects that somebody may not read
}

func newSeen() seen {
	return seen{
		tickets: map[string]*desk.TicketRow{}, tags: map[string][]string{}, threads: map[string][]desk.MessageRow{}, notes: map[string]bool{}, early: map[string]bool{}, posts: map[thread]*talk{},
		outside: map[string]bool{},
	}
}

// thread names a ticket of a project.
type thread struct{ project, ticket string }

// talk is the thread of a ticket of a project.
type talk struct {
	posts []desk.PostRow
	tasks []string
}

// see notes what an answer shows.
func (s *seen) see(x *journal.Record) {
	parts := strings.Split(strings.Trim(x.Path, "/"), "/")
	messages := len(parts) >= 2 && parts[len(parts)-1] == "messages"
	switch {
	case x.Service == auth.AppHandoff:
		if len(parts) >= 4 {
			s.seePosts(x, thread{strings.ToLower(parts[len(parts)-4]), strings.ToLower(parts[len(parts)-2])})
		}
	case x.Status == http.StatusCreated && messages:
		var made struct{ Data desk.MessageRow }
		if json.Unmarshal(x.ResponseBody, &made) == nil && made.Data.ID != "" {
			s.notes[made.Data.ID] = true
			s.written = append(s.written, made.Data.ID)
			s.early[strings.ToLower(parts[len(parts)-2])] = true
			x.At = made.Data.CreatedAt // so that a replay writes the same
		}
	case x.Status != http.StatusOK || x.Method != http.MethodGet:
	case messages:
		s.seeThread(x, strings.ToLower(parts[len(parts)-2]))
	default:
		s.seeList(x)
	}
}

// seeList notes the rows of a list, and by which tags they were found.
func (s *seen) seeList(x *journal.Record) {
	var list struct{ Data []desk.TicketRow }
	if json.Unmarshal(x.ResponseBody, &list) != nil {
		return
	}
	query, _ := url.ParseQuery(x.Query)
	var tags []string
	for _, id := range strings.Split(query.Get("tag_ids"), ",") {
		if id = strings.ToLower(strings.TrimSpace(id)); isID(id) {
			tags = append(tags, id)
		}
	}
	for _, row := range list.Data {
		if row.ID == "" {
			continue
		}
		if s.tickets[row.ID] == nil {
			if s.early[row.ID] || s.early[strconv.Itoa(row.TicketNumber)] {
				row.UpdatedAt = time.Time{} // it was different before
			}
			s.tickets[row.ID] = &row
		}
		for _, tag := range tags {
			if !slices.Contains(s.tags[row.ID], tag) {
				s.tags[row.ID] = append(s.tags[row.ID], tag)
			}
		}
	}
}

// seeThread notes the messages of a timeline, except those that recorded
// requests have written.
func (s *seen) seeThread(x *journal.Record, ref string) {
	var timeline struct{ Data []desk.MessageRow }
	if json.Unmarshal(x.ResponseBody, &timeline) != nil {
		return
	}
	if s.threads[ref] == nil {
		s.threads[ref] = []desk.MessageRow{}
	}
	for _, m := range timeline.Data {
		if m.ID == "" || s.notes[m.ID] || slices.ContainsFunc(s.threads[ref], func(other desk.MessageRow) bool { return other.ID == m.ID }) {
			continue
		}
		s.threads[ref] = append(s.threads[ref], m)
	}
}

// seePosts notes the messages of a ticket of a project.
func (s *seen) seePosts(x *journal.Record, at thread) {
	if x.Status == http.StatusForbidden {
		s.outside[at.project] = true
	}
	if x.Status != http.StatusOK || x.Method != http.MethodGet {
		return
	}
	var answer struct{ Messages []desk.PostRow }
	if json.Unmarshal(x.ResponseBody, &answer) != nil {
		return
	}
	if s.posts[at] == nil {
		s.posts[at] = &talk{}
	}
	t := s.posts[at]
	query, _ := url.ParseQuery(x.Query)
	t.add(strings.ToLower(query.Get("task_id")))
	for _, p := range answer.Messages {
		t.add(orEmpty(p.TaskID))
		if !slices.ContainsFunc(t.posts, func(other desk.PostRow) bool { return other.ID == p.ID }) {
			t.posts = append(t.posts, p)
		}
	}
}

// add notes a task.
func (t *talk) add(id string) {
	if isID(id) && !slices.Contains(t.tasks, id) {
		t.tasks = append(t.tasks, id)
	}
}

// orEmpty returns a text, empty for null.
func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
