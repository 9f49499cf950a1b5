package scenario

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var customFields = slices.Concat(fieldCombinations, planned(fieldPairs), fieldTypes, fieldMailboxes)

// The types of definitions whose values the documentation describes.
const (
	typeSelect      = "select"
	typeMultiSelect = "multi_select"
	typeDate        = "date"
	typeDateTime    = "date_time"
)

// emptyField is the value that asks for tickets without a stored value.
const emptyField = "__empty__"

// unknownField is a filter with a key that no definition has.
const unknownField = "custom_field_mockdesk_check_unknown="

// unlockSamples is what lets clauses about stored values be judged.
const unlockSamples = "inboxops.custom_fields with samples in --facts FILE"

var fieldTypes = []Scenario{
	{Clause: strict("IO-CF-07", listTickets, "An unknown field_key is 400."), Steady: true, Run: func(s *Session) {
		for _, value := range []string{"x", emptyField} {
			s.refuses(unknownField + value)
		}
	}},
	{Clause: strict("IO-CF-11", listTickets, "select: the option UUID matches.", clause.CustomFields), Run: func(s *Session) { s.matchesSamples(typeSelect) }},
	{Clause: strict("IO-CF-12", listTickets, "select: a non-UUID value is 400.", clause.CustomFields), Steady: true, Run: func(s *Session) {
		s.refusesOptions(typeSelect)
	}},
	{Clause: lenient("IO-CF-13", listTickets, "select: a UUID that is not an option matches nothing (400 or empty).", clause.CustomFields), Steady: true, Run: func(s *Session) {
		defs := s.fieldsOf(typeSelect)
		for _, def := range defs[:min(len(defs), 2)] {
			s.findsNothing(fieldQuery(def, NobodyTicket), http.StatusBadRequest)
		}
	}},
	{Clause: lenient("IO-CF-14", listTickets, "multi_select: the option UUID matches tickets holding that option.", clause.CustomFields), Run: func(s *Session) {
		s.matchesSamples(typeMultiSelect)
	}},
	{Clause: strict("IO-CF-15", listTickets, "multi_select: a non-UUID value is 400.", clause.CustomFields), Steady: true, Run: func(s *Session) {
		s.refusesOptions(typeMultiSelect)
	}},
	{Clause: strict("IO-CF-16", listTickets, "date: YYYY-MM-DD matches the stored day.", clause.CustomFields), Run: func(s *Session) { s.matchesSamples(typeDate) }},
	{Clause: strict("IO-CF-17", listTickets, "date: another format (25/12/2024) is 400.", clause.CustomFields), Steady: true, Run: func(s *Session) {
		s.refusesValues(typeDate, "25/12/2024", "not-a-date", "2024-12-25T00:00:00Z")
		if s.roomy() {
			s.refusesValues(typeDate, "2024-1-5")
		}
	}},
	{Clause: lenient("IO-CF-18", listTickets, "date: an impossible day (2024-02-30) is 400.", clause.CustomFields), Steady: true, Run: func(s *Session) {
		s.refusesValues(typeDate, "2024-02-30", "2023-02-29")
	}},
	{Clause: strict("IO-CF-19", listTickets, "date_time: an ISO 8601 instant matches the stored instant.", clause.CustomFields), Run: func(s *Session) {
		s.matchesSamples(typeDateTime)
	}},
	{Clause: strict("IO-CF-20", listTickets, "date_time: an unparseable value is 400.", clause.CustomFields), Steady: true, Run: func(s *Session) {
		s.refusesValues(typeDateTime, "not-a-date", "2024-13-25T10:00:00Z")
		if s.roomy() {
			s.refusesValues(typeDateTime, "2024-12-25T25:00:00Z")
		}
	}},
	{Clause: lenient("IO-CF-21", listTickets, "date_time: the same instant with another offset matches.", clause.CustomFields), Run: otherOffsets},
	{
		Clause: strict("IO-CF-24", listTickets, "The key in the parameter is the same snake_case key as in a ticket's custom_fields.", clause.CustomFields),
		Steady: true, Run: everyKey,
	},
	{Clause: lenient("IO-CF-25", also(listTickets, problems), "A 400 from a custom-field filter carries problem code bad_request."), Steady: true, Last: true, Run: func(s *Session) {
		faults := []string{unknownField + "x"}
		for _, def := range s.Facts().InboxOps.CustomFields {
			switch def.Type {
			case typeSelect, typeMultiSelect:
				faults = append(faults, fieldQuery(def, "not-a-uuid"))
			case typeDate, typeDateTime:
				faults = append(faults, fieldQuery(def, "not-a-date"))
			}
		}
		var requests []func()
		for _, q := range faults {
			requests = append(requests, func() { s.Get(target.ReadWrite, "/tickets", q) })
		}
		s.codeOf(http.StatusBadRequest, "bad_request", sent(http.MethodGet, "/tickets", "custom_field_"), requests...)
	}},
}

// fieldQuery filters by a custom field.
func fieldQuery(def facts.CustomField, value string) string {
	return Query("custom_field_"+def.Key, value)
}

// fieldsOf are the definitions of a type; it skips when there are none.
func (s *Session) fieldsOf(kind string) []facts.CustomField {
	out := only(s.Facts().InboxOps.CustomFields, func(def facts.CustomField) bool { return def.Type == kind })
	if len(out) == 0 {
		s.Skip("the facts name no custom field of type "+kind, "inboxops.custom_fields of type "+kind+" in --facts FILE")
	}
	return out
}

// refusesValues asserts that the definitions of a type refuse malformed values.
func (s *Session) refusesValues(kind string, malformed ...string) {
	for _, def := range s.fieldsOf(kind) {
		for _, value := range malformed {
			s.refuses(fieldQuery(def, value))
		}
	}
}

// refusesOptions asserts that definitions of a type refuse values that are not
// UUIDs: all a made-up text, and one of them also the label of an option.
func (s *Session) refusesOptions(kind string) {
	defs := s.fieldsOf(kind)
	for i, def := range defs[:min(len(defs), 2)] {
		values := []string{"not-a-uuid"}
		if s.roomy() {
			values = append(values, "7")
		}
		labelled := slices.IndexFunc(def.Options, func(o facts.Option) bool { return o.Label != "" && o.Label != o.ID })
		if i == 0 && labelled >= 0 {
			values = append(values, def.Options[labelled].Label)
		}
		for _, value := range values {
			s.refuses(fieldQuery(def, value))
		}
	}
}

// keyKnown reports whether the target knows the key of a definition at all,
// that is, whether it accepts the sample or, failing that, __empty__.
func (s *Session) keyKnown(def facts.CustomField) bool {
	for _, value := range []string{sampleOf(def), emptyField} {
		if _, _, status := s.peek(s.listQuery(fieldQuery(def, value), 1)); status != http.StatusBadRequest {
			return true
		}
	}
	return false
}

// sampleOf is a value the definition takes: that of its first sample, or
// __empty__.
func sampleOf(def facts.CustomField) string {
	if len(def.Samples) > 0 {
		return def.Samples[0].Value
	}
	return emptyField
}

// everyKey asks for every definition by its key.
func everyKey(s *Session) {
	var gone, known []string
	for _, def := range s.Facts().InboxOps.CustomFields {
		if s.keyKnown(def) {
			known = append(known, def.Key)
		} else {
			gone = append(gone, def.Key)
		}
	}
	s.asserts += len(known)
	outdated := s.outdated(gone, known)
	for _, key := range gone {
		if def := s.definition(key); s.knownInInbox(def) {
			s.Assert(false, "status of custom_field_"+key+" without inbox_id", "not refused, as with the inbox_id of one of its mailboxes", http.StatusBadRequest)
		} else if outdated {
			s.Remark("the facts name the custom field %s, which the target refuses as it refuses unknown ones: they may be out of date", key)
		} else {
			s.Assert(false, "status of custom_field_"+key, "not refused: the facts name the key", http.StatusBadRequest)
		}
	}
}

// definition returns the definition with the key, the zero value if there is
// none.
func (s *Session) definition(key string) facts.CustomField {
	for _, def := range s.Facts().InboxOps.CustomFields {
		if def.Key == key {
			return def
		}
	}
	return facts.CustomField{}
}

// knownInInbox reports whether the target knows a definition in combination
// with the inbox_id of a mailbox that it is limited to.
func (s *Session) knownInInbox(def facts.CustomField) bool {
	if len(def.InboxIDs) == 0 {
		return false
	}
	_, _, status := s.peek(Query("custom_field_"+def.Key, emptyField, "inbox_id", def.InboxIDs[0]))
	return status == http.StatusOK
}

// outdated reports whether the keys that the target refuses may have been
// deleted: it must refuse unknown keys, know most others, and not know the
// refused ones under another spelling.
func (s *Session) outdated(gone, known []string) bool {
	if len(gone) == 0 || len(gone) > len(known) {
		return false
	}
	if _, _, status := s.peek(unknownField + "x"); status != http.StatusBadRequest {
		return false
	}
	snake := func(key string) bool { return strings.Contains(key, "_") }
	if len(gone) > 1 && !slices.ContainsFunc(known, snake) && !slices.ContainsFunc(gone, func(key string) bool { return !snake(key) }) {
		return false // all that have an underscore, and no other
	}
	return !slices.ContainsFunc(gone, func(key string) bool {
		return snake(key) && slices.ContainsFunc([]string{camelCase(key), strings.ReplaceAll(key, "_", "")}, func(other string) bool {
			_, _, status := s.peek(s.listQuery(Query("custom_field_"+other, emptyField), 1))
			return status == http.StatusOK
		})
	})
}

// camelCase writes a snake_case key as some programs do.
func camelCase(key string) string {
	parts := strings.Split(key, "_")
	for i, part := range parts[1:] {
		if part != "" {
			parts[i+1] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return strings.Join(parts, "")
}
