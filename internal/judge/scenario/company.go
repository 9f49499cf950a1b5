package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// What is refused alone must be refused in company: filtered, sorted, on a
// later page, by the number of the ticket and, if the key is the reason, by
// every operation. A failure breaks the clause that was judged by the request
// alone.

// refusal is a request that was refused, in company.
type refusal struct {
	clause string
	// orNothing says that the contract lets the target find nothing instead.
	orNothing bool
	alone     *target.Exchange
	method    string
	path      string   // below the base of the API
	with      []string // what the query has besides
}

// Within reports whether another request has the same reason to be refused and
// includes all the company of this one.
func (r refusal) Within(other refusal) bool {
	return r.alone == other.alone && r.method == other.method && (r.path == other.path || r.path == below(other.alone)) &&
		!slices.ContainsFunc(r.with, func(w string) bool { return !slices.Contains(other.with, w) })
}

// smaller returns the requests with less company.
func (r refusal) smaller() []refusal {
	var out []refusal
	for i := range r.with {
		less := r
		less.with = slices.Delete(slices.Clone(r.with), i, i+1)
		if len(less.with) > 0 || less.method != r.alone.Method || less.path != below(r.alone) {
			out = append(out, less)
		}
	}
	return out
}

// refused remembers that the last answer is a refusal that the clause asks for.
func (s *Session) refused() { s.remember(refusal{}) }

// refusedOrEmpty is refused for requests to which the target may find nothing
// instead.
func (s *Session) refusedOrEmpty() {
	if s.roomy() {
		s.remember(refusal{orNothing: true})
	}
}

func (s *Session) remember(r refusal) {
	e := s.tape.Last()
	if e == nil || e.Method != http.MethodGet || e.Status == http.StatusTooManyRequests || e.Header.Get("Prefer") != "" {
		return
	}
	if e.Status/100 != 4 && !(r.orNothing && e.Status == http.StatusOK) {
		return
	}
	name, _, _ := strings.Cut(queryOf(e), "=")
	for _, known := range s.env.refused {
		other, _, _ := strings.Cut(queryOf(known.alone), "=")
		if (known.clause == s.clause || !s.roomy()) && below(known.alone) == below(e) && other == name && (name != "" || known.alone.Header.Get("Authorization") == e.Header.Get("Authorization")) {
			return // one request of a clause for each parameter will do
		}
	}
	r.clause, r.alone, r.method, r.path = s.clause, e, e.Method, below(e)
	s.env.refused = append(s.env.refused, r)
}

// company asks for refusals in company, or for those that were answered wrongly
// in the previous epoch.
func (s *Session) company(api clause.API) {
	plan, again := s.env.companions[api], s.env.companions[api] != nil
	rounds, had := uint64(1), companies{}
	if c := s.env.combined; c != nil && len(c.asked) > 0 && s.roomy() {
		rounds = mostRounds
	}
	for round := uint64(1); !again && round <= rounds; round++ {
		plan = append(plan, s.accompanied(api, round, had)...)
	}
	c := &inquiry[refusal]{}
	inquire(s, c, plan, again, inquirer[refusal]{
		put:     func(r refusal) { s.accompany(r) },
		differ:  func(r refusal) *model.Difference { return s.taken(r, s.accompany(r)) },
		smaller: refusal.smaller,
		blame:   func(r refusal, _ *model.Difference) []string { return []string{r.clause} },
		spare:   map[clause.API]int{clause.InboxOps: s.lookingBack() + s.companyOf(clause.AppHandoff), clause.AppHandoff: few + (s.lookingBack()-backward)/2}[api],
	})
	s.env.companions[api] = c.suspects
	c.tell(s, func(string) bool { return false })
}

// accompany sends a refused request in company.
func (s *Session) accompany(r refusal) *target.Exchange {
	query := strings.Join(append(slices.Clone(r.with), queryOf(r.alone)), "&")
	header, body := http.Header{"Authorization": r.alone.Header["Authorization"]}, []byte(nil)
	if r.method == http.MethodPost {
		header.Set("Content-Type", jsonMedia)
		body = []byte(s.noteJSON())
	}
	return s.send(keyless(r.alone.API), r.method, r.path, strings.TrimSuffix(query, "&"), header, body)
}

// taken returns how the answer in company differs from that to the request
// alone, nil when both refuse for the same reason.
func (s *Session) taken(r refusal, e *target.Exchange) *model.Difference {
	name := s.name(e)
	switch {
	case r.method == http.MethodHead:
		if e.Status/100 == 2 {
			return &model.Difference{Sort: model.Refused, Path: "status of " + name, Expected: "a refusal", Actual: fmt.Sprint(e.Status)}
		}
		return nil
	case r.orNothing && e.Status == http.StatusOK && !alike(r, e):
		return &model.Difference{Sort: model.Foreign, Path: "data of " + name, Expected: "none, or a refusal, as of " + s.name(r.alone), Actual: "tickets"}
	case !alike(r, e):
		return &model.Difference{Sort: model.Refused, Path: "status of " + name, Expected: fmt.Sprintf("%d, as of %s", r.alone.Status, s.name(r.alone)), Actual: fmt.Sprint(e.Status)}
	case r.alone.Status != e.Status || r.orNothing:
		return nil
	}
	for _, said := range []struct{ what, alone, now string }{
		{"Content-Type", mediaOf(r.alone), mediaOf(e)}, {"code", codeIn(r.alone), codeIn(e)},
	} {
		if said.alone != said.now {
			return &model.Difference{Sort: model.Altered, Path: said.what + " of " + name, Expected: said.alone + ", as of " + s.name(r.alone), Actual: said.now}
		}
	}
	return nil
}

// alike reports whether a status may refuse for the same reason as the answer
// to the request alone: no page says in which order a target checks.
func alike(r refusal, e *target.Exchange) bool {
	was, is := r.alone.Status, e.Status
	switch {
	case r.orNothing && is == http.StatusOK:
		rows, _, err := survey.List(e, "data")
		return err == nil && len(rows) == 0
	case was == is:
		return true
	case r.orNothing:
		return is/100 == 4 && is != http.StatusUnauthorized
	case r.alone.API == clause.AppHandoff && is/100 == 4: // the pages leave the choice
		return slices.Contains(refusals, was) && slices.Contains(refusals, is) || was != http.StatusUnauthorized && is != http.StatusUnauthorized
	case r.path != below(r.alone) && was == http.StatusForbidden:
		return is == http.StatusNotFound // the ticket belongs to another workspace
	default:
		return was == http.StatusUnauthorized && is == http.StatusBadRequest && strings.Contains(r.alone.URL, "api_key=")
	}
}

// codeIn is the code of an error, as JSON, or "none".
func codeIn(e *target.Exchange) string {
	if code := objectOf(e)["code"]; code != nil {
		return text(code)
	}
	return "none"
}
