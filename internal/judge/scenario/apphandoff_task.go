package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var handoffTasks = []Scenario{
	{Clause: strict("AH-LIST-MSG-16", handoffMessages, "task_id returns only messages of that task.", clause.Tasks), Run: handoffTask},
	{Clause: strict("AH-LIST-MSG-17", handoffMessages, "Messages without a task are absent under task_id.", clause.Tasks), Run: func(s *Session) {
		looked := false
		for _, q := range s.taskQueries() {
			loose := handoffIDs(q.rows, func(r survey.Row) bool { return taskOf(r) == "" })
			rows, ok := s.ask(q.thread, q.query())
			if !ok || len(loose) == 0 || len(loose) == len(q.rows) {
				continue
			}
			looked = true
			found := handoffIDs(rows, func(r survey.Row) bool { return slices.Contains(loose, r.ID()) })
			s.noneOf(found, "messages without a task under "+q.query())
		}
		if !looked {
			s.Skip("no known ticket shows messages of a task and messages of none", unlockTasks)
		}
	}},
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
	{Clause: strict("AH-LIST-MSG-20", handoffMessages, "task_id and since combine with AND.", clause.Tasks), Run: func(s *Session) {
		c := s.combine()
		rows := s.HandoffMessages(c.project, c.ticket.ID, c.both())
		s.noneOf(without(c.dated(rows), c.may), "messages under "+c.both()+" that only one of its filters finds")
		s.noneOf(without(c.must, IDs(rows)), "messages that both filters find and "+c.both()+" does not list")
	}},
	{Clause: strict("AH-LIST-MSG-21", handoffMessages, "task_id, since and limit combine.", clause.Tasks), Run: handoffAllThree},
	{Clause: strict("AH-LIST-MSG-22", handoffMessages, "Without task_id, messages of all tasks and of none come back.", clause.Tasks), Run: handoffNoTask},
	{Clause: strict("AH-MSG-08", handoffMessages, "Under task_id=<t> each row's task_id, if present, equals <t>.", clause.Tasks), Run: func(s *Session) {
		looked := false
		for _, q := range s.taskQueries() {
			rows, _ := s.ask(q.thread, q.query())
			for _, r := range rows {
				if r.Has("task_id") {
					looked = true
					s.AssertRow(taskOf(r) == q.task, r, "task_id", q.task)
				}
			}
		}
		if !looked {
			s.Skip("no message under task_id shows its task", unlockTasks)
		}
	}},
}

// taskOf is the task a message shows in lower case, "" when it shows none.
func taskOf(r survey.Row) string { return strings.ToLower(r.Text("task_id")) }

// taskQuery asks a thread for the messages of one of its tasks.
type taskQuery struct {
	thread
	task string // lower case
}

func (q taskQuery) query() string { return Query("task_id", q.task, "limit", "200") }

// showsTasks reports whether some message says which task it belongs to.
func (t thread) showsTasks() bool {
	return slices.ContainsFunc(t.rows, func(r survey.Row) bool { return taskOf(r) != "" })
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

// taskQueries is eachTask, and skips when no thread has tasks.
func (s *Session) taskQueries() []taskQuery {
	all := s.eachTask()
	if len(all) == 0 {
		s.Skip("no known ticket has tasks and messages", unlockTasks)
	}
	return all
}

// eachTask are two tasks each of a few threads, those that any page shows
// whole first.
func (s *Session) eachTask() []taskQuery {
	const (
		mostThreads = 3
		mostTasks   = 2
	)
	var short, long []thread
	for _, t := range s.spoken(2) {
		if len(t.tasks()) == 0 {
			continue
		}
		if t.size() <= roomy {
			short = append(short, t)
		} else {
			long = append(long, t)
		}
	}
	chosen := append(short, long...)
	var out []taskQuery
	for _, t := range chosen[:min(len(chosen), mostThreads)] {
		tasks := t.tasks()
		for _, task := range tasks[:min(len(tasks), mostTasks)] {
			out = append(out, taskQuery{t, task})
		}
	}
	return out
}

// handoffTask holds what task_id finds against the tasks the messages show
// without it. Of a target whose messages show none it can only say that no
// message belongs to two tasks.
func handoffTask(s *Session) {
	told := false
	first := map[string]string{} // the first task a message of a silent thread was found under
	for _, q := range s.taskQueries() {
		rows := s.HandoffMessages(q.project, q.ticket.ID, q.query())
		if !q.showsTasks() {
			twice := handoffIDs(rows, func(r survey.Row) bool { return first[r.ID()] != "" })
			told = told || len(first) > 0 && len(rows) > 0
			s.noneOf(twice, "messages under "+q.query()+" that another task_id lists too")
			for _, r := range rows {
				first[r.ID()] = q.task
			}
			continue
		}
		own := handoffIDs(q.rows, func(r survey.Row) bool { return taskOf(r) == q.task })
		others := handoffIDs(q.rows, func(r survey.Row) bool { return taskOf(r) != "" && taskOf(r) != q.task })
		told = told || len(own) > 0 && len(others) > 0
		s.noneOf(handoffIDs(rows, func(r survey.Row) bool { return slices.Contains(others, r.ID()) }), "messages of another task under "+q.query())
		if q.whole() && len(own) <= roomy {
			s.noneOf(without(own, IDs(rows)), "messages of the task that are not listed under "+q.query())
		}
	}
	if !told {
		s.Skip("no known ticket has messages of two tasks", unlockTasks)
	}
}

// handoffBadTask sends what is no UUID: a refusal or an empty list is fine.
func handoffBadTask(s *Session) {
	t := s.spoken(1)[0]
	for _, bad := range []string{"not-a-uuid", "123"} {
		s.Get(target.Member, t.path(), Query("task_id", bad))
		s.StopIfFailed()
		e := s.Last()
		s.Assert(e.Status == http.StatusOK || e.Status/100 == 4, "status of task_id="+bad, "200 or 4xx", e.Status)
		if rows, _, err := survey.List(e, "messages"); e.Status == http.StatusOK && err == nil {
			s.Assert(len(rows) == 0, "messages under task_id="+bad, 0, len(rows))
		}
	}
}

// combination is a task and a cut through its messages.
type combination struct {
	taskQuery
	cut  cut
	may  []string // ids that both filters find
	must []string // those of them that are of the task for all that is known
}

func (c combination) both() string { return "task_id=" + c.task + "&" + c.cut.query() }

// dated are the ids of rows that were there before and whose time can be read.
func (c combination) dated(rows []survey.Row) []string {
	return handoffIDs(rows, func(r survey.Row) bool {
		_, ok := r.Time("created_at")
		return ok && slices.Contains(IDs(c.thread.rows), r.ID())
	})
}

// combine finds a task and an instant that each drop messages the other one
// keeps. It skips when there are none, or when one of the filters alone does
// not work: that is for other clauses.
func (s *Session) combine() combination {
	for _, q := range s.taskQueries() {
		ofTask, ok := s.ask(q.thread, q.query())
		if !ok || !q.whole() || len(ofTask) > roomy {
			continue
		}
		all := cuts(q.rows)
		for i := range all {
			c := all[(i+len(all)/2)%len(all)]
			before, after := splitAt(ofTask, c.at)
			if len(before) == 0 || len(after) < 3 || len(after) == len(c.after) {
				continue
			}
			later, ok := s.ask(q.thread, c.query())
			if early, _ := splitAt(later, c.at); !ok || len(early) > 0 {
				break
			}
			may := handoffIDs(after, func(r survey.Row) bool { return slices.Contains(IDs(later), r.ID()) })
			if len(may) == 0 {
				break
			}
			strange := handoffIDs(q.rows, func(r survey.Row) bool { return q.showsTasks() && taskOf(r) != q.task })
			return combination{q, c, may, without(may, strange)}
		}
	}
	s.Skip("no known ticket has a task with messages before and after those of others, or task_id and since do not work alone", unlockTasks)
	panic("unreachable: Skip ends the scenario")
}

// handoffAllThree adds a limit to what task_id and since find together.
func handoffAllThree(s *Session) {
	c := s.combine()
	both, ok := s.ask(c.thread, c.both())
	const n = 2
	alone, limited := s.ask(c.thread, fmt.Sprintf("limit=%d", n))
	if !ok || len(both) <= n || !limited || len(alone) > n {
		s.Skip("task_id and since together find too little, or limit alone does not work", unlockTasks)
	}
	query := strings.Replace(c.both(), "limit=200", fmt.Sprintf("limit=%d", n), 1)
	rows := s.HandoffMessages(c.project, c.ticket.ID, query)
	s.Assert(len(rows) == n, "number of messages under "+query, n, len(rows))
	s.noneOf(without(c.dated(rows), IDs(both)), "messages under "+query+" that the same filters do not find with limit=200")
}

// handoffNoTask looks for what tasks list among all messages, and for messages
// of no task.
func handoffNoTask(s *Session) {
	found := map[string][]string{} // ids under the tasks of a ticket
	several := false
	for _, q := range s.taskQueries() {
		if rows, ok := s.ask(q.thread, q.query()); ok && q.whole() {
			found[q.path()] = append(found[q.path()], handoffIDs(rows, everyMessage)...)
			several = several || len(survey.Values(q.rows, "task_id")) > 1
		}
	}
	looked := false
	for _, t := range s.threads() {
		if len(found[t.path()]) == 0 {
			continue
		}
		all, ok := s.ask(t, "limit=200")
		if ok && len(without(found[t.path()], IDs(all))) > 0 {
			s.AskAgain() // some may have come since
			all, ok = s.ask(t, "limit=200")
		}
		if ok {
			looked = true
			s.noneOf(without(found[t.path()], IDs(all)), "messages of ticket "+t.ticket.ID+" that a task_id finds and that are not listed without")
		}
	}
	if !looked {
		s.Skip("no task_id finds messages of a ticket that one page shows", unlockTasks)
	}
	s.handoffLoose(several)
}

// handoffLoose wants to have seen messages without a task. That there are
// none is a failure only when the facts count more messages than are listed.
func (s *Session) handoffLoose(several bool) {
	s.StopIfFailed()
	for _, t := range s.spoken(1) {
		if slices.ContainsFunc(t.rows, func(r survey.Row) bool { return !r.Has("task_id") }) && (t.showsTasks() || several) {
			return
		}
	}
	for _, t := range s.spoken(1) {
		if t.whole() {
			s.Assert(len(t.rows) >= t.ticket.Messages, "number of messages of ticket "+t.ticket.ID+", all of them with a task",
				fmt.Sprintf("the %d of the facts", t.ticket.Messages), len(t.rows))
		}
	}
	s.Skip("no known ticket shows messages of tasks and messages of none", unlockTasks)
}
