package outcome_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/cmd/internal/outcome"
	"github.com/mockdesk/mockdesk/internal/golden"
	"github.com/mockdesk/mockdesk/internal/judge/report"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// at is when everything happens.
var at = time.Date(2025, 6, 2, 9, 30, 0, 0, time.UTC)

// entry is a request that asked the private fake.
func entry(url string) journal.Entry {
	return journal.Entry{
		Seq: 3, At: at, Method: "GET", Host: "127.0.0.1:38105", URL: url,
		RequestHeader: http.Header{"Authorization": {"Bearer ixk_…te"}, "Referer": {"http://127.0.0.1:38105/page"}},
	}
}

// green is a run with nothing to say against.
func green() outcome.Outcome {
	o := outcome.Outcome{Command: []string{"npm", "test"}, Started: at, Duration: 83 * time.Second, Faults: []fault.InForce{}, Summary: journal.NewLedger().Totals()}
	o.Summary.Requests = 7
	o.Summary.Workspaces = []journal.Visits{{Workspace: "test", Requests: 7}}
	o.Summary.Operations = []journal.Count{{Service: "inboxops", Operation: "listTickets", Status: 200, Count: 7}}
	return o
}

// with returns a run in which something went otherwise.
func with(change func(*outcome.Outcome)) outcome.Outcome {
	o := green()
	change(&o)
	return o
}

func breach(o *outcome.Outcome) {
	o.Summary.Violations = []journal.Group{{
		Rule: "unknown-parameter", Where: "query.statsu", Count: 2, Workspace: "w1", First: entry("/api/v1/tickets?statsu=open&q=<b>"),
		Violation: journal.Violation{Where: "query.statsu", Rule: "unknown-parameter", Got: "open", Reason: "is not a parameter of listTickets", Hint: "did you mean status?"},
	}}
}

func early(o *outcome.Outcome) {
	o.Summary.EarlyRetries = []journal.EarlyAt{{Workspace: "test", EarlyRetry: journal.EarlyRetry{
		Retry: journal.Ref{Method: "GET", URL: "/api/v1/tickets"}, RetryAfter: 3, Waited: 1.25, Early: 1.75,
	}}}
}

// everything is a run in which all went wrong.
func everything() outcome.Outcome {
	return with(func(o *outcome.Outcome) {
		breach(o)
		early(o)
		o.Summary.Unclear = 2
		o.Command, o.Code, o.Patient = []string{"sh", "-c", "echo `x` | tee <y>"}, 2, true
		group := o.Summary.Violations[0]
		group.Where, group.Rule, group.Count, group.Violation.Where = "query.\x1b[31m\u202etats", "repeated", 1, "query.\x1b[31m\u202etats"
		o.Summary.Violations = append(o.Summary.Violations, group)
		o.Summary.More, o.Summary.MoreEarly, o.Summary.Allowed, o.Summary.Unread = 4, 1, 3, 2
		o.Summary.Workspaces = append(o.Summary.Workspaces, journal.Visits{Workspace: "w1", Requests: 2})
		o.Summary.Operations = append(o.Summary.Operations, journal.Count{Status: 404, Count: 1})
		o.Summary.Allowances = []journal.Use{
			{Allowance: journal.Allowance{Rule: "enum", Where: "query.status"}, Used: 3}, {Allowance: journal.Allowance{Where: "body.*"}},
		}
		o.Summary.Unused = []journal.Unused{{Allowance: "query.page", Count: 1, First: journal.Ref{Method: "GET", URL: "/api/v1/tickets"}}}
		o.Faults = []fault.InForce{{Rule: fault.Rule{ID: "fault-1", Name: "lists are throttled"}, Fired: 1, Missed: 2}}
		o.Move("127.0.0.1:38105", "127.0.0.1:4010")
	})
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	broke := with(func(o *outcome.Outcome) {
		o.Broke, o.Summary = "cannot run npm: not found", journal.NewLedger().Totals()
	})
	tests := map[string]struct {
		write   func(io.Writer, outcome.Outcome) error
		outcome outcome.Outcome
	}{
		"text.txt": {outcome.Text, everything()}, "passed.txt": {outcome.Text, green()},
		"report.json": {outcome.JSON, everything()},
		"junit.xml":   {outcome.JUnit, everything()}, "passed.xml": {outcome.JUnit, green()}, "broke.xml": {outcome.JUnit, broke},
		"report.html": {outcome.HTML, everything()}, "passed.html": {outcome.HTML, green()},
		"report.md": {outcome.Markdown, everything()}, "passed.md": {outcome.Markdown, green()},
		"server.txt": {outcome.Text, with(served)}, "server.xml": {outcome.JUnit, with(served)}, "server.md": {outcome.Markdown, with(served)},
		"server.html": {outcome.HTML, with(served)}, "server-gh.txt": {outcome.GitHub, with(served)}, "server.json": {outcome.JSON, with(served)},
		"github.txt": {outcome.GitHub, everything()}, "broke-gh.txt": {outcome.GitHub, broke},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := test.write(&b, test.outcome); err != nil {
				t.Fatal(err)
			}
			golden.Equal(t, name, b.Bytes())
		})
	}
}

// served is a run against a target whose answers break the contract.
func served(o *outcome.Outcome) {
	o.Target = "https://staging.example/base/"
	o.Summary.AnswerViolations = []journal.Group{{
		Rule: "type", Where: "body.data[0].id", Count: 3, Workspace: "test", First: entry("/api/v1/tickets"),
		Violation: journal.Violation{Where: "body.data[0].id", Rule: "type", Got: "7", Reason: "is of type number, not string"},
	}}
	o.Summary.MoreAnswers = 2
	o.Aim(o.Target, "")
}

// runs has every way to end, with the kinds of the failures.
var runs = map[string]struct {
	outcome outcome.Outcome
	want    []string
}{
	"nothing to say against":       {green(), nil},
	"the command failed":           {with(func(o *outcome.Outcome) { o.Code = 3 }), []string{outcome.Command}},
	"a signal ended it":            {with(func(o *outcome.Outcome) { o.Code, o.Signal = 143, "terminated" }), []string{outcome.Command}},
	"the command did not run":      {with(func(o *outcome.Outcome) { o.Broke = "cannot run npm" }), []string{outcome.Broken}},
	"no request came":              {with(func(o *outcome.Outcome) { o.Summary = journal.NewLedger().Totals() }), []string{outcome.NoRequest}},
	"none came, which is borne":    {with(func(o *outcome.Outcome) { o.Summary, o.Lenient = journal.NewLedger().Totals(), true }), nil},
	"too fast to be judged":        {with(func(o *outcome.Outcome) { o.Summary.Unjudged = 1 }), []string{outcome.Unjudged}},
	"a breach":                     {with(breach), []string{outcome.Breach}},
	"a breach, which is borne":     {with(func(o *outcome.Outcome) { breach(o); o.Lenient = true }), nil},
	"breaches of too many kinds":   {with(func(o *outcome.Outcome) { o.Summary.More = 1 }), []string{outcome.Breach}},
	"an early retry":               {with(func(o *outcome.Outcome) { early(o); o.Patient = true }), []string{outcome.EarlyRetry}},
	"an early one, not asked for":  {with(early), nil},
	"an early one among lenient":   {with(func(o *outcome.Outcome) { early(o); o.Patient, o.Lenient = true, true }), []string{outcome.EarlyRetry}},
	"too many to watch":            {with(func(o *outcome.Outcome) { o.Summary.Unwatched, o.Patient = 5, true }), []string{outcome.Unwatched}},
	"too many, not asked for":      {with(func(o *outcome.Outcome) { o.Summary.Unwatched = 5 }), nil},
	"an allowance nothing used":    {with(func(o *outcome.Outcome) { o.Summary.Allowances = []journal.Use{{}} }), nil},
	"the server's breach":          {with(func(o *outcome.Outcome) { served(o); o.JudgeServer = true }), []string{outcome.Server}},
	"one that is not asked for":    {with(served), nil},
	"a server without a breach":    {with(func(o *outcome.Outcome) { o.Target, o.JudgeServer = "http://a", true }), nil},
	"the client's beside it":       {with(func(o *outcome.Outcome) { served(o); breach(o); o.JudgeServer = true }), []string{outcome.Breach, outcome.Server}},
	"all of it, the command first": {everything(), []string{outcome.Command, outcome.Breach, outcome.EarlyRetry}},
}

// Whatever makes exec fail is in the JUnit file, and nothing else is.
func TestJUnitFailsWithTheRun(t *testing.T) {
	t.Parallel()
	for name, test := range runs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var kinds []string
			for _, f := range test.outcome.Failures() {
				kinds = append(kinds, f.Kind)
			}
			if diff := cmp.Diff(test.want, kinds); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
			text := written(t, "junit", test.outcome)
			var doc struct {
				XMLName  xml.Name `xml:"testsuites"`
				Failures int      `xml:"failures,attr"`
				Errors   int      `xml:"errors,attr"`
				Cases    []struct {
					Failure *struct {
						Type string `xml:"type,attr"`
					} `xml:"failure"`
					Error *struct{} `xml:"error"`
				} `xml:"testsuite>testcase"`
			}
			if err := xml.Unmarshal([]byte(text), &doc); err != nil {
				t.Fatal(err)
			}
			if failed := doc.Failures+doc.Errors > 0; failed != (len(test.want) > 0) {
				t.Errorf("%d failures and %d errors, want %v", doc.Failures, doc.Errors, test.want)
			}
			said := map[string]bool{}
			for _, c := range doc.Cases {
				if c.Failure != nil {
					said[c.Failure.Type] = true
				}
				said[outcome.Broken] = said[outcome.Broken] || c.Error != nil
			}
			for _, kind := range test.want {
				if !said[kind] {
					t.Errorf("no case fails for %s:\n%s", kind, text)
				}
			}
		})
	}
}

func TestWhatIsAllowedIsCounted(t *testing.T) {
	t.Parallel()
	for allowed, want := range map[uint64]string{0: "", 1: "Allowed: 1 violation that is meant.\n", 2: "Allowed: 2 violations that are meant.\n"} {
		text := written(t, "text", with(func(o *outcome.Outcome) { o.Summary.Allowed = allowed }))
		if !strings.Contains(text, want) || strings.Contains(text, "Allowed") != (allowed > 0) {
			t.Errorf("%d allowed: want %q in:\n%s", allowed, want, text)
		}
	}
}

func TestJSONSaysWhetherItPassed(t *testing.T) {
	t.Parallel()
	for name, test := range runs {
		var doc struct {
			Passed   bool
			Failures []outcome.Failure
		}
		if err := json.Unmarshal([]byte(written(t, "json", test.outcome)), &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Passed != (len(test.want) == 0) || len(doc.Failures) != len(test.want) || doc.Failures == nil {
			t.Errorf("%s: passed %v, %v; want %v", name, doc.Passed, doc.Failures, test.want)
		}
	}
}

// formats are all formats, that of the terminal as text.
var formats = append(report.Table[outcome.Outcome]{{"text", outcome.Text}}, outcome.Formats...)

// written is an outcome in a format.
func written(t *testing.T, format string, o outcome.Outcome) string {
	t.Helper()
	var b bytes.Buffer
	if err := formats.Writer(format)(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// No report sends a reader to the private fake, turns a line around or tells a
// terminal what to do.
func TestEveryFormat(t *testing.T) {
	t.Parallel()
	for _, name := range formats.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := written(t, name, everything())
			for _, wrong := range []string{"38105", "\x1b[31m", "<b>"} {
				if strings.Contains(text, wrong) && (wrong != "<b>" || name == "html") {
					t.Errorf("it holds %q:\n%s", wrong, text)
				}
			}
			if strings.ContainsRune(text, '\u202e') && name != "json" {
				t.Errorf("it holds what turns the line around:\n%s", text)
			}
			if name != "json" && !strings.Contains(text, "http://127.0.0.1:4010/api/v1/tickets") {
				t.Errorf("no curl line asks the address of serve:\n%s", text)
			}
		})
	}
}

func TestThePageNeedsNothingElse(t *testing.T) {
	t.Parallel()
	page := written(t, "html", everything())
	for _, foreign := range []string{"<link", "src=", "@import", "url(", "<script"} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page holds %q", foreign)
		}
	}
}

// The hint that a breach ends with is itself accepted, or is not given.
func TestAllowHint(t *testing.T) {
	t.Parallel()
	for where, want := range map[string]bool{"query.statsu": true, "query.a,b": false, "query.a$b": false, "query.ä": false, "query.a\"b": false, "query.a b": false} {
		o := with(breach)
		o.Summary.Violations[0].Where = where
		hint := o.Failures()[0].Hint
		if got := strings.Contains(hint, `--allow "unknown-parameter `+where+`" if it is meant`); got != want {
			t.Errorf("%s: hint %q, want it there: %v", where, hint, want)
		}
		if !strings.Contains(hint, "--allow-violations only reports it") {
			t.Errorf("%s: hint %q", where, hint)
		}
	}
}

func TestWritersFail(t *testing.T) {
	t.Parallel()
	for _, format := range formats {
		if err := format.Write(full{}, everything()); err == nil {
			t.Errorf("%s: a disk that is full is no error", format.Name)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
