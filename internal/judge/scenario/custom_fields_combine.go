package scenario

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var fieldCombinations = []Scenario{
	{Clause: strict("IO-CF-01", listTickets, "custom_field_<key>=<value> keeps only tickets whose stored value matches.", clause.CustomFields), Late: true, Run: storedValues},
	{Clause: strict("IO-CF-04", listTickets, "Value __empty__ keeps only tickets without a stored value.", clause.CustomFields), Run: withoutValue},
	{
		Clause: strict("IO-CF-05", listTickets, "__empty__ is accepted for a select, a date and a date_time field.", clause.CustomFields),
		Steady: true, Run: emptyAccepted,
	},
	{Clause: strict("IO-CF-06", listTickets, "A plain value and __empty__ partition tickets: no ticket is in both.", clause.CustomFields), Run: disjointValues},
	{
		Clause: strict("IO-CF-08", listTickets, "The same custom_field_ name sent twice with two different values is 400.", clause.CustomFields),
		Steady: true, Run: sameKeyTwice,
	},
	{Clause: strict("IO-CF-09", listTickets, "Ten distinct known keys are accepted.", clause.CustomFields), Steady: true, Run: func(s *Session) {
		s.Get(target.ReadWrite, "/tickets", s.manyFields(10)).Status(http.StatusOK)
	}},
	{Clause: strict("IO-CF-10", listTickets, "Eleven distinct known keys are 400.", clause.CustomFields), Steady: true, Run: func(s *Session) {
		eleven := s.manyFields(11)
		if _, _, status := s.peek(s.manyFields(10)); status != http.StatusOK {
			s.Skip("ten keys are refused as well, which another clause judges", "")
		}
		s.refuses(eleven)
		others, last, _ := strings.Cut(eleven, "&")
		if name, _, _ := strings.Cut(others, "="); s.narrows(s.find(name + "=" + emptyField)) {
			s.refuses(name + "=" + emptyField + "&" + last)
		}
		if s.roomy() {
			s.refuses(allEmpty(eleven))
		}
	}},
}

var fieldPairs = []topic[model.Question]{
	{
		strict("IO-CF-02", listTickets, "Two different custom-field filters combine with AND.", clause.CustomFields),
		"pair of custom fields", with(fields, fields),
	},
	{
		strict("IO-CF-03", listTickets, "A custom-field filter combines with a normal filter with AND.", clause.CustomFields),
		"custom field with another filter", fieldAndShown,
	},
}

// documented are the types that clauses of their own judge.
var documented = []string{typeSelect, typeMultiSelect, typeDate, typeDateTime}

// plainFields returns one definition of each type, first those of types that no
// other clause is about.
func (s *Session) plainFields() []facts.CustomField {
	var out, typed []facts.CustomField
	seen := map[string]bool{}
	for _, def := range s.Facts().InboxOps.CustomFields {
		switch {
		case seen[def.Type] || len(def.Samples) == 0 || len(def.InboxIDs) > 0:
			continue
		case slices.Contains(documented, def.Type):
			typed = append(typed, def)
		default:
			out = append(out, def)
		}
		seen[def.Type] = true
	}
	return append(out, typed...)
}

// storedValues judges up to three definitions by known values, or all that are
// given.
func storedValues(s *Session) {
	const most = 3
	told := 0
	for _, def := range s.plainFields() {
		if s.matches(def) {
			told++
		}
		if told >= most && !s.surplus() || s.Failed() {
			break
		}
	}
	if told == 0 {
		s.Skip("no stored value is known that some tickets have and others have not", unlockSamples)
	}
	if !s.Failed() && !s.many() {
		s.allValues()
	}
}

const (
	// mostKeys is how many custom fields a query may have.
	mostKeys = 10
	// mostHolders is how many tickets are asked for by all their values.
	mostHolders = 7
)

// allValues asks for each ticket by all values that the facts know of it, which
// tries many odd values in few requests. If that does not find a ticket, the
// values are asked for one by one.
func (s *Session) allValues() {
	held := map[string][]string{} // queries by ticket id
	odd := map[string]int{}       // how many of these are odd
	defs := map[string]facts.CustomField{}
	for _, def := range s.Facts().InboxOps.CustomFields {
		samples, tickets := s.sampledTickets(def)
		for i, sample := range samples {
			q := fieldQuery(def, sample.Value)
			id := tickets[i].ID()
			alike := slices.ContainsFunc(held[id], func(other string) bool { return defs[other].Key == def.Key })
			if defs[q] = def; !alike && len(held[id]) < mostKeys {
				held[id] = append(held[id], q)
				odd[id] += min(oddness(sample.Value), 1)
			}
		}
	}
	ids := slices.SortedFunc(maps.Keys(held), func(a, b string) int {
		return cmp.Or(cmp.Compare(odd[b], odd[a]), cmp.Compare(len(held[b]), len(held[a])), cmp.Compare(a, b))
	})
	most := mostHolders
	if s.roomy() {
		most *= 2
	}
	for _, id := range ids[:min(len(ids), most)] {
		if all := s.find(strings.Join(held[id], "&")); all.status == http.StatusOK && all.whole && !all.has(id) {
			s.oneByOne(id, held[id], defs)
		}
	}
}

// oneByOne looks for the value by which a ticket is not found.
func (s *Session) oneByOne(id string, queries []string, defs map[string]facts.CustomField) {
	for _, q := range queries {
		f := s.find(q)
		if f.status != http.StatusOK || !f.whole {
			return // what they find together proves nothing
		}
		if f.has(id) {
			continue
		}
		samples, tickets := s.sampledTickets(defs[q])
		i := slices.IndexFunc(samples, func(sample facts.Sample) bool {
			return strings.EqualFold(sample.TicketID, id) && fieldQuery(defs[q], sample.Value) == q
		})
		s.accuse(defs[q], samples, []sampled{{samples[i], tickets[i], f, s.Last()}})
		return
	}
	s.Assert(false, "ticket "+id+" in the result of "+strings.Join(queries, "&"), listing(true)+", as by each of these alone", listing(false))
}

// coarseFirst returns the definitions, those of coarse types first.
func (s *Session) coarseFirst() []facts.CustomField {
	defs := slices.Clone(s.Facts().InboxOps.CustomFields)
	slices.SortStableFunc(defs, func(a, b facts.CustomField) int { return coarseness(b) - coarseness(a) })
	return defs
}

// coarseness ranks types by how few different values they have.
func coarseness(def facts.CustomField) int {
	switch def.Type {
	case typeSelect:
		return 3
	case "boolean":
		return 2
	case typeMultiSelect:
		return 1
	default:
		return 0
	}
}

// overlap reports whether some ticket is in both findings, and whether each has
// one that the other lacks.
func overlap(a, b finding) (both, differ bool) {
	onlyA, onlyB := false, false
	for _, r := range a.rows {
		both = both || b.has(r.ID())
		onlyA = onlyA || b.covers(r) && !b.has(r.ID())
	}
	for _, r := range b.rows {
		onlyB = onlyB || a.covers(r) && !a.has(r.ID())
	}
	return both, onlyA && onlyB
}

// sameKeyTwice sends two valid values of one definition, the same for a
// definition without options, and __empty__ together with a value.
func sameKeyTwice(s *Session) {
	told := map[string]bool{} // by whether the definition has options or, with requests to spare, by its type
	for _, def := range s.Facts().InboxOps.CustomFields {
		values, choice := validValues(def), "value"
		switch {
		case s.roomy():
			choice = def.Type
		case len(def.Options) > 0:
			choice = "option"
		}
		if len(values) < 2 || told[choice] {
			continue
		}
		a, b := fieldQuery(def, values[0]), fieldQuery(def, values[1])
		if s.find(a).status != http.StatusOK || s.find(b).status != http.StatusOK {
			continue // refused for another reason
		}
		s.refuses(a + "&" + b)
		if len(told) == 0 && s.narrows(s.find(fieldQuery(def, emptyField))) {
			s.refuses(a + "&" + fieldQuery(def, emptyField))
		}
		if len(told) == 0 && s.roomy() { // nor may another parameter between the two make a difference
			s.refuses(a + "&sort=created_at&" + b)
		}
		told[choice] = true
	}
	if len(told) == 0 {
		s.Skip("no custom field is known with two values that the target takes", unlockSamples)
	}
}

// validValues returns different values that a definition accepts.
func validValues(def facts.CustomField) []string {
	var out []string
	for _, option := range def.Options {
		out = append(out, option.ID)
	}
	for _, sample := range def.Samples {
		if !slices.ContainsFunc(out, func(v string) bool { return strings.EqualFold(v, sample.Value) }) {
			out = append(out, sample.Value)
		}
	}
	return out
}

// tried returns values of a definition that tickets may have: those that the
// facts know, and all that the type allows if these are few.
func tried(def facts.CustomField) []string {
	var out []string
	for _, sample := range oddFirst(def.Samples) {
		out = append(out, sample.Value)
	}
	for _, option := range def.Options {
		out = append(out, option.ID)
	}
	if def.Type == "boolean" {
		out = append(out, "true", "false")
	}
	return out
}

// allEmpty asks for __empty__ of each definition of the query.
func allEmpty(query string) string {
	var out []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		out = append(out, name+"="+emptyField)
	}
	return strings.Join(out, "&")
}

// manyFields returns a filter by n definitions at once, each with a value that
// the target accepts alone; it skips when there are fewer.
func (s *Session) manyFields(n int) string {
	var queries []string
	for _, def := range s.Facts().InboxOps.CustomFields {
		q := fieldQuery(def, sampleOf(def))
		if _, _, status := s.peek(s.listQuery(q, 1)); status != http.StatusOK {
			continue // refused for another reason than the number of keys
		}
		if queries = append(queries, q); len(queries) == n {
			return strings.Join(queries, "&")
		}
	}
	s.Skip("fewer custom fields are known than have to be sent at once", "eleven inboxops.custom_fields in --facts FILE")
	return ""
}
