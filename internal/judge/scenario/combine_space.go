package scenario

import (
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

const (
	// mostKnown is about how many tickets questions are asked. If there are
	// more, the newest ones are selected by created_at, or the oldest ones if
	// the newest are not known.
	mostKnown = 190
	// mostHidden bounds the filters whose tickets have to be asked for;
	// fewHidden bounds them when there are no requests to spare.
	mostHidden, fewHidden = 44, 26
	// hiddenPages bounds the pages read to know what such a filter finds.
	hiddenPages = 3
)

// space returns what questions are made of: filters, orders and page sizes that
// work alone. If there are suspects, it has what those are made of, working or
// not.
func (s *Session) space(suspects []model.Question) *space {
	rows := s.severalTickets(fewTickets)
	all := s.Tickets()
	p := &space{Session: s, only: suspects}
	for _, t := range listTopics() {
		p.First = append(p.First, t.is)
	}
	p.Size = all.PerPage
	if first := s.firstPage(); first < p.Size && len(rows) > first {
		p.Size = first // the target gives smaller pages than it is asked for
	}
	if p.Size == 0 {
		s.Skip("the target takes no per_page", "")
	}
	p.restrict(rows, all.Complete)
	switch d := p.differ(p.Plain()); {
	case d == nil:
	case d.Sort == model.Echo:
		p.List.Unechoed = true // IO-LIST-TICKETS-52 judges it by itself
	default:
		s.Skip("the first page of all tickets is not what it was, which other clauses judge", "")
	}
	p.addSizes()
	p.addPages()
	if p.addSorts(); len(p.Sorts) > 0 {
		p.addFilters()
	}
	return p
}

// space is a model.Space in the making.
type space struct {
	*Session
	model.Space
	only   []model.Question              // nil for all that there is
	broken []discrepancy[model.Question] // filters that do not work alone
	hidden int
	offers []model.Filter
	alone  []model.Filter // filters that only the target decides, with what they found
	bound  string         // the parameter of the window
	calm   int            // requests that were left when the tickets were last found unchanged
	alive  bool           // tickets changed since the questions began
}

// stretch is a bound on created_at of the tickets that questions are asked
// about, which stays the same when they are asked again.
type stretch struct {
	bound string // the parameter, "" for none
	at    instant
}

// restrict bounds the tickets that are asked about.
func (p *space) restrict(rows []survey.Row, complete bool) {
	if p.env.stretch == nil {
		p.env.stretch = p.newStretch(rows, complete)
	}
	w := *p.env.stretch
	if w.bound == "" {
		p.List = model.NewList(rows)
		return
	}
	p.bound, p.Window = w.bound, Query(w.bound, w.at.stamp())
	p.List = model.NewList(only(rows, w.at.keep(w.bound)))
}

// newStretch selects about mostKnown tickets.
func (p *space) newStretch(rows []survey.Row, complete bool) *stretch {
	if complete && len(rows) <= 2*mostKnown {
		return &stretch{}
	}
	times := p.instants("created_at")
	place, bound := min(mostKnown, len(times)*3/4), "created_before"
	if complete {
		place, bound = len(times)-1-place, "created_after"
	}
	at, ok := times.clear(place)
	if !ok {
		p.Skip("the tickets are too many and were created at too few times", "")
	}
	return &stretch{bound, at}
}

// addSizes adds the page sizes that the target honours.
func (p *space) addSizes() {
	for _, size := range []int{3, p.Size} {
		q := p.Plain()
		q.Size = size
		if size > p.Size || slices.Contains(p.Sizes, size) {
			continue
		}
		switch d := p.differ(q); {
		case d == nil:
			p.Sizes = append(p.Sizes, size)
		case p.only == nil && d.Sort == model.Lost && len(p.put(q).Rows) < size:
			p.accuse(q, "IO-LIST-TICKETS-49", d)
		}
	}
	if len(p.Sizes) == 0 {
		p.Sizes = []int{p.Size}
	}
	one := p.Plain()
	one.Size = 1
	p.Single = p.roomy() && p.differ(one) == nil
}

// addPages allows pages other than the first, and those past the end, if they
// are right without filters.
func (p *space) addPages() {
	q := p.Plain()
	q.Size = p.Sizes[0]
	last := (len(p.List.Rows) + q.Size - 1) / q.Size
	third := min(3, last)
	right := func(page int) bool {
		q.Page = page
		return p.right(q)
	}
	p.Paged = last > 1 && right(2) && right(third) && right(last)
	p.Past = p.Paged && right(last+1)
}

// right reports whether a question without filters is answered well enough to
// build others on. Mistakes that no other scenario looks at are held against
// the target.
func (p *space) right(q model.Question) bool {
	d := p.differ(q)
	if d == nil {
		return true
	}
	if p.only == nil && (usable(d) || q.Page == 1 || d.Sort == model.Order && q.Page > 2) {
		p.put(q) // from memory: the last exchange is evidence
		p.accuse(q, blamed(q, d), d)
	}
	return usable(d)
}

// usable reports whether the tickets of a wrong answer are the right ones.
func usable(d *model.Difference) bool {
	return slices.Contains([]model.Sort{model.Total, model.Echo, model.Altered}, d.Sort)
}

// accuse holds a wrong answer to a plain question against the target.
func (p *space) accuse(q model.Question, clause string, d *model.Difference) {
	p.broken = append(p.broken, discrepancy[model.Question]{question: q, Failure: Failure{
		Blame: clause, Path: d.Path, Expected: d.Expected, Actual: d.Actual, Exchange: p.Last(), Concerns: q.Concerns,
	}})
}

// scarce is how many requests the plan must have; with fewer, orders that other
// clauses have judged without the window are not asked for.
const scarce = 60

// addSorts adds the orders whose first page is right.
func (p *space) addSorts() {
	p.List.Ranks = p.priorityRanks()
	judged := p.Window != "" && p.env.Client.Left()-p.keptBack() < scarce
	for _, sort := range []string{"created_at", "updated_at", "priority"} {
		right := sort != "priority" || p.List.Ranks != nil
		for _, order := range []string{"asc", "desc"} {
			q := p.Plain()
			q.Sort, q.Order = sort, order
			right = right && (judged || p.right(q))
		}
		if right {
			p.Sorts = append(p.Sorts, sort)
		}
	}
	if len(p.Sorts) == 0 && len(p.broken) == 0 {
		p.Skip("no order of the list is right, which other clauses judge", "")
	}
}

// priorityRanks is the order in which sort=priority shows the priorities,
// which is not documented; nil when it shows none.
func (p *space) priorityRanks() []string {
	q := p.Plain()
	q.Sort = "priority"
	rows, _ := p.learned(q, 1+len(p.List.Rows)/q.Size)
	var ranks []string
	for _, r := range rows {
		level := r.Text("priority")
		switch {
		case len(ranks) > 0 && ranks[len(ranks)-1] == level:
		case slices.Contains(ranks, level):
			return nil
		default:
			ranks = append(ranks, level)
		}
	}
	return ranks
}
