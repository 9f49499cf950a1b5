// Package scenario is the catalogue of clauses: the words of the contract that a
// target can be judged by, each in one literal with the requests and assertions
// that judge it, in files named after the groups.
package scenario

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
)

// Scenario is a clause and its judgement.
type Scenario struct {
	clause.Clause
	// Steady says that no change of the data while judging can make the
	// scenario fail: it judges shapes or refusals, not relations between lists.
	Steady bool
	// Late scenarios run after the others that read.
	Late bool
	// Last scenarios run after all others: they judge what was met on the way.
	Last bool
	Run  func(*Session)
}

// Group is a run of clauses about one thing.
type Group struct {
	Name      string
	Title     string
	scenarios []Scenario
}

// Groups returns the groups in the order of the catalogue.
func Groups() []Group {
	return []Group{
		{"auth", "InboxOps: authentication and access", auth},
		{"errors", "InboxOps: errors", errorBodies},
		{"rate", "InboxOps: rate limit", rateLimit},
		{"list_tickets", "InboxOps: list tickets", ticketList},
		{"custom_fields", "InboxOps: custom-field filters", customFields},
		{"ticket", "InboxOps: ticket row", ticketRow},
		{"list_messages", "InboxOps: list messages", messageList},
		{"add_note", "InboxOps: add internal note", internalNote},
		{"apphandoff", "AppHandoff: list messages for a ticket", appHandoff},
	}
}

// All returns the catalogue in its order: group by group, by the numbers of the
// clauses.
func All() []Scenario {
	var all []Scenario
	for _, g := range Groups() {
		first := map[string]int{} // where each series begins
		for i, s := range slices.Backward(g.scenarios) {
			first[series(s)] = i
		}
		from := len(all)
		for _, s := range g.scenarios {
			s.Group = g.Name
			all = append(all, s)
		}
		slices.SortFunc(all[from:], func(a, b Scenario) int {
			return cmp.Or(cmp.Compare(first[series(a)], first[series(b)]), cmp.Compare(a.ID, b.ID))
		})
	}
	return all
}

// series is the id without the number.
func series(s Scenario) string { return s.ID[:strings.LastIndexByte(s.ID, '-')] }
