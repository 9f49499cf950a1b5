package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/report"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// formats are all formats, that of the terminal as text.
var formats = append(report.Table[conformance.Report]{{"text", report.Text{Verbose: true}.Write}}, report.Formats...)

// written is a report in a format.
func written(t *testing.T, format string, r conformance.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := formats.Writer(format)(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// failed is a failure of a clause for the request of a caller.
func failed(id, caller, path string, f scenario.Failure) conformance.Result {
	r := result(id, scenario.Fail)
	url := "http://h" + path
	r.Failures, r.Curl = []scenario.Failure{f}, "curl "+url
	r.Evidence = []target.Evidence{{Method: "GET", URL: url, Header: []string{"Accept: */*", "Authorization: Bearer " + caller}, Curl: r.Curl}}
	return r
}

// of is a report of results.
func of(results ...conformance.Result) conformance.Report {
	r := conformance.Report{Target: "http://h/api/v1", Started: started, Seed: 3, Judged: true, Results: results}
	for _, result := range results {
		switch result.Outcome {
		case scenario.Pass:
			r.Counts.Pass++
		case scenario.Fail:
			r.Counts.Fail++
		case scenario.Skip:
			r.Counts.Skip++
		case scenario.NotRun:
			r.Counts.NotRun++
		}
	}
	return r
}

func TestTheVerdictComesFirst(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		report conformance.Report
		want   string
	}{
		"all is well":        {of(result("IO-AUTH-01", scenario.Pass)), "PASSED"},
		"a clause failed":    {of(result("IO-AUTH-01", scenario.Fail)), "FAILED"},
		"nothing was judged": {of(result("IO-AUTH-01", scenario.Skip)), "COULD NOT JUDGE"},
	}
	first := map[string]string{"text": "", "markdown": "# ", "github": "::(notice|error) title=mockdesk check::", "html": `(?s).*<h1[^>]*>`}
	tags := regexp.MustCompile("<[^>]*>|`")
	for name, tc := range tests {
		for format, before := range first {
			t.Run(name+", "+format, func(t *testing.T) {
				t.Parallel()
				got := written(t, format, tc.report)
				got = strings.TrimPrefix(got, regexp.MustCompile("^"+before).FindString(got))
				want := tc.want + ": http://h/api/v1, started 2025-06-02T09:30:00Z, took 0s, seed 3"
				if line, _, _ := strings.Cut(got, "\n"); !strings.HasPrefix(tags.ReplaceAllString(line, ""), want) {
					t.Errorf("got %q, want %q", line, want)
				}
			})
		}
	}
}

func TestWhatHasOneCauseIsToldOnce(t *testing.T) {
	t.Parallel()
	const read, other = "$MOCKDESK_KEY", "$MOCKDESK_READONLY_KEY"
	status := func(expected, actual string) scenario.Failure {
		return scenario.Failure{Path: "status of GET", Expected: expected, Actual: actual}
	}
	ten := make([]conformance.Result, 10)
	for i := range ten {
		ten[i] = failed(fmt.Sprintf("IO-TICKET-%02d", i+1), read, "/tickets?page=1", status("1", fmt.Sprint(100+i)))
	}
	tests := map[string]struct {
		results []conformance.Result
		want    []string // the ids of the groups, in order
		more    string
	}{
		"the same request":            {ten, []string{"IO-TICKET-01..10"}, "and 8 more"},
		"the same request of another": {[]conformance.Result{failed("IO-AUTH-01", read, "/", status("1", "2")), failed("IO-AUTH-02", other, "/", status("1", "2"))}, []string{"IO-AUTH-01", "IO-AUTH-02"}, ""},
		"another request":             {[]conformance.Result{failed("IO-AUTH-01", read, "/a", status("1", "2")), failed("IO-AUTH-02", read, "/b", status("1", "2"))}, []string{"IO-AUTH-01", "IO-AUTH-02"}, ""},
		"the same message": {
			[]conformance.Result{failed("IO-AUTH-01", read, "/a", scenario.Failure{Message: "no array"}), failed("IO-AUTH-02", read, "/b", scenario.Failure{Message: "no array"})},
			[]string{"IO-AUTH-01 IO-AUTH-02"},
			"and 1 more",
		},
		"a refusal, whatever was expected": {
			[]conformance.Result{failed("IO-AUTH-01", read, "/a", status(`"200 OK"`, `"401 Unauthorized"`)), failed("IO-AUTH-02", other, "/b", status(`"403 Forbidden"`, `"401 Unauthorized"`))},
			[]string{"IO-AUTH-01 IO-AUTH-02"},
			"",
		},
		"an answer that is broken, in other words": {
			[]conformance.Result{failed("IO-AUTH-01", read, "/a", status("200", "500")), failed("IO-AUTH-02", other, "/b", scenario.Failure{Path: "answer for a", Expected: "200", Actual: `500 {"error":1}`})},
			[]string{"IO-AUTH-01 IO-AUTH-02"},
			"",
		},
		"numbers that are no status": {
			[]conformance.Result{failed("IO-AUTH-01", read, "/a", scenario.Failure{Path: "meta.total", Actual: "500"}), failed("IO-AUTH-02", read, "/b", scenario.Failure{Path: "meta.total", Actual: "500"})},
			[]string{"IO-AUTH-01", "IO-AUTH-02"},
			"",
		},
		"the largest group is first, then the order of the catalogue": {
			[]conformance.Result{failed("IO-AUTH-01", read, "/a", status("1", "2")), failed("IO-AUTH-02", read, "/b", status("1", "2")), failed("IO-AUTH-03", read, "/c", status("1", "2")), failed("IO-AUTH-04", read, "/c", status("1", "2"))},
			[]string{"IO-AUTH-03 IO-AUTH-04", "IO-AUTH-01", "IO-AUTH-02"},
			"and 1 more",
		},
	}
	heads := map[string]string{"text": `(?m)^  fail (IO-[^a-z]*?)  `, "markdown": `(?m)^### (IO-.*) \(fail\)`, "html": `<h3><span class="tag">fail</span> <code>(IO-.*)</code>`}
	for name, tc := range tests {
		for format, head := range heads {
			t.Run(name+", "+format, func(t *testing.T) {
				t.Parallel()
				all := html.UnescapeString(written(t, format, of(tc.results...)))
				told, _, _ := strings.Cut(all, "All clauses")
				var got []string
				for _, match := range regexp.MustCompile(head).FindAllStringSubmatch(told, -1) {
					got = append(got, match[1])
				}
				if strings.Join(got, ", ") != strings.Join(tc.want, ", ") {
					t.Errorf("the groups are %q, want %q in\n%s", got, tc.want, told)
				}
				if strings.Count(told, "curl http") != len(tc.want) {
					t.Errorf("%d requests, want one for each group", strings.Count(told, "curl http"))
				}
				if tc.more != "" && !strings.Contains(told, tc.more) || tc.more == "" && strings.Contains(told, " more") {
					t.Errorf("want %q in\n%s", tc.more, told)
				}
			})
		}
	}
}

// skippedClauses are two clauses that one flag would let be judged.
func skippedClauses() []conformance.Result {
	skipped := []conformance.Result{result("IO-AUTH-09", scenario.Skip), result("IO-POST-MSG-01", scenario.Skip)}
	for i := range skipped {
		skipped[i].Reason, skipped[i].Unlock = "nothing may be written", "--write"
	}
	return skipped
}

func TestWhatWasNotJudgedIsToldByItsReason(t *testing.T) {
	t.Parallel()
	r := of(append(skippedClauses(), result("IO-AUTH-01", scenario.Pass))...)
	for _, format := range formats.Names() {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			got := written(t, format, r)
			if format == "json" {
				var said struct {
					NotJudged json.RawMessage `json:"not_judged"`
				}
				if err := json.Unmarshal([]byte(got), &said); err != nil {
					t.Fatal(err)
				}
				got = string(said.NotJudged)
			}
			wants := []string{"nothing may be written", "--write", "IO-AUTH-09 IO-POST-MSG-01"}
			switch format {
			case "json":
				wants = append(wants[:2], `"IO-AUTH-09"`, `"IO-POST-MSG-01"`)
			case "junit": // which has a place for each clause only
				wants = wants[:2]
			}
			for _, want := range wants {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
			before, _, _ := strings.Cut(got, "All clauses")
			if n := strings.Count(before, "nothing may be written"); n != 1 && format != "junit" {
				t.Errorf("the reason is told %d times", n)
			}
		})
	}
}

func TestAtMostTenAnnotations(t *testing.T) {
	t.Parallel()
	many := func(n int) []conformance.Result {
		var out []conformance.Result
		for i := range n {
			out = append(out, failed(fmt.Sprintf("IO-TICKET-%02d", i+1), "k", fmt.Sprint("/", i), scenario.Failure{Expected: "1", Actual: "2"}))
		}
		return out
	}
	skips := make([]conformance.Result, 11)
	for i := range skips {
		skips[i] = result(fmt.Sprintf("IO-TICKET-%02d", i+1), scenario.Skip)
		skips[i].Reason = fmt.Sprint("reason ", i)
	}
	tests := map[string]struct {
		results []conformance.Result
		lines   int
		last    string
	}{
		"nothing to tell": {[]conformance.Result{result("IO-AUTH-01", scenario.Pass)}, 1, "PASSED"},
		"room for all":    {append(many(8), skippedClauses()...), 10, "not judged%3A IO-AUTH-09 IO-POST-MSG-01"},
		"reasons alone":   {skips, 10, "and 3 more reasons not to judge"},
		"room for some":   {append(many(12), skippedClauses()...), 10, "and 5 more: 4 causes that failed or broke, 1 reason not to judge"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := strings.Split(strings.TrimSpace(written(t, "github", of(tc.results...))), "\n")
			if len(lines) != tc.lines || !strings.Contains(lines[len(lines)-1], tc.last) {
				t.Errorf("%d lines, want %d, the last one with %q:\n%s", len(lines), tc.lines, tc.last, strings.Join(lines, "\n"))
			}
		})
	}
}

func TestEveryFormatSaysWhatChanged(t *testing.T) {
	t.Parallel()
	for _, format := range formats.Names() {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			r := of(result("IO-AUTH-01", scenario.Pass))
			if got := written(t, format, r); strings.Contains(got, "2025-06-01T09:30:00Z") {
				t.Error("it is compared with nothing and says so")
			}
			r.Changes = conformance.Changes{Since: started.AddDate(0, 0, -1), Failing: []string{"IO-AUTH-09"}, Unknown: []string{"7", "8"}}
			got := written(t, format, r)
			for _, want := range []string{"2025-06-01T09:30:00Z", "IO-AUTH-09", "newly"} {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
		})
	}
}

func TestReadTakesReportsOnly(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		ok   bool
	}{
		"what JSON wrote":    {written(t, "json", example()), true},
		"nothing":            {"", false},
		"no JSON":            {"<html>", false},
		"another object":     {`{"verdict": "PASSED"}`, false},
		"no list of results": {`{"started": "2025-06-02T09:30:00Z", "results": {}}`, false},
		"no clause":          {`{"started": "2025-06-02T09:30:00Z", "results": [{"outcome": "pass"}]}`, false},
		"an unknown outcome": {`{"started": "2025-06-02T09:30:00Z", "results": [{"clause": {"id": "IO-AUTH-01"}, "outcome": "maybe"}]}`, false},
		"no start":           {`{"results": [{"clause": {"id": "IO-AUTH-01"}, "outcome": "pass"}]}`, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := report.Read([]byte(tc.text)); (err == nil) != tc.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestANoteOnManyClausesIsToldOnce(t *testing.T) {
	t.Parallel()
	noted := []conformance.Result{result("IO-AUTH-01", scenario.Pass), result("IO-AUTH-02", scenario.Pass), result("IO-AUTH-03", scenario.Pass)}
	for i := range noted {
		noted[i].Notes = []string{"It is so."}
	}
	if got := written(t, "text", of(noted...)); strings.Count(got, "  note IO-AUTH-01..03  It is so.\n") != 1 || strings.Count(got, "It is so") != 1 {
		t.Errorf("got\n%s", got)
	}
}
