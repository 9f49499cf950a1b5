package defect

import (
	"net/http"
	"slices"
	"strings"
)

// typed matches a timeline with types.
func typed(want string) when {
	return func(x *exchange) bool { return x.op == timeline && x.get("types") == want }
}

// numbered is the clause of types by ticket number.
const numbered = "IO-LIST-MSG-36"

// messages breaks the timeline as a whole.
func messages() []Defect {
	here := on(timeline)
	notesLast := changed(func(all []any) []any { return append(keep(all, ofType("email")), keep(all, note)...) })
	unknownItem := func(x *exchange) bool {
		return x.op == timeline && x.query().Has("types") && slices.ContainsFunc(strings.Split(x.get("types"), ","), func(s string) bool {
			s = strings.TrimSpace(s)
			return s != "email" && s != "internal_note"
		})
	}
	list := and(unknownItem, listed("types", 2))
	bothTypes := and(here, listed("types", 2), not(unknownItem))
	spaced := func(x *exchange) bool { return x.op == timeline && strings.Contains(x.get("types"), ", ") }
	all := []Defect{
		always("IO-LIST-MSG-37", "a blank in types is refused", answers(spaced, 400)),
		sometimes("IO-LIST-MSG-37", "types after a space are not read", ask(spaced, items("types", first))),
		always("IO-LIST-MSG-01", "the timeline is a bare list", tell(here, func(_ *exchange, p *reply) { p.set(p.rows()) })),
		sometimes("IO-LIST-MSG-01", "data is null under types", tell(and(here, has("types")), top(member("data", nil)))),
		always("IO-LIST-MSG-02", "by ticket_number the last row is missing", tell(and(here, byNumber), changed(butLast))),
		sometimes("IO-LIST-MSG-02", "by ticket_number a long timeline lacks its first row", tell(and(here, byNumber), where(over(100), changed(butFirst)))),
		always("IO-LIST-MSG-03", "an unknown ticket has no messages", refused(and(here, byID), noMessages, 404)),
		always("IO-LIST-MSG-04", "an unknown number has no messages", refused(and(here, byNumber), noMessages, 404)),
		sometimes("IO-LIST-MSG-04", "an unknown number is 400 under types", refused(and(here, byNumber, has("types")), status(400), 404)),
		always("IO-LIST-MSG-05", "a malformed id is an error", answers(and(here, not(byID), not(byNumber)), 500)),
		sometimes("IO-LIST-MSG-05", "a malformed id has no messages", refused(and(here, not(byID), not(byNumber)), noMessages, 400, 404)),
		always("IO-LIST-MSG-06", "the 404 says gone", refused(here, coded("gone"), 404)),
		always("IO-LIST-MSG-07", "notes show only when asked for", tell(and(here, not(has("types"))), only(ofType("email")))),
		sometimes("IO-LIST-MSG-07", "mails show only when asked for, by number", tell(and(here, byNumber, not(has("types"))), only(note))),
		sometimes("IO-LIST-MSG-07", "a timeline has 100 rows at most", tell(here, where(over(100), changed(upTo(100))))),
		sometimes("IO-LIST-MSG-07", "a long timeline lacks its last row", tell(here, where(over(100), changed(butLast)))),
		always("IO-LIST-MSG-10", "of both types the first counts", ask(bothTypes, items("types", first))),
		sometimes("IO-LIST-MSG-10", "both types show 50 messages at most", tell(bothTypes, changed(upTo(50)))),
		sometimes("IO-LIST-MSG-11", "types in the other order are only notes", ask(typed("internal_note,email"), with("types", "internal_note"))),
		sometimes("IO-LIST-MSG-10", "both types by number are only mails", ask(and(bothTypes, byNumber), with("types", "email"))),
		always("IO-LIST-MSG-12", "an unknown type is ignored", ask(unknownItem, without("types"))),
		sometimes("IO-LIST-MSG-12", "an unknown type finds nothing", refused(unknownItem, noMessages, 400)),
		always("IO-LIST-MSG-13", "an unknown type in a list is ignored", ask(list, items("types", first))),
		sometimes("IO-LIST-MSG-12", "an unknown type is ignored by number", ask(and(unknownItem, byNumber), without("types"))),
		always("IO-LIST-MSG-14", "the newest row is first", tell(here, changed(reversed))),
		sometimes("IO-LIST-MSG-14", "the newest row is first by number", tell(and(here, byNumber), changed(reversed))),
		sometimes("IO-LIST-MSG-14", "the newest row is first in long timelines", tell(here, where(over(100), changed(reversed)))),
		sometimes("IO-LIST-MSG-15", "the newest mail is first under types=email", tell(typed("email"), changed(reversed))),
		sometimes("IO-LIST-MSG-15", "the newest note is first under types=internal_note", tell(typed("internal_note"), changed(reversed))),
		always("IO-LIST-MSG-15", "notes come after the mails", tell(here, notesLast)),
		sometimes("IO-LIST-MSG-15", "notes come after the mails when both types are asked for", tell(bothTypes, notesLast)),
		always("IO-LIST-MSG-18", "a ticket without messages is 404", foundNothing(here, becomes(404))),
		sometimes("IO-LIST-MSG-18", "a ticket without messages has null", foundNothing(here, top(member("data", nil)))),
		always("IO-LIST-MSG-19", "another ticket's first row is there too", tell(here, foreignRow)),
		sometimes("IO-LIST-MSG-19", "another ticket's first row is there too by number", tell(and(here, byNumber), foreignRow)),
		sometimes("IO-LIST-MSG-19", "another ticket's first row is there under types=email", tell(typed("email"), foreignRow)),
		sometimes("IO-LIST-MSG-34", "page=2 is empty", tell(and(here, value("page", "2")), changed(upTo(0)))),
		sometimes("IO-LIST-MSG-34", "per_page cuts the timeline", tell(and(here, has("per_page")), func(x *exchange, p *reply) { p.setRows(upTo(x.number("per_page"))(p.rows())) })),
		always("IO-LIST-MSG-35", "the refusal of types is a conflict by code", refused(unknownItem, coded("conflict"), 400)),
	}
	for _, k := range []struct{ id, kind, other string }{{"IO-LIST-MSG-08", "email", "internal_note"}, {"IO-LIST-MSG-09", "internal_note", "email"}} {
		here := typed(k.kind)
		all = append(all,
			always(k.id, "types="+k.kind+" is ignored", ask(here, without("types"))),
			always(k.id, "types="+k.kind+" finds "+k.other, ask(here, with("types", k.other))),
			sometimes(numbered, "types="+k.kind+" is ignored by number", ask(and(here, byNumber), without("types"))),
			sometimes(numbered, "types="+k.kind+" lacks its last row by number", tell(and(here, byNumber), changed(butLast))))
	}
	return all
}

// noMessages answers with an empty timeline.
var noMessages = gives(http.StatusOK, object{"data": []any{}})

// foreignRow adds the first row of another ticket.
func foreignRow(x *exchange, p *reply) {
	for _, v := range x.other("/api/v1/tickets?sort=created_at&order=asc").rows() {
		row, _ := v.(object)
		if id := text(row["id"]); !strings.EqualFold(id, x.ticket) && text(row["ticket_number"]) != x.ticket {
			if rows := x.other("/api/v1/tickets/" + id + "/messages").rows(); len(rows) > 0 {
				p.setRows(append(rows[:1:1], p.rows()...))
				return
			}
		}
	}
}
