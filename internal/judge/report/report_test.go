package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/golden"
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/report"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// result is a result of the clause with the id.
func result(id string, o conformance.Outcome) conformance.Result {
	found, err := clause.Select(scenario.All(), []string{id})
	if err != nil {
		panic(err)
	}
	return conformance.Result{Clause: found[0].Clause, Outcome: o, Asserts: 2, Requests: 1, Duration: 12 * time.Millisecond}
}

// started is when every run began.
var started = time.Date(2025, 6, 2, 9, 30, 0, 0, time.UTC)

// example has a result of every kind, with text that every format must escape.
func example() conformance.Report {
	curl := `curl -i -H "Authorization: Bearer $MOCKDESK_KEY" 'http://127.0.0.1:4010/api/v1/tickets?q=<b>&x=%27'`
	failed := result("IO-AUTH-05", scenario.Fail)
	failed.Failures = []scenario.Failure{
		{Path: `Request("GET").Expect().Status()`, Expected: `"401 Unauthorized"`, Actual: `"200 OK"`},
		{Path: "code", Request: "GET /api/v1/tickets", Expected: `"unauthorized"`, Actual: "(absent)"},
		{Path: "data[3].subject", Message: "against the <OpenAPI> document: 100% wrong | `really`\nsecond line, a]b"},
		{Path: "code", Request: "GET /api/v1/tickets", Expected: `"unauthorized"`, Actual: "(absent)"},
	}
	failed.Curl = curl
	failed.Evidence = []target.Evidence{{
		Method: "GET", URL: "http://127.0.0.1:4010/api/v1/tickets?q=<b>&x=%27", Header: []string{"Authorization: Bearer $MOCKDESK_KEY"},
		Status: 200, ResponseHeader: []string{"Content-Type: application/json"}, ResponseBody: `{"data":["</pre><script>alert(1)</script>"]}`,
		Duration: 1500 * time.Microsecond, Curl: curl,
	}}
	known := result("IO-AUTH-06", scenario.Fail)
	known.Known = true
	known.Failures = []scenario.Failure{{Path: "status", Expected: "401", Actual: "200"}}
	cured := result("IO-AUTH-07", scenario.Pass)
	cured.Known = true
	var skipped []conformance.Result
	for _, id := range []string{"IO-AUTH-09", "IO-AUTH-10", "IO-AUTH-11", "IO-AUTH-13"} {
		s := result(id, scenario.Skip)
		s.Reason, s.Unlock = "nothing may be written to the target", "--write"
		skipped = append(skipped, s)
	}
	skipped[3].Required = true
	broke := result("IO-ERR-01", scenario.Error)
	broke.Reason = "no answer within 10s; hint: --request-timeout"
	gone := result("AH-MSG-01", scenario.NotRun)
	gone.Reason = "all 600 requests of the run are used; hint: --max-requests 1600"
	noted := result("IO-AUTH-02", scenario.Pass)
	noted.Notes = []string{"It failed once and not when it was run again."}
	noted.Evidence = []target.Evidence{{Method: "GET", URL: "http://127.0.0.1:4010/api/v1/tickets", Error: "no answer within 10s", Curl: "curl -i 'http://127.0.0.1:4010/api/v1/tickets'"}}
	all := append([]conformance.Result{result("IO-AUTH-01", scenario.Pass), noted, failed, known, cured}, skipped...)
	return conformance.Report{
		Target: "http://127.0.0.1:4010/api/v1", AppHandoff: "http://127.0.0.1:4010/api",
		Started: started, Duration: 83 * time.Second, Waited: time.Minute, Judged: true,
		CutShort: "all 600 requests of the run are used; hint: --max-requests 1600",
		Level:    clause.Lenient, Seed: 7, Dialect: scenario.Problem, Requests: 312, MaxRequest: 600,
		Counts:   conformance.Counts{Pass: 3, Fail: 2, Skip: 4, Error: 1, NotRun: 1, Known: 1, Cured: 1},
		Results:  append(append(all, broke), gone),
		NeverMet: []string{"send_status failed", "an inline attachment"},
		Drift:    []string{"the number of tickets went from 3 to 4"},
		Notes:    []string{"listTickets: body.data[0].mood is not documented"},
		Changes: conformance.Changes{
			Since: started.AddDate(0, 0, -1), Failing: []string{"IO-AUTH-05"}, Passing: []string{"IO-AUTH-01", "IO-AUTH-02"},
			Skipped: []string{"IO-ERR-01"}, Unknown: []string{"IO-OLD-01"},
		},
		Left: []scenario.LeftBehind{{URL: "http://127.0.0.1:4010/api/v1/tickets/a/messages", Marker: "mockdesk-check-x-1", Body: "{}"}},
	}
}

func hopeless() conformance.Report {
	r := result("IO-AUTH-01", scenario.NotRun)
	r.Reason = "http://h/api/v1 does not answer: refused"
	return conformance.Report{
		Target: "http://h/api/v1", Started: started, Headline: "cannot judge: http://h/api/v1 does not answer: refused", Level: clause.Lenient,
		MaxRequest: 600, Seed: 1, Counts: conformance.Counts{NotRun: 1}, Results: []conformance.Result{r},
	}
}

// keyless is a target that no key was given for and that fails without one.
func keyless() conformance.Report {
	r := result("IO-AUTH-01", scenario.Fail)
	r.Failures = []scenario.Failure{{Path: "status of GET /api/v1/tickets", Expected: `"200 OK"`, Actual: `"401 Unauthorized"`}}
	return conformance.Report{
		Target: "http://h/api/v1", Started: started, Headline: "cannot judge: no key was given", Level: clause.Lenient,
		MaxRequest: 600, Seed: 1, Requests: 3, Duration: time.Minute, Waited: time.Minute, OwnClock: true, Counts: conformance.Counts{Fail: 1}, Results: []conformance.Result{r},
	}
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		write  report.Writer[conformance.Report]
		report conformance.Report
	}{
		"text.txt":          {report.Text{}.Write, example()},
		"verbose.txt":       {report.Text{Verbose: true}.Write, example()},
		"color.txt":         {report.Text{Color: true}.Write, example()},
		"keyless.txt":       {report.Text{}.Write, keyless()},
		"hopeless.txt":      {report.Text{}.Write, hopeless()},
		"report.json":       {report.JSON, example()},
		"junit.xml":         {report.JUnit, example()},
		"hopeless.xml":      {report.JUnit, hopeless()},
		"report.html":       {report.HTML, example()},
		"report.md":         {report.Markdown, example()},
		"github.txt":        {report.GitHub, example()},
		"hopeless-gh.txt":   {report.GitHub, hopeless()},
		"hopeless-page.htm": {report.HTML, hopeless()},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := tc.write(&b, tc.report); err != nil {
				t.Fatal(err)
			}
			golden.Equal(t, name, b.Bytes())
		})
	}
}

func TestJSONIsTheReport(t *testing.T) {
	t.Parallel()
	var back conformance.Report
	if err := json.Unmarshal([]byte(written(t, "json", example())), &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(example(), back); d != "" {
		t.Errorf("read back (-want +got):\n%s", d)
	}
}

// TestJUnitAddsUp reads the XML as a consumer does and counts.
func TestJUnitAddsUp(t *testing.T) {
	t.Parallel()
	var doc struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Suites   []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Skipped  int `xml:"skipped,attr"`
			Errors   int `xml:"errors,attr"`
			Cases    []struct {
				Skipped []string `xml:"skipped"`
				Error   []string `xml:"error"`
				Failure []string `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(written(t, "junit", example())), &doc); err != nil {
		t.Fatal(err)
	}
	var tests, failures, errors int
	for _, s := range doc.Suites {
		var failed, skipped, broke int
		for _, c := range s.Cases {
			failed, skipped, broke = failed+len(c.Failure), skipped+len(c.Skipped), broke+len(c.Error)
		}
		if s.Tests != len(s.Cases) || s.Failures != failed || s.Skipped != skipped || s.Errors != broke {
			t.Errorf("suite counts %d %d %d %d, cases %d %d %d %d", s.Tests, s.Failures, s.Skipped, s.Errors, len(s.Cases), failed, skipped, broke)
		}
		tests, failures, errors = tests+s.Tests, failures+s.Failures, errors+s.Errors
	}
	if doc.Tests != tests || doc.Failures != failures || doc.Errors != errors || tests != len(example().Results)+1 || failures != 3 || errors != 2 {
		t.Errorf("%d tests, %d failures, %d errors; suites %d, %d, %d", doc.Tests, doc.Failures, doc.Errors, tests, failures, errors)
	}
}

func TestThePageNeedsNothingElse(t *testing.T) {
	t.Parallel()
	page := written(t, "html", example())
	for _, foreign := range []string{"<link", "src=", "@import", "url(", "<script>alert"} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page holds %q", foreign)
		}
	}
	for _, want := range []string{"IO-AUTH-05", "$MOCKDESK_KEY", "&lt;script&gt;alert(1)", "docs.inboxops.app", "send_status failed"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestBar(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	bar := report.NewBar(&b)
	bar.Waiting(time.Second, "pace") // before the first result nothing is drawn
	bar.Clause(result("IO-AUTH-01", scenario.Fail), 2)
	bar.Waiting(3*time.Second, "rate limit")
	bar.Clause(result("IO-AUTH-02", scenario.Pass), 2)
	bar.Close()
	if got := b.String(); !strings.Contains(got, "IO-AUTH-01, 1 failed") || !strings.Contains(got, "\r") {
		t.Errorf("drawn: %q", got)
	} else if !strings.HasSuffix(got, "\r\x1b[K") { // which also clears the ^C of a terminal
		t.Errorf("left on the terminal: %q", got[strings.LastIndex(got, "\r"):])
	}
}
