package judgetest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judgetest"
)

// The keys of the fake's AppHandoff, as Authorization headers.
const (
	member   = "Bearer ah_k_test_member"
	outsider = "Bearer ah_k_test_outsider"
)

func isHandoff(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/projects/") }

// isThread are lists of messages of AppHandoff that are answered 200.
func isThread(r *http.Request, w *httptest.ResponseRecorder) bool {
	return isHandoff(r) && w.Code == http.StatusOK
}

// handoff changes each message of AppHandoff.
func handoff(change func(map[string]any)) wrap {
	return eachRow(isThread, "messages", change)
}

// threads changes the messages of AppHandoff's answers as a list.
func threads(change func(q url.Values, rows []any) []any) wrap {
	return eachList(isThread, "messages", func(r *http.Request, rows []any) []any { return change(r.URL.Query(), rows) })
}

// asked makes the fake understand the query in another way.
func asked(change func(q url.Values)) wrap {
	return judgetest.Change(func(r *http.Request) {
		if isHandoff(r) {
			q := r.URL.Query()
			change(q)
			r.URL.RawQuery = q.Encode()
		}
	}, nil)
}

// lacking leaves the parameter out of requests that the condition is true for.
func lacking(name string, when func(q url.Values) bool) wrap {
	return asked(func(q url.Values) {
		if q.Has(name) && when(q) {
			q.Del(name)
		}
	})
}

// noMessages answers requests that meet the condition with no messages.
func noMessages(status int, when condition) wrap {
	return judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if isHandoff(r) && when(r, w) {
			w.Code = status
			w.Header().Set("Content-Type", "application/json")
			w.Body.Reset()
			w.Body.WriteString(`{"messages":[],"error":"broken"}`)
		}
	})
}

// goneWrong are the errors of AppHandoff with one of the statuses.
func goneWrong(codes ...int) condition {
	return func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return isHandoff(r) && slices.Contains(codes, w.Code)
	}
}

// admits sends requests that meet the condition with the member's key.
func admits(when func(*http.Request) bool) wrap {
	return judgetest.Change(func(r *http.Request) {
		if isHandoff(r) && when(r) {
			r.Header.Set("Authorization", member)
		}
	}, nil)
}

func whole(q url.Values) bool { return !q.Has("limit") || q.Get("limit") == "200" }

// shown is the time of a message.
func shown(row any) time.Time {
	at, _ := time.Parse(time.RFC3339Nano, row.(map[string]any)["created_at"].(string))
	return at
}

func ticketIn(path string) string {
	parts := strings.Split(path, "/")
	return parts[len(parts)-2]
}

const handoffNobody = "00000000-0000-4000-8000-00000000dead"

// readThread asks the fake for the thread of a request with another query.
func readThread(fake http.Handler, r *http.Request, q url.Values) []map[string]any {
	r = r.Clone(r.Context())
	r.URL.RawQuery = q.Encode()
	w := httptest.NewRecorder()
	fake.ServeHTTP(w, r)
	var body struct{ Messages []map[string]any }
	_ = json.Unmarshal(w.Body.Bytes(), &body)
	return body.Messages
}

// astray serves a ticket that is asked for through another project of the
// member.
func astray(fake http.Handler) http.Handler {
	home := map[string]string{} // projects by ticket
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isHandoff(r) {
			fake.ServeHTTP(w, r)
			return
		}
		held := httptest.NewRecorder()
		fake.ServeHTTP(held, r)
		if at := home[ticketIn(r.URL.Path)]; held.Code == http.StatusNotFound && at != "" && auth(r) == member && !strings.Contains(r.URL.Path, handoffNobody) && !strings.Contains(r.URL.Path, "not-a-uuid") && !strings.Contains(r.URL.Path, "/123/") {
			other := r.Clone(r.Context())
			other.URL.Path = at
			fake.ServeHTTP(w, other)
			return
		}
		if held.Code == http.StatusOK {
			home[ticketIn(r.URL.Path)] = r.URL.Path
		}
		judgetest.Pass(held, w)
	})
}

// forgetful drops task_id where since and limit are asked for too and the
// thread is longer than the default limit.
func forgetful(fake http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if isHandoff(r) && q.Has("task_id") && q.Has("since") && q.Has("limit") && q.Get("limit") != "200" && auth(r) == member {
			if len(readThread(fake, r, url.Values{"limit": {"200"}})) > 50 {
				q.Del("task_id")
				r.URL.RawQuery = q.Encode()
			}
		}
		fake.ServeHTTP(w, r)
	})
}

// mixed begins lists with a message of the ticket that was asked for before.
func mixed() wrap {
	var last any
	owner := ""
	return judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if !isThread(r, w) || r.URL.Query().Has("task_id") || r.URL.Query().Has("since") {
			return
		}
		edit(w, func(body map[string]any) {
			rows, _ := body["messages"].([]any)
			id := ticketIn(r.URL.Path)
			if len(rows) == 0 || len(rows) == 50 || len(rows) == 200 {
				return
			}
			if last == nil {
				last, owner = rows[0], id
			}
			if owner != id && whole(r.URL.Query()) && shown(last).Before(shown(rows[0])) {
				body["messages"] = append([]any{last}, rows...)
			}
		})
	})
}

var handoffMutants = slices.Concat(handoffListMutants, handoffRowMutants, handoffErrorMutants)

var handoffListMutants = []mutant{
	{"lists are text", "AH-LIST-MSG-01", judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if isThread(r, w) {
			w.Header().Set("Content-Type", "text/plain")
		}
	})},
	{"messages are called data", "AH-LIST-MSG-02", edits(isThread, func(body map[string]any) {
		body["data"] = body["messages"]
		delete(body, "messages")
	})},
	{"messages are newest first", "AH-LIST-MSG-03", threads(func(_ url.Values, rows []any) []any { return reversed(rows) })},
	{"the default limit is 100", "AH-LIST-MSG-04", asked(func(q url.Values) {
		if !q.Has("limit") {
			q.Set("limit", "100")
		}
	})},
	{"a limit is one too high", "AH-LIST-MSG-05", asked(func(q url.Values) {
		if n, err := strconv.Atoi(q.Get("limit")); err == nil && n > 0 && n < 200 {
			q.Set("limit", strconv.Itoa(n+1))
		}
	})},
	{"limit=200 is refused", "AH-LIST-MSG-06", asked(func(q url.Values) {
		if q.Get("limit") == "200" && !q.Has("since") && !q.Has("task_id") {
			q.Set("limit", "201")
			q.Set("since", "not-a-date")
		}
	})},
	{"limit=200 finds 100", "AH-LIST-MSG-06", asked(func(q url.Values) {
		if q.Get("limit") == "200" {
			q.Set("limit", "100")
		}
	})},
	{"of three filters the task is forgotten on a long thread", "AH-LIST-MSG-26", forgetful},
	{"since is rounded up to a second", "AH-LIST-MSG-27", asked(func(q url.Values) {
		if at, err := time.Parse(time.RFC3339Nano, q.Get("since")); err == nil && at.Sub(at.Truncate(time.Second)) >= time.Second/2 {
			q.Set("since", at.Truncate(time.Second).Add(time.Second).Format(time.RFC3339Nano))
		}
	})},
	{"a limit breaks it when it is 0", "AH-LIST-MSG-08", noMessages(500, func(r *http.Request, _ *httptest.ResponseRecorder) bool {
		return r.URL.Query().Get("limit") == "0"
	})},
	{"a list that a limit cuts is newest first", "AH-LIST-MSG-09", threads(func(q url.Values, rows []any) []any {
		if n, _ := strconv.Atoi(q.Get("limit")); len(rows) == n || !q.Has("limit") && len(rows) == 50 {
			return reversed(rows)
		}
		return rows
	})},
	{"since is ignored", "AH-LIST-MSG-10 AH-LIST-MSG-13", lacking("since", func(q url.Values) bool {
		return !strings.Contains(q.Get("since"), "99") && q.Get("since") != "not-a-date"
	})},
	{"since loses the next message", "AH-LIST-MSG-11", threads(func(q url.Values, rows []any) []any {
		if q.Has("since") && len(rows) > 2 {
			return rows[1:]
		}
		return rows
	})},
	{"the future finds everything", "AH-LIST-MSG-13", lacking("since", func(q url.Values) bool { return strings.HasPrefix(q.Get("since"), "2026") })},
	{"an offset of since is ignored", "AH-LIST-MSG-14", asked(func(q url.Values) {
		if v := q.Get("since"); len(v) == len("2025-01-01T00:00:00+01:00") {
			q.Set("since", v[:19]+"Z")
		}
	})},
	{"a malformed since breaks it", "AH-LIST-MSG-15", noMessages(500, func(r *http.Request, _ *httptest.ResponseRecorder) bool {
		return strings.Contains(r.URL.Query().Get("since"), "99-99")
	})},
	{"task_id finds messages without a task too", "AH-LIST-MSG-17", loose()},
	{"an unknown task finds everything", "AH-LIST-MSG-18", lacking("task_id", func(q url.Values) bool { return q.Get("task_id") == handoffNobody })},
	{"a malformed task finds everything", "AH-LIST-MSG-19", lacking("task_id", func(q url.Values) bool { return len(q.Get("task_id")) < 36 })},
	{"since is ignored beside task_id", "AH-LIST-MSG-20", lacking("since", func(q url.Values) bool { return q.Has("task_id") && q.Get("limit") == "200" })},
	{"limit is ignored beside both filters", "AH-LIST-MSG-21 AH-LIST-MSG-26", asked(func(q url.Values) {
		if q.Has("task_id") && q.Has("since") {
			q.Set("limit", "200")
		}
	})},
	// They are left out behind the limit, which then shows too few.
	{"messages of tasks are listed with them alone", "AH-LIST-MSG-04 AH-LIST-MSG-05 AH-LIST-MSG-06 AH-LIST-MSG-22", threads(func(q url.Values, rows []any) []any {
		if q.Has("task_id") {
			return rows
		}
		return slices.DeleteFunc(rows, func(m any) bool { return m.(map[string]any)["task_id"] != nil })
	})},
	{"an empty list is 404", "AH-LIST-MSG-24", noMessages(404, func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return w.Code == 200 && r.URL.RawQuery == "" && strings.HasPrefix(strings.ReplaceAll(w.Body.String(), " ", ""), `{"messages":[]`)
	})},
	{"a list begins with a message of another ticket", "AH-LIST-MSG-25", mixed()},
	{"a limit of more than 200 is granted", "AH-LIST-MSG-07", unlimitedThread()},
	{"a message created at since comes again", "AH-LIST-MSG-12 AH-LIST-MSG-23", asked(func(q url.Values) {
		if at, err := time.Parse(time.RFC3339Nano, q.Get("since")); err == nil {
			q.Set("since", at.Add(-time.Millisecond).Format(time.RFC3339Nano))
		}
	})},
	{"task_id is ignored", "AH-LIST-MSG-16 AH-LIST-MSG-17 AH-MSG-08", lacking("task_id", func(q url.Values) bool {
		return len(q.Get("task_id")) == 36 && q.Get("task_id") != handoffNobody && !strings.HasSuffix(q.Get("task_id"), "zzzz")
	})},
}

// loose adds messages without a task to those of a task.
func loose() wrap {
	return func(fake http.Handler) http.Handler {
		return judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
			q := r.URL.Query()
			if !isThread(r, w) || !q.Has("task_id") || q.Get("task_id") == handoffNobody || len(q.Get("task_id")) < 36 {
				return
			}
			q.Del("task_id")
			all := readThread(fake, r, q)
			edit(w, func(own map[string]any) {
				rows, _ := own["messages"].([]any)
				if len(rows) == 0 {
					return
				}
				for _, m := range all {
					if m["task_id"] == nil {
						rows = append(rows, m)
					}
				}
				slices.SortStableFunc(rows, func(a, b any) int { return shown(a).Compare(shown(b)) })
				if n, _ := strconv.Atoi(q.Get("limit")); n > 0 {
					rows = rows[:min(n, len(rows))]
				}
				own["messages"] = rows
			})
		})(fake)
	}
}

// unlimitedThread answers a limit above 200 with all messages.
func unlimitedThread() wrap {
	return func(fake http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n, _ := strconv.Atoi(r.URL.Query().Get("limit"))
			if !isHandoff(r) || n <= 200 {
				fake.ServeHTTP(w, r)
				return
			}
			all, seen := []map[string]any{}, map[any]bool{}
			query := url.Values{"limit": {"200"}}
			for {
				before := len(all)
				for _, m := range readThread(fake, r, query) {
					if !seen[m["id"]] {
						seen[m["id"]] = true
						all = append(all, m)
					}
				}
				if len(all) == before {
					break
				}
				query.Set("since", all[len(all)-1]["created_at"].(string))
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]any{"messages": all})
		})
	}
}

var handoffRowMutants = []mutant{
	{"message ids are no UUIDs", "AH-MSG-01", handoff(func(m map[string]any) { m["id"] = "m-" + m["id"].(string) })},
	{"authors are users", "AH-MSG-02", handoff(set("author_type", "user"))},
	{"author ids are numbers", "AH-MSG-03", handoff(set("author_id", 7))},
	{"bodies are null", "AH-MSG-04", handoff(set("body", nil))},
	{"task ids are numbers", "AH-MSG-05", handoff(where("task_id", nil, set("task_id", 0)))},
	{"bodies are HTML", "AH-MSG-06", handoff(set("body_format", "html"))},
	{"times are written for people", "AH-MSG-07", handoff(func(m map[string]any) {
		m["created_at"] = strings.Replace(m["created_at"].(string), "T", " ", 1)
	})},
	{"messages under task_id show another task", "AH-MSG-08", threads(func(q url.Values, rows []any) []any {
		for _, m := range rows {
			if q.Has("task_id") {
				m.(map[string]any)["task_id"] = handoffNobody
			}
		}
		return rows
	})},
}

var handoffErrorMutants = []mutant{
	{"AppHandoff needs no key", "AH-ERR-01", admits(func(r *http.Request) bool { return auth(r) == "" })},
	{"AppHandoff takes any token", "AH-ERR-02", admits(func(r *http.Request) bool { return strings.Contains(auth(r), "made") })},
	{"an outsider may read", "AH-ERR-03", admits(func(r *http.Request) bool { return auth(r) == outsider })},
	{"an unknown ticket of AppHandoff has no messages", "AH-ERR-04", noMessages(200, func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return w.Code == 404 && strings.HasSuffix(r.URL.Path, "tickets/"+handoffNobody+"/messages")
	})},
	{"an unknown project has no messages", "AH-ERR-05", noMessages(200, func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return strings.Contains(r.URL.Path, "projects/"+handoffNobody)
	})},
	{"a ticket is served through another project", "AH-ERR-06", astray},
	{"a malformed ticket breaks it", "AH-ERR-07", noMessages(500, func(r *http.Request, _ *httptest.ResponseRecorder) bool { return ticketIn(r.URL.Path) == "123" })},
	{"errors of AppHandoff are called message", "AH-ERR-08", edits(goneWrong(401, 403, 404), func(body map[string]any) {
		body["message"] = body["error"]
		delete(body, "error")
	})},
	{"codes of AppHandoff are numbers", "AH-ERR-09", edits(goneWrong(401, 403, 404), set("code", 404))},
	{"fieldErrors are arrays", "AH-ERR-10", edits(goneWrong(400), set("fieldErrors", map[string]any{"limit": []string{"wrong"}}))},
	{"issues are strings", "AH-ERR-11", edits(goneWrong(400), set("issues", []string{"wrong"}))},
	{"retryAfter is a string", "AH-ERR-12", edits(goneWrong(429), set("retryAfter", "60"))},
	{"reconnect comes on 404", "AH-ERR-13", edits(goneWrong(404), set("reconnect", true))},
	{"a 429 says no retryAfter", "AH-ERR-14", edits(goneWrong(429), unset("retryAfter"))},
	{"a 400 has no error", "AH-ERR-15", edits(goneWrong(400), unset("error"))},
}
