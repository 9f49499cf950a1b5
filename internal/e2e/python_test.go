//go:build e2e

package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// python returns a Python that has pytest; the first one of a machine may be
// another than that of its packages.
func python(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(program, "-c", "import pytest, venv").Run() == nil {
			return program
		}
	}
	t.Fatal("no Python has pytest: this test drives it; .ci/run installs it, or: apt-get install python3-pytest python3-venv python3-pip")
	return ""
}

// TestPython installs the wheel that make release made, and nothing else, and
// runs a project that uses it with pytest.
func TestPython(t *testing.T) {
	t.Parallel()
	program, folder := python(t), t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/python")); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, folder, nil, program, "-m", "venv", "--system-site-packages", "venv")
	bin := filepath.Join(folder, "venv", "bin")
	mustEnd(t, folder, nil, filepath.Join(bin, "python"), "-m", "pip", "install", "--no-index", "--disable-pip-version-check", artefact(t, "mockdesk-*.whl"))
	pytest := func(parameter string, env ...string) (int, string) {
		return ended(t, folder, append(env, "CLIENT_PARAMETER="+parameter, "MOCKDESK_URL="), filepath.Join(bin, "python"), "-m", "pytest")
	}
	code, out := pytest("status")
	wantAll(t, out, "6 passed")
	if code != 0 {
		t.Errorf("a client that keeps the contract: exit code %d, want 0", code)
	}
	code, out = pytest("statsu")
	wantAll(t, out, "1 failed, 5 passed", "the client broke the contract", "GET /api/v1/tickets?statsu=open", "did you mean status?", "Mockdesk-Allow: unknown-parameter query.statsu")
	if code != 1 {
		t.Errorf("a client that breaks the contract: exit code %d, want 1", code)
	}
	if code, out = pytest("status", "MOCKDESK_BINARY=/nowhere/mockdesk"); code != 1 {
		t.Errorf("without a server: exit code %d, want 1\n%s", code, out)
	}

	const client = "import os, urllib.request; urllib.request.urlopen(urllib.request.Request(" +
		"os.environ['MOCKDESK_URL'] + '/api/v1/tickets?statsu=open', headers={'Authorization': 'Bearer ' + os.environ['MOCKDESK_KEY']}))"
	code, out = ended(t, folder, nil, filepath.Join(bin, "mockdesk"), "exec", "--", program, "-c", client)
	wantAll(t, out, "did you mean status?")
	if code != 1 {
		t.Errorf("mockdesk exec of a client that breaks the contract: exit code %d, want 1", code)
	}
}

// TestPythonTypes holds the package, and a project that uses all of it,
// against the type checker.
func TestPythonTypes(t *testing.T) {
	t.Parallel()
	need(t, "mypy", "mypy")
	cache := t.TempDir()
	mustEnd(t, "../../deploy/python/src", nil, "mypy", "--strict", "--cache-dir", cache, "--python-executable", python(t), "mockdesk", "../../../internal/e2e/testdata/python/test_api.py")
}
