// Package clause defines a clause of the contract: words by which a target can
// be judged, with an id, a level, the source page and what judging needs. The
// clauses themselves stand in the package scenario, each with its judgement.
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
}

// id returns the id that Select matches.
func (c Clause) id() string { return c.ID }

// Needing reports whether judging the clause needs n.
func (c Clause) Needing(n Need) bool { return slices.Contains(c.Needs, n) }
