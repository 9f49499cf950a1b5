package scenario

import (
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// addFilters adds filters that work, of those there are values for.
func (p *space) addFilters() {
	p.addStatuses()
	for i, member := range []string{"created_at", "updated_at"} {
		name := strings.TrimSuffix(member, "at")
		clauses := [][2]string{{"IO-LIST-TICKETS-35", "IO-LIST-TICKETS-36"}, {"IO-LIST-TICKETS-38", "IO-LIST-TICKETS-39"}}[i]
		p.addBound(name+"after", member, 3, clauses[0])
		p.addBound(name+"before", member, 6, clauses[1])
	}
	p.addSearches()
	p.addFields()
	p.addWords("priority", "IO-LIST-TICKETS-29")
	p.addWords("inbox_id", "IO-LIST-TICKETS-22")
	p.addWords("assignee_id", "IO-LIST-TICKETS-25")
	p.offer("assignee_id", unassigned, "IO-LIST-TICKETS-26", func(r survey.Row) bool { return !r.Has("assignee_id") })
	p.addTags()
	p.addSuspected()
	p.choose()
}

// addSuspected adds the filters of what was answered wrongly, whose values the
// tickets may not let choose any more.
func (p *space) addSuspected() {
	for _, q := range p.only {
		for _, f := range q.Filters {
			if !slices.ContainsFunc(p.offers, func(g model.Filter) bool { return g.Query == f.Query }) {
				p.offers = append(p.offers, f)
			}
		}
	}
}

// unassigned asks for tickets without an assignee.
const unassigned = "assignee_id=__unassigned__"

// mostWords is how many values of a member are asked for.
const mostWords = 5

// addWords adds the values that a member has.
func (p *space) addWords(member, clause string) {
	values := survey.Values(p.List.Rows, member)
	for _, v := range values[:min(len(values), mostWords)] {
		p.offer(member, Query(member, v.Text), clause, textIs(member, v.Text))
	}
}

// addStatuses adds statuses, the rarer ones first, and after those that they
// are made of lists of two and of three.
func (p *space) addStatuses() {
	var names []string
	for _, v := range survey.Values(p.List.Rows, "status") {
		names = append(names, v.Text)
	}
	slices.Reverse(names)
	for i, name := range names {
		of := "IO-LIST-TICKETS-19"
		if name == "open" {
			of = "IO-LIST-TICKETS-18"
		}
		p.offer("status", Query("status", name), of, textIs("status", name))
		if i != 2 {
			continue
		}
		p.offerStatuses(names[:2], "IO-LIST-TICKETS-20")
		p.offerStatuses(names[:3], "IO-LIST-TICKETS-61")
	}
}

// offerStatuses offers a list of statuses.
func (p *space) offerStatuses(names []string, clause string) {
	p.offer("status", "status="+strings.Join(names, ","), clause, func(r survey.Row) bool { return slices.Contains(names, r.Text("status")) })
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
	if !ok || name == p.bound {
		return
	}
	keep := at.later(member)
	if strings.HasSuffix(name, "before") {
		keep = at.earlier(member)
	}
	p.offer(name, Query(name, at.stamp()), clause, keep)
}

// addTags adds tags of the facts, spread over all, and two that share tickets.
func (p *space) addTags() {
	const most = 4
	tags := p.Facts().InboxOps.Tags
	for i := range min(most, len(tags)) {
		p.offer("tags", tagQuery(tags[i*len(tags)/most%len(tags)].ID), "IO-LIST-TICKETS-31", nil)
	}
}

// addSearches adds frequent words of subjects that are not everywhere, and
// operators on them.
func (p *space) addSearches() {
	const most = 3
	var words []string
	for _, w := range survey.Words(p.List.Rows, "subject") {
		if n := len(w.Rows); n >= 2 && n <= len(p.List.Rows)/2 {
			words = append(words, w.Text)
		}
	}
	for i := range min(most, len(words)) {
		p.offer("search", Query("query", words[len(words)-1-i]), "IO-LIST-TICKETS-04", nil)
	}
	if len(words) < 2 {
		return
	}
	a, b := words[len(words)-1], words[len(words)/2]
	p.offer("search", Query("q", a), "IO-LIST-TICKETS-06", nil)
	p.offer("search", Query("query", a+" or "+b), "IO-LIST-TICKETS-14", nil)
	p.offer("search", Query("query", "-"+a), "IO-LIST-TICKETS-15", nil)
}

// addFields adds values of custom fields, one of each definition and
// __empty__ of every other, those first that many tickets share.
func (p *space) addFields() {
	defs := p.coarseFirst()
	for _, def := range defs {
		if values := tried(def); len(values) > 0 {
			p.offer("custom_field_"+def.Key, fieldQuery(def, values[0]), "IO-CF-01", nil)
		}
	}
	for i := 0; i < len(defs); i += 2 {
		p.offer("custom_field_"+defs[i].Key, fieldQuery(defs[i], emptyField), "IO-CF-04", nil)
	}
}
