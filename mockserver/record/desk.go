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
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// desk is what answers have shown. What was seen first counts: a case begins there.
type desk struct {
	tickets map[string]*ticket   // by id
	tags    map[string][]string  // ids of tags by ids of tickets that were found by them
	threads map[string][]message // of InboxOps, by the id or the number of the ticket
	notes   map[string]bool      // ids of messages that recorded requests have written
	written []string             // the same, in their order
	early   map[string]bool      // tickets by id or number that were written to before a list had them
	posts   map[thread]*talk     // of AppHandoff
	outside map[string]bool      // projects that somebody may not read
}

func newDesk() desk {
	return desk{
		tickets: map[string]*ticket{}, tags: map[string][]string{}, threads: map[string][]message{}, notes: map[string]bool{}, early: map[string]bool{}, posts: map[thread]*talk{},
		outside: map[string]bool{},
	}
}

// ticket is a row of the list.
type ticket struct {
	ID            string     `json:"id"`
	Number        int        `json:"ticket_number"`
	Subject       string     `json:"subject"`
	Inbox         string     `json:"inbox_id"`
	Status        string     `json:"status"`
	StatusID      string     `json:"status_id"`
	StatusName    string     `json:"status_name"`
	StatusColor   string     `json:"status_color"`
	Priority      string     `json:"priority"`
	PriorityID    string     `json:"priority_id"`
	PriorityName  string     `json:"priority_name"`
	PriorityColor string     `json:"priority_color"`
	Assignee      *string    `json:"assignee_id"`
	Contact       *string    `json:"contact_id"`
	RemindAt      *time.Time `json:"remind_at"`
	RemindStatus  *string    `json:"remind_transition_status_id"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
}

// message is a row of a timeline.
type message struct {
	ID          string       `json:"id"`
	Direction   string       `json:"direction"`
	Type        string       `json:"type"`
	From        string       `json:"from_address"`
	To          string       `json:"to_addresses"`
	Cc          string       `json:"cc_addresses"`
	Bcc         string       `json:"bcc_addresses"`
	SendStatus  string       `json:"send_status"`
	SendError   string       `json:"send_error"`
	Text        string       `json:"body_text"`
	HTML        string       `json:"body_html"`
	SentAt      *time.Time   `json:"sent_at"`
	CreatedAt   time.Time    `json:"created_at"`
	Attachments []attachment `json:"attachments"`
}

// attachment is a file of a message.
type attachment struct {
	ID          string `json:"id"`
	FileName    string `json:"file_name"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size_bytes"`
	Disposition string `json:"disposition"`
	ContentID   string `json:"content_id"`
}

// thread names a ticket of a project.
type thread struct{ project, ticket string }

// talk is the thread of a ticket of a project.
type talk struct {
	posts []post
	tasks []string
}

// post is a message of AppHandoff.
type post struct {
	ID         string    `json:"id"`
	AuthorType string    `json:"author_type"`
	AuthorID   string    `json:"author_id"`
	Body       string    `json:"body"`
	Task       string    `json:"task_id"`
	Format     string    `json:"body_format"`
	CreatedAt  time.Time `json:"created_at"`
}

// see notes what an answer shows.
func (d *desk) see(x *journal.Record) {
	parts := strings.Split(strings.Trim(x.Path, "/"), "/")
	switch {
	case x.Service == auth.AppHandoff:
		if len(parts) >= 4 {
			d.seePosts(x, thread{strings.ToLower(parts[len(parts)-4]), strings.ToLower(parts[len(parts)-2])})
		}
	case x.Status == http.StatusCreated:
		var made struct{ Data message }
		if json.Unmarshal(x.ResponseBody, &made) == nil && made.Data.ID != "" {
			d.notes[made.Data.ID] = true
			d.written = append(d.written, made.Data.ID)
			d.early[strings.ToLower(parts[len(parts)-2])] = true
			x.At = made.Data.CreatedAt // so that the same is written when it is sent again
		}
	case x.Status != http.StatusOK || x.Method != http.MethodGet:
	case strings.HasSuffix(x.Path, "/messages") && len(parts) >= 2:
		d.seeThread(x, strings.ToLower(parts[len(parts)-2]))
	default:
		d.seeList(x)
	}
}

// seeList notes the rows of a list, and by which tags they were found.
func (d *desk) seeList(x *journal.Record) {
	var list struct{ Data []ticket }
	if json.Unmarshal(x.ResponseBody, &list) != nil {
		return
	}
	query, _ := url.ParseQuery(x.Query)
	var tags []string
	for _, id := range strings.Split(query.Get("tag_ids"), ",") {
		if id = strings.ToLower(strings.TrimSpace(id)); uuid.FindString(id) == id && id != "" {
			tags = append(tags, id)
		}
	}
	for _, row := range list.Data {
		if row.ID == "" {
			continue
		}
		if d.tickets[row.ID] == nil {
			if d.early[row.ID] || d.early[strconv.Itoa(row.Number)] {
				row.UpdatedAt = time.Time{} // it was another one before
			}
			d.tickets[row.ID] = &row
		}
		for _, tag := range tags {
			if !slices.Contains(d.tags[row.ID], tag) {
				d.tags[row.ID] = append(d.tags[row.ID], tag)
			}
		}
	}
}

// seeThread notes the messages of a timeline, but for those that recorded requests
// have written.
func (d *desk) seeThread(x *journal.Record, ref string) {
	var timeline struct{ Data []message }
	if json.Unmarshal(x.ResponseBody, &timeline) != nil {
		return
	}
	if d.threads[ref] == nil {
		d.threads[ref] = []message{}
	}
	for _, m := range timeline.Data {
		if m.ID == "" || d.notes[m.ID] || slices.ContainsFunc(d.threads[ref], func(other message) bool { return other.ID == m.ID }) {
			continue
		}
		d.threads[ref] = append(d.threads[ref], m)
	}
}

// seePosts notes the messages of a ticket of a project.
func (d *desk) seePosts(x *journal.Record, at thread) {
	if x.Status == http.StatusForbidden {
		d.outside[at.project] = true
	}
	if x.Status != http.StatusOK || x.Method != http.MethodGet {
		return
	}
	var answer struct{ Messages []post }
	if json.Unmarshal(x.ResponseBody, &answer) != nil {
		return
	}
	if d.posts[at] == nil {
		d.posts[at] = &talk{}
	}
	t := d.posts[at]
	query, _ := url.ParseQuery(x.Query)
	t.add(strings.ToLower(query.Get("task_id")))
	for _, p := range answer.Messages {
		t.add(p.Task)
		if !slices.ContainsFunc(t.posts, func(other post) bool { return other.ID == p.ID }) {
			t.posts = append(t.posts, p)
		}
	}
}

// add notes a task.
func (t *talk) add(id string) {
	if id != "" && uuid.FindString(id) == id && !slices.Contains(t.tasks, id) {
		t.tasks = append(t.tasks, id)
	}
}
