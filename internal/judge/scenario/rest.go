package scenario

import (
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/model"
)

// Rest asks further planned questions with the requests that are left once the
// limits were met, for which many had to be reserved. It is not a clause: wrong
// answers are held against the clauses that they break.
var Rest = Scenario{Clause: clause.Clause{API: clause.InboxOps, Needs: []clause.Need{clause.Key}}, Run: rest}

// fewFurther is how many questions are worth reading the list again for.
const fewFurther = 20

func rest(s *Session) {
	again := s.env.leftovers != nil
	kept := s.lookingBack() + s.companyOf(clause.InboxOps) + s.companyOf(clause.AppHandoff)
	kept += max(s.env.Client.Left()-kept, 0) / 3 // for refusals in other company
	n := min(mostQuestions, s.env.Client.Left()-kept)
	if !again && (!s.roomy() || n < fewFurther || s.env.space == nil) {
		s.Skip("no requests are left", "")
	}
	from := s.env.space
	if again {
		from = s.space(s.env.leftovers)
	} else {
		from.Session, from.broken = s, nil // what was broken is reported already
	}
	c := s.pose(from, s.env.leftovers, kept, func() []model.Question {
		return from.Further(s.env.Seed, s.env.combined.asked, n)
	})
	s.env.leftovers = c.suspects
	s.asserts += len(c.asked)
	c.tell(s, func(string) bool { return false })
}
