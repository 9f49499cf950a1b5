package mockserver_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// A rule that can never match is refused in the same words whichever way it
// comes: in Go, by the control API, in a file.
func TestRulesThatNeverMatchAreRefusedEveryWay(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		match fault.Match
		want  string // empty: it can match
	}{
		"an operation":                    {fault.Match{Operation: "listTickets"}, ""},
		"a key of the workspace":          {fault.Match{Key: readOnly}, ""},
		"a misspelt operation":            {fault.Match{Operation: "listTicket"}, `no operation has operation "listTicket"`},
		"an operation of another service": {fault.Match{Operation: "addInternalNote", Service: "apphandoff"}, `no operation has service "apphandoff" operation "addInternalNote"`},
		"a service that there is not":     {fault.Match{Service: "zendesk"}, `no operation has service "zendesk"`},
		"a method that there is not":      {fault.Match{Method: "DELETE"}, `no operation has method "DELETE"`},
		"a path that there is not":        {fault.Match{Path: "/api/v2/tickets"}, `no operation has path "/api/v2/tickets"`},
		"a kind that there is not":        {fault.Match{KeyKind: "owner"}, `match.key_kind "owner" can never match`},
		"a key of nobody":                 {fault.Match{Key: "ixk_prod_0123456789"}, "match.key ixk_…89 can never match: the workspace test has no such key"},
		"a key of another workspace":      {fault.Match{Key: "ixk_other_readonly"}, "can never match: the workspace test has no such key"},
		"a key of another kind":           {fault.Match{Key: readOnly, KeyKind: "read-write"}, "the key is read-only of inboxops"},
		"a ticket without its number":     {fault.Match{Ticket: "#"}, `match.ticket "#" can never match`},
		"a ticket in the list":            {fault.Match{Operation: "listTickets", Ticket: "stuck"}, `no operation has operation "listTickets" ticket "stuck"`},
		"a header that no request has":    {fault.Match{Header: map[string]string{"Host": "x"}}, `match.header "Host" can never match`},
		"a pattern that cannot be read":   {fault.Match{Path: "/api/["}, "is no pattern"},
		"an operation by another method":  {fault.Match{Operation: "listTickets", Method: "POST"}, `no operation has operation "listTickets" method "POST"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100, Workspaces: []control.Spec{{Name: "other"}}})
			w, rule := f.Workspace(""), fault.Rule{Match: test.match, Then: fault.Then{Malformed: true}}
			_, inGo := w.Inject(rule)
			file, err := fault.Format([]fault.Rule{rule})
			if err != nil {
				t.Fatal(err)
			}
			_, inFile := w.Scope().Parse(file)
			body, err := json.Marshal(rule)
			if err != nil {
				t.Fatal(err)
			}
			a := f.control("POST", "faults", string(body))
			if test.want == "" {
				a.want(201)
				if inGo != nil || inFile != nil {
					t.Errorf("refused: %v, %v", inGo, inFile)
				}
				return
			}
			var refused struct{ Error string }
			a.want(400).decode(&refused)
			for way, got := range map[string]string{"Inject": said(inGo), "a file": said(inFile), "the control API": refused.Error} {
				if !strings.Contains(got, test.want) {
					t.Errorf("%s says %q, want %q", way, got, test.want)
				}
			}
			if !strings.HasPrefix(said(inFile), "line 3: rule 1: ") {
				t.Errorf("no line in %v", inFile)
			}
			if list := w.Faults.List(); len(list) != 0 {
				t.Errorf("in force: %+v", list)
			}
			if added, err := w.Inject(fault.Rule{Then: rule.Then}); err != nil || said(w.Replace(added[0].ID, rule)) == "" {
				t.Errorf("replaced a rule: %v", err)
			}
		})
	}
}

// said returns what an error says.
func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A violation that found nothing to break is told, and did not fire.
func TestAViolationOfNothingIsNoFault(t *testing.T) {
	t.Parallel()
	const why = `fault typo; violation: the answer has nothing to break at "/data/0/stauts"`
	nowhere := &fault.Violation{Pointer: "/data/0/stauts", Make: fault.MakeNull}
	tests := map[string]struct {
		then          fault.Then
		status        int
		fired, missed int
		actions       map[string]string // what metrics say
	}{
		"alone":         {fault.Then{Violation: nowhere}, 200, 0, 1, map[string]string{"violation": "0"}},
		"with a status": {fault.Then{Violation: nowhere, Status: &fault.Status{Code: "503"}}, 503, 1, 0, map[string]string{"violation": "0", "status": "1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100})
			whole := f.get(readWrite, ticketsPath).want(200)
			if _, err := f.Workspace("").Inject(fault.Rule{ID: "typo", When: fault.When{Times: 1}, Then: test.then}); err != nil {
				t.Fatal(err)
			}
			a := f.get(readWrite, ticketsPath).want(test.status)
			if test.status == 200 {
				same(t, "body", whole.Body, a.Body)
			}
			same(t, "header", why, a.Header.Get(mockserver.WhyHeader))
			entries, err := f.Workspace("").Journal.List(journal.Filter{Rule: "typo"})
			if err != nil || len(entries) != 1 || entries[0].Why != why {
				t.Errorf("journal: %+v, %v", entries, err)
			}
			rule := f.Workspace("").Faults.List()[0]
			if rule.Matched != 1 || rule.Fired != test.fired || rule.Missed != test.missed {
				t.Errorf("counted %+v", rule)
			}
			scrape := f.control("GET", "metrics", "").Body
			for action, count := range test.actions {
				line := `mockdesk_faults_fired_total{action="` + action + `",fault="rule"} ` + count
				if !strings.Contains(scrape, line) {
					t.Errorf("metrics lack %s", line)
				}
			}
			f.control("GET", "faults", "").want(200)
			f.get(readWrite, ticketsPath).want(200) // a miss has spent nothing
			if again := f.Workspace("").Faults.List()[0]; again.Fired != test.fired || again.Missed != 2*test.missed {
				t.Errorf("the next one: %+v", again)
			}
		})
	}
}

// A fault that changed nothing of an answer is told, and did not fire.
func TestAFaultThatChangedNothingDidNotFire(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		then   fault.Then
		method string
		want   string
	}{
		"a cut behind the end":       {fault.Then{Body: &fault.Body{CutAfter: new(1 << 20)}}, "GET", "fault f; body: the answer has no more than "},
		"a stall behind the end":     {fault.Then{Body: &fault.Body{StallAfter: new(1 << 20)}}, "GET", "fault f; body: the answer has no more than "},
		"a header that is not there": {fault.Then{Headers: &fault.Headers{Remove: []string{"ETag"}}}, "GET", "fault f; headers: the answer has no ETag"},
		"the type that it has":       {fault.Then{ContentType: "application/json"}, "GET", "fault f; content_type: the answer has "},
		"malformed HEAD":             {fault.Then{Malformed: true}, "HEAD", "fault f; malformed: an answer to HEAD has no body"},
		"a violation of HEAD":        {fault.Then{Violation: &fault.Violation{Pointer: "/data", Make: "null"}}, "HEAD", "fault f; violation: an answer to HEAD has no body"},
		"a cut of HEAD":              {fault.Then{Body: &fault.Body{CutAfter: new(1)}}, "HEAD", "fault f; body: an answer to HEAD has no body"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100})
			whole := f.send(test.method, readWrite, ticketsPath, "").want(200)
			if _, err := f.Workspace("").Inject(fault.Rule{ID: "f", Then: test.then}); err != nil {
				t.Fatal(err)
			}
			a := f.send(test.method, readWrite, ticketsPath, "").want(200)
			same(t, "body", whole.Body, a.Body)
			same(t, "length", whole.Header.Get("Content-Length"), a.Header.Get("Content-Length"))
			if why := a.Header.Get(mockserver.WhyHeader); !strings.HasPrefix(why, test.want) {
				t.Errorf("%s says %q, want %q", mockserver.WhyHeader, why, test.want)
			}
			if rule := f.Workspace("").Faults.List()[0]; rule.Matched != 1 || rule.Fired != 0 || rule.Missed != 1 {
				t.Errorf("counted %+v", rule)
			}
		})
	}
}

// What made an answer is told beside what a rule could not change of it.
func TestAMissDoesNotHideTheReason(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	f.control("POST", "faults", `{"id":"f","then":{"body":{"cut_after":100000}}}`).want(201)
	a := f.post(readOnly, messagesPath, noteBody).want(403)
	if why := a.Header.Get(mockserver.WhyHeader); !strings.HasPrefix(why, "key read-only; fault f; body: ") {
		t.Errorf("%s says %q", mockserver.WhyHeader, why)
	}
}

// A rule about a ticket is about it however the path and the rule call it, and
// about no other.
func TestARuleAboutATicket(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 40, Case: casefile.MustParse(stuck)})
	thread := func(id string) string { return ticketsPath + "/" + id + "/messages" }
	ticket, silent := f.named("stuck"), f.named("silent")
	number := strconv.Itoa(ticket.TicketNumber)
	project := f.Workspace("").Store.Projects()[0]
	refunds := project.Tickets[0]
	handoff := threadPath(project.ID, refunds.ID)
	tests := map[string]struct{ ref, key, hit, spared string }{
		"the name, the path has the UUID":   {"stuck", readWrite, thread(ticket.ID), thread(silent.ID)},
		"the name, the path has the number": {"stuck", readWrite, thread(number), thread(strconv.Itoa(silent.TicketNumber))},
		"the number":                        {number, readWrite, thread(ticket.ID), ticketsPath},
		"the number as people write it":     {"#" + number, readWrite, thread(number), handoff},
		"the UUID in capitals":              {strings.ToUpper(ticket.ID), readWrite, thread(number), thread(silent.ID)},
		"the name of one of AppHandoff":     {refunds.Title, member, handoff, thread(ticket.ID)},
		"the UUID of one of AppHandoff":     {refunds.ID.String(), member, handoff, thread(ticket.ID)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 40, Case: casefile.MustParse(stuck)})
			f.control("POST", "faults", `{"match":{"ticket":"`+test.ref+`"},"then":{"status":{"code":503}}}`).want(201)
			f.get(test.key, test.hit).want(503)
			key := readWrite
			if strings.HasPrefix(test.spared, "/api/projects") {
				key = member
			}
			f.get(key, test.spared).want(200)
		})
	}
}
