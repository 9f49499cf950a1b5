package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/conformance/clause"
)

// printList prints the clauses that the flags select.
func (f *checkFlags) printList(w io.Writer) error {
	clauses, err := f.selected()
	if err != nil {
		return usage("mockdesk check --list", "%w", err)
	}
	if f.json {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(clauses)
	}
	for _, group := range clause.Groups() {
		title := group.Title
		for _, c := range clauses {
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
	plural := "s"
	if len(clauses) == 1 {
		plural = ""
	}
	_, err = fmt.Fprintf(w, "%d clause%s\n", len(clauses), plural)
	return err
}

// selected returns the clauses that --only, --skip, --api and --level leave.
func (f *checkFlags) selected() ([]clause.Clause, error) {
	clauses := clause.All()
	if len(f.only) > 0 {
		var err error
		if clauses, err = clause.Select(f.only); err != nil {
			return nil, err
		}
	}
	var skipped []clause.Clause
	if len(f.skip) > 0 {
		var err error
		if skipped, err = clause.Select(f.skip); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(clauses, func(c clause.Clause) bool {
		return f.api.value != "all" && string(c.API) != f.api.value ||
			f.level.value == string(clause.Strict) && c.Level != clause.Strict ||
			slices.ContainsFunc(skipped, func(s clause.Clause) bool { return s.ID == c.ID })
	}), nil
}

// clausePatterns returns the patterns that select the clauses about one thing,
// such as IO-AUTH-*.
func clausePatterns() []string {
	var patterns []string
	for _, c := range clause.All() {
		pattern := c.ID[:strings.LastIndex(c.ID, "-")] + "-*"
		if !slices.Contains(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	return patterns
}
