package arch_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The map names folders and files that are there.
func TestTheMapNamesWhatIsThere(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(root + "/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "internal/      what nobody")
	tree, rest, _ := strings.Cut(rest, "```")
	folders := regexp.MustCompile(`(?m)([a-z0-9/]+)/(?: |$)`).FindAllStringSubmatch(tree, -1)
	for _, m := range folders {
		if !exists("internal/" + m[1]) {
			t.Errorf("the tree names internal/%s, which is not there", m[1])
		}
	}
	files := regexp.MustCompile("`((?:mockserver|openapi|internal|conformance|cmd|fixtures)/[a-zA-Z0-9_./]+)`").FindAllStringSubmatch(rest, -1)
	for _, m := range files {
		if !exists(m[1]) && !exists("internal/fake/"+m[1]) {
			t.Errorf("the map names %s, which is not there", m[1])
		}
	}
	if len(folders) < 10 || len(files) < 20 {
		t.Errorf("the map names %d folders and %d files", len(folders), len(files))
	}
}
