package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// stage is a stage of .ci/run that is named like its target of make.
type stage struct {
	name string
	what string
	// summary says in words what the log says.
	summary func(log string) string
}

var stages = []stage{
	{"test", "every package, every clause, every mutant of the judge", packages},
	{"lint", "go vet, staticcheck, gofumpt", func(string) string { return "nothing found" }},
	{"race", "the same with the race detector", packages},
	{"fuzz", "hostile input: answers within the contract, no 5xx, no state changed by a refusal", fuzzed},
	{"e2e", "the binary with curl, retrying clients, Chromium, nginx and two replicas; the search against a real PostgreSQL", compared},
	{"soak", "long load, slow clients, an end under load", lines(`(?m)^(?:mixed load|memory|goroutines|slow clients|termination): .*$`)},
	{"release-check", "two builds in two folders", lines(`(?m)^\d+ files are the same.*$`)},
}

var passed = regexp.MustCompile(`(?m)^=== \S+ passed in (\d+) s$`)

// result returns what a stage came to and how long it took.
func (s stage) result(log string) (string, error) {
	took := passed.FindStringSubmatch(log)
	if took == nil {
		return "", errors.New("it did not pass")
	}
	summary := s.summary(log)
	if summary == "" {
		return "", errors.New("its log does not say what it did")
	}
	return fmt.Sprintf("%s (%s s)", summary, took[1]), nil
}

// packages counts the packages that passed.
func packages(log string) string {
	n := len(regexp.MustCompile(`(?m)^ok\s`).FindAllString(log, -1))
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d packages passed", n)
}

// fuzzed counts the targets and what they executed.
func fuzzed(log string) string {
	targets := regexp.MustCompile(`(?m)^fuzz: \S+ \S+ (\S+) execs: (\d+)$`).FindAllStringSubmatch(log, -1)
	if len(targets) == 0 {
		return ""
	}
	total := 0
	for _, t := range targets {
		n, _ := strconv.Atoi(t[2]) // the pattern has digits only
		total += n
	}
	return fmt.Sprintf("%d targets, %s each, %d executions, nothing found", len(targets), targets[0][1], total)
}

// compared counts the answers that were the same as PostgreSQL's.
func compared(log string) string {
	rounds := regexp.MustCompile(`(\d+) answers compared, 0 differ`).FindAllStringSubmatch(log, -1)
	if len(rounds) == 0 {
		return ""
	}
	total := 0
	for _, r := range rounds {
		n, _ := strconv.Atoi(r[1]) // the pattern has digits only
		total += n
	}
	return fmt.Sprintf("all passed; %d answers compared, 0 differ", total)
}

// lines joins the lines that a pattern finds.
func lines(pattern string) func(string) string {
	return func(log string) string {
		return strings.Join(regexp.MustCompile(pattern).FindAllString(log, -1), "; ")
	}
}
