package arch_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestImportTable(t *testing.T) {
	t.Parallel()
	mustHold(t, checkImports(tree(t), mayImport))
	mustHold(t, checkRows(mayImport, exists))
}

// checkImports holds the code of every package against its row of the table.
func checkImports(files []source, table map[string][]string) []string {
	var problems []string
	for _, file := range files {
		if file.isTest() {
			continue
		}
		row, ok := table[file.dir()]
		if !ok {
			problems = append(problems, fmt.Sprintf(
				"%s: package %s is not in the import table: add %q: {...} to mayImport in internal/arch/table_test.go, with the packages of ours it may import",
				file.path, file.dir(), file.dir()))
			continue
		}
		imports := file.imports()
		for _, importPath := range slices.Sorted(maps.Keys(imports)) {
			if dir, ours := own(importPath); ours && !slices.Contains(row, dir) {
				problems = append(problems, fmt.Sprintf(
					"%s: %s may not import %s: turn the arrow round, or add %q to the row of %q in mayImport",
					file.at(imports[importPath]), file.dir(), dir, dir, file.dir()))
			}
		}
	}
	return problems
}

// checkRows holds the table against the tree.
func checkRows(table map[string][]string, exists func(string) bool) []string {
	var problems []string
	for _, dir := range slices.Sorted(maps.Keys(table)) {
		if !exists(dir) {
			problems = append(problems, fmt.Sprintf("mayImport has a row for %q, which does not exist: remove the row", dir))
		}
		for _, target := range table[dir] {
			if _, ok := table[target]; !ok {
				problems = append(problems, fmt.Sprintf("mayImport lets %q import %q, which has no row: correct the name", dir, target))
			}
		}
	}
	return problems
}

func TestImportTableFires(t *testing.T) {
	t.Parallel()
	const imports = "package p\nimport (\n\"fmt\"\n\"" + module + "/b\"\n)\n"
	tests := map[string]struct {
		path  string
		table map[string][]string
		want  []string
	}{
		"an allowed import passes": {"a/a.go", map[string][]string{"a": {"b"}}, nil},
		"an import without an arrow fails": {
			"a/a.go",
			map[string][]string{"a": {}},
			[]string{`a/a.go:4: a may not import b: turn the arrow round, or add "b" to the row of "a"`},
		},
		"a longer name is another package": {
			"a/a.go", map[string][]string{"a": {"b/c"}}, []string{"a may not import b"},
		},
		"a package without a row fails": {
			"a/a.go", map[string][]string{}, []string{`package a is not in the import table: add "a": {...}`},
		},
		"tests are free": {"a/a_test.go", map[string][]string{}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustReport(t, checkImports([]source{in(t, test.path, imports)}, test.table), test.want...)
		})
	}
}

func TestImportRowsFire(t *testing.T) {
	t.Parallel()
	exists := func(dir string) bool { return strings.HasPrefix(dir, "here") }

	mustReport(t, checkRows(map[string][]string{"here": {}}, exists))
	mustReport(t, checkRows(map[string][]string{"gone": {}, "here": {"heer"}}, exists),
		`a row for "gone", which does not exist: remove the row`,
		`lets "here" import "heer", which has no row`)
}
