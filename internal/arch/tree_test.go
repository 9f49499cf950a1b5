package arch_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// root is the repository's folder, seen from this package.
const root = "../.."

// source is one Go file.
type source struct {
	path   string // from the repository's root, with slashes
	lines  int
	fset   *token.FileSet
	syntax *ast.File
}

func (s source) dir() string  { return path.Dir(s.path) }
func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// at names a position as an editor understands it.
func (s source) at(node ast.Node) string {
	return fmt.Sprintf("%s:%d", s.path, s.fset.Position(node.Pos()).Line)
}

// imports returns the file's import paths with the specs they stand in.
func (s source) imports() map[string]*ast.ImportSpec {
	paths := make(map[string]*ast.ImportSpec, len(s.syntax.Imports))
	for _, spec := range s.syntax.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths[p] = spec
		}
	}
	return paths
}

// own returns the folder of a package of ours, and whether it is ours.
func own(importPath string) (dir string, ok bool) {
	return strings.CutPrefix(importPath, module+"/")
}

func parse(name, text string) (source, error) {
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, name, text, parser.ParseComments)
	if err != nil {
		return source{}, err
	}
	lines := strings.Count(text, "\n")
	if !strings.HasSuffix(text, "\n") {
		lines++
	}
	return source{path: name, lines: lines, fset: fset, syntax: syntax}, nil
}

// load parses every Go file of the repository once, whatever its build tags.
var load = sync.OnceValues(func() ([]source, error) {
	var files []source
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != root && (skipped(entry.Name()) || isModule(name)) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parse(relative(name), string(text))
		if err == nil {
			files = append(files, file)
		}
		return err
	})
	return files, err
})

// skipped reports whether the go command would not look into a folder either.
func skipped(folder string) bool {
	return folder == "testdata" || folder == "bin" || folder == "node_modules" ||
		strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_")
}

// isModule reports whether a folder is a module of its own, such as
// deploy/testcontainers, which is no part of what this package checks.
func isModule(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}

func relative(name string) string {
	return strings.TrimPrefix(filepath.ToSlash(name), root+"/")
}

// tree returns the Go files of the repository and refuses to return none.
func tree(t *testing.T) []source {
	t.Helper()
	files, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file.path == "internal/arch/tree_test.go" {
			return files
		}
	}
	t.Fatalf("the walk over %s found %d Go files, but not even this one", root, len(files))
	return nil
}

// exists reports whether the repository has the file or folder.
func exists(name string) bool {
	_, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
	return err == nil
}

// in parses one file of a made-up repository.
func in(t *testing.T, name, text string) source {
	t.Helper()
	file, err := parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// mustHold fails with every problem found in the repository.
func mustHold(t *testing.T, problems []string) {
	t.Helper()
	for _, problem := range problems {
		t.Error(problem)
	}
}

// mustReport fails unless there is one problem for each wanted part, in order.
func mustReport(t *testing.T, problems []string, want ...string) {
	t.Helper()
	if len(problems) != len(want) {
		t.Fatalf("got %d problems, want %d:\ngot  %q\nwant %q", len(problems), len(want), problems, want)
	}
	for i, part := range want {
		if !strings.Contains(problems[i], part) {
			t.Errorf("problem %d does not say what it should:\ngot  %s\nwant %s", i, problems[i], part)
		}
	}
}

func TestTree(t *testing.T) {
	t.Parallel()

	t.Run("a test file knows its folder and lines", func(t *testing.T) {
		t.Parallel()
		file := in(t, "openapi/load_test.go", "package openapi\n\nvar x = 1\n")
		if file.dir() != "openapi" || !file.isTest() || file.lines != 3 {
			t.Errorf("got dir %q, test %v, %d lines", file.dir(), file.isTest(), file.lines)
		}
	})
	t.Run("a last line without an end counts", func(t *testing.T) {
		t.Parallel()
		if file := in(t, "a.go", "package a\nvar x = 1"); file.lines != 2 {
			t.Errorf("got %d lines, want 2", file.lines)
		}
	})
}
