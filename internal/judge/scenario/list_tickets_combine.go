package scenario

import (
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
