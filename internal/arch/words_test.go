package arch_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// machineWords belong to one machine or one registry, not to the product.
// They are split here so that this file does not name them.
var machineWords = []string{
	"/wo" + "rk/",
	"/ro" + "ot/",
	"proxy.go" + "lang.org",
	"deb.deb" + "ian.org",
	"registry.npm" + "js.org",
}

// textEnds are the ends of the names of the files to read besides Makefile and
// what lies in .ci. Checksums in go.sum are not written by us.
var textEnds = []string{".go", ".md", ".mod", ".yaml", ".yml", ".sh", ".txtar", ".html", ".css", ".js", ".mjs", ".ts", ".mts", ".json", ".py", ".toml"}

func TestNoMachineWords(t *testing.T) {
	t.Parallel()
	var problems []string
	read := map[string]bool{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := relative(name)
		if entry.IsDir() {
			if slices.Contains([]string{".git", "bin", "node_modules", "testdata/source"}, rel) {
				return filepath.SkipDir
			}
			return nil
		}
		if !isText(rel) {
			return nil
		}
		text, err := os.ReadFile(name)
		read[rel] = true
		problems = append(problems, checkWords(rel, string(text))...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Makefile", ".ci/run", "go.mod", "internal/arch/words_test.go"} {
		if !read[name] {
			t.Errorf("%s was not read", name)
		}
	}
	mustHold(t, problems)
}

func isText(name string) bool {
	return name == "Makefile" || strings.HasPrefix(name, ".ci/") || slices.Contains(textEnds, filepath.Ext(name))
}

// checkWords reports each line that names a machine's path or a registry.
func checkWords(name, text string) []string {
	var problems []string
	number := 0
	for line := range strings.Lines(text) {
		number++
		for _, word := range machineWords {
			if strings.Contains(line, word) {
				problems = append(problems, fmt.Sprintf("%s:%d: %s is true of one machine only: say it without", name, number, word))
			}
		}
	}
	return problems
}

func TestNoMachineWordsFires(t *testing.T) {
	t.Parallel()
	for _, word := range machineWords {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			mustReport(t, checkWords("README.md", "fine\nsee "+word+"main\n"), "README.md:2: "+word+" is true of one machine only")
		})
	}
	t.Run("other words pass", func(t *testing.T) {
		t.Parallel()
		mustReport(t, checkWords("README.md", "the network/works of /workspaces\n"))
	})
	t.Run("checksums are not read", func(t *testing.T) {
		t.Parallel()
		if isText("go.sum") || !isText(".ci/run") || !isText("openapi/inboxops.yaml") || !isText("Makefile") {
			t.Error("the wrong files are read")
		}
	})
}
