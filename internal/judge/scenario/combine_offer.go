package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// offer makes a filter a candidate. One without keep is decided by the target
// alone.
func (p *space) offer(kind, query, clause string, keep func(survey.Row) bool) {
	family, class := kind, kind
	if name, ok := strings.CutPrefix(kind, "custom_field_"); ok {
		family, class = fields, p.typeOf(name)
	}
	switch {
	case strings.HasPrefix(query, "q="):
		class = "q"
	case p.roomy() && (clause == "IO-LIST-TICKETS-14" || clause == "IO-LIST-TICKETS-15"):
		class = clause // an operator
	case strings.HasSuffix(query, "="+emptyField):
		class = emptyField
	case query == unassigned:
		class = unassigned
	case strings.Count(query, ",") > 0:
		class = "list"
	}
	p.offers = append(p.offers, model.Filter{Kind: kind, Family: family, Class: class, Query: query, Clause: clause, Keep: keep})
}

// typeOf returns the type of the custom field with the key; a field limited to
// some mailboxes counts as a type of its own.
func (p *space) typeOf(key string) string {
	def := p.definition(key)
	if len(def.InboxIDs) > 0 {
		return def.Type + " of some"
	}
	return def.Type
}

// fields is the family of the custom fields.
const fields = "field"

// perRound is how many candidates of a family are tried before the next
// family's turn, if more than one.
var perRound = map[string]int{"status": 5, fields: 4}

// fewRequests is how many requests are set aside for filters in any case:
// without filters, there is nothing to combine.
const fewRequests = 12

// choose tries the candidates, some of each family after the other, until the
// requests set aside for that are used.
func (p *space) choose() {
	waiting := map[string][]model.Filter{}
	var families []string
	for _, f := range p.offers {
		if waiting[f.Family] == nil {
			families = append(families, f.Family)
		}
		waiting[f.Family] = append(waiting[f.Family], f)
	}
	left := p.env.Client.Left()
	spare := max(left-p.keptBack(), 0)
	least := left - min(max(spare/2, fewRequests), spare)
	for tried := true; tried; {
		tried = false
		for _, family := range families {
			for range min(max(perRound[family], 1), len(waiting[family])) {
				f := waiting[family][0]
				waiting[family] = waiting[family][1:]
				if tried = true; p.only != nil || p.env.Client.Left() >= least {
					p.try(f)
				}
			}
		}
	}
}

// try adds a filter if it works alone.
func (p *space) try(f model.Filter) {
	if f.Keep != nil {
		p.reveal(f)
	} else {
		p.hide(f)
	}
}

// doubtTotal holds it against the target if everything that a filter finds is
// on the first page and meta.total differs from that number.
func (p *space) doubtTotal(f model.Filter) {
	q := p.Plain(f)
	a := p.put(q)
	if n := len(a.Rows); a.Status == http.StatusOK && a.Total >= 0 && n < q.Size && a.Total != int64(n) {
		d := &model.Difference{Sort: model.Total, Path: "meta.total of " + q.Raw(), Expected: fmt.Sprint(n), Actual: fmt.Sprint(a.Total)}
		p.accuse(q, blamed(q, d), d)
	}
}

// wanted reports whether the filter is needed, by itself or as a part of others.
func (p *space) wanted(query string) bool {
	tag, isTag := strings.CutPrefix(query, "tag_ids=")
	return p.only == nil || slices.ContainsFunc(p.only, func(q model.Question) bool {
		return slices.ContainsFunc(q.Filters, func(f model.Filter) bool {
			return f.Query == query || isTag && f.Joined && strings.Contains(f.Query, tag)
		})
	})
}

// some reports whether some tickets satisfy the filter and others do not.
func (p *space) some(f model.Filter) bool {
	return len(f.Holds) > 0 && len(f.Holds) < len(p.List.Rows)
}

// reveal adds a filter that the list itself decides, if it works alone.
func (p *space) reveal(f model.Filter) {
	f = p.List.Hold(f)
	if !p.wanted(f.Query) || !p.some(f) {
		return
	}
	q := p.Plain(f)
	if p.only != nil {
		p.Filters = append(p.Filters, f)
		return
	}
	switch d := p.differ(q); {
	case d == nil || usable(d):
		p.Filters = append(p.Filters, p.List.Hold(f))
	case d.Sort == model.Order: // the order is right without the filter
		p.accuse(q, blamed(p.Plain(), d), d)
	case p.blames(f) && (d.Sort == model.Foreign || d.Sort == model.Lost && len(f.Holds) <= p.Size):
		p.accuse(q, f.Clause, d)
	}
}

// works reports whether a filter is among those that work alone.
func (p *space) works(query string) bool {
	return slices.ContainsFunc(p.Filters, func(f model.Filter) bool { return f.Query == query })
}

// blames reports whether a filter that does not work alone is held against the
// target here: if others of its kind work or, for a list of statuses, if its
// last one works and so does the list without it.
func (p *space) blames(f model.Filter) bool {
	if list, ok := strings.CutPrefix(f.Query, "status="); ok && strings.Contains(list, ",") {
		all, last := list[:strings.LastIndex(list, ",")], list[strings.LastIndex(list, ",")+1:]
		return p.works("status="+all) && p.works("status="+last)
	}
	bound := strings.HasSuffix(f.Kind, "_after") || strings.HasSuffix(f.Kind, "_before") // bounds are asked for at several times of the day
	return bound || slices.ContainsFunc(p.Filters, func(g model.Filter) bool { return g.Kind == f.Kind })
}

// hide adds a filter that only the target can decide, if its answer adds up
// and tells tickets apart.
func (p *space) hide(f model.Filter) {
	if !p.wanted(f.Query) || p.hidden >= mostHidden || p.hidden >= fewHidden && (p.alive || !p.roomy()) {
		return
	}
	p.hidden++
	f.Holds = map[string]bool{}
	rows, ok := p.learned(p.Plain(f), hiddenPages)
	if !ok {
		p.doubtTotal(f)
		return
	}
	for _, r := range rows {
		f.Holds[model.ID(r)] = true
	}
	p.doubt(f)
	if p.some(f) {
		p.Filters = append(p.Filters, f)
	}
}
