package scenario

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var ticketHostile = []Scenario{
	{Clause: lenient("IO-LIST-TICKETS-54", listTickets, "page=0, page=-1 and page=abc never give 5xx."), Steady: true, Run: func(s *Session) {
		for _, query := range []string{"page=0", "page=-1", "page=abc"} {
			s.noServerError(query)
		}
		if s.roomy() {
			for _, query := range []string{"per_page=abc", "per_page=-1", "page=", "per_page=", "page=1.5", "per_page=1.5", "page=abc&per_page=abc"} {
				s.noServerError(query)
			}
		}
	}},
	{Clause: lenient("IO-LIST-TICKETS-57", listTickets, "Unknown unrelated query parameters never give 5xx."), Steady: true, Run: func(s *Session) {
		s.noServerError("mockdesk_check=1&unknown=1&filter%5Bstatus%5D=open")
	}},
	{Clause: lenient("IO-LIST-TICKETS-62", listTickets, "A page number beyond any integer type and a NUL byte in a value are refused or find nothing, never 5xx."), Steady: true, Run: func(s *Session) {
		for _, q := range []string{
			"page=99999999999999999999", "page=9223372036854775807&per_page=50", "per_page=99999999999999999999",
			"page=4294967296", "per_page=0", "created_after=%00",
		} {
			s.noServerError(q)
		}
		for _, q := range s.withNUL() {
			s.noServerError(q.query)
			if found := s.rowsOf(q.query); found > 0 && q.plain != "" && s.rowsOf(q.plain) == 0 {
				s.Assert(false, "data of "+q.query, "none, or a refusal, as of "+q.plain, fmt.Sprintf("%d rows", found))
			}
		}
	}},
}

// noServerError asserts that the target either accepts or refuses a query.
func (s *Session) noServerError(rawQuery string) {
	status := s.exchange(target.ReadWrite, "/tickets", rawQuery).Status
	s.Assert(status < http.StatusInternalServerError, "status of "+rawQuery, "no 5xx", status)
}

// withNUL is a filter by a value with a NUL byte, and one by a plain value that
// nothing has; "" for none.
type withNUL struct{ query, plain string }

// withNUL is one for each parameter that takes any text.
func (s *Session) withNUL() []withNUL {
	out := []withNUL{
		{"query=zqxj%00kvwz", Query("query", nobodysWord)},
		{"q=zqxj%00kvwz", Query("q", nobodysWord)},
		{"status=%00", "status=mockdesk_unknown"},
		{"inbox_id=%00", "inbox_id=not-a-uuid"},
		{"assignee_id=%00", "assignee_id=not-a-uuid"},
		{"tag_ids=%00", "tag_ids=not-a-uuid"},
	}
	for _, def := range s.Facts().InboxOps.CustomFields {
		if slices.Contains(documented, def.Type) {
			continue
		}
		out = append(out, withNUL{"custom_field_" + def.Key + "=zqxj%00kvwz", ""})
		if !s.roomy() {
			return out
		}
	}
	return out
}

// rowsOf is how many rows a query finds, none when it is refused.
func (s *Session) rowsOf(query string) int {
	rows, _, _ := s.peek(query)
	return len(rows)
}
