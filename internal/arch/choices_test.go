package arch_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// choicesFile has a row for each choice in a silence of the documentation.
const choicesFile = "openapi/CHOICES.md"

var (
	choiceRow  = regexp.MustCompile(`(?m)^\| ([A-Z]\d+) (?:\|[^|\n]*[^|\s][^|\n]*){3}\|$`)
	choiceID   = regexp.MustCompile(`\b[A-E]\d{1,2}\b`)
	namesFirst = regexp.MustCompile(`^(?:(?:[A-E]\d+|(?:IO|AH)-[A-Z-]+-\d+) )+`) // of a test
)

func TestChoices(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, choicesFile))
	if err != nil {
		t.Fatal(err)
	}
	ids := choices(string(text))
	if !ids["A16"] || strings.Count(string(text), "\n| ")-len(ids) != 5 { // the heads of five tables
		t.Errorf("%d rows have an id of their own and three filled columns, and more should", len(ids))
	}
	mustHold(t, checkChoices(tree(t), ids))
}

// choices returns the ids of the rows of a table.
func choices(text string) map[string]bool {
	ids := map[string]bool{}
	for _, row := range choiceRow.FindAllStringSubmatch(text, -1) {
		ids[row[1]] = true
	}
	return ids
}

// checkChoices reports ids that no row explains. An id is cited wherever it
// stands in a comment, or among the ids that the name of a test begins with.
func checkChoices(files []source, ids map[string]bool) []string {
	var problems []string
	for _, file := range files {
		cite := func(node ast.Node, text string) {
			for _, id := range choiceID.FindAllString(text, -1) {
				if !ids[id] {
					problems = append(problems, fmt.Sprintf("%s: cites %s, which has no row in %s", file.at(node), id, choicesFile))
				}
			}
		}
		for _, group := range file.syntax.Comments {
			for _, comment := range group.List {
				cite(comment, comment.Text)
			}
		}
		if !file.isTest() {
			continue
		}
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			if literal, is := node.(*ast.BasicLit); is && literal.Kind == token.STRING {
				text, _ := strconv.Unquote(literal.Value)
				cite(node, namesFirst.FindString(text))
			}
			return true
		})
	}
	return problems
}

func TestChoicesFire(t *testing.T) {
	t.Parallel()
	ids := choices("| id | a | b | c |\n|---|---|---|---|\n| A1 | x | y | z |\n| B2 | x | y | z |\n| C3 | x | | z |\n")
	tests := map[string]struct {
		text string
		want []string
	}{
		"a row is there":               {"// (choice A1)\nvar x = 1 // B2\n", nil},
		"a row is not there":           {"// (choices A1, D9)\nvar x = 1 // D10\n", []string{"p/p_test.go:2: cites D9", "p/p_test.go:3: cites D10"}},
		"a row with an empty column":   {"// choice C3\n", []string{"cites C3"}},
		"the name of a test":           {`var x = "IO-CF-01 A1 D9 a thing is B9"` + "\n", []string{"cites D9"}},
		"a text that is no such name":  {`var x = "at %D9, D9"` + "\n", nil},
		"a word that is no such id":    {"// AD9, D9x, F9, D999\n", nil},
		"a range counts its two ends":  {"// choices A1 to D9\n", []string{"cites D9"}},
		"a name in a table of structs": {"var x = []struct{ a string }{{\"D9 is\"}}\n", []string{"cites D9"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustReport(t, checkChoices([]source{in(t, "p/p_test.go", "package p\n"+test.text)}, ids), test.want...)
		})
	}
	t.Run("code that is no test", func(t *testing.T) {
		t.Parallel()
		mustReport(t, checkChoices([]source{in(t, "p/p.go", "package p\nvar x = \"D9 is\"\n")}, ids))
	})
}
