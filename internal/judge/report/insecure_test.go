package report_test

import (
	"strings"
	"testing"
)

func TestReportsSayThatNoCertificateWasVerified(t *testing.T) {
	t.Parallel()
	r := example()
	const words = "no certificate was verified (--insecure)"
	for format, want := range map[string]string{"text": words, "markdown": words, "github": words, "html": words, "json": `"insecure": true`} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			for _, insecure := range []bool{true, false} {
				given := r
				given.Insecure = insecure
				if text := written(t, format, given); strings.Contains(text, want) != insecure {
					t.Errorf("insecure %v:\n%s", insecure, text)
				}
			}
		})
	}
}
