package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// While others work on a target, its answers may not match the tickets that
// were read before. A wrong answer is therefore a reason to check whether the
// tickets changed and, if so, to read them again and to ask once more.

const (
	// mostLooks is how often that is done for one question.
	mostLooks = 4
	// calmFor is for how many requests a target that was found unchanged counts
	// as unchanged.
	calmFor = 6
)

// differ is what is wrong with the answer to a question, nil for nothing.
func (p *space) differ(q model.Question) *model.Difference {
	q = p.held(q)
	d := p.List.Differ(q, p.put(q))
	for range mostLooks {
		if d == nil || !p.changed() {
			break
		}
		q = p.held(q)
		for i, f := range q.Filters {
			switch {
			case f.Joined:
				p.partsAnew(f)
				q.Filters[i] = p.List.Hold(f)
			case f.Keep == nil:
				q.Filters[i] = p.learnedAnew(f)
			}
		}
		d = p.List.Differ(q, p.put(q))
	}
	return d
}

// held returns the question with filters that hold what was last learned about
// them.
func (p *space) held(q model.Question) model.Question {
	q.Filters = slices.Clone(q.Filters)
	for i, f := range q.Filters {
		at := slices.IndexFunc(p.Filters, func(g model.Filter) bool { return g.Query == f.Query })
		switch {
		case f.Keep != nil:
			q.Filters[i] = p.List.Hold(f)
		case at >= 0:
			q.Filters[i] = p.Filters[at]
		}
	}
	return q
}

// learnedAnew asks again what a filter finds that only the target can decide.
func (p *space) learnedAnew(f model.Filter) model.Filter {
	rows, ok := p.learned(p.Plain(f), hiddenPages)
	if !ok {
		return f
	}
	if f.Holds == nil {
		f.Holds = map[string]bool{}
	}
	clear(f.Holds) // joined filters share this map
	for _, r := range rows {
		f.Holds[model.ID(r)] = true
	}
	if i := slices.IndexFunc(p.Filters, func(g model.Filter) bool { return g.Query == f.Query }); i >= 0 {
		p.Filters[i].Holds = f.Holds
	}
	return f
}

// partsAnew asks again what each tag of a joined list of tags finds.
func (p *space) partsAnew(joined model.Filter) {
	for _, f := range slices.Clone(p.Filters) {
		if id, ok := strings.CutPrefix(f.Query, "tag_ids="); ok && !f.Joined && strings.Contains(joined.Query, id) {
			p.learnedAnew(f)
		}
	}
}

// changed reports whether the tickets changed since they were read, and if so
// reads them again. The last ones to change come first by updated_at.
func (p *space) changed() bool {
	if left := p.env.Client.Left(); p.calm > 0 && p.calm-left < calmFor || left < p.keptBack()/2 {
		return false
	}
	asBefore := p.anew()
	latest, _, _ := p.peek(p.windowed(fmt.Sprintf("sort=updated_at&order=desc&per_page=%d&page=1", p.Size)))
	if !slices.ContainsFunc(latest, func(r survey.Row) bool { return !p.List.Knows(r) }) {
		asBefore()
		p.calm = p.env.Client.Left()
		return false
	}
	for range 2 { // a ticket that is deleted in between moves another to the previous page
		p.reread() // remembered answers are out of date from here on
		if !slices.ContainsFunc(latest, func(r survey.Row) bool { return !p.List.Has(r) }) {
			p.calm, p.alive = 0, true
			return true
		}
	}
	p.calm = p.env.Client.Left()
	return false // one order shows a ticket that another does not
}

// windowed adds the window to a query.
func (p *space) windowed(rawQuery string) string {
	if p.Window == "" {
		return rawQuery
	}
	return p.Window + "&" + rawQuery
}

// reread reads the tickets that questions are asked about again.
func (p *space) reread() {
	var rows []survey.Row
	for page := 1; ; page++ {
		more, total, status := p.peek(p.windowed(pageQuery(p.Size, page)))
		if status != http.StatusOK {
			return
		}
		rows = append(rows, more...)
		if len(more) < p.Size || int64(len(rows)) >= total && total >= 0 {
			break
		}
	}
	ranks, unechoed := p.List.Ranks, p.List.Unechoed
	p.List = model.NewList(rows)
	p.List.Ranks, p.List.Unechoed = ranks, unechoed
	for i, f := range p.Filters {
		if f.Keep != nil {
			p.Filters[i] = p.List.Hold(f)
		}
	}
}
