// Package clause turns the words of the contract into a catalogue: every
// clause a target can be judged by, with its id, level, source page and what
// judging it needs.
package clause

import "slices"

// Level says how firmly the documentation stands behind a clause.
type Level string

// The levels of a clause.
const (
	Strict  Level = "strict"  // the documentation says it in words
	Lenient Level = "lenient" // inferred or partly documented; judged with a tolerance
)

// API names a vendor's API.
type API string

// The APIs of the catalogue.
const (
	InboxOps   API = "inboxops"
	AppHandoff API = "apphandoff"
)

// Clause is one sentence of the contract that a target keeps or breaks.
type Clause struct {
	ID         string   `json:"id"`
	Words      string   `json:"words"`
	Level      Level    `json:"level"`
	Group      string   `json:"group"` // the file of its scenario
	API        API      `json:"api"`
	Operations []string `json:"operations"` // operationIds of the OpenAPI document
	Source     string   `json:"source"`     // file of the source page
	Page       string   `json:"page"`       // address of the source page
	Also       []string `json:"also,omitempty"`
	Needs      []Need   `json:"needs"`
	// Unjudgeable is the reason why no scenario can judge the clause from outside.
	Unjudgeable string `json:"unjudgeable,omitempty"`
}

// Needing reports whether judging the clause needs n.
func (c Clause) Needing(n Need) bool { return slices.Contains(c.Needs, n) }

// Group is a run of clauses about one thing; its scenarios share a file.
type Group struct {
	Name  string
	Title string
}

// All returns the catalogue in its order.
func All() []Clause {
	var all []Clause
	for _, g := range groups {
		for _, c := range g.clauses {
			c.Group = g.name
			all = append(all, c)
		}
	}
	return all
}

// Groups returns the groups in the order of the catalogue.
func Groups() []Group {
	var all []Group
	for _, g := range groups {
		all = append(all, Group{Name: g.name, Title: g.title})
	}
	return all
}

// ByID returns the clause with the id.
func ByID(id string) (Clause, bool) {
	for _, c := range All() {
		if c.ID == id {
			return c, true
		}
	}
	return Clause{}, false
}

// group is the literal form of a Group with its clauses.
type group struct {
	name    string
	title   string
	clauses []Clause
}

var groups = []group{
	auth, errorBodies, rateLimit, ticketList, customFields, ticketRow, messageList, internalNote, appHandoff,
}

// origin is the operation a clause speaks of and the page that says so.
type origin struct {
	api       API
	operation string
	source    string
	page      string
}

const (
	inboxOpsPages = "https://docs.inboxops.app/api-reference/"
	problems      = "https://docs.inboxops.app/api/problems"
)

var (
	listTickets = origin{
		api: InboxOps, operation: "listTickets", source: "002_9490516a7a171d4b.txt", page: inboxOpsPages + "get-tickets",
	}
	listMessages = origin{
		api: InboxOps, operation: "listTicketMessages", source: "000_43b3d198d88c4878.txt", page: inboxOpsPages + "get-tickets-id-messages",
	}
	addNote = origin{
		api: InboxOps, operation: "addInternalNote", source: "003_c7c012f0d9301a3c.txt", page: inboxOpsPages + "post-tickets-id-messages",
	}
	handoffMessages = origin{
		api: AppHandoff, operation: "listTicketMessages", source: "001_a0b006c4966007bd.txt",
		page: "https://apphandoff.com/docs/api/operations/listticketmessages/",
	}
)

// strict makes a clause the documentation says in words.
func strict(id string, from origin, words string, needs ...Need) Clause {
	return newClause(id, Strict, from, words, needs)
}

// lenient makes a clause that is judged with a tolerance.
func lenient(id string, from origin, words string, needs ...Need) Clause {
	return newClause(id, Lenient, from, words, needs)
}

func newClause(id string, level Level, from origin, words string, needs []Need) Clause {
	base := []Need{Key}
	if from.api == AppHandoff {
		base = []Need{HandoffKey, HandoffTicket}
	}
	return Clause{
		ID: id, Words: words, Level: level, API: from.api, Operations: []string{from.operation},
		Source: from.source, Page: from.page, Needs: append(base, needs...),
	}
}

// also names a further page the clause rests on.
func (c Clause) also(page string) Clause {
	c.Also = append(c.Also, page)
	return c
}

// on names the operations of a clause that speaks of several.
func (c Clause) on(operations ...string) Clause {
	c.Operations = operations
	return c
}
