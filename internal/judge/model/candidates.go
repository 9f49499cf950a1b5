package model

import (
	"math/rand/v2"
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// first returns a question of one filter or two that meets a condition and whose
// answer would show that a filter is ignored.
func (s *Space) first(random *rand.Rand, is func(Question) bool) (Question, bool) {
	order := random.Perm(len(s.Filters))
	for _, i := range order {
		for _, j := range order {
			q, sets := s.small(s.Filters[i]), []mask{s.masks[i]}
			if i != j {
				q.Filters, sets = append(q.Filters, s.Filters[j]), append(sets, s.masks[j])
			}
			if i != j && s.Filters[i].Kind == s.Filters[j].Kind || !is(q) {
				continue
			}
			if _, ok := s.telling(sets); ok {
				return q, true
			}
		}
	}
	return Question{}, false
}

// paired returns a question about two filters: one of the class, which rows do
// not show, and one that rows do show, a status if possible. Together they find
// less than each alone, perhaps nothing, so that neither can be ignored
// unnoticed. A filter that joins others is a pair by itself.
func (s *Space) paired(random *rand.Rand, class string) (Question, bool) {
	for _, f := range s.Filters {
		if f.Class == class && f.Joined {
			return s.small(f), true
		}
	}
	for _, family := range []string{"status", ""} {
		for _, i := range random.Perm(len(s.Filters)) {
			for _, j := range random.Perm(len(s.Filters)) {
				f, g := s.Filters[i], s.Filters[j]
				if f.Class != class || f.Keep != nil || g.Keep == nil || family != "" && g.Family != family {
					continue
				}
				both := s.masks[i].and(s.masks[j]).count()
				if both < s.masks[i].count() && both < s.masks[j].count() {
					return s.small(f, g), true
				}
			}
		}
	}
	return Question{}, false
}

// opposed returns questions of two filters that find tickets alone and nothing
// together, so that neither can be ignored unnoticed: one for each two classes
// that the plan does not combine.
func (s *Space) opposed(random *rand.Rand, plan []Question) []Question {
	var met pairs
	for _, q := range plan {
		var classes []Trait
		for _, f := range q.Filters {
			classes = append(classes, Trait{f.class(), 1})
		}
		met.meet(met.of(classes))
	}
	var out []Question
	order := random.Perm(len(s.Filters))
	for _, i := range order {
		for _, j := range order {
			f, g := s.Filters[i], s.Filters[j]
			if f.Kind == g.Kind || met.has(f.class(), g.class()) || s.masks[i].and(s.masks[j]).count() > 0 {
				continue
			}
			if s.masks[i].count() > 0 && s.masks[j].count() > 0 {
				out = append(out, s.Plain(f, g))
				met.meet(met.of([]Trait{{f.class(), 1}, {g.class(), 1}}))
			}
		}
	}
	return out
}

// turned returns questions with one filter of each class. The single ones have
// pages of one row. The turned ones, which the plan lacks, have each order in
// large pages, since other filters and small pages hide most of what an order
// does to a filter. The latter are shuffled for plans without room for all.
func (s *Space) turned(random *rand.Rand, plan []Question) (single, out []Question) {
	for _, class := range s.classes() {
		of := slices.DeleteFunc(random.Perm(len(s.Filters)), func(i int) bool {
			return s.Filters[i].Class != class || s.masks[i].count() < fewRows
		})
		if len(of) == 0 {
			continue
		}
		q := s.Plain(s.Filters[of[0]])
		if q.Size = 1; s.Single {
			single = append(single, q)
		}
		add := func(sort, order string, size int) {
			q.Sort, q.Order, q.Size = sort, order, size
			if !slices.ContainsFunc(plan, func(p Question) bool {
				return p.Sort == sort && p.Order == order && p.Size == size && p.Page == 1 && len(p.Filters) == 1 && p.Filters[0].Class == class
			}) {
				out = append(out, q)
			}
		}
		for _, sort := range s.Sorts {
			add(sort, "asc", slices.Max(s.Sizes))
			add(sort, "desc", slices.Max(s.Sizes))
		}
	}
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return single, out
}

// beside returns questions with a filter of each class and a neutral one, which
// hides nothing of how the first behaves in combination.
func (s *Space) beside(random *rand.Rand) []Question {
	var out []Question
	for _, class := range s.classes() {
		for _, neutral := range s.Neutral {
			of := slices.DeleteFunc(random.Perm(len(s.Filters)), func(i int) bool {
				f := s.Filters[i]
				return f.Class != class || f.Kind == neutral.Kind || s.masks[i].count() == 0
			})
			if len(of) > 0 {
				out = append(out, s.Plain(s.Filters[of[0]], neutral))
			}
		}
	}
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// classes returns the classes of the filters, in their order.
func (s *Space) classes() []string {
	var out []string
	for _, f := range s.Filters {
		if !slices.Contains(out, f.Class) {
			out = append(out, f.Class)
		}
	}
	return out
}

// late returns a question about a later page of what a filter of the class, or
// any filter for "", finds. It prefers the third page or a later one, and
// requires that another order would show other tickets there.
func (s *Space) late(random *rand.Rand, class, sort, order string) (found Question, ok bool) {
	for _, i := range random.Perm(len(s.Filters)) {
		q := s.small(s.Filters[i])
		q.Sort, q.Order = sort, order
		last := (s.masks[i].count() + q.Size - 1) / q.Size
		if class != "" && s.Filters[i].Class != class || !s.Paged {
			continue
		}
		if last < 2 { // whose third page is empty
			if q.Page = 3; !ok && class != "" && s.Past && last > 0 {
				found, ok = q, true
			}
			continue
		}
		third := min(3, last)
		for range 3 {
			if q.Page = third + random.IntN(last-third+1); s.ordered(q) && last > 2 {
				return q, true
			}
		}
		found, ok = q, true
	}
	return found, ok
}

// second returns a question about the second page of all tickets, if another order
// would show others there.
func (s *Space) second(sort, order string) (Question, bool) {
	q := s.small()
	q.Sort, q.Order, q.Page = sort, order, 2
	return q, s.Paged && s.ordered(q)
}

// ordered reports whether the page of a question would be another one, or have
// another order, if the list were sorted by something else or the other way.
func (s *Space) ordered(q Question) bool {
	if q.Page == 1 {
		return true
	}
	other := q
	other.Sort = "created_at"
	if q.Sort == "created_at" {
		other.Sort = "updated_at"
	}
	ids := func(rows []survey.Row) (out []string) {
		for _, r := range rows {
			out = append(out, ID(r))
		}
		return out
	}
	rows := s.List.Page(q)
	if len(rows) == 0 {
		return true
	}
	mixed := s.List.compare(q.Sort, rows[0], rows[len(rows)-1]) != 0 || len(rows) == 1
	return mixed && !slices.Equal(ids(rows), ids(s.List.Page(other)))
}

// unmet returns the places of two filters, neither of which can be ignored
// unnoticed, whose families the plan has not combined yet, or else whose
// classes; nil when there are none.
func (s *Space) unmet(random *rand.Rand, met *pairs) []int {
	order := random.Perm(len(s.Filters))
	for _, of := range []func(Filter) string{Filter.family, Filter.class} {
		numbers := make([]int, len(s.Filters))
		for i, f := range s.Filters {
			numbers[i] = met.number(of(f))
		}
		for _, i := range order {
			for _, j := range order {
				if s.Filters[i].Kind == s.Filters[j].Kind || met.met[met.pair(numbers[i], numbers[j])] {
					continue
				}
				if _, ok := s.telling([]mask{s.masks[i], s.masks[j]}); ok {
					return []int{i, j}
				}
			}
		}
	}
	return nil
}

// draw makes a random question from the base and other filters, at most filters
// in all. It reports whether the question finds tickets and none of its filters
// can be ignored unnoticed.
func (s *Space) draw(random *rand.Rand, base []int, filters int) (Question, bool) {
	q := Question{Window: s.Window, Sort: s.Sorts[random.IntN(len(s.Sorts))], Order: "asc", Size: s.Sizes[random.IntN(len(s.Sizes))], Page: 1}
	if random.IntN(2) == 0 {
		q.Order = "desc"
	}
	var chosen []mask
	for _, i := range base {
		q.Filters, chosen = append(q.Filters, s.Filters[i]), append(chosen, s.masks[i])
	}
	matches, ok := s.telling(chosen)
	if !ok {
		return q, false
	}
	most := random.IntN(filters + 1)
	for _, i := range random.Perm(len(s.Filters)) {
		f := s.Filters[i]
		if len(q.Filters) >= most {
			break
		}
		if slices.ContainsFunc(q.Filters, func(g Filter) bool { return g.Kind == f.Kind }) {
			continue
		}
		more := append(chosen, s.masks[i])
		if n, ok := s.telling(more); ok {
			q.Filters, chosen, matches = append(q.Filters, f), more, n
		}
	}
	last := (matches + q.Size - 1) / q.Size
	q.Page = []int{1, 1, 1, min(2, last), min(3, last), min(3, last), last, last + 1}[random.IntN(8)]
	return q, q.Page == 1 || q.Page <= last && s.Paged || s.Past
}
