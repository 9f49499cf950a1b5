package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/junit"
)

// JUnit writes a test suite for each group of clauses and a test case for each
// clause. A run that could not judge, or not completely, is an error in a suite
// of its own.
func JUnit(w io.Writer, r conformance.Report) error {
	r = plainly(r)
	var all []junit.Suite
	for _, s := range sections(r) {
		all = append(all, junitOf(s, r))
	}
	if unjudged := r.Unjudged(); unjudged != "" {
		all = append(all, junit.Suite{
			Name: "run", Started: r.Started,
			Cases: []junit.Case{{Name: "judges the target to the end", Class: "mockdesk.run", Error: &junit.Reason{Message: unjudged}}},
		})
	}
	return junit.Write(w, "mockdesk check", r.Duration, all...)
}

// junitOf is the suite of a section.
func junitOf(s section, r conformance.Report) junit.Suite {
	suite := junit.Suite{
		Name: s.Title, Started: r.Started,
		Properties: []junit.Property{{Name: "target", Value: r.Target}, {Name: "level", Value: string(r.Level)}, {Name: "seed", Value: strconv.FormatUint(r.Seed, 10)}},
	}
	if title := since(r); title != "" {
		suite.Properties = append(suite.Properties, junit.Property{Name: title, Value: strings.Join(changes(r), "; ")})
	}
	for _, result := range s.Results {
		c := junit.Case{Name: result.Clause.ID + " " + result.Clause.Words, Class: "mockdesk." + s.Name, Took: result.Duration}
		switch {
		case result.Unexpected():
			c.Failure = &junit.Reason{Message: firstWords(result), Type: string(result.Outcome), Text: details(result)}
		case result.Missed():
			c.Failure = &junit.Reason{Message: "required but not judged: " + why(result), Type: string(result.Outcome)}
		case result.Outcome == scenario.Error:
			c.Error = &junit.Reason{Message: result.Reason, Type: "error", Text: details(result)}
		case result.Outcome == scenario.Fail:
			c.Skipped = &junit.Reason{Message: "known failure"}
		case result.Outcome != scenario.Pass:
			c.Skipped = &junit.Reason{Message: why(result)}
		}
		suite.Cases = append(suite.Cases, c)
	}
	for _, g := range r.Gaps() {
		if g.Group == s.Title {
			suite.Output = notJudged(g)
		}
	}
	return suite
}

// notJudged says what was not judged of a group, and what would change that.
func notJudged(g conformance.Gap) string {
	out := fmt.Sprintf("%s: %d of %s not judged", g.Group, g.NotJudged, Plural(g.Of, "clause"))
	if len(g.Unlock) > 0 {
		out += "; to judge: " + strings.Join(g.Unlock, "; ")
	}
	if len(g.Reasons) > 0 {
		out += "; because: " + strings.Join(g.Reasons, "; ")
	}
	return out
}

// firstWords describes a failure in one line.
func firstWords(r conformance.Result) string {
	if len(r.Failures) == 0 {
		return why(r)
	}
	var parts []string
	for _, l := range lines(r.Failures[0]) {
		parts = append(parts, l[0]+" "+l[1])
	}
	return strings.Join(parts, ", ")
}

// details describes a failure completely, in plain lines.
func details(r conformance.Result) string {
	var b strings.Builder
	for _, block := range blocks(r.Failures) {
		for _, l := range block {
			fmt.Fprintf(&b, "%-9s %s\n", l[0], l[1])
		}
	}
	fmt.Fprintf(&b, "%-9s %s\n", "source", r.Clause.Page)
	if r.Curl != "" {
		fmt.Fprintf(&b, "%-9s %s\n", "try", r.Curl)
	}
	return b.String()
}
