package scenario

import (
	"net/http"
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// planned are the scenarios that ask planned questions: what each filter, order
// and page gave alone says what any combination of them must give.
func planned(kinds []questionKind) []Scenario {
	var out []Scenario
	for _, k := range kinds {
		out = append(out, k.scenario())
	}
	return out
}

// scenario judges the clause by the questions that are about it.
func (k questionKind) scenario() Scenario {
	return Scenario{Clause: k.clause, Late: true, Run: func(s *Session) {
		c := s.combinations()
		for _, q := range c.asked {
			if k.is(q) {
				s.asserts++
			}
		}
		s.take(c)
		if s.asserts == 0 && len(s.failures) == 0 {
			s.Skip("no "+k.what+" could be asked for", "a workspace with more tickets that differ")
		}
		s.sent++ // by the first of the scenarios that share the questions
	}}
}

// take makes wrong answers failures of the scenario: those of its clause, and
// those of clauses that no planned question is asked for.
func (s *Session) take(c *combinations) {
	s.usedData = true // by whichever scenario asked
	for i := range c.found {
		f := &c.found[i]
		if f.Blame != s.clause && (isPlanned(f.Blame) || f.told) {
			continue
		}
		f.told = true
		if s.tape.Last() != f.Exchange {
			s.tape.Adopt(f.Exchange)
		}
		s.fail(f.Failure)
	}
	if c.unasked && !s.Failed() {
		s.Skip("what was answered wrongly could not be asked again", "")
	}
}

// isPlanned reports whether a clause is judged by planned questions alone.
func isPlanned(id string) bool {
	return id == "IO-TICKET-18" || slices.ContainsFunc(questionKinds, func(k questionKind) bool { return k.clause.ID == id })
}

// combinations is what planned questions brought to light.
type combinations struct {
	asked []model.Question
	found []discrepancy
	// suspects are the questions that were answered wrongly, to be asked again.
	suspects []model.Question
	unasked  bool // one of those of the epoch before could not be asked
}

// discrepancy is a wrong answer to a question that cannot be made simpler.
type discrepancy struct {
	Failure
	question model.Question
	told     bool
}

const (
	// mostQuestions bounds a plan.
	mostQuestions = 90
	// mostCauses bounds the wrong answers that are looked into.
	mostCauses = 6
	// fewTickets is how many tickets are needed to combine anything.
	fewTickets = 8
)

// combinations asks the planned questions, or those that were answered wrongly
// in the epoch before, once an epoch.
func (s *Session) combinations() *combinations {
	if s.env.combined != nil {
		return s.env.combined
	}
	space := s.space(s.env.suspects)
	c := &combinations{found: space.broken}
	for _, d := range space.broken {
		c.asked, c.suspects = append(c.asked, d.question), append(c.suspects, d.question)
	}
	plan := s.env.suspects
	if plan == nil {
		plan = space.Plan(s.env.Seed, mostQuestions)
	}
	again := s.env.suspects != nil // which are few, and have to be asked
	for _, q := range plan {
		if !again && s.env.Client.Left() < s.keptBack() || len(c.found) >= mostCauses {
			break
		}
		q, ok := space.Renew(q)
		if !ok {
			c.unasked = c.unasked || again
			continue
		}
		c.asked = append(c.asked, q)
		if d := space.differ(q); d != nil && !c.explains(q) {
			smallest, d := s.shrink(space, q, d)
			c.blame(smallest, d, s.Last())
			c.suspects = append(c.suspects, smallest)
		}
	}
	s.env.combined, s.env.suspects = c, c.suspects
	return c
}

// keptBack is how many requests are left to the scenarios that come later.
func (s *Session) keptBack() int {
	const others, values, writes, burst, handoffBurst = 7, 9, 73, 13, 10
	n := others
	if !s.many() {
		n += values
	}
	if s.env.Write {
		n += writes
	}
	if s.env.Burst > 0 || s.Has(target.Limited) {
		n += burst
	}
	if s.env.Burst > 0 || s.Has(target.MemberLimited) {
		n += handoffBurst
	}
	return n
}

// put asks a question.
func (s *Session) put(q model.Question) model.Answer {
	rows, meta, status := s.peekMeta(q.Raw())
	return model.Answer{Status: status, Rows: rows, Total: whole(meta, "total"), Page: whole(meta, "page"), Size: whole(meta, "per_page")}
}

// explains reports whether a simpler question was answered wrongly.
func (c *combinations) explains(q model.Question) bool {
	return slices.ContainsFunc(c.found, func(d discrepancy) bool { return d.question.Within(q) })
}

// shrink drops parts of a question while its answer stays wrong, and leaves
// the exchange of the smallest one behind.
func (s *Session) shrink(space *space, q model.Question, d *model.Difference) (model.Question, *model.Difference) {
	for smaller := true; smaller; {
		smaller = false
		for _, less := range q.Without(space.Size) {
			if s.env.Client.Left() < s.keptBack()/2 {
				break
			}
			if e := space.differ(less); e != nil {
				q, d, smaller = less, e, true
				break
			}
		}
	}
	s.put(q) // from memory: the last exchange is evidence
	return q, d
}

// blame records a wrong answer under the clause it breaks.
func (c *combinations) blame(q model.Question, d *model.Difference, from *target.Exchange) {
	c.found = append(c.found, discrepancy{question: q, Failure: Failure{
		Blame: blamed(q, d), Path: d.Path, Expected: d.Expected, Actual: d.Actual, Exchange: from, Concerns: q.Concerns,
		Message: "the smallest of the planned questions that is answered so",
	}})
}

// blamed is the clause that a wrong answer to the smallest question breaks.
func blamed(q model.Question, d *model.Difference) string {
	switch {
	case d.Sort == model.Altered && slices.ContainsFunc(q.Filters, func(f model.Filter) bool { return f.Query == unassigned }):
		return "IO-LIST-TICKETS-27"
	case d.Sort == model.Altered:
		return "IO-TICKET-18"
	case d.Sort == model.Total:
		return "IO-LIST-TICKETS-59"
	case d.Sort == model.Echo:
		return "IO-LIST-TICKETS-52"
	case q.Page > 1:
		return "IO-LIST-TICKETS-58"
	case len(q.Filters) > 1 || interval(q):
		return combinationOf(q)
	case d.Sort == model.Order || len(q.Filters) == 0:
		return map[string]string{
			"created_at asc": "IO-LIST-TICKETS-43", "created_at desc": "IO-LIST-TICKETS-44", "updated_at asc": "IO-LIST-TICKETS-45",
			"updated_at desc": "IO-LIST-TICKETS-45", "priority asc": "IO-LIST-TICKETS-46", "priority desc": "IO-LIST-TICKETS-46",
		}[q.Sort+" "+q.Order]
	default:
		return q.Filters[0].Clause
	}
}

// learned asks until every ticket that a question finds was seen, at most most
// pages; ok is false when the answer does not add up.
func (s *Session) learned(q model.Question, most int) (rows []survey.Row, ok bool) {
	seen := map[string]bool{}
	for q.Page = 1; q.Page <= most; q.Page++ {
		page := s.put(q)
		if page.Status != http.StatusOK {
			return nil, false
		}
		for _, r := range page.Rows {
			if seen[model.ID(r)] {
				return nil, false
			}
			seen[model.ID(r)] = true
		}
		rows = append(rows, page.Rows...)
		if int64(len(rows)) == page.Total || len(page.Rows) < q.Size {
			return rows, page.Total < 0 || int64(len(rows)) == page.Total
		}
	}
	return nil, false
}
