package scenario

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var messageList = slices.Concat([]Scenario{
	{Clause: strict("IO-LIST-MSG-01", listMessages, "GET /api/v1/tickets/{uuid}/messages is 200 with data, an array."), Steady: true, Run: timelinesAnswer},
	{Clause: strict("IO-LIST-MSG-03", listMessages, "An unknown UUID is 404."), Steady: true, Run: func(s *Session) {
		s.Get(target.ReadWrite, timelinePath(NobodyTicket), "").Status(http.StatusNotFound)
		s.Get(target.ReadWrite, timelinePath(s.nearUUID()), "").Status(http.StatusNotFound)
	}},
	{Clause: strict("IO-LIST-MSG-04", listMessages, "An unknown ticket_number is 404."), Steady: true, Run: func(s *Session) {
		s.Get(target.ReadWrite, timelinePath(s.nobodyNumber()), "").Status(http.StatusNotFound)
	}},
	{Clause: lenient("IO-LIST-MSG-05", listMessages, "A malformed id is 404 or 400."), Steady: true, Run: malformedIDs},
	{Clause: lenient("IO-LIST-MSG-06", also(listMessages, problems), "The 404 carries problem code not_found."), Steady: true, Last: true, Run: func(s *Session) {
		s.codeOf(http.StatusNotFound, "not_found", s.ofNobody,
			func() { s.Get(target.ReadWrite, timelinePath(NobodyTicket), "") },
			func() { s.Get(target.ReadWrite, timelinePath(s.nobodyNumber()), "") })
	}},
	{Clause: lenient("IO-LIST-MSG-18", listMessages, "A ticket without messages gives 200 and an empty array."), Run: emptyTimeline},
	{Clause: strict("IO-LIST-MSG-19", listMessages, "Rows belong to the addressed ticket only."), Run: ownMessages},
}, plannedTimelines.judge(timelineTopics), messageTypes, messageRow, messageFiles)

// timelinesAnswer asks for every timeline of the survey itself: a survey that
// breaks is what this clause is about.
func timelinesAnswer(s *Session) {
	for _, r := range s.tickets() {
		if survey.IsUUID(r.ID()) {
			s.Messages(r.ID(), "")
			break
		}
	}
	s.usedData = true
	timelines, err := s.env.Survey.Timelines(s.ctx)
	var broken *survey.Broken
	if errors.As(err, &broken) {
		s.Assert(false, "timeline", "200 and an object with an array data", broken.Reason)
		return
	}
	s.surveyed(err)
	for _, t := range timelines {
		s.assert(t.From.Status == http.StatusOK, "status of the timeline of ticket "+t.Ticket.ID(), http.StatusOK, t.From.Status, t.From)
	}
	s.lookedAtSome("ticket has a UUID")
}

// The members of a message and of an attachment that the documentation names.
var (
	messageMembers = []string{
		"id", "direction", "type", "from_address", "to_addresses", "cc_addresses", "bcc_addresses",
		"send_status", "send_error", "body_text", "body_html", "created_at", "sent_at",
	}
	fileMembers = []string{"id", "file_name", "content_type", "size_bytes", "disposition", "content_id"}
)

// contents is worded as canonical JSON.
func contents(m survey.Row) string { return worded(m).String() }

// worded returns what a message says in documented members. Null counts as
// absent.
func worded(m survey.Row) survey.Row {
	kept := keptOf(m, messageMembers)
	var files []any
	for _, a := range m.Rows("attachments") {
		files = append(files, keptOf(a, fileMembers))
	}
	kept["attachments"] = files
	return survey.Row{Fields: kept}
}

func keptOf(r survey.Row, members []string) map[string]any {
	kept := map[string]any{}
	for _, name := range members {
		if r.Has(name) {
			kept[name] = r.Fields[name]
		}
	}
	return kept
}

// number is the ticket_number of a ticket.
func number(ticket survey.Row) int64 {
	n, _ := ticket.Number("ticket_number")
	return n
}

// nearUUID differs from the UUID of a ticket in the last digit, and is the UUID
// of no ticket.
func (s *Session) nearUUID() string {
	id := s.AnyTicket().ID()
	if !survey.IsUUID(id) {
		s.Skip("the tickets have no UUIDs", "")
	}
	known := map[string]bool{}
	for _, r := range s.Tickets().Rows {
		known[strings.ToLower(r.ID())] = true
	}
	near := id
	for digit := 0; known[strings.ToLower(near)] && digit < 16; digit++ {
		near = id[:len(id)-1] + strconv.FormatInt(int64(digit), 16)
	}
	return near
}

// nobodyNumber is a ticket_number far above all others.
func (s *Session) nobodyNumber() string {
	const far = 1_000_000
	t := s.Tickets()
	highest := max(t.Total, 0)
	for _, r := range t.Rows {
		highest = max(highest, number(r))
	}
	return strconv.FormatInt(highest+far, 10)
}

// malformedIDs are neither a UUID nor a number, though some begin like one.
func malformedIDs(s *Session) {
	ticket := s.AnyTicket()
	status := s.exchange(target.ReadWrite, timelinePath("99999999999999999999"), "").Status
	s.Assert(status < http.StatusInternalServerError, "status of the timeline of number 99999999999999999999", "no 5xx", status)
	ids := []string{"not-a-ticket", ticket.ID()[:max(len(ticket.ID())-1, 0)] + "x"}
	if n, ok := ticket.Number("ticket_number"); ok {
		ids = append(ids, strconv.FormatInt(n, 10)+"abc")
	}
	for _, id := range ids {
		s.Get(target.ReadWrite, timelinePath(id), "").StatusList(http.StatusBadRequest, http.StatusNotFound)
	}
}

// ofNobody reports whether the request asks for the timeline of a ticket that
// is not listed.
func (s *Session) ofNobody(e *target.Exchange) bool {
	known := slices.ContainsFunc(s.someTickets(), func(t survey.Row) bool { return below(e) == messagesPath(t) || below(e) == numberPath(t) })
	return sent(http.MethodGet, "/messages", "")(e) && !known
}

// emptyTimeline asks for the ticket the facts call no-messages, and looks at
// every empty timeline the survey met.
func emptyTimeline(s *Session) {
	const name = "no-messages"
	looked, why := false, "no ticket that was looked at has an empty timeline"
	if ticket, ok := s.factTicket(name); ok {
		rows := s.Messages(ticket.ID(), "")
		if looked = len(rows) == 0; !looked {
			s.Remark("The ticket that the facts call %s has messages.", name)
			why += ", not even the one that the facts call " + name
		}
	}
	for _, t := range s.Timelines() {
		if len(t.Messages) == 0 {
			looked = true
			s.assert(t.From.Status == http.StatusOK, "status of an empty timeline", http.StatusOK, t.From.Status, t.From)
		}
	}
	if !looked {
		s.Skip(why, "a ticket without messages as no-messages under inboxops.tickets in --facts FILE")
	}
}

// factTicket is the ticket the facts know by the name, if the target lists it.
func (s *Session) factTicket(name string) (survey.Row, bool) {
	return s.listed(s.Facts().InboxOps.Tickets[name].ID)
}

// ownMessages looks for a message that two tickets list: among all timelines
// that were read, and those of the next ticket and of the same contact.
func ownMessages(s *Session) {
	for _, t := range s.beside(s.Timelines()) {
		s.Timeline(t)
	}
	type place struct{ ticket, created string }
	owners := map[string]place{}
	filled := 0
	for _, t := range s.Timelines() {
		if len(t.Messages) > 0 {
			filled++
		}
		for _, m := range t.Messages {
			here := place{t.Ticket.ID(), m.Text("created_at")}
			first, known := owners[m.ID()]
			shared := known && m.ID() != "" && first.ticket != here.ticket && first.created == here.created
			s.AssertRow(!shared, m, "id", "a message of ticket "+here.ticket+" alone; ticket "+first.ticket+" lists it too")
			owners[m.ID()] = here
		}
	}
	if filled < 2 {
		s.Skip("fewer than two tickets have messages", "a workspace with messages on several tickets")
	}
}

// beside are tickets that a wrong join could mix up with some of those whose
// timelines are known: the next in number and another one of the same contact.
func (s *Session) beside(timelines []survey.Timeline) []survey.Row {
	const most = 2
	all := s.Tickets().Rows
	byNumber, byContact := map[int64]survey.Row{}, map[string][]survey.Row{}
	for _, r := range all {
		byNumber[number(r)] = r
		byContact[r.Text("contact_id")] = append(byContact[r.Text("contact_id")], r)
	}
	var next, kin []survey.Row
	for _, t := range timelines {
		if len(t.Messages) == 0 {
			continue
		}
		if r, ok := byNumber[number(t.Ticket)+1]; ok && len(next) < most {
			next = append(next, r)
		}
		others := byContact[t.Ticket.Text("contact_id")]
		if t.Ticket.Has("contact_id") && len(others) > 1 && len(kin) < most {
			kin = append(kin, others[0], others[1])
		}
	}
	return slices.DeleteFunc(append(next, kin...), func(r survey.Row) bool { return !survey.IsUUID(r.ID()) })
}

// messageIDs are the ids of messages in lower case, in their order.
func messageIDs(rows []survey.Row) []string {
	ids := IDs(rows)
	for i := range ids {
		ids[i] = strings.ToLower(ids[i])
	}
	return ids
}

// head are the first few ids.
func head(ids []string) []string { return ids[:min(len(ids), 5)] }

// draftIDs are the messages that the facts know to be drafts, in lower case.
func (s *Session) draftIDs() []string {
	var out []string
	for _, t := range s.Facts().InboxOps.Tickets {
		for _, id := range t.DraftIDs {
			out = append(out, strings.ToLower(id))
		}
	}
	return out
}
