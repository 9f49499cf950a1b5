package conformance

import (
	"net/http"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// Keys are the secrets of the callers; one that is missing or empty is not
// known.
type Keys = target.Keys

// Caller says whose key a request is sent with.
type Caller = target.Who

// The callers of InboxOps.
const (
	ReadWrite  = target.ReadWrite
	ReadOnly   = target.ReadOnly
	Revoked    = target.Revoked
	Unentitled = target.Unentitled // of a workspace without API access
	Limited    = target.Limited    // may be driven into its rate limit
)

// The callers of AppHandoff.
const (
	Member        = target.Member
	Outsider      = target.Outsider // member of none of the known projects
	MemberRevoked = target.MemberRevoked
	MemberLimited = target.MemberLimited // may be driven into its rate limit
	Reconnect     = target.Reconnect     // refused until GitHub is linked again
)

// Facts are what the API of a target does not reveal.
type Facts = facts.Facts

// ParseFacts reads facts in the form of a mockdesk server's catalog, any part of
// which may be missing.
func ParseFacts(text []byte) (*Facts, error) { return facts.Parse(text) }

// Clause is one sentence of the contract that a target keeps or breaks.
type Clause = clause.Clause

// Clauses returns the catalogue in its order.
func Clauses() []Clause {
	var all []Clause
	for _, s := range scenario.All() {
		all = append(all, s.Clause)
	}
	return all
}

// The APIs, and the levels of a clause.
const (
	InboxOps   = clause.InboxOps
	AppHandoff = clause.AppHandoff

	Strict  = clause.Strict  // the documentation says it in words
	Lenient = clause.Lenient // inferred or partly documented; judged with a tolerance
)

// How the judgement of a clause may end.
const (
	Pass   = scenario.Pass
	Fail   = scenario.Fail
	Skip   = scenario.Skip   // something needed to judge is missing
	Broke  = scenario.Error  // the judge or the connection broke
	NotRun = scenario.NotRun // the run ended before its turn
)

// DefaultMaxRequests is how many requests a run sends at most.
const DefaultMaxRequests = target.DefaultMaxRequests

// DefaultRequestTimeout is how long a run waits for an answer.
const DefaultRequestTimeout = target.DefaultRequestTimeout

// Handler returns a Transport that asks a handler in memory.
func Handler(h http.Handler) http.RoundTripper { return target.Handler(h) }
