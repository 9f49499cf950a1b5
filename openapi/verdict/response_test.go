package verdict_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

const goodTickets = `{"data": [{"id": "` + uuid + `", "ticket_number": 42, "subject": "a", "inbox_id": null, "status": "open",
	"status_id": null, "status_name": "Open", "status_color": "#00ff00", "priority": "low", "priority_id": null,
	"priority_name": null, "priority_color": null, "assignee_id": null, "contact_id": null, "remind_at": null,
	"remind_transition_status_id": null, "created_at": "2024-12-25T10:00:00Z", "updated_at": "2024-12-25T10:00:00.123+02:00"}],
	"meta": {"page": 1, "per_page": 25, "total": 1}}`

const goodMessages = `{"data": [{"id": "` + uuid + `", "direction": "inbound", "type": "email", "from_address": "a@example.com",
	"to_addresses": "b@example.com, c@example.com", "cc_addresses": null, "bcc_addresses": null, "send_status": null,
	"send_error": null, "body_text": "a", "body_html": null, "sent_at": "2024-12-25T10:00:00Z",
	"created_at": "2024-12-25T10:00:00Z", "attachments": [{"id": "` + uuid + `", "file_name": "a.png",
	"content_type": "image/png", "size_bytes": 42, "disposition": "inline", "content_id": "a@b"}]}]}`

const goodHandoff = `{"messages": [{"id": "` + uuid + `", "author_type": "human", "author_id": null, "body": "a",
	"task_id": null, "body_format": null, "created_at": "2024-12-25T10:00:00Z"}]}`

func problem(status int, code string) string {
	return fmt.Sprintf(`{"type": "https://docs.inboxops.app/api/problems/%s", "title": "t", "status": %d, "detail": "d", "code": %q}`,
		code, status, code)
}

func sample(code int, extra string) string {
	return fmt.Sprintf(`{"error": "e", "message": "m", "code": %d%s}`, code, extra)
}

func answer(status int, kind, body string) *http.Response {
	r := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

// with replaces a part of a good body, which must be there.
func with(body, old, changed string) string {
	if !strings.Contains(body, old) {
		panic("no " + old)
	}
	return strings.Replace(body, old, changed, 1)
}

type responseCase struct {
	request string // method and target
	status  int
	kind    string
	body    string
	header  http.Header
	want    []string
}

const (
	plainJSON   = "application/json"
	problemJSON = "application/problem+json"
)

func ticketsAnswer(body string, want ...string) responseCase {
	return responseCase{request: "GET " + tickets, status: 200, kind: plainJSON, body: body, want: want}
}

func messagesAnswer(body string, want ...string) responseCase {
	return responseCase{request: "GET " + thread, status: 200, kind: plainJSON, body: body, want: want}
}

func handoffAnswer(status int, body string, want ...string) responseCase {
	return responseCase{request: "GET " + handoff, status: status, kind: plainJSON, body: body, want: want}
}

var responseCases = map[string]responseCase{
	"a good list":                         ticketsAnswer(goodTickets),
	"a media type with a parameter":       {request: "GET " + tickets, status: 200, kind: "Application/JSON; Charset=UTF-8", body: goodTickets},
	"an empty list":                       ticketsAnswer(`{"data": [], "meta": {"page": 9, "per_page": 25, "total": 0}}`),
	"a ticket with the sure members only": ticketsAnswer(`{"data": [{"id": "` + strings.ToUpper(uuid) + `", "ticket_number": 1, "status": "closed", "priority": "urgent", "created_at": "2024-12-25T10:00:00Z", "updated_at": "2024-12-25T10:00:00-02:00"}], "meta": {"page": 1, "per_page": 1, "total": 1}}`),
	"a number as text":                    ticketsAnswer(with(goodTickets, `"ticket_number": 42`, `"ticket_number": "42"`), "body.data[0].ticket_number type"),
	"null where a value is sure":          ticketsAnswer(with(goodTickets, `"status": "open"`, `"status": null`), "body.data[0].status type"),
	"a malformed id":                      ticketsAnswer(with(goodTickets, uuid, "7"), "body.data[0].id format"),
	"an impossible date":                  ticketsAnswer(with(goodTickets, "2024-12-25T10:00:00Z", "2024-13-25T10:00:00Z"), "body.data[0].created_at format"),
	"a colour in words":                   ticketsAnswer(with(goodTickets, "#00ff00", "green"), "body.data[0].status_color pattern"),
	"a missing id":                        ticketsAnswer(with(goodTickets, `"id": "`+uuid+`", `, ""), "body.data[0].id required"),
	"no meta":                             ticketsAnswer(`{"data": []}`, "body.meta required"),
	"no total":                            ticketsAnswer(with(goodTickets, `, "total": 1`, ""), "body.meta.total required"),
	"data as an object":                   ticketsAnswer(`{"data": {}, "meta": {"page": 1, "per_page": 1, "total": 1}}`, "body.data type"),
	"a member of no schema":               ticketsAnswer(with(goodTickets, `"subject"`, `"custom_fields": {"a": 1}, "subject"`), "body.data[0].custom_fields undocumented-field"),
	"a bad member beside a new one":       ticketsAnswer(with(goodTickets, `"subject": "a"`, `"subject": 1, "new": 2`), "body.data[0].subject type", "body.data[0].new undocumented-field"),
	"an empty body":                       ticketsAnswer(``, "body body"),
	"a truncated body":                    ticketsAnswer(goodTickets[:100], "body body"),
	"two bodies":                          ticketsAnswer(goodTickets+goodTickets, "body body"),
	"another media type":                  {request: "GET " + tickets, status: 200, kind: "text/html", body: goodTickets, want: []string{"header.Content-Type content-type"}},
	"no media type":                       {request: "GET " + tickets, status: 200, body: goodTickets, want: []string{"header.Content-Type content-type"}},
	"an undocumented status":              {request: "GET " + tickets, status: 418, kind: plainJSON, body: `{}`, want: []string{"response.status undocumented-status"}},
	"404 of a list":                       {request: "GET " + tickets, status: 404, kind: problemJSON, body: problem(404, "not_found"), want: []string{"response.status undocumented-status"}},
	"405 of a documented method":          {request: "GET " + tickets, status: 405, kind: problemJSON, body: problem(405, "method_not_allowed"), want: []string{"response.status undocumented-status"}},

	"HEAD":                        {request: "HEAD " + tickets, status: 200, kind: plainJSON},
	"HEAD without a media type":   {request: "HEAD " + tickets, status: 200},
	"HEAD that is not offered":    {request: "HEAD " + tickets, status: 405},
	"HEAD with another status":    {request: "HEAD " + tickets, status: 418, want: []string{"response.status undocumented-status"}},
	"HEAD of a list with 404":     {request: "HEAD " + tickets, status: 404, want: []string{"response.status undocumented-status"}},
	"HEAD with a bad Retry-After": {request: "HEAD " + tickets, status: 429, header: http.Header{"Retry-After": {"soon"}}, want: []string{"header.Retry-After pattern"}},

	"good messages":                   messagesAnswer(goodMessages),
	"addresses as an array":           messagesAnswer(with(goodMessages, `"b@example.com, c@example.com"`, `["b@example.com"]`), "body.data[0].to_addresses type"),
	"an e-mail without direction":     messagesAnswer(with(goodMessages, `"inbound"`, `null`), "body.data[0].direction type"),
	"a note without direction":        messagesAnswer(with(with(goodMessages, `"inbound"`, `null`), `"email"`, `"internal_note"`)),
	"a note with the sure members":    messagesAnswer(`{"data": [{"id": "` + uuid + `", "type": "internal_note", "created_at": "2024-12-25T10:00:00Z"}]}`),
	"an e-mail with the sure members": messagesAnswer(`{"data": [{"id": "`+uuid+`", "type": "email", "created_at": "2024-12-25T10:00:00Z"}]}`, "body.data[0].direction required"),
	"a draft":                         messagesAnswer(with(goodMessages, `"send_status": null`, `"send_status": "draft"`), "body.data[0].send_status enum"),
	"null attachments":                messagesAnswer(`{"data": [{"id": "` + uuid + `", "type": "internal_note", "attachments": null, "created_at": "2024-12-25T10:00:00Z"}]}`),
	"a negative size":                 messagesAnswer(with(goodMessages, ": 42", ": -1"), "body.data[0].attachments[0].size_bytes range"),
	"a fractional size":               messagesAnswer(with(goodMessages, ": 42", ": 4.5"), "body.data[0].attachments[0].size_bytes type"),
	"an unknown disposition":          messagesAnswer(with(goodMessages, `"inline"`, `"embedded"`), "body.data[0].attachments[0].disposition enum"),

	"a note stored":                       {request: "POST " + thread, status: 201, kind: plainJSON, body: `{"data": {"anything": 1}}`},
	"a note stored, no body":              {request: "POST " + thread, status: 201},
	"a note stored, a text":               {request: "POST " + thread, status: 201, kind: "text/plain", body: "ok"},
	"a note stored, an array":             {request: "POST " + thread, status: 201, kind: plainJSON, body: `[]`, want: []string{"body type"}},
	"a note stored with 200":              {request: "POST " + thread, status: 200, kind: plainJSON, body: `{}`, want: []string{"response.status undocumented-status"}},
	"a problem":                           {request: "GET " + tickets, status: 401, kind: problemJSON, body: problem(401, "unauthorized")},
	"a problem with an unlisted code":     {request: "GET " + tickets, status: 403, kind: problemJSON, body: problem(403, "suspended")},
	"a problem with field errors":         {request: "GET " + tickets, status: 400, kind: problemJSON, body: with(problem(400, "bad_request"), "}", `, "errors": [{"field": "status", "message": "m"}]}`)},
	"a problem with bad field errors":     {request: "GET " + tickets, status: 400, kind: problemJSON, body: with(problem(400, "bad_request"), "}", `, "errors": [{"field": 1}]}`), want: []string{"body.errors[0].message required", "body.errors[0].field type"}},
	"a problem with a new member":         {request: "GET " + tickets, status: 401, kind: problemJSON, body: with(problem(401, "unauthorized"), "}", `, "errors": []}`), want: []string{"body.errors undocumented-field"}},
	"a problem of another status":         {request: "GET " + tickets, status: 401, kind: problemJSON, body: problem(403, "forbidden"), want: []string{"body.status enum"}},
	"a problem with a number as code":     {request: "GET " + tickets, status: 401, kind: problemJSON, body: with(problem(401, "x"), `"code": "x"`, `"code": 401`), want: []string{"body.code type"}},
	"a problem without code":              {request: "GET " + tickets, status: 401, kind: problemJSON, body: with(problem(401, "x"), `, "code": "x"`, ``), want: []string{"body.code required"}},
	"a sample error":                      {request: "GET " + thread, status: 404, kind: plainJSON, body: sample(404, "")},
	"a sample error with details":         {request: "GET " + thread, status: 400, kind: plainJSON, body: sample(400, `, "details": [{"field": "types", "message": "m"}]`)},
	"a sample error with text as details": {request: "GET " + thread, status: 400, kind: plainJSON, body: sample(400, `, "details": "no"`), want: []string{"body.details type"}},
	"a sample error with retryAfter":      {request: "POST " + thread, status: 429, kind: plainJSON, body: sample(429, `, "retryAfter": 3600`), header: http.Header{"Retry-After": {"3600"}}},
	"a sample error of another status":    {request: "GET " + thread, status: 404, kind: plainJSON, body: sample(400, ""), want: []string{"body.code range"}},
	"a sample error with a word as code":  {request: "GET " + thread, status: 404, kind: plainJSON, body: `{"error": "e", "message": "m", "code": "x"}`},
	"a problem as plain JSON":             {request: "GET " + thread, status: 404, kind: plainJSON, body: with(problem(404, "x"), `"code": "x"`, `"code": 404`), want: []string{"body.error required", "body.message required", "body.detail undocumented-field", "body.status undocumented-field", "body.title undocumented-field", "body.type undocumented-field"}},
	"a Retry-After that is a date":        {request: "GET " + tickets, status: 429, kind: problemJSON, body: problem(429, "rate_limit_exceeded"), header: http.Header{"Retry-After": {"Wed, 25 Dec 2024 10:00:00 GMT"}}},
	"a negative Retry-After":              {request: "GET " + tickets, status: 429, kind: problemJSON, body: problem(429, "rate_limit_exceeded"), header: http.Header{"Retry-After": {"-1"}}, want: []string{"header.Retry-After pattern"}},
	"a header of no document":             {request: "GET " + tickets, status: 200, kind: plainJSON, body: goodTickets, header: http.Header{"X-Foo": {"1"}, "X-Request-Id": {"a"}}},

	"404 of no path":            {request: "GET /api/v1/nowhere", status: 404, kind: problemJSON, body: problem(404, "not_found")},
	"404 of no path, sample":    {request: "GET /api/v1/nowhere", status: 404, kind: plainJSON, body: sample(404, "")},
	"a bad 404 of no path":      {request: "GET /api/v1/nowhere", status: 404, kind: problemJSON, body: problem(400, "bad_request"), want: []string{"body.status enum"}},
	"405 of no method":          {request: "DELETE " + thread, status: 405, kind: problemJSON, body: problem(405, "method_not_allowed")},
	"404 of no method":          {request: "DELETE " + thread, status: 404, kind: problemJSON, body: problem(404, "not_found")},
	"200 of no path":            {request: "GET /api/v1/nowhere", status: 200, kind: plainJSON, body: `{}`, want: []string{"response.status undocumented-response"}},
	"405 of no method, handoff": {request: "POST " + handoff, status: 405, kind: plainJSON, body: `{"error": "e", "code": "METHOD_NOT_ALLOWED"}`},

	"good handoff messages":             handoffAnswer(200, goodHandoff),
	"handoff with the sure members":     handoffAnswer(200, `{"messages": [{"id": "`+uuid+`", "author_type": "agent", "body": "", "created_at": "2024-12-25T10:00:00Z"}]}`),
	"a handoff author of another kind":  handoffAnswer(200, with(goodHandoff, "human", "bot"), "body.messages[0].author_type enum"),
	"a handoff author as a number":      handoffAnswer(200, with(goodHandoff, `"author_id": null`, `"author_id": 5`), "body.messages[0].author_id type"),
	"a handoff author that is no UUID":  handoffAnswer(200, with(goodHandoff, `"author_id": null`, `"author_id": "codex"`)),
	"a handoff task that is no UUID":    handoffAnswer(200, with(goodHandoff, `"task_id": null`, `"task_id": "7"`), "body.messages[0].task_id format"),
	"a handoff body format in HTML":     handoffAnswer(200, with(goodHandoff, `"body_format": null`, `"body_format": "html"`), "body.messages[0].body_format enum"),
	"handoff with paging":               handoffAnswer(200, with(goodHandoff, `{"messages"`, `{"meta": {}, "messages"`), "body.meta undocumented-field"),
	"a handoff error":                   handoffAnswer(400, `{"error": "e", "code": "VALIDATION_ERROR", "fieldErrors": {"limit": "m"}, "issues": [{"path": "limit", "message": "m"}]}`),
	"a handoff error of bad parts":      handoffAnswer(400, `{"error": "e", "fieldErrors": {"limit": 1}, "issues": [{"path": "limit"}]}`, "body.fieldErrors.limit type", "body.issues[0].message required"),
	"a handoff error without a message": handoffAnswer(403, `{"code": "FORBIDDEN"}`, "body.error required"),
	"a handoff retry":                   handoffAnswer(429, `{"error": "e", "retryAfter": 1.5}`),
	"reconnect on 401":                  handoffAnswer(401, `{"error": "e", "reconnect": true}`),
	"reconnect on 401 as text":          handoffAnswer(401, `{"error": "e", "reconnect": "yes"}`, "body.reconnect type"),
	"reconnect on 403":                  handoffAnswer(403, `{"error": "e", "reconnect": true}`, "body.reconnect undocumented-field"),
	"a problem at AppHandoff":           {request: "GET " + handoff, status: 404, kind: problemJSON, body: `{"error": "e"}`, want: []string{"header.Content-Type content-type"}},
}

func TestOnResponse(t *testing.T) {
	t.Parallel()
	for name, c := range responseCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			method, target, _ := strings.Cut(c.request, " ")
			contract := load(t, openapi.InboxOps)
			if target == handoff {
				contract = load(t, openapi.AppHandoff)
			}
			resp := answer(c.status, c.kind, c.body)
			for key, values := range c.header {
				resp.Header[key] = values
			}
			found := verdict.OnResponse(contract, httptest.NewRequest(method, target, nil), resp)
			if diff := cmp.Diff(c.want, brief(found)); diff != "" {
				t.Errorf("violations (-want +got):\n%s\n%v", diff, found)
			}
			if left, err := io.ReadAll(resp.Body); err != nil || string(left) != c.body {
				t.Errorf("the body reads %q, %v after the check, want %q", left, err, c.body)
			}
		})
	}
}

// Every error of every operation passes in each dialect, and an empty object in none.
func TestEveryErrorInEveryDialect(t *testing.T) {
	t.Parallel()
	for _, name := range services {
		contract := load(t, name)
		for _, op := range contract.Operations() {
			path := strings.NewReplacer("{id}", uuid, "{ticketId}", uuid).Replace(op.Path)
			for _, want := range op.Responses {
				if want.Status < 400 {
					continue
				}
				bodies := map[string]string{problemJSON: problem(want.Status, want.Codes[0]), plainJSON: sample(want.Status, "")}
				if name == openapi.AppHandoff {
					bodies = map[string]string{plainJSON: fmt.Sprintf(`{"error": "e", "code": %q}`, want.Codes[0])}
				}
				for kind, body := range bodies {
					r := httptest.NewRequest(op.Method, path, nil)
					if found := verdict.OnResponse(contract, r, answer(want.Status, kind, body)); len(found) > 0 {
						t.Errorf("%s %d %s: %v", op.ID, want.Status, kind, found)
					}
					if found := verdict.OnResponse(contract, r, answer(want.Status, kind, "{}")); len(found) == 0 {
						t.Errorf("%s %d %s: an empty object passes", op.ID, want.Status, kind)
					}
				}
			}
		}
	}
}

func TestOnResponseStopsAtTwenty(t *testing.T) {
	t.Parallel()
	rows := strings.TrimSuffix(strings.Repeat(`{"id": 5},`, 30), ",")
	body := `{"data": [` + rows + `], "meta": {"page": 1, "per_page": 1, "total": 1}}`
	found := verdict.OnResponse(load(t, openapi.InboxOps), httptest.NewRequest("GET", tickets, nil), answer(200, plainJSON, body))
	if len(found) != 20 || !strings.HasPrefix(found[0].Where, "body.data[0].") || !strings.HasPrefix(found[19].Where, "body.data[3].") {
		t.Errorf("got %d violations, want 20 in the order of the rows: %v", len(found), brief(found))
	}
}

func TestConcurrentChecks(t *testing.T) {
	t.Parallel()
	contract := load(t, openapi.InboxOps)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				good := httptest.NewRequest("GET", tickets+"?status=open&tag_ids="+uuid, nil)
				bad := httptest.NewRequest("GET", tickets+"?status=bogus&page=x", nil)
				if a, b := verdict.OnRequest(contract, good), verdict.OnRequest(contract, bad); len(a) != 0 || len(b) != 2 {
					t.Errorf("got %v and %v, want none and two", a, b)
				}
				broken := with(goodTickets, `"subject": "a"`, `"subject": 5`)
				a := verdict.OnResponse(contract, good, answer(200, plainJSON, goodTickets))
				b := verdict.OnResponse(contract, good, answer(200, plainJSON, broken))
				if len(a) != 0 || len(b) != 1 {
					t.Errorf("got %v and %v, want none and one", a, b)
				}
			}
		})
	}
	wg.Wait()
}
