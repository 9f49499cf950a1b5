//go:build e2e

package e2e_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestCompletion types beginnings into real shells.
func TestCompletion(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "report.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{ // what is typed, and the word it becomes
		"mockdesk che":                      "check",
		"mockdesk serve --quie":             "--quiet",
		"mockdesk serve --error-format sam": "sample",
		"mockdesk serve --ready-file repo":  "report.json",
		"mockdesk serve --preset rate":      "rate-limit-burst",
		"mockdesk serve --tls self":         "self-signed",
		"mockdesk serve --tls repo":         "report.json",
		"mockdesk check --only IO-RA":       "IO-RATE-*",
		"mockdesk check --report jun":       "junit=",
		"mockdesk exec --report json=repo":  "report.json",
		"mockdesk spec app":                 "apphandoff",
		"mockdesk completion fi":            "fish",
		"mockdesk man heal":                 "health",
		"mockdesk exec -- mktem":            "mktemp",
	}
	for shell, complete := range map[string]func(t *testing.T, folder, script string, lines []string) []string{
		"bash": completeBash, "zsh": completeZsh, "fish": completeFish,
	} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			need(t, shell, shell)
			if _, err := os.Stat(bashCompletion); shell == "bash" && err != nil {
				t.Fatalf("%v: .ci/run installs it, or: apt-get install bash-completion", err)
			}
			script := filepath.Join(t.TempDir(), "mockdesk."+shell)
			if err := os.WriteFile(script, []byte(run(t, folder, binary, "completion", shell)), 0o600); err != nil {
				t.Fatal(err)
			}
			typed := slices.Sorted(maps.Keys(lines))
			for i, got := range complete(t, folder, script, typed) {
				if want := lines[typed[i]]; got != want {
					t.Errorf("%q is completed with %q, want %q", typed[i], got, want)
				}
			}
		})
	}
}

// run returns what a program prints.
func run(t *testing.T, folder, program string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir = folder
	command.Env = append(os.Environ(), "PATH="+filepath.Dir(binary)+":"+os.Getenv("PATH")) // completion asks mockdesk
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return string(out)
}

// bashCompletion is what the completion of bash is built on.
const bashCompletion = "/usr/share/bash-completion/bash_completion"

// completeBash calls the completion as readline does, to which = is a word.
func completeBash(t *testing.T, folder, script string, lines []string) (completed []string) {
	t.Helper()
	const call = `compopt() { :; }; source "$1"; source "$2"; COMP_LINE=$3; shift 3
COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); __start_mockdesk
[[ ${COMPREPLY-} ]] || mapfile -t COMPREPLY < <(compgen -f -- "${@: -1}") # as complete -o default does
printf '%s\n' "${COMPREPLY[@]}"`
	for _, line := range lines {
		words := regexp.MustCompile(`=|[^= ]+`).FindAllString(line, -1)
		out := run(t, folder, "bash", append([]string{"--norc", "-c", call, "bash", bashCompletion, script, line}, words...)...)
		first, _, _ := strings.Cut(out, "\n")
		completed = append(completed, strings.TrimSpace(strings.ReplaceAll(first, `\*`, "*")))
	}
	return completed
}

// completeFish asks fish, which knows for itself what it would offer.
func completeFish(t *testing.T, folder, script string, lines []string) (completed []string) {
	t.Helper()
	for _, line := range lines {
		out := run(t, folder, "fish", "--no-config", "-c", `source $argv[1]; complete -C $argv[2]`, script, line)
		first, _, _ := strings.Cut(out, "\n")
		word, _, _ := strings.Cut(first, "\t")
		completed = append(completed, strings.TrimPrefix(word, "json="))
	}
	return completed
}

// completeZsh presses the tab key in a zsh of its own.
func completeZsh(t *testing.T, folder, script string, lines []string) (completed []string) {
	t.Helper()
	const press = `zmodload zsh/zpty; zpty z zsh -f -i
zpty -w z "unset zle_bracketed_paste; PROMPT=; autoload -Uz compinit; compinit -u -D; source ${(q)1}
show() { zle -I; print -r -- \"<<\$BUFFER>>\"; BUFFER= }; zle -N show; bindkey '^X' show; bindkey '^I' complete-word; print re''ady"
zpty -r z out '*ready*'; shift
for line; do
	zpty -n -w z "$line"$'\t\x18'
	zpty -r z out '*<<*>>*'
	out=${out##*<<}; print -r -- "${out%%>>*}"
done
zpty -d z`
	for line := range strings.Lines(run(t, folder, "zsh", append([]string{"-f", "-c", press, "zsh", script}, lines...)...)) {
		words := append([]string{""}, strings.Fields(line)...)
		word := strings.ReplaceAll(words[len(words)-1], `\*`, "*")
		completed = append(completed, strings.TrimPrefix(word, "json="))
	}
	if len(completed) != len(lines) {
		t.Errorf("zsh completed %d of %d lines", len(completed), len(lines))
	}
	return completed
}

// TestManuals lets mandoc look for mistakes in each page.
func TestManuals(t *testing.T) {
	t.Parallel()
	need(t, "mandoc", "mandoc")
	folder := t.TempDir()
	listed := regexp.MustCompile(`mockdesk\\-(\w+)\(1\)`).FindAllStringSubmatch(run(t, folder, binary, "man"), -1)
	if len(listed) < 8 {
		t.Fatalf("mockdesk man lists %d commands", len(listed))
	}
	pages := [][]string{{"man"}}
	for _, name := range listed {
		pages = append(pages, []string{"man", name[1]})
	}
	for _, page := range pages {
		name := filepath.Join(folder, strings.Join(page, "-")+".1")
		if err := os.WriteFile(name, []byte(run(t, folder, binary, page...)), 0o600); err != nil {
			t.Fatal(err)
		}
		lint, _ := exec.CommandContext(t.Context(), "mandoc", "-T", "lint", "-W", "warning", name).Output() // fails if there is any
		for line := range strings.Lines(string(lint)) {
			if !strings.Contains(line, "missing date") { // a build outside of git has none
				t.Error(line)
			}
		}
		if text := run(t, folder, "mandoc", "-T", "ascii", name); !strings.Contains(text, "mockdesk") {
			t.Errorf("%q shows nothing:\n%s", page, text)
		}
	}
}
