package scenario

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// The types filter as it is asked for.
const (
	emailsOnly  = "types=email"
	notesOnly   = "types=internal_note"
	bothTypes   = "types=email,internal_note"
	bothTurned  = "types=internal_note,email"
	bogusType   = "types=bogus"
	bogusSecond = "types=email,bogus"
	bogusFirst  = "types=bogus,email"
)

var messageTypes = []Scenario{
	{Clause: strict("IO-LIST-MSG-07", listMessages, "Without types, both email and internal_note rows come back."), Run: bothComeBack},
	{Clause: strict("IO-LIST-MSG-08", listMessages, "types=email returns only email rows."), Run: onlyOf(emailsOnly, "email")},
	{Clause: strict("IO-LIST-MSG-09", listMessages, "types=internal_note returns only internal_note rows."), Run: onlyOf(notesOnly, "internal_note")},
	{Clause: strict("IO-LIST-MSG-10", listMessages, "types=email,internal_note equals the unfiltered list."), Run: func(s *Session) {
		for _, t := range s.mixed() {
			rows := s.Messages(byNumber(t.Ticket), bothTypes)
			if len(rows) == 0 && len(s.Messages(byNumber(t.Ticket), "")) == 0 {
				rows = s.Messages(t.Ticket.ID(), bothTypes) // numbers are for IO-LIST-MSG-02
			}
			s.sameMessages(t, "messages with "+bothTypes, ofBoth(t.Messages), ofBoth(rows))
		}
		for _, t := range s.longest()[:min(len(s.longest()), 1)] {
			s.shownAll(t, bothTypes, ofBoth(t.Messages))
		}
	}},
	{Clause: strict("IO-LIST-MSG-11", listMessages, "Order of the two names in types does not matter."), Run: turnedTypes},
	{Clause: strict("IO-LIST-MSG-12", listMessages, "types=bogus is 400."), Steady: true, Run: func(s *Session) {
		for _, query := range []string{bogusType, "types=draft"} {
			s.Get(target.ReadWrite, messagesPath(s.AnyTicket()), query).Status(http.StatusBadRequest)
		}
		s.Get(target.ReadWrite, "/tickets/"+byNumber(s.AnyTicket())+"/messages", "types=draft").Status(http.StatusBadRequest)
	}},
	{Clause: lenient("IO-LIST-MSG-13", listMessages, "types=email,bogus is 400."), Steady: true, Run: bogusInList},
	{Clause: strict("IO-LIST-MSG-14", listMessages, "Rows are oldest first."), Steady: true, Run: func(s *Session) {
		told := false
		for _, t := range s.Timelines() {
			told = s.oldestFirst(t.Messages) || told
		}
		if !told {
			s.Skip("no ticket that was looked at has messages of different times", "a workspace with such a ticket")
		}
	}},
	{Clause: strict("IO-LIST-MSG-15", listMessages, "Oldest first also holds under a types filter and across mixed types."), Steady: true, Run: filteredOldestFirst},
	{Clause: strict("IO-LIST-MSG-16", listMessages, "Draft outbound messages never appear, with or without types.", clause.Drafts), Run: draftsHidden},
	{Clause: lenient("IO-LIST-MSG-35", also(listMessages, problems), "The invalid-types 400 carries problem code bad_request."), Steady: true, Run: func(s *Session) {
		s.codeOf(http.StatusBadRequest, "bad_request", func() { s.Get(target.ReadWrite, messagesPath(s.AnyTicket()), bogusType) })
	}},
	{Clause: strict("IO-LIST-MSG-36", listMessages, "What types selects is the same for the ticket_number as for the UUID."), Run: typesByNumber},
}

// typesByNumber asks for the types by UUID and by number. Types that do not
// work by UUID are for other clauses.
func typesByNumber(s *Session) {
	told := false
	for _, t := range s.mixed() {
		n, ok := t.Ticket.Number("ticket_number")
		if !ok || len(s.Messages(fmt.Sprint(n), "")) != len(t.Messages) {
			continue
		}
		for _, query := range []string{emailsOnly, notesOnly} {
			if rows, ok := s.typed(t.Ticket, query); ok {
				told = true
				numbered := s.Messages(fmt.Sprint(n), query)
				s.sameMessages(t, "messages of number "+fmt.Sprint(n)+" with "+query, rows, numbered)
				s.sameContents(t, rows, numbered)
				if len(rows) == len(numbered) {
					s.Equal("created_at of the messages of number "+fmt.Sprint(n)+" with "+query, times(rows), times(numbered))
				}
			}
		}
	}
	if !told {
		s.Skip("no ticket with a number answers types with a list", "")
	}
}

// ofType are the rows of the type.
func ofType(rows []survey.Row, kind string) []survey.Row {
	var out []survey.Row
	for _, r := range rows {
		if r.Text("type") == kind {
			out = append(out, r)
		}
	}
	return out
}

// ofBoth are the rows of either type. Others are for IO-LIST-MSG-17.
func ofBoth(rows []survey.Row) []survey.Row {
	return slices.Concat(ofType(rows, "email"), ofType(rows, "internal_note"))
}

// short is the length of timelines that no target will cap.
const short = 50

// mixed are the two timelines that tell most about a types filter: short ones
// with several emails and notes. It skips when no timeline has both.
func (s *Session) mixed() []survey.Timeline {
	found := s.tellingMost(func(t survey.Timeline) int {
		const several = 3
		emails, notes := len(ofType(t.Messages, "email")), len(ofType(t.Messages, "internal_note"))
		return min(emails, notes, 1) * (min(emails, several) + min(notes, several))
	})
	if len(found) == 0 {
		s.Skip("no ticket that was looked at has both emails and notes", "a workspace with such a ticket")
	}
	return found
}

// tellingMost are the two timelines of the highest rank above 0, of equal ones
// the shorter.
func (s *Session) tellingMost(rank func(survey.Timeline) int) []survey.Timeline {
	found := slices.DeleteFunc(slices.Clone(s.Timelines()), func(t survey.Timeline) bool { return rank(t) == 0 })
	slices.SortStableFunc(found, func(a, b survey.Timeline) int {
		return cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(len(a.Messages), len(b.Messages)))
	})
	return found[:min(len(found), 2)]
}

// typed are the messages with a types filter, if the target answers it with a
// list. That it does is for other clauses to say.
func (s *Session) typed(ticket survey.Row, query string) ([]survey.Row, bool) {
	s.usedData = true
	s.Get(target.ReadWrite, messagesPath(ticket), query)
	s.StopIfFailed()
	if s.Last().Status != http.StatusOK {
		return nil, false
	}
	rows, _, err := survey.List(s.Last(), "data")
	return rows, err == nil
}

// bothComeBack looks for both types in the timelines without a filter, and in
// the longest ones for what a filter shows and they do not.
func bothComeBack(s *Session) {
	met := map[string]bool{}
	for _, m := range s.messages() {
		met[m.Text("type")] = true
	}
	for _, t := range s.longest() {
		for _, kind := range []string{"email", "internal_note"} {
			rows, ok := s.typed(t.Ticket, "types="+kind)
			if !ok {
				continue
			}
			rows = ofType(rows, kind)
			met[kind] = met[kind] || len(rows) > 0
			lost := without(without(messageIDs(rows), messageIDs(t.Messages)), s.draftIDs())
			if len(lost) > 0 {
				lost = without(lost, messageIDs(s.FreshTimeline(t.Ticket)))
			}
			s.Assert(len(lost) == 0, "messages without types", "those of types="+kind, "none of "+strings.Join(head(lost), ", "))
		}
	}
	if !met["email"] || !met["internal_note"] {
		s.Skip("the tickets that were looked at have messages of one type only", "a workspace with emails and notes")
	}
	s.Assert(true, "types of messages", "email and internal_note", "both")
}

// longest are the two longest timelines that no target will cap, and the
// longest whose length is not that of a cap.
func (s *Session) longest() []survey.Timeline {
	all := s.tellingMost(func(t survey.Timeline) int {
		if n := len(t.Messages); n <= short {
			return n
		}
		return 1
	})
	all = append(all, s.tellingMost(func(t survey.Timeline) int {
		if n := len(t.Messages); n > short && n%10 != 0 {
			return n
		}
		return 0
	})...)
	return all[:min(len(all), 3)]
}

// shownAll asserts that what a timeline shows of some types is there when they
// are asked for.
func (s *Session) shownAll(t survey.Timeline, query string, want []survey.Row) {
	rows, ok := s.typed(t.Ticket, query)
	if !ok {
		return
	}
	seen := s.Last()
	lost := without(without(messageIDs(want), messageIDs(rows)), s.draftIDs())
	if len(lost) > 0 {
		lost = without(lost, without(lost, messageIDs(s.FreshTimeline(t.Ticket)))) // the others are gone
	}
	s.assert(len(lost) == 0, "messages with "+query+" of a long timeline", "every message of the timeline", "none of "+strings.Join(head(lost), ", "), seen)
	s.sameContents(t, want, rows)
}

// onlyOf judges a filter by one type.
func onlyOf(query, kind string) func(*Session) {
	return func(s *Session) {
		for _, t := range s.mixed() {
			rows := s.Messages(t.Ticket.ID(), query)
			for _, r := range rows {
				s.AssertRow(r.Text("type") == kind, r, "type", kind)
			}
			s.StopIfFailed()
			s.sameMessages(t, "messages with "+query, ofType(t.Messages, kind), rows)
			s.sameContents(t, t.Messages, rows)
		}
		for _, t := range s.longest() {
			s.shownAll(t, query, ofType(t.Messages, kind))
		}
	}
}

// turnedTypes compares the two orders of the names with one another: whether
// either is right is for IO-LIST-MSG-10 and -15.
func turnedTypes(s *Session) {
	compared := false
	for _, t := range s.mixed() {
		rows, ok := s.typed(t.Ticket, bothTypes)
		if !ok {
			continue
		}
		compared = true
		turned := s.Messages(t.Ticket.ID(), bothTurned)
		s.sameMessages(t, "messages with "+bothTurned+" beside "+bothTypes, rows, turned)
		if len(rows) == len(turned) {
			s.Equal("created_at of the messages with "+bothTurned, times(rows), times(turned))
		}
	}
	if !compared {
		s.Skip("the target does not answer "+bothTypes+" with a list", "")
	}
}

// times are the created_at of rows, in their order.
func times(rows []survey.Row) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Text("created_at")
	}
	return out
}

// bogusInList leaves it to IO-LIST-MSG-12 whether unknown types are refused
// at all.
func bogusInList(s *Session) {
	path := messagesPath(s.AnyTicket())
	s.Get(target.ReadWrite, path, bogusType)
	s.StopIfFailed()
	if s.Last().Status == http.StatusOK {
		s.Skip("the target refuses no unknown type at all", "")
	}
	for _, query := range []string{bogusSecond, bogusFirst} {
		s.Get(target.ReadWrite, path, query).Status(http.StatusBadRequest)
	}
}

// oldestFirst asserts that created_at never decreases, and reports whether
// the rows have different times at all.
func (s *Session) oldestFirst(rows []survey.Row) bool {
	told := false
	var last survey.Row
	for _, r := range rows {
		at, ok := r.Time("created_at")
		if !ok {
			continue // for IO-LIST-MSG-28 to say
		}
		if before, ok := last.Time("created_at"); ok {
			s.AssertRow(!at.Before(before), r, "created_at", "not before that of the message above it, "+last.Text("created_at"))
			told = told || !at.Equal(before)
		}
		last = r
	}
	return told
}

// filteredOldestFirst looks at every form of the filter. Without one it is
// for IO-LIST-MSG-14.
func filteredOldestFirst(s *Session) {
	told := false
	for _, t := range s.mixed() {
		for _, query := range []string{emailsOnly, notesOnly, bothTypes, bothTurned} {
			if rows, ok := s.typed(t.Ticket, query); ok {
				told = s.oldestFirst(rows) || told
			}
		}
		numbered := t.Ticket
		numbered.Fields = map[string]any{"id": byNumber(t.Ticket)}
		if rows, ok := s.typed(numbered, bothTypes); ok {
			s.oldestFirst(rows)
		}
	}
	for _, t := range s.longest() {
		for _, query := range []string{emailsOnly, notesOnly} {
			if rows, ok := s.typed(t.Ticket, query); ok {
				s.oldestFirst(rows)
			}
		}
	}
	if !told {
		s.Skip("no filtered timeline has messages of different times", "a workspace with several emails and notes on a ticket")
	}
}

// draftsHidden asks for each ticket of which the facts know drafts.
func draftsHidden(s *Session) {
	const most = 4
	asked := 0
	tickets := s.Facts().InboxOps.Tickets
	for _, name := range slices.Sorted(maps.Keys(tickets)) {
		known := tickets[name]
		ticket, listed := s.factTicket(name)
		if len(known.DraftIDs) == 0 || !listed || asked == most {
			continue
		}
		asked++
		s.noDrafts(s.Messages(ticket.ID(), ""))
		for _, query := range []string{emailsOnly, bothTypes} {
			if rows, ok := s.typed(ticket, query); ok {
				s.noDrafts(rows)
			}
		}
	}
	if asked == 0 {
		s.Skip("the target does not list the tickets of which the facts know drafts", "a newer --facts FILE")
	}
	for _, t := range s.Timelines() {
		s.noDrafts(t.Messages)
	}
}

// noDrafts asserts that none of the rows is a known draft.
func (s *Session) noDrafts(rows []survey.Row) {
	drafts := s.draftIDs()
	s.Assert(true, "messages", "no draft", len(rows)) // also of no rows
	for _, r := range rows {
		s.AssertRow(!slices.Contains(drafts, strings.ToLower(r.ID())), r, "id", "no message that the facts know to be a draft")
	}
}
