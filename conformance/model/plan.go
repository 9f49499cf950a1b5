package model

import (
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Space is what questions are made of.
type Space struct {
	List    *List
	Filters []Filter // each works alone
	Sorts   []string
	Size    int    // the page size of plain questions
	Sizes   []int  // page sizes that the target keeps to
	Window  string // see Question.Window
	Paged   bool   // pages but the first are right without filters
	Past    bool   // and so are those past the end

	masks []mask // of the tickets that each filter holds
}

// mask is a set of tickets, a bit each.
type mask []uint64

// and returns what both sets have.
func (m mask) and(other mask) mask {
	out := make(mask, len(m))
	for i := range m {
		out[i] = m[i] & other[i]
	}
	return out
}

func (m mask) count() int {
	n := 0
	for _, word := range m {
		n += bits.OnesCount64(word)
	}
	return n
}

// mask returns the tickets that a filter holds, all for none.
func (l *List) mask(f *Filter) mask {
	m := make(mask, (len(l.Rows)+63)/64)
	for i, r := range l.Rows {
		if f == nil || f.Holds[ID(r)] {
			m[i/64] |= 1 << (i % 64)
		}
	}
	return m
}

// Bounds of a plan.
const (
	mostFilters = 3  // of a question
	draws       = 60 // candidates that a question is picked from
	dry         = 4  // picks without anything new after which a plan is complete
)

// Plan returns at most n questions that together meet as many pairs of
// properties as they can: of filters, orders, page sizes and pages. The same
// seed gives the same plan.
func (s *Space) Plan(seed uint64, n int) []Question {
	random := rand.New(rand.NewPCG(seed, 0x6d6f636b6465736b))
	s.masks = nil
	for i := range s.Filters {
		s.masks = append(s.masks, s.List.mask(&s.Filters[i]))
	}
	met := map[[2]string]bool{}
	var plan []Question
	for fruitless := 0; len(plan) < n && fruitless < dry; {
		best, most := Question{}, 0
		for range draws {
			q, ok := s.draw(random)
			if news := fresh(q, met); ok && news > most {
				best, most = q, news
			}
		}
		if most == 0 {
			fruitless++
			continue
		}
		plan = append(plan, best)
		for _, pair := range pairs(best) {
			met[pair] = true
		}
	}
	return plan
}

// draw makes a question at random and reports whether it tells something: it
// finds tickets, and no filter of it could be left out unnoticed.
func (s *Space) draw(random *rand.Rand) (Question, bool) {
	q := Question{Window: s.Window, Sort: s.Sorts[random.IntN(len(s.Sorts))], Order: "asc", Size: s.Sizes[random.IntN(len(s.Sizes))], Page: 1}
	if random.IntN(2) == 0 {
		q.Order = "desc"
	}
	var chosen []mask
	for range random.IntN(mostFilters + 1) {
		if len(s.Filters) == 0 {
			break
		}
		i := random.IntN(len(s.Filters))
		f := s.Filters[i]
		if !slices.ContainsFunc(q.Filters, func(g Filter) bool { return g.Kind == f.Kind }) {
			q.Filters, chosen = append(q.Filters, f), append(chosen, s.masks[i])
		}
	}
	matches := s.together(chosen, -1)
	if matches == 0 {
		return q, false
	}
	for i := range chosen {
		if s.together(chosen, i) == matches {
			return q, false
		}
	}
	last := (matches + q.Size - 1) / q.Size
	q.Page = []int{1, min(2, last), min(3, last), last, last + 1}[random.IntN(5)]
	return q, q.Page == 1 || q.Page <= last && s.Paged || s.Past
}

// together counts the tickets in all sets but one.
func (s *Space) together(sets []mask, but int) int {
	all := s.List.mask(nil)
	for i, m := range sets {
		if i != but {
			all = all.and(m)
		}
	}
	return all.count()
}

// pairs are the pairs of properties of a question.
func pairs(q Question) [][2]string {
	traits := q.traits()
	var out [][2]string
	for i, a := range traits {
		for _, b := range traits[i+1:] {
			out = append(out, [2]string{a, b})
		}
	}
	return out
}

// fresh counts the pairs of a question that were not met yet.
func fresh(q Question, met map[[2]string]bool) int {
	n := 0
	for _, pair := range pairs(q) {
		if !met[pair] {
			n++
		}
	}
	return n
}
