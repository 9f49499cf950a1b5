//go:build e2e

package e2e_test

import (
	"strings"
	"testing"
)

// make bench runs with wrk and without, and says of each bound whether it is met.
func TestBench(t *testing.T) {
	t.Parallel()
	for driver, says := range map[string]string{"wrk": "driven by ", "": "driven by a client of its own"} {
		out := mustEnd(t, "../..", nil, "go", "run", "./internal/bench", "-mockdesk", binary, "-wrk", driver,
			"-tickets", "200", "-only", "first page, no filter", "-rounds", "1", "-requests", "0", "-changed", "0")
		for _, want := range []string{says, "| first page, no filter | ", "first page, no filter at 200 tickets: CPU | at most 1.2 | "} {
			if !strings.Contains(out, want) {
				t.Errorf("bench -wrk %q says no %q in\n%s", driver, want, out)
			}
		}
		if driver != "" && strings.Contains(out, "of its own") {
			t.Errorf("bench does not use wrk, which is to be installed:\n%s", out)
		}
	}
}
