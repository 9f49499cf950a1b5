package mockserver_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

// stuck is a case of three tickets and a project.
const stuck = `
clock: {frozen: 2025-06-02T12:00:00Z}
rate_limit: 50/1m
keys: {read-only: {revoked: true}}
faults: [{match: {operation: addInternalNote}, then: {status: {code: 503}}}]
inboxops:
  tickets:
  - name: stuck
    subject: Export never finishes
    status: waiting
    tags: [billing]
    custom_fields: {plan: Enterprise}
    created_at: -3d
    messages:
    - {from: customer, text: "It has been running since Monday."}
    - {from: agent, text: "Looking into it.", send_status: failed, send_error: mailbox full}
    - {note: "Escalated."}
    - {from: agent, draft: true, text: "never shown"}
  - {name: silent, messages: [], tags: [], custom_fields: {}, assignee: nobody, created_at: -400d}
  - {name: seeded}
apphandoff:
  projects:
  - name: checkout
    tickets: [{name: refunds, messages: [{author: agent, text: Done., task: api}]}]
`

// caseWorlds are the worlds that a case can be in.
var caseWorlds = map[string]string{"alone": "world: empty\n", "beside the seeded tickets": ""}

// named returns what the catalogue calls by a name.
func (f *fake) named(name string) control.CatalogTicket {
	f.t.Helper()
	var catalog control.Catalog
	f.get("", "/_mockdesk/catalog").want(200).decode(&catalog)
	ticket, ok := catalog.InboxOps.Tickets[name]
	if !ok {
		f.t.Fatalf("the catalogue has no ticket %s", name)
	}
	return ticket
}

func TestCase(t *testing.T) {
	t.Parallel()
	for name, world := range caseWorlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 40, Case: casefile.MustParse(world + stuck)})
			seeded := len(f.desk().Tickets) - 3
			ticket := f.named("stuck")
			if ticket.ID != fixtures.TicketID("stuck").String() || ticket.TicketNumber != 1001+seeded || len(ticket.DraftIDs) != 1 || len(ticket.TagIDs) != 1 {
				t.Errorf("the catalogue knows %+v", ticket)
			}
			total := f.list("per_page=1").Meta.Total
			if total != seeded+3 {
				t.Errorf("%d tickets, want %d", total, seeded+3)
			}
			for query, want := range map[string]string{
				"query=export+finishes":            ticket.ID,
				"query=%22running+since+monday%22": ticket.ID,
				"query=%22never+shown%22":          "",
				"sort=created_at&order=asc&status=waiting&created_after=2025-05-30T09:00:00Z&created_before=2025-05-30T09:00:00Z": ticket.ID,
				"custom_fields[plan]=Enterprise&query=export+finishes":                                                            ticket.ID,
				"created_before=2024-05-01T00:00:00Z":                                                                             fixtures.TicketID("silent").String(),
				"created_before=2024-05-01T00:00:00Z&assignee_id=__unassigned__":                                                  fixtures.TicketID("silent").String(),
			} {
				found := strings.Join(idsOf(f.list(query).Data), " ")
				if want == "" && found != "" || !strings.Contains(found, want) {
					t.Errorf("%s finds %q, want %q", query, found, want)
				}
			}
			var got []string
			for _, m := range f.timeline(fmt.Sprint(ticket.TicketNumber), "") {
				got = append(got, m.Direction+" "+m.Type+" "+textOr(m.SendStatus)+" "+textOr(m.SendError)+" "+textOr(m.BodyText))
			}
			want := []string{"inbound email   It has been running since Monday.", "outbound email failed mailbox full Looking into it.", "outbound internal_note   Escalated."}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the timeline (-want +got):\n%s", diff)
			}
			if silent := f.timeline(fixtures.TicketID("silent").String(), ""); len(silent) > 0 {
				t.Errorf("a silent ticket has %+v", silent)
			}
			if thread := f.timeline(f.named("seeded").ID, ""); len(thread) == 0 && f.desk().Shown(f.desk().Arranged()["seeded"]) > 0 {
				t.Error("a ticket that says nothing has no thread")
			}
			f.get(member, "/api/projects/"+fixtures.ProjectID("checkout").String()+"/tickets/"+fixtures.HandoffID("checkout", "refunds").String()+
				"/messages?task_id="+fixtures.TaskID("checkout", "refunds", "api").String()).want(200).holds(`"body":"Done."`)
			f.get(readOnly, "/api/v1/tickets").refused(401, "unauthorized")
			f.post(readWrite, "/api/v1/tickets/"+ticket.ID+"/messages", `{"type":"internal_note","body_text":"x"}`).refused(503, "service_unavailable")
		})
	}
}

// textOr is a text that may be null.
func textOr(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// holds fails the test unless the body has the text in it.
func (a *answer) holds(text string) *answer {
	a.t.Helper()
	if !strings.Contains(a.Body, text) {
		a.t.Errorf("no %s in %s", text, a.Body)
	}
	return a
}

// TestCaseIsThereFromTheBeginning changes what a case says, and resets it.
func TestCaseIsThereFromTheBeginning(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Case: casefile.MustParse("world: empty\n" + stuck)})
	state := func() string {
		var out strings.Builder
		for _, path := range []string{"clock", "rate-limit", "keys", "catalog"} {
			out.WriteString(f.get("", "/_mockdesk/"+path).want(200).Body)
		}
		for _, rule := range f.Workspace("").Faults.List() {
			fmt.Fprintf(&out, "%s %d\n", rule.ID, rule.Fired)
		}
		return out.String() + f.get(readWrite, "/api/v1/tickets").want(200).Body
	}
	before := state()
	f.send("PATCH", "", "/_mockdesk/keys/inboxops/read-only", `{"revoked": false}`).want(200)
	f.send("DELETE", "", "/_mockdesk/faults", "").want(204)
	f.post(readWrite, "/api/v1/tickets/1001/messages", `{"type":"internal_note","body_text":"x"}`).want(201)
	f.send("POST", "", "/_mockdesk/clock/advance", `{"by": "2h"}`).want(200)
	if state() == before {
		t.Fatal("nothing has changed")
	}
	f.send("POST", "", "/_mockdesk/reset", "").want(200)
	if diff := cmp.Diff(before, state()); diff != "" {
		t.Errorf("after the reset (-before +after):\n%s", diff)
	}
}

// TestCaseOfAWorkspace gives one workspace a case of its own, as JSON and as text.
func TestCaseOfAWorkspace(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 30, Case: casefile.MustParse("inboxops: {tickets: [{name: shared}]}\nrate_limit: 7/1m")})
	asText, err := json.Marshal("world: empty" + stuck)
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"name": "shares"}`: `"tickets":31,"notes":0,"faults":0,"requests":0,"rate_limit":"7/1m"`,
		`{"name": "json", "case": {"world": "empty", "inboxops": {"tickets": [{"name": "own"}, {"name": "more"}]}}}`: `"tickets":2,"notes":0,"faults":0,"requests":0,"rate_limit":"off"`,
		`{"name": "text", "case": ` + string(asText) + `}`:                                                           `"tickets":3,"notes":0,"faults":1,"requests":0,"rate_limit":"50/1m"`,
		`{"name": "beside", "tickets": 40, "rate_limit": "9/1m", "case": {"inboxops": {"tickets": [{}]}}}`:           `"tickets":41,"notes":0,"faults":0,"requests":0,"rate_limit":"9/1m"`,
		`{"name": "seed", "seed": 9}`:    `"tickets":31`,
		`{"name": "null", "case": null}`: `"tickets":31`,
	} {
		f.post("", "/_mockdesk/workspaces", body).want(201).holds(want)
	}
	for body, want := range map[string]string{
		`{"name": "a", "case": {"wrld": "empty"}}`:                                      `case: line 1, column 2: there is no member \"wrld\"`,
		`{"name": "a", "case": {"inboxops": {"tickets": [{"status": "wating"}]}}}`:      `did you mean waiting?`,
		`{"name": "a", "case": 3}`:                                                      `\"3\" is not a mapping`,
		`{"name": "a", "case": {"faults": [{"match": {"operation": "x"}}]}}`:            `case: line 1: rule 1: `,
		`{"name": "a", "case": {"faults": [{"match": {"key": "ixk_test_readwrite"}}]}}`: `no such key`,
	} {
		f.post("", "/_mockdesk/workspaces", body).want(400).holds(want)
	}
	if f.Workspace("a") != nil {
		t.Error("a workspace of a wrong case is there")
	}
}

// TestEmptyWorld asks a world in which nothing has happened.
func TestEmptyWorld(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]mockserver.Config{
		"by the config": {Empty: true}, "by a case": {Tickets: 50, Case: casefile.MustParse("world: empty")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, config)
			for _, query := range []string{"", "query=refund", "query=-refund", "status=open", "sort=updated_at&page=3", "custom_fields[plan]=__empty__", "created_after=2020-01-01T00:00:00Z"} {
				a := f.get(readWrite, "/api/v1/tickets?"+query)
				if a.Status == 200 {
					a.holds(`"data":[]`).holds(`"total":0`)
				} else if !strings.HasPrefix(query, "custom") {
					t.Errorf("%s: %d", query, a.Status)
				}
			}
			f.get(readWrite, "/api/v1/tickets/1001/messages").want(404)
			f.get("", "/_mockdesk/catalog").want(200).holds(`"tickets":{}`).holds(`"projects":[]`)
			f.get("", "/_mockdesk/explain?method=GET&path=/api/v1/tickets")
		})
	}
}

// TestCaseAnswersTheSame compares the bytes of two servers.
func TestCaseAnswersTheSame(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("casefile/testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := func() string {
		f := start(t, mockserver.Config{Tickets: 30, Case: casefile.MustParse(string(example)), Now: func() time.Time { return time.Date(2025, time.June, 2, 12, 0, 0, 0, time.UTC) }})
		out := ""
		for _, path := range []string{"/api/v1/tickets?per_page=100", "/api/v1/tickets?sort=updated_at&per_page=100"} {
			out += f.get(readWrite, path).Body
		}
		for _, t := range f.desk().Tickets {
			out += f.get(readWrite, "/api/v1/tickets/"+t.ID.String()+"/messages").Body
		}
		return out
	}
	if diff := cmp.Diff(all(), all()); diff != "" {
		t.Errorf("(-once +again):\n%s", diff)
	}
}

// TestWrongCase does not start a server.
func TestWrongCase(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"inboxops: {tickets: [{status: wating}]}":    "case: line 1, column 31: inboxops.tickets[0].status: \"wating\" is no status of this world (hint: did you mean waiting?)",
		"faults: [{match: {operation: listTicket}}]": "case: line 1: rule 1: ",
	} {
		if _, err := mockserver.New(mockserver.Config{Case: casefile.MustParse(text)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
