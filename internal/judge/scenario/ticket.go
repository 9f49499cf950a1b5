package scenario

import (
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var ticketRow = []Scenario{
	{Clause: strict("IO-TICKET-01", listTickets, "id is a UUID string."), Steady: true, Run: shape("ticket", (*Session).tickets)},
	{Clause: strict("IO-TICKET-02", listTickets, "ticket_number is an integer."), Steady: true, Run: shape("ticket", (*Session).tickets)},
	{Clause: lenient("IO-TICKET-03", listTickets, "subject is a string (or null)."), Steady: true, Run: shape("ticket", (*Session).tickets, "subject")},
	{Clause: lenient("IO-TICKET-04", listTickets, "inbox_id is a UUID string (or null)."), Steady: true, Run: shape("ticket", (*Session).tickets, "inbox_id")},
	{Clause: strict("IO-TICKET-05", listTickets, "status is one of open, in_progress, waiting, resolved, closed."), Steady: true, Run: shape("ticket", (*Session).tickets)},
	{Clause: lenient("IO-TICKET-06", listTickets, "status_id is a UUID string (or null)."), Steady: true, Run: shape("ticket", (*Session).tickets, "status_id")},
	{Clause: lenient("IO-TICKET-07", listTickets, "status_name is a string (or null)."), Steady: true, Run: shape("ticket", (*Session).tickets, "status_name")},
	{Clause: lenient("IO-TICKET-08", listTickets, "status_color is a hex colour string (or null)."), Steady: true, Run: shape("ticket", (*Session).tickets, "status_color")},
	{Clause: strict("IO-TICKET-09", listTickets, "priority is one of low, normal, high, urgent."), Steady: true, Run: shape("ticket", (*Session).tickets)},
	{Clause: lenient("IO-TICKET-10", listTickets, "priority_id, priority_name, priority_color have the same types as their status counterparts."), Steady: true, Run: shape("ticket", (*Session).tickets, "priority_id", "priority_name", "priority_color")},
	{Clause: lenient("IO-TICKET-11", listTickets, "assignee_id and contact_id are UUID strings or null."), Steady: true, Run: shape("ticket", (*Session).tickets, "assignee_id", "contact_id")},
	{Clause: lenient("IO-TICKET-12", listTickets, "remind_at is a date-time or null; remind_transition_status_id a UUID or null."), Steady: true, Run: shape("ticket", (*Session).tickets, "remind_at", "remind_transition_status_id")},
	{Clause: strict("IO-TICKET-13", listTickets, "created_at and updated_at are RFC 3339 date-times."), Steady: true, Run: shape("ticket", (*Session).tickets)},
	{Clause: lenient("IO-TICKET-14", listTickets, "updated_at is not before created_at."), Steady: true, Run: updatedAfterCreated},
	{Clause: strict("IO-TICKET-15", listTickets, "Ticket ids are unique within a listing."), Last: true, Run: ticketsOnce},
	{Clause: lenient("IO-TICKET-16", listTickets, "remind_at is unset on tickets that never moved to waiting."), Steady: true, Run: remindersOfWaiting},
	{Clause: lenient("IO-TICKET-17", listTickets, "All 18 documented keys are present on each row (null allowed)."), Steady: true, Run: ticketKeys},
	{Clause: lenient("IO-TICKET-18", listTickets, "ticket_number is unique within a listing, and a ticket has the same row in every list."), Late: true, Run: func(s *Session) {
		owners := map[int64]string{}
		for _, r := range s.tickets() {
			n, ok := r.Number("ticket_number")
			if owner, known := owners[n]; ok && known {
				s.AssertRow(owner == r.ID(), r, "ticket_number", "a number that ticket "+owner+" has not")
			}
			owners[n] = r.ID()
			s.asserts++
		}
		if len(owners) >= fewTickets && !s.Failed() {
			s.combinations().tell(s, isPlanned)
		}
	}},
}

// slack is how far apart two times of the same moment may be: servers set them
// one after the other and round them.
const slack = time.Second

// updatedAfterCreated leaves values that are not times to IO-TICKET-13.
func updatedAfterCreated(s *Session) {
	for _, r := range s.tickets() {
		created, ok := r.Time("created_at")
		updated, both := r.Time("updated_at")
		if ok && both {
			s.AssertRow(created.Sub(updated) < slack, r, "updated_at", "not before created_at "+r.Text("created_at"))
		}
	}
	s.lookedAtSome("ticket has both times")
}

// ticketsOnce looks at every page of the list and at a search that a ticket
// satisfies by several of its messages.
func ticketsOnce(s *Session) {
	s.each(s.lists(), func(e *target.Exchange) {
		if rows, _, err := survey.List(e, "data"); err == nil {
			s.uniqueTickets(rows)
		}
	})
	s.uniqueTickets(s.tickets())
	word := s.repeatedWord()
	if word == "" {
		return
	}
	if rows, _, err := survey.List(s.exchange(target.ReadWrite, "/tickets", Query("query", word, "sort", "created_at", "order", "asc")), "data"); err == nil {
		s.uniqueTickets(rows)
	}
}

// uniqueTickets asserts that no two rows have the same id. IO-LIST-TICKETS-50
// and -51 judge a whole ticket that comes again on another page.
func (s *Session) uniqueTickets(rows []survey.Row) {
	seen := make(map[string]survey.Row, len(rows))
	for _, r := range rows {
		id := strings.ToLower(r.ID())
		first, again := seen[id]
		again = again && id != "" && (first.From == r.From || first.Fields["ticket_number"] != r.Fields["ticket_number"])
		s.AssertRow(!again, r, "id", "an id that no other ticket of the listing has")
		seen[id] = r
	}
}

// repeatedWord is a searchable word that several messages of one ticket hold,
// the one that is in the fewest timelines; "" when there is none.
func (s *Session) repeatedWord() string {
	timelines, repeated := map[string]int{}, map[string]bool{}
	for _, t := range s.Timelines() {
		messages := map[string]int{}
		for _, m := range t.Messages {
			for _, w := range survey.TextWords(m.Text("body_text")) {
				messages[w]++
			}
		}
		for w, n := range messages {
			timelines[w]++
			repeated[w] = repeated[w] || n > 1
		}
	}
	best := ""
	for w := range repeated {
		rarer := best == "" || timelines[w] < timelines[best] || timelines[w] == timelines[best] && w < best
		if repeated[w] && rarer {
			best = w
		}
	}
	return best
}

// remindersOfWaiting looks at tickets that have not changed since they were
// created, and so never changed their status. Other tickets cannot be judged
// from outside.
func remindersOfWaiting(s *Session) {
	for _, r := range s.tickets() {
		created, ok := r.Time("created_at")
		updated, both := r.Time("updated_at")
		status := r.Text("status")
		if ok && both && status != "" && status != "waiting" && updated.Sub(created) < slack {
			_, set := r.Time("remind_at") // IO-TICKET-12 judges values that are not times
			s.AssertRow(!set, r, "remind_at", "null: the ticket is "+status+" and did not change since it was created")
		}
	}
	s.lookedAtSome("ticket outside waiting is as it was created")
}

// The documented members of a ticket.
var (
	// neverNull are those that cannot be null.
	neverNull = []string{"id", "ticket_number", "status", "priority", "created_at", "updated_at"}
	// alwaysKnown are those that some ticket of any workspace has.
	alwaysKnown = []string{
		"subject", "inbox_id", "status_id", "status_name", "status_color", "priority_id", "priority_name", "priority_color",
	}
	// mayBeUnset are those that a workspace may never set.
	mayBeUnset = []string{"assignee_id", "contact_id", "remind_at", "remind_transition_status_id"}
)

// ticketKeys tolerates a key that is left out instead of null, if the target
// leaves that key out throughout.
func ticketKeys(s *Session) {
	rows := s.tickets()
	for _, key := range slices.Concat(neverNull, alwaysKnown, mayBeUnset) {
		there, null := 0, 0
		for _, r := range rows {
			v, ok := r.Fields[key]
			if ok {
				there++
			}
			if ok && v == nil {
				null++
			}
		}
		switch {
		case null > 0 || slices.Contains(neverNull, key):
			for _, r := range rows {
				_, ok := r.Fields[key]
				s.AssertRow(ok, r, key, "the key, if only with null")
			}
		case slices.Contains(alwaysKnown, key):
			s.assert(there > 0, "data[]."+key, "the key on a ticket", absent, rows[0].From)
		case there == 0:
			s.Remark("No ticket has the key %s; that is tolerated as long as it would be null.", key)
		}
	}
}
