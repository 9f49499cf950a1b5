package arch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pin is a version that must not move, and why.
type pin struct{ module, version, reason string }

func TestPins(t *testing.T) {
	t.Parallel()
	mustHold(t, checkPins(pins, versions(goMod(t))))
}

// checkPins holds the required versions against the pinned ones.
func checkPins(pins []pin, versions map[string]string) []string {
	var problems []string
	for _, p := range pins {
		if got := versions[p.module]; got != p.version {
			problems = append(problems, fmt.Sprintf("go.mod requires %s %q, pinned is %s: %s", p.module, got, p.version, p.reason))
		}
	}
	return problems
}

func goMod(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// versions reads the require lines of a go.mod. A replaced module has no
// version, because what is built is something else.
func versions(text string) map[string]string {
	required := map[string]string{}
	var replaced []string
	block := "" // the directive whose parentheses are open
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			continue
		case words[0] == ")":
			block = ""
			continue
		case len(words) == 2 && words[1] == "(":
			block = words[0]
			continue
		case block != "":
			words = append([]string{block}, words...)
		}
		switch {
		case words[0] == "require" && len(words) == 3:
			required[words[1]] = words[2]
		case words[0] == "replace" && len(words) > 1:
			replaced = append(replaced, words[1])
		}
	}
	for _, m := range replaced {
		delete(required, m)
	}
	return required
}

func TestPinsFire(t *testing.T) {
	t.Parallel()
	lib := []pin{{"example.org/lib", "v1.2.0", "v1.3.0 does not compile"}}
	tests := map[string]struct {
		mod  string
		want []string
	}{
		"the pinned version in a block passes": {"module m\n\nrequire (\n\texample.org/lib v1.2.0 // indirect\n)\n", nil},
		"the pinned version on a line passes":  {"require example.org/lib v1.2.0\n", nil},
		"another version fails":                {"require example.org/lib v1.3.0\n", []string{`requires example.org/lib "v1.3.0", pinned is v1.2.0: v1.3.0 does not compile`}},
		"a missing module fails":               {"require example.org/other v1.2.0\n", []string{`requires example.org/lib ""`}},
		"a replaced module fails":              {"require example.org/lib v1.2.0\nreplace example.org/lib => ../lib\n", []string{`requires example.org/lib ""`}},
		"a replaced module in a block fails": {
			"require example.org/lib v1.2.0\nreplace (\n\texample.org/lib => ../lib\n)\n", []string{`requires example.org/lib ""`},
		},
		"an excluded version does not count": {"exclude (\n\texample.org/lib v1.2.0\n)\n", []string{`requires example.org/lib ""`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustReport(t, checkPins(lib, versions(test.mod)), test.want...)
		})
	}
}
