package model

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Space is what questions are made of.
type Space struct {
	List    *List
	Filters []Filter // each works alone
	Neutral []Filter // and so do these, which all tickets satisfy
	Sorts   []string
	Size    int    // the page size of plain questions
	Sizes   []int  // page sizes that the target keeps to
	Single  bool   // and so is one row
	Window  string // see Question.Window
	Paged   bool   // pages but the first are right without filters
	Past    bool   // and so are those past the end
	// First are conditions that a plan meets first, as far as questions with
	// one or two filters can.
	First []func(Question) bool

	masks []mask // of the tickets that each filter holds
}

// Bounds of a plan.
const (
	mostFilters = 6   // of a question
	fewFilters  = 2   // of one that finds many tickets
	draws       = 80  // candidates that a question is picked from
	fewRows     = 3   // show an order
	surely      = 6   // large questions that few requests allow for
	mostPaired  = 140 // questions of a plan with many filters, and those that they leave out
	dry         = 4   // picks without anything new after which a plan is complete
)

// Plan returns at most n questions that together meet as many pairs of filters,
// orders, page sizes and pages as they can. Those that a short plan must not
// lack come first. The same seed gives the same plan.
func (s *Space) Plan(seed uint64, n int) []Question {
	random := rand.New(rand.NewPCG(seed, stream))
	s.hold()
	large := s.large(random, min(n, mostPaired)*2/3)
	sure := min(len(large), surely)
	plan := append(s.conditions(random, large[:sure]), large[:sure]...)
	plan = append(plan, s.leftOut(random, slices.Concat(plan, large))...)
	plan = append(plan, large[sure:]...)
	plan = append(plan, s.opposed(random, plan)...)
	single, turned := s.turned(random, plan)
	plan = append(append(append(plan, single...), s.beside(random)...), turned...)
	return plan[:min(n, len(plan))]
}

// large returns at most n questions of many filters, each of which meets the
// most pairs that the ones before it do not.
func (s *Space) large(random *rand.Rand, n int) []Question {
	var met pairs
	return gather(n, func(nth int) func() (Question, bool) {
		base, filters := s.unmet(random, &met), mostFilters
		if nth%3 == 2 { // whose answers show an order
			base, filters = nil, fewFilters
		}
		return func() (Question, bool) { return s.draw(random, base, filters) }
	}, func(q Question, most int) int {
		if met.gain(met.of(q.traits())) <= most || !s.ordered(q) {
			return 0
		}
		return met.gain(met.of(s.shown(q)))
	}, func(q Question) { met.meet(met.of(s.shown(q))) })
}

// gather returns at most n questions, each the best of some candidates: the one
// whose news are greatest. The news are 0 for a candidate that is no better
// than the best before it.
func gather(n int, candidates func(nth int) func() (Question, bool), news func(q Question, most int) int, meet func(Question)) (plan []Question) {
	for fruitless := 0; len(plan) < n && fruitless < dry; {
		best, most, draw := Question{}, 0, candidates(len(plan))
		for range draws {
			if q, ok := draw(); ok {
				if has := news(q, most); has > most {
					best, most = q, has
				}
			}
		}
		if most == 0 {
			fruitless++
			continue
		}
		plan = append(plan, best)
		meet(best)
	}
	return plan
}

// conditions returns questions that meet the conditions of First that no question
// of the plan meets.
func (s *Space) conditions(random *rand.Rand, plan []Question) []Question {
	var out []Question
	for _, is := range s.First {
		if slices.ContainsFunc(plan, is) || slices.ContainsFunc(out, is) {
			continue
		}
		if q, ok := s.first(random, is); ok {
			out = append(out, q)
		}
	}
	return out
}

// leftOut returns questions that the plan lacks: for each class of filters a later
// page and one beside another filter, for each order two later pages.
func (s *Space) leftOut(random *rand.Rand, plan []Question) []Question {
	var out []Question
	lacking := func(is func(Question) bool) bool {
		return !slices.ContainsFunc(plan, is) && !slices.ContainsFunc(out, is)
	}
	add := func(q Question, ok bool) {
		if ok {
			out = append(out, q)
		}
	}
	for i, class := range s.classes() {
		has := func(q Question) bool {
			return slices.ContainsFunc(q.Filters, func(f Filter) bool { return f.Class == class })
		}
		sort, order := s.Sorts[i%len(s.Sorts)], []string{"asc", "desc"}[i/len(s.Sorts)%2]
		if lacking(func(q Question) bool { return has(q) && q.Page > 2 }) {
			add(s.late(random, class, sort, order))
		}
		if lacking(func(q Question) bool { return has(q) && len(q.Filters) > 1 }) {
			add(s.paired(random, class))
		}
	}
	for _, sort := range s.Sorts {
		for _, order := range []string{"asc", "desc"} {
			asked := func(q Question) bool { return q.Sort == sort && q.Order == order && s.ordered(q) }
			if lacking(func(q Question) bool { return asked(q) && q.Page > 2 }) {
				add(s.late(random, "", sort, order))
			}
			if lacking(func(q Question) bool { return asked(q) && q.Page == 2 }) {
				add(s.second(sort, order))
			}
		}
	}
	return out
}

// shown returns the traits of a question that its answer can show: an order
// needs rows that another order would arrange differently, and a page needs
// rows.
func (s *Space) shown(q Question) []Trait {
	rows := s.List.Page(q)
	mixed := len(rows) >= fewRows && s.List.compare(q.Sort, rows[0], rows[len(rows)-1]) != 0
	return slices.DeleteFunc(q.traits(), func(t Trait) bool {
		return !mixed && strings.HasPrefix(t.Name, "sort ") || len(rows) == 0 && strings.HasPrefix(t.Name, "page ")
	})
}
