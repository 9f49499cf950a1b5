package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/judge/report"
)

func TestReportsSayThatNoCertificateWasVerified(t *testing.T) {
	t.Parallel()
	r := example()
	tests := map[string]struct {
		write report.Writer
		want  string
	}{
		"text":     {report.Text{}.Write, "no certificate was verified (--insecure)"},
		"markdown": {report.Markdown, "no certificate was verified (--insecure)"},
		"github":   {report.GitHub, "no certificate was verified (--insecure)"},
		"html":     {report.HTML, "no certificate was verified (--insecure)"},
		"json":     {report.JSON, `"insecure": true`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, insecure := range []bool{true, false} {
				given := r
				given.Insecure = insecure
				var b bytes.Buffer
				if err := tc.write(&b, given); err != nil || strings.Contains(b.String(), tc.want) != insecure {
					t.Errorf("insecure %v: %v\n%s", insecure, err, &b)
				}
			}
		})
	}
}
