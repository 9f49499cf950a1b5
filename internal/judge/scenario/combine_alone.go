package scenario

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// Planned questions take what such filters find, which only the target can
// decide, as the truth. Here it is compared with everything else that is known
// about it, without further requests.

// doubt holds it against the target if a filter finds what it cannot find.
func (p *space) doubt(f model.Filter) {
	p.alone = append(p.alone, f)
	name, isField := strings.CutPrefix(f.Kind, "custom_field_")
	if isField {
		p.doubtSamples(f, p.definition(name))
	}
	for _, other := range p.alone[:len(p.alone)-1] {
		switch {
		case !p.some(other): // which its own clause judges
		case strings.TrimPrefix(f.Query, "q=") == strings.TrimPrefix(other.Query, "query="):
			p.doubtPair(f, other, "IO-LIST-TICKETS-06", "the tickets that "+other.Query+" finds", p.missed(f, other))
		case isField && f.Kind == other.Kind && isEmpty(other) != isEmpty(f) && p.some(f):
			p.doubtPair(f, other, "IO-CF-06", "no ticket that "+other.Query+" finds", p.shared(f, other))
		}
	}
}

// isEmpty reports whether the filter asks for tickets without a value.
func isEmpty(f model.Filter) bool { return strings.HasSuffix(f.Query, "="+emptyField) }

// missed returns a ticket that the other filter finds and f does not, or, if f
// finds all tickets, one that the other does not find; "" for none.
func (p *space) missed(f, other model.Filter) string {
	all := len(f.Holds) == len(p.List.Rows)
	for _, r := range p.List.Rows {
		if id := model.ID(r); f.Holds[id] == all && other.Holds[id] != all {
			return id
		}
	}
	return ""
}

// shared is a ticket that both filters find, or "".
func (p *space) shared(a, b model.Filter) string {
	for _, r := range p.List.Rows {
		if id := model.ID(r); a.Holds[id] && b.Holds[id] {
			return id
		}
	}
	return ""
}

// doubtPair holds the ticket for which two filters contradict each other
// against the target; "" is none.
func (p *space) doubtPair(f, other model.Filter, clause, expected, id string) {
	if id == "" {
		return
	}
	q := p.Plain(f)
	p.put(q) // from memory: the last exchange is evidence
	path := "data of " + q.Raw()
	q.Filters = append(q.Filters, other) // so that both are asked again
	p.accuse(q, clause, &model.Difference{Path: path, Expected: expected, Actual: "another result: ticket " + id})
}

// doubtSamples compares what a value of a custom field finds with the values
// that the facts know. A single ticket that has another value now means that
// the facts are out of date, which the clauses about the values look into.
func (p *space) doubtSamples(f model.Filter, def facts.CustomField) {
	wrong := map[string]string{} // by id, the value that the facts know
	for _, sample := range def.Samples {
		id := strings.ToLower(sample.TicketID)
		known := slices.ContainsFunc(p.List.Rows, func(r survey.Row) bool { return model.ID(r) == id })
		same := f.Query == fieldQuery(def, sample.Value)
		if known && f.Holds[id] != same && (same || isEmpty(f) || surelyOther(def.Type, sample.Value, valueOf(f))) {
			wrong[id] = sample.Value
		}
	}
	if len(wrong) < 2 {
		return
	}
	id := slices.Min(slices.Collect(maps.Keys(wrong)))
	q := p.Plain(f)
	p.put(q)
	p.accuse(q, f.Clause, &model.Difference{
		Path: "data of " + q.Raw(), Expected: listing(!f.Holds[id]) + ": ticket " + id + ", with " + def.Key + " " + text(wrong[id]), Actual: listing(f.Holds[id]),
	})
}

// valueOf is the value that a filter asks for.
func valueOf(f model.Filter) string {
	_, value, _ := strings.Cut(f.Query, "=")
	decoded, err := url.QueryUnescape(value)
	if err != nil {
		return value
	}
	return decoded
}
