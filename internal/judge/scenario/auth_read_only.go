package scenario

import (
	"net/http"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// readsFiltered asks with the read-only key what the main key may ask, with one
// filter of each kind, if both keys are of one workspace.
func (s *Session) readsFiltered() {
	const one = "per_page=1"
	s.exchange(target.ReadOnly, "/tickets", one)
	_, list, _ := survey.List(s.Last(), "data") // other clauses judge their shapes
	meta, _ := list["meta"].(map[string]any)
	if _, total, _ := s.peek(one); total != whole(meta, "total") || total < 0 {
		return
	}
	queries := []string{"status=open&page=2&per_page=1", "sort=priority&order=asc", unassigned}
	if tags := s.Facts().InboxOps.Tags; len(tags) > 0 {
		queries = append(queries, Query("tag_ids", tags[0].ID))
	}
	if defs := s.Facts().InboxOps.CustomFields; len(defs) > 0 {
		queries = append(queries, fieldQuery(defs[0], emptyField))
	}
	for _, query := range queries {
		if rows, _, status := s.peek(query); status == http.StatusOK {
			s.Get(target.ReadOnly, "/tickets", query).Status(http.StatusOK)
			s.StopIfFailed()
			others, _, _ := survey.List(s.Last(), "data")
			s.readsAlike(rows, others)
		}
	}
}

// readsAlike asserts that the read-only key is shown the same tickets as the
// main key.
func (s *Session) readsAlike(rows, others []survey.Row) {
	for i, r := range others {
		if i < len(rows) && r.ID() == rows[i].ID() && r.Text("updated_at") == rows[i].Text("updated_at") {
			for _, member := range []string{"status", "status_color", "priority", "subject", "created_at"} {
				s.AssertRow(text(r.Fields[member]) == text(rows[i].Fields[member]), r, member, "as the main key is shown it: "+text(rows[i].Fields[member]))
			}
		}
	}
}
