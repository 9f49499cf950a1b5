package scenario

import (
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/model"
)

// question is a request of a plan.
type question[Q any] interface {
	// Within reports whether another question asks for everything that this one
	// asks for: a larger question, whose answer is wrong for the same reason.
	Within(other Q) bool
}

// inquiry is what planned questions brought to light.
type inquiry[Q question[Q]] struct {
	asked []Q
	found []discrepancy[Q]
	// suspects are the questions that were answered wrongly, to be asked again.
	suspects []Q
	unasked  bool // a suspect of the previous epoch could not be asked
}

// discrepancy is a wrong answer to a question that cannot be made simpler.
type discrepancy[Q any] struct {
	Failure
	question Q
	told     bool
}

// inquirer asks the questions of an inquiry.
type inquirer[Q any] struct {
	put     func(Q)                   // asks, or remembers
	differ  func(Q) *model.Difference // what is wrong with the answer, nil for nothing
	smaller func(Q) []Q               // the questions that ask for one thing less
	blame   func(Q, *model.Difference) []string
	spare   int // requests that have to be left for a question to be asked
	// enough reports whether that many questions are enough; nil means that all
	// are asked.
	enough func(asked int) bool
}

// mostCauses bounds the wrong answers that are looked into.
const mostCauses = 6

// inquire asks the questions. Those that are asked again are few, and all of
// them must be asked.
func inquire[Q question[Q]](s *Session, c *inquiry[Q], plan []Q, again bool, by inquirer[Q]) {
	for _, q := range plan {
		if !again && (s.env.Client.Left() < by.spare || s.tape.Late()) || len(c.found) >= mostCauses {
			break
		}
		if by.enough != nil && by.enough(len(c.asked)) {
			break
		}
		c.asked = append(c.asked, q)
		d := by.differ(q)
		if d == nil || c.explains(q) {
			continue
		}
		for smaller := true; smaller; {
			smaller = false
			for _, less := range by.smaller(q) {
				if s.env.Client.Left() < by.spare/2 || s.tape.Late() {
					break
				}
				if e := by.differ(less); e != nil {
					q, d, smaller = less, e, true
					break
				}
			}
		}
		if c.explains(q) {
			continue
		}
		by.put(q) // from memory: the last exchange is evidence
		for _, id := range by.blame(q, d) {
			c.found = append(c.found, discrepancy[Q]{question: q, Failure: Failure{
				Blame: id, Path: d.Path, Expected: d.Expected, Actual: d.Actual, Exchange: s.Last(),
				Message: "the smallest of the planned questions that is answered so",
			}})
		}
		c.suspects = append(c.suspects, q)
	}
}

// explains reports whether a simpler question was answered wrongly.
func (c *inquiry[Q]) explains(q Q) bool {
	return slices.ContainsFunc(c.found, func(d discrepancy[Q]) bool { return d.question.Within(q) })
}

// tell turns wrong answers into failures of the scenario: those of its own
// clause, and those of clauses that are not judged by planned questions.
func (c *inquiry[Q]) tell(s *Session, isPlanned func(id string) bool) {
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

// topic is what a clause says of some planned questions.
type topic[Q question[Q]] struct {
	clause clause.Clause
	what   string // those questions
	is     func(Q) bool
}

// hearing is what the scenarios of topics share.
type hearing[Q question[Q]] struct {
	of      func(*Session) *inquiry[Q]
	planned func(id string) bool // whether a clause is judged by planned questions alone
	unlock  string               // what would let questions be asked
	late    bool
}

// judge turns topics into scenarios.
func (h hearing[Q]) judge(topics []topic[Q]) []Scenario {
	var out []Scenario
	for _, t := range topics {
		out = append(out, Scenario{Clause: t.clause, Late: h.late, Run: func(s *Session) {
			c := h.of(s)
			for _, q := range c.asked {
				if t.is(q) {
					s.asserts++
				}
			}
			c.tell(s, h.planned)
			if s.asserts == 0 && !s.Failed() {
				s.Skip("no "+t.what+" could be asked for", h.unlock)
			}
			s.sent++ // by the first of the scenarios that share the questions
		}})
	}
	return out
}

// about reports whether a clause is that of one of the topics.
func about[Q question[Q]](topics []topic[Q]) func(id string) bool {
	return func(id string) bool {
		return slices.ContainsFunc(topics, func(t topic[Q]) bool { return t.clause.ID == id })
	}
}
