package scenario

import (
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// addFilters adds the filters that work, among those for which there are
// values.
func (p *space) addFilters() {
	p.addStatuses()
	p.addBound("created_after", 3, "IO-LIST-TICKETS-35")
	p.addBound("created_before", 6, "IO-LIST-TICKETS-36")
	p.addBound("updated_after", 3, "IO-LIST-TICKETS-38")
	p.addBound("updated_before", 6, "IO-LIST-TICKETS-39")
	p.addSearches()
	p.addFields()
	p.addWords("priority", "IO-LIST-TICKETS-29")
	p.addWords("inbox_id", "IO-LIST-TICKETS-22")
	p.addWords("assignee_id", "IO-LIST-TICKETS-25")
	p.offer("assignee_id", unassigned, "IO-LIST-TICKETS-26", func(r survey.Row) bool { return !r.Has("assignee_id") })
	p.addTags()
	p.addSuspected()
	p.choose()
	p.joinTags()
	p.addNeutral()
}

// addNeutral adds filters that should match all tickets, if they do.
func (p *space) addNeutral() {
	for _, q := range p.only {
		for _, f := range q.Filters {
			if f.Neutral {
				p.Neutral = append(p.Neutral, p.List.Hold(f))
			}
		}
	}
	if p.only != nil || !p.roomy() {
		return
	}
	var names []string
	for _, v := range survey.Values(p.List.Rows, "status") {
		names = append(names, v.Text)
	}
	filters := []model.Filter{{Kind: "status", Class: "list", Query: "status=" + strings.Join(names, ",")}}
	for _, name := range timeBounds {
		at := "2000-01-01T00:00:00Z"
		if strings.HasSuffix(name, "before") {
			at = "2100-01-01T00:00:00Z"
		}
		if name != p.bound {
			filters = append(filters, model.Filter{Kind: name, Class: name, Query: Query(name, at)})
		}
	}
	for _, f := range filters {
		f.Family, f.Neutral, f.Keep = f.Kind, true, func(survey.Row) bool { return true }
		f = p.List.Hold(f)
		q := p.Plain(f)
		switch d := p.differ(q); {
		case d == nil:
			p.Neutral = append(p.Neutral, f)
		case d.Sort == model.Refused && f.Class == "list" && p.statusesWork(names):
			p.put(q) // from memory: the last exchange is evidence
			p.accuse(q, "IO-LIST-TICKETS-61", d)
		}
	}
}

// statusesWork reports whether each of the statuses works alone and lists of
// some of them work.
func (p *space) statusesWork(names []string) bool {
	lists := slices.ContainsFunc(p.Filters, func(f model.Filter) bool { return f.Kind == "status" && f.Class == "list" })
	return lists && !slices.ContainsFunc(names, func(name string) bool { return !p.works("status=" + name) })
}

// addSuspected adds the filters of questions that were answered wrongly,
// because the present tickets may not lead to the same values again. joinTags
// makes the joined ones anew.
func (p *space) addSuspected() {
	for _, q := range p.only {
		for _, f := range q.Filters {
			if !f.Joined && !f.Neutral && !slices.ContainsFunc(p.offers, func(g model.Filter) bool { return g.Query == f.Query }) {
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

// addStatuses adds statuses, the rarer ones first, and then lists of two, three
// and four of them.
func (p *space) addStatuses() {
	var names []string
	for _, v := range survey.Values(p.List.Rows, "status") {
		names = append(names, v.Text)
	}
	slices.Reverse(names)
	if place := func(i int) int { return slices.Index(statusNames, names[i]) }; len(names) > 2 && place(0) < place(1) {
		names[0], names[1] = names[1], names[0] // in another order than the documentation's
	}
	for i, name := range names {
		of := "IO-LIST-TICKETS-19"
		if name == "open" {
			of = "IO-LIST-TICKETS-18"
		}
		p.offer("status", Query("status", name), of, textIs("status", name))
		switch i {
		case 2:
			p.offerStatuses(names[:2], "IO-LIST-TICKETS-20")
			p.offerStatuses(names[:3], "IO-LIST-TICKETS-61")
		case 3:
			p.offerStatuses(names[:4], "IO-LIST-TICKETS-61")
		}
	}
}

// offerStatuses offers a list of statuses.
func (p *space) offerStatuses(names []string, clause string) {
	p.offer("status", "status="+strings.Join(names, ","), clause, func(r survey.Row) bool { return slices.Contains(names, r.Text("status")) })
}

// addBound adds a bound on a time, at some tenths of all tickets.
func (p *space) addBound(name string, tenths int, clause string) {
	var times instants
	for _, r := range p.List.Rows {
		if at, ok := r.Time(timeOf(name)); ok {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	at, ok := times.clear(len(times) * tenths / 10)
	for place := range len(times) / 5 { // in the morning, where a twelve-hour clock would find other tickets
		if i, fits := times.clear(len(times)*tenths/10 + place); fits && i.UTC().Hour() < 12 {
			at = i
			break
		}
	}
	if !ok || name == p.bound {
		return
	}
	p.offer(name, Query(name, at.stamp()), clause, at.keep(name))
}

// bounds asks for all four time bounds at once, if each of them makes a
// difference.
func (p *space) bounds() []model.Question {
	q := p.Plain()
	for _, kind := range timeBounds {
		if i := slices.IndexFunc(p.Filters, func(f model.Filter) bool { return f.Kind == kind }); i >= 0 {
			q.Filters = append(q.Filters, p.Filters[i])
		}
	}
	if len(q.Filters) < 3 || !p.Tells(q) {
		return nil
	}
	return []model.Question{q}
}

// joinTags adds lists of two and three of the tags that work: what they must
// find follows without further requests.
func (p *space) joinTags() {
	var tags []model.Filter
	for _, f := range p.Filters {
		if f.Kind == "tags" {
			tags = append(tags, f)
		}
	}
	join := func(class string, some ...model.Filter) {
		query := some[0].Query
		for _, t := range some[1:] {
			query += "," + strings.TrimPrefix(t.Query, "tag_ids=")
		}
		f := p.List.Hold(model.Filter{
			Kind: "tags", Family: "tags", Class: class, Query: query, Clause: "IO-LIST-TICKETS-32", Joined: true,
			Keep: func(r survey.Row) bool {
				return !slices.ContainsFunc(some, func(t model.Filter) bool { return !t.Holds[model.ID(r)] })
			},
		})
		if len(f.Holds) > 0 && p.wanted(query) {
			p.Filters = append(p.Filters, f)
		}
	}
	for i, a := range tags {
		for j, b := range tags[i+1:] {
			join("two tags", a, b)
			for _, c := range tags[i+1+j+1:] {
				join("three tags", a, b, c)
			}
		}
	}
}

// addTags adds tags of the facts: those of the ticket known to have the most,
// so that some share tickets, and others spread over all tags.
func (p *space) addTags() {
	const most, spread = 5, 3
	var ids []string
	for _, known := range p.Facts().InboxOps.Tickets {
		if len(known.TagIDs) > len(ids) || len(known.TagIDs) == len(ids) && slices.Compare(known.TagIDs, ids) < 0 {
			ids = known.TagIDs
		}
	}
	ids = slices.Clone(ids[:min(len(ids), most-2)])
	tags := p.Facts().InboxOps.Tags
	for i := range min(spread, len(tags)) {
		ids = append(ids, tags[i*len(tags)/spread].ID)
	}
	for i, id := range ids[:min(len(ids), most)] {
		if !slices.Contains(ids[:i], id) {
			p.offer("tags", tagQuery(id), "IO-LIST-TICKETS-31", nil)
		}
	}
}

// addSearches adds frequent words of subjects that not every subject has, and
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
	if p.roomy() {
		p.offer("search", Query("query", b+" -"+a), "IO-LIST-TICKETS-15", nil)
		if hits := p.bodyHits(); len(hits) > 0 {
			p.offer("search", Query("query", hits[0].text), "IO-LIST-TICKETS-05", nil)
		}
	}
}

// addFields adds values of custom fields: one of each definition, and __empty__
// of every second definition or, with requests to spare, of all. Values that
// many tickets share come first.
func (p *space) addFields() {
	defs := p.coarseFirst()
	for _, def := range defs {
		if values := tried(def); len(values) > 0 {
			p.offer("custom_field_"+def.Key, fieldQuery(def, values[0]), "IO-CF-01", nil)
		}
	}
	for i, def := range defs {
		if i%2 == 0 || p.roomy() {
			p.offer("custom_field_"+def.Key, fieldQuery(def, emptyField), "IO-CF-04", nil)
		}
	}
}
