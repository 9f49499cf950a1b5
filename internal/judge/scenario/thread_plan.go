package scenario

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// tasked adds to threads the messages of their tasks: those that messages show
// or, if they show no task, those that each task found when it was asked for
// alone.
func (p *threads) tasked(all []thread) []thread {
	const most = 3 // tasks of a thread
	for i, t := range all {
		t.of = map[string]map[string]bool{}
		tasks := t.tasks()
		for _, task := range tasks[:min(len(tasks), most)] {
			rows := only(t.rows, func(r survey.Row) bool { return taskOf(r) == task })
			if !t.showsTasks() {
				rows, _ = p.ask(t, Query("task_id", task, "limit", "200"))
			}
			if len(rows) < fullPage {
				t.of[task] = map[string]bool{}
				for _, r := range rows {
					t.of[task][model.ID(r)] = true
				}
			}
		}
		all[i], p.known[t.path()] = t, t
	}
	return all
}

// plain returns questions that were asked already: for all messages, shortest
// threads first, and for the tasks of messages that show none.
func (p *threads) plain(of []thread) []threadQuestion {
	var out []threadQuestion
	for _, t := range slices.Backward(of) {
		out = append(out, threadQuestion{thread: t})
		for _, task := range slices.Sorted(maps.Keys(t.of)) {
			if !t.showsTasks() {
				out = append(out, threadQuestion{thread: t, task: task, limit: fullPage, cut: "200"})
			}
		}
	}
	return out
}

// all returns every question that tells something: it finds messages, and none
// of its filters could be left out unnoticed.
func (p *threads) all(of []thread) []threadQuestion {
	random := rand.New(rand.NewPCG(p.env.Seed, 0))
	var out []threadQuestion
	for _, t := range of {
		tasks := []string{""}
		for _, task := range t.tasks() {
			if t.of[task] != nil {
				tasks = append(tasks, task)
			}
		}
		for _, since := range append(p.instants(random, t), moreThan{}) {
			for _, task := range tasks {
				q := threadQuestion{thread: t, task: task, since: since}
				if !q.tells() {
					continue
				}
				n := q.matches()
				if since.form != withOffset || n <= perDefault { // otherwise the limit hides what the question is about
					out = append(out, q)
				}
				if since.form == yetToCome && task != "" {
					continue
				}
				for _, l := range []struct {
					cut   string
					limit int
				}{{"one", 1}, {"a third", n / 3}, {"all but one", n - 1}, {"60", 60}, {"199", fullPage - 1}, {"200", fullPage}} {
					whole := since.form != beforeIt && since.form != afterIt
					if q.cut, q.limit = l.cut, l.limit; l.limit > 0 && (l.limit < n && whole || l.limit == fullPage) {
						out = append(out, q)
					}
				}
			}
		}
	}
	return out
}

// filled returns questions about full pages of what a thread has after an early
// message. The choice of other questions leaves these out, because a late since
// tells more.
func filled(of []thread) []threadQuestion {
	var out []threadQuestion
	for _, t := range of {
		if all := cuts(t.rows); len(all) > 0 {
			q := threadQuestion{thread: t, since: moreThan{all[0].at, all[0].at.UTC().Format(time.RFC3339), wholeSecond}, limit: fullPage, cut: "200"}
			if q.matches() > perDefault {
				out = append(out, q)
			}
		}
	}
	return out
}

// tells reports whether no filter of the question could be left out unnoticed.
func (q threadQuestion) tells() bool {
	n := q.matches()
	undated, untasked, utc, rounded := q, q, q, q
	undated.since, untasked.task = moreThan{}, ""
	if at, err := time.Parse(time.RFC3339, q.since.text); err == nil { // as if it had no offset
		_, seconds := at.Zone()
		utc.since.at = at.Add(time.Duration(seconds) * time.Second)
	}
	if rounded.since.at = q.since.at.Truncate(time.Second); q.since.form == beforeIt {
		rounded.since.at = rounded.since.at.Add(time.Second)
	}
	if (q.since.form == beforeIt || q.since.form == afterIt) && rounded.matches() == n {
		return false
	}
	return (n > 0 || q.task == "" || q.since.form == yetToCome) && (q.since.text == "" || undated.matches() > n) &&
		(q.task == "" || q.since.form == yetToCome || untasked.matches() > n) && (q.since.form != withOffset || utc.matches() != n)
}

// instants returns some instants after which a thread can be asked for
// messages.
func (p *threads) instants(random *rand.Rand, t thread) []moreThan {
	m := moments(t.rows)
	if len(m) < 2 {
		return nil
	}
	utc := func(at time.Time) moreThan { return moreThan{at, at.UTC().Format(time.RFC3339), wholeSecond} }
	in := func(at time.Time, form string, zone int) moreThan {
		return moreThan{at, at.In(time.FixedZone("", zone)).Format(form), withOffset}
	}
	const east, west, most = 11 * 3600, -11*3600 - 1800, 3
	var out []moreThan
	between := cuts(t.rows)
	slices.SortStableFunc(between, func(a, b cut) int { return int(a.gap - b.gap) })
	for i := range min(most, len(between)) { // the narrowest, and others
		if j := i + random.IntN(len(between)-i); i > 0 {
			between[i], between[j] = between[j], between[i]
		}
		out = append(out, utc(between[i].at), in(between[i].at, time.RFC3339, []int{east, west}[i%2]))
	}
	soon := 0 // the message that the next one follows soonest, so that a since that is too late loses that one
	for i := range m[:len(m)-1] {
		if by := m[i+1].at.Sub(m[i].at); i > 0 && by > 0 && (soon == 0 || by < m[soon+1].at.Sub(m[soon].at)) {
			soon = i
		}
	}
	for _, i := range []int{soon, len(m) / 2, random.IntN(len(m)), len(m) - 1} {
		if stamp := m[i].row.Text("created_at"); m[i].at.After(m[0].at) {
			out = append(out, moreThan{m[i].at, stamp, atMessage}, in(m[i].at, preciseForm(stamp), east))
		}
	}
	out = append(out, beside(m)...)
	newest := p.env.Client.Now()
	if last := m[len(m)-1].at; last.After(newest) {
		newest = last
	}
	const day = 24 * time.Hour
	future := utc(newest.Add(365 * day).Truncate(day))
	future.form = yetToCome
	return append(out, future)
}

// preciseForm is the form of a timestamp with as many digits as another.
func preciseForm(stamp string) string {
	return "2006-01-02T15:04:05" + strings.TrimSuffix("."+strings.Repeat("0", fraction(stamp)), ".") + "Z07:00"
}

// beside returns the instants just before and just after a message, by its last
// digit: the last message whose fraction of a second gives different results
// when cut off and when rounded.
func beside(m []moment) []moreThan {
	for _, last := range slices.Backward(m) {
		digits := fraction(last.row.Text("created_at"))
		if digits == 0 || last.at.Sub(last.at.Truncate(time.Second)) < time.Second/2 {
			continue
		}
		step := time.Second
		for range digits {
			step /= 10
		}
		written := func(at time.Time, form sinceForm) moreThan {
			return moreThan{at, at.UTC().Format(preciseForm(last.row.Text("created_at"))), form}
		}
		return []moreThan{written(last.at.Add(-step), beforeIt), written(last.at.Add(step), afterIt)}
	}
	return nil
}

// fraction returns the number of digits after the second in a timestamp.
func fraction(stamp string) int {
	_, rest, _ := strings.Cut(stamp, ".")
	return len(rest) - len(strings.TrimLeft(rest, "0123456789"))
}

// put asks a question.
func (p *threads) put(q threadQuestion) (rows []survey.Row, status int) {
	return p.list(target.Member, q.thread.path(), q.query(), "messages")
}

// differ returns what is wrong with the answer to a question, nil for nothing.
// After a wrong answer it checks whether the thread changed since it was read.
func (p *threads) differ(q threadQuestion) *model.Difference {
	for look := 0; ; look++ {
		q.thread = p.known[q.thread.path()]
		d := p.compared(q)
		if d == nil || look == mostLooks || !p.changed(q) {
			return d
		}
	}
}

// compared compares the answer to a question with the thread.
func (p *threads) compared(q threadQuestion) (d *model.Difference) {
	name := "GET " + q.thread.path() + "?" + q.query()
	rows, status := p.put(q)
	if status != http.StatusOK {
		return &model.Difference{Sort: model.Refused, Path: "answer to " + name, Expected: "200 and a list", Actual: http.StatusText(status)}
	}
	of := model.Messages{Rows: q.thread.rows, Partial: len(q.thread.rows) >= fullPage && len(q.thread.rows) != q.thread.ticket.Messages, Text: handoffText}
	d, p.wrong = of.Differ(name, model.Want{Keep: q.keep, Most: q.most()}, rows)
	return d
}

// handoffText is what a message says in documented members.
func handoffText(r survey.Row) string {
	return survey.Row{Fields: keptOf(r, []string{"id", "author_type", "author_id", "body", "task_id", "body_format", "created_at"})}.String()
}

// changed rereads the thread of a question and reports whether it changed.
func (p *threads) changed(q threadQuestion) bool {
	path, left := q.thread.path(), p.env.Client.Left()
	if calm, known := p.calm[path]; known && calm-left < calmFor {
		return false
	}
	p.calm[path] = left
	t := p.known[path]
	rows, err := p.env.Resurvey().Handoff(p.ctx, t.project, t.ticket.ID)
	if err != nil || slices.EqualFunc(rows, t.rows, func(a, b survey.Row) bool { return handoffText(a) == handoffText(b) }) {
		return false
	}
	defer p.anew()()
	t.rows = rows
	p.tasked([]thread{t})
	p.put(q)
	return true
}

// row is a message as the thread has it.
func (p *threads) row(t thread, r survey.Row) survey.Row {
	for _, known := range p.known[t.path()].rows {
		if model.ID(known) == model.ID(r) {
			return known
		}
	}
	return r
}

// elsewhere reports whether another thread lists the message.
func (p *threads) elsewhere(t thread, id string) bool {
	for path, other := range p.known {
		if path != t.path() && slices.ContainsFunc(other.rows, func(r survey.Row) bool { return strings.EqualFold(r.ID(), id) }) {
			return true
		}
	}
	return false
}
