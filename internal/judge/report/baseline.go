package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
)

// Read reads what JSON wrote.
func Read(text []byte) (conformance.Report, error) {
	var r conformance.Report
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("it is no JSON report of check: %w", err)
	}
	outcomes := []scenario.Outcome{scenario.Pass, scenario.Fail, scenario.Skip, scenario.Error, scenario.NotRun}
	odd := func(one conformance.Result) bool {
		return one.Clause.ID == "" || !slices.Contains(outcomes, one.Outcome)
	}
	if r.Started.IsZero() || len(r.Results) == 0 || slices.ContainsFunc(r.Results, odd) {
		return r, errors.New("it is no JSON report of check: results with their clauses and outcomes are missing")
	}
	return r, nil
}

// since is the title of what changed, "" when the run was not compared with
// another.
func since(r conformance.Report) string {
	if r.Changes.Since.IsZero() {
		return ""
	}
	return "Changed since the run of " + r.Changes.Since.UTC().Format(time.RFC3339)
}

// changes says what changed since an earlier run, one kind of change in each
// string.
func changes(r conformance.Report) []string {
	if since(r) == "" {
		return nil
	}
	c := r.Changes
	var out []string
	for _, kind := range [][2]string{
		{"newly failing", ranges(c.Failing)},
		{"newly passing", ranges(c.Passing)},
		{"newly skipped, broken or not run", ranges(c.Skipped)},
		{"no longer known", strings.Join(c.Unknown, " ")}, // which may have any form
	} {
		if kind[1] != "" {
			out = append(out, kind[0]+": "+kind[1])
		}
	}
	if len(out) == 0 {
		return []string{"nothing"}
	}
	return out
}
