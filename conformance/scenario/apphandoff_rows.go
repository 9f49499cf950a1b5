package scenario

import (
	"slices"

	"github.com/mockdesk/mockdesk/conformance/survey"
)

var handoffRows = []Scenario{
	{Clause: "AH-MSG-01", Steady: true, Run: handoffMember("id", "a UUID string", func(r survey.Row) bool {
		return survey.IsUUID(r.ID())
	})},
	{Clause: "AH-MSG-02", Steady: true, Run: handoffMember("author_type", "human or agent", func(r survey.Row) bool {
		return slices.Contains([]string{"human", "agent"}, r.Text("author_type"))
	})},
	{Clause: "AH-MSG-03", Steady: true, Run: handoffMember("author_id", "absent, null or a string", func(r survey.Row) bool {
		_, ok := r.Fields["author_id"].(string)
		return ok || !r.Has("author_id")
	})},
	{Clause: "AH-MSG-04", Steady: true, Run: handoffMember("body", "a string", func(r survey.Row) bool {
		_, ok := r.Fields["body"].(string)
		return ok
	})},
	{Clause: "AH-MSG-05", Steady: true, Run: handoffMember("task_id", "absent, null or a UUID string", func(r survey.Row) bool {
		return !r.Has("task_id") || survey.IsUUID(r.Text("task_id"))
	})},
	{Clause: "AH-MSG-06", Steady: true, Run: handoffMember("body_format", "absent, null, markdown or plain", func(r survey.Row) bool {
		return !r.Has("body_format") || slices.Contains([]string{"markdown", "plain"}, r.Text("body_format"))
	})},
	{Clause: "AH-MSG-07", Steady: true, Run: handoffMember("created_at", "an RFC 3339 date-time", func(r survey.Row) bool {
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
