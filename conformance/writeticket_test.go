package conformance_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
)

// TestTheTicketThatIsNamedAloneIsWrittenTo looks at where notes are sent.
func TestTheTicketThatIsNamedAloneIsWrittenTo(t *testing.T) {
	t.Parallel()
	const nobodys = "33333333-3333-4333-8333-333333333333"
	path := func(id string) string { return "/api/v1/tickets/" + id + "/messages" }
	tests := map[string]struct {
		named string
		known facts.Ticket
		want  string // where alone, "" for nowhere
		why   string // why nowhere
	}{
		"a UUID":                       {stubTicket + "0", facts.Ticket{}, path(stubTicket + "0"), ""},
		"a number":                     {"2", facts.Ticket{}, path(stubTicket + "1"), ""},
		"that of the facts":            {"", facts.Ticket{ID: stubTicket + "1"}, path(stubTicket + "1"), ""},
		"the number of the facts":      {"", facts.Ticket{TicketNumber: 1}, path(stubTicket + "0"), ""},
		"one that overrides the facts": {stubTicket + "0", facts.Ticket{ID: nobodys}, path(stubTicket + "0"), ""},
		"one that is in no list":       {stubTicket + "9", facts.Ticket{}, path(stubTicket + "9"), ""},
		"a UUID that nobody has":       {nobodys, facts.Ticket{}, "", nobodys + " is not at the target: GET http://stub.test" + path(nobodys) + " answered 404 ("},
		"a number that nobody has":     {"77", facts.Ticket{}, "", "77 is not at the target: "},
		"one of the facts that nobody has": {
			"", facts.Ticket{ID: nobodys, TicketNumber: 1}, "", nobodys + " is not at the target: ",
		},
		"one of the facts that is none": {"", facts.Ticket{ID: "../x"}, "", "../x of the facts is no UUID and no number"},
		"one that cannot be read":       {stubTicket + "7", facts.Ticket{}, "", stubTicket + "7 cannot be read: GET "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole, sent := &stub{}, []string{}
			c := stubConfig(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path { // the stub knows UUIDs alone
				case path("1"), path("2"):
					r.URL.Path = path(stubTicket + map[string]string{path("1"): "0", path("2"): "1"}[r.URL.Path])
				case path(stubTicket + "7"):
					w.WriteHeader(http.StatusTeapot)
					return
				}
				if r.Method == http.MethodPost {
					sent = append(sent, r.URL.Path)
				}
				whole.ServeHTTP(w, r)
			}))
			c.Only = append(c.Only, "IO-POST-MSG-01", "IO-POST-MSG-02")
			c.WriteTicket, c.Facts = tc.named, &facts.Facts{InboxOps: facts.InboxOps{Tickets: map[string]facts.Ticket{"write": tc.known}}}
			r := run(t, c)
			other := func(to string) bool { return to != tc.want }
			if slices.ContainsFunc(sent, other) || (len(sent) > 0) != (tc.want != "") {
				t.Errorf("notes were sent to %v, want %q alone", sent, tc.want)
			}
			for _, result := range r.Results {
				skipped := result.Outcome == scenario.Skip && strings.HasPrefix(result.Reason, "nothing is written: the write ticket "+tc.why)
				if result.Clause.ID == "IO-POST-MSG-01" && skipped != (tc.why != "") {
					t.Errorf("%s is %s: %s", result.Clause.ID, result.Outcome, result.Reason)
				}
			}
			if r.ExitCode() == conformance.ExitUnjudged || r.Counts.Pass == 0 {
				t.Errorf("exit code %d, %+v", r.ExitCode(), r.Counts)
			}
		})
	}
}

// TestHeadersAndRedirectsOfTheRun has a gateway that wants a header and
// redirects, and shows the header in all that it answers.
func TestHeadersAndRedirectsOfTheRun(t *testing.T) {
	t.Parallel()
	const value, part = "id=opensesame; sum=0123456789abcdef", "0123456789abcdef"
	whole := &stub{openList: true}
	c := stubConfig(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Gate") != value {
			t.Errorf("%s %s came without the header", r.Method, r.URL)
		}
		rest, moved := strings.CutPrefix(r.URL.Path, "/v2")
		if !moved && r.Method == http.MethodGet {
			http.Redirect(w, r, "/v2"+r.URL.RequestURI(), http.StatusTemporaryRedirect)
			return
		}
		if moved {
			r.URL.Path = rest
		}
		w.Header().Set("X-Echo", r.Header.Get("X-Gate")+" "+part)
		whole.ServeHTTP(w, r)
	}))
	c.Follow, c.Header = true, http.Header{"X-Gate": {value}}
	r := run(t, c)
	text, err := json.Marshal(r)
	if err != nil || strings.Contains(string(text), "opensesame") || strings.Contains(string(text), part) {
		t.Errorf("the report shows the header: %v", err)
	}
	if r.Headline != "" || r.Counts.Pass == 0 || r.Counts.Fail == 0 {
		t.Errorf("headline %q, %+v", r.Headline, r.Counts)
	}
}
