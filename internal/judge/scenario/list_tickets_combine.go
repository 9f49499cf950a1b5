package scenario

import (
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/model"
)

var ticketPairs = []topic[model.Question]{
	{
		strict("IO-LIST-TICKETS-09", listTickets, "query is ANDed with another filter (status)."),
		"word with a status", with("search", "status"),
	},
	{
		strict("IO-LIST-TICKETS-10", listTickets, "query is ANDed with a custom-field filter.", clause.CustomFields),
		"word with a custom field", with("search", fields),
	},
	{
		strict("IO-LIST-TICKETS-37", listTickets, "created_after with created_before gives the interval."),
		"interval of created_at", interval,
	},
	{
		strict("IO-LIST-TICKETS-42", listTickets, "Filters of different parameters combine with AND."),
		"pair of filters that rows show", shownPair,
	},
}

var ticketQuestions = []topic[model.Question]{
	{
		strict("IO-LIST-TICKETS-60", listTickets, "Two or more filters together, search, tags, custom fields, __unassigned__ and __empty__ included, give exactly what each of them gives alone."),
		"pair of filters that tell tickets apart", func(q model.Question) bool { return len(q.Filters) > 1 },
	},
	{
		strict("IO-LIST-TICKETS-58", listTickets, "On every page of a list, the third and later ones included, each row satisfies every filter and the order goes on where the page before ended."),
		"page of a filtered list but the first", func(q model.Question) bool { return q.Page > 1 },
	},
	{
		lenient("IO-LIST-TICKETS-59", listTickets, "meta.total is the same on every page of a query and equals the rows counted over its pages, under any filter, search or custom field."),
		"filtered list", func(q model.Question) bool { return len(q.Filters) > 0 },
	},
	{
		strict("IO-LIST-TICKETS-61", listTickets, "A list of three statuses is the union of the three."),
		"list of three statuses", threeStatuses,
	},
}

// listTopics returns all topics, those of particular pairs before that of any
// pair.
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

// with is the condition that there are filters of those families.
func with(of ...string) func(model.Question) bool {
	return func(q model.Question) bool {
		left := strings.Fields(families(q))
		return !slices.ContainsFunc(of, func(family string) bool {
			i := slices.Index(left, family)
			if i >= 0 {
				left = slices.Delete(left, i, i+1)
			}
			return i < 0
		})
	}
}

// interval reports whether both bounds of created_at are asked for, one of
// them perhaps by the window.
func interval(q model.Question) bool {
	after, before := with("created_after")(q), with("created_before")(q)
	return after && before || q.Window != "" && (after || before)
}

// revealed counts the filters for which each row shows whether it satisfies
// them.
func revealed(q model.Question) int {
	return len(only(q.Filters, func(f model.Filter) bool { return f.Keep != nil && !f.Joined }))
}

// shownPair reports whether there are two filters for which each row shows
// whether it satisfies them.
func shownPair(q model.Question) bool { return revealed(q) > 1 }

// fieldAndShown reports whether there are a custom field and a filter for which
// each row shows whether it satisfies it.
func fieldAndShown(q model.Question) bool { return revealed(q) > 0 && with(fields)(q) }

// threeStatuses reports whether a list of three statuses or more is asked for.
func threeStatuses(q model.Question) bool {
	return slices.ContainsFunc(q.Filters, func(f model.Filter) bool { return f.Clause == "IO-LIST-TICKETS-61" })
}

// combinationOf is the clause about exactly the filters together.
func combinationOf(q model.Question) string {
	of := families(q)
	switch {
	case len(q.Filters) == 1 || of == "created_after created_before":
		return "IO-LIST-TICKETS-37" // with the window
	case len(q.Filters) > 2:
		return "IO-LIST-TICKETS-60"
	case shownPair(q):
		return "IO-LIST-TICKETS-42"
	case of == "search status":
		return "IO-LIST-TICKETS-09"
	case of == "field search":
		return "IO-LIST-TICKETS-10"
	case of == "field field":
		return "IO-CF-02"
	case fieldAndShown(q):
		return "IO-CF-03"
	default:
		return "IO-LIST-TICKETS-60"
	}
}
