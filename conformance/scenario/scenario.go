// Package scenario turns each clause of the catalogue into requests and
// assertions: one scenario a clause, in files named after the groups.
package scenario

import (
	"fmt"
	"slices"

	"github.com/mockdesk/mockdesk/conformance/clause"
)

// Scenario judges one clause.
type Scenario struct {
	Clause string // id in the catalogue
	// Steady says that no change of the data while judging can make the
	// scenario fail: it judges shapes or refusals, not relations between lists.
	Steady bool
	// Late scenarios run after the others that read.
	Late bool
	Run  func(*Session)
}

// groups are the scenarios by the name of their group.
var groups = map[string][]Scenario{
	"auth":          auth,
	"errors":        errorBodies,
	"rate":          rateLimit,
	"list_tickets":  ticketList,
	"custom_fields": customFields,
	"ticket":        ticketRow,
	"list_messages": messageList,
	"add_note":      internalNote,
	"apphandoff":    appHandoff,
}

// For returns the scenarios of the clauses, in the order given. Clauses that
// cannot be judged have none.
func For(clauses []clause.Clause) ([]Scenario, error) {
	var out []Scenario
	for _, c := range clauses {
		i := slices.IndexFunc(groups[c.Group], func(s Scenario) bool { return s.Clause == c.ID })
		if i < 0 && c.Unjudgeable != "" {
			continue
		}
		if i < 0 {
			return nil, fmt.Errorf("clause %s has no scenario", c.ID)
		}
		out = append(out, groups[c.Group][i])
	}
	return out, nil
}

// All returns every scenario, group by group.
func All() []Scenario {
	var out []Scenario
	for _, g := range clause.Groups() {
		out = append(out, groups[g.Name]...)
	}
	return out
}
