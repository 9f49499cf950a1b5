package defect

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
)

var postRows = []shape{
	{"AH-MSG-01", "id", "no UUID", "m1"},
	{"AH-MSG-02", "author_type", "an unknown one", "robot"},
	{"AH-MSG-02", "author_type", "capitalised", "Human"},
	{"AH-MSG-03", "author_id", "a number", 7},
	{"AH-MSG-04", "body", "null", nil},
	{"AH-MSG-04", "body", "an object", object{}},
	{"AH-MSG-05", "task_id", "no UUID", "task"},
	{"AH-MSG-06", "body_format", "an unknown one", "html"},
	{"AH-MSG-07", "created_at", "a number", 1735120800},
	{"AH-MSG-07", "created_at", "without an offset", "2024-12-25T10:00:00"},
}

// The clauses added to the group of threads.
const (
	together  = "AH-LIST-MSG-26"
	fractions = "AH-LIST-MSG-27"
)

// limited matches a thread with a limit within the bounds.
func limited(least, most int) when {
	return func(x *exchange) bool {
		n, err := strconv.Atoi(x.get("limit"))
		return x.op == thread && err == nil && least <= n && n <= most
	}
}

// small matches a thread with a limit below the largest.
var small = limited(1, 199)

// handoffs breaks the thread of AppHandoff.
func handoffs() []Defect {
	on := on(thread)
	all := misshapen(on, " of posts", postRows,
		place{"in the last row", has("limit"), lastRow},
		place{"in the third row", anything, thirdRow})
	for _, s := range []struct{ id, name string }{{"AH-MSG-01", "id"}, {"AH-MSG-02", "author_type"}, {"AH-MSG-04", "body"}, {"AH-MSG-07", "created_at"}} {
		all = append(all, sometimes(s.id, s.name+" is missing from the last post", tell(on, each(lastRow, unset(s.name)))))
	}
	return slices.Concat(all, threads(), sinces(), tasks(), handoffErrors())
}

func threads() []Defect {
	on, noLimit := on(thread), and(on(thread), not(has("limit")))
	return []Defect{
		always("AH-LIST-MSG-01", "a thread is text", tell(on, media("text/plain"))),
		sometimes("AH-LIST-MSG-01", "a thread with a limit is 206", tell(and(on, has("limit")), status(206))),
		always("AH-LIST-MSG-02", "messages are called data", tell(on, top(func(o object) { o["data"] = o["messages"]; delete(o, "messages") }))),
		sometimes("AH-LIST-MSG-02", "messages are null under since", tell(and(on, has("since")), top(member("messages", nil)))),
		always("AH-LIST-MSG-03", "the newest message is first", tell(on, changed(reversed))),
		sometimes("AH-LIST-MSG-03", "the newest message is first under task_id", tell(and(on, has("task_id")), changed(reversed))),
		sometimes("AH-LIST-MSG-03", "the newest message is first under since", tell(and(on, has("since")), changed(reversed))),
		sometimes("AH-LIST-MSG-09", "the newest message is first under limit", tell(and(on, has("limit")), changed(reversed))),
		sometimes("AH-LIST-MSG-09", "the newest message is first under limits above 100", tell(limited(101, math.MaxInt), changed(reversed))),
		always("AH-LIST-MSG-04", "the usual limit is 100", ask(noLimit, with("limit", "100"))),
		always("AH-LIST-MSG-04", "the usual limit is 49", ask(noLimit, with("limit", "49"))),
		sometimes("AH-LIST-MSG-04", "the usual limit is 200 under task_id", ask(and(noLimit, has("task_id")), with("limit", "200"))),
		sometimes("AH-LIST-MSG-04", "the usual limit is 200 under since", ask(and(noLimit, has("since")), with("limit", "200"))),
		always("AH-LIST-MSG-05", "limit is ignored", ask(limited(1, 200), without("limit"))),
		sometimes("AH-LIST-MSG-05", "limit gives one more", ask(small, func(x *exchange) { x.set("limit", strconv.Itoa(x.number("limit")+1)) })),
		sometimes("AH-LIST-MSG-05", "limit=1 gives two", ask(and(on, value("limit", "1")), with("limit", "2"))),
		sometimes("AH-LIST-MSG-05", "limit is ignored under since", ask(and(limited(1, 200), has("since")), without("limit"))),
		always("AH-LIST-MSG-06", "limit=200 is refused", answers(and(on, value("limit", "200")), 400)),
		sometimes("AH-LIST-MSG-06", "limit=200 gives 100", tell(and(on, value("limit", "200")), changed(upTo(100)))),
		always("AH-LIST-MSG-07", "a limit above 200 gives all there is", beyond(limited(201, math.MaxInt))),
		sometimes("AH-LIST-MSG-07", "a limit of a thousand and more gives all there is", beyond(limited(1000, math.MaxInt))),
		sometimes("AH-LIST-MSG-07", "a limit above 200 is an error", answers(limited(201, math.MaxInt), 500)),
		always("AH-LIST-MSG-08", "limit=0 is an error", answers(and(on, value("limit", "0")), 500)),
		sometimes("AH-LIST-MSG-08", "a negative limit is an error", answers(limited(math.MinInt, -1), 500)),
		sometimes("AH-LIST-MSG-08", "a limit in letters is an error", answers(and(on, has("limit"), not(limited(math.MinInt, math.MaxInt))), 500)),
		sometimes("AH-LIST-MSG-08", "limit=0 gives all there is", beyond(and(on, value("limit", "0")))),
		always("AH-LIST-MSG-24", "a thread without messages is 404", foundNothing(and(on, not(has("task_id")), not(has("since"))), becomes(404))),
		sometimes("AH-LIST-MSG-24", "a thread without messages has null", foundNothing(on, top(member("messages", nil)))),
	}
}

// beyond answers with all messages of a thread, which it gathers in several
// requests.
func beyond(w when) step {
	return func(x *exchange) *reply {
		if !w(x) {
			return x.send()
		}
		x.set("limit", "200")
		p := x.send()
		all := p.rows()
		for range 5 { // a thousand are enough
			if len(all) > 0 {
				x.set("since", text(all[len(all)-1].(object)["created_at"]))
				all = append(all, x.send().rows()...)
			}
		}
		p.setRows(all)
		return p
	}
}

func sinces() []Defect {
	here := and(on(thread), has("since"))
	odd := and(here, not(readable("since")))
	fraction := and(here, fraction("since"))
	return []Defect{
		always("AH-LIST-MSG-10", "since is ignored", ask(here, without("since"))),
		sometimes("AH-LIST-MSG-10", "since looks at the day only", ask(here, moved("since", midnight))),
		sometimes("AH-LIST-MSG-10", "since reads the clock of twelve hours", ask(and(here, afternoon("since")), moved("since", later(-12*time.Hour)))),
		sometimes(together, "since is ignored under task_id", ask(and(here, has("task_id")), without("since"))),
		sometimes(together, "since is ignored under limit", ask(and(here, has("limit")), without("since"))),
		always("AH-LIST-MSG-11", "since is an hour late", ask(here, moved("since", later(time.Hour)))),
		sometimes("AH-LIST-MSG-11", "since loses the first message", tell(here, changed(butFirst))),
		always("AH-LIST-MSG-12", "since includes its instant", ask(here, moved("since", later(-time.Nanosecond)))),
		always("AH-LIST-MSG-13", "a since in the future is ignored", otherwise(and(here, readable("since")), "since")),
		sometimes("AH-LIST-MSG-13", "nothing since then is 404", foundNothing(here, becomes(404))),
		always("AH-LIST-MSG-14", "since does not know offsets", ask(and(here, offset("since")), moved("since", asUTC))),
		sometimes("AH-LIST-MSG-14", "a since with an offset is ignored", ask(and(here, offset("since")), without("since"))),
		always("AH-LIST-MSG-15", "a malformed since is an error", answers(odd, 500)),
		always("AH-LIST-MSG-23", "since includes its second", ask(here, moved("since", func(t time.Time) time.Time { return t.Truncate(time.Second).Add(-time.Nanosecond) }))),
		always(fractions, "since loses its fraction", ask(fraction, moved("since", cut(time.Second)))),
		sometimes(fractions, "since is rounded to tenths", ask(fraction, moved("since", func(t time.Time) time.Time { return t.Round(100 * time.Millisecond) }))),
		sometimes(fractions, "since is rounded up to a second", ask(fraction, moved("since", func(t time.Time) time.Time { return t.Truncate(time.Second).Add(time.Second) }))),
		sometimes(together, "limit counts before since is looked at", before(and(here, has("limit")), "since")),
		sometimes(together, "limit counts before task_id is looked at", before(and(on(thread), has("task_id")), "task_id")),
	}
}

// before cuts first and filters afterwards.
func before(w when, name string) step {
	return func(x *exchange) *reply {
		p := x.send()
		if !w(x) || !p.ok() {
			return p
		}
		x.drop(name)
		cut := x.send().rows()
		p.setRows(keep(p.rows(), func(row object) bool {
			return slices.ContainsFunc(cut, func(v any) bool { return v.(object)["id"] == row["id"] })
		}))
		return p
	}
}

func ofTask(post object) bool   { return post["task_id"] != nil }
func ofNoTask(post object) bool { return post["task_id"] == nil }

func tasks() []Defect {
	here := and(on(thread), has("task_id"))
	return []Defect{
		always("AH-LIST-MSG-16", "task_id is ignored", ask(here, without("task_id"))),
		sometimes("AH-LIST-MSG-20", "task_id is ignored under since", ask(and(here, has("since")), without("task_id"))),
		sometimes("AH-LIST-MSG-21", "task_id is ignored under since and limit", ask(and(here, has("since"), has("limit")), without("task_id"))),
		sometimes("AH-LIST-MSG-16", "task_id is ignored under limits above 100", ask(and(here, limited(101, math.MaxInt)), without("task_id"))),
		sometimes("AH-LIST-MSG-16", "a task whose id begins with a digit is ignored", ask(and(here, func(x *exchange) bool { return x.get("task_id") < "A" }), without("task_id"))),
		always("AH-LIST-MSG-17", "messages without a task show under every task", tell(here, func(x *exchange, p *reply) {
			x.drop("task_id")
			p.setRows(append(p.rows(), keep(x.send().rows(), ofNoTask)...))
		})),
		always("AH-LIST-MSG-18", "an unknown task is ignored", otherwise(and(here, not(malformed("task_id")), not(has("since"))), "task_id")),
		always("AH-LIST-MSG-19", "a malformed task is ignored", otherwise(and(on(thread), malformed("task_id")), "task_id")),
		always("AH-LIST-MSG-22", "messages of tasks show under their task only", tell(and(on(thread), not(has("task_id"))), only(ofNoTask))),
		sometimes("AH-LIST-MSG-22", "messages without a task never show", tell(and(on(thread), not(has("task_id"))), only(ofTask))),
		always("AH-MSG-08", "rows of a task are of another", tell(here, each(every, member("task_id", "00000000-0000-4000-8000-000000000002")))),
		sometimes("AH-MSG-08", "the last row of a task is of another", tell(here, each(lastRow, member("task_id", "00000000-0000-4000-8000-000000000002")))),
		always("AH-LIST-MSG-25", "another thread's messages are there too", strange(anything)),
		sometimes("AH-LIST-MSG-25", "another thread's messages are there under since", strange(has("since"))),
	}
}

// strange adds the first message of another thread that was read before.
func strange(w when) step {
	return func(x *exchange) *reply {
		p := x.send()
		if x.op != thread || !p.ok() {
			return p
		}
		own := p.rows()
		if w(x) {
			for _, ticket := range slices.Sorted(maps.Keys(x.m.ghosts)) {
				if rows := x.m.ghosts[ticket]; ticket != x.id() && len(rows) > 0 {
					p.setRows(append(rows[:1:1], own...))
					break
				}
			}
		}
		if len(own) > 0 && len(x.m.ghosts) < 2 {
			x.m.ghosts[x.id()] = own
		}
		return p
	}
}
