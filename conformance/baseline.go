package conformance

import (
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/scenario"
)

// Changes are the ids of the clauses whose outcome differs from that of an
// earlier run.
type Changes struct {
	Since   time.Time `json:"since"` // when the earlier run was started
	Failing []string  `json:"newly_failing,omitempty"`
	Passing []string  `json:"newly_passing,omitempty"`
	Skipped []string  `json:"newly_skipped,omitempty"`   // or broke, or did not run: judged then and not now
	Unknown []string  `json:"no_longer_known,omitempty"` // not in the catalogue any more
}

// Compare says what changed since an earlier run. A clause that only one of the
// runs selected counts as changed only if it fails now.
func (r Report) Compare(earlier Report) Changes {
	out := Changes{Since: earlier.Started}
	before, catalogue := map[string]Outcome{}, scenario.All()
	for _, was := range earlier.Results {
		id := was.Clause.ID
		before[id] = was.Outcome
		if !slices.ContainsFunc(catalogue, func(s scenario.Scenario) bool { return s.ID == id }) {
			out.Unknown = append(out.Unknown, id)
		}
	}
	for _, now := range r.Results {
		id := now.Clause.ID
		was, chosen := before[id]
		switch {
		case was == now.Outcome:
		case now.Outcome == scenario.Fail:
			out.Failing = append(out.Failing, id)
		case now.Outcome == scenario.Pass && chosen:
			out.Passing = append(out.Passing, id)
		case was == scenario.Pass, was == scenario.Fail:
			out.Skipped = append(out.Skipped, id)
		}
	}
	return out
}
