package scenario_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gavv/httpexpect/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/openapi"
)

const key = "ixk_judge_readwrite"

// env is an environment whose target is the handler.
func env(t *testing.T, h http.HandlerFunc) *scenario.Env {
	t.Helper()
	return envWithin(t, h, time.Minute)
}

// envWithin is env with a time for each answer.
func envWithin(t *testing.T, h http.HandlerFunc, within time.Duration) *scenario.Env {
	t.Helper()
	client := target.New(target.Config{
		Endpoints: map[clause.API]target.Endpoint{
			clause.InboxOps: {Base: "http://judge.test/api/v1"}, clause.AppHandoff: {Base: "http://judge.test/api"},
		},
		Transport: target.Handler(h), MaxRequests: 20, RequestTimeout: within,
	})
	t.Cleanup(client.Close)
	keys := target.Keys{target.ReadWrite: key}
	e := &scenario.Env{Client: client, Keys: keys, Facts: &facts.Facts{}, Mask: target.NewMask(keys), RunID: "run"}
	e.NewEpoch()
	return e
}

// ok answers a list of one ticket, and its messages.
func ok(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"data":[{"id":"00000000-0000-4000-8000-000000000001","status":"open","ticket_number":7}],"meta":{"total":1}}`)
}

func TestJudge(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handler http.HandlerFunc
		run     func(*scenario.Session)
		want    string // outcome, reason and failures
	}{
		"an assertion that holds": {ok, func(s *scenario.Session) { s.Get(target.ReadWrite, "/tickets", "").Status(200) }, "pass"},
		"one that does not": {ok, func(s *scenario.Session) {
			s.Get(target.ReadWrite, "/tickets", "").Status(404)
		}, `fail status of GET /api/v1/tickets expected "404 Not Found" actual "200 OK"`},
		"one of our own": {ok, func(s *scenario.Session) {
			s.Get(target.ReadWrite, "/tickets", "")
			s.Equal("the number", 1, 2)
			s.Assert(false, "the word", "a", nil)
		}, `fail the number expected 1 actual 2; the word expected "a" actual null`},
		"a row": {ok, func(s *scenario.Session) {
			r := s.Page("").Rows[0]
			s.AssertRow(false, r, "status", "closed")
			s.AssertRow(false, r, "gone", "something")
		}, `fail data[0].status (id 00000000-0000-4000-8000-000000000001) expected "closed" actual "open"; ` +
			`data[0].gone (id 00000000-0000-4000-8000-000000000001) expected "something" actual (absent)`},
		"what follows a failed Must is not run": {ok, func(s *scenario.Session) {
			s.Get(target.ReadWrite, "/tickets", "")
			s.Must(false, "x", 1, 2)
			panic("reached")
		}, "fail x expected 1 actual 2"},
		"a request alone judges nothing": {ok, func(s *scenario.Session) {
			s.Get(target.ReadWrite, "/tickets", "")
		}, "error the scenario judged nothing: it made no assertion"},
		"one of several statuses": {ok, func(s *scenario.Session) {
			v := s.Get(target.ReadWrite, "/tickets", "")
			v.StatusList(400, 404)
			s.Get(target.ReadWrite, "/tickets", "page=2").StatusRange(httpexpect.Status4xx)
		}, `fail status of GET /api/v1/tickets expected one of "400 Bad Request", "404 Not Found" actual "200 OK"; ` +
			`status of GET /api/v1/tickets?page=2 expected "4xx Client Error" actual "200 OK"`},
		"an assertion without a request judges nothing": {ok, func(s *scenario.Session) {
			s.Assert(true, "x", 1, 1)
		}, "error the scenario judged nothing: it sent no request"},
		"a request never sent": {ok, func(s *scenario.Session) {
			s.As(target.ReadWrite).GET("/tickets")
		}, "error the scenario judged nothing: it made no assertion"},
		"a skip": {ok, func(s *scenario.Session) { s.Skip("no tags", "tags") }, "skip no tags; unlock tags"},
		"a skip does not hide a failure": {ok, func(s *scenario.Session) {
			s.Get(target.ReadWrite, "/tickets", "").Status(404)
			s.Skip("no tags", "tags")
		}, `fail status of GET /api/v1/tickets expected "404 Not Found" actual "200 OK"`},
		"a panic": {ok, func(*scenario.Session) { panic("oh") }, "error the scenario panicked: oh"},
		"a broken connection": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, func(s *scenario.Session) {
			s.Get(target.ReadWrite, "/tickets", "").Status(200)
		}, `fail GET /api/v1/tickets the request got no answer: the handler broke the connection`},
		"no answer in time": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, func(s *scenario.Session) {
			s.Get(target.ReadWrite, "/tickets", "").Status(200)
		}, "error no answer within 20ms; hint: --request-timeout"},
		"too many requests": {ok, func(s *scenario.Session) {
			s.AskAgain()
			for range 30 {
				s.Get(target.ReadWrite, "/tickets", "").Status(200)
			}
		}, "not-run all 20 requests of the run are used; hint: --max-requests " + strconv.Itoa(target.DefaultMaxRequests)},
		"no data to judge by": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, func(s *scenario.Session) {
			s.Tickets()
		}, "skip there are no data to judge by: GET /tickets?sort=created_at&order=asc&per_page=100&page=1 answered 500"},
		"a list that is none": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }, func(s *scenario.Session) {
			s.Messages("7", "")
		}, "fail body expected \"an object with an array data\" actual the body has no array data"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			within := map[bool]time.Duration{true: 20 * time.Millisecond, false: time.Minute}[name == "no answer in time"]
			v := scenario.Judge(t.Context(), envWithin(t, tc.handler, within), scenario.Scenario{Run: tc.run})
			if d := cmp.Diff(tc.want, describe(v)); d != "" {
				t.Errorf("verdict (-want +got):\n%s", d)
			}
		})
	}
}

func describe(v scenario.Verdict) string {
	out := string(v.Outcome)
	reason, _, _ := strings.Cut(v.Reason, "\n")
	if reason != "" {
		out += " " + reason
	}
	if v.Unlock != "" {
		out += "; unlock " + v.Unlock
	}
	var failures []string
	for _, f := range v.Failures {
		text := f.Path
		if f.Expected != "" {
			text += " expected " + f.Expected + " actual " + f.Actual
		}
		if f.Message != "" {
			text += " " + f.Message
		}
		failures = append(failures, text)
	}
	return strings.TrimSpace(out + " " + strings.Join(failures, "; "))
}

func TestQueriesTravelAsTheyAre(t *testing.T) {
	t.Parallel()
	var seen []string
	e := env(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen = append(seen, fmt.Sprintf("%s %s [%s] %s %s", r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), r.Header.Get("Authorization"), body))
		ok(w, r)
	})
	scenario.Judge(t.Context(), e, scenario.Scenario{Run: func(s *scenario.Session) {
		s.Get(target.ReadWrite, "/tickets", "status=open,closed&q=%zz")
		s.Get(target.Nobody, "/tickets", scenario.Query("query", "a b", "q", "ü&c"))
		s.Get(target.Stranger, scenario.HandoffPath("p", "t"), "")
		s.Post(target.ReadWrite, "/tickets/1/messages", "", "")
		s.PostNote("1", "type", "internal_note", "body_text", 5)
	}})
	want := []string{
		"GET /api/v1/tickets?status=open,closed&q=%zz [] Bearer " + key + " ",
		"GET /api/v1/tickets?query=a+b&q=%C3%BC%26c []  ",
		"GET /api/projects/p/tickets/t/messages []  ",
		"POST /api/v1/tickets/1/messages [] Bearer " + key + " ",
		`POST /api/v1/tickets/1/messages [application/json] Bearer ` + key + ` {"body_text":5,"type":"internal_note"}`,
	}
	if d := cmp.Diff(want, seen); d != "" {
		t.Errorf("requests (-want +got):\n%s", d)
	}
}

func TestStoresNothing(t *testing.T) {
	t.Parallel()
	for name, stores := range map[string]bool{"nothing stored": false, "the refused note is stored": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := []string{`{"id":"a"}`}
			e := env(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					if stores {
						rows = append(rows, fmt.Sprintf(`{"id":"b%d"}`, len(rows)))
					}
					w.WriteHeader(http.StatusBadRequest)
					return
				}
				fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(rows, ","))
			})
			v := scenario.Judge(t.Context(), e, scenario.Scenario{Run: func(s *scenario.Session) {
				ticket := survey.Row{Fields: map[string]any{"id": "1"}}
				s.StoresNothing(target.ReadWrite, ticket, func() { s.PostNote("1", "type", "email").Status(400) })
			}})
			if (v.Outcome == scenario.Fail) != stores {
				t.Errorf("outcome %s, failures %v", v.Outcome, v.Failures)
			}
		})
	}
}

func TestNeedsAreMet(t *testing.T) {
	t.Parallel()
	bare := env(t, ok)
	full := env(t, ok)
	full.Keys = target.Keys{
		target.ReadWrite: "1", target.ReadOnly: "2", target.Revoked: "3", target.Unentitled: "4", target.Limited: "5",
		target.Member: "6", target.Outsider: "7", target.MemberLimited: "8",
	}
	full.Write = true
	full.Facts = &facts.Facts{
		InboxOps: facts.InboxOps{
			Tags: []facts.Tag{{}}, CustomFields: []facts.CustomField{{}}, Tickets: map[string]facts.Ticket{"x": {DraftIDs: []string{"d"}}},
		},
		AppHandoff: facts.AppHandoff{Projects: []facts.Project{{Tickets: []facts.Handoff{{Tasks: []facts.Task{{}}}}}}},
	}
	for _, c := range scenario.All() {
		if n := full.Missing(c.Clause); n != "" {
			t.Errorf("%s: %q is missing although everything is given", c.ID, n)
		}
		for _, n := range c.Needs {
			if n != clause.Key && bare.Missing(c.Clause) == "" {
				t.Errorf("%s: nothing is missing although only a key is given", c.ID)
			}
		}
	}
}

func TestOwner(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		api    clause.API
		op     string
		status int
		v      openapi.Violation
		want   string
	}{
		"a member of a ticket":       {clause.InboxOps, "listTickets", 200, openapi.Violation{Where: "body.data[3].status", Rule: openapi.RuleEnum}, "IO-TICKET-05"},
		"a member that is missing":   {clause.InboxOps, "listTickets", 200, openapi.Violation{Where: "body.data[3].status", Rule: openapi.RuleRequired}, "IO-TICKET-17"},
		"meta":                       {clause.InboxOps, "listTickets", 200, openapi.Violation{Where: "body.meta.total", Rule: openapi.RuleType}, "IO-LIST-TICKETS-03"},
		"the media type":             {clause.InboxOps, "listTickets", 200, openapi.Violation{Where: "header.Content-Type", Rule: openapi.RuleContentType}, "IO-LIST-TICKETS-01"},
		"a member of an attachment":  {clause.InboxOps, "listTicketMessages", 200, openapi.Violation{Where: "body.data[0].attachments[2].disposition", Rule: openapi.RuleEnum}, "IO-LIST-MSG-31"},
		"an error's status":          {clause.InboxOps, "listTickets", 404, openapi.Violation{Where: "body.status", Rule: openapi.RuleType}, "IO-ERR-04"},
		"an error that is no object": {clause.InboxOps, "listTickets", 404, openapi.Violation{Where: "body", Rule: openapi.RuleType}, "IO-ERR-01"},
		"an error without a message": {clause.InboxOps, "listTickets", 404, openapi.Violation{Where: "body.message", Rule: openapi.RuleRequired}, ""},
		"a handoff message":          {clause.AppHandoff, "listTicketMessages", 200, openapi.Violation{Where: "body.messages[0].author_type", Rule: openapi.RuleEnum}, "AH-MSG-02"},
		"issues of a handoff error":  {clause.AppHandoff, "listTicketMessages", 400, openapi.Violation{Where: "body.issues[0].path", Rule: openapi.RuleType}, "AH-ERR-11"},
		"an undocumented member":     {clause.InboxOps, "listTickets", 200, openapi.Violation{Where: "body.data[0].x", Rule: openapi.RuleUndocumentedField}, ""},
		"a place nobody knows":       {clause.InboxOps, "listTickets", 200, openapi.Violation{Where: "body.x.y.z", Rule: openapi.RuleType}, "IO-LIST-TICKETS-01"},
		"an operation nobody judges": {clause.InboxOps, "deleteTicket", 200, openapi.Violation{Where: "body.x", Rule: openapi.RuleType}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := &target.Exchange{API: tc.api, OperationID: tc.op, Status: tc.status}
			got := scenario.Owner(e, tc.v)
			if got != tc.want {
				t.Errorf("owner %q, want %q", got, tc.want)
			}
			if _, err := clause.Select(scenario.All(), []string{got}); err != nil && got != "" {
				t.Errorf("owner: %v", err)
			}
		})
	}
}
