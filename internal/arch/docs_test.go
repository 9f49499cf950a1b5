package arch_test

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestDocs(t *testing.T) {
	t.Parallel()
	files := tree(t)
	mustHold(t, checkPackageDocs(files))
	mustHold(t, checkDocs(files))
}

// checkPackageDocs reports packages that do not begin by saying what they are.
func checkPackageDocs(files []source) []string {
	said := map[string]bool{}
	for _, file := range files {
		if !file.isTest() {
			said[file.dir()] = said[file.dir()] || saysPackage(file.syntax)
		}
	}
	var problems []string
	for _, dir := range slices.Sorted(maps.Keys(said)) {
		if !said[dir] {
			problems = append(problems, fmt.Sprintf(
				"%s: no package sentence: begin one file with a comment such as \"Package x turns this into that.\"", dir))
		}
	}
	return problems
}

func saysPackage(file *ast.File) bool {
	opening := "Package " + file.Name.Name + " "
	if file.Name.Name == "main" {
		opening = "Command "
	}
	doc := file.Doc.Text()
	return strings.HasPrefix(doc, opening) && strings.Contains(doc, ".")
}

// checkDocs reports exported names of code without a doc comment. One comment
// does for a group of constants or variables.
func checkDocs(files []source) []string {
	var problems []string
	for _, file := range files {
		if file.isTest() || ast.IsGenerated(file.syntax) {
			continue
		}
		for _, decl := range file.syntax.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Name.IsExported() && hasExportedReceiver(decl) {
					problems = append(problems, checkDoc(file, decl.Name, decl.Doc)...)
				}
			case *ast.GenDecl:
				problems = append(problems, checkSpecs(file, decl)...)
			}
		}
	}
	return problems
}

func checkSpecs(file source, decl *ast.GenDecl) []string {
	var problems []string
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc
			if !decl.Lparen.IsValid() {
				doc = decl.Doc
			}
			if spec.Name.IsExported() {
				problems = append(problems, checkDoc(file, spec.Name, doc)...)
			}
		case *ast.ValueSpec:
			if decl.Doc.Text()+spec.Doc.Text()+spec.Comment.Text() != "" {
				continue
			}
			for _, name := range spec.Names {
				if name.IsExported() {
					problems = append(problems, fmt.Sprintf("%s: %s has no doc comment", file.at(name), name.Name))
				}
			}
		}
	}
	return problems
}

// checkDoc wants the comment to begin with the name, as in "Load reads ...".
func checkDoc(file source, name *ast.Ident, comment *ast.CommentGroup) []string {
	doc := comment.Text()
	if doc == "" {
		return []string{fmt.Sprintf("%s: %s has no doc comment", file.at(name), name.Name)}
	}
	for _, article := range []string{"A ", "An ", "The "} {
		doc = strings.TrimPrefix(doc, article)
	}
	if words := strings.FieldsFunc(doc, notInName); len(words) == 0 || words[0] != name.Name {
		return []string{fmt.Sprintf("%s: the doc comment of %s does not begin with its name", file.at(name), name.Name)}
	}
	return nil
}

func notInName(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// hasExportedReceiver is true of functions and of methods users can see.
func hasExportedReceiver(decl *ast.FuncDecl) bool {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return true
	}
	receiver := decl.Recv.List[0].Type
	for {
		switch of := receiver.(type) {
		case *ast.StarExpr:
			receiver = of.X
		case *ast.IndexExpr:
			receiver = of.X
		case *ast.IndexListExpr:
			receiver = of.X
		case *ast.Ident:
			return of.IsExported()
		default:
			return true
		}
	}
}

func TestDocsFire(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string // what follows the package clause, from line 2 on
		want []string
	}{
		"a documented function passes":            {"// F does.\nfunc F() {}\n", nil},
		"a bare function fails":                   {"func F() {}\n", []string{"p/p.go:2: F has no doc comment"}},
		"a comment apart from it is none":         {"// F does.\n\nfunc F() {}\n", []string{"F has no doc comment"}},
		"another beginning fails":                 {"// Does F.\nfunc F() {}\n", []string{"doc comment of F does not begin with its name"}},
		"a longer name is another name":           {"// Fs do.\nfunc F() {}\n", []string{"of F does not begin"}},
		"an unexported function is free":          {"func f() {}\n", nil},
		"a bare method fails":                     {"func (t *t) M() {}\nfunc (t *T) M() {}\n", []string{"p/p.go:3: M has no"}},
		"a bare method of a generic type fails":   {"func (t *T[K]) M() {}\nfunc (t T[K, V]) N() {}\n", []string{"M has no", "N has no"}},
		"an article may stand before a type":      {"// A T is.\ntype T int\n", nil},
		"a bare type fails":                       {"type T struct{}\n", []string{"T has no doc comment"}},
		"a group comment is not enough for types": {"// Types.\ntype (\n\tT int\n)\n", []string{"T has no doc comment"}},
		"a type in a group passes":                {"type (\n\t// T is.\n\tT int\n)\n", nil},
		"a group comment does for constants":      {"// Limits.\nconst (\n\tA = 1\n\tB = 2\n)\n", nil},
		"a comment at the line's end does":        {"const (\n\tA = 1 // the first\n)\n", nil},
		"a bare variable fails":                   {"var A, b, C = 1, 2, 3\n", []string{"A has no", "C has no"}},
		"a bare constant in a group fails":        {"const (\n\t// A is one.\n\tA = 1\n\tB = 2\n)\n", []string{"p/p.go:5: B has no"}},
		"fields are free":                         {"// T is.\ntype T struct{ F int }\n", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustReport(t, checkDocs([]source{in(t, "p/p.go", "package p\n"+test.text)}), test.want...)
		})
	}
	t.Run("tests are free", func(t *testing.T) {
		t.Parallel()
		mustReport(t, checkDocs([]source{in(t, "p/p_test.go", "package p\nfunc F() {}\n")}))
	})
}

func TestPackageDocsFire(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		files map[string]string
		want  []string
	}{
		"one sentence in one file does": {map[string]string{"p/a.go": "package p\n", "p/b.go": "// Package p turns a into b.\npackage p\n"}, nil},
		"no sentence fails":             {map[string]string{"p/a.go": "package p\n"}, []string{"p: no package sentence"}},
		"another beginning fails":       {map[string]string{"p/a.go": "// This turns a into b.\npackage p\n"}, []string{"p: no package"}},
		"a heading is no sentence":      {map[string]string{"p/a.go": "// Package p\npackage p\n"}, []string{"p: no package"}},
		"a command says so":             {map[string]string{"p/a.go": "// Command p turns a into b.\npackage main\n"}, nil},
		"a sentence in a test is none":  {map[string]string{"p/a.go": "package p\n", "p/a_test.go": "// Package p turns a into b.\npackage p\n"}, []string{"p: no package"}},
		"a folder of tests needs none":  {map[string]string{"p/a_test.go": "package p\n"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var files []source
			for path, text := range test.files {
				files = append(files, in(t, path, text))
			}
			mustReport(t, checkPackageDocs(files), test.want...)
		})
	}
}
