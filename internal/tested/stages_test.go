package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryStageHasARow holds the table against .ci/run: a stage that is added
// there has to be told about.
func TestEveryStageHasARow(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("../../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, found := range regexp.MustCompile(`(?m)^stage (\S+) make (\S+)`).FindAllStringSubmatch(string(script), -1) {
		if found[1] != found[2] {
			t.Errorf("stage %s of .ci/run runs make %s: give both one name", found[1], found[2])
		}
		want = append(want, found[1])
	}
	var got []string
	for _, s := range stages {
		got = append(got, s.name)
	}
	if slices.Sort(want); !slices.Equal(want, slices.Sorted(slices.Values(got))) {
		t.Errorf("the table tells of %v, .ci/run has %v", got, want)
	}
}

// logs are what stages say.
var logs = map[string]string{
	"test":          "?   \tx/a\t[no test files]\nok  \tx/b\t1.2s\nok  \tx/c\t0.1s\n",
	"race":          "ok  \tx/b\t1.2s\n",
	"lint":          "",
	"fuzz":          "fuzz: x/b FuzzA 20s execs: 1200\nfuzz: x/b FuzzB 20s execs: 34\n",
	"e2e":           "seed 7 round 0: 1000 answers compared, 0 differ\nseed 7 round 1: 500 answers compared, 0 differ\n",
	"soak":          "go run x\nmixed load: 3 connections\nmemory: 9 MiB\n",
	"release-check": "12 files are the same, byte for byte\n",
}

func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, log := range logs {
		write(t, filepath.Join(dir, name+".log"), log+"=== "+name+" passed in 12 s\n")
	}
	readme := filepath.Join(dir, "README.md")
	write(t, readme, "# x\n"+begin+"old\n"+end+"rest\n")
	if err := run(dir, readme); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# x\n" + begin + "| what | how | result |\n", end + "rest\n", "| `make test` | 2 packages passed (12 s) |",
		"2 targets, 20s each, 1234 executions, nothing found (12 s)", "1500 answers compared, 0 differ (12 s)",
		"| mixed load: 3 connections; memory: 9 MiB (12 s) |",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the README lacks %q:\n%s", want, text)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"a stage that failed":             func(t *testing.T, dir string) { write(t, filepath.Join(dir, "race.log"), "FAIL\n") },
		"a stage that tested nothing":     func(t *testing.T, dir string) { write(t, filepath.Join(dir, "test.log"), "=== test passed in 1 s\n") },
		"a stage that did not run":        func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "soak.log")) },
		"a README without a place for it": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "README.md"), "# x\n") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, log := range logs {
				write(t, filepath.Join(dir, name+".log"), log+"=== "+name+" passed in 12 s\n")
			}
			readme := filepath.Join(dir, "README.md")
			write(t, readme, begin+end)
			spoil(t, dir)
			if err := run(dir, readme); err == nil {
				t.Error("it wrote a table")
			}
		})
	}
}

// write writes a file.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// remove deletes a file.
func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}
