package scenario

import (
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/conformance/model"
	"github.com/mockdesk/mockdesk/conformance/survey"
)

const (
	// mostKnown is how many tickets questions are asked about; of more, the
	// oldest ones are singled out with created_before.
	mostKnown = 300
	// mostHidden bounds the filters whose tickets have to be asked for.
	mostHidden = 26
	// hiddenPages bounds the pages read to know what such a filter finds.
	hiddenPages = 3
)

// space makes what questions are made of: filters, orders and page sizes that
// work alone. Of suspects, it has what those are made of, working or not.
func (s *Session) space(suspects []model.Question) *space {
	rows := s.severalTickets(fewTickets)
	all := s.Tickets()
	p := &space{Session: s, only: suspects}
	p.Size = all.PerPage
	if first := s.firstPage(); first < p.Size && len(rows) > first {
		p.Size = first // the target gives smaller pages than it is asked for
	}
	if p.Size == 0 {
		s.Skip("the target takes no per_page", "")
	}
	p.restrict(rows, all.Complete)
	if d := p.List.Differ(p.Plain(), s.put(p.Plain())); d != nil {
		s.Skip("the first page of all tickets is not what it was, which other clauses judge", "")
	}
	p.addSizes()
	p.addSorts()
	p.addFilters()
	return p
}

// space is a model.Space in the making.
type space struct {
	*Session
	model.Space
	only   []model.Question // nil for all that there is
	broken []discrepancy    // filters that do not work alone
	hidden int
}

// restrict bounds the tickets that are asked about.
func (p *space) restrict(rows []survey.Row, complete bool) {
	if complete && len(rows) <= mostKnown+mostKnown/3 {
		p.List = model.NewList(rows)
		return
	}
	at, ok := p.instants("created_at").clear(min(mostKnown, len(rows)*3/4))
	if !ok {
		p.Skip("the tickets are too many and were created at too few times", "")
	}
	p.Window = Query("created_before", at.stamp())
	older := at.earlier("created_at")
	p.List = model.NewList(slices.DeleteFunc(slices.Clone(rows), func(r survey.Row) bool { return !older(r) }))
}

// addSizes adds the page sizes that the target keeps to.
func (p *space) addSizes() {
	for _, size := range []int{2, 7, p.Size} {
		q := p.Plain()
		q.Size = size
		if size <= p.Size && !slices.Contains(p.Sizes, size) && p.List.Differ(q, p.put(q)) == nil {
			p.Sizes = append(p.Sizes, size)
		}
	}
	if len(p.Sizes) == 0 {
		p.Sizes = []int{p.Size}
	}
}

// addSorts adds the orders whose first page is right.
func (p *space) addSorts() {
	p.List.Ranks = p.priorityRanks()
	for _, sort := range []string{"created_at", "updated_at", "priority"} {
		right := sort != "priority" || p.List.Ranks != nil
		for _, order := range []string{"asc", "desc"} {
			q := p.Plain()
			q.Sort, q.Order = sort, order
			right = right && p.List.Differ(q, p.put(q)) == nil
		}
		if right {
			p.Sorts = append(p.Sorts, sort)
		}
	}
	if len(p.Sorts) == 0 {
		p.Skip("no order of the list is right, which other clauses judge", "")
	}
}

// priorityRanks is the order in which sort=priority shows the priorities,
// which is not documented; nil when it shows none.
func (p *space) priorityRanks() []string {
	q := p.Plain()
	q.Sort = "priority"
	rows, ok := p.learned(q, 1+len(p.List.Rows)/q.Size)
	if !ok {
		return nil
	}
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

// wanted reports whether the filter is needed.
func (p *space) wanted(query string) bool {
	return p.only == nil || slices.ContainsFunc(p.only, func(q model.Question) bool {
		return slices.ContainsFunc(q.Filters, func(f model.Filter) bool { return f.Query == query })
	})
}

// some reports whether some tickets satisfy the filter and others do not.
func (p *space) some(f model.Filter) bool {
	return len(f.Holds) > 0 && len(f.Holds) < len(p.List.Rows)
}

// reveal adds a filter that the list itself decides, if it works alone.
func (p *space) reveal(kind, query, clause string, keep func(survey.Row) bool) {
	f := p.List.Hold(model.Filter{Kind: kind, Query: query, Clause: clause, Keep: keep})
	if !p.wanted(query) || !p.some(f) {
		return
	}
	q := p.Plain(f)
	if p.only != nil {
		p.Filters = append(p.Filters, f)
		return
	}
	switch d := p.List.Differ(q, p.put(q)); {
	case d == nil || d.Sort == model.Total || d.Sort == model.Altered:
		p.Filters = append(p.Filters, f)
	case d.Sort == model.Foreign || d.Sort == model.Lost && len(f.Holds) <= p.Size:
		p.broken = append(p.broken, discrepancy{question: q, Failure: Failure{
			Blame: clause, Path: d.Path, Expected: d.Expected, Actual: d.Actual, Exchange: p.Last(),
		}})
	}
}

// hide adds a filter that only the target can decide, if its answer adds up
// and tells tickets apart.
func (p *space) hide(kind, query, clause string) {
	if !p.wanted(query) || p.hidden >= mostHidden {
		return
	}
	p.hidden++
	f := model.Filter{Kind: kind, Query: query, Clause: clause, Holds: map[string]bool{}}
	rows, ok := p.learned(p.Plain(f), hiddenPages)
	if !ok {
		return
	}
	for _, r := range rows {
		f.Holds[model.ID(r)] = true
	}
	if p.some(f) {
		p.Filters = append(p.Filters, f)
	}
}

// addFilters adds all filters there are values for.
func (p *space) addFilters() {
	p.addWords("status", "IO-LIST-TICKETS-18")
	p.addWords("priority", "IO-LIST-TICKETS-29")
	p.addWords("inbox_id", "IO-LIST-TICKETS-22")
	p.addWords("assignee_id", "IO-LIST-TICKETS-25")
	p.reveal("assignee_id", "assignee_id=__unassigned__", "IO-LIST-TICKETS-26", func(r survey.Row) bool { return !r.Has("assignee_id") })
	p.addStatusLists()
	for i, member := range []string{"created_at", "updated_at"} {
		name := strings.TrimSuffix(member, "at")
		clauses := [][2]string{{"IO-LIST-TICKETS-35", "IO-LIST-TICKETS-36"}, {"IO-LIST-TICKETS-38", "IO-LIST-TICKETS-39"}}[i]
		p.addBound(name+"after", member, 3, clauses[0])
		if p.Window == "" || i > 0 {
			p.addBound(name+"before", member, 6, clauses[1])
		}
	}
	p.addTags()
	p.addSearches()
	p.addFields()
}

// mostWords is how many values of a member are asked for.
const mostWords = 3

// addWords adds the values that a member has.
func (p *space) addWords(member, clause string) {
	values := survey.Values(p.List.Rows, member)
	for _, v := range values[:min(len(values), mostWords)] {
		p.reveal(member, Query(member, v.Text), clause, textIs(member, v.Text))
	}
}

// addStatusLists adds lists of two and of three statuses.
func (p *space) addStatusLists() {
	var names []string
	for _, v := range survey.Values(p.List.Rows, "status") {
		names = append(names, v.Text)
	}
	slices.Reverse(names) // the rarer ones, so that others are left
	for n, clause := range map[int]string{2: "IO-LIST-TICKETS-20", 3: "IO-LIST-TICKETS-61"} {
		if len(names) > n {
			list := names[:n]
			p.reveal("status", "status="+strings.Join(list, ","), clause, func(r survey.Row) bool { return slices.Contains(list, r.Text("status")) })
		}
	}
}

// addBound adds a bound on a time, at some tenths of all tickets.
func (p *space) addBound(name, member string, tenths int, clause string) {
	var times instants
	for _, r := range p.List.Rows {
		if at, ok := r.Time(member); ok {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	at, ok := times.clear(len(times) * tenths / 10)
	if !ok {
		return
	}
	keep := at.later(member)
	if strings.HasSuffix(name, "before") {
		keep = at.earlier(member)
	}
	p.reveal(name, Query(name, at.stamp()), clause, keep)
}

// addTags adds tags of the facts, spread over all, and two that share tickets.
func (p *space) addTags() {
	const most = 4
	tags := p.Facts().InboxOps.Tags
	for i := range min(most, len(tags)) {
		p.hide("tags", tagQuery(tags[i*len(tags)/most%len(tags)].ID), "IO-LIST-TICKETS-31")
	}
}

// addSearches adds words of subjects, neither rare nor everywhere, and
// operators on them.
func (p *space) addSearches() {
	const most = 3
	var words []string
	for _, w := range survey.Words(p.List.Rows, "subject") {
		if n := len(w.Rows); n >= 3 && n <= len(p.List.Rows)/2 {
			words = append(words, w.Text)
		}
	}
	for i := range min(most, len(words)) {
		p.hide("search", Query("query", words[len(words)-1-i]), "IO-LIST-TICKETS-04")
	}
	if len(words) < 2 {
		return
	}
	a, b := words[len(words)-1], words[len(words)/2]
	p.hide("search", Query("q", a), "IO-LIST-TICKETS-06")
	p.hide("search", Query("query", a+" or "+b), "IO-LIST-TICKETS-14")
	p.hide("search", Query("query", "-"+a), "IO-LIST-TICKETS-15")
}

// addFields adds values of custom fields, one of each definition and
// __empty__ of every other.
func (p *space) addFields() {
	for i, def := range p.Facts().InboxOps.CustomFields {
		kind := "custom_field_" + def.Key
		if values := tried(def); len(values) > 0 {
			p.hide(kind, fieldQuery(def, values[0]), "IO-CF-01")
		}
		if i%2 == 0 {
			p.hide(kind, fieldQuery(def, emptyField), "IO-CF-04")
		}
	}
}
