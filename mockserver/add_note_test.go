package mockserver_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver"
)

// body returns the body that adds a note; an empty part is left out.
func body(text, html string) string {
	members := map[string]string{"type": "internal_note"}
	if text != "" {
		members["body_text"] = text
	}
	if html != "" {
		members["body_html"] = html
	}
	b, _ := json.Marshal(members)
	return string(b)
}

// add adds a note to the first ticket and returns its row.
func (f *fake) add(body string, headers ...string) object {
	f.t.Helper()
	var answer struct{ Data object }
	f.post(readWrite, messagesPath, body, headers...).want(201).decode(&answer)
	return answer.Data
}

// last returns the last row of the first ticket's timeline.
func (f *fake) last() object {
	f.t.Helper()
	rows := f.messages("1001", "")
	return rows[len(rows)-1]
}

func TestAddNote(t *testing.T) {
	t.Parallel()
	noteProofs.run(t, mockserver.Config{})
	noteBodyProofs.run(t, mockserver.Config{})
	noteTicketProofs.run(t, mockserver.Config{})
	refusedNoteProofs.run(t, mockserver.Config{})
}

var noteProofs = proofs{
	"IO-POST-MSG-01 IO-POST-MSG-02 IO-POST-MSG-03 IO-POST-MSG-06 C35 a note becomes the last row of the timeline": func(t *testing.T, f *fake) {
		before := f.messages("1001", "")
		row := f.add(body("checked", "<p>checked</p>"))
		after := f.messages("1001", "")
		same(t, "rows before it", before, after[:len(after)-1])
		same(t, "last row", row, after[len(after)-1])
		row.is(t, "note", "type", "internal_note")
	},
	"IO-POST-MSG-22 C10 C11 C17 C18 C19 C36 the answer is data with the row, without a Location": func(t *testing.T, f *fake) {
		f.freeze()
		a := f.post(readWrite, messagesPath, body("checked", "<p>checked</p>")).want(201)
		var all object
		a.decode(&all)
		same(t, "members", []string{"data"}, all.keys())
		row := object(all["data"].(map[string]any))
		if id, _ := row["id"].(string); !uuidForm.MatchString(id) {
			t.Errorf("id is %v", row["id"])
		}
		delete(row, "id")
		same(t, "row", object{
			"direction": "outbound", "type": "internal_note", "body_text": "checked", "body_html": "<p>checked</p>",
			"from_address": nil, "to_addresses": nil, "cc_addresses": nil, "bcc_addresses": nil, "send_status": nil, "send_error": nil,
			"sent_at": nil, "created_at": instant(fixtures.DefaultAt), "attachments": []any{},
		}, row)
		same(t, "Content-Type", "application/json", a.Header.Get("Content-Type"))
		same(t, "Location", nil, a.Header["Location"])
	},
	"IO-POST-MSG-06 a note is last, whatever the clock shows": func(t *testing.T, f *fake) {
		for _, at := range []time.Time{fixtures.DefaultAt.AddDate(-10, 0, 0), fixtures.DefaultAt.AddDate(10, 0, 0), fixtures.DefaultAt} {
			f.Workspace("").Clock.Freeze(at)
			for range 2 {
				row := f.add(noteBody)
				same(t, "last row", row, f.last())
			}
		}
		inOrder(t, f.messages("1001", ""))
	},
	"IO-POST-MSG-10 IO-POST-MSG-24 C34 a note is found among the notes, and no mail comes of it": func(t *testing.T, f *fake) {
		mails, notes := f.messages("1001", "types=email"), f.messages("1001", "types=internal_note")
		row := f.add(body("checked", ""))
		same(t, "mail", mails, f.messages("1001", "types=email"))
		same(t, "notes", append(notes, row), f.messages("1001", "types=internal_note"))
	},
	"IO-POST-MSG-20 C1 a ticket is addressed by number or UUID": func(t *testing.T, f *fake) {
		id := f.desk().Tickets[0].ID.String()
		for _, address := range []string{"1001", id, strings.ToUpper(id)} {
			var answer struct{ Data object }
			f.post(readWrite, ticketsPath+"/"+address+"/messages", body("by "+address, "")).want(201).decode(&answer)
			same(t, address, answer.Data, f.last())
			answer.Data.is(t, address, "body_text", "by "+address)
		}
	},
	"C32 an Idempotency-Key is ignored": func(t *testing.T, f *fake) {
		one, two := f.add(noteBody, "Idempotency-Key: 1"), f.add(noteBody, "Idempotency-Key: 1")
		if one["id"] == two["id"] || one["created_at"] == two["created_at"] {
			t.Errorf("two posts made one note: %v, %v", one, two)
		}
		same(t, "notes", 2, f.Workspace("").Store.Notes())
	},
}

var noteBodyProofs = proofs{
	"IO-POST-MSG-04 IO-POST-MSG-05 C25 both bodies are kept as sent, also when they disagree": func(t *testing.T, f *fake) {
		f.add(body("the one", "<p>the other</p>"))
		f.last().is(t, "note", "body_text", "the one")
		f.last().is(t, "note", "body_html", "<p>the other</p>")
	},
	"IO-POST-MSG-11 C24 a text alone is accepted, and leaves the HTML null": func(t *testing.T, f *fake) {
		f.add(body("text alone", ""))
		f.last().is(t, "note", "body_text", "text alone")
		f.last().is(t, "note", "body_html", nil)
	},
	"IO-POST-MSG-12 C24 HTML alone is accepted, and the text is made of it": func(t *testing.T, f *fake) {
		f.add(body("", "<p>Caf&eacute; &amp; more</p><p>second</p>"))
		f.last().is(t, "note", "body_text", "Café & more\n\nsecond")
		f.last().is(t, "note", "body_html", "<p>Caf&eacute; &amp; more</p><p>second</p>")
	},
	"C26 HTML is not sanitised": func(t *testing.T, f *fake) {
		const html = `<script>alert("x")</script><img src=x onerror=y><p style='a'>kept</P>`
		f.add(body("kept", html))
		f.last().is(t, "note", "body_html", html)
	},
	"C28 unknown members are ignored": func(t *testing.T, f *fake) {
		row := f.add(`{"type":"internal_note","body_text":"kept","subject":"x","from_address":"a@b.example","Body_Text":"no","author":{"a":[1]}}`)
		row.is(t, "note", "body_text", "kept")
		row.is(t, "note", "from_address", nil)
	},
	"IO-POST-MSG-26 text in other scripts survives": func(t *testing.T, f *fake) {
		for _, text := range []string{"Zoë Brönte, naïve", "🐌 👩‍👩‍👧 done", "تم الحل، شكرا", "line\nline\ttab \"quoted\" \\ back", "\u2028\u0001", "<&>", "🇩🇪 zalgo: a\u0301\u0323"} {
			f.add(body(text, "<p>"+text+"</p>"))
			f.last().is(t, "note", "body_text", text)
			f.last().is(t, "note", "body_html", "<p>"+text+"</p>")
		}
	},
	"IO-POST-MSG-27 a note is on its ticket alone, once, and stays": func(t *testing.T, f *fake) {
		f.add(body("only here", ""))
		f.add(body("another", ""))
		for number, want := range map[string]int{messagesPath: 1, "/api/v1/tickets/1002/messages": 0} {
			same(t, number, want, strings.Count(f.get(readWrite, number).want(200).Body, "only here"))
		}
	},
	"IO-POST-MSG-28 a note leaves the ticket's state and the number of tickets": func(t *testing.T, f *fake) {
		before := f.list("per_page=100")
		f.add(noteBody)
		after := f.list("per_page=100")
		same(t, "total", before.Meta.Total, after.Meta.Total)
		state := map[string][3]any{}
		for _, r := range before.Data {
			state[r.ID] = [3]any{r.Status, r.Priority, r.TicketNumber}
		}
		for _, r := range after.Data {
			if was, ok := state[r.ID]; ok {
				same(t, r.ID, was, [3]any{r.Status, r.Priority, r.TicketNumber})
			}
		}
	},
	"IO-POST-MSG-18 C31 the Content-Type may have a charset": func(t *testing.T, f *fake) {
		for _, contentType := range []string{"application/json", "application/json; charset=utf-8", "APPLICATION/JSON;charset=UTF-8", `application/json; profile="x"`} {
			f.add(noteBody, "Content-Type: "+contentType)
		}
		same(t, "notes", 4, f.Workspace("").Store.Notes())
	},
	"C27 a body of one MiB is read": func(t *testing.T, f *fake) {
		note := body("large", "")
		f.add(note + strings.Repeat(" ", maxBody-len(note)))
		f.last().is(t, "note", "body_text", "large")
	},
}

var noteTicketProofs = proofs{
	"C33 a note becomes the ticket's last change": func(t *testing.T, f *fake) {
		f.freeze()
		f.advance(time.Hour)
		f.add(noteBody)
		at := fixtures.DefaultAt.Add(time.Hour)
		p := f.list("sort=updated_at&order=desc&per_page=1")
		same(t, "ticket", 1001, p.Data[0].TicketNumber)
		same(t, "updated_at", at.Format(wire), p.Data[0].UpdatedAt)
		same(t, "ids", []string{f.desk().Tickets[0].ID.String()}, f.ids("updated_after="+stamp(at)))
		same(t, "without it", 199, f.list("updated_before="+stamp(at.Add(-time.Second))).Meta.Total)
	},
	"C34 nothing else of the ticket changes": func(t *testing.T, f *fake) {
		i, id := f.known("waiting-with-reminder")
		f.post(readWrite, ticketsPath+"/"+id+"/messages", noteBody).want(201)
		want := seededTicket(f.desk(), &f.desk().Tickets[i])
		row := f.get(readWrite, ticketsPath+"?sort=updated_at&per_page=1").want(200).objects("data")[0]
		if row["updated_at"] == want["updated_at"] {
			t.Error("updated_at has not changed")
		}
		delete(row, "updated_at")
		delete(want, "updated_at")
		same(t, "row", want, row)
	},
	"C37 a closed ticket takes notes": func(t *testing.T, f *fake) {
		i, id := f.known("closed")
		f.post(readWrite, ticketsPath+"/"+id+"/messages", noteBody).want(201)
		f.finds("status=closed", f.status("closed"))
		same(t, "rows", len(f.seededMessages(i, bothTypes...))+1, len(f.messages(id, "")))
	},
	"C35 a ticket without messages takes notes": func(t *testing.T, f *fake) {
		for _, name := range []string{"no-messages", "only-drafts"} {
			i, id := f.known(name)
			f.post(readWrite, ticketsPath+"/"+id+"/messages", noteBody).want(201)
			same(t, "rows", 1, len(f.messages(strconv.Itoa(1001+i), "")))
		}
	},
}

// refusesNote proves that each body is a 400 about one member, and that
// nothing is stored.
func refusesNote(field, valid string, bodies ...string) func(*testing.T, *fake) {
	return func(_ *testing.T, f *fake) {
		f.unchanged(func() {
			for _, body := range bodies {
				f.post(readWrite, messagesPath, body).names(field, valid)
			}
		})
	}
}

const (
	validType   = "must be internal_note; outbound replies are not available over the API"
	validObject = `must be a JSON object, such as {"type": "internal_note", "body_text": "..."}`
)

var refusedNoteProofs = proofs{
	"IO-POST-MSG-07 IO-POST-MSG-23 C22 type email is 400 and stores nothing": refusesNote("type", validType,
		`{"type":"email","body_text":"x"}`, `{"type":"email","body_html":"<p>x</p>","to_addresses":"a@b.example"}`),
	"IO-POST-MSG-08 IO-POST-MSG-23 any other type is 400 and stores nothing": refusesNote("type", validType,
		`{"type":"reply","body_text":"x"}`, `{"type":"note","body_text":"x"}`, `{"type":"INTERNAL_NOTE","body_text":"x"}`,
		`{"type":" internal_note","body_text":"x"}`, `{"type":"","body_text":"x"}`),
	"IO-POST-MSG-09 C21 a missing type is 400": refusesNote("type", validType,
		`{"body_text":"x"}`, `{"type":null,"body_text":"x"}`, `{"Type":"internal_note","body_text":"x"}`, `{}`),
	"C21 C29 a type that is no string is 400": refusesNote("type", "must be a string",
		`{"type":1,"body_text":"x"}`, `{"type":["internal_note"],"body_text":"x"}`, `{"type":true,"body_text":"x"}`),
	"IO-POST-MSG-13 C23 neither body, or blank ones, is 400": refusesNote("body_text", "is blank and so is body_html; send at least one of them",
		`{"type":"internal_note"}`, `{"type":"internal_note","body_text":"","body_html":""}`, `{"type":"internal_note","body_text":" \n\t"}`,
		`{"type":"internal_note","body_text":null,"body_html":null}`),
	"IO-POST-MSG-14 C30 malformed JSON is 400 and stores nothing": refusesNote("body", validObject,
		`{`, `{"type":"internal_note","body_text":"x"`, `{"type":"internal_note","body_text":"x"}}`, `{'type':'internal_note'}`, `x`,
		`{"type":"internal_note","body_text":"x",}`, noteBody+noteBody),
	"IO-POST-MSG-15 C30 an array or a scalar is 400": refusesNote("body", validObject,
		`[]`, `[`+noteBody+`]`, `"internal_note"`, `1`, `true`, `null`),
	"IO-POST-MSG-16 C30 an empty body is 400": refusesNote("body", validObject, ``, ` `, "\n"),
	"IO-POST-MSG-17 C29 a body_text that is no string is 400": refusesNote("body_text", "must be a string",
		`{"type":"internal_note","body_text":5}`, `{"type":"internal_note","body_text":["x"],"body_html":"x"}`),
	"IO-POST-MSG-17 C29 a body_html that is no string is 400": refusesNote("body_html", "must be a string",
		`{"type":"internal_note","body_html":5}`, `{"type":"internal_note","body_text":"x","body_html":{}}`),
	"C29 all members that are wrong are named": func(t *testing.T, f *fake) {
		refusal := f.post(readWrite, messagesPath, `{"type":1,"body_text":2,"body_html":3}`).refused(400, "bad_request")
		same(t, "wrong members", 3, len(refusal.Errors))
	},
	"C27 a body of more than one MiB is 400": refusesNote("body", "is larger than 1048576 bytes",
		noteBody+strings.Repeat(" ", maxBody-len(noteBody)+1), strings.Repeat("x", 2*maxBody)),
	"C30 a body that is not UTF-8 is 400": refusesNote("body", "is not valid UTF-8", "{\"type\":\"internal_note\",\"body_text\":\"\xff\"}"),
	"IO-POST-MSG-19 C31 another or no Content-Type is 400": func(_ *testing.T, f *fake) {
		f.unchanged(func() {
			for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/problem+json", "application/jsonp", "json", ";", ""} {
				f.post(readWrite, messagesPath, noteBody, "Content-Type: "+contentType).names("Content-Type", "must be application/json")
			}
		})
	},
	"IO-POST-MSG-21 C20 an unknown ticket is 404": func(_ *testing.T, f *fake) {
		f.unchanged(func() {
			for _, id := range []string{unknownID, "1", "1201", "x", "%231001", "01001"} {
				f.post(readWrite, ticketsPath+"/"+id+"/messages", noteBody).refused(404, "not_found")
			}
		})
	},
	"IO-POST-MSG-25 whatever refuses a note, nothing is stored": func(_ *testing.T, f *fake) {
		f.unchanged(func() {
			for _, key := range []string{"", "ixk_unknown", revoked, unentitled, readOnly, member} {
				if a := f.call(noteCall, key); a.Status != 401 && a.Status != 403 {
					f.t.Errorf("%s: status %d", key, a.Status)
				}
			}
			for _, code := range []string{"400", "401", "403", "insufficient_scope", "404", "429", "500", "503"} {
				if a := f.call(noteCall, readWrite, "Prefer: code="+code); a.Status < 400 {
					f.t.Errorf("%s: status %d", code, a.Status)
				}
			}
			f.post(readWrite, messagesPath, `{"type":"email"}`).want(400)
			f.exhaust()
			f.call(noteCall, readWrite).want(429)
			f.Workspace("").SetRateLimit(ratelimit.Limit{})
		})
	},
}
