package scenario

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var handoffTasks = []Scenario{
	{Clause: lenient("AH-LIST-MSG-18", handoffMessages, "An unknown task_id returns nothing (200 empty or 404)."), Run: func(s *Session) {
		t := s.spoken(1)[0]
		s.Get(target.Member, t.path(), Query("task_id", NobodyTicket)).StatusList(http.StatusOK, http.StatusNotFound)
		s.StopIfFailed()
		if s.Last().Status == http.StatusOK {
			rows := s.Rows("messages")
			s.Assert(len(rows) == 0, "messages of a task that does not exist", 0, len(rows))
		}
	}},
	{Clause: lenient("AH-LIST-MSG-19", handoffMessages, "A malformed task_id never yields unfiltered rows."), Run: handoffBadTask},
}

// taskOf is the task a message shows in lower case, "" when it shows none.
func taskOf(r survey.Row) string { return strings.ToLower(r.Text("task_id")) }

// showsTasks reports whether some message says which task it belongs to.
func (t thread) showsTasks() bool {
	return slices.ContainsFunc(t.rows, func(r survey.Row) bool { return taskOf(r) != "" })
}

// hasLoose reports whether some message has no task.
func (t thread) hasLoose() bool {
	return slices.ContainsFunc(t.rows, func(r survey.Row) bool { return taskOf(r) == "" })
}

// tasks are the tasks of a thread: those its messages show, busiest first,
// then those the facts name.
func (t thread) tasks() []string {
	var out []string
	for _, v := range survey.Values(t.rows, "task_id") {
		if survey.IsUUID(v.Text) {
			out = append(out, strings.ToLower(v.Text))
		}
	}
	for _, known := range t.ticket.Tasks {
		if id := strings.ToLower(known.ID); !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// handoffBadTask sends values that are not UUIDs: a refusal or an empty list is
// fine.
func handoffBadTask(s *Session) {
	t := s.spoken(1)[0]
	for _, bad := range []string{"not-a-uuid", "123"} {
		s.Get(target.Member, t.path(), Query("task_id", bad))
		s.refused()
		s.StopIfFailed()
		e := s.Last()
		s.Assert(e.Status == http.StatusOK || e.Status/100 == 4, "status of task_id="+bad, "200 or 4xx", e.Status)
		if rows, _, err := survey.List(e, "messages"); e.Status == http.StatusOK && err == nil {
			s.Assert(len(rows) == 0, "messages under task_id="+bad, 0, len(rows))
		}
	}
}
