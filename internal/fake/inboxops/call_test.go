package inboxops_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// world is shared by all tests: it does not change.
var world = sync.OnceValue(func() *store.World {
	data, err := fixtures.New(fixtures.Config{Seed: 1, Tickets: 120})
	if err != nil {
		panic(err)
	}
	return store.NewWorld(data, inboxops.Encoder{})
})

// later is behind every time of the world.
var later = fixtures.DefaultAt.AddDate(1, 0, 0)

// desk is a workspace without notes, and the operations upon it.
type desk struct {
	t          *testing.T
	workspace  *workspace.Workspace
	operations map[string]*service.Operation
}

// newDesk returns a fresh desk that holds at most maxNotes.
func newDesk(t *testing.T, maxNotes int) desk {
	t.Helper()
	w, err := workspace.New(workspace.Config{
		Name: "test", World: world(), Limits: workspace.Limits{Notes: maxNotes}, Now: func() time.Time { return later },
	})
	if err != nil {
		t.Fatal(err)
	}
	operations, err := service.Operations(inboxops.Service{})
	if err != nil {
		t.Fatal(err)
	}
	d := desk{t: t, workspace: w, operations: map[string]*service.Operation{}}
	for _, op := range operations {
		d.operations[op.ID] = op
	}
	return d
}

// answer is what an operation answered.
type answer struct {
	status  int
	body    string
	refusal *problem.Error // nil on success
}

// call asks an operation and holds its answer against the contract.
func (d desk) call(operation string, r *http.Request) answer {
	d.t.Helper()
	op := d.operations[operation]
	r.SetPathValue("id", ticketOf(r.URL.Path))
	c := &service.Call{Request: r, RequestID: "r-1", Workspace: d.workspace, Now: later}
	params, refusal := service.AppendParams(nil, r.URL.RawQuery)
	if refusal != nil {
		d.t.Fatal(refusal)
	}
	c.Params = params
	body, err := op.Handle(c, nil)
	a, contentType := answer{status: op.Success}, "application/json"
	if err != nil {
		if !errors.As(err, &a.refusal) {
			d.t.Fatalf("%s failed: %v", operation, err)
		}
		a.status = a.refusal.Kind.Status()
		body, contentType = inboxops.Service{}.AppendError(nil, c, a.refusal)
	}
	a.body = string(body)
	checkAnswer(d.t, r, a.status, contentType, a.body)
	return a
}

// ticketOf returns the id in /api/v1/tickets/{id}/messages.
func ticketOf(path string) string {
	id, _ := strings.CutSuffix(strings.TrimPrefix(path, "/api/v1/tickets/"), "/messages")
	return id
}

// checkAnswer holds an answer against the contract.
func checkAnswer(t *testing.T, r *http.Request, status int, contentType, body string) {
	t.Helper()
	contract, err := openapi.Load(openapi.InboxOps)
	if err != nil {
		t.Fatal(err)
	}
	response := &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {contentType}, "X-Request-Id": {"r-1"}, "Retry-After": {"1"}, "Www-Authenticate": {"Bearer"}, "Allow": {"GET"}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
	for _, v := range verdict.OnResponse(contract, r, response) {
		t.Errorf("%s %s: %s", r.Method, r.URL, v)
	}
}

// list asks for a page of tickets.
func (d desk) list(query string) answer {
	d.t.Helper()
	return d.call("listTickets", httptest.NewRequest("GET", "/api/v1/tickets?"+query, nil))
}

// messages asks for a timeline.
func (d desk) messages(id, query string) answer {
	d.t.Helper()
	return d.call("listTicketMessages", httptest.NewRequest("GET", "/api/v1/tickets/"+id+"/messages?"+query, nil))
}

// post sends a note.
func (d desk) post(id, contentType string, body io.Reader) answer {
	d.t.Helper()
	r := httptest.NewRequest("POST", "/api/v1/tickets/"+id+"/messages", body)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return d.call("addInternalNote", r)
}

// decode reads a body into a value and refuses members it does not have.
func decode(t *testing.T, body string, value any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader([]byte(body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
}
