package scenario

import (
	"net/http"
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// planned returns the scenarios that ask planned questions about the list. What
// each filter, order and page gave alone says what any combination of them must
// give.
func planned(topics []topic[model.Question]) []Scenario {
	return hearing[model.Question]{(*Session).combinations, isPlanned, "a workspace with more tickets that differ", true}.judge(topics)
}

// isPlanned reports whether a clause is judged by planned questions alone.
func isPlanned(id string) bool { return id == "IO-TICKET-18" || about(listTopics())(id) }

// combinations is what planned questions of the list brought to light.
type combinations = inquiry[model.Question]

const (
	// mostQuestions bounds a plan.
	mostQuestions = 500
	// mostAlive bounds it when tickets change during the run, because each
	// question then takes several requests.
	mostAlive = 100
	// fewTickets is how many tickets are needed to combine anything.
	fewTickets = 8
)

// combinations asks the planned questions, or those that were answered wrongly
// in the previous epoch, once per epoch.
func (s *Session) combinations() *combinations {
	if s.env.combined != nil {
		return s.env.combined
	}
	space := s.space(s.env.suspects)
	s.env.combined = s.pose(space, s.env.suspects, s.keptBack(), func() []model.Question {
		s.env.working = space.Filters
		n := s.env.Client.Left() - s.keptBack()
		if s.roomy() {
			n -= forMore
		}
		return append(space.bounds(), space.Plan(s.env.Seed, min(mostQuestions, max(n, fewRequests)))...)
	})
	s.env.suspects, s.env.space = s.env.combined.suspects, space
	return s.env.combined
}

// pose asks the questions of a plan, or the suspects again if there are some, as
// long as more than spare requests are left.
func (s *Session) pose(space *space, suspects []model.Question, spare int, plan func() []model.Question) *combinations {
	c := &combinations{found: space.broken}
	for _, d := range space.broken {
		c.asked, c.suspects = append(c.asked, d.question), append(c.suspects, d.question)
	}
	again, wanted := suspects != nil, suspects
	if !again && len(space.Sorts) > 0 {
		wanted = plan()
	}
	var known []model.Question
	for _, q := range wanted {
		if q, ok := space.Renew(q); ok {
			known = append(known, q)
		} else {
			c.unasked = c.unasked || again
		}
	}
	inquire(s, c, known, again, inquirer[model.Question]{
		put:     func(q model.Question) { s.put(q) },
		differ:  space.differ,
		smaller: func(q model.Question) []model.Question { return q.Without(space.Size) },
		blame:   func(q model.Question, d *model.Difference) []string { return []string{blamed(q, d)} },
		spare:   spare,
		enough:  func(asked int) bool { return space.alive && asked >= mostAlive },
	})
	for i, f := range c.found {
		c.found[i].Concerns = f.question.Concerns
	}
	return c
}

// put asks a question.
func (s *Session) put(q model.Question) model.Answer {
	rows, meta, status := s.peekMeta(q.Raw())
	return model.Answer{Status: status, Rows: rows, Total: whole(meta, "total"), Page: whole(meta, "page"), Size: whole(meta, "per_page")}
}

// blamed returns the clause that a wrong answer to the smallest question
// breaks.
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
	case len(q.Filters) > 1 || q.Window != "" && interval(q):
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

// learned reads pages, at most most, until every ticket that a question finds
// was seen; ok is false when the answer does not add up, if there are rows to
// meta.total.
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
