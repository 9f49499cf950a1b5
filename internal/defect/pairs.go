package defect

import (
	"slices"
	"strconv"
	"time"
)

// lengthy matches a thread that has more than n messages.
func lengthy(n int) when {
	return func(x *exchange) bool {
		if x.op != thread {
			return false
		}
		plain := &exchange{next: x.next, m: x.m, r: x.r.Clone(x.r.Context()), op: thread, ticket: x.ticket, project: x.project}
		plain.drop("since", "task_id", "limit")
		return len(beyond(anything)(plain).rows()) > n
	}
}

// handoffPairs breaks threads where two parameters meet, or one and a long thread.
func handoffPairs() []Defect {
	on := on(thread)
	since, task, limit := has("since"), has("task_id"), has("limit")
	fraction := fraction("since")
	oneLess := where(full("limit"), changed(butLast))
	return []Defect{
		sometimes(together, "since is an hour late under task_id", ask(and(on, since, task), moved("since", later(time.Hour)))),
		sometimes(together, "since includes its instant under task_id", ask(and(on, since, task), moved("since", later(-time.Nanosecond)))),
		sometimes(together, "since with an offset is ignored under task_id", ask(and(on, offset("since"), task), without("since"))),
		sometimes(together, "a fraction of since is lost under task_id", ask(and(on, fraction, task), moved("since", cut(time.Second)))),
		sometimes(together, "a fraction of since is lost under a small limit", ask(and(on, fraction, small), moved("since", cut(time.Second)))),
		sometimes(together, "since is ignored in threads of more than 200", ask(and(on, since, lengthy(200)), without("since"))),
		sometimes(together, "since loses the first message under a small limit", tell(and(on, since, small), changed(butFirst))),
		sometimes(together, "the newest message is first under task_id and since", tell(and(on, since, task), changed(reversed))),
		sometimes(together, "limit gives one less under since", tell(and(on, since, small), oneLess)),
		sometimes(together, "limit gives one less under task_id", tell(and(on, task, small), oneLess)),
		sometimes(together, "limit is ignored under task_id", ask(and(small, task), without("limit"))),
		sometimes(together, "limit is ignored under task_id and since", ask(and(small, task, since), without("limit"))),
		sometimes(together, "limit=200 gives 100 under since", tell(and(on, value("limit", "200"), since), changed(upTo(100)))),
		sometimes(together, "task_id is ignored in threads of more than 50", ask(and(on, task, lengthy(50)), without("task_id"))),
		sometimes(together, "task_id is ignored under small limits", ask(and(small, task), without("task_id"))),
		sometimes(together, "task_id is ignored under since in later times of day", ask(and(on, task, afternoon("since")), without("task_id"))),
		sometimes(together, "the last of a full page is another task's", tell(and(small, task), func(x *exchange, p *reply) {
			if n := x.number("limit"); len(p.rows()) == n {
				x.drop("task_id")
				own := p.rows()
				strangers := keep(x.send().rows(), func(o object) bool {
					return !slices.ContainsFunc(own, func(v any) bool { return v.(object)["id"] == o["id"] })
				})
				p.setRows(append(own[:n-1:n-1], upTo(1)(strangers)...))
			}
		})),
		sometimes(together, "the last limit that was asked for holds without one", func(x *exchange) *reply {
			if x.op == thread && x.number("limit") > 0 {
				x.m.limits[x.key()] = strconv.Itoa(x.number("limit"))
			} else if x.op == thread && !limit(x) && x.m.limits[x.key()] != "" {
				x.set("limit", x.m.limits[x.key()])
			}
			return x.send()
		}),
	}
}

// timelinePairs breaks timelines where types meet the form of the id, the method, the key or the length.
func timelinePairs() []Defect {
	mails, notes := typed("email"), typed("internal_note")
	both := and(on(timeline), listed("types", 2))
	inbound := only(func(o object) bool { return o["direction"] == "inbound" })
	noFiles := each(every, member("attachments", []any{}))
	return []Defect{
		sometimes(numbered, "types=email is inbound mail only by number", tell(and(mails, byNumber), inbound)),
		sometimes("IO-LIST-MSG-08", "types=email is inbound mail only", tell(mails, inbound)),
		sometimes("IO-LIST-MSG-08", "types=email is ignored for read-only keys", ask(readOnlyKey(mails), without("types"))),
		sometimes("IO-LIST-MSG-09", "types=internal_note lacks its first row", tell(notes, changed(butFirst))),
		sometimes(numbered, "types=internal_note lacks its first row by number", tell(and(notes, byNumber), changed(butFirst))),
		sometimes(numbered, "the newest note is first under types=internal_note by number", tell(and(notes, byNumber), changed(reversed))),
		sometimes(numbered, "the newest row is first under both types by number", tell(and(both, byNumber), changed(reversed))),
		sometimes("IO-LIST-MSG-10", "both types lack the last row of more than 20", tell(both, where(over(20), changed(butLast)))),
		sometimes("IO-LIST-MSG-08", "types=email lacks the last row of more than 20", tell(mails, where(over(20), changed(butLast)))),
		sometimes("IO-LIST-MSG-15", "types=email is newest first above 20 rows", tell(mails, where(over(20), changed(reversed)))),
		sometimes("IO-LIST-MSG-29", "mails have no attachments under types=email", tell(mails, noFiles)),
		sometimes("IO-LIST-MSG-29", "mails have no attachments by number", tell(and(on(timeline), byNumber), noFiles)),
		sometimes("IO-LIST-MSG-02", "read-only keys find nothing by number", answers(readOnlyKey(and(on(timeline), byNumber)), 404)),
		sometimes(headToo, "HEAD of timelines by number needs no key", letIn(and(on(timeline), head, byNumber, noKey))),
	}
}
