//go:build e2e

package e2e_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// The reports that people open in a browser say the verdict first, fit any window
// and are accessible.
func TestReportsInABrowser(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"match":{"operation":"listTickets"},"then":{"violation":{"pointer":"/data/*/status","make":"null"}}}`)
	healthy := serve(t)
	check := func(url string) []string { // some clauses of each outcome are enough to look at
		return []string{"check", url, "--key", readWrite, "--only", "IO-TICKET-0*", "--only", "IO-AUTH-0*"}
	}
	b := visit(t, s, "/_mockdesk/")
	for _, report := range []struct {
		name, verdict string
		args          []string
	}{
		{"report-failed", "FAILED", check(s.url)},
		{"report-passed", "PASSED", check(healthy.url)},
		{"report-down", "COULD NOT JUDGE", check("http://127.0.0.1:1")},
		{"report-exec", "FAILED", []string{"exec", "--", "sh", "-c", `curl -s -H "Authorization: Bearer $MOCKDESK_KEY" "$MOCKDESK_URL/api/v1/tickets?statsu=open"`}},
		{"report-exec-broke", "COULD NOT JUDGE", []string{"exec", "--", "/no/such/command"}},
	} {
		file := filepath.Join(t.TempDir(), "report.html")
		args := append([]string{report.args[0], "--report", "html=" + file}, report.args[1:]...)
		out, _ := exec.CommandContext(t.Context(), binary, args...).CombinedOutput() // which fails
		b.do(chromedp.Navigate("file://" + file))
		if got := b.read(`document.querySelector("h1")?.textContent.split(":")[0]`); got != report.verdict {
			t.Errorf("%s begins with %q, want %s\n%s", report.name, got, report.verdict, out)
			continue
		}
		b.looks(report.name)
		if report.name != "report-failed" {
			continue
		}
		link := b.read(`document.querySelector("details[data-outcome=pass]").id`)
		b.do(chromedp.Navigate("file://" + file + "#" + link))
		b.wait(fmt.Sprintf(`document.getElementById(%q).open && !document.getElementById(%q).hidden`, link, link))
		b.fits("report-clause")
	}
}
