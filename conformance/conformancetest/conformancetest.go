// Package conformancetest turns a conformance run into a Go test with a
// subtest for each clause.
package conformancetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/conformance/scenario"
)

// Run judges the target of the Config and reports each clause as a subtest
// named by its id: a failure fails it, a skip skips it. A run that could not
// judge the target fails t.
func Run(t *testing.T, c conformance.Config) conformance.Report {
	t.Helper()
	report, err := conformance.Run(t.Context(), c)
	if err != nil {
		t.Fatalf("conformance: %v", err)
	}
	if !report.Judged {
		t.Errorf("conformance: %s", report.Headline)
	}
	for _, r := range report.Results {
		t.Run(r.Clause.ID, func(t *testing.T) { tell(t, r) })
	}
	if report.Judged && report.ExitCode() == conformance.ExitUnjudged {
		t.Errorf("conformance: nothing can be concluded: %d passed, %d broke", report.Counts.Pass, report.Counts.Error)
	}
	return report
}

// tell reports one result.
func tell(t *testing.T, r conformance.Result) {
	t.Helper()
	switch {
	case r.Unexpected():
		t.Error(describe(r))
	case r.Outcome == scenario.Error:
		t.Errorf("%s\n%s", r.Clause.Words, r.Reason)
	case r.Outcome == scenario.Fail:
		t.Skip("a known failure: " + r.Clause.Words)
	case r.Outcome != scenario.Pass:
		t.Skip(strings.TrimSuffix(r.Reason+"; to judge it: "+r.Unlock, "; to judge it: "))
	}
}

// describe says a failure in lines.
func describe(r conformance.Result) string {
	var b strings.Builder
	b.WriteString(r.Clause.Words + "\n")
	if r.Known {
		b.WriteString("listed as a known failure, but it passed: take it off the list\n")
	}
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "%s: expected %s, actual %s %s\n", f.Path, f.Expected, f.Actual, f.Message)
	}
	if r.Curl != "" {
		b.WriteString(r.Curl + "\n")
	}
	return b.String()
}
