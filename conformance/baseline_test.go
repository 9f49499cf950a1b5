package conformance_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
)

func TestCompareSaysWhatChanged(t *testing.T) {
	t.Parallel()
	const id = "IO-AUTH-01"
	of := func(id string, o conformance.Outcome) conformance.Report {
		r := conformance.Report{Started: time.Unix(0, 0)}
		if o != "" {
			r.Results = []conformance.Result{{Clause: clause.Clause{ID: id}, Outcome: o}}
		}
		return r
	}
	tests := map[string]struct {
		was, now conformance.Report
		want     conformance.Changes
	}{
		"a pass that fails":             {of(id, scenario.Pass), of(id, scenario.Fail), conformance.Changes{Failing: []string{id}}},
		"a skip that fails":             {of(id, scenario.Skip), of(id, scenario.Fail), conformance.Changes{Failing: []string{id}}},
		"a new clause that fails":       {of(id, ""), of(id, scenario.Fail), conformance.Changes{Failing: []string{id}}},
		"a new clause that passes":      {of(id, ""), of(id, scenario.Pass), conformance.Changes{}},
		"a failure that passes":         {of(id, scenario.Fail), of(id, scenario.Pass), conformance.Changes{Passing: []string{id}}},
		"a skip that passes":            {of(id, scenario.Skip), of(id, scenario.Pass), conformance.Changes{Passing: []string{id}}},
		"a pass that is skipped":        {of(id, scenario.Pass), of(id, scenario.Skip), conformance.Changes{Skipped: []string{id}}},
		"a failure that is not run":     {of(id, scenario.Fail), of(id, scenario.NotRun), conformance.Changes{Skipped: []string{id}}},
		"a skip that is not run":        {of(id, scenario.Skip), of(id, scenario.NotRun), conformance.Changes{}},
		"a failure that fails":          {of(id, scenario.Fail), of(id, scenario.Fail), conformance.Changes{}},
		"a pass that was not chosen":    {of(id, scenario.Pass), of(id, ""), conformance.Changes{}},
		"a clause that nobody knows":    {of("IO-OLD-01", scenario.Fail), of(id, scenario.Pass), conformance.Changes{Unknown: []string{"IO-OLD-01"}}},
		"a new clause that was skipped": {of(id, ""), of(id, scenario.Skip), conformance.Changes{}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.want.Since = tc.was.Started
			if d := cmp.Diff(tc.want, tc.now.Compare(tc.was)); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
		})
	}
}
