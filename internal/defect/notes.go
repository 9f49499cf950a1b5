package defect

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// The clauses added to the group of notes.
const (
	onItsTicket = "IO-POST-MSG-27"
	sameTicket  = "IO-POST-MSG-28"
)

// posted matches a note whose body passes.
func posted(pass func(o object) bool) when {
	return func(x *exchange) bool {
		if x.op != post {
			return false
		}
		o := (&reply{body: x.body}).json()
		return o != nil && pass(o)
	}
}

// rewritten sends another body instead.
func rewritten(w when, edit func(o object)) step {
	return ask(w, func(x *exchange) {
		p := reply{body: x.body}
		o := p.json()
		edit(o)
		p.set(o)
		x.body = p.body
	})
}

// onlyHTML matches a note without a text.
var onlyHTML = posted(func(o object) bool { return note(o) && o["body_text"] == nil && o["body_html"] != nil })

// texts changes both halves of a body.
func texts(edit func(string) string) func(object) {
	return func(o object) {
		for _, name := range []string{"body_text", "body_html"} {
			if s, ok := o[name].(string); ok {
				o[name] = edit(s)
			}
		}
	}
}

// ofType matches a note or message of a type.
func ofType(kind string) func(object) bool {
	return func(o object) bool { return o["type"] == kind }
}

var note = ofType("internal_note")

func holds(pattern string) func(object) bool {
	re := regexp.MustCompile(pattern)
	return func(o object) bool { return note(o) && re.MatchString(text(o["body_text"])+text(o["body_html"])) }
}

// forced posts a plain note instead, and so stores something that should be
// refused.
func forced(w when) step {
	return ask(w, func(x *exchange) {
		x.r.Header.Set("Content-Type", "application/json")
		x.body = []byte(`{"type":"internal_note","body_text":"stored anyway"}`)
	})
}

// taken answers a POST with 201.
var taken = gives(http.StatusCreated, object{})

// swallowed answers 201 and stores nothing.
func swallowed(w when) step {
	return func(x *exchange) *reply {
		if w(x) {
			return answer(http.StatusCreated, object{})
		}
		return x.send()
	}
}

// doubled stores a note twice.
func doubled(w when) step {
	return func(x *exchange) *reply {
		p := x.send()
		if w(x) && p.status == http.StatusCreated {
			x.send()
		}
		return p
	}
}

// haunted keeps rows that a POST left behind and shows them in the timelines
// that show picks.
func haunted(left outcome, edit func(row object), show func(x *exchange, ticket string) bool) step {
	return func(x *exchange) *reply {
		p := x.send()
		switch {
		case x.op == post && left(x, p):
			o := (&reply{body: x.body}).json()
			x.m.ghosts[x.id()] = append(x.m.ghosts[x.id()], object{"text": text(o["body_text"])})
		case x.op == timeline && p.ok():
			for _, ticket := range slices.Sorted(maps.Keys(x.m.ghosts)) {
				for _, g := range x.m.ghosts[ticket] {
					if show(x, ticket) {
						p.setRows(append(p.rows(), ghost(p.rows(), g.(object)["text"], edit)))
					}
				}
			}
		}
		return p
	}
}

func ghost(rows []any, body any, edit func(object)) object {
	row := object{
		"id": "00000000-0000-4000-8000-00000000dead", "type": "internal_note", "direction": nil, "body_text": body, "body_html": nil,
		"created_at": "2026-01-01T00:00:00Z", "attachments": []any{},
	}
	if len(rows) > 0 {
		row["created_at"] = rows[len(rows)-1].(object)["created_at"]
	}
	edit(row)
	return row
}

func here(x *exchange, ticket string) bool  { return x.id() == ticket && x.get("types") != "email" }
func there(x *exchange, ticket string) bool { return x.id() != ticket }
func same(object)                           {}

// notes breaks the adding of notes.
func notes() []Defect { return slices.Concat(storing(), refusals(), afterwards()) }

// storing breaks what is stored.
func storing() []Defect {
	created := on(post)
	yes := posted(note)
	long := posted(func(o object) bool { return note(o) && len(text(o["body_text"])) > 500 })
	foreignText := posted(holds(`[^\x00-\x7f]`))
	return []Defect{
		always("IO-POST-MSG-01", "a note is answered 200", tell(created, status(200))),
		always("IO-POST-MSG-01", "a note is answered 202", tell(created, status(202))),
		sometimes("IO-POST-MSG-01", "the second note is answered 409", answers(and(yes, otherPost), 409)),
		sometimes("IO-POST-MSG-01", "the second note is answered 200", tell(and(yes, otherPost), status(200))),
		sometimes("IO-POST-MSG-01", "a long note is refused", answers(long, 400)),
		always("IO-POST-MSG-02", "a note is not stored", swallowed(yes)),
		sometimes("IO-POST-MSG-02", "the second note is not stored", swallowed(and(yes, otherPost))),
		sometimes("IO-POST-MSG-02", "a note by number is not stored", swallowed(and(yes, byNumber))),
		sometimes("IO-POST-MSG-02", "a note of HTML alone is not stored", swallowed(onlyHTML)),
		sometimes("IO-POST-MSG-02", "a note that is not ASCII is not stored", swallowed(foreignText)),
		sometimes("IO-POST-MSG-02", "a note shows by UUID only", tell(and(on(timeline), byNumber, noted), changed(butLast))),
		always("IO-POST-MSG-03", "a note is stored twice", doubled(yes)),
		sometimes("IO-POST-MSG-03", "a note by number is stored twice", doubled(and(yes, byNumber))),
		sometimes("IO-POST-MSG-03", "the second note is stored twice", doubled(and(yes, otherPost))),
		sometimes("IO-POST-MSG-03", "a long note is stored twice", doubled(long)),
		always("IO-POST-MSG-04", "body_text is in small letters", rewritten(yes, func(o object) {
			if s, ok := o["body_text"].(string); ok {
				o["body_text"] = strings.ToLower(s)
			}
		})),
		sometimes("IO-POST-MSG-04", "body_text ends after 255 bytes", rewritten(long, func(o object) { o["body_text"] = text(o["body_text"])[:255] })),
		sometimes("IO-POST-MSG-04", "the lines of body_text become one", rewritten(posted(holds(`\n`)), texts(replace(`\n`, " ")))),
		always("IO-POST-MSG-05", "body_html is dropped", rewritten(posted(func(o object) bool { return note(o) && o["body_text"] != nil }), unset("body_html"))),
		sometimes("IO-POST-MSG-05", "body_html is escaped", rewritten(yes, func(o object) {
			if s, ok := o["body_html"].(string); ok {
				o["body_html"] = strings.ReplaceAll(s, "<", "&lt;")
			}
		})),
		always("IO-POST-MSG-06", "a note stands first", tell(and(on(timeline), noted), changed(lastFirst))),
		sometimes("IO-POST-MSG-06", "a note stands first by number", tell(and(on(timeline), byNumber, noted), changed(lastFirst))),
	}
}

// afterwards breaks the list once a note was written.
func afterwards() []Defect {
	anyNoted := func(x *exchange) bool { return len(x.m.written) > 0 }
	touched := func(edit func(object)) step {
		return tell(on(list), func(x *exchange, p *reply) {
			each(func(_, _ int, row object) bool {
				return slices.Contains(x.m.written, strings.ToLower(text(row["id"]))) || slices.Contains(x.m.written, text(row["ticket_number"]))
			}, edit)(x, p)
		})
	}
	return []Defect{
		always(sameTicket, "a note puts its ticket in progress", touched(func(o object) {
			o["status"] = map[bool]string{true: "open", false: "in_progress"}[o["status"] == "in_progress"]
		})),
		always(sameTicket, "a note raises the priority", touched(func(o object) {
			o["priority"] = map[bool]string{true: "high", false: "urgent"}[o["priority"] == "urgent"]
		})),
		sometimes(sameTicket, "a note unassigns its ticket", touched(member("assignee_id", nil))),
		sometimes(sameTicket, "a note gives its ticket a new number", touched(member("ticket_number", 999_999))),
		sometimes(sameTicket, "a note makes a ticket more", tell(and(on(list), anyNoted), metaOf("total", oneMore))),
	}
}
