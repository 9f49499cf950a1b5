//go:build e2e

package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestAction runs the shell of the action of GitHub.
func TestAction(t *testing.T) {
	t.Parallel()
	var action struct {
		Runs struct{ Steps []struct{ Run string } }
	}
	readYAML(t, "../../deploy/ci/action.yml", &action)
	script := action.Runs.Steps[0].Run
	for name, test := range map[string]struct {
		env  []string
		code int
		says string
	}{
		"tests that keep the contract":              {[]string{"RUN=" + client("status")}, 0, "# mockdesk exec: passed"},
		"tests that break the contract":             {[]string{"RUN=" + client("statsu")}, 1, "did you mean status?"},
		"a fake that is judged, without an address": {[]string{"URL=", "FLAGS=--only IO-AUTH-01"}, 0, "1 passed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			summary := filepath.Join(folder, "step-summary.md")
			env := append([]string{"RUN=", "URL=", "FLAGS=", "VERSION=none", "GITHUB_STEP_SUMMARY=" + summary, onPath()}, test.env...)
			code, out := ended(t, folder, env, "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
			told, err := os.ReadFile(summary)
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if code != test.code || len(told) == 0 || !strings.Contains(out+string(told), test.says) {
				t.Errorf("exit code %d, want %d and %q:\n%s\n%s", code, test.code, test.says, out, told)
			}
			for _, report := range []string{"junit.xml", "report.html"} {
				if _, err := os.Stat(filepath.Join(folder, "mockdesk-reports", report)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestGitLab runs the shell of the template of GitLab.
func TestGitLab(t *testing.T) {
	t.Parallel()
	type job struct {
		Before []string `yaml:"before_script"`
		Script []string `yaml:"script"`
	}
	var template map[string]job
	readYAML(t, "../../deploy/ci/gitlab.yml", &template)
	for name, test := range map[string]struct {
		job  string
		env  []string
		code int
	}{
		"tests that keep the contract":  {".mockdesk-exec", []string{"RUN=" + client("status")}, 0},
		"tests that break the contract": {".mockdesk-exec", []string{"RUN=" + client("statsu")}, 1},
		"no server at the address":      {".mockdesk-check", []string{"URL=http://127.0.0.1:1", "MOCKDESK_KEY=none"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := append(append([]string{"set -e"}, template[".mockdesk"].Before...), template[test.job].Script...)
			code, out := ended(t, t.TempDir(), append(test.env, "VERSION=none", "FLAGS=", onPath()), "sh", "-c", strings.Join(lines, "\n"))
			if code != test.code || len(template[test.job].Script) == 0 {
				t.Errorf("exit code %d, want %d:\n%s", code, test.code, out)
			}
		})
	}
}

// client is a command that sends a parameter to the fake.
func client(parameter string) string {
	return `curl -sf -H "Authorization: Bearer $MOCKDESK_KEY" "$MOCKDESK_URL/api/v1/tickets?` + parameter + `=open" > /dev/null`
}

// onPath is an environment in which mockdesk is installed.
func onPath() string { return "PATH=" + filepath.Dir(binary) + ":" + os.Getenv("PATH") }

// readYAML reads a YAML file.
func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}
