// Package report turns a conformance.Report into text for a terminal, JSON,
// JUnit, HTML, Markdown and GitHub annotations.
package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// document is a report as JSON, with what follows from it.
type document struct {
	Verdict  string `json:"verdict"`
	ExitCode int    `json:"exit_code"`
	conformance.Report
	NotJudged []locked `json:"not_judged,omitempty"`
}

// JSON writes the whole report as one indented object.
func JSON(w io.Writer, r conformance.Report) error {
	var b bytes.Buffer
	if err := Encode(&b, document{Verdict(r), r.ExitCode(), r, skips(r)}); err != nil {
		return err
	}
	_, err := io.WriteString(w, plain.Text(b.String()))
	return err
}

// Verdict says in one line what came of a run, and why.
func Verdict(r conformance.Report) string {
	if text := reason(r); text != "" {
		return word(r) + ": " + text
	}
	return word(r)
}

// word is the verdict without the reason.
func word(r conformance.Report) string {
	switch r.ExitCode() {
	case conformance.ExitOK:
		return "PASSED"
	case conformance.ExitFailed:
		return "FAILED"
	}
	return "COULD NOT JUDGE"
}

// reason is what is wrong with the whole target and why a run did not pass, in
// a line; "" when nothing is.
func reason(r conformance.Report) string {
	var all []string
	for _, text := range []string{strings.TrimPrefix(r.Headline, "cannot judge: "), r.Failed(), r.Unjudged()} {
		if text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, "; ")
}

// run says when a run was, how long it took, and with which seed to repeat it.
func run(r conformance.Report) string {
	clock := ""
	if r.OwnClock {
		clock = " on the fake's clock"
	}
	return fmt.Sprintf("started %s, took %s%s, seed %d", r.Started.UTC().Format(time.RFC3339), r.Duration.Round(time.Millisecond), clock, r.Seed)
}

// opening is the first line of a report.
func opening(r conformance.Report) string {
	return fmt.Sprintf("%s: %s, %s", word(r), strings.ReplaceAll(r.Target, "\n", " "), run(r))
}

// Summary says the counts of a report in one line.
func Summary(r conformance.Report) string {
	c := r.Counts
	parts := []string{fmt.Sprintf("%d passed", c.Pass)}
	if c.Cured > 0 {
		parts[0] += fmt.Sprintf(" (%d of them listed as a known failure)", c.Cured)
	}
	for _, p := range []struct {
		n    int
		word string
	}{{c.Fail - c.Known, "failed"}, {c.Known, "failed as known"}, {c.Skip, "skipped"}, {c.Error, "broke"}, {c.NotRun, "not run"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	return fmt.Sprintf("%s: %s", Plural(len(r.Results), "clause"), strings.Join(parts, ", "))
}

// Effort says what a run cost the target.
func Effort(r conformance.Report) string {
	out := fmt.Sprintf("%s of %d", Plural(r.Requests, "request"), r.MaxRequest)
	if w := r.Waits(); w != "" {
		out += ", " + w + " spent waiting for the pace or the rate limit"
	}
	if r.Insecure {
		out += "; no certificate was verified (--insecure)"
	}
	return out
}

// Plural is a number with its noun.
func Plural[N int | uint64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// section is the results of one group of clauses.
type section struct {
	Name    string
	Title   string
	Results []conformance.Result
}

// sections sorts results into the groups of the catalogue that have any.
func sections(r conformance.Report) []section {
	var out []section
	for _, g := range scenario.Groups() {
		s := section{Name: g.Name, Title: g.Title}
		for _, result := range r.Results {
			if result.Clause.Group == g.Name {
				s.Results = append(s.Results, result)
			}
		}
		if len(s.Results) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// locked is why clauses were not judged, what would change that, and which they are.
type locked struct {
	Outcome scenario.Outcome `json:"outcome"`
	Reason  string           `json:"reason"`
	Unlock  string           `json:"unlock,omitempty"`
	IDs     []string         `json:"clauses"`
}

// Clauses are the ids, runs of them as IO-CF-01..06.
func (l locked) Clauses() string { return ranges(l.IDs) }

// Words says why, and what would let the clauses be judged.
func (l locked) Words() string {
	if l.Unlock == "" {
		return l.Reason
	}
	return l.Reason + "; to judge it: " + l.Unlock
}

// skips sums up skipped clauses and those that did not run by their reason, in
// the order of the catalogue.
func skips(r conformance.Report) []locked {
	var out []locked
	for _, result := range r.Results {
		if result.Outcome != scenario.Skip && result.Outcome != scenario.NotRun {
			continue
		}
		i := slices.IndexFunc(out, func(l locked) bool {
			return l.Outcome == result.Outcome && l.Reason == result.Reason && l.Unlock == result.Unlock
		})
		if i < 0 {
			i = len(out)
			out = append(out, locked{Outcome: result.Outcome, Reason: result.Reason, Unlock: result.Unlock})
		}
		out[i].IDs = append(out[i].IDs, result.Clause.ID)
	}
	return out
}

// ranges shortens a list of ids: IO-CF-01 IO-CF-02 IO-CF-03 is IO-CF-01..03.
func ranges(ids []string) string {
	var out []string
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && follows(ids[j], ids[j+1]) {
			j++
		}
		switch j - i {
		case 0:
			out = append(out, ids[i])
		case 1:
			out = append(out, ids[i], ids[j])
		default:
			out = append(out, ids[i]+".."+ids[j][strings.LastIndexByte(ids[j], '-')+1:])
		}
		i = j + 1
	}
	return strings.Join(out, " ")
}

// follows reports whether b is the next id after a in its group.
func follows(a, b string) bool {
	i, j := strings.LastIndexByte(a, '-'), strings.LastIndexByte(b, '-')
	first, errFirst := strconv.Atoi(a[i+1:])
	second, errSecond := strconv.Atoi(b[j+1:])
	return errFirst == nil && errSecond == nil && a[:i] == b[:j] && second == first+1
}

// why says in a line why a result is not a plain pass.
func why(r conformance.Result) string {
	if r.Known && r.Outcome == scenario.Pass {
		return "listed as a known failure, but it passed: take it off the list"
	}
	return locked{Reason: r.Reason, Unlock: r.Unlock}.Words()
}

// blocks returns what the failures of a clause say. Failures that say the same
// are one block with a count.
func blocks(failures []scenario.Failure) [][][2]string {
	var out [][][2]string
	alike := map[string]int{}
	var keys []string
	for _, f := range failures {
		key := fmt.Sprintf("%q", lines(f))
		if alike[key]++; alike[key] == 1 {
			keys = append(keys, key)
			out = append(out, lines(f))
		}
	}
	for i, key := range keys {
		if more := alike[key] - 1; more > 0 {
			out[i] = append(out[i], [2]string{"and", fmt.Sprintf("%d more alike", more)})
		}
	}
	return out
}

// lines are what a failure says, label and value.
func lines(f scenario.Failure) [][2]string {
	var out [][2]string
	for _, l := range [][2]string{{"at", f.Path}, {"request", f.Request}, {"expected", f.Expected}, {"actual", f.Actual}, {"because", f.Message}} {
		if l[1] != "" {
			out = append(out, l)
		}
	}
	return out
}
