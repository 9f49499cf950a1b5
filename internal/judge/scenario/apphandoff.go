package scenario

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var appHandoff = slices.Concat(handoffLists, handoffSince, handoffTasks, plannedThreads.judge(threadTopics), handoffRows, handoffErrors)

const (
	// mostThreads bounds the tickets of AppHandoff that are looked at.
	mostThreads = 6
	// fullPage is the documented maximum of limit.
	fullPage = 200
	// roomy is how many messages any page surely holds, even if others add some
	// in the meantime and the target reads limit as less than it is.
	roomy = 40
	// perDefault is the documented default of limit.
	perDefault = 50
)

// refusals are the statuses with which AppHandoff may refuse a value in the
// wrong form (D5, D7, D8, D12, D13).
var refusals = []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity}

// What a user can give so that more can be judged.
const (
	unlockThreads = "a project and ticket with messages under apphandoff.projects in --facts FILE"
	unlockTasks   = "a ticket with messages of several tasks and of none, and its tasks, under apphandoff.projects in --facts FILE"
)

// thread is a ticket of AppHandoff and its messages.
type thread struct {
	project string
	ticket  facts.Handoff
	rows    []survey.Row               // all the survey could read
	of      map[string]map[string]bool // ids of the messages of a task, both in lower case
}

func (t thread) path() string { return HandoffPath(t.project, t.ticket.ID) }

// size is how many messages the ticket has: no list may show them all.
func (t thread) size() int { return max(len(t.rows), t.ticket.Messages) }

// whole reports whether one full page shows all messages of the ticket.
func (t thread) whole() bool { return t.size() < fullPage }

// knownThreads returns the tickets that the facts name, without their messages:
// those with tasks and many messages first, but never only tickets of one sort.
func (s *Session) knownThreads() []thread {
	var all []thread
	seen := map[string]bool{}
	for _, p := range s.Facts().AppHandoff.Projects {
		for _, t := range p.Tickets {
			if id := strings.ToLower(t.ID); !seen[id] {
				seen[id] = true
				all = append(all, thread{project: p.ID, ticket: t})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b thread) int {
		return cmp.Or(cmp.Compare(b.ticket.Messages, a.ticket.Messages), cmp.Compare(len(b.ticket.Tasks), len(a.ticket.Tasks)))
	})
	const fewest = 2
	if len(all) > mostThreads {
		all = append(all[:mostThreads-fewest], all[len(all)-fewest:]...)
	}
	return all
}

// firstThread is the ticket the run began with, without its messages.
func (s *Session) firstThread() thread {
	for _, p := range s.Facts().AppHandoff.Projects {
		if len(p.Tickets) > 0 {
			return thread{project: p.ID, ticket: p.Tickets[0]}
		}
	}
	panic(ending{outcome: Skip, reason: "no facts name a ticket of AppHandoff", unlock: unlockThreads})
}

// surveyedThreads are the known tickets with their messages, and why some could
// not be read. It must be called before any list is asked for, so that shared
// answers are never older than what is known.
func (s *Session) surveyedThreads() (read []thread, unread error) {
	s.usedData = true
	for _, t := range s.knownThreads() {
		rows, err := s.env.Survey.Handoff(s.ctx, t.project, t.ticket.ID)
		var broken *survey.Broken
		if errors.As(err, &broken) {
			unread = err
			continue
		}
		s.surveyed(err)
		t.rows = rows
		read = append(read, t)
	}
	slices.SortStableFunc(read, func(a, b thread) int { return cmp.Compare(len(b.rows), len(a.rows)) })
	return read, unread
}

// threads are the known tickets with their messages, longest first.
// AH-LIST-MSG-01 and -02 judge what is wrong with a list that cannot be read.
func (s *Session) threads() []thread {
	read, unread := s.surveyedThreads()
	if len(read) == 0 {
		s.surveyed(unread)
	}
	return read
}

// spoken are the threads with at least n messages; it skips when there is none.
func (s *Session) spoken(n int) []thread {
	all := only(s.threads(), func(t thread) bool { return len(t.rows) >= n })
	if len(all) == 0 {
		s.Skip("no known ticket of AppHandoff has enough messages", unlockThreads)
	}
	return all
}

// ask sends the query and returns the rows if the answer is a list. Another
// clause judges whether it should be one.
func (s *Session) ask(t thread, query string) ([]survey.Row, bool) {
	rows, status := s.list(target.Member, t.path(), query, "messages")
	return rows, status == http.StatusOK
}

// moment is a message with its time.
type moment struct {
	row survey.Row
	at  time.Time
}

// moments are the messages whose created_at can be read, oldest first.
func moments(rows []survey.Row) []moment {
	var out []moment
	for _, r := range rows {
		if at, ok := r.Time("created_at"); ok {
			out = append(out, moment{r, at})
		}
	}
	slices.SortStableFunc(out, func(a, b moment) int { return a.at.Compare(b.at) })
	return out
}

// handoffIDs returns the ids of the rows for which keep is true. AH-MSG-01
// judges rows without an id.
func handoffIDs(rows []survey.Row, keep func(survey.Row) bool) []string {
	return IDs(only(rows, func(r survey.Row) bool { return r.ID() != "" && keep(r) }))
}

// noneOf asserts that ids is empty, and shows the first ones otherwise.
func (s *Session) noneOf(ids []string, what string) {
	s.Assert(len(ids) == 0, what, "none", head(ids))
}
