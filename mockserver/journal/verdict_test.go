package journal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi"
)

const messages = "/projects/123e4567-e89b-12d3-a456-426614174000/tickets/123e4567-e89b-12d3-a456-426614174001/messages"

// verdicts are keyed by what is special about the request.
var verdicts = map[string]struct {
	base          string
	change        func(r *journal.Record)
	want          []string // rule and sentence
	wantUnchecked string
}{
	"a valid request has none": {change: func(*journal.Record) {}},
	"an unknown parameter is told what it meant": {
		change: func(r *journal.Record) { r.Query = "createdAfter=2024-12-25T10:00:00Z" },
		want:   []string{`unknown-parameter: query.createdAfter "2024-12-25T10:00:00Z" is not a parameter of listTickets; hint: did you mean created_after?`},
	},
	"a value outside the list is told what it meant": {
		change: func(r *journal.Record) { r.Query = "status=opne" },
		want:   []string{`enum: query.status "opne" is not one of open, in_progress, waiting, resolved, closed; hint: did you mean status=open?`},
	},
	"HEAD counts as GET": {change: func(r *journal.Record) { r.Method = "HEAD" }},
	"a method the path does not have": {
		change: func(r *journal.Record) { r.Method = "DELETE" },
		want:   []string{`undocumented-method: method "DELETE" is not a method of /api/v1/tickets; hint: use GET`},
	},
	"a slash too many": {
		change: func(r *journal.Record) { r.Path += "/" },
		want:   []string{`undocumented-path: path "/api/v1/tickets/" is not a path of inboxops; hint: leave out the slash at the end: /api/v1/tickets`},
	},
	"an address without the base": {
		change: func(r *journal.Record) { r.Path = "/tickets" },
		want:   []string{`undocumented-path: path "/tickets" is a path of neither service; hint: did you mean /api/v1/tickets?`},
	},
	"an address with half of the base": {
		change: func(r *journal.Record) { r.Path = "/v1/tickets" },
		want:   []string{`undocumented-path: path "/v1/tickets" is a path of neither service; hint: did you mean /api/v1/tickets?`},
	},
	"an address with doubled slashes": {
		change: func(r *journal.Record) { r.Path = "//api/v1//tickets" },
		want:   []string{`undocumented-path: path "//api/v1//tickets" is a path of neither service; hint: did you mean /api/v1/tickets?`},
	},
	"an address of nothing": {
		base:   "/handoff",
		change: func(r *journal.Record) { r.Path = "/favicon.ico" },
		want:   []string{`undocumented-path: path "/favicon.ico" is a path of neither service; hint: the paths of InboxOps begin with /api/v1, those of AppHandoff with /handoff/projects`},
	},
	"a longer first segment is another path": {
		change: func(r *journal.Record) { r.Path = "/api/v12/tickets" },
		want:   []string{`undocumented-path: path "/api/v12/tickets" is a path of neither service; hint: the paths of InboxOps begin with /api/v1, those of AppHandoff with /api/projects`},
	},
	"AppHandoff has its own parameters": {
		change: func(r *journal.Record) { r.Path, r.Query = "/api"+messages, "limit=many" },
		want:   []string{`type: query.limit "many" is not an integer; hint: write for example limit=50`},
	},
	"AppHandoff under another base": {
		base:   "/handoff/v2",
		change: func(r *journal.Record) { r.Path, r.Query = "/handoff/v2"+messages, "limit=50" },
	},
	"AppHandoff's verdict names the base it is served under": {
		base:   "/handoff",
		change: func(r *journal.Record) { r.Path = "/handoff/projects/7" },
		want: []string{`undocumented-path: path "/handoff/projects/7" is not a path of apphandoff; hint: the paths are ` +
			`/handoff/projects/{id}/tickets/{ticketId}/messages`},
	},
	"a body is judged": {
		change: func(r *journal.Record) { note(r, `{"type": "internal_note", "body_text": 7}`) },
		want:   []string{`type: body.body_text "7" is of type number, not string`},
	},
	"a missing Content-Type": {
		change: func(r *journal.Record) { *r = post(); delete(r.RequestHeader, "Content-Type") },
		want:   []string{`content-type: header.Content-Type is missing; hint: send the header Content-Type: application/json`},
	},
	"an empty body": {
		change: func(r *journal.Record) { note(r, "") },
		want:   []string{`body: body is empty; hint: send a JSON object`},
	},
	"a body longer than what is kept is not judged": {
		change:        func(r *journal.Record) { note(r, `{"body_text": 7, "body_html": "`+strings.Repeat("x", 5000)+`"}`) },
		wantUnchecked: "the body was not checked: 4096 of its 5033 bytes are kept",
	},
	"the rest of that request is": {
		change: func(r *journal.Record) {
			note(r, strings.Repeat("x", 5000))
			r.Path, r.RequestHeader["Content-Type"] = "/api/v1/tickets/seven/messages", []string{"text/plain"}
		},
		want: []string{
			`pattern: path.id "seven" does not have the documented form: Ticket UUID or ticket_number; hint: write for example 42`,
			`content-type: header.Content-Type "text/plain" is not a media type this operation takes; hint: send the header Content-Type: application/json`,
		},
		wantUnchecked: "the body was not checked: 4096 of its 5000 bytes are kept",
	},
	"a body nobody read is not judged": {
		change:        func(r *journal.Record) { note(r, ""); r.RequestBytes = 20 },
		wantUnchecked: "the body was not checked: 0 of its 20 bytes are kept",
	},
	"nor is one of unknown length": {
		change:        func(r *journal.Record) { note(r, ""); r.RequestBytes = -1 },
		wantUnchecked: "the body was not checked: it was not read to its end",
	},
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for name, test := range verdicts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(journal.Config{AppHandoffBase: test.base})
			r := get()
			test.change(&r)
			j.Add(r)
			e, _ := j.Get(1)
			var got []string
			for _, v := range e.Violations {
				got = append(got, v.Rule+": "+v.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if e.Unchecked != test.wantUnchecked {
				t.Errorf("unchecked: %q, want %q", e.Unchecked, test.wantUnchecked)
			}
		})
	}
}

// note makes the record one of a note with the body.
func note(r *journal.Record, body string) {
	*r = post()
	r.RequestHeader = http.Header{"Content-Type": {"application/json"}}
	r.RequestBody, r.RequestBytes = []byte(body), int64(len(body))
}

// Where nothing is judged, nothing passes for good, and the line to add is told.
func TestWithoutAVerdict(t *testing.T) {
	t.Parallel()
	const teaching = "mockserver.Config{Verdict: verdict.OnRequest}, with verdict from github.com/mockdesk/mockdesk/openapi/verdict"
	j := journal.New(journal.Config{})
	j.Add(get())
	r := post()
	words := "contract was not checked, because this fake was given no verdict; hint: " + teaching
	if got := j.Check(&r).Words; got != words {
		t.Errorf("breach %q, want %q", got, words)
	}
	j.Add(r)
	for _, e := range list(t, j, journal.Filter{}) {
		if len(e.Violations) != 1 || e.Violations[0].String() != words {
			t.Errorf("request %d: got %v, want %s", e.Seq, e.Violations, words)
		}
	}
	if s := j.Summary(); len(s.Violations) != 1 || s.Violations[0].Count != 2 || s.Violations[0].Rule != openapi.RuleContract {
		t.Errorf("got %v, want one group of two requests that were not judged", s.Violations)
	}
	want := "filter violations selects by the verdict, and this fake was given none (hint: " + teaching + ")"
	asking := journal.Filter{Violations: true}
	if _, err := j.List(asking); err == nil || err.Error() != want {
		t.Errorf("List: got %v, want %s", err, want)
	}
	for _, expected := range []journal.Expectation{{Filter: asking, Exactly: new(0)}, {Filter: asking, AtLeast: new(1)}} {
		if _, err := j.Verify(expected); err == nil || err.Error() != want {
			t.Errorf("Verify %v: got %v, want %s", expected, err, want)
		}
	}
}

func TestLongPlacesAreClipped(t *testing.T) {
	t.Parallel()
	j := newJournal(journal.Config{})
	r := get()
	r.Query = strings.Repeat("é", 500) + "=1"
	j.Add(r)
	e, _ := j.Get(1)
	if len(e.Violations) != 1 || len([]rune(e.Violations[0].Where)) != 120 {
		t.Errorf("got %v, want one violation at a place of 120 characters", e.Violations)
	}
}
