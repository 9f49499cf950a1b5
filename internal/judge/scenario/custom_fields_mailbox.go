package scenario

import (
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

var fieldMailboxes = []Scenario{
	{Clause: strict("IO-CF-22", listTickets, "A definition limited to some mailboxes matches a ticket in a linked inbox.", clause.CustomFields), Run: func(s *Session) {
		told := false
		for _, def := range s.limitedFields() {
			def.Samples = only(def.Samples, func(sample facts.Sample) bool {
				ticket, ok := s.listed(sample.TicketID)
				return ok && linked(def, ticket)
			})
			told = s.matches(def) || told
		}
		if !told {
			s.Skip("no stored value of a custom field limited to mailboxes is known on a ticket of such a mailbox", unlockSamples)
		}
	}},
	{
		Clause: strict("IO-CF-23", listTickets, "A definition limited to some mailboxes does not match a ticket in an unlinked inbox.", clause.CustomFields),
		Run:    unlinkedInboxes,
	},
}

// linked reports whether the definition applies to the ticket's inbox.
func linked(def facts.CustomField, ticket survey.Row) bool {
	return slices.ContainsFunc(def.InboxIDs, func(id string) bool { return strings.EqualFold(id, ticket.Text("inbox_id")) })
}

// limitedFields are the definitions limited to mailboxes while other
// mailboxes have tickets.
func (s *Session) limitedFields() []facts.CustomField {
	out := only(s.Facts().InboxOps.CustomFields, func(def facts.CustomField) bool {
		outside := func(r survey.Row) bool { return r.Text("inbox_id") != "" && !linked(def, r) }
		return len(def.InboxIDs) > 0 && slices.ContainsFunc(s.Tickets().Rows, outside)
	})
	if len(out) == 0 {
		s.Skip("the facts name no custom field limited to some of the mailboxes that have tickets",
			"inboxops.custom_fields with inbox_ids in --facts FILE")
	}
	return out
}

// unlinkedInboxes asks for values of limited definitions.
func unlinkedInboxes(s *Session) {
	rows := 0
	for _, def := range s.limitedFields() {
		values := validValues(def)
		for _, value := range values[:min(len(values), mostSamples)] {
			f := s.find(fieldQuery(def, value))
			rows += len(f.rows)
			for _, r := range append(slices.Clone(f.rows), s.tail(f)...) {
				s.AssertRow(r.Text("inbox_id") == "" || linked(def, r), r, "inbox_id", "a mailbox that "+def.Key+" is linked to")
			}
		}
	}
	if rows == 0 {
		s.Skip("no ticket has a known value of a custom field limited to mailboxes", unlockSamples)
	}
}
