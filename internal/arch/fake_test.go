package arch_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// fake is all that a test needs which only wants answers.
const fake = "mockserver/mockservertest"

// TestFakeIsLight holds that who imports only the fake compiles neither the
// judge nor a library that the fake can be given: verdicts, metrics, console.
func TestFakeIsLight(t *testing.T) {
	t.Parallel()
	files := tree(t)
	mustHold(t, checkFake(files, brought))
	graph := importGraph(files)
	for _, library := range slices.Sorted(maps.Keys(brought)) {
		if wayTo(graph, fake, func(path string) bool { return within(path, library) }) == nil {
			t.Errorf("brought has a row for %s, which %s does not reach: remove the row", library, fake)
		}
	}
}

// checkFake reports how the fake reaches what it has not to bring.
func checkFake(files []source, brought map[string]string) []string {
	way := wayTo(importGraph(files), fake, func(path string) bool {
		if !isThirdParty(path) {
			return isJudge(path)
		}
		for library := range brought {
			if within(path, library) {
				return false
			}
		}
		return true
	})
	if way == nil {
		return nil
	}
	return []string{fmt.Sprintf("%s: have mockserver.Config be given it, or add a row to brought in internal/arch/table_test.go", strings.Join(way, " imports "))}
}

func TestFakeIsLightFires(t *testing.T) {
	t.Parallel()
	const (
		start   = "package p\nimport \"" + module + "/mockserver\"\n"
		light   = "package p\nimport \"example.org/light/sub\"\n"
		heavy   = "package p\nimport \"example.org/heavy\"\n"
		verdict = "package p\nimport \"" + module + "/openapi/verdict\"\n"
		judge   = "package p\nimport \"" + module + "/internal/judge/facts\"\n"
	)
	tests := map[string]struct {
		files map[string]string
		want  []string
	}{
		"a library that is brought passes": {map[string]string{"mockserver/server.go": light}, nil},
		"another one does not": {
			map[string]string{"mockserver/server.go": heavy},
			[]string{"mockserver/mockservertest imports mockserver imports example.org/heavy: have mockserver.Config be given it"},
		},
		"nor through another package": {
			map[string]string{"mockserver/server.go": verdict, "openapi/verdict/verdict.go": heavy},
			[]string{"imports mockserver imports openapi/verdict imports example.org/heavy"},
		},
		"nor does the judge":        {map[string]string{"mockserver/server.go": judge}, []string{"imports mockserver imports internal/judge/facts"}},
		"tests may":                 {map[string]string{"mockserver/server_test.go": heavy}, nil},
		"what it is given may, too": {map[string]string{"mockserver/console/console.go": heavy}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := []source{in(t, "mockserver/mockservertest/start.go", start)}
			for path, text := range test.files {
				files = append(files, in(t, path, text))
			}
			mustReport(t, checkFake(files, map[string]string{"example.org/light": "it is light"}), test.want...)
		})
	}
}
