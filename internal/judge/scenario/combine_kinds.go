package scenario

import (
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/model"
)

// listTopics are all, those of pairs before that of any pair.
func listTopics() []topic[model.Question] {
	return slices.Concat(ticketPairs, fieldPairs, ticketQuestions)
}

// families are the sorted families of the filters of a question.
func families(q model.Question) string {
	var out []string
	for _, f := range q.Filters {
		out = append(out, f.Family)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// anyOf is the condition that the filters of a question are of those families.
func anyOf(sorted string) func(model.Question) bool {
	return func(q model.Question) bool { return families(q) == sorted }
}

// interval reports whether both bounds of created_at are asked for, one of
// them perhaps by the window.
func interval(q model.Question) bool {
	of := families(q)
	return of == "created_after created_before" || q.Window != "" && (of == "created_after" || of == "created_before")
}

// shownPair reports whether there are two filters that each row shows whether
// it satisfies.
func shownPair(q model.Question) bool {
	hidden := slices.ContainsFunc(q.Filters, func(f model.Filter) bool { return f.Keep == nil })
	return len(q.Filters) == 2 && !hidden && !interval(q)
}

// fieldAndShown reports whether there are a custom field and a filter that
// each row shows whether it satisfies.
func fieldAndShown(q model.Question) bool {
	hidden := slices.DeleteFunc(slices.Clone(q.Filters), func(f model.Filter) bool { return f.Keep != nil })
	return len(q.Filters) == 2 && families(model.Question{Filters: hidden}) == "field"
}

// threeStatuses reports whether a list of three statuses is asked for.
func threeStatuses(q model.Question) bool {
	return slices.ContainsFunc(q.Filters, func(f model.Filter) bool { return f.Clause == "IO-LIST-TICKETS-61" })
}

// combinationOf is the clause about the filters together.
func combinationOf(q model.Question) string {
	for _, t := range slices.Concat(ticketPairs, fieldPairs) {
		if t.is(q) {
			return t.clause.ID
		}
	}
	return "IO-LIST-TICKETS-60"
}
