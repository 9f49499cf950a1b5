package scenario

import (
	"fmt"
	"net/http"
	"slices"
)

// withoutValue asks for tickets without a value. They must not include one that
// is known to have a value and, if the values can be counted, must include all
// others.
func withoutValue(s *Session) {
	told := s.emptyRest()
	asked := map[string]bool{}
	for _, def := range s.plainFields() {
		samples, tickets := s.sampledTickets(def)
		if len(asked) == mostSamples || slices.Contains(documented, def.Type) && told || len(samples) == 0 || !s.keyKnown(def) {
			continue
		}
		asked[def.Key] = true
		f := s.found(fieldQuery(def, emptyField))
		for i, ticket := range tickets {
			if f.covers(ticket) {
				told = told || len(f.rows) > 0
				s.shows(f, ticket, false, "with "+def.Key+" "+text(samples[i].Value)+" in the result of "+f.query)
			}
		}
	}
	if !told {
		s.Skip("no ticket with a stored value is known, or every ticket has one", unlockSamples)
	}
}

// emptyRest asserts that true, false and __empty__ of a boolean divide up all
// tickets, and reports whether it could. It does not do so for the options of a
// select, because a ticket may hold one that was retired.
func (s *Session) emptyRest() bool {
	all := s.Tickets().Total
	if _, total, _ := s.peek(pageQuery(1, 1)); total != all || !s.Tickets().Complete {
		return false // the totals are not to be relied on
	}
	for _, def := range s.Facts().InboxOps.CustomFields {
		value := sampleOf(def)
		if def.Type != "boolean" || len(def.InboxIDs) > 0 || value != "true" && value != "false" {
			continue
		}
		yes, no, empty := s.find(fieldQuery(def, "true")), s.find(fieldQuery(def, "false")), s.find(fieldQuery(def, emptyField))
		if !s.narrows(yes) || !s.narrows(no) || empty.status != http.StatusOK || max(yes.total, no.total, empty.total) >= all {
			continue
		}
		sum := yes.total + no.total + empty.total
		s.Assert(sum == all, "totals of "+def.Key+" true, false and __empty__ together", fmt.Sprintf("%d, that of all tickets", all), sum)
		return true
	}
	return false
}

// emptyAccepted asks for tickets without a value where values are validated.
func emptyAccepted(s *Session) {
	asked := map[string]bool{}
	for _, def := range s.Facts().InboxOps.CustomFields {
		if asked[def.Type] || def.Type == typeMultiSelect || !slices.Contains(documented, def.Type) || !s.keyKnown(def) {
			continue
		}
		asked[def.Type] = true
		_, _, status := s.peek(s.listQuery(fieldQuery(def, emptyField), 1))
		s.Assert(status == http.StatusOK, "status of "+fieldQuery(def, emptyField)+", a "+def.Type, http.StatusOK, status)
	}
	s.SkipUnlessAsserted("the facts name no custom field of type select, date or date_time", "inboxops.custom_fields in --facts FILE")
}

// disjointValues looks for tickets that are found both by a value and by
// __empty__, for definitions of some types. Coarse types come first, since
// their values find more.
func disjointValues(s *Session) {
	const most = 3
	judged, tried := false, map[string]bool{}
	for _, def := range s.coarseFirst() {
		samples, tickets := s.sampledTickets(def)
		if len(tried) == most || tried[def.Type] || len(samples) == 0 || len(def.InboxIDs) > 0 {
			continue
		}
		f := s.find(fieldQuery(def, samples[0].Value))
		if !s.narrows(f) || !f.has(tickets[0].ID()) {
			continue
		}
		tried[def.Type] = true
		empty := s.find(fieldQuery(def, emptyField))
		if !s.narrows(empty) {
			continue
		}
		judged = judged || slices.ContainsFunc(f.rows, empty.covers)
		both := only(IDs(f.rows), empty.has)
		s.Assert(len(both) == 0, "tickets that both "+f.query+" and "+empty.query+" find", "none", both)
	}
	if !judged {
		s.Skip("no custom field is known that some tickets have a value of and others have not", unlockSamples)
	}
}
