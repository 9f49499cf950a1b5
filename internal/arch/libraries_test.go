package arch_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// home says who may import a third-party module.
type home struct {
	packages  []string // their code and their tests
	tests     []string // packages whose tests may, besides
	everyTest bool     // every package's tests may
}

func (h home) admits(file source) bool {
	if slices.Contains(h.packages, file.dir()) {
		return true
	}
	return file.isTest() && (h.everyTest || slices.Contains(h.tests, file.dir()))
}

func TestLibrariesHaveOneHome(t *testing.T) {
	t.Parallel()
	mustHold(t, checkLibraries(tree(t), homes))
	mustHold(t, checkHomes(homes, versions(goMod(t)), mayImport))
}

// checkLibraries holds every third-party import against the table of homes.
func checkLibraries(files []source, homes map[string]home) []string {
	var problems []string
	for _, file := range files {
		imports := file.imports()
		for _, importPath := range slices.Sorted(maps.Keys(imports)) {
			if !isThirdParty(importPath) {
				continue
			}
			library, ok := libraryOf(importPath, homes)
			switch {
			case !ok:
				problems = append(problems, fmt.Sprintf(
					"%s: %s has no home: use the standard library, or add its module to homes in internal/arch/table_test.go with the one package that needs it",
					file.at(imports[importPath]), importPath))
			case !homes[library].admits(file):
				problems = append(problems, fmt.Sprintf(
					"%s: %s may not import %s, whose home is %s",
					file.at(imports[importPath]), file.path, importPath, describe(homes[library])))
			}
		}
	}
	return problems
}

// checkHomes holds the table of homes against go.mod and the import table.
func checkHomes(homes map[string]home, versions map[string]string, table map[string][]string) []string {
	var problems []string
	for _, library := range slices.Sorted(maps.Keys(homes)) {
		if versions[library] == "" {
			problems = append(problems, fmt.Sprintf("homes has a row for %s, which go.mod does not require: remove the row", library))
		}
		for _, dir := range slices.Concat(homes[library].packages, homes[library].tests) {
			if _, ok := table[dir]; !ok {
				problems = append(problems, fmt.Sprintf("homes lets %q import %s, but there is no such package: correct the name", dir, library))
			}
		}
	}
	return problems
}

// isThirdParty reports whether an import is neither ours nor the standard
// library's, whose paths have no dot in their first part.
func isThirdParty(importPath string) bool {
	host, _, _ := strings.Cut(importPath, "/")
	_, ours := own(importPath)
	return strings.Contains(host, ".") && !ours
}

// libraryOf returns the longest module of the table that holds the package.
func libraryOf(importPath string, homes map[string]home) (library string, ok bool) {
	for candidate := range homes {
		if within(importPath, candidate) && len(candidate) > len(library) {
			library = candidate
		}
	}
	return library, library != ""
}

func describe(h home) string {
	places := slices.Clone(h.packages)
	for _, dir := range h.tests {
		places = append(places, "tests of "+dir)
	}
	if h.everyTest {
		places = append(places, "tests")
	}
	return strings.Join(places, ", ")
}

func TestLibrariesHaveOneHomeFires(t *testing.T) {
	t.Parallel()
	const text = "package p\nimport (\n\"net/http\"\n\"" + module + "/openapi\"\n\"example.org/lib/v2/sub\"\n)\n"
	tests := map[string]struct {
		path  string
		homes map[string]home
		want  []string
	}{
		"its home may import it":       {"a/a.go", map[string]home{"example.org/lib/v2": {packages: []string{"a"}}}, nil},
		"so may the tests of its home": {"a/a_test.go", map[string]home{"example.org/lib/v2": {packages: []string{"a"}}}, nil},
		"another package may not": {
			"b/b.go",
			map[string]home{"example.org/lib/v2": {packages: []string{"a"}}},
			[]string{"b/b.go:5: b/b.go may not import example.org/lib/v2/sub, whose home is a"},
		},
		"a library without a row fails": {"a/a.go", nil, []string{"example.org/lib/v2/sub has no home"}},
		"a longer module name is another module": {
			"a/a.go", map[string]home{"example.org/li": {packages: []string{"a"}}}, []string{"has no home"},
		},
		"the longest module wins": {
			"a/a.go", map[string]home{"example.org/lib/v2": {packages: []string{"b"}}, "example.org/lib/v2/sub": {packages: []string{"a"}}}, nil,
		},
		"a library for tests passes in a test": {"a/a_test.go", map[string]home{"example.org/lib/v2": {everyTest: true}}, nil},
		"a library for tests fails in code": {
			"a/a.go", map[string]home{"example.org/lib/v2": {everyTest: true}}, []string{"whose home is tests"},
		},
		"a library for one package's tests fails in another's": {
			"b/b_test.go", map[string]home{"example.org/lib/v2": {tests: []string{"a"}}}, []string{"whose home is tests of a"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustReport(t, checkLibraries([]source{in(t, test.path, text)}, test.homes), test.want...)
		})
	}
}

func TestHomesFire(t *testing.T) {
	t.Parallel()
	homes := map[string]home{
		"example.org/gone": {packages: []string{"a"}},
		"example.org/lib":  {packages: []string{"a", "x"}, tests: []string{"y"}},
	}
	mustReport(t, checkHomes(homes, map[string]string{"example.org/lib": "v1.0.0"}, map[string][]string{"a": {}}),
		"example.org/gone, which go.mod does not require: remove the row",
		`lets "x" import example.org/lib`,
		`lets "y" import example.org/lib`)
}
