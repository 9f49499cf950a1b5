// Package conformancetest turns a conformance run into a Go test with a
// subtest for each clause.
package conformancetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// Run judges the target of the Config and reports each clause as a subtest
// named by its id: a failure fails it, a skip skips it, unless the Config
// requires it. A run that could not judge the target to the end fails t.
func Run(t *testing.T, c conformance.Config) conformance.Report {
	t.Helper()
	report, err := conformance.Run(t.Context(), c)
	if err != nil {
		t.Fatalf("conformance: %s", inGo.Replace(err.Error()))
	}
	for _, r := range report.Results {
		t.Run(r.Clause.ID, func(t *testing.T) { tell(t, r) })
	}
	if unjudged := report.Unjudged(); unjudged != "" {
		t.Errorf("conformance: %s", plain.Text(inGo.Replace(unjudged)))
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
		t.Errorf("%s\n%s", r.Clause.Words, plain.Text(inGo.Replace(r.Reason)))
	case r.Missed():
		t.Error("required but not judged: " + skipped(r))
	case r.Outcome == scenario.Fail:
		t.Skip("a known failure: " + r.Clause.Words)
	case r.Outcome != scenario.Pass:
		t.Skip(skipped(r))
	}
}

// skipped says why a clause was not judged and what in the Config would change
// that.
func skipped(r conformance.Result) string {
	why := r.Reason
	if r.Unlock != "" {
		why += "; to judge it: " + r.Unlock
	}
	return plain.Text(inGo.Replace(why))
}

// inGo turns the flags that a report names into fields of the Config.
var inGo = strings.NewReplacer(
	"--key KEY or MOCKDESK_KEY", "Config.Keys[target.ReadWrite]",
	"--readonly-key KEY or MOCKDESK_READONLY_KEY", "Config.Keys[target.ReadOnly]",
	"--revoked-key KEY or MOCKDESK_REVOKED_KEY", "Config.Keys[target.Revoked]",
	"--unentitled-key KEY or MOCKDESK_UNENTITLED_KEY", "Config.Keys[target.Unentitled]",
	"--limited-key KEY or MOCKDESK_LIMITED_KEY", "Config.Keys[target.Limited]",
	"--apphandoff-key KEY or MOCKDESK_APPHANDOFF_KEY", "Config.Keys[target.Member]",
	"--outsider-key KEY or MOCKDESK_OUTSIDER_KEY", "Config.Keys[target.Outsider]",
	"--apphandoff-limited-key KEY or MOCKDESK_APPHANDOFF_LIMITED_KEY", "Config.Keys[target.MemberLimited]",
	"--apphandoff-key", "Config.Keys[target.Member]",
	"the main key", "Config.Keys[target.ReadWrite]",
	"--facts FILE", "Config.Facts",
	"mockdesk check --list", "scenario.All",
	"--key", "Config.Keys",
	"--write-ticket", "Config.WriteTicket",
	"--write", "Config.Write",
	"--follow", "Config.Follow",
	"--header 'Name: value'", "Config.Header",
	"--burst", "Config.Burst",
	"--rps", "Config.RPS",
	"--max-requests", "Config.MaxRequests",
	"--request-timeout", "Config.RequestTimeout",
	"--error-format", "Config.ErrorFormat",
	"--api", "Config.API",
	"--skip it", "name it in Config.Skip",
	"--client-cert FILE and --client-key FILE name the certificate to show", "a Config.Transport that shows a certificate",
	"--insecure verifies no certificate", "a Config.Transport that verifies none",
	"--cacert FILE names the certificate to trust, or --insecure verifies none", "a Config.Transport that trusts the certificate",
)

// describe describes a failure, one line for each part.
func describe(r conformance.Result) string {
	var b strings.Builder
	b.WriteString(r.Clause.Words + "\n")
	if r.Known {
		b.WriteString("listed as a known failure, but it passed: take it off the list\n")
	}
	for _, f := range r.Failures {
		b.WriteString(strings.TrimSuffix(f.Path+" of "+f.Request, " of "))
		if f.Message == "" {
			fmt.Fprintf(&b, ": expected %s, actual %s\n", f.Expected, f.Actual)
		} else {
			fmt.Fprintf(&b, ": %s\n", f.Message)
		}
	}
	if r.Curl != "" {
		b.WriteString(r.Curl + "\n")
	}
	return plain.Text(b.String())
}
