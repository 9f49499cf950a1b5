package openapi_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']*'`)
	// loose finds a mapping or a list in braces that has a question mark outside
	// of quotes.
	loose = regexp.MustCompile(`^\s*(?:- )?[^\s:]+: [{\[].*\?`)
)

// Loaders of YAML 1.1, such as PyYAML, take a question mark within braces for
// the beginning of a key.
func TestQuestionMarksAreQuoted(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("there are %v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if loose.MatchString(quoted.ReplaceAllString(line, "")) {
				t.Errorf("%s:%d has a question mark outside of quotes: %s", file, i+1, line)
			}
		}
	}
}
