package judgetest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judgetest"
)

// The keys of the fake, as Authorization headers.
const (
	main       = "Bearer ixk_test_readwrite"
	readOnly   = "Bearer ixk_test_readonly"
	revoked    = "Bearer ixk_test_revoked"
	unentitled = "Bearer ixk_test_unentitled"
	limited    = "Bearer ixk_limited_readwrite"
)

const list = "/api/v1/tickets"

func isMessages(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, list+"/") && strings.HasSuffix(r.URL.Path, "/messages")
}

func auth(r *http.Request) string { return r.Header.Get("Authorization") }

// lets sends requests that meet the condition with the main key.
func lets(when func(*http.Request) bool) wrap {
	return judgetest.Change(func(r *http.Request) {
		if when(r) {
			r.Header.Set("Authorization", main)
		}
	}, nil)
}

// storesAndRefuses stores the caller's notes and answers with the status nevertheless.
func storesAndRefuses(authorization string, status int) wrap {
	return judgetest.Change(func(r *http.Request) {
		if r.Method == http.MethodPost && auth(r) == authorization {
			r.Header.Set("Authorization", main)
		}
	}, func(r *http.Request, w *httptest.ResponseRecorder) {
		if r.Method == http.MethodPost && auth(r) == authorization {
			refuse(w, status)
		}
	})
}

// refuse replaces the answer by a proper refusal.
func refuse(w *httptest.ResponseRecorder, status int) {
	code := map[int]string{401: "unauthorized", 404: "not_found", 403: "forbidden", 429: "rate_limit_exceeded"}[status]
	w.Code = status
	w.Header().Set("Content-Type", "application/problem+json")
	w.Body.Reset()
	_ = json.NewEncoder(w.Body).Encode(map[string]any{
		"type": "https://docs.inboxops.app/api/problems/" + code, "title": code, "status": status, "detail": code, "code": code,
	})
}

// edits changes the JSON object of answers that meet the condition.
func edits(when condition, change func(map[string]any)) wrap {
	return judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if when(r, w) {
			edit(w, change)
		}
	})
}

// edit changes the JSON object of an answer.
func edit(w *httptest.ResponseRecorder, change func(map[string]any)) {
	var body map[string]any
	if json.Unmarshal(w.Body.Bytes(), &body) == nil {
		change(body)
		w.Body.Reset()
		_ = json.NewEncoder(w.Body).Encode(body)
	}
}

func status(code int) condition {
	return func(_ *http.Request, w *httptest.ResponseRecorder) bool { return w.Code == code }
}

// spoken are answers of the status in the fake's own dialect.
func spoken(code int) condition {
	return func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return w.Code == code && r.Header.Get("Prefer") == ""
	}
}

// sampled are answers of the status in the sample dialect.
func sampled(code int) condition {
	return func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return w.Code == code && strings.Contains(r.Header.Get("Prefer"), "sample")
	}
}

// recode gives a problem another code that is coherent in itself.
func recode(body map[string]any) {
	if body["type"] == nil {
		return
	}
	body["code"], body["type"] = "teapot", "https://docs.inboxops.app/api/problems/teapot"
}

func set(name string, value any) func(map[string]any) {
	return func(body map[string]any) { body[name] = value }
}

func unset(name string) func(map[string]any) {
	return func(body map[string]any) { delete(body, name) }
}

// storesLimited shows the note that the limited key could not post.
func storesLimited() wrap {
	var stored string
	return judgetest.Change(func(r *http.Request) {
		if r.Method == http.MethodPost && auth(r) == limited {
			body, _ := io.ReadAll(r.Body)
			stored = string(body)
			r.Body = io.NopCloser(strings.NewReader(stored))
		}
	}, func(r *http.Request, w *httptest.ResponseRecorder) {
		if r.Method == http.MethodGet && isMessages(r) && auth(r) == limited && w.Code == http.StatusOK && stored != "" {
			text, _ := json.Marshal(stored)
			row := `{"data":[{"id":"11111111-1111-4111-8111-111111111111","type":"internal_note","created_at":"2025-01-01T00:00:00Z","body_text":` + string(text) + `},`
			page := strings.Replace(w.Body.String(), `{"data":[`, row, 1)
			w.Body.Reset()
			w.Body.WriteString(strings.Replace(page, "},]", "}]", 1))
		}
	})
}

// accessMutants are defects of authentication, errors and the rate limit.
var accessMutants = []mutant{
	// No timeline can be read then.
	{"good keys are refused for timelines", "IO-AUTH-01 IO-LIST-MSG-01 IO-LIST-MSG-03 IO-LIST-MSG-04 IO-LIST-MSG-16 IO-LIST-MSG-18", judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if isMessages(r) && auth(r) == main && r.Method == http.MethodGet {
			refuse(w, http.StatusUnauthorized)
		}
	})},
	{"the list needs no key", "IO-AUTH-02", lets(func(r *http.Request) bool { return r.URL.Path == list && auth(r) == "" && r.URL.RawQuery == "" })},
	{"a key with more behind it is let in", "IO-AUTH-03", lets(func(r *http.Request) bool { return r.URL.Path == list && strings.HasPrefix(auth(r), main) })},
	{"a revoked key lists", "IO-AUTH-04", lets(func(r *http.Request) bool { return r.URL.Path == list && auth(r) == revoked })},
	{"Basic is let in", "IO-AUTH-05", lets(func(r *http.Request) bool { return strings.HasPrefix(auth(r), "Basic ") })},
	{"Bearer alone is let in", "IO-AUTH-06", lets(func(r *http.Request) bool { return auth(r) == "Bearer" })},
	{"timelines need no key", "IO-AUTH-07", lets(func(r *http.Request) bool { return isMessages(r) && auth(r) == "" && r.Method == http.MethodGet })},
	{"a revoked key reads timelines", "IO-AUTH-08", lets(func(r *http.Request) bool { return isMessages(r) && auth(r) == revoked && r.Method == http.MethodGet })},
	// IO-POST-MSG-25 is about every refusal.
	{"a note without a key is refused and stored", "IO-AUTH-09 IO-POST-MSG-25", storesAndRefuses("", http.StatusUnauthorized)},
	{"a note with a revoked key is refused and stored", "IO-AUTH-10 IO-POST-MSG-25", storesAndRefuses(revoked, http.StatusUnauthorized)},
	{"the list needs no entitlement", "IO-AUTH-11", lets(func(r *http.Request) bool { return r.URL.Path == list && auth(r) == unentitled })},
	{"timelines need no entitlement", "IO-AUTH-12", lets(func(r *http.Request) bool {
		return isMessages(r) && auth(r) == unentitled && r.Method == http.MethodGet
	})},
	{"a note without entitlement is refused and stored", "IO-AUTH-13 IO-POST-MSG-25", storesAndRefuses(unentitled, http.StatusForbidden)},
	{"a read-only key may not list", "IO-AUTH-14", judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if r.URL.Path == list && auth(r) == readOnly {
			refuse(w, http.StatusForbidden)
		}
	})},
	{"a read-only key may not read timelines", "IO-AUTH-15", judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if isMessages(r) && r.Method == http.MethodGet && auth(r) == readOnly {
			refuse(w, http.StatusForbidden)
		}
	})},
	{"a read-only key writes", "IO-AUTH-16", lets(func(r *http.Request) bool { return r.Method == http.MethodPost && auth(r) == readOnly })},
	{"the missing entitlement has another code", "IO-AUTH-17", edits(func(r *http.Request, w *httptest.ResponseRecorder) bool {
		return w.Code == 403 && auth(r) == unentitled
	}, recode)},
	{"the missing scope has another code", "IO-AUTH-18", edits(func(r *http.Request, w *httptest.ResponseRecorder) bool { return w.Code == 403 && auth(r) == readOnly }, recode)},
	{"401 has another code", "IO-AUTH-19", edits(status(401), recode)},
	{"the key may stand in the query", "IO-AUTH-20", lets(func(r *http.Request) bool { return r.URL.Query().Get("api_key") != "" })},
	{"a key without its prefix is let in", "IO-AUTH-21", lets(func(r *http.Request) bool {
		return r.URL.Path == list && auth(r) == "Bearer "+strings.TrimPrefix(main, "Bearer ixk_")
	})},
	{"a key without its last character is let in", "IO-AUTH-22", lets(func(r *http.Request) bool { return auth(r) == main[:len(main)-1] })},
	{"a revoked key may send HEAD", "IO-AUTH-23", lets(func(r *http.Request) bool { return r.Method == http.MethodHead && auth(r) == revoked })},
	{"the second write of a read-only key is taken", "IO-AUTH-24", secondWrites()},
	{"404 is a list", "IO-ERR-01 IO-LIST-MSG-06 AH-ERR-08", judgetest.Change(nil, func(_ *http.Request, w *httptest.ResponseRecorder) {
		if w.Code == http.StatusNotFound {
			w.Body.Reset()
			w.Body.WriteString("[]")
		}
	})},
	{"problems have another media type", "IO-ERR-02", judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if w.Code == http.StatusNotFound && r.Header.Get("Prefer") == "" {
			w.Header().Set("Content-Type", "text/json")
		}
	})},
	{"type ends in another word than code", "IO-ERR-03", edits(spoken(404), set("code", "gone"))},
	{"status in the body is another one", "IO-ERR-04", edits(spoken(404), set("status", 400))},
	{"instance ends in another id", "IO-ERR-05", edits(spoken(404), set("instance", "https://docs.inboxops.app/api/problems/instances/other"))},
	{"code is a boolean in samples", "IO-ERR-06", edits(sampled(401), set("code", true))},
	{"404 says 400 in samples", "IO-ERR-06 IO-ERR-09", edits(sampled(404), set("code", 400))},
	{"details are a text in samples", "IO-ERR-07", edits(sampled(400), set("details", "wrong"))},
	{"retryAfter is a text in samples", "IO-ERR-08", edits(sampled(429), set("retryAfter", "60"))},
	{"lists are not limited", "IO-RATE-01", judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) { unlimited(r, w, list) })},
	{"timelines are not limited", "IO-RATE-02", judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) { unlimited(r, w, "/messages") })},
	{"a note beyond the limit is refused and stored", "IO-RATE-03", storesLimited()},
	{"429 has another code", "IO-RATE-04", edits(status(429), recode)},
	{"Retry-After is a word", "IO-RATE-05", retryAfter("soon")},
	{"Retry-After is too short", "IO-RATE-06", retryAfter("1")},
}

// secondWrites takes every second note of a read-only key by number.
func secondWrites() wrap {
	writes := 0
	return lets(func(r *http.Request) bool {
		if r.Method != http.MethodPost || auth(r) != readOnly {
			return false
		}
		writes++
		return writes > 2 && isNumbered(r) // IO-AUTH-16 writes by UUID and by number
	})
}

// unlimited answers reads of the path with 200 whatever the limit says.
func unlimited(r *http.Request, w *httptest.ResponseRecorder, end string) {
	if w.Code != http.StatusTooManyRequests || r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, end) {
		return
	}
	w.Code = http.StatusOK
	w.Header().Set("Content-Type", "application/json")
	w.Body.Reset()
	w.Body.WriteString(`{"data":[],"meta":{"page":1,"per_page":25,"total":0}}`)
	if end != list {
		w.Body.Reset()
		w.Body.WriteString(`{"data":[]}`)
	}
}

func retryAfter(value string) wrap {
	return judgetest.Change(nil, func(_ *http.Request, w *httptest.ResponseRecorder) {
		if w.Code == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", value)
		}
	})
}

// failed lists the clauses that failed or broke.
func failed(r conformance.Report) string {
	var ids []string
	for _, result := range r.Results {
		if result.Outcome == scenario.Fail || result.Outcome == scenario.Error {
			ids = append(ids, result.Clause.ID)
		}
	}
	return strings.Join(ids, " ")
}
