package scenario

import (
	"net/http"

	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// Dialect is a form of InboxOps error bodies. The documentation's prose and
// its samples contradict each other; a target may speak either.
type Dialect string

// The dialects.
const (
	Problem   Dialect = "problem" // Problem Details with a string code
	Sample    Dialect = "sample"  // error, message and an integer code
	NoDialect Dialect = "neither" // no JSON object
)

// NobodyTicket is a UUID that no ticket has.
const NobodyTicket = "00000000-0000-4000-8000-00000000dead"

// Dialect is the form the target's errors have, or should have when the user
// pinned it.
func (s *Session) Dialect() Dialect {
	if s.env.ErrorFormat != "" {
		return Dialect(s.env.ErrorFormat)
	}
	if s.env.dialect != "" {
		return s.env.dialect
	}
	votes := map[Dialect]int{}
	for _, e := range s.faulty(readFaults, "") {
		votes[dialectOf(e)]++
	}
	best := NoDialect
	for _, d := range []Dialect{Problem, Sample} {
		if votes[d] > 0 && votes[d] >= votes[best] {
			best = d
		}
	}
	s.env.dialect = best
	return best
}

// Detected is the dialect that scenarios found, "" when none asked.
func (e *Env) Detected() Dialect { return e.dialect }

// dialectOf tells the dialect of one error.
func dialectOf(e *target.Exchange) Dialect {
	object := objectOf(e)
	if object == nil {
		return NoDialect
	}
	_, named := object["error"].(string)
	_, typed := object["type"].(string)
	_, coded := object["code"].(string)
	if mediaOf(e) == "application/problem+json" || typed || coded && !named {
		return Problem
	}
	return Sample // the form that the pages print; IO-ERR-06 judges what the object lacks of it
}

// fault is a request with exactly one thing wrong.
type fault struct {
	who    target.Who
	path   string
	query  string
	status int // what the contract answers
}

// readFaults need no ticket and no key but the main one.
var readFaults = []fault{
	{target.Nobody, "/tickets", "", http.StatusUnauthorized},
	{target.ReadWrite, "/tickets", "created_after=not-a-date", http.StatusBadRequest},
	{target.ReadWrite, timelinePath(NobodyTicket), "", http.StatusNotFound},
}

// fault sends the request, with a Prefer header if one is given, and returns
// the answer if it is a 4xx.
func (s *Session) fault(f fault, prefer string) *target.Exchange {
	return refusedBy(s.send(f.who, http.MethodGet, f.path, f.query, http.Header{"Prefer": {prefer}}, nil))
}

// faulty are the 4xx answers to some faults.
func (s *Session) faulty(faults []fault, prefer string) []*target.Exchange {
	var out []*target.Exchange
	for _, f := range faults {
		if e := s.fault(f, prefer); e != nil {
			out = append(out, e)
		}
	}
	return out
}

// refusedBy is the answer if it is a 4xx, else nil.
func refusedBy(e *target.Exchange) *target.Exchange {
	if e.Status/100 == 4 {
		return e
	}
	return nil
}

// problemCode asserts that a refusal carries the problem code. It ends the
// scenario with a skip when the target's errors have none.
func (s *Session) problemCode(e *target.Exchange, code string) {
	if d := s.Dialect(); d != Problem {
		s.Skip("the target's errors carry no problem code: their form is "+string(d), "--error-format problem demands it")
	}
	object := objectOf(e)
	if object == nil {
		s.assert(false, "body", "a JSON object with code "+code, string(e.ResponseBody), e)
		return
	}
	actual := member(object, "code")
	s.assert(actual == code, "code", code, actual, e)
}
