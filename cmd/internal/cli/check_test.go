package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/cmd/internal/cli"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// TestReportsThatCannotBeWritten are wrong calls, found before the run.
func TestReportsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	tests := map[string]struct {
		args []string
		want string // of standard error
	}{
		"check into a folder that is not there": {
			[]string{"check", "--report", "json=" + filepath.Join(folder, "no", "c.json")}, "hint: --report json=FILE, in a folder that exists\n",
		},
		"check into a folder itself": {[]string{"check", "--report", "html=" + folder}, "is a directory\nhint: "},
		"two reports of check in one file": {
			[]string{"check", "--report", "json=" + filepath.Join(folder, "two"), "--report", "junit=" + filepath.Join(folder, ".", "two")},
			"two reports go to " + filepath.Join(folder, "two") + "\nhint: --report junit=FILE, with a file of its own\n",
		},
		"two reports of exec in one file": {
			[]string{"exec", "--report", "json=" + filepath.Join(folder, "one"), "--report", "json=" + filepath.Join(folder, "one"), "--", "no-such-command"},
			"two reports go to " + filepath.Join(folder, "one") + "\n",
		},
		"check in no format": {
			[]string{"check", "--report", "pdf=" + filepath.Join(folder, "pdf")},
			"there is no format \"pdf\"\nhint: the formats are json, junit, html, markdown, github\n",
		},
		"exec in no format":    {[]string{"exec", "--report", "htm", "--", "no-such-command"}, "there is no format \"htm\"\nhint: did you mean html?\n"},
		"check without a name": {[]string{"check", "--report", "html="}, "--report html= names no file\n"},
		"exec into a folder that is not there": {
			[]string{"exec", "--report", "junit=" + filepath.Join(folder, "no", "c.xml"), "--", "no-such-command"},
			"hint: --report junit=FILE, in a folder that exists\n",
		},
		"--json of check without --list": {[]string{"check", "--json"}, "hint: mockdesk check --list --json, or --report json for the results\n"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := told(t.Context(), tc.args...)
			if code != 2 || stdout != "" || !strings.Contains(stderr, tc.want) {
				t.Errorf("exit code %d, printed %q and %q, want 2 and %q", code, stdout, stderr, tc.want)
			}
		})
	}
}

// A command may delete the folder that it writes its own reports to.
func TestAReportThatIsDeletedMeanwhileIsWritten(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("rm"); err != nil {
		t.Skip("there is no rm")
	}
	tests := map[string]struct {
		deletes string // what rm takes
		code    int
		want    string // of standard error
	}{
		"the file":       {"out.json", 0, ""},
		"and its folder": {"", 1, "mockdesk: cannot write a report: open "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "reports")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			report := filepath.Join(folder, "out.json")
			code, _, stderr := told(t.Context(), "exec", "--allow-violations", "--report", "json="+report, "--", "rm", "-r", filepath.Join(folder, tc.deletes))
			if code != tc.code || !strings.Contains(stderr, tc.want) {
				t.Errorf("exit code %d, want %d; it said %s", code, tc.code, stderr)
			}
			if text, err := os.ReadFile(report); tc.code == 0 && !json.Valid(text) {
				t.Errorf("the report is %q, %v", text, err)
			}
		})
	}
}

// TestASignalEndsTheMakingOfItsFake asks for a world that takes longer than
// anybody waits.
func TestASignalEndsTheMakingOfItsFake(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, _, stderr := told(ctx, "check", "--tickets", "1000000")
	if code != 3 || !strings.Contains(stderr, "interrupted before the fake could answer") {
		t.Errorf("exit code %d with %q, want 3 and why", code, stderr)
	}
}

// TestAWrongCallLeavesReportsAlone names a report and then calls wrongly.
func TestAWrongCallLeavesReportsAlone(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	old, fresh := filepath.Join(folder, "old.json"), filepath.Join(folder, "new.json")
	if err := os.WriteFile(old, []byte("earlier"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, _ := told(t.Context(), "check", "nonsense", "--report", "json="+old, "--report", "json="+fresh)
	text, err := os.ReadFile(old)
	if code != 2 || err != nil || string(text) != "earlier" {
		t.Errorf("exit code %d, the earlier report holds %q, %v", code, text, err)
	}
	if _, err := os.Stat(fresh); !os.IsNotExist(err) {
		t.Errorf("the other report is there: %v", err)
	}
}

// full is where nothing can be written.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// TestWhatCannotBeWrittenIsSaidOnce looks for one line with the prefix.
func TestWhatCannotBeWrittenIsSaidOnce(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no file that is always full")
	}
	const file = "cannot write a report: write /dev/full: no space left on device"
	check := func(args ...string) []string { return append([]string{"check", "--only", "IO-AUTH-02"}, args...) }
	tests := map[string]struct {
		args   []string
		stdout io.Writer
		code   int
		want   string // the lines with the prefix
	}{
		"a report of check":                {check("--report", "junit=/dev/full"), io.Discard, 3, file},
		"two of them":                      {check("--report", "json=/dev/full", "--report", "html=/dev/full"), io.Discard, 3, file + "; " + file},
		"reports on standard output":       {check("--report", "json", "--report", "junit"), full{}, 3, "cannot write a report: no room"},
		"the summary":                      {check(), full{}, 3, "cannot write the summary: no room"},
		"the summary and a report":         {check("--report", "github=/dev/full"), full{}, 3, file + "; cannot write the summary: no room"},
		"a report of exec":                 {[]string{"exec", "--allow-violations", "--report", "junit=/dev/full", "--", "true"}, io.Discard, 1, file},
		"a report of exec that fails, too": {[]string{"exec", "--report", "junit=/dev/full", "--", "true"}, io.Discard, 1, "no request came to the fake; " + file},
		"the help":                         {[]string{"--help"}, full{}, 1, "no room"},
		"the help of a command":            {[]string{"help", "serve"}, full{}, 1, "no room"},
		"a report of exec whose command fails": {
			[]string{"exec", "--report", "html=/dev/full", "--", "false"}, io.Discard, 1, "the command failed with exit code 1; " + file,
		},
		"a report of exec whose command is not there": {
			[]string{"exec", "--report", "json=/dev/full", "--", "no-such-command"}, io.Discard, 127, `cannot run no-such-command: exec: "no-such-command": executable file not found in $PATH; ` + file,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stderr bytes.Buffer
			code := cli.Run(t.Context(), cli.Terminal{
				Args: tc.args, Env: variables(nil), Environ: os.Environ(), Stdin: strings.NewReader(""), Stdout: tc.stdout, Stderr: &stderr,
			})
			if code != tc.code || strings.Count(stderr.String(), "no room")+strings.Count(stderr.String(), "no space") != strings.Count(tc.want, "no ro")+strings.Count(tc.want, "no space") {
				t.Errorf("exit code %d, want %d\n%s", code, tc.code, &stderr)
			}
			if !strings.Contains(stderr.String(), "mockdesk: "+tc.want+"\n") {
				t.Errorf("want the line %q in:\n%s", tc.want, &stderr)
			}
		})
	}
}

// TestTheSeedSaysWhatIsAskedFor has a server that writes down what it is asked.
func TestTheSeedSaysWhatIsAskedFor(t *testing.T) {
	if race.Enabled {
		t.Skip("it judges one request after the other")
	}
	t.Parallel()
	fake, err := mockserver.New(mockserver.Config{Tickets: 60})
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery) // the judge asks one after the other
		fake.ServeHTTP(w, r)
	}))
	defer web.Close()
	questions := func(more ...string) string {
		asked = nil
		args := []string{"check", web.URL, "--key", "ixk_test_readwrite", "--only", "IO-LIST-TICKETS-6*", "--report", "json"}
		code, stdout, _ := told(t.Context(), append(args, more...)...)
		var said struct {
			Seed int `json:"seed"`
		}
		if err := json.Unmarshal([]byte(stdout), &said); err != nil || code != 0 {
			t.Fatalf("exit code %d, %v", code, err)
		}
		return fmt.Sprint(said.Seed, asked)
	}
	first := questions()
	if again := questions("--seed", "1"); again != first {
		t.Error("--seed 1 is not the default")
	}
	if other := questions("--seed", "2"); other[1:] == first[1:] || !strings.HasPrefix(other, "2") {
		t.Errorf("--seed 2 asks the same as --seed 1: %.200s", other)
	}
}

// TestAKeyRefusedForGoodIsOneCause has a server that knows no key any more
// after some requests.
func TestAKeyRefusedForGoodIsOneCause(t *testing.T) {
	t.Parallel()
	fake, err := mockserver.New(mockserver.Config{Tickets: 60})
	if err != nil {
		t.Fatal(err)
	}
	left := 60
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if left--; left < 0 { // the judge asks one after the other
			r.Header.Set("Authorization", "Bearer ixk_test_revoked")
		}
		fake.ServeHTTP(w, r)
	}))
	defer web.Close()
	code, stdout, _ := told(t.Context(), "check", web.URL, "--key", "ixk_test_readwrite", "--api", "inboxops")
	refused := strings.Count(stdout, "a key that worked is refused since")
	if code != 3 || strings.Contains(stdout, "  fail ") || refused != 2 || !strings.HasPrefix(stdout, "COULD NOT JUDGE: ") {
		t.Errorf("exit code %d; want the refusal in the verdict and once among what was not judged:\n%s", code, stdout)
	}
}

// TestABaselineIsReadFirst has a server that must not be asked.
func TestABaselineIsReadFirst(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("it was asked %s", r.URL) }))
	defer web.Close()
	other := filepath.Join(t.TempDir(), "other.json")
	if err := os.WriteFile(other, []byte(`{"verdict": "PASSED"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ file, want string }{
		"no file":        {other + ".no", "mockdesk: cannot read the baseline: open "},
		"another report": {other, "cannot be compared with: it is no JSON report of check: results with their clauses and outcomes are missing\n"},
		"a folder":       {filepath.Dir(other), "is a directory\n"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { // not parallel: the server is closed at the end
			code, stdout, stderr := told(t.Context(), "check", web.URL, "--key", "ixk_x", "--baseline", tc.file)
			if code != 2 || stdout != "" || !strings.Contains(stderr, tc.want) || !strings.HasSuffix(stderr, "\nhint: --report json=FILE writes a baseline\n") {
				t.Errorf("exit code %d, printed %q and %q, want 2 and %q", code, stdout, stderr, tc.want)
			}
		})
	}
}
