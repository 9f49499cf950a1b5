package openapi_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/openapi"
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

// TestDescriptionsAreTexts finds what a brace cuts off from a description, which
// becomes a key of its own, and a description that reads as a number.
func TestDescriptionsAreTexts(t *testing.T) {
	t.Parallel()
	for _, name := range openapi.Names() {
		text, err := openapi.Document(name)
		if err != nil {
			t.Fatal(err)
		}
		var root yaml.Node
		if err := yaml.Unmarshal(text, &root); err != nil {
			t.Fatal(err)
		}
		look(t, name, &root)
	}
}

// look looks at a node and all below it.
func look(t *testing.T, name string, n *yaml.Node) {
	t.Helper()
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			value := n.Content[i+1]
			if value.ShortTag() == "!!null" && strings.Contains(child.Value, " ") {
				t.Errorf("%s:%d: %q is cut off from the description before it", name, child.Line, child.Value)
			}
			if (child.Value == "description" || child.Value == "summary") && value.Kind == yaml.ScalarNode && value.ShortTag() != "!!str" {
				t.Errorf("%s:%d: %s is no text", name, value.Line, value.Value)
			}
		}
		look(t, name, child)
	}
}
