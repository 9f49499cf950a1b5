//go:build e2e

package e2e_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite deploy/npm/control.d.ts")

// project makes a project of Node below the tools and installs the packages
// that make release made, and nothing from elsewhere.
func project(t *testing.T, name string) string {
	t.Helper()
	folder, err := os.MkdirTemp(node(t), "project-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata/npm", name))); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, folder, nil, "npm", "install", "--offline", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts",
		artefact(t, "mockdesk-linux-*.tgz"), artefact(t, "mockdesk-[0-9]*.tgz"))
	return folder
}

// TestNpm runs projects that use the package with each of the test runners.
func TestNpm(t *testing.T) {
	t.Parallel()
	for name, passed := range map[string]string{"vitest": "7 passed", "jest": "1 passed", "node": "# pass 1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := project(t, name)
			env := func(parameter string) []string {
				return []string{"CLIENT_PARAMETER=" + parameter, "MOCKDESK_URL=", "NO_COLOR=1", "CI=1"}
			}
			if code, out := ended(t, folder, env("status"), "npm", "test"); code != 0 || !strings.Contains(out, passed) {
				t.Errorf("a client that keeps the contract: exit code %d, want 0 and %q:\n%s", code, passed, out)
			}
			code, out := ended(t, folder, env("statsu"), "npm", "test")
			wantAll(t, out, "the client broke the contract", "GET /api/v1/tickets?statsu=open", "did you mean status?", "Mockdesk-Allow: unknown-parameter query.statsu")
			if code == 0 {
				t.Errorf("a client that breaks the contract passes:\n%s", out)
			}
			code, out = ended(t, folder, append(env("status"), "MOCKDESK_BINARY=/nowhere/mockdesk"), "npm", "test")
			if code == 0 {
				t.Errorf("without a server the tests pass:\n%s", out)
			}
		})
	}
}

// TestNpmTypes holds the types of the package against the control API, and a
// project that uses all of them against the compiler.
func TestNpmTypes(t *testing.T) {
	t.Parallel()
	const kept = "../../deploy/npm/control.d.ts"
	written := filepath.Join(t.TempDir(), "control.d.ts")
	document, err := filepath.Abs("../../openapi/control.yaml")
	if err != nil {
		t.Fatal(err)
	}
	mustEnd(t, node(t), nil, "npm", "exec", "--offline", "--", "openapi-typescript", document, "--output", written)
	want, err := os.ReadFile(written)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(kept, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not what control.yaml says; hint: go test -tags e2e ./internal/e2e -run TestNpmTypes -update\n%s", kept, diff)
	}
	mustEnd(t, project(t, "vitest"), nil, "npm", "run", "types")
}

// TestNpx runs the command as npx does.
func TestNpx(t *testing.T) {
	t.Parallel()
	folder := project(t, "node")
	npx := func(args ...string) (int, string) {
		return ended(t, folder, nil, "npm", append([]string{"exec", "--offline", "--", "mockdesk"}, args...)...)
	}
	const client = `fetch(process.env.MOCKDESK_URL + "/api/v1/tickets" + process.argv[1], {headers: {Authorization: "Bearer " + process.env.MOCKDESK_KEY}})`
	if code, out := npx("exec", "--", "node", "-e", client, "?status=open"); code != 0 || !strings.Contains(out, "mockdesk: 1 request") {
		t.Errorf("a client that keeps the contract: exit code %d:\n%s", code, out)
	}
	if code, out := npx("exec", "--", "node", "-e", client, "?statsu=open"); code != 1 || !strings.Contains(out, "did you mean status?") {
		t.Errorf("a client that breaks the contract: exit code %d:\n%s", code, out)
	}
	if code, out := npx("serve", "--addr", "nowhere"); code != 2 || !strings.Contains(out, "hint:") {
		t.Errorf("a wrong call: exit code %d:\n%s", code, out)
	}
}
