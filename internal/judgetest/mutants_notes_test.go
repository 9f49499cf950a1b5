package judgetest_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judgetest"
)

// post is a note that is sent to the fake.
type post struct {
	fake   http.Handler
	r      *http.Request
	raw    string
	fields map[string]any // nil when the body is no JSON object
}

// send sends a body to the fake as a caller's note.
func (p post) send(body, media, authorization string) *httptest.ResponseRecorder {
	r := p.r.Clone(p.r.Context())
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", authorization)
	w := httptest.NewRecorder()
	p.fake.ServeHTTP(w, r)
	return w
}

// as sends the note as it came.
func (p post) as() *httptest.ResponseRecorder {
	return p.send(p.raw, p.r.Header.Get("Content-Type"), auth(p.r))
}

// with sends the note with other fields.
func (p post) with(fields map[string]any) *httptest.ResponseRecorder {
	all := maps.Clone(p.fields)
	maps.Copy(all, fields)
	body, _ := json.Marshal(all)
	return p.send(string(body), "application/json", auth(p.r))
}

var marker = regexp.MustCompile(`mockdesk-check-[0-9a-z]+-[0-9]+|$`)

// stores sends a note that the fake takes, with the marker of what came.
func (p post) stores() {
	p.send(`{"type":"internal_note","body_text":"stored `+marker.FindString(p.raw)+`"}`, "application/json", main)
}

// text is the plain body of the note.
func (p post) text() string {
	text, _ := p.fields["body_text"].(string)
	return text
}

// valid reports whether the note is one the fake takes.
func (p post) valid() bool {
	_, html := p.fields["body_html"].(string)
	_, text := p.fields["body_text"].(string)
	wrong := !html && p.fields["body_html"] != nil || !text && p.fields["body_text"] != nil
	known := idOf(p.r) != "not-a-uuid" && !strings.Contains(p.r.URL.Path, handoffNobody) && !strings.HasPrefix(idOf(p.r), "1001")
	return auth(p.r) == main && p.fields["type"] == "internal_note" && strings.HasPrefix(media(p), "application/json") && !wrong && (html || text) && known
}

// posts answers notes in another way; nil leaves them to the fake.
func posts(answer func(post) *httptest.ResponseRecorder) wrap {
	return func(fake http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost || !isMessages(r) {
				fake.ServeHTTP(w, r)
				return
			}
			raw, _ := io.ReadAll(r.Body)
			p := post{fake: fake, r: r, raw: string(raw)}
			_ = json.Unmarshal(raw, &p.fields)
			held := answer(p)
			if held == nil {
				held = p.as()
			}
			judgetest.Pass(held, w)
		})
	}
}

// takes answers 201 to notes that meet the condition and are not stored.
func takes(when func(post) bool) wrap {
	return posts(func(p post) *httptest.ResponseRecorder {
		if !when(p) {
			return nil
		}
		return blank(http.StatusCreated)
	})
}

// blank is an answer without a body.
func blank(status int) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	w.WriteHeader(status)
	return w
}

// answering changes the answers of a status to notes.
func answering(status int, change func(*httptest.ResponseRecorder)) wrap {
	return posts(func(p post) *httptest.ResponseRecorder {
		w := p.as()
		if w.Code == status {
			change(w)
		}
		return w
	})
}

// refuses answers 400 to notes that meet the condition.
func refuses(when func(post) bool) wrap {
	return posts(func(p post) *httptest.ResponseRecorder {
		if !when(p) {
			return nil
		}
		return p.send(`{"type":"email"}`, "application/json", main)
	})
}

// keepsRefused stores notes that meet the condition and refuses them nevertheless.
func keepsRefused(when func(post) bool) wrap {
	return posts(func(p post) *httptest.ResponseRecorder {
		if when(p) {
			p.stores()
		}
		return nil
	})
}

// elsewhere shows notes on the tickets that they were not sent to.
func elsewhere() wrap {
	home, sent := "", ""
	var seen map[string]any
	return judgetest.Change(func(r *http.Request) {
		if r.Method == http.MethodPost && isMessages(r) && auth(r) == main && !isNumbered(r) && idOf(r) != "not-a-uuid" {
			raw, _ := io.ReadAll(r.Body)
			home, sent = idOf(r), sent+" "+marker.FindString(string(raw))
			r.Body = io.NopCloser(strings.NewReader(string(raw)))
		}
	}, func(r *http.Request, w *httptest.ResponseRecorder) {
		if !isTimeline(r, w) || isNumbered(r) {
			return
		}
		edit(w, func(body map[string]any) {
			rows, _ := body["data"].([]any)
			if idOf(r) != home && seen != nil {
				row := maps.Clone(seen)
				row["id"], row["type"], row["body_text"], row["body_html"] = "0"+row["id"].(string)[1:], "internal_note", sent, nil
				body["data"] = append(rows, row)
			} else if home != "" && len(rows) > 0 {
				seen = rows[len(rows)-1].(map[string]any)
			}
		})
	})
}

// inProgress changes the status of a ticket that got a note.
func inProgress() wrap {
	noted := map[string]bool{}
	return judgetest.Change(func(r *http.Request) {
		if r.Method == http.MethodPost && isMessages(r) && auth(r) == main && !isNumbered(r) {
			noted[idOf(r)] = true
		}
	}, func(r *http.Request, w *httptest.ResponseRecorder) {
		if r.URL.Path == list && w.Code == http.StatusOK && len(noted) > 0 {
			edit(w, func(body map[string]any) {
				rows, _ := body["data"].([]any)
				for _, row := range rows {
					if ticket := row.(map[string]any); noted[ticket["id"].(string)] {
						ticket["status"] = "in_progress"
					}
				}
			})
		}
	})
}

func typed(kind string) func(post) bool {
	return func(p post) bool {
		return p.fields["type"] == kind && auth(p.r) == main
	}
}

func media(p post) string { return p.r.Header.Get("Content-Type") }

// notes changes the messages of timelines that hold a marker of the run.
func notes(change func(map[string]any)) wrap {
	return messages(func(m map[string]any) {
		if marked(m) {
			change(m)
		}
	})
}

// marked reports whether a message holds a marker of the run.
func marked(message any) bool {
	text, _ := json.Marshal(message)
	return strings.Contains(string(text), "mockdesk-check-")
}

// stored changes each note before the fake takes it.
func stored(fields func(post) map[string]any) wrap {
	return posts(func(p post) *httptest.ResponseRecorder {
		if !p.valid() {
			return nil
		}
		return p.with(fields(p))
	})
}

var noteMutants = []mutant{
	{"a note is answered 200", "IO-POST-MSG-01", answering(201, func(w *httptest.ResponseRecorder) { w.Code = http.StatusOK })},
	{"a note is not stored", "IO-POST-MSG-02", takes(post.valid)},
	{"a note is stored twice", "IO-POST-MSG-03", posts(func(p post) *httptest.ResponseRecorder {
		if p.valid() {
			p.as()
		}
		return nil
	})},
	{"a note's text is trimmed", "IO-POST-MSG-04", stored(func(p post) map[string]any {
		return map[string]any{"body_text": strings.TrimSpace(p.text())}
	})},
	{"a note's HTML is escaped", "IO-POST-MSG-05", notes(func(m map[string]any) {
		if html, ok := m["body_html"].(string); ok {
			m["body_html"] = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(html)
		}
	})},
	{"a note comes first", "IO-POST-MSG-06", timelines(func(r *http.Request, rows []any) []any {
		if len(rows) == 0 {
			return rows
		}
		last := rows[len(rows)-1]
		if marked(last) {
			return append([]any{last}, rows[:len(rows)-1]...)
		}
		return rows
	})},
	{"an email is taken", "IO-POST-MSG-07", takes(typed("email"))},
	{"an email is refused and stored", "IO-POST-MSG-07 IO-POST-MSG-25", keepsRefused(typed("email"))},
	{"types in capitals are taken", "IO-POST-MSG-08", takes(typed("INTERNAL_NOTE"))},
	{"a reply is refused and stored", "IO-POST-MSG-08 IO-POST-MSG-25", keepsRefused(typed("reply"))},
	{"a note needs no type", "IO-POST-MSG-09", takes(func(p post) bool {
		return auth(p.r) == main && p.fields != nil && p.fields["type"] == nil && p.text() != "" && media(p) == "application/json"
	})},
	{"a note needs both bodies: no HTML", "IO-POST-MSG-11", refuses(func(p post) bool {
		return p.valid() && p.fields["body_html"] == nil && len(p.fields) == 2 && media(p) == "application/json"
	})},
	{"a note needs both bodies: no text", "IO-POST-MSG-12", refuses(func(p post) bool { return p.valid() && p.fields["body_text"] == nil })},
	// The email is a second row, so not exactly one is added.
	{"an email goes out with each note", "IO-POST-MSG-03 IO-POST-MSG-10", timelines(func(_ *http.Request, rows []any) []any {
		out := []any{}
		for _, row := range rows {
			out = append(out, row)
			if marked(row) {
				email := maps.Clone(row.(map[string]any))
				email["id"], email["type"], email["direction"] = "0"+email["id"].(string)[1:], "email", "outbound"
				out = append(out, email)
			}
		}
		return out
	})},
	{"a note without bodies breaks it", "IO-POST-MSG-13", posts(func(p post) *httptest.ResponseRecorder {
		if p.fields["type"] != "internal_note" || len(p.fields) > 1 {
			return nil
		}
		return blank(http.StatusInternalServerError)
	})},
	{"what comes after a note is not read", "IO-POST-MSG-14", takes(func(p post) bool { return strings.HasSuffix(p.raw, "} }") })},
	{"an array of notes is taken", "IO-POST-MSG-15", takes(func(p post) bool { return auth(p.r) == main && strings.HasPrefix(p.raw, "[") })},
	{"an empty body is taken", "IO-POST-MSG-16", takes(func(p post) bool { return auth(p.r) == main && p.raw == "" })},
	{"a number is a body", "IO-POST-MSG-17", takes(func(p post) bool { return p.fields["body_html"] == 5.0 })},
	{"a charset is refused", "IO-POST-MSG-18", refuses(func(p post) bool { return strings.Contains(media(p), "charset") })},
	{"a form is taken", "IO-POST-MSG-19", takes(func(p post) bool { return strings.Contains(media(p), "form") })},
	{"a note by number is lost", "IO-POST-MSG-20", takes(func(p post) bool { return isNumbered(p.r) && p.valid() })},
	{"a note on an unknown ticket is taken", "IO-POST-MSG-21", answering(404, func(w *httptest.ResponseRecorder) { *w = *blank(http.StatusCreated) })},
	{"the answer is an array", "IO-POST-MSG-22", answering(201, func(w *httptest.ResponseRecorder) {
		body := w.Body.String()
		w.Body.Reset()
		w.Body.WriteString("[" + body + "]")
		w.Header().Del("Content-Length")
	})},
	{"a refused type has another code", "IO-POST-MSG-23", answering(400, func(w *httptest.ResponseRecorder) {
		edit(w, recode)
		w.Header().Del("Content-Length")
	})},
	{"notes are not found by their type", "IO-POST-MSG-24", timelines(func(r *http.Request, rows []any) []any {
		return slices.DeleteFunc(rows, func(row any) bool { return types(r) != "" && marked(row) })
	})},
	{"a note in plain text is refused and stored", "IO-POST-MSG-25", keepsRefused(func(p post) bool { return media(p) == "text/plain" })},
	{"a note shows on other tickets too", "IO-POST-MSG-27", elsewhere()},
	{"a note puts its ticket in progress", "IO-POST-MSG-28", inProgress()},
	{"a note loses its emoji", "IO-POST-MSG-26", stored(func(p post) map[string]any {
		return map[string]any{"body_text": strings.Map(func(r rune) rune {
			if r > 0xffff {
				return '?'
			}
			return r
		}, p.text())}
	})},
}
