//go:build e2e

package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestSyncClients runs the tests that docs/sync.md shows with either client of
// theirs, at a desk that lives.
func TestSyncClients(t *testing.T) {
	t.Parallel()
	need(t, "node", "nodejs")
	tests := map[string]struct {
		client string
		code   int
		wants  []string
	}{
		"a careful client loses nothing": {"careful", 0, []string{"# pass 2", "# fail 0", "No request broke the contract"}},
		"a naive client is told what it loses, why and where": {"naive", 1, []string{
			"# pass 0", "# fail 2",
			"rows moved while the pages were read, and it passed from one to another that was read before: event",
			"at /api/v1/tickets?sort=updated_at&order=asc&per_page=50&page=5",
			"missing second: updated_after=2025-06-02T12:40:00.001Z is 1ms later than its updated_at 2025-06-02T12:40:00.000Z",
			"missing refunds: since=2025-06-02T12:00:02.000Z is 1s behind its created_at 2025-06-02T12:00:01.000Z, and the bound is exclusive",
			"messages?since=2025-06-02T12%3A00%3A02.000Z",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			command := exec.CommandContext(ctx, binary, "exec", "--life", "busy", "--",
				"node", "--test", "--test-reporter=tap", "../../docs/sync.test.mjs")
			command.Env = append(os.Environ(), "SYNC="+test.client)
			var out bytes.Buffer
			command.Stdout, command.Stderr = &out, &out
			err := command.Run()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatalf("%v\n%s", err, &out)
			}
			wantAll(t, out.String(), test.wants...)
			if code := command.ProcessState.ExitCode(); code != test.code {
				t.Errorf("exit code %d, want %d:\n%s", code, test.code, strings.TrimSpace(out.String()))
			}
		})
	}
}
