package defect

import (
	"bytes"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// The clauses added to the group of notes.
const (
	onItsTicket = "IO-POST-MSG-27"
	sameTicket  = "IO-POST-MSG-28"
)

// posted is a note whose body passes.
func posted(pass func(o object) bool) when {
	return when{"", func(x *exchange) bool {
		if x.op != post {
			return false
		}
		o := (&reply{body: x.body}).json()
		return o != nil && pass(o)
	}}
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

// onlyHTML is a note without a text.
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

func note(o object) bool { return o["type"] == "internal_note" }

func holds(pattern string) func(object) bool {
	re := regexp.MustCompile(pattern)
	return func(o object) bool { return note(o) && re.MatchString(text(o["body_text"])+text(o["body_html"])) }
}

// forced posts a plain note instead and so stores what should be refused.
func forced(w when) step {
	return ask(w, func(x *exchange) {
		x.r.Header.Set("Content-Type", "application/json")
		x.body = []byte(`{"type":"internal_note","body_text":"stored anyway"}`)
	})
}

// swallowed answers 201 and stores nothing.
func swallowed(w when) step {
	return func(x *exchange) *reply {
		if w.is(x) {
			return accept(x)
		}
		return x.send()
	}
}

// doubled stores a note twice.
func doubled(w when) step {
	return func(x *exchange) *reply {
		p := x.send()
		if w.is(x) && p.status == http.StatusCreated {
			x.send()
		}
		return p
	}
}

// haunted keeps rows that a POST left behind and shows them in the timelines show picks.
func haunted(left func(x *exchange, p *reply) bool, edit func(row object), show func(x *exchange, ticket string) bool) step {
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

func answered(codes ...int) func(*exchange, *reply) bool {
	return func(_ *exchange, p *reply) bool { return slices.Contains(codes, p.status) }
}

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
		sometimes("IO-POST-MSG-02", "a note shows by UUID only", tell(and(on(timeline), byNumber), func(x *exchange, p *reply) {
			if slices.Contains(x.m.written, x.id()) {
				p.setRows(butLast(p.rows()))
			}
		})),
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
		sometimes("IO-POST-MSG-04", "the lines of body_text become one", rewritten(posted(holds(`\n`)), texts(func(s string) string { return strings.ReplaceAll(s, "\n", " ") }))),
		always("IO-POST-MSG-05", "body_html is dropped", rewritten(posted(func(o object) bool { return note(o) && o["body_text"] != nil }), unset("body_html"))),
		sometimes("IO-POST-MSG-05", "body_html is escaped", rewritten(yes, func(o object) {
			if s, ok := o["body_html"].(string); ok {
				o["body_html"] = strings.ReplaceAll(s, "<", "&lt;")
			}
		})),
		always("IO-POST-MSG-06", "a note stands first", tell(on(timeline), firstLast)),
		sometimes("IO-POST-MSG-06", "a note stands first by number", tell(and(on(timeline), byNumber), firstLast)),
	}
}

// refusals breaks what is refused, and what becomes of the text.
func refusals() []Defect {
	yes := posted(note)
	foreignText := posted(holds(`[^\x00-\x7f]`))
	onlyText := posted(func(o object) bool { return note(o) && o["body_html"] == nil && o["body_text"] != nil })
	all := []Defect{
		always("IO-POST-MSG-07", "type email is stored", forced(posted(func(o object) bool { return o["type"] == "email" }))),
		always("IO-POST-MSG-07", "type email is taken and dropped", swallowed(posted(func(o object) bool { return o["type"] == "email" }))),
		always("IO-POST-MSG-09", "without a type it is a note", forced(posted(func(o object) bool { _, ok := o["type"]; return !ok }))),
		always("IO-POST-MSG-10", "a mail goes out with a note", haunted(answered(201), func(o object) {
			o["type"], o["direction"] = "email", "outbound"
		}, func(x *exchange, ticket string) bool { return x.id() == ticket && x.get("types") != "internal_note" })),
		always("IO-POST-MSG-11", "body_text alone is refused", answers(onlyText, 400)),
		always("IO-POST-MSG-12", "body_html alone is refused", answers(onlyHTML, 400)),
		sometimes("IO-POST-MSG-12", "body_html alone is 204", tell(onlyHTML, status(204))),
		always("IO-POST-MSG-13", "a note without a body is an error", answers(posted(func(o object) bool { return note(o) && len(o) == 1 }), 500)),
		always("IO-POST-MSG-14", "malformed JSON is stored", forced(broken(func(b []byte) bool { return len(b) > 0 && !json.Valid(b) }))),
		sometimes("IO-POST-MSG-14", "malformed JSON is an error", answers(broken(func(b []byte) bool { return len(b) > 0 && !json.Valid(b) }), 500)),
		always("IO-POST-MSG-15", "a JSON list is a note", forced(broken(func(b []byte) bool { return bytes.HasPrefix(b, []byte("[")) }))),
		sometimes("IO-POST-MSG-15", "a JSON number is a note", forced(broken(func(b []byte) bool { return json.Valid(b) && bytes.ContainsAny(b[:1], "0123456789") }))),
		always("IO-POST-MSG-16", "an empty body is a note", forced(broken(func(b []byte) bool { return len(b) == 0 }))),
		sometimes("IO-POST-MSG-16", "an empty body is an error", answers(broken(func(b []byte) bool { return len(b) == 0 }), 500)),
		always("IO-POST-MSG-17", "a number is a body_text", rewritten(posted(notText("body_text")), texts2("body_text"))),
		sometimes("IO-POST-MSG-17", "a number is a body_html", rewritten(posted(notText("body_html")), texts2("body_html"))),
		always("IO-POST-MSG-18", "a charset is refused", answers(and(on(post), contentType("application/json", true)), 415)),
		always("IO-POST-MSG-19", "text/plain is taken", ask(and(on(post), contentType("text/plain", false)), asJSON)),
		sometimes("IO-POST-MSG-19", "a form is taken", ask(and(on(post), contentType("application/x-www-form-urlencoded", false)), asJSON)),
		always("IO-POST-MSG-20", "by number a note is 404", answers(and(yes, byNumber), 404)),
		always("IO-POST-MSG-21", "a note to no ticket is taken", refused(on(post), func(x *exchange, p *reply) { *p = *accept(x) }, 404, 410, 422)),
		sometimes("IO-POST-MSG-21", "a note to no number is taken", refused(and(on(post), byNumber), func(x *exchange, p *reply) { *p = *accept(x) }, 404, 410, 422)),
		sometimes("IO-POST-MSG-21", "a note to a malformed id is taken", refused(and(on(post), not(byNumber), not(byID)), func(x *exchange, p *reply) { *p = *accept(x) }, 400, 404, 410, 422)),
		always("IO-POST-MSG-22", "the answer is a list", tell(on(post), func(_ *exchange, p *reply) { p.set([]any{p.json()}) })),
		always("IO-POST-MSG-23", "the refused type is a conflict by code", refused(posted(func(o object) bool { return o["type"] != nil && !note(o) }), func(_ *exchange, p *reply) { coded(p, "conflict") }, 400)),
		always("IO-POST-MSG-24", "a note shows under types=email", haunted(answered(201), same, func(x *exchange, ticket string) bool { return x.id() == ticket && x.get("types") == "email" })),
		sometimes("IO-POST-MSG-24", "the last note is missing under types=internal_note", tell(typed("internal_note"), func(x *exchange, p *reply) {
			if slices.Contains(x.m.written, x.id()) {
				p.setRows(butLast(p.rows()))
			}
		})),
		always("IO-POST-MSG-26", "what is not ASCII is lost", rewritten(foreignText, texts(only(func(r rune) bool { return r < 128 })))),
		sometimes("IO-POST-MSG-26", "emoji are lost", rewritten(foreignText, texts(only(func(r rune) bool { return r < 0x10000 })))),
		sometimes("IO-POST-MSG-26", "right-to-left text is lost", rewritten(foreignText, texts(only(func(r rune) bool { return !unicode.In(r, unicode.Hebrew, unicode.Arabic) })))),
		sometimes("IO-POST-MSG-26", "accents are question marks", rewritten(foreignText, texts(replace(`[À-ÿ]`, "?")))),
		always(onItsTicket, "a note shows on other tickets too", haunted(answered(201), same, there)),
		sometimes(onItsTicket, "the second note shows on other tickets too", haunted(func(x *exchange, p *reply) bool { return p.status == 201 && x.m.posts > 1 }, same, there)),
		sometimes(onItsTicket, "a note is gone after three readings", tell(on(timeline), func(x *exchange, p *reply) {
			if slices.Contains(x.m.written, x.id()) && x.m.reads >= 3 {
				p.setRows(butLast(p.rows()))
			}
		})),
		sometimes(onItsTicket, "a note shows twice after three readings", tell(on(timeline), func(x *exchange, p *reply) {
			if slices.Contains(x.m.written, x.id()) && x.m.reads >= 3 {
				rows := p.rows()
				p.setRows(append(rows, ghost(rows, rows[len(rows)-1].(object)["body_text"], same)))
			}
		})),
	}
	for _, kind := range []string{"reply", "note", "INTERNAL_NOTE"} {
		w := posted(func(o object) bool { return o["type"] == kind })
		all = append(all,
			sometimes("IO-POST-MSG-08", "type "+kind+" is stored", forced(w)),
			sometimes("IO-POST-MSG-08", "type "+kind+" is taken and dropped", swallowed(w)))
	}
	noText := posted(func(o object) bool { _, is := o["type"].(string); return o["type"] != nil && !is })
	all = append(all, sometimes("IO-POST-MSG-08", "a type that is no text is an error", answers(noText, 500)))
	for i, words := range []string{"a refused note", "a note without a key", "a note that is forbidden", "a note beyond the limit"} {
		code := []int{400, 401, 403, 429}[i]
		all = append(all, sometimes("IO-POST-MSG-25", words+" is stored", haunted(answered(code), same, here)))
	}
	return all
}

// broken is a POST whose body passes as bytes.
func broken(pass func([]byte) bool) when {
	return when{"", func(x *exchange) bool { return x.op == post && pass(x.body) }}
}

func notText(name string) func(object) bool {
	return func(o object) bool {
		_, ok := o[name].(string)
		return note(o) && o[name] != nil && !ok
	}
}

func texts2(name string) func(object) { return func(o object) { o[name] = text(o[name]) } }

func contentType(kind string, charset bool) when {
	return when{"", func(x *exchange) bool {
		got, parameters, err := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
		return err == nil && got == kind && charset == (len(parameters) > 0)
	}}
}

func asJSON(x *exchange) { x.r.Header.Set("Content-Type", "application/json") }

func only(pass func(rune) bool) func(string) string {
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			if pass(r) {
				return r
			}
			return -1
		}, s)
	}
}
