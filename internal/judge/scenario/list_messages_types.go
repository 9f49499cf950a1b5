package scenario

import (
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
	bothSpaced  = "types=email,%20internal_note"
)

var messageTypes = []Scenario{
	{Clause: strict("IO-LIST-MSG-12", listMessages, "types=bogus is 400."), Steady: true, Run: func(s *Session) {
		s.Get(target.ReadWrite, messagesPath(s.AnyTicket()), bogusType).Status(http.StatusBadRequest)
		s.Get(target.ReadWrite, numberPath(s.AnyTicket()), "types=draft").Status(http.StatusBadRequest)
	}},
	{Clause: lenient("IO-LIST-MSG-13", listMessages, "types=email,bogus is 400."), Steady: true, Run: bogusInList},
	{Clause: lenient("IO-LIST-MSG-37", listMessages, "types=email, internal_note with a space after the comma, as the page writes it, is the unfiltered list."), Run: spacedTypes},
	{Clause: strict("IO-LIST-MSG-14", listMessages, "Rows are oldest first."), Steady: true, Run: func(s *Session) {
		told := false
		for _, t := range s.Timelines() {
			told = s.oldestFirst(t.Messages) || told
		}
		if !told {
			s.Skip("no ticket that was looked at has messages of different times", "a workspace with such a ticket")
		}
	}},
	{Clause: strict("IO-LIST-MSG-16", listMessages, "Draft outbound messages never appear, with or without types.", clause.Drafts), Run: draftsHidden},
	{Clause: lenient("IO-LIST-MSG-35", also(listMessages, problems), "The invalid-types 400 carries problem code bad_request."), Steady: true, Last: true, Run: func(s *Session) {
		s.codeOf(http.StatusBadRequest, "bad_request", sent(http.MethodGet, "/messages", "types="), func() { s.Get(target.ReadWrite, messagesPath(s.AnyTicket()), bogusType) })
	}},
}

// ofType are the rows of the type.
func ofType(rows []survey.Row, kind string) []survey.Row {
	return only(rows, func(r survey.Row) bool { return r.Text("type") == kind })
}

// typed returns the messages with a types filter, if the target answers it with
// a list. Other clauses judge that it does.
func (s *Session) typed(ticket survey.Row, query string) ([]survey.Row, bool) {
	rows, status := s.list(target.ReadWrite, messagesPath(ticket), query, "data")
	return rows, status == http.StatusOK
}

// spacedTypes leaves to IO-LIST-MSG-10 whether the two names work at all.
func spacedTypes(s *Session) {
	for _, t := range s.Timelines() {
		if len(ofType(t.Messages, "email")) == 0 || len(ofType(t.Messages, "internal_note")) == 0 {
			continue
		}
		both, ok := s.typed(t.Ticket, bothTypes)
		if !ok {
			s.Skip("types=email,internal_note is not answered with a list, which another clause judges", "")
		}
		s.Get(target.ReadWrite, messagesPath(t.Ticket), bothSpaced).Status(http.StatusOK)
		s.StopIfFailed()
		rows, _, err := survey.List(s.Last(), "data")
		s.Must(err == nil, "data", "a list", fmt.Sprint(err))
		s.Equal("ids of "+bothSpaced, IDs(both), IDs(rows))
		return
	}
	s.Skip("no ticket was met that has both emails and notes", "a workspace with emails and notes on a ticket")
}

// bogusInList leaves to IO-LIST-MSG-12 whether unknown types are refused at
// all.
func bogusInList(s *Session) {
	path := messagesPath(s.AnyTicket())
	if s.exchange(target.ReadWrite, path, bogusType).Status == http.StatusOK {
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
			continue // IO-LIST-MSG-28 judges this
		}
		if before, ok := last.Time("created_at"); ok {
			s.AssertRow(!at.Before(before), r, "created_at", "not before that of the message above it, "+last.Text("created_at"))
			told = told || !at.Equal(before)
		}
		last = r
	}
	return told
}

// draftsHidden asks for each ticket that has drafts according to the facts.
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
		if asked <= 2 {
			s.noDrafts(s.Messages(byNumber(ticket), ""))
		}
		if asked == 1 && s.roomy() && s.Has(target.ReadOnly) { // it may be a key of another workspace
			if e := s.exchange(target.ReadOnly, messagesPath(ticket), ""); e.Status == http.StatusOK {
				s.noDrafts(s.Rows("data"))
			}
		}
		queries := []string{emailsOnly, bothTypes}
		if asked > 1 {
			queries = queries[:1]
		}
		for _, query := range queries {
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
	s.Assert(true, "messages", "no draft", len(rows)) // even without rows
	for _, r := range rows {
		s.AssertRow(!slices.Contains(drafts, strings.ToLower(r.ID())), r, "id", "no message that the facts know to be a draft")
	}
}
