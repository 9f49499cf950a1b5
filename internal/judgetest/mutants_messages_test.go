package judgetest_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judgetest"
)

// isTimeline are timelines that are answered 200.
func isTimeline(r *http.Request, w *httptest.ResponseRecorder) bool {
	return r.Method == http.MethodGet && isMessages(r) && w.Code == http.StatusOK
}

// messages changes each message of every timeline.
func messages(change func(map[string]any)) wrap {
	return eachRow(isTimeline, "data", change)
}

// emails changes each email of every timeline.
func emails(change func(map[string]any)) wrap {
	return messages(where("type", "email", change))
}

// attachments changes each attachment of every timeline.
func attachments(change func(map[string]any)) wrap {
	return messages(func(m map[string]any) {
		all, _ := m["attachments"].([]any)
		for _, a := range all {
			change(a.(map[string]any))
		}
	})
}

// timelines changes the messages of answers as a list.
func timelines(change func(r *http.Request, rows []any) []any) wrap {
	return eachList(isTimeline, "data", change)
}

// types is what a request asks of the types.
func types(r *http.Request) string { return r.URL.Query().Get("types") }

// retyped makes the fake understand types in another way.
func retyped(as func(string) string) wrap {
	return judgetest.Change(func(r *http.Request) {
		if q := r.URL.Query(); isMessages(r) && r.Method == http.MethodGet && q.Has("types") {
			if wanted := as(q.Get("types")); wanted == "" {
				q.Del("types")
			} else {
				q.Set("types", wanted)
			}
			r.URL.RawQuery = q.Encode()
		}
	}, nil)
}

// instead is text for one types and leaves all others.
func instead(of, text string) func(string) string {
	return func(types string) string {
		if types == of {
			return text
		}
		return types
	}
}

// answered replaces the status of the timelines that meet the condition, with
// an empty list.
func answered(status int, when condition) wrap {
	return judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if r.Method == http.MethodGet && isMessages(r) && when(r, w) {
			w.Code = status
			w.Header().Set("Content-Type", "application/json")
			w.Body.Reset()
			w.Body.WriteString(`{"data":[]}`)
		}
	})
}

// idOf is the ticket a request for messages is about.
func idOf(r *http.Request) string {
	return strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, list+"/"), "/messages")
}

// isNumbered reports whether a request names its ticket by number.
func isNumbered(r *http.Request) bool { return strings.Trim(idOf(r), "0123456789") == "" }

// isUnknown are 404s for tickets by number or by UUID.
func isUnknown(numbered bool) condition {
	return func(r *http.Request, w *httptest.ResponseRecorder) bool {
		form := strings.Trim(idOf(r), "0123456789abcdef-") == "" && len(idOf(r)) == len(handoffNobody)
		return w.Code == http.StatusNotFound && (numbered && isNumbered(r) || !numbered && form)
	}
}

func reversed(rows []any) []any {
	slices.Reverse(rows)
	return rows
}

// another is a UUID that differs from the id.
func another(id string) string {
	last := "0"
	if strings.HasSuffix(id, last) {
		last = "1"
	}
	return id[:len(id)-1] + last
}

// leaking adds the first message that is read to the timelines of all other tickets.
func leaking() wrap {
	var first map[string]any
	return timelines(func(r *http.Request, rows []any) []any {
		if len(rows) == 0 {
			return rows
		}
		if first == nil {
			first = rows[0].(map[string]any)
		}
		own := slices.ContainsFunc(rows, func(m any) bool { return m.(map[string]any)["id"] == first["id"] })
		if own || types(r) != "" && !strings.Contains(types(r), first["type"].(string)) {
			return rows
		}
		rows = append(rows, first)
		slices.SortStableFunc(rows, func(a, b any) int { return shown(a).Compare(shown(b)) })
		return rows
	})
}

var messageMutants = []mutant{
	{"types by number drop a row", "IO-LIST-MSG-36", timelines(func(r *http.Request, rows []any) []any {
		if isNumbered(r) && types(r) == "email" && len(rows) > 0 {
			return rows[1:]
		}
		return rows
	})},
	// The ticket with drafts alone has an empty timeline too.
	{"data of an empty timeline is null", "IO-LIST-MSG-01 IO-LIST-MSG-16 IO-LIST-MSG-18", edits(isTimeline, func(body map[string]any) {
		if rows, _ := body["data"].([]any); len(rows) == 0 {
			body["data"] = nil
		}
	})},
	{"a number finds an empty timeline", "IO-LIST-MSG-02", answered(200, func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return w.Code == http.StatusOK && isNumbered(r)
	})},
	{"an unknown UUID has an empty timeline", "IO-LIST-MSG-03", answered(200, isUnknown(false))},
	{"an unknown number has an empty timeline", "IO-LIST-MSG-04", answered(200, isUnknown(true))},
	{"a malformed id breaks it", "IO-LIST-MSG-05", answered(500, func(r *http.Request, _ *httptest.ResponseRecorder) bool {
		return idOf(r) == "not-a-ticket"
	})},
	{"an unknown ticket has another code", "IO-LIST-MSG-06", edits(spoken(404), recode)},
	{"notes come only when asked for", "IO-LIST-MSG-07", timelines(func(r *http.Request, rows []any) []any {
		return slices.DeleteFunc(rows, func(m any) bool { return types(r) == "" && m.(map[string]any)["type"] == "internal_note" })
	})},
	{"types=email is ignored", "IO-LIST-MSG-08", retyped(instead("email", ""))},
	{"types=internal_note is ignored", "IO-LIST-MSG-09", retyped(instead("internal_note", ""))},
	{"what stands behind a blank in types is lost", "IO-LIST-MSG-37", retyped(func(t string) string {
		first, _, _ := strings.Cut(t, ", ")
		return first
	})},
	{"of two types the first counts", "IO-LIST-MSG-10 IO-LIST-MSG-11", retyped(func(t string) string {
		first, _, two := strings.Cut(t, ",")
		if two && !strings.Contains(t, "bogus") {
			return first
		}
		return t
	})},
	{"two types in the other order find emails alone", "IO-LIST-MSG-11", retyped(instead("internal_note,email", "email"))},
	{"an unknown type is ignored", "IO-LIST-MSG-12", retyped(func(t string) string { return strings.TrimPrefix(strings.TrimPrefix(t, "bogus"), "draft") })},
	{"an unknown type among known ones is ignored", "IO-LIST-MSG-13", retyped(func(t string) string {
		return strings.TrimPrefix(strings.TrimSuffix(t, ",bogus"), "bogus,")
	})},
	{"timelines are newest first", "IO-LIST-MSG-14", timelines(func(r *http.Request, rows []any) []any {
		if types(r) == "" {
			return reversed(rows)
		}
		return rows
	})},
	{"timelines are newest first when types are asked for", "IO-LIST-MSG-15", timelines(func(r *http.Request, rows []any) []any {
		if types(r) != "" {
			return reversed(rows)
		}
		return rows
	})},
	{"drafts are shown", "IO-LIST-MSG-16", showsDrafts},
	{"a message has a type of another system", "IO-LIST-MSG-17", timelines(func(r *http.Request, rows []any) []any {
		if types(r) != "" || len(rows) == 0 {
			return rows
		}
		event := maps.Clone(rows[0].(map[string]any))
		event["id"], event["type"] = another(event["id"].(string)), "event"
		return append([]any{event}, rows...)
	})},
	// The ticket with drafts alone has an empty timeline too.
	{"an empty timeline is 404", "IO-LIST-MSG-01 IO-LIST-MSG-16 IO-LIST-MSG-18", answered(404, func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return w.Code == http.StatusOK && types(r) == "" && strings.HasPrefix(strings.TrimSpace(w.Body.String()), `{"data":[]`)
	})},
	{"a timeline begins with a message of another ticket", "IO-LIST-MSG-19", leaking()},
	{"message ids are numbers", "IO-LIST-MSG-20", messages(func(m map[string]any) { m["id"] = m["id"].(string)[:8] })},
	{"notes have a direction of their own", "IO-LIST-MSG-21", messages(where("type", "internal_note", set("direction", "internal")))},
	{"emails have no direction", "IO-LIST-MSG-22", emails(set("direction", nil))},
	{"recipients are arrays", "IO-LIST-MSG-23", messages(set("cc_addresses", []string{"ann@example.org"}))},
	{"recipients are separated by semicolons", "IO-LIST-MSG-24", messages(func(m map[string]any) {
		if to, ok := m["to_addresses"].(string); ok {
			m["to_addresses"] = strings.ReplaceAll(to, ", ", "; ")
		}
	})},
	{"what was sent is delivered", "IO-LIST-MSG-25", messages(where("send_status", "sent", set("send_status", "delivered")))},
	{"what failed says no error", "IO-LIST-MSG-26", messages(set("send_error", nil))},
	{"what was sent says an error", "IO-LIST-MSG-26", messages(where("send_status", "sent", set("send_error", "none")))},
	{"bodies are objects", "IO-LIST-MSG-27", messages(set("body_html", map[string]string{"html": "<p>Hello</p>"}))},
	{"sending times are numbers", "IO-LIST-MSG-28", messages(func(m map[string]any) {
		if m["sent_at"] != nil {
			m["sent_at"] = 1735689600
		}
	})},
	{"attachments are an object", "IO-LIST-MSG-29", messages(func(m map[string]any) {
		if all, _ := m["attachments"].([]any); len(all) == 0 {
			m["attachments"] = map[string]any{}
		}
	})},
	{"sizes are strings", "IO-LIST-MSG-30", attachments(set("size_bytes", "12 kB"))},
	{"attachments are downloads", "IO-LIST-MSG-31", attachments(where("disposition", "attachment", set("disposition", "download")))},
	{"inline attachments have no content id", "IO-LIST-MSG-32", attachments(where("disposition", "inline", set("content_id", nil)))},
	{"content ids are numbers", "IO-LIST-MSG-33", attachments(where("disposition", "attachment", set("content_id", 7)))},
	{"timelines are paged", "IO-LIST-MSG-34", timelines(func(r *http.Request, rows []any) []any {
		if r.URL.Query().Get("page") == "2" {
			return rows[:min(len(rows), 1)]
		}
		return rows
	})},
	{"an unknown type has another code", "IO-LIST-MSG-35", edits(func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return isMessages(r) && w.Code == 400 && r.Method == http.MethodGet
	}, recode)},
}

// showsDrafts adds the drafts that the catalog knows to the timelines of their tickets.
func showsDrafts(fake http.Handler) http.Handler {
	drafts := map[string][]string{}
	read := func() {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/_mockdesk/catalog", http.NoBody)
		r.RemoteAddr = "127.0.0.1:1"
		fake.ServeHTTP(w, r)
		f, _ := facts.Parse(w.Body.Bytes())
		for _, t := range f.InboxOps.Tickets {
			drafts[t.ID] = t.DraftIDs
		}
	}
	return timelines(func(r *http.Request, rows []any) []any {
		if len(drafts) == 0 {
			read()
		}
		for _, id := range drafts[idOf(r)] {
			if types(r) != "internal_note" && len(rows) > 0 {
				draft := maps.Clone(rows[len(rows)-1].(map[string]any))
				draft["id"], draft["type"], draft["direction"] = id, "email", "outbound"
				rows = append(rows, draft)
			}
		}
		return rows
	})(fake)
}
