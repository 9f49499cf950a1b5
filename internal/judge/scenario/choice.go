package scenario

import (
	"fmt"
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
)

// Choice says which scenarios a run has. The zero value means all.
type Choice struct {
	Only, Skip []string     // patterns, see clause.Select; no Only means all
	API        clause.API   // the only one, or empty
	Level      clause.Level // Strict leaves out clauses that are not strict
}

// Scenarios returns those that are chosen. A pattern that selects none is an error.
func (c Choice) Scenarios() ([]Scenario, error) {
	chosen := All()
	var err error
	if len(c.Only) > 0 {
		if chosen, err = clause.Select(chosen, c.Only); err != nil {
			return nil, fmt.Errorf("only: %w", err)
		}
	}
	skipped, err := clause.Select(All(), c.Skip)
	if err != nil {
		return nil, fmt.Errorf("skip: %w", err)
	}
	return slices.DeleteFunc(chosen, func(s Scenario) bool {
		return c.API != "" && s.API != c.API || c.Level == clause.Strict && s.Level != clause.Strict ||
			slices.ContainsFunc(skipped, func(out Scenario) bool { return out.ID == s.ID })
	}), nil
}
