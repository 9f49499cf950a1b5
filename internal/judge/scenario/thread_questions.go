package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// The planned questions about threads: the messages that the survey read say
// what since, task_id and limit must leave of them, alone and together.

// threadQuestion asks for messages of an AppHandoff ticket.
type threadQuestion struct {
	thread thread
	task   string // in lower case
	since  moreThan
	limit  int    // 0 for none
	cut    string // the limit in words
}

// moreThan is an instant that messages have to be created after.
type moreThan struct {
	at   time.Time
	text string // as it is asked for, "" when it is not
	form sinceForm
}

// sinceForm is how an instant is written, and where it is.
type sinceForm string

// The forms of since.
const (
	wholeSecond sinceForm = "a whole second between two messages"
	withOffset  sinceForm = "an offset"
	atMessage   sinceForm = "the time of a message"
	beforeIt    sinceForm = "the last digit before a message"
	afterIt     sinceForm = "the last digit after a message"
	yetToCome   sinceForm = "the future"
)

// query is the query as it is sent.
func (q threadQuestion) query() string {
	var pairs []string
	if q.task != "" {
		pairs = append(pairs, "task_id", q.task)
	}
	if q.since.text != "" {
		pairs = append(pairs, "since", q.since.text)
	}
	if q.limit > 0 {
		pairs = append(pairs, "limit", fmt.Sprint(q.limit))
	}
	return Query(pairs...)
}

// Within ignores which thread is asked for, except for its length where all
// three are asked for: what is wrong for one thread is wrong for others, too.
func (q threadQuestion) Within(other threadQuestion) bool {
	if q.query() == "" || combines(true, true, true)(q) && q.long() != other.long() {
		return other.query() == q.query()
	}
	return (q.task == "" || other.task != "") && (q.limit == 0 || q.cut == other.cut) &&
		(q.since.text == "" || q.since.form == other.since.form || q.since.form.plainer(other.since.form))
}

// plainer reports whether an instant in this form tells less than one in the
// other.
func (f sinceForm) plainer(than sinceForm) bool {
	precise := than == withOffset || than == beforeIt || than == afterIt
	return f == wholeSecond && (than == atMessage || precise) || f == atMessage && precise
}

// long reports whether an answer without limit cannot show the whole thread.
func (q threadQuestion) long() bool { return len(q.thread.rows) > perDefault }

// smaller are the questions that ask for one thing less.
func (q threadQuestion) smaller() []threadQuestion {
	var out []threadQuestion
	add := func(than bool, change func(*threadQuestion)) {
		if less := q; than {
			change(&less)
			out = append(out, less)
		}
	}
	add(q.limit > 0, func(l *threadQuestion) { l.limit, l.cut = 0, "" })
	add(q.task != "", func(l *threadQuestion) { l.task = "" })
	add(q.since.text != "", func(l *threadQuestion) { l.since = moreThan{} })
	add(q.since.form == withOffset, func(l *threadQuestion) {
		l.since.text, l.since.form = l.since.at.UTC().Format(time.RFC3339Nano), atMessage
		if l.since.at.Nanosecond() == 0 {
			l.since.form = wholeSecond
		}
	})
	return out
}

// traits returns what a plan combines. Each kind of question has to meet short
// and long threads.
func (q threadQuestion) traits() []model.Trait {
	cut := q.cut
	if q.limit == 0 {
		cut = "no limit"
	}
	shape := fmt.Sprint("task ", q.task != "", " since ", q.since.text != "", " limit ", q.cuts())
	out := []model.Trait{
		{Name: q.thread.ticket.ID, Worth: 2},
		{Name: "since " + string(q.since.form), Worth: 3},
		{Name: "limit " + cut, Worth: 3},
		{Name: "task " + q.task, Worth: 2},
		{Name: shape, Worth: 3},
		{Name: fmt.Sprint("long ", q.long()), Worth: 3},
	}
	if many := 20; q.limit == 0 && q.matches() > many {
		out = append(out, model.Trait{Name: "many " + shape, Worth: 3})
	}
	if q.limit == 0 && q.matches() > perDefault {
		out = append(out, model.Trait{Name: "cut " + shape, Worth: 3})
	}
	if q.since.text != "" {
		out = append(out, model.Trait{Name: fmt.Sprint("afternoon ", q.since.at.UTC().Hour() >= 12), Worth: 2})
	}
	return out
}

// keep is what the filters leave.
func (q threadQuestion) keep(r survey.Row) bool {
	return (q.task == "" || q.thread.of[q.task][model.ID(r)]) && (q.since.text == "" || model.After(q.since.at)(r))
}

// matches counts what the filters leave.
func (q threadQuestion) matches() int { return len(handoffIDs(q.thread.rows, q.keep)) }

// most is the documented limit of the answer.
func (q threadQuestion) most() int {
	if q.limit == 0 {
		return perDefault
	}
	return q.limit
}

// cuts reports whether a limit that is asked for leaves messages out.
func (q threadQuestion) cuts() bool { return q.limit > 0 && q.limit < q.matches() }

// combines is the condition that the given parameters are asked for together.
func combines(task, since, cut bool) func(threadQuestion) bool {
	return func(q threadQuestion) bool {
		return (q.task != "" || !task) && (q.since.text != "" || !since) && (q.cuts() || !cut)
	}
}

// sinceIs is the condition that since has the form.
func sinceIs(forms ...sinceForm) func(threadQuestion) bool {
	return func(q threadQuestion) bool { return slices.Contains(forms, q.since.form) }
}

var threadTopics = []topic[threadQuestion]{
	{strict("AH-LIST-MSG-03", handoffMessages, "Messages are ordered by created_at ascending."), "thread of messages of different times", func(q threadQuestion) bool {
		return !q.cuts() && distinct(q.thread.rows)
	}},
	{strict("AH-LIST-MSG-04", handoffMessages, "Default limit is 50: with more than 50 messages exactly 50 come back."), "thread of more than 50 messages without limit", func(q threadQuestion) bool {
		return q.limit == 0 && q.matches() > perDefault
	}},
	{strict("AH-LIST-MSG-05", handoffMessages, "limit=n (1..200) returns at most n."), "limit that cuts", combines(false, false, true)},
	{strict("AH-LIST-MSG-09", handoffMessages, "Order stays ascending when limit cuts the result."), "limit that cuts", combines(false, false, true)},
	{strict("AH-LIST-MSG-10", handoffMessages, "since drops every message created before it."), "since", combines(false, true, false)},
	{strict("AH-LIST-MSG-11", handoffMessages, "since keeps every message created after it (within limit)."), "since", combines(false, true, false)},
	{lenient("AH-LIST-MSG-12", handoffMessages, "A message created exactly at since is not returned."), "since at a message", sinceIs(atMessage)},
	{strict("AH-LIST-MSG-13", handoffMessages, "since in the future gives an empty array."), "since", sinceIs(yetToCome)},
	{lenient("AH-LIST-MSG-14", handoffMessages, "since with an offset is honoured as an instant."), "since that its offset makes another", sinceIs(withOffset)},
	{strict("AH-LIST-MSG-16", handoffMessages, "task_id returns only messages of that task.", clause.Tasks), "task of which messages say that it is theirs", func(q threadQuestion) bool {
		return q.task != "" && q.thread.showsTasks()
	}},
	{strict("AH-LIST-MSG-17", handoffMessages, "Messages without a task are absent under task_id.", clause.Tasks), "task of a thread with messages of none", func(q threadQuestion) bool {
		return q.task != "" && q.thread.showsTasks() && q.thread.hasLoose()
	}},
	{strict("AH-LIST-MSG-22", handoffMessages, "Without task_id, messages of all tasks and of none come back.", clause.Tasks), "task of a thread with messages of none", func(q threadQuestion) bool {
		return q.task != "" && q.thread.hasLoose()
	}},
	{strict("AH-LIST-MSG-20", handoffMessages, "task_id and since combine with AND.", clause.Tasks), "task and since", combines(true, true, false)},
	{strict("AH-LIST-MSG-21", handoffMessages, "task_id, since and limit combine.", clause.Tasks), "task, since and limit", combines(true, true, true)},
	{strict("AH-MSG-08", handoffMessages, "Under task_id=<t> each row's task_id, if present, equals <t>.", clause.Tasks), "task that messages show", func(q threadQuestion) bool {
		return q.task != "" && q.thread.showsTasks()
	}},
	{strict("AH-LIST-MSG-26", handoffMessages, "On a thread longer than the default limit, since, task_id and limit together give what each alone leaves.", clause.Tasks), "task, since and limit on a thread of more than 50 messages", func(q threadQuestion) bool {
		return q.long() && combines(true, true, true)(q)
	}},
	{lenient("AH-LIST-MSG-27", handoffMessages, "A since with a fraction of a second is honoured to the precision that created_at shows."), "since close to a message whose created_at shows a fraction", sinceIs(beforeIt, afterIt)},
}

var plannedThreads = hearing[threadQuestion]{
	(*Session).threadInquiry, func(id string) bool { return about(threadTopics)(id) }, unlockTasks, false,
}

// blamedThread are the clauses that a wrong answer to the smallest question breaks.
func (p *threads) blamed(q threadQuestion, d *model.Difference) []string {
	p.compared(q) // from memory, for the row that is wrong
	task, since := q.task != "", q.since.text != ""
	combined := "AH-LIST-MSG-21"
	if q.long() {
		combined = "AH-LIST-MSG-26"
	}
	switch {
	case d.Sort == model.Unlisted && p.elsewhere(q.thread, d.Actual):
		return []string{"AH-LIST-MSG-25"}
	case d.Sort == model.Order && (q.cuts() || q.limit == 0 && q.matches() > perDefault):
		return []string{"AH-LIST-MSG-09"}
	case d.Sort == model.Order:
		return []string{"AH-LIST-MSG-03"}
	case (task || since) && q.cuts():
		return []string{combined}
	case task && since:
		return []string{"AH-LIST-MSG-20"}
	case task && d.Sort == model.Unlisted:
		return []string{"AH-LIST-MSG-22"}
	case task:
		return p.blamedOnTask(q, d)
	case since:
		return []string{p.blamedOnSince(q, d)}
	case d.Sort == model.Unlisted:
		return []string{"AH-LIST-MSG-25"}
	default:
		return []string{cmp.Or(map[string]string{"": "AH-LIST-MSG-04", "200": "AH-LIST-MSG-06"}[q.cut], "AH-LIST-MSG-05")}
	}
}

// blamedOnTask looks at all that a task lists.
func (p *threads) blamedOnTask(q threadQuestion, d *model.Difference) []string {
	rows, _ := p.put(q)
	loose, strange, shown := false, false, false
	for _, r := range rows {
		known := p.row(q.thread, r)
		loose = loose || taskOf(known) == ""
		strange = strange || taskOf(known) != "" && taskOf(known) != q.task
		shown = shown || taskOf(r) != "" && taskOf(r) != q.task
	}
	var out []string
	if d.Sort != model.Altered && (strange || !loose) {
		out = append(out, "AH-LIST-MSG-16")
	}
	if d.Sort == model.Foreign && loose {
		out = append(out, "AH-LIST-MSG-17")
	}
	if shown {
		out = append(out, "AH-MSG-08")
	}
	if len(out) == 0 {
		return []string{"AH-LIST-MSG-16"}
	}
	return out
}

// blamedOnSince tells the forms of since apart.
func (p *threads) blamedOnSince(q threadQuestion, d *model.Difference) string {
	at, _ := p.row(q.thread, p.wrong).Time("created_at")
	off := at.Sub(q.since.at).Abs()
	switch {
	case q.since.form == yetToCome:
		return "AH-LIST-MSG-13"
	case q.since.form == withOffset:
		return "AH-LIST-MSG-14"
	case d.Sort == model.Foreign && off == 0:
		return "AH-LIST-MSG-12"
	case q.since.form != wholeSecond && (d.Sort == model.Foreign || d.Sort == model.Lost) && off <= time.Second:
		return "AH-LIST-MSG-27"
	case d.Sort == model.Foreign:
		return "AH-LIST-MSG-10"
	default:
		return "AH-LIST-MSG-11"
	}
}

// threads are what questions about threads are asked of.
type threads struct {
	*Session
	known map[string]thread // as they were read, by their paths
	calm  map[string]int    // requests that were left when a thread was last found unchanged
	wrong survey.Row        // of the last difference
}

// threadInquiry asks the planned questions about threads, or those that were
// answered wrongly in the previous epoch, once per epoch.
func (s *Session) threadInquiry() *inquiry[threadQuestion] {
	if s.env.threads != nil {
		return s.env.threads
	}
	most := 24
	if s.roomy() {
		most = 40
	}
	p := &threads{Session: s, known: map[string]thread{}, calm: map[string]int{}}
	all := p.tasked(s.spoken(2))
	plan, again := s.env.threadSuspects, s.env.threadSuspects != nil
	if !again {
		plan = append(p.plain(all), model.Choose(s.env.Seed, p.all(all), threadQuestion.traits, most)...)
		plan = slices.DeleteFunc(plan, func(q threadQuestion) bool { return q.limit > fullPage }) // a target may refuse these
		if s.roomy() {
			plan = append(plan, filled(all)...)
		}
	}
	c := &inquiry[threadQuestion]{}
	inquire(s, c, plan, again, inquirer[threadQuestion]{
		put: func(q threadQuestion) { p.put(q) }, differ: p.differ, smaller: threadQuestion.smaller, blame: p.blamed,
	})
	for _, t := range all {
		p.count(c, t)
	}
	whole := slices.ContainsFunc(c.found, func(d discrepancy[threadQuestion]) bool { return d.Blame == "AH-LIST-MSG-03" })
	c.found = slices.DeleteFunc(c.found, func(d discrepancy[threadQuestion]) bool { return whole && d.Blame == "AH-LIST-MSG-09" })
	s.env.threads, s.env.threadSuspects = c, c.suspects
	return c
}

// count holds it against the target when a thread shows no message without a
// task and fewer messages than the facts count.
func (p *threads) count(c *inquiry[threadQuestion], t thread) {
	if !t.whole() || !t.showsTasks() || t.hasLoose() || len(t.rows) >= t.ticket.Messages {
		return
	}
	q := threadQuestion{thread: t}
	p.put(q)
	c.suspects = append(c.suspects, q)
	c.found = append(c.found, discrepancy[threadQuestion]{question: q, Failure: Failure{
		Blame: "AH-LIST-MSG-22", Path: "number of messages of ticket " + t.ticket.ID + ", all of them with a task",
		Expected: fmt.Sprintf("the %d of the facts", t.ticket.Messages), Actual: fmt.Sprint(len(t.rows)), Exchange: p.Last(),
	}})
}
