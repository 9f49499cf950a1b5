package openapi_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/openapi"
)

// services are the contracts that are written down from documentation pages.
var services = []string{openapi.InboxOps, openapi.AppHandoff}

const (
	uuid    = "123e4567-e89b-12d3-a456-426614174000"
	tickets = "/api/v1/tickets"
	thread  = "/api/v1/tickets/42/messages"
	handoff = "/api/projects/" + uuid + "/tickets/" + uuid + "/messages"
)

func load(t testing.TB, name string) *openapi.Contract {
	t.Helper()
	c, err := openapi.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestUnknownName(t *testing.T) {
	t.Parallel()
	const want = `openapi: no contract is called "zendesk"; hint: the names are inboxops, apphandoff, control`
	if _, err := openapi.Load("zendesk"); err == nil || err.Error() != want {
		t.Errorf("Load: got %v, want %s", err, want)
	}
	if _, err := openapi.Document("zendesk"); err == nil || err.Error() != want {
		t.Errorf("Document: got %v, want %s", err, want)
	}
}

func TestLoadTwiceGivesTheSame(t *testing.T) {
	t.Parallel()
	first, second := load(t, openapi.InboxOps), load(t, openapi.InboxOps)
	if first != second {
		t.Error("Load made a second contract")
	}
}

// How these operations are read; others may be added.
func TestOperations(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		openapi.InboxOps: {
			"listTickets GET /api/v1/tickets",
			"  query, q, status[open in_progress waiting resolved closed], inbox_id, assignee_id, priority[low normal high urgent], tag_ids, created_after, created_before, updated_after, updated_before, sort[created_at updated_at priority], order[asc desc], page, per_page, X-Request-Id, custom_field_{field_key}",
			"  200[] 400[bad_request] 401[unauthorized] 403[forbidden] 429[rate_limit_exceeded] 500[internal_error] 503[service_unavailable]",
			"listTicketMessages GET /api/v1/tickets/{id}/messages",
			"  id!, types[email internal_note]=email,internal_note, X-Request-Id",
			"  200[] 400[bad_request] 401[unauthorized] 403[forbidden] 404[not_found] 429[rate_limit_exceeded] 500[internal_error] 503[service_unavailable]",
			"addInternalNote POST /api/v1/tickets/{id}/messages",
			"  id!, X-Request-Id",
			"  201[] 400[bad_request] 401[unauthorized] 403[forbidden insufficient_scope] 404?[not_found] 429[rate_limit_exceeded] 500[internal_error] 503[service_unavailable]",
		},
		openapi.AppHandoff: {
			"listTicketMessages GET /api/projects/{id}/tickets/{ticketId}/messages",
			"  id!, ticketId!, task_id, since, limit=50",
			"  200[] 400?[VALIDATION_ERROR] 401[UNAUTHENTICATED] 403[FORBIDDEN] 404[NOT_FOUND] 429?[RATE_LIMITED] 500?[INTERNAL_ERROR] 503?[SERVICE_UNAVAILABLE]",
		},
	}
	for name := range want {
		var got []string
		for _, op := range load(t, name).Operations() {
			if line := op.ID + " " + op.Method + " " + op.Path; slices.Contains(want[name], line) {
				got = append(got, line, "  "+parameters(op), "  "+responses(op))
			}
		}
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// parameters writes an operation's parameters: ! is required, [..] the list of values, = the default.
func parameters(op openapi.Operation) string {
	var out []string
	for _, p := range op.Parameters {
		text := p.Name
		if p.Required {
			text += "!"
		}
		if len(p.Enum) > 0 {
			text += fmt.Sprint(p.Enum)
		}
		if p.Default != "" {
			text += "=" + p.Default
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// responses writes an operation's answers: ? is not documented, [..] the codes.
func responses(op openapi.Operation) string {
	var out []string
	for _, r := range op.Responses {
		text := fmt.Sprint(r.Status)
		if !r.Documented {
			text += "?"
		}
		out = append(out, text+fmt.Sprint(r.Codes))
	}
	return strings.Join(out, " ")
}

func TestParametersAreDescribed(t *testing.T) {
	t.Parallel()
	types := map[string]string{
		"status": "array", "tag_ids": "array uuid", "inbox_id": "string uuid", "created_after": "string date-time", "page": "integer",
		"assignee_id": "string", "priority": "string",
	}
	op, ok := load(t, openapi.InboxOps).Operation("listTickets")
	if !ok {
		t.Fatal("no listTickets")
	}
	for _, p := range op.Parameters {
		if p.Description == "" || p.In != "query" && p.In != "header" || p.Type == "" {
			t.Errorf("%+v: want a description, a place and a type", p)
		}
		if want, ok := types[p.Name]; ok && strings.TrimSpace(p.Type+" "+p.Format) != want {
			t.Errorf("%s is %s %s, want %s", p.Name, p.Type, p.Format, want)
		}
		delete(types, p.Name)
	}
	if len(types) > 0 {
		t.Errorf("not met: %v", types)
	}
}

func TestOperationFindsByID(t *testing.T) {
	t.Parallel()
	contract := load(t, openapi.InboxOps)
	op, ok := contract.Operation("addInternalNote")
	if !ok || op.Method != "POST" {
		t.Fatalf("got %+v, %v", op, ok)
	}
	at404 := func(r openapi.Response) bool { return r.Status == 404 && !r.Documented && r.Description != "" }
	if !slices.ContainsFunc(op.Responses, at404) {
		t.Errorf("got %+v; want 404 among them, an answer the page does not list", op.Responses)
	}
	if op, ok := contract.Operation("deleteTicket"); ok {
		t.Errorf("deleteTicket: got %+v, want none", op)
	}
}

// Every operation names a page whose text is kept in testdata/source, and says nothing the page does not.
func TestSourcePages(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range services {
		for _, op := range load(t, name).Operations() {
			seen[op.Source] = true
			text, err := os.ReadFile(filepath.Join("..", "testdata", "source", filepath.Base(op.Source)))
			if err != nil {
				t.Errorf("%s: %v", op.ID, err)
				continue
			}
			if !strings.HasPrefix(op.Page, "https://") {
				t.Errorf("%s: the page %q is not an address", op.ID, op.Page)
			}
			path := strings.TrimPrefix(op.Path, load(t, name).Base())
			for _, word := range append([]string{op.Summary, path}, queryNames(op)...) {
				if !bytes.Contains(text, []byte(word)) {
					t.Errorf("%s: %s does not say %q", op.ID, op.Source, word)
				}
			}
		}
	}
	pages, err := filepath.Glob(filepath.Join("..", "testdata", "source", "*.txt"))
	if err != nil || len(pages) == 0 || len(pages) != len(seen) {
		t.Errorf("%d pages for %d sources, %v", len(pages), len(seen), err)
	}
}

func queryNames(op openapi.Operation) []string {
	var out []string
	for _, p := range op.Parameters {
		if p.In == "query" {
			out = append(out, p.Name)
		}
	}
	return out
}

func TestMatch(t *testing.T) {
	t.Parallel()
	cases := []struct{ contract, method, path, want string }{
		{openapi.InboxOps, "GET", tickets, "listTickets"},
		{openapi.InboxOps, "HEAD", tickets, "listTickets"},
		{openapi.InboxOps, "GET", "/api/v1/tick%65ts", "listTickets"},
		{openapi.InboxOps, "POST", tickets, ""},
		{openapi.InboxOps, "get", tickets, ""},
		{openapi.InboxOps, "GET", tickets + "/", ""},
		{openapi.InboxOps, "GET", "/tickets", ""},
		{openapi.InboxOps, "GET", "/prefix" + tickets, ""},
		{openapi.InboxOps, "GET", "", ""},
		{openapi.InboxOps, "GET", thread, "listTicketMessages"},
		{openapi.InboxOps, "POST", thread, "addInternalNote"},
		{openapi.InboxOps, "GET", tickets + "/a%2Fb/messages", "listTicketMessages"},
		{openapi.InboxOps, "GET", tickets + "/a/b/messages", ""},
		{openapi.InboxOps, "GET", tickets + "/%zz/messages", ""},
		{openapi.InboxOps, "GET", tickets + "//messages", ""},
		{openapi.AppHandoff, "GET", handoff, "listTicketMessages"},
		{openapi.AppHandoff, "POST", handoff, ""},
	}
	for _, c := range cases {
		op, ok := load(t, c.contract).Match(c.method, c.path)
		if op.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s %s %s: got %q, %v, want %q", c.contract, c.method, c.path, op.ID, ok, c.want)
		}
	}
}

func TestMatchTellsValuesAndMethods(t *testing.T) {
	t.Parallel()
	contract := load(t, openapi.InboxOps)
	found, _ := contract.Match("GET", tickets+"/a%2Fb/messages")
	if diff := cmp.Diff(map[string]string{"id": "a/b"}, found.Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	for path, want := range map[string][]string{thread: {"GET", "POST"}, tickets: {"GET"}, "/tickets": nil} {
		if found, ok := contract.Match("DELETE", path); ok || !slices.Equal(found.Methods, want) {
			t.Errorf("DELETE %s: %v, with the methods %v, want %v", path, ok, found.Methods, want)
		}
	}
}

func TestOperationsAreCopied(t *testing.T) {
	t.Parallel()
	contract := load(t, openapi.AppHandoff)
	ops := contract.Operations()
	ops[0].ID = "changed"
	if got := contract.Operations()[0].ID; got != "listTicketMessages" {
		t.Errorf("a caller changed the contract: %q", got)
	}
	names := openapi.Names()
	names[0] = "changed"
	if slices.Contains(openapi.Names(), "changed") {
		t.Error("a caller changed the names")
	}
}

func TestViolationString(t *testing.T) {
	t.Parallel()
	v := openapi.Violation{Where: "query.page", Rule: openapi.RuleRange, Got: "0", Reason: "is less than 1", Hint: "write page=1"}
	if got, want := v.String(), `query.page "0" is less than 1; hint: write page=1`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
