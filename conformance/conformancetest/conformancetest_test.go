package conformancetest_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/conformance/conformancetest"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// gate answers 401 to all but one key, and to a Basic one as well when it is open.
func gate(open bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		authorization := r.Header.Get("Authorization")
		if authorization == "Bearer ixk_gate_key" || open && strings.HasPrefix(authorization, "Basic ") {
			fmt.Fprint(w, `{"data":[],"meta":{"page":1,"per_page":1,"total":0}}`)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{}`)
	})
}

func config(h http.Handler) conformance.Config {
	return conformance.Config{
		BaseURL: "http://gate.test", Transport: target.Handler(h), Keys: target.Keys{target.ReadWrite: "ixk_gate_key"},
		Only: []string{"IO-AUTH-0[1-6]"},
	}
}

func TestRun(t *testing.T) {
	c := config(gate(true))
	c.KnownFailures = []string{"IO-AUTH-05"}
	r := conformancetest.Run(t, c)
	if r.Counts.Pass != 4 || r.Counts.Known != 1 || r.Counts.Skip != 1 {
		t.Errorf("%+v", r.Counts)
	}
}

// TestOutcomes runs this test again in a process of its own, where it may fail.
func TestOutcomes(t *testing.T) {
	switch os.Getenv("CONFORMANCETEST") {
	case "open":
		conformancetest.Run(t, config(gate(true)))
		return
	case "hopeless":
		conformancetest.Run(t, config(http.NotFoundHandler()))
		return
	case "required":
		c := config(gate(false))
		c.Require = []string{"IO-AUTH-04"}
		conformancetest.Run(t, c)
		return
	case "cut short":
		c := config(gate(false))
		c.MaxRequests = 4
		conformancetest.Run(t, c)
		return
	case "little":
		c := config(gate(false))
		c.Only, c.MaxRequests = nil, 50
		conformancetest.Run(t, c)
		return
	}
	tests := map[string][]string{
		"open": {
			"FAIL TestOutcomes", "PASS IO-AUTH-01", "PASS IO-AUTH-02", "PASS IO-AUTH-03", "SKIP IO-AUTH-04", "FAIL IO-AUTH-05", "PASS IO-AUTH-06",
		},
		"required": {
			"FAIL TestOutcomes", "PASS IO-AUTH-01", "PASS IO-AUTH-02", "PASS IO-AUTH-03", "FAIL IO-AUTH-04", "PASS IO-AUTH-05", "PASS IO-AUTH-06",
		},
		"cut short": {
			"FAIL TestOutcomes", "PASS IO-AUTH-01", "PASS IO-AUTH-02", "SKIP IO-AUTH-03", "SKIP IO-AUTH-04", "SKIP IO-AUTH-05", "SKIP IO-AUTH-06",
		},
		"hopeless": {
			"FAIL TestOutcomes", "FAIL IO-AUTH-01", "SKIP IO-AUTH-02", "SKIP IO-AUTH-03", "SKIP IO-AUTH-04", "SKIP IO-AUTH-05", "SKIP IO-AUTH-06",
		},
	}
	line := regexp.MustCompile(`--- (PASS|FAIL|SKIP): (?:TestOutcomes/)?(\S+)`)
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := again(t, name)
			if err == nil {
				t.Error("the run did not fail")
			}
			var got []string
			for _, m := range line.FindAllStringSubmatch(out, -1) {
				got = append(got, m[1]+" "+m[2])
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("outcomes (-want +got):\n%s\n%s", d, out)
			}
		})
	}
}

// again runs TestOutcomes in a process of its own and returns what it prints.
func again(t *testing.T, name string) (string, error) {
	t.Helper()
	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOutcomes$", "-test.v")
	process.Env = append(slices.Clone(os.Environ()), "CONFORMANCETEST="+name)
	out, err := process.CombinedOutput()
	return string(out), err
}

// TestWhatIsMissingIsSaidInGo judges all clauses with a key and nothing else:
// no flag of the command is named to those who have none.
func TestWhatIsMissingIsSaidInGo(t *testing.T) {
	t.Parallel()
	out, _ := again(t, "little") // what it says matters, not how it ends
	if flags := regexp.MustCompile(`.*(\s--[a-z]|[^$]MOCKDESK_).*`).FindAllString(out, 5); flags != nil {
		t.Errorf("flags are named:\n%s", strings.Join(flags, "\n"))
	}
	for _, want := range []string{"Config.Keys[target.Revoked]", "Config.Write", "Config.Burst", "Config.Facts", "Config.MaxRequests"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is not named", want)
		}
	}
}
