package model

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
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
	// First are conditions that a plan meets first, if one filter or two can.
	First []func(Question) bool

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
	mostFilters = 6  // of a question
	fewFilters  = 2  // of one that finds many tickets
	draws       = 80 // candidates that a question is picked from
	fewRows     = 3  // show an order
	surely      = 6  // large questions that few requests allow for
	dry         = 4  // picks without anything new after which a plan is complete
)

// Plan returns at most n questions that together meet as many pairs of
// properties as they can: of filters, orders, page sizes and pages. Those that
// meet what the others leave out come first. The same seed gives the same plan.
func (s *Space) Plan(seed uint64, n int) []Question {
	random := rand.New(rand.NewPCG(seed, stream))
	s.masks = nil
	for i := range s.Filters {
		s.masks = append(s.masks, s.List.mask(&s.Filters[i]))
	}
	large := s.large(random, n*2/3)
	sure := min(len(large), surely)
	plan := append(s.conditions(random, large[:sure]), large[:sure]...)
	plan = append(plan, s.leftOut(random, slices.Concat(plan, large))...)
	plan = append(plan, large[sure:]...)
	return plan[:min(n, len(plan))]
}

// large are at most n questions of many filters, each of which meets the most
// pairs that those before it do not.
func (s *Space) large(random *rand.Rand, n int) []Question {
	met := map[[2]string]bool{}
	var plan []Question
	for fruitless := 0; len(plan) < n && fruitless < dry; {
		best, most := Question{}, 0
		base, filters := s.unmet(random, met), mostFilters
		if len(plan)%3 == 2 { // whose answers show an order
			base, filters = nil, fewFilters
		}
		for range draws {
			q, ok := s.draw(random, base, filters)
			if !ok || fresh(q.traits(), met) <= most || !s.ordered(q) {
				continue
			}
			if news := fresh(s.shown(q), met); news > most {
				best, most = q, news
			}
		}
		if most == 0 {
			fruitless++
			continue
		}
		plan = append(plan, best)
		for pair := range pairsOf(s.shown(best)) {
			met[pair] = true
		}
	}
	return plan
}

// conditions are questions that meet the first conditions, as far as none of the
// plan does.
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

// leftOut are questions that meet what none of the plan does: for each class of
// filters a later page and another filter, and for each order two later pages.
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

// first is a question of one filter or two that meets a condition and tells
// something.
func (s *Space) first(random *rand.Rand, is func(Question) bool) (Question, bool) {
	order := random.Perm(len(s.Filters))
	for _, i := range order {
		for _, j := range order {
			q, sets := s.Plain(s.Filters[i]), []mask{s.masks[i]}
			q.Size = slices.Min(s.Sizes)
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

// paired is a question about a filter of the class, which the rows do not show,
// and one that they do, a status before others, neither of which could be left
// out unnoticed. That both find nothing together tells, too. One that is made of
// others is enough.
func (s *Space) paired(random *rand.Rand, class string) (Question, bool) {
	for _, f := range s.Filters {
		if q := s.Plain(f); f.Class == class && f.Joined {
			q.Size = slices.Min(s.Sizes)
			return q, true
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
					q := s.Plain(f, g)
					q.Size = slices.Min(s.Sizes)
					return q, true
				}
			}
		}
	}
	return Question{}, false
}

// classes are those of the filters, in their order.
func (s *Space) classes() []string {
	var out []string
	for _, f := range s.Filters {
		if !slices.Contains(out, f.Class) {
			out = append(out, f.Class)
		}
	}
	return out
}

// late is a question about a later page of a list that is filtered by one of
// the class, "" for any: the third or one behind it if there is one, whose
// tickets only the order can tell.
func (s *Space) late(random *rand.Rand, class, sort, order string) (found Question, ok bool) {
	for _, i := range random.Perm(len(s.Filters)) {
		q := s.Plain(s.Filters[i])
		q.Sort, q.Order, q.Size = sort, order, slices.Min(s.Sizes)
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

// second is a question about the second page of all tickets, if only the order
// can tell them.
func (s *Space) second(sort, order string) (Question, bool) {
	q := s.Plain()
	q.Sort, q.Order, q.Size, q.Page = sort, order, slices.Min(s.Sizes), 2
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
	rows := cut(s.List.Matches(q), q)
	if len(rows) == 0 {
		return true
	}
	mixed := s.List.compare(q.Sort, rows[0], rows[len(rows)-1]) != 0 || len(rows) == 1
	return mixed && !slices.Equal(ids(rows), ids(cut(s.List.Matches(other), other)))
}

// unmet are two filters that tell something together, of families that the
// plan has not combined yet or, when there are none, of classes; nil when there
// are none of these either.
func (s *Space) unmet(random *rand.Rand, met map[[2]string]bool) []int {
	order := random.Perm(len(s.Filters))
	for _, of := range []func(Filter) string{Filter.family, Filter.class} {
		for _, i := range order {
			for _, j := range order {
				a, b := s.Filters[i], s.Filters[j]
				if a.Kind == b.Kind || met[pairOf(of(a), of(b))] {
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

// draw makes a question at random, of the filters given and others, at most so
// many, and reports whether it tells something: it finds tickets, and no filter of it could be
// left out unnoticed.
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
		if n, ok := s.telling(append(slices.Clone(chosen), s.masks[i])); ok {
			q.Filters, chosen, matches = append(q.Filters, f), append(chosen, s.masks[i]), n
		}
	}
	last := (matches + q.Size - 1) / q.Size
	q.Page = []int{1, 1, 1, min(2, last), min(3, last), min(3, last), last, last + 1}[random.IntN(8)]
	return q, q.Page == 1 || q.Page <= last && s.Paged || s.Past
}

// Tells reports whether a question finds tickets, and none of its filters could be
// left out unnoticed.
func (s *Space) Tells(q Question) bool {
	var sets []mask
	for i := range q.Filters {
		sets = append(sets, s.List.mask(&q.Filters[i]))
	}
	_, ok := s.telling(sets)
	return ok
}

// telling counts the tickets in all sets, and reports whether there are some
// and none of the sets could be left out unnoticed.
func (s *Space) telling(sets []mask) (matches int, ok bool) {
	matches = s.together(sets, -1)
	ok = matches > 0
	for i := range sets {
		ok = ok && s.together(sets, i) != matches
	}
	return matches, ok
}

// together counts the tickets in all sets but one.
func (s *Space) together(sets []mask, but int) int {
	n := 0
	for word := range (len(s.List.Rows) + 63) / 64 {
		all, some := ^uint64(0), false
		for i, m := range sets {
			if i != but {
				all, some = all&m[word], true
			}
		}
		if some {
			n += bits.OnesCount64(all)
		}
	}
	if len(sets) == 0 || len(sets) == 1 && but == 0 {
		return len(s.List.Rows)
	}
	return n
}

// pairOf is a pair of properties, in either order.
func pairOf(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// shown are the traits of a question that its answer shows: an order takes rows
// that another one would turn round, and a page takes rows.
func (s *Space) shown(q Question) []Trait {
	rows := cut(s.List.Matches(q), q)
	mixed := len(rows) >= fewRows && s.List.compare(q.Sort, rows[0], rows[len(rows)-1]) != 0
	return slices.DeleteFunc(q.traits(), func(t Trait) bool {
		return !mixed && strings.HasPrefix(t.Name, "sort ") || len(rows) == 0 && strings.HasPrefix(t.Name, "page ")
	})
}

// fresh is what the pairs of traits are worth that were not met yet.
func fresh(traits []Trait, met map[[2]string]bool) int {
	n := 0
	for pair, worth := range pairsOf(traits) {
		if !met[pair] {
			n += worth
		}
	}
	return n
}
