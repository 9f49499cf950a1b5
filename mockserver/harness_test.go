package mockserver_test

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/console"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/scrape"
	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// The fixed keys of the default workspace.
const (
	readWrite  = "ixk_test_readwrite"
	readOnly   = "ixk_test_readonly"
	revoked    = "ixk_test_revoked"
	unentitled = "ixk_test_unentitled"
	member     = "ah_k_test_member"
	outsider   = "ah_k_test_outsider"
)

// fake is a server under test. Every answer it gives is checked against the
// contract.
type fake struct {
	*mockserver.Server
	t    *testing.T
	base string // where AppHandoff is served; empty means /api
}

// complete gives a fake what the command gives its own.
func complete(cfg mockserver.Config) mockserver.Config {
	cfg.Verdict, cfg.Metrics, cfg.Console = verdict.OnRequest, scrape.Handler, console.New
	return cfg
}

// start returns a fresh server.
func start(t *testing.T, cfg mockserver.Config) *fake {
	t.Helper()
	server, err := mockserver.New(complete(cfg))
	if err != nil {
		t.Fatal(err)
	}
	return &fake{Server: server, t: t, base: cfg.AppHandoffBase}
}

// desk returns the seeded tickets behind the default workspace.
func (f *fake) desk() *fixtures.InboxOps {
	return &f.Workspace("").Store.World().Data.InboxOps
}

// answer is what came back.
type answer struct {
	t      *testing.T
	Status int
	Header http.Header
	Body   string
}

// get asks for a path with a key.
func (f *fake) get(key, path string, headers ...string) *answer {
	f.t.Helper()
	return f.send("GET", key, path, "", headers...)
}

// post sends a JSON body with a key.
func (f *fake) post(key, path, body string, headers ...string) *answer {
	f.t.Helper()
	return f.send("POST", key, path, body, append([]string{"Content-Type: application/json"}, headers...)...)
}

// send sends a request; headers are "Name: value", of which the last one of a
// name wins and an empty value removes it. An empty key sends none.
func (f *fake) send(method, key, path, body string, headers ...string) *answer {
	f.t.Helper()
	r := httptest.NewRequest(method, "http://fake.test/", strings.NewReader(body))
	path, query, _ := strings.Cut(path, "?")
	r.URL.Path, r.URL.RawQuery = path, query
	if decoded, err := url.PathUnescape(path); err == nil && decoded != path {
		r.URL.RawPath, r.URL.Path = path, decoded
	}
	r.RemoteAddr = "127.0.0.1:50000"
	if strings.HasPrefix(path, control.Prefix) {
		r.Host = "127.0.0.1:4010"
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		switch {
		case value == "":
			r.Header.Del(name)
		case name == "Host":
			r.Host = value
		case name == "Remote": // no header, but where it comes from
			r.RemoteAddr = value
		default:
			r.Header.Set(name, value)
		}
	}
	recorder := httptest.NewRecorder()
	f.ServeHTTP(recorder, r)
	a := &answer{t: f.t, Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.String()}
	f.check(r, recorder)
	if strings.HasPrefix(path, control.Prefix) && a.Status < http.StatusBadRequest {
		r.Body = io.NopCloser(strings.NewReader(body))
		f.checkAccepted(r)
	} else if strings.HasPrefix(path, control.Prefix) {
		a.wantPlain()
	}
	return a
}

// wantPlain expects a refusal of the control API in words of its own.
func (a *answer) wantPlain() {
	a.t.Helper()
	for _, word := range []string{"strconv.", "json: ", "time: ", "parsing time", "yaml: ", "invalid character", "unmarshal", "Go value", "unexpected end of"} {
		if strings.Contains(a.Body, word) {
			a.t.Errorf("%q leaks in %s", word, a.Body)
		}
	}
}

// check validates an answer against the contract of the service it came from.
func (f *fake) check(r *http.Request, recorder *httptest.ResponseRecorder) {
	f.t.Helper()
	name := openapi.InboxOps
	switch {
	case strings.HasPrefix(r.URL.Path, control.Prefix), r.URL.Path == control.Bare:
		name = openapi.Control
	case strings.HasPrefix(r.URL.Path, cmp.Or(f.base, "/api")+"/projects"):
		name = openapi.AppHandoff
		r = r.Clone(r.Context())
		base := cmp.Or(f.base, "/api")
		r.URL.RawPath = "/api" + strings.TrimPrefix(r.URL.EscapedPath(), base)
		r.URL.Path = "/api" + strings.TrimPrefix(r.URL.Path, base)
	}
	contract := f.contract(name)
	for _, violation := range verdict.OnResponse(contract, r, recorder.Result()) {
		f.t.Errorf("%s %s: the answer breaks the contract: %s\n%s", r.Method, r.URL, violation, recorder.Body)
	}
	if recorder.Header().Get("X-Request-Id") == "" {
		f.t.Errorf("%s %s: no X-Request-Id", r.Method, r.URL)
	}
}

// checkAccepted validates a request that the control API has accepted: it takes
// nothing that its contract does not describe.
func (f *fake) checkAccepted(r *http.Request) {
	f.t.Helper()
	for _, violation := range verdict.OnRequest(f.contract(openapi.Control), r) {
		null := strings.Contains(violation.String(), "is of type null") // a member left out
		if violation.Where != "header.Content-Type" && !null {          // any type is taken
			f.t.Errorf("%s %s: accepted, but it breaks the contract: %s", r.Method, r.URL, violation)
		}
	}
}

// contract returns a contract.
func (f *fake) contract(name string) *openapi.Contract {
	f.t.Helper()
	contract, err := openapi.Load(name)
	if err != nil {
		f.t.Fatal(err)
	}
	return contract
}

// want fails the test unless the answer has the status.
func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	return a
}

// decode reads the body into a value.
func (a *answer) decode(into any) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.Body), into); err != nil {
		a.t.Fatalf("%v in %s", err, a.Body)
	}
}

// page is the body of a ticket list.
type page struct {
	Data []ticket `json:"data"`
	Meta struct {
		Page    int `json:"page"`
		PerPage int `json:"per_page"`
		Total   int `json:"total"`
	} `json:"meta"`
}

// ticket is a row of the list.
type ticket struct {
	ID           string  `json:"id"`
	TicketNumber int     `json:"ticket_number"`
	Subject      string  `json:"subject"`
	InboxID      string  `json:"inbox_id"`
	Status       string  `json:"status"`
	Priority     string  `json:"priority"`
	AssigneeID   *string `json:"assignee_id"`
	RemindAt     *string `json:"remind_at"`
	CreatedAt    string  `json:"created_at"`
	UpdatedAt    string  `json:"updated_at"`
}

// list asks for one page of tickets.
func (f *fake) list(query string) page {
	f.t.Helper()
	var p page
	f.get(readWrite, "/api/v1/tickets?"+query).want(200).decode(&p)
	return p
}

// message is a row of a timeline.
type message struct {
	ID          string  `json:"id"`
	Direction   string  `json:"direction"`
	Type        string  `json:"type"`
	BodyText    *string `json:"body_text"`
	BodyHTML    *string `json:"body_html"`
	SendStatus  *string `json:"send_status"`
	SendError   *string `json:"send_error"`
	CreatedAt   string  `json:"created_at"`
	Attachments []struct {
		Disposition string  `json:"disposition"`
		ContentID   *string `json:"content_id"`
	} `json:"attachments"`
}

// timeline asks for a ticket's messages.
func (f *fake) timeline(id, query string) []message {
	f.t.Helper()
	var body struct {
		Data []message `json:"data"`
	}
	f.get(readWrite, "/api/v1/tickets/"+id+"/messages?"+query).want(200).decode(&body)
	return body.Data
}

// refusal is an error in the problem dialect.
type refusal struct {
	Type     string `json:"type"`
	Status   int    `json:"status"`
	Code     string `json:"code"`
	Detail   string `json:"detail"`
	Instance string `json:"instance"`
	Errors   []struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"errors"`
}

// refused fails the test unless the answer is the problem.
func (a *answer) refused(status int, code string) refusal {
	a.t.Helper()
	var body refusal
	a.want(status).decode(&body)
	if body.Code != code {
		a.t.Errorf("code %q, want %q: %s", body.Code, code, a.Body)
	}
	return body
}
