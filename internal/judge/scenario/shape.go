package scenario

import (
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// shape judges rows by the OpenAPI document, against which every answer is
// checked as it comes; Owner says which violations belong to the clause.
// members are those that a row may lack; it skips when no row has any of them.
func shape(what string, of func(*Session) []survey.Row, members ...string) func(*Session) {
	return func(s *Session) {
		rows := of(s)
		looked := map[*target.Exchange]bool{}
		for _, r := range rows {
			if s.asserts++; !looked[r.From] {
				looked[r.From] = true
				s.owned(r.From)
			}
		}
		var lacking []string
		for _, name := range members {
			if len(survey.Values(rows, name)) == 0 {
				lacking = append(lacking, name)
			}
		}
		list := strings.Join(lacking, ", ")
		switch {
		case s.Failed() || list == "":
		case len(lacking) == len(members):
			s.Skip("no "+what+" that was looked at has "+list, "a workspace with a "+what+" that has "+list)
		default:
			s.Remark("No %s that was looked at has %s.", what, list)
		}
	}
}

// owned turns the violations of an answer that break the clause into failures.
func (s *Session) owned(e *target.Exchange) {
	for _, v := range e.Violations {
		if Owner(e, v) == s.clause {
			s.fail(Failure{Path: v.Where, Message: "against the OpenAPI document: " + v.String(), Exchange: e})
		}
	}
}

// lookedAtSome skips when nothing was asserted because no row was fit for it.
func (s *Session) lookedAtSome(missing string) {
	s.SkipUnlessAsserted("no "+missing, "a workspace where a "+missing)
}
