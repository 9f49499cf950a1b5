package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Further returns at most n questions, for a run with requests left, that meet
// what those asked so far leave out: three classes of filters together, two
// values together, and each value with each order and page. The same seed gives
// the same questions.
func (s *Space) Further(seed uint64, asked []Question, n int) []Question {
	random := rand.New(rand.NewPCG(seed, stream+1))
	s.hold()
	if sizes := s.Sizes; s.Single && !slices.Contains(sizes, 1) {
		s.Sizes = append([]int{1}, sizes...)
		defer func() { s.Sizes = sizes }()
	}
	met := map[string]bool{}
	meet := func(q Question) {
		for _, t := range s.meetings(q) {
			met[t.Name] = true
		}
	}
	for _, q := range asked {
		meet(q)
	}
	return gather(n, func(int) func() (Question, bool) {
		return func() (Question, bool) { return s.draw(random, nil, mostFilters) }
	}, func(q Question, _ int) int {
		if !s.ordered(q) {
			return 0
		}
		gain := 0
		for _, t := range s.meetings(q) {
			if !met[t.Name] {
				gain += t.Worth
			}
		}
		return gain
	}, meet)
}

// meetings returns what a question brings together beyond the pairs that a plan
// meets, each once. What matters most is worth most.
func (s *Space) meetings(q Question) []Trait {
	page := fmt.Sprint("page ", q.Page)
	if rows := len(s.List.Page(q)); rows == 0 {
		page = "page past"
	} else if q.Page > 3 {
		page = "page late"
	}
	with := []string{page}
	for _, t := range s.shown(q) {
		if strings.HasPrefix(t.Name, "sort ") {
			with = append(with, t.Name)
		}
	}
	out := []Trait{{fmt.Sprint(len(q.Filters), " filters ", page), 4}, {fmt.Sprint("size ", q.Size, page), 4}}
	for i, f := range q.Filters {
		for _, w := range with {
			out = append(out, Trait{f.Query + "\n" + w, 1}, Trait{f.class() + "\n" + w, 2})
		}
		for j, g := range q.Filters[:i] {
			out = append(out, Trait{sorted(f.Query, g.Query), 1})
			for _, h := range q.Filters[:j] {
				out = append(out, Trait{sorted(f.family(), g.family(), h.family()), 4}, Trait{sorted(f.class(), g.class(), h.class()), 2})
			}
		}
	}
	return out
}

// sorted joins names in an order that does not depend on that of the question.
func sorted(names ...string) string {
	slices.Sort(names)
	return fmt.Sprintf("%q", names)
}
