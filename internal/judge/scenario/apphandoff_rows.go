package scenario

import (
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

var handoffRows = []Scenario{
	{Clause: strict("AH-MSG-01", handoffMessages, "id is present, a UUID string."), Steady: true, Run: handoffMember("id", "a UUID string", func(r survey.Row) bool {
		return survey.IsUUID(r.ID())
	})},
	{Clause: strict("AH-MSG-02", handoffMessages, "author_type is present, human or agent."), Steady: true, Run: handoffMember("author_type", "human or agent", func(r survey.Row) bool {
		return slices.Contains([]string{"human", "agent"}, r.Text("author_type"))
	})},
	{Clause: strict("AH-MSG-03", handoffMessages, "author_id is absent, null or a string (no format)."), Steady: true, Run: handoffMember("author_id", "absent, null or a string", func(r survey.Row) bool {
		_, ok := r.Fields["author_id"].(string)
		return ok || !r.Has("author_id")
	})},
	{Clause: strict("AH-MSG-04", handoffMessages, "body is present, a string."), Steady: true, Run: handoffMember("body", "a string", func(r survey.Row) bool {
		_, ok := r.Fields["body"].(string)
		return ok
	})},
	{Clause: strict("AH-MSG-05", handoffMessages, "task_id is absent, null or a UUID string."), Steady: true, Run: handoffMember("task_id", "absent, null or a UUID string", func(r survey.Row) bool {
		return !r.Has("task_id") || survey.IsUUID(r.Text("task_id"))
	})},
	{Clause: strict("AH-MSG-06", handoffMessages, "body_format is absent, null, markdown or plain."), Steady: true, Run: handoffMember("body_format", "absent, null, markdown or plain", func(r survey.Row) bool {
		return !r.Has("body_format") || slices.Contains([]string{"markdown", "plain"}, r.Text("body_format"))
	})},
	{Clause: strict("AH-MSG-07", handoffMessages, "created_at is present, RFC 3339."), Steady: true, Run: handoffMember("created_at", "an RFC 3339 date-time", func(r survey.Row) bool {
		_, ok := r.Time("created_at")
		return ok
	})},
}

// handoffMember judges a member of every message of every known ticket.
func handoffMember(name, expected string, valid func(survey.Row) bool) func(*Session) {
	return func(s *Session) {
		for _, t := range s.spoken(1) {
			for _, r := range t.rows {
				s.AssertRow(valid(r), r, name, expected)
			}
		}
	}
}
