package scenario

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// matchesSamples judges the definitions of a type by the tickets whose values
// the facts know.
func (s *Session) matchesSamples(kind string) {
	told := false
	for _, def := range s.fieldsOf(kind) {
		told = s.matches(def) || told
	}
	if !told {
		s.Skip("no stored value of a "+kind+" field is known that some tickets have and others have not", unlockSamples)
	}
}

// sampledTickets returns the samples of a definition whose tickets were met,
// and those tickets.
func (s *Session) sampledTickets(def facts.CustomField) (samples []facts.Sample, tickets []survey.Row) {
	for _, sample := range oddFirst(def.Samples) {
		if ticket, ok := s.listed(sample.TicketID); ok {
			samples, tickets = append(samples, sample), append(tickets, ticket)
		}
	}
	return samples, tickets
}

// oddValues are properties of values that are easily lost on the way.
var oddValues = []*regexp.Regexp{
	regexp.MustCompile(`\+`), regexp.MustCompile(`%`), regexp.MustCompile(`,`), regexp.MustCompile(`\?`), regexp.MustCompile(` `),
	regexp.MustCompile(`[^\x00-\x7f]`), regexp.MustCompile(`^-\d`), regexp.MustCompile(`^0$`), regexp.MustCompile(`-(29|30|31)(T|$)`),
}

// oddness is how many odd properties a value has.
func oddness(value string) int {
	n := 0
	for _, odd := range oddValues {
		if odd.MatchString(value) {
			n++
		}
	}
	return n
}

// oddFirst orders samples so that the first ones have the most odd properties
// between them.
func oddFirst(samples []facts.Sample) []facts.Sample {
	const most = 4 // in the new order; the others stay where they are
	out, met := slices.Clone(samples), map[*regexp.Regexp]bool{}
	for place := range min(most, len(out)) {
		best, news := place, 0
		for i := place; i < len(out); i++ {
			n := 0
			for _, odd := range oddValues {
				if !met[odd] && odd.MatchString(out[i].Value) {
					n++
				}
			}
			if n > news {
				best, news = i, n
			}
		}
		chosen := out[best]
		out = slices.Insert(slices.Delete(out, best, best+1), place, chosen)
		for _, odd := range oddValues {
			met[odd] = met[odd] || odd.MatchString(chosen.Value)
		}
	}
	return out
}

// mostSamples is how many values of a definition are asked for.
const mostSamples = 2

// matches asserts for known values of a definition that the tickets with the
// value are found and those with another one are not. It reports whether that
// could tell good from bad. IO-CF-24 judges a key that is not known at all.
func (s *Session) matches(def facts.CustomField) bool {
	samples, tickets := s.sampledTickets(def)
	if len(samples) == 0 || !s.keyKnown(def) {
		return false
	}
	told := false
	asked := map[string]bool{}
	var wrong []sampled
	for i, sample := range samples {
		if asked[sample.Value] || len(asked) == mostSamples {
			continue
		}
		asked[sample.Value] = true
		f := s.found(fieldQuery(def, sample.Value))
		if f.has(sample.TicketID) {
			s.besides(def, sample, tickets[i])
		}
		for i, ticket := range tickets {
			same := samples[i].Value == sample.Value
			if !f.covers(ticket) || !same && !surelyOther(def.Type, samples[i].Value, sample.Value) {
				continue
			}
			told = told || !same || s.narrows(f)
			s.asserts++
			if f.has(ticket.ID()) != same {
				wrong = append(wrong, sampled{samples[i], ticket, f, s.Last()})
			}
		}
	}
	s.accuse(def, samples, wrong)
	return told
}

// sampled is a stored value of a ticket and what a filter finds.
type sampled struct {
	facts.Sample
	ticket survey.Row
	finding
	seen *target.Exchange
}

// accuse holds wrong findings against the target, unless the value of a single
// ticket has changed since the facts were written. That is so if its value
// finds other tickets that have it, or if another value finds the ticket.
func (s *Session) accuse(def facts.CustomField, samples []facts.Sample, wrong []sampled) {
	one := !slices.ContainsFunc(wrong, func(w sampled) bool { return w.TicketID != wrong[0].TicketID })
	if len(wrong) > 0 && one && (wrong[0].findsAlike(samples) || def.Type != typeMultiSelect && s.holdsAnother(def, samples, wrong[0].Sample)) {
		s.Remark("the facts say that ticket %s has %s %s, and it has another value: they may be out of date", wrong[0].TicketID, def.Key, text(wrong[0].Value))
		return
	}
	for _, w := range wrong {
		s.fail(w.failure(def))
	}
}

// failure says that the finding has the ticket but should not, or the reverse.
func (w sampled) failure(def facts.CustomField) Failure {
	listed := w.has(w.ticket.ID())
	return Failure{
		Blame: valueClause(def), Path: "ticket " + w.ticket.ID() + " with " + def.Key + " " + text(w.Value) + " in the result of " + w.query,
		Expected: text(listing(!listed)), Actual: text(listing(listed)), Exchange: w.seen,
	}
}

// valueClause is the clause about the values of a definition.
func valueClause(def facts.CustomField) string {
	if len(def.InboxIDs) > 0 {
		return "IO-CF-22"
	}
	id, ok := map[string]string{typeSelect: "IO-CF-11", typeMultiSelect: "IO-CF-14", typeDate: "IO-CF-16", typeDateTime: "IO-CF-19"}[def.Type]
	if !ok {
		return "IO-CF-01"
	}
	return id
}

// findsAlike reports whether the finding has another ticket with the value.
func (w sampled) findsAlike(samples []facts.Sample) bool {
	return slices.ContainsFunc(samples, func(other facts.Sample) bool {
		return other.Value == w.Value && other.TicketID != w.TicketID && w.has(other.TicketID)
	})
}

// holdsAnother reports whether the ticket of a sample is found by another value
// and not by its own.
func (s *Session) holdsAnother(def facts.CustomField, samples []facts.Sample, of facts.Sample) bool {
	finds := func(value string) bool { return s.find(fieldQuery(def, value)).has(of.TicketID) }
	if finds(of.Value) {
		return false
	}
	others := []string{emptyField}
	for _, option := range def.Options {
		others = append(others, option.ID)
	}
	for _, sample := range samples {
		others = append(others, sample.Value)
	}
	const most = 8
	return slices.ContainsFunc(others[:min(len(others), most)], func(other string) bool {
		return surelyOther(def.Type, other, of.Value) && finds(other)
	})
}

// surelyOther reports whether two values of a type are different however they
// are compared.
func surelyOther(kind, a, b string) bool {
	switch kind {
	case typeMultiSelect:
		return false // a ticket may hold both values
	case typeDateTime:
		x, okX := survey.Instant(a)
		y, okY := survey.Instant(b)
		return okX && okY && x.Sub(y).Abs() >= time.Second
	case typeDate:
		return a != b
	}
	if x, err := strconv.ParseFloat(a, 64); err == nil {
		y, err := strconv.ParseFloat(b, 64)
		return err == nil && x != y
	}
	a, b = strings.ToLower(a), strings.ToLower(b)
	return !strings.Contains(a, b) && !strings.Contains(b, a)
}

// otherOffsets writes a known instant in other offsets.
func otherOffsets(s *Session) {
	for _, def := range s.fieldsOf(typeDateTime) {
		samples, tickets := s.sampledTickets(def)
		for i, sample := range samples[:min(len(samples), 1)] {
			at, ok := survey.Instant(sample.Value)
			plain := s.find(fieldQuery(def, sample.Value))
			if !ok || !plain.has(tickets[i].ID()) || !s.narrows(plain) {
				continue
			}
			for _, offset := range []int{5*3600 + 1800, -8 * 3600} {
				s.same(s.found(fieldQuery(def, at.In(time.FixedZone("", offset)).Format(time.RFC3339Nano))), plain)
			}
		}
	}
	s.SkipUnlessAsserted("no stored value of a date_time field is known that its own filter finds", unlockSamples)
}
