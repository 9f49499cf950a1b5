package scenario

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// sentNote is a note with both bodies and what became of it.
type sentNote struct {
	marker string
	before []survey.Row // the timeline
	sent   *target.Exchange
	after  []survey.Row // the timeline when it showed the note, or after waiting for it
	mine   []survey.Row // messages of after that hold the marker
	shown  bool         // the timeline could be read
}

// aNote is a note shared by the scenarios that only look at what became of it.
func (s *Session) aNote() *sentNote {
	if s.env.note == nil {
		s.env.note = s.sendNote()
	}
	if n := s.env.note; s.tape.Last() != n.sent {
		s.tape.Adopt(n.sent)
	}
	return s.env.note
}

// aShownNote is aNote; it skips when the note was refused or the timeline
// cannot be read.
func (s *Session) aShownNote() *sentNote {
	n := s.aNote()
	s.expectShown(n)
	return n
}

// expectShown skips when the note was refused, which IO-POST-MSG-01 judges, or
// when the timeline cannot be read.
func (s *Session) expectShown(n *sentNote) {
	s.accepted()
	if !n.shown {
		s.Skip("the timeline of the note's ticket cannot be read", "")
	}
}

// expectMine is expectShown, and also skips when the timeline does not show the
// note, which IO-POST-MSG-02 judges.
func (s *Session) expectMine(n *sentNote) {
	s.expectShown(n)
	if len(n.mine) == 0 {
		s.Skip("the timeline does not show the note", "")
	}
}

// sendNote posts a note and looks for it. The last exchange is that of the note.
func (s *Session) sendNote() *sentNote {
	ticket, n := s.WriteTicket(), &sentNote{marker: s.Marker()}
	n.before, _ = s.readable(target.ReadWrite, ticket)
	s.postBoth(ticket, n.marker)
	s.StopIfFailed()
	n.sent = s.Last()
	if n.sent.Status/100 == 2 {
		n.after, n.mine, n.shown = s.look(ticket, n.marker)
		s.tape.Adopt(n.sent)
	}
	return n
}

// delays are the waits, one after the other, for a note that does not show at
// once: a quarter of the time it may take, then the rest.
func (s *Session) delays() []time.Duration {
	settle := s.env.Settle
	if settle <= 0 {
		return nil
	}
	return []time.Duration{settle / 4, settle - settle/4}
}

// await reads the timeline until it shows the marker, and returns it with the
// messages that hold the marker. It skips when the timeline cannot be read.
func (s *Session) await(ticket survey.Row, marker string) (all, mine []survey.Row) {
	all, mine, ok := s.look(ticket, marker)
	if !ok {
		s.Skip(fmt.Sprintf("the timeline cannot be read: it is answered %d", s.Last().Status), "")
	}
	return all, mine
}

// look is await, but does not skip when the timeline cannot be read.
func (s *Session) look(ticket survey.Row, marker string) (all, mine []survey.Row, ok bool) {
	defer s.anew()()
	delays, waited := s.delays(), time.Duration(0)
	for i := 0; ; i++ {
		if all, ok = s.readable(target.ReadWrite, ticket); !ok {
			return nil, nil, false
		}
		mine = marked(all, marker)
		if len(mine) > 0 {
			s.env.Settled = max(s.env.Settled, waited)
		}
		if len(mine) > 0 || i == len(delays) {
			return all, mine, true
		}
		s.Wait(delays[i])
		waited += delays[i]
	}
}

// noteOnItsOwn looks for the notes at the end of the run, on their ticket and on
// others: two neighbours, the first one, and those that a search for them finds.
func noteOnItsOwn(s *Session) {
	n, ticket := s.aShownNote(), s.WriteTicket()
	s.expectMine(n)
	timeline := s.FreshTimeline(ticket)
	still := marked(timeline, n.marker)
	s.assert(len(still) >= len(n.mine), "timeline at the end of the run", "the note", "none", n.sent)
	for _, e := range s.env.Client.Exchanges() {
		here := strings.HasSuffix(e.URL, messagesPath(ticket)) || s.env.numberShows && strings.HasSuffix(e.URL, numberPath(ticket))
		if marker := s.env.markerOf(e); e.Status == http.StatusCreated && here && s.isNote(e) && len(still) > 0 {
			s.assert(len(marked(timeline, marker)) > 0, "timeline at the end of the run", "the note "+marker+", which was answered 201", "none", e)
		}
	}
	s.assert(len(still) <= len(n.mine), "timeline at the end of the run", "the note once", fmt.Sprintf("%d times", len(still)), n.sent)
	s.inTurn(timeline)
	s.AskAgain()
	s.assert(!s.repeats(n.mine, s.Messages(ticket.ID(), "")), "timeline at the end of the run", "each note as often as the first", "one more often", n.sent)
	others := only(s.Tickets().Rows, func(r survey.Row) bool { return r.ID() != ticket.ID() })
	found, _, _ := s.peek(s.listQuery(Query("query", s.env.RunID), 1))
	found = slices.DeleteFunc(found, func(r survey.Row) bool { return r.ID() == ticket.ID() || !survey.IsUUID(r.ID()) })
	found = append(found[:min(len(found), 2)], others[max(0, len(others)-2):]...)
	if len(others) > 2 {
		found = append(found, others[0])
		if s.roomy() {
			found = append(found, slices.MaxFunc(others, func(a, b survey.Row) int { return strings.Compare(a.Text("updated_at"), b.Text("updated_at")) }))
		}
	}
	for _, other := range found {
		for _, r := range marked(s.Messages(other.ID(), ""), n.marker) {
			s.AssertRow(false, r, "id", "no note of another ticket")
		}
	}
}

// inTurn asserts that the notes of the run were created in the order they were sent.
func (s *Session) inTurn(timeline []survey.Row) {
	created := map[string]time.Time{}
	for _, r := range timeline {
		if marker := s.env.markerIn(r.String()); marker != "" {
			created[marker], _ = r.Time("created_at")
		}
	}
	var last *target.Exchange
	for _, e := range s.env.Client.Exchanges() {
		at, shown := created[s.env.markerOf(e)]
		if e.Status/100 != 2 || !shown || !s.isNote(e) {
			continue
		}
		if last != nil {
			before := created[s.env.markerOf(last)]
			if at.Before(before.Add(-time.Second)) && e.At.After(last.At) {
				s.fail(Failure{
					Blame: "IO-POST-MSG-06", Path: "created_at of the note " + s.env.markerOf(e), Exchange: e,
					Expected: "not before that of a note that was sent earlier, " + before.Format(time.RFC3339), Actual: at.Format(time.RFC3339),
				})
			}
		}
		last = e
	}
}

// isNote reports whether a request with the main key posted a valid note.
func (s *Session) isNote(e *target.Exchange) bool {
	v, err := target.Decode(e.Body)
	note, _ := v.(map[string]any)
	texts := true
	for _, member := range []string{"body_text", "body_html"} {
		_, isText := note[member].(string)
		texts = texts && (isText || note[member] == nil)
	}
	media, _, _ := mime.ParseMediaType(e.Header.Get("Content-Type"))
	return err == nil && texts && media == jsonMedia && note["type"] == "internal_note" && s.env.markerOf(e) != "" && s.sentBy(target.ReadWrite)(e)
}

// repeats reports whether a note of the run occurs more often in the timeline
// than the shared note, whose messages are given.
func (s *Session) repeats(mine, timeline []survey.Row) bool {
	times := map[string]int{}
	for _, r := range timeline {
		if marker := s.env.markerIn(r.String()); marker != "" {
			if times[marker]++; times[marker] > len(mine) {
				return true
			}
		}
	}
	return false
}

// noteLeavesTheTicket compares the row, and the number of all tickets, with
// what the survey read before there was a note. If other tickets have changed
// since, a difference counts only if each of two more notes causes it again.
func noteLeavesTheTicket(s *Session) {
	ticket := s.WriteTicket()
	s.aNote()
	s.accepted()
	created, ok := ticket.Time("created_at")
	if !ok {
		s.Skip("the ticket has no created_at to find it by", "")
	}
	s.AskAgain()
	around := Query("created_after", created.Add(-time.Second).UTC().Format(time.RFC3339Nano), "created_before", created.Add(time.Second).UTC().Format(time.RFC3339Nano))
	row, found := s.rowOf(around, ticket)
	if found && !alters(ticket, row) && s.surplus() { // the effects of two notes may cancel out
		s.sendNote()
		row, found = s.rowOf(around, ticket)
	}
	for i := 0; found && i < 2 && alters(ticket, row) && s.living(ticket); i++ {
		s.sendNote()
		before := row
		if row, found = s.rowOf(around, ticket); found && !alters(before, row) {
			s.Skip("the ticket changed once while others changed as well, and not with a further note", "a quieter moment")
		}
		ticket = before
	}
	if found {
		for _, member := range leftAlone {
			s.AssertRow(text(row.Fields[member]) == text(ticket.Fields[member]), row, member, "as before the notes: "+text(ticket.Fields[member]))
		}
	}
	_, total, _ := s.peek(pageQuery(1, 1))
	if all := s.Tickets(); total >= 0 && all.Total >= 0 {
		s.sameTotal(max(all.Total, int64(len(idSet(all.Rows)))), total) // a ticket may have been added while they were read
	} else if !found {
		s.Skip("neither the ticket nor the number of tickets can be asked for", "")
	}
}

// leftAlone are the members of a ticket that a note does not change.
var leftAlone = []string{"status", "priority", "assignee_id", "ticket_number", "inbox_id", "subject", "contact_id"}

// alters reports whether one of them changed.
func alters(before, after survey.Row) bool {
	return slices.ContainsFunc(leftAlone, func(member string) bool { return text(before.Fields[member]) != text(after.Fields[member]) })
}

// rowOf is the row of a ticket in the result of a query, and whether it is there.
func (s *Session) rowOf(query string, ticket survey.Row) (row survey.Row, found bool) {
	rows, _, _ := s.peek(query)
	i := slices.IndexFunc(rows, func(r survey.Row) bool { return r.ID() == ticket.ID() })
	if i < 0 {
		return ticket, false
	}
	return rows[i], true
}

// sameTotal asserts that notes do not change the number of tickets. A change is
// blamed on notes if another note repeats it, or if two do where other tickets
// changed, too.
func (s *Session) sameTotal(before, total int64) {
	if total == before {
		s.Assert(true, "meta.total after a note", before, total)
		return
	}
	latest, again := total, total
	for i := 0; i < 4 && (i == 0 || again != latest); i++ {
		s.sendNote()
		latest = again
		_, again, _ = s.peek(pageQuery(1, 1))
	}
	s.Assert(again == latest, "meta.total after a note", latest, again)
	newest, _, _ := s.peek("sort=created_at&order=desc&per_page=1&page=1")
	made := len(newest) == 0 || !slices.ContainsFunc(s.Tickets().Rows, func(r survey.Row) bool { return r.ID() == newest[0].ID() })
	s.Assert(made || total < before, "meta.total after a note", before, total)
}

// living reports whether tickets to which the run writes nothing have changed
// since the survey read them.
func (s *Session) living(written survey.Row) bool {
	all := s.Tickets()
	known := map[string]string{}
	for _, r := range all.Rows {
		known[r.ID()] = r.String()
	}
	latest, _, _ := s.peek("sort=updated_at&order=desc&per_page=10&page=1")
	return slices.ContainsFunc(latest, func(r survey.Row) bool {
		was, there := known[r.ID()]
		return r.ID() != written.ID() && was != r.String() && (there || all.Complete)
	})
}
