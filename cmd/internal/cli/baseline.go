package cli

import (
	"os"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/report"
)

// readBaseline reads the report of an earlier run, nil when none is named.
func readBaseline(file string) (*conformance.Report, error) {
	if file == "" {
		return nil, nil
	}
	const hint = "--report json=FILE writes a baseline"
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usage(hint, "cannot read the baseline: %w", err)
	}
	earlier, err := report.Read(text)
	if err != nil {
		return nil, usage(hint, "the baseline %s cannot be compared with: %w", file, err)
	}
	return &earlier, nil
}
