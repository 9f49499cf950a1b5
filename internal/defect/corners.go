package defect

import (
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
)

// corners breaks clauses under combinations of conditions that no other file
// has.
func corners() []Defect {
	return slices.Concat(listCorners(), timelineCorners(), threadCorners(), noteCorners(), keyCorners())
}

// both matches a list with two parameters.
func both(a, b string) when { return and(on(list), has(a), has(b)) }

// lastIs picks the last row if a member has a value.
func lastIs(name, value string) pick {
	return func(i, n int, row object) bool { return i == n-1 && text(row[name]) == value }
}

func listCorners() []Defect {
	here := on(list)
	laterPage := func(x *exchange) bool { return x.op == list && x.number("page") > 1 }
	cutShort := func(x *exchange, p *reply) bool { return len(p.rows()) < x.number("per_page") }
	return []Defect{
		sometimes(intersection, "an inbox is ignored together with a priority", ask(both("inbox_id", "priority"), without("inbox_id"))),
		sometimes(intersection, "a priority is ignored together with an assignee", ask(both("priority", "assignee_id"), without("priority"))),
		sometimes(intersection, "a priority is ignored together with __unassigned__", ask(and(here, value("assignee_id", "__unassigned__"), has("priority")), without("priority"))),
		sometimes(intersection, "tags are ignored beside a search", ask(and(here, has("tag_ids"), searched), without("tag_ids"))),
		sometimes(intersection, "updated_after is ignored together with a status", ask(both("updated_after", "status"), without("updated_after"))),
		sometimes(intersection, "created_before is ignored together with an inbox", ask(both("created_before", "inbox_id"), without("created_before"))),
		sometimes(intersection, "an assignee is ignored together with tags", ask(both("assignee_id", "tag_ids"), without("assignee_id"))),
		sometimes(intersection, "a priority is ignored together with a status and an inbox", ask(and(both("status", "inbox_id"), has("priority")), without("priority"))),
		sometimes("IO-LIST-TICKETS-24", "a malformed inbox_id is ignored together with a status", ask(and(both("status", "inbox_id"), value("inbox_id", "not-a-uuid")), without("inbox_id"))),
		sometimes("IO-LIST-TICKETS-61", "a list of five statuses is refused", answers(and(here, listed("status", 5)), 400)),
		sometimes("IO-LIST-TICKETS-20", "two statuses are the first under descending order", ask(and(here, listed("status", 2), value("order", "desc")), items("status", first))),
		sometimes(everyPage, "a status is ignored on the second page", ask(and(here, has("status"), second), without("status"))),
		sometimes(everyPage, "the second page of a search is unsearched", ask(and(here, searched, second), without("query", "q"))),
		sometimes(everyPage, "an inbox is ignored on pages of an odd size but the first", ask(and(here, has("inbox_id"), oddSize, laterPage), without("inbox_id"))),
		sometimes(everyPage, "updated_at desc is created_at desc on the second page", ask(and(sorted("updated_at", "desc"), second), with("sort", "created_at"))),
		sometimes(everyPage, "priority desc is turned round on the second page", tell(and(sorted("priority", "desc"), second), changed(reversed))),
		sometimes("IO-LIST-TICKETS-51", "the last page lacks its last row", tell(laterPage, where(cutShort, changed(butLast)))),
		sometimes(oneTotal, "total is one too many on the last page", tell(laterPage, where(cutShort, metaOf("total", oneMore)))),
		sometimes(oneTotal, "total is one too many with two filters on small pages", tell(and(here, twoFilters, tiny), metaOf("total", oneMore))),
		sometimes("IO-LIST-TICKETS-35", "created_after of a morning is of the evening before", ask(and(here, morning("created_after")), moved("created_after", later(-12*time.Hour)))),
		sometimes("IO-LIST-TICKETS-38", "updated_after of a morning is of the evening before", ask(and(here, morning("updated_after")), moved("updated_after", later(-12*time.Hour)))),
		sometimes("IO-LIST-TICKETS-19", "waiting lacks its last row", tell(and(here, value("status", "waiting")), changed(butLast))),
		sometimes("IO-LIST-TICKETS-29", "urgent shows a ticket of another priority last", tell(and(here, value("priority", "urgent")), func(x *exchange, p *reply) {
			x.drop("priority")
			others := keep(x.send().rows(), func(o object) bool { return o["priority"] != "urgent" })
			if rows := p.rows(); len(rows) > 0 && len(others) > 0 {
				p.setRows(append(butLast(rows), others[0]))
			}
		})),
		sometimes("IO-LIST-TICKETS-49", "a page of an odd size has a row less", tell(and(here, oddSize), where(full("per_page"), changed(butLast)))),
		sometimes("IO-TICKET-05", "the last status is in capitals when it is closed", tell(here, each(lastIs("status", "closed"), member("status", "CLOSED")))),
		sometimes("IO-TICKET-18", "subjects are shortened under tags", tell(and(here, has("tag_ids")), each(every, func(o object) {
			if s := text(o["subject"]); len(s) > 5 {
				o["subject"] = s[:5]
			}
		}))),
		sometimes("IO-TICKET-18", "the assignee is left out when sorted by updated_at", tell(and(here, value("sort", "updated_at")), each(every, member("assignee_id", nil)))),
	}
}

func timelineCorners() []Defect {
	mails, notes := typed("email"), typed("internal_note")
	here := on(timeline)
	turned := typed("internal_note,email")
	noText := each(every, member("body_html", nil))
	return []Defect{
		sometimes("IO-LIST-MSG-11", "types in the other order by number are only mails", ask(and(turned, byNumber), with("types", "email"))),
		sometimes("IO-LIST-MSG-11", "types in the other order lack the last row", tell(turned, changed(butLast))),
		sometimes("IO-LIST-MSG-10", "both types lack the notes for read-only keys", tell(readOnlyKey(and(here, listed("types", 2))), only(func(o object) bool { return !note(o) }))),
		sometimes("IO-LIST-MSG-36", "types=internal_note is ignored by number for read-only keys", ask(readOnlyKey(and(notes, byNumber)), without("types"))),
		sometimes("IO-LIST-MSG-15", "the last two mails change places under types=email", tell(mails, changed(lastTwoSwapped))),
		sometimes("IO-LIST-MSG-27", "mails have no HTML under types=email", tell(mails, noText)),
		sometimes("IO-LIST-MSG-27", "mails have no HTML by number", tell(and(here, byNumber), noText)),
		sometimes("IO-LIST-MSG-09", "types=internal_note has the notes' texts in capitals", tell(notes, each(every, func(o object) { o["body_text"] = strings.ToUpper(text(o["body_text"])) }))),
		sometimes("IO-LIST-MSG-08", "types=email lacks mails that failed to be sent", tell(mails, only(func(o object) bool { return o["send_status"] != "failed" }))),
		sometimes("IO-LIST-MSG-34", "page=2 is empty by number", tell(and(here, byNumber, value("page", "2")), changed(upTo(0)))),
	}
}

func threadCorners() []Defect {
	on := on(thread)
	since, task := has("since"), has("task_id")
	odd := and(limited(2, math.MaxInt), func(x *exchange) bool { return x.number("limit")%2 == 1 })
	return []Defect{
		sometimes("AH-LIST-MSG-05", "an odd limit gives one less", tell(and(on, odd), where(full("limit"), changed(butLast)))),
		sometimes("AH-LIST-MSG-05", "an odd limit gives one more", ask(and(on, odd), func(x *exchange) { x.set("limit", text(x.number("limit")+1)) })),
		sometimes("AH-LIST-MSG-05", "a limit between 51 and 199 gives 50", ask(and(on, limited(51, 199)), with("limit", "50"))),
		sometimes("AH-LIST-MSG-10", "a since of a morning is of the evening before", ask(and(on, morning("since")), moved("since", later(-12*time.Hour)))),
		sometimes(together, "since is ignored under limit=1", ask(and(on, since, value("limit", "1")), without("since"))),
		sometimes(together, "a since with an offset is ignored under a small limit", ask(and(on, offset("since"), small), without("since"))),
		sometimes(together, "task_id lacks its last message in threads of more than 50", tell(and(on, task, lengthy(50)), changed(butLast))),
		sometimes(together, "task_id lacks its last message under since", tell(and(on, task, since), changed(butLast))),
		sometimes(together, "without a limit 20 messages of a task come", tell(and(on, task, not(has("limit"))), changed(upTo(20)))),
		sometimes(together, "without a limit 20 messages since then come", tell(and(on, since, not(has("limit"))), changed(upTo(20)))),
		sometimes("AH-LIST-MSG-09", "the last two messages change places under a small limit", tell(and(on, small), changed(lastTwoSwapped))),
		sometimes("AH-MSG-08", "task_id is null under since", tell(and(on, task, since), each(every, member("task_id", nil)))),
		sometimes("AH-LIST-MSG-22", "without a limit messages without a task never show", tell(and(on, not(has("limit"))), only(ofTask))),
		sometimes("AH-LIST-MSG-25", "another thread's messages are there under a small limit", strange(limited(2, 199))),
		sometimes("AH-LIST-MSG-24", "a task without messages since then is 404", foundNothing(and(on, since, task), becomes(404))),
	}
}

func noteCorners() []Defect {
	yes := posted(note)
	third := func(x *exchange) bool { return x.m.posts > 2 }
	return []Defect{
		sometimes("IO-POST-MSG-02", "the third note and later ones are not stored", swallowed(and(yes, third))),
		sometimes("IO-POST-MSG-03", "a note of HTML alone is stored twice", doubled(onlyHTML)),
		sometimes("IO-POST-MSG-24", "a note is missing under types=internal_note by number", tell(and(typed("internal_note"), byNumber, noted), changed(butLast))),
		sometimes("IO-POST-MSG-07", "type email is stored by number", forced(and(byNumber, posted(ofType("email"))))),
		sometimes("IO-POST-MSG-26", "what is not ASCII is lost by number", rewritten(and(byNumber, posted(holds(`[^\x00-\x7f]`))), texts(letters(func(r rune) bool { return r < 128 })))),
		sometimes("IO-POST-MSG-01", "a note by number is answered 200", tell(and(on(post), byNumber), status(200))),
	}
}

func keyCorners() []Defect {
	return []Defect{
		sometimes("IO-AUTH-07", "timelines by number need no key", letIn(and(on(timeline), byNumber, noKey))),
		sometimes("IO-AUTH-07", "timelines with types need no key", letIn(and(on(timeline), has("types"), noKey))),
		sometimes("IO-AUTH-02", "filtered lists need no key", letIn(and(on(list), filtered, noKey))),
		sometimes("IO-AUTH-02", "the second page needs no key", letIn(and(on(list), second, noKey))),
		sometimes("IO-AUTH-08", "a revoked key reads timelines by number", letIn(and(on(timeline), byNumber, ofRevoked))),
		sometimes("IO-AUTH-04", "a revoked key searches", letIn(and(on(list), searched, ofRevoked))),
		sometimes("IO-AUTH-04", "a revoked key lists by priority", letIn(and(on(list), value("sort", "priority"), ofRevoked))),
		sometimes("IO-AUTH-08", "a revoked key reads the notes of a timeline", letIn(and(on(timeline), value("types", "internal_note"), ofRevoked))),
		sometimes("IO-AUTH-14", "a read-only key may not search", answers(readOnlyKey(and(on(list), searched)), http.StatusForbidden)),
		sometimes("IO-AUTH-09", "notes by number need no key", letIn(and(on(post), byNumber, noKey))),
		sometimes("AH-ERR-01", "threads with a since need no key", letIn(and(on(thread), has("since"), noKey))),
	}
}
