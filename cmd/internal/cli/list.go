package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/report"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
)

// printList prints the clauses that the flags select.
func (f *checkFlags) printList(w io.Writer) error {
	scenarios, err := f.selected()
	if err != nil {
		return usage("mockdesk check --list", "%w", err)
	}
	if f.json {
		clauses := make([]clause.Clause, len(scenarios))
		for i, sc := range scenarios {
			clauses[i] = sc.Clause
		}
		return report.Encode(w, clauses)
	}
	for _, group := range scenario.Groups() {
		title := group.Title
		for _, c := range scenarios {
			if c.Group != group.Name {
				continue
			}
			if title != "" {
				fmt.Fprintf(w, "%s\n", title)
				title = ""
			}
			fmt.Fprintf(w, "  %-19s %-7s  %s\n", c.ID, c.Level, c.Words)
			if len(c.Needs) > 0 {
				needs := make([]string, len(c.Needs))
				for i, need := range c.Needs {
					needs[i] = need.Brief()
				}
				fmt.Fprintf(w, "  %-19s %-7s  needs %s\n", "", "", strings.Join(needs, "; "))
			}
		}
	}
	_, err = fmt.Fprintln(w, report.Plural(len(scenarios), "clause"))
	return err
}

// selected returns the scenarios that --only, --skip, --api and --level leave.
func (f *checkFlags) selected() ([]scenario.Scenario, error) {
	choice := scenario.Choice{Only: f.only, Skip: f.skip, Level: clause.Level(f.level.value)}
	if f.api.value != "all" {
		choice.API = clause.API(f.api.value)
	}
	return choice.Scenarios()
}

// offerClauses offers the patterns that select the clauses about one thing,
// such as IO-AUTH-*.
func offerClauses(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var patterns []string
	for _, c := range scenario.All() {
		pattern := c.ID[:strings.LastIndex(c.ID, "-")] + "-*"
		if !slices.Contains(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	return patterns, cobra.ShellCompDirectiveNoFileComp
}
