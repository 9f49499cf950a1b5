//go:build e2e

package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// suite is a client's test suite. Its client sends the parameter that the
// variable CLIENT_PARAMETER names, and its tests only look at the status.
type suite struct {
	command []string
	needs   [][2]string // programs and the packages that have them
	files   map[string]string
	passed  string // what the tool prints when it has run the test
}

var suites = map[string]suite{
	"npm": {
		command: []string{"npm", "test"},
		needs:   [][2]string{{"npm", "npm"}, {"node", "nodejs"}},
		files: map[string]string{
			"package.json": `{"name": "client", "private": true, "scripts": {"test": "node --test --test-reporter=tap"}}`,
			"client.test.mjs": `import assert from 'node:assert';
import test from 'node:test';

test('open tickets are listed', async () => {
  const { MOCKDESK_URL, MOCKDESK_KEY, CLIENT_PARAMETER } = process.env;
  const response = await fetch(` + "`${MOCKDESK_URL}/api/v1/tickets?${CLIENT_PARAMETER}=open`" + `, {
    headers: { Authorization: ` + "`Bearer ${MOCKDESK_KEY}`" + ` },
  });
  assert.equal(response.status, 200);
});
`,
		},
		passed: "# pass 1",
	},
	"go": {
		command: []string{"go", "test", "-v", "."},
		files: map[string]string{
			"go.mod": "module client\n\ngo 1.21\n",
			"client_test.go": `package client

import (
	"net/http"
	"os"
	"testing"
)

func TestOpenTickets(t *testing.T) {
	r, err := http.NewRequest("GET", os.Getenv("MOCKDESK_URL")+"/api/v1/tickets?"+os.Getenv("CLIENT_PARAMETER")+"=open", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+os.Getenv("MOCKDESK_KEY"))
	response, err := http.DefaultClient.Do(r)
	if err != nil || response.StatusCode != 200 {
		t.Fatal(response, err)
	}
}
`,
		},
		passed: "--- PASS: TestOpenTickets",
	},
	"python": {
		command: []string{"python3", "-m", "unittest", "-v"},
		needs:   [][2]string{{"python3", "python3"}},
		files: map[string]string{
			"test_client.py": `import os
import unittest
import urllib.request


class Client(unittest.TestCase):
    def test_open_tickets(self):
        e = os.environ
        request = urllib.request.Request(
            f"{e['MOCKDESK_URL']}/api/v1/tickets?{e['CLIENT_PARAMETER']}=open",
            headers={"Authorization": "Bearer " + e["MOCKDESK_KEY"]},
        )
        with urllib.request.urlopen(request) as response:
            self.assertEqual(response.status, 200)
`,
		},
		passed: "... ok",
	},
}

func TestExec(t *testing.T) {
	t.Parallel()
	for name, suite := range suites {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, program := range suite.needs {
				need(t, program[0], program[1])
			}
			t.Run("a client that keeps the contract", func(t *testing.T) {
				t.Parallel()
				code, out := suite.run(t, "status")
				wantAll(t, out, suite.passed, "mockdesk: 1 request", "inboxops listTickets", "No request broke the contract")
				if code != 0 {
					t.Errorf("exit code %d, want 0:\n%s", code, out)
				}
			})
			t.Run("a client whose parameter is misspelt", func(t *testing.T) {
				t.Parallel()
				code, out := suite.run(t, "statsu")
				wantAll(t, out, suite.passed, `query.statsu "open" is not a parameter of listTickets; hint: did you mean status`,
					"first by: GET /api/v1/tickets?statsu=open", "the client broke the contract")
				if code != 1 {
					t.Errorf("exit code %d, want 1:\n%s", code, out)
				}
			})
			t.Run("a client that breaks the contract and may", func(t *testing.T) {
				t.Parallel()
				if code, out := suite.run(t, "statsu", "--allow-violations"); code != 0 {
					t.Errorf("exit code %d, want 0:\n%s", code, out)
				}
			})
			t.Run("a client whose own test fails", func(t *testing.T) {
				t.Parallel()
				code, out := suite.run(t, "status", "--preset", "no-entitlement")
				wantAll(t, out, "the command failed with exit code 1", "fault fault-1 (no API access) fired once")
				if code != 1 || strings.Contains(out, suite.passed) {
					t.Errorf("exit code %d, want 1:\n%s", code, out)
				}
			})
		})
	}
}

// run runs the suite in a folder of its own against a private fake and returns
// the exit code and all that was written.
func (s suite) run(t *testing.T, parameter string, flags ...string) (int, string) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range s.files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	args := append(append([]string{"exec"}, flags...), "--")
	command := exec.CommandContext(ctx, binary, append(args, s.command...)...)
	command.Dir = folder
	command.Env = append(os.Environ(), "CLIENT_PARAMETER="+parameter, "GOFLAGS=", "GOWORK=off")
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v\n%s", err, &out)
	}
	return command.ProcessState.ExitCode(), out.String()
}

// wantAll fails the test for each text that is missing.
func wantAll(t *testing.T, out string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("%q is missing in\n%s", text, out)
		}
	}
}
