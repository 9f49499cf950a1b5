package scenario

import "github.com/mockdesk/mockdesk/internal/judge/survey"

var handoffRows = []Scenario{
	{Clause: strict("AH-MSG-01", handoffMessages, "id is present, a UUID string."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-02", handoffMessages, "author_type is present, human or agent."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-03", handoffMessages, "author_id is absent, null or a string (no format)."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-04", handoffMessages, "body is present, a string."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-05", handoffMessages, "task_id is absent, null or a UUID string."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-06", handoffMessages, "body_format is absent, null, markdown or plain."), Steady: true, Run: shape("message", (*Session).posts)},
	{Clause: strict("AH-MSG-07", handoffMessages, "created_at is present, RFC 3339."), Steady: true, Run: shape("message", (*Session).posts)},
}

// posts are the messages of every known ticket of AppHandoff.
func (s *Session) posts() []survey.Row {
	var rows []survey.Row
	for _, t := range s.spoken(1) {
		rows = append(rows, t.rows...)
	}
	return rows
}
