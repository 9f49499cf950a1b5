package scenario

import (
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
)

const (
	inboxOpsPages = "https://docs.inboxops.app/api-reference/"
	problems      = "https://docs.inboxops.app/api/problems"
)

// What the clauses about an operation have in common: the page that says so,
// and what judging any of them needs.
var (
	listTickets = clause.Clause{
		API: clause.InboxOps, Operations: []string{"listTickets"}, Needs: []clause.Need{clause.Key},
		Source: "002_9490516a7a171d4b.txt", Page: inboxOpsPages + "get-tickets",
	}
	listMessages = clause.Clause{
		API: clause.InboxOps, Operations: []string{"listTicketMessages"}, Needs: []clause.Need{clause.Key},
		Source: "000_43b3d198d88c4878.txt", Page: inboxOpsPages + "get-tickets-id-messages",
	}
	addNote = clause.Clause{
		API: clause.InboxOps, Operations: []string{"addInternalNote"}, Needs: []clause.Need{clause.Key},
		Source: "003_c7c012f0d9301a3c.txt", Page: inboxOpsPages + "post-tickets-id-messages",
	}
	handoffMessages = clause.Clause{
		API: clause.AppHandoff, Operations: []string{"listTicketMessages"}, Needs: []clause.Need{clause.HandoffKey, clause.HandoffTicket},
		Source: "001_a0b006c4966007bd.txt", Page: "https://apphandoff.com/docs/api/operations/listticketmessages/",
	}
)

// strict makes a clause the documentation says in words.
func strict(id string, origin clause.Clause, words string, needs ...clause.Need) clause.Clause {
	origin.ID, origin.Level, origin.Words, origin.Needs = id, clause.Strict, words, slices.Concat(origin.Needs, needs)
	return origin
}

// lenient makes a clause that is judged with a tolerance.
func lenient(id string, origin clause.Clause, words string, needs ...clause.Need) clause.Clause {
	c := strict(id, origin, words, needs...)
	c.Level = clause.Lenient
	return c
}

// also names a further page that clauses rest on.
func also(origin clause.Clause, page string) clause.Clause {
	origin.Also = []string{page}
	return origin
}

// on names the operations of clauses that speak of several.
func on(origin clause.Clause, operations ...string) clause.Clause {
	origin.Operations = operations
	return origin
}
