package arch_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestJudgeKnowsNoFake holds that conformance works on strangers: what it
// checks comes from the contract and the server it asks, never from the fake.
func TestJudgeKnowsNoFake(t *testing.T) {
	t.Parallel()
	mustHold(t, checkJudge(tree(t)))
}

// checkJudge reports each package of the judge that reaches the fake or its
// data through the imports of code; tests may compare the two.
func checkJudge(files []source) []string {
	graph := importGraph(files)
	var problems []string
	for _, dir := range slices.Sorted(maps.Keys(graph)) {
		if !isJudge(dir) {
			continue
		}
		if way := wayTo(graph, dir, isFake); way != nil {
			problems = append(problems, fmt.Sprintf(
				"the judge must work on servers it does not know, but %s: cut this chain", strings.Join(way, " imports ")))
		}
	}
	return problems
}

func isJudge(dir string) bool { return within(dir, "conformance") || within(dir, "internal/judge") }

func isFake(dir string) bool {
	return within(dir, "mockserver") || within(dir, "internal/fake") || within(dir, "fixtures")
}

func within(dir, parent string) bool { return dir == parent || strings.HasPrefix(dir, parent+"/") }

// importGraph maps each package to the packages its code imports: ours, and
// those of libraries, which lead nowhere.
func importGraph(files []source) map[string][]string {
	graph := map[string][]string{}
	for _, file := range files {
		if file.isTest() {
			continue
		}
		targets := graph[file.dir()]
		for _, importPath := range slices.Sorted(maps.Keys(file.imports())) {
			if dir, ours := own(importPath); ours {
				targets = append(targets, dir)
			} else if isThirdParty(importPath) {
				targets = append(targets, importPath)
			}
		}
		graph[file.dir()] = targets
	}
	return graph
}

// wayTo returns a shortest chain of imports from a package to one that is
// sought, or nil.
func wayTo(graph map[string][]string, from string, sought func(string) bool) []string {
	ways := [][]string{{from}}
	seen := map[string]bool{from: true}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		last := way[len(way)-1]
		if sought(last) {
			return way
		}
		for _, next := range graph[last] {
			if !seen[next] {
				seen[next] = true
				ways = append(ways, append(slices.Clone(way), next))
			}
		}
	}
	return nil
}

func TestJudgeKnowsNoFakeFires(t *testing.T) {
	t.Parallel()
	const (
		useFake     = "package p\nimport \"" + module + "/internal/fake/store\"\n"
		useFixtures = "package p\nimport \"" + module + "/fixtures\"\n"
		useOpenAPI  = "package p\nimport \"" + module + "/openapi\"\n"
	)
	tests := map[string]struct {
		files map[string]string
		want  []string
	}{
		"the contract may be used": {map[string]string{"conformance/run.go": useOpenAPI, "openapi/load.go": "package p\n"}, nil},
		"the fake may not": {
			map[string]string{"internal/judge/runner/run.go": useFake},
			[]string{"internal/judge/runner imports internal/fake/store: cut"},
		},
		"nor through another package": {
			map[string]string{"conformance/run.go": useOpenAPI, "openapi/load.go": useFixtures},
			[]string{"conformance imports openapi imports fixtures: cut"},
		},
		"nor in its test support": {
			map[string]string{"conformance/conformancetest/run.go": useFixtures},
			[]string{"conformance/conformancetest imports fixtures: cut"},
		},
		"its tests may":                  {map[string]string{"conformance/run_test.go": useFake}, nil},
		"others may use the fake":        {map[string]string{"cmd/internal/cli/serve.go": useFake}, nil},
		"a test of a leaf does not leak": {map[string]string{"conformance/run.go": useOpenAPI, "openapi/load_test.go": useFixtures}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var files []source
			for path, text := range test.files {
				files = append(files, in(t, path, text))
			}
			mustReport(t, checkJudge(files), test.want...)
		})
	}
}
