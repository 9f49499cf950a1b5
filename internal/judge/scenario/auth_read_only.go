package scenario

import (
	"net/http"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// readsFiltered asks with the read-only key what the main key may ask, of each kind
// of filter one, if both are of one workspace.
func (s *Session) readsFiltered() {
	const one = "per_page=1"
	s.Get(target.ReadOnly, "/tickets", one)
	s.StopIfFailed()
	_, list, _ := survey.List(s.Last(), "data") // which shapes are judged of
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
		if _, _, status := s.peek(query); status == http.StatusOK {
			s.Get(target.ReadOnly, "/tickets", query).Status(http.StatusOK)
		}
	}
}
