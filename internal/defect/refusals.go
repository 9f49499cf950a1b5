package defect

import (
	"bytes"
	"encoding/json"
	"mime"
	"strings"
	"unicode"
)

// refusals breaks what is refused and what happens to the text.
func refusals() []Defect {
	yes := posted(note)
	foreignText := posted(holds(`[^\x00-\x7f]`))
	malformedJSON := broken(func(b []byte) bool { return len(b) > 0 && !json.Valid(b) })
	emptyBody := broken(func(b []byte) bool { return len(b) == 0 })
	readThrice := and(on(timeline), noted, func(x *exchange) bool { return x.m.reads >= 3 })
	onlyText := posted(func(o object) bool { return note(o) && o["body_html"] == nil && o["body_text"] != nil })
	all := []Defect{
		always("IO-POST-MSG-07", "type email is stored", forced(posted(ofType("email")))),
		always("IO-POST-MSG-07", "type email is taken and dropped", swallowed(posted(ofType("email")))),
		always("IO-POST-MSG-09", "without a type it is a note", forced(posted(func(o object) bool { _, ok := o["type"]; return !ok }))),
		always("IO-POST-MSG-10", "a mail goes out with a note", haunted(answered(201), func(o object) {
			o["type"], o["direction"] = "email", "outbound"
		}, func(x *exchange, ticket string) bool { return x.id() == ticket && x.get("types") != "internal_note" })),
		always("IO-POST-MSG-11", "body_text alone is refused", answers(onlyText, 400)),
		always("IO-POST-MSG-12", "body_html alone is refused", answers(onlyHTML, 400)),
		sometimes("IO-POST-MSG-12", "body_html alone is 204", tell(onlyHTML, status(204))),
		always("IO-POST-MSG-13", "a note without a body is an error", answers(posted(func(o object) bool { return note(o) && len(o) == 1 }), 500)),
		always("IO-POST-MSG-14", "malformed JSON is stored", forced(malformedJSON)),
		sometimes("IO-POST-MSG-14", "malformed JSON is an error", answers(malformedJSON, 500)),
		always("IO-POST-MSG-15", "a JSON list is a note", forced(broken(func(b []byte) bool { return bytes.HasPrefix(b, []byte("[")) }))),
		sometimes("IO-POST-MSG-15", "a JSON number is a note", forced(broken(func(b []byte) bool { return json.Valid(b) && bytes.ContainsAny(b[:1], "0123456789") }))),
		always("IO-POST-MSG-16", "an empty body is a note", forced(emptyBody)),
		sometimes("IO-POST-MSG-16", "an empty body is an error", answers(emptyBody, 500)),
		always("IO-POST-MSG-17", "a number is a body_text", rewritten(posted(notText("body_text")), asText("body_text"))),
		sometimes("IO-POST-MSG-17", "a number is a body_html", rewritten(posted(notText("body_html")), asText("body_html"))),
		always("IO-POST-MSG-18", "a charset is refused", answers(and(on(post), contentType("application/json", true)), 415)),
		always("IO-POST-MSG-19", "text/plain is taken", ask(and(on(post), contentType("text/plain", false)), asJSON)),
		sometimes("IO-POST-MSG-19", "a form is taken", ask(and(on(post), contentType("application/x-www-form-urlencoded", false)), asJSON)),
		always("IO-POST-MSG-20", "by number a note is 404", answers(and(yes, byNumber), 404)),
		always("IO-POST-MSG-21", "a note to no ticket is taken", refused(on(post), taken, 404, 410, 422)),
		sometimes("IO-POST-MSG-21", "a note to no number is taken", refused(and(on(post), byNumber), taken, 404, 410, 422)),
		sometimes("IO-POST-MSG-21", "a note to a malformed id is taken", refused(and(on(post), not(byNumber), not(byID)), taken, 400, 404, 410, 422)),
		always("IO-POST-MSG-22", "the answer is a list", tell(on(post), func(_ *exchange, p *reply) { p.set([]any{p.json()}) })),
		always("IO-POST-MSG-23", "the refused type is a conflict by code", refused(posted(func(o object) bool { return o["type"] != nil && !note(o) }), coded("conflict"), 400)),
		always("IO-POST-MSG-24", "a note shows under types=email", haunted(answered(201), same, func(x *exchange, ticket string) bool { return x.id() == ticket && x.get("types") == "email" })),
		sometimes("IO-POST-MSG-24", "the last note is missing under types=internal_note", tell(and(typed("internal_note"), noted), changed(butLast))),
		always("IO-POST-MSG-26", "what is not ASCII is lost", rewritten(foreignText, texts(letters(func(r rune) bool { return r < 128 })))),
		sometimes("IO-POST-MSG-26", "emoji are lost", rewritten(foreignText, texts(letters(func(r rune) bool { return r < 0x10000 })))),
		sometimes("IO-POST-MSG-26", "right-to-left text is lost", rewritten(foreignText, texts(letters(func(r rune) bool { return !unicode.In(r, unicode.Hebrew, unicode.Arabic) })))),
		sometimes("IO-POST-MSG-26", "accents are question marks", rewritten(foreignText, texts(replace(`[À-ÿ]`, "?")))),
		always(onItsTicket, "a note shows on other tickets too", haunted(answered(201), same, there)),
		sometimes(onItsTicket, "the second note shows on other tickets too", haunted(func(x *exchange, p *reply) bool { return p.status == 201 && x.m.posts > 1 }, same, there)),
		sometimes(onItsTicket, "a note is gone after three readings", tell(readThrice, changed(butLast))),
		sometimes(onItsTicket, "a note shows twice after three readings", tell(readThrice, changed(func(rows []any) []any {
			return append(rows, ghost(rows, rows[len(rows)-1].(object)["body_text"], same))
		}))),
	}
	for _, kind := range []string{"reply", "note", "INTERNAL_NOTE"} {
		w := posted(ofType(kind))
		all = append(all,
			sometimes("IO-POST-MSG-08", "type "+kind+" is stored", forced(w)),
			sometimes("IO-POST-MSG-08", "type "+kind+" is taken and dropped", swallowed(w)))
	}
	noText := posted(func(o object) bool { _, is := o["type"].(string); return o["type"] != nil && !is })
	all = append(all, sometimes("IO-POST-MSG-08", "a type that is no text is an error", answers(noText, 500)))
	for _, refusal := range []struct {
		words string
		code  int
	}{{"a refused note", 400}, {"a note without a key", 401}, {"a note that is forbidden", 403}, {"a note beyond the limit", 429}} {
		all = append(all, sometimes("IO-POST-MSG-25", refusal.words+" is stored", haunted(answered(refusal.code), same, here)))
	}
	return all
}

// broken matches a POST whose raw body passes.
func broken(pass func([]byte) bool) when {
	return func(x *exchange) bool { return x.op == post && pass(x.body) }
}

func notText(name string) func(object) bool {
	return func(o object) bool {
		_, ok := o[name].(string)
		return note(o) && o[name] != nil && !ok
	}
}

func asText(name string) func(object) { return func(o object) { o[name] = text(o[name]) } }

func contentType(kind string, charset bool) when {
	return func(x *exchange) bool {
		got, parameters, err := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
		return err == nil && got == kind && charset == (len(parameters) > 0)
	}
}

func asJSON(x *exchange) { x.r.Header.Set("Content-Type", "application/json") }

// letters keeps the runes that pass.
func letters(pass func(rune) bool) func(string) string {
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			if pass(r) {
				return r
			}
			return -1
		}, s)
	}
}
