package inboxops

import (
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

// Paging where the documentation is silent (choices B6, B7): a larger
// per_page is clamped.
const (
	defaultPerPage = 25
	maxPerPage     = 100
)

// unassigned is the literal that asks for tickets without an assignee.
const unassigned = "__unassigned__"

// ParseQuery reads the query of a list as the service does.
func ParseQuery(w *workspace.Workspace, raw string) (store.Query, error) {
	params, bad := service.AppendParams(nil, raw)
	if bad != nil {
		return store.Query{}, bad
	}
	return readQuery(&service.Call{Workspace: w, Params: params})
}

func readQuery(c *service.Call) (store.Query, error) {
	r := c.Read()
	q := store.Query{
		Statuses: r.Enums("status", "open", "in_progress", "waiting", "resolved", "closed"),
		Inbox:    r.UUID("inbox_id"),
		Tags:     r.UUIDs("tag_ids"),
		Priority: r.Enum("priority", "low", "normal", "high", "urgent"),
		Created:  store.Span{After: r.Instant("created_after"), Before: r.Instant("created_before")},
		Updated:  store.Span{After: r.Instant("updated_after"), Before: r.Instant("updated_before")},
		Page:     r.Int("page", 1),
		PerPage:  min(r.Int("per_page", defaultPerPage), maxPerPage),
	}
	readSearch(r, &q)
	readAssignee(r, &q)
	readOrder(r, &q)
	readFields(r, c, &q)
	return q, r.Err()
}

// readSearch reads query and its alias q. A blank one counts as not sent, so q
// is used when query is blank (choice B28).
func readSearch(r *service.Reader, q *store.Query) {
	text := r.Text("query")
	if text == "" {
		text = r.Text("q")
	}
	if text != "" {
		parsed := search.ParseQuery(text)
		if strings.Contains(text, "\x00") { // PostgreSQL stores no text that contains it
			parsed = search.Query{}
		}
		q.Search = &parsed
	}
}

// readAssignee reads assignee_id: a UUID, or the literal for none.
func readAssignee(r *service.Reader, q *store.Query) {
	if r.Text("assignee_id") == unassigned {
		q.Unassigned = true
		return
	}
	q.Assignee = r.UUID("assignee_id")
}

// readOrder reads sort and order: by creation, newest first, unless told
// otherwise (choices B1 to B3).
func readOrder(r *service.Reader, q *store.Query) {
	q.Sort = store.Sort(r.Enum("sort", string(store.SortCreated), string(store.SortUpdated), string(store.SortPriority)))
	if q.Sort == "" {
		q.Sort = store.SortCreated
	}
	q.Ascending = r.Enum("order", "asc", "desc") == "asc"
}
