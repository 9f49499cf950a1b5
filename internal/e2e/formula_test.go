//go:build e2e

package e2e_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	formulaArchive = regexp.MustCompile(`url "[^"]*/([^"/]+)"\s+sha256 "([0-9a-f]+)"`)
	formulaInstall = regexp.MustCompile(`\.install (?:Dir\[)?"([^"]+)"`)
)

// TestFormula does by hand what Homebrew does with the formula: it takes the
// archive for this machine, compares its checksum and looks for what is installed.
func TestFormula(t *testing.T) {
	t.Parallel()
	path := artefact(t, "mockdesk.rb")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	match := formulaArchive.FindSubmatch(text)
	if match == nil {
		t.Fatalf("the formula names no archive:\n%s", text)
	}
	archive := filepath.Join(filepath.Dir(path), string(match[1]))
	content, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(content)); got != string(match[2]) {
		t.Errorf("want %s of %s, got %s", match[2], match[1], got)
	}
	root := t.TempDir()
	mustEnd(t, root, nil, "tar", "-xzf", archive, "--strip-components=1")
	installed := formulaInstall.FindAllSubmatch(text, -1)
	for _, match := range installed {
		if found, err := filepath.Glob(filepath.Join(root, string(match[1]))); err != nil || len(found) == 0 {
			t.Errorf("there is no %s in the archive, %v", match[1], err)
		}
	}
	if want := strings.Count(string(text), ".install "); len(installed) != want || want == 0 {
		t.Errorf("want %d files to install, got %d", want, len(installed))
	}
	mustEnd(t, root, nil, filepath.Join(root, "mockdesk"), "version")
}
