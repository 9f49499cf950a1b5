package scenario

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gavv/httpexpect/v2"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

const jsonMedia = "application/json"

var refusedNotes = []Scenario{
	{Clause: strict("IO-POST-MSG-07", addNote, "Type email is 400 and nothing is stored.", clause.Write), Run: func(s *Session) { s.refusesTypes("email", "email") }},
	{Clause: strict("IO-POST-MSG-08", addNote, "Any other type (reply, note, INTERNAL_NOTE) is 400 and nothing is stored.", clause.Write), Run: func(s *Session) {
		s.refusesTypes("reply", "note", "INTERNAL_NOTE", "")
		if s.surplus() {
			s.refusesTypes("note", "reply") // each by another one of the ticket's ids
			s.refusesTypes(" internal_note", 5, true, []string{"internal_note"}, map[string]any{"internal_note": true})
		}
	}},
	{Clause: lenient("IO-POST-MSG-09", addNote, "Missing type is 400.", clause.Write), Steady: true, Run: func(s *Session) {
		ids := []string{s.WriteTicket().ID()}
		if s.surplus() {
			ids = s.noteIDs(s.WriteTicket())
		}
		for _, id := range ids {
			s.PostNote(id, "body_text", s.Marker()).Status(http.StatusBadRequest)
		}
		s.PostNote(ids[0], "type", nil, "body_text", s.Marker()).Status(http.StatusBadRequest)
	}},
	{Clause: lenient("IO-POST-MSG-13", addNote, "Neither body given is 400 (201 tolerated).", clause.Write), Steady: true, Run: func(s *Session) {
		s.PostNote(s.WriteTicket().ID(), "type", "internal_note")
		s.StopIfFailed()
		status := s.Last().Status
		s.Assert(status == http.StatusBadRequest || status/100 == 2, "status of a note without bodies", "400, or 201", status)
	}},
	{Clause: lenient("IO-POST-MSG-14", addNote, "Malformed JSON is 400 and nothing is stored.", clause.Write), Run: func(s *Session) {
		ticket := s.WriteTicket()
		s.StoresNothing(target.ReadWrite, ticket, func() {
			note := s.noteJSON()
			for _, body := range []string{note[:len(note)-1], note + " }", "{type: 'internal_note', body_text: 'x'}"} {
				s.Post(target.ReadWrite, messagesPath(ticket), jsonMedia, body).Status(http.StatusBadRequest)
			}
		})
	}},
	{Clause: lenient("IO-POST-MSG-15", addNote, "A JSON array or scalar body is 400.", clause.Write), Steady: true, Run: func(s *Session) {
		for _, body := range []string{"[" + s.noteJSON() + "]", `"internal_note"`, "null", "5"} {
			s.Post(target.ReadWrite, messagesPath(s.WriteTicket()), jsonMedia, body).Status(http.StatusBadRequest)
		}
	}},
	{Clause: lenient("IO-POST-MSG-16", addNote, "An empty body is 400.", clause.Write), Steady: true, Run: func(s *Session) {
		s.Post(target.ReadWrite, messagesPath(s.WriteTicket()), jsonMedia, "").Status(http.StatusBadRequest)
	}},
	{Clause: lenient("IO-POST-MSG-17", addNote, "A non-string body_html or body_text is 400.", clause.Write), Run: func(s *Session) {
		ticket := s.WriteTicket()
		send := func() {
			for _, wrong := range []any{5, []string{"x"}} {
				s.PostNote(ticket.ID(), "type", "internal_note", "body_text", s.Marker(), "body_html", wrong).Status(http.StatusBadRequest)
			}
			for _, wrong := range []any{true, map[string]string{"text": "x"}} {
				s.PostNote(ticket.ID(), "type", "internal_note", "body_text", wrong, "body_html", "<p>"+s.Marker()+"</p>").Status(http.StatusBadRequest)
			}
		}
		if !s.surplus() { // notes with a marker are looked for at the end
			send()
			return
		}
		s.StoresNothing(target.ReadWrite, ticket, send)
	}},
	{Clause: lenient("IO-POST-MSG-19", addNote, "Another Content-Type (text/plain, form), or none, is refused with 400 or 415.", clause.Write), Steady: true, Run: func(s *Session) {
		path := messagesPath(s.WriteTicket())
		const form = "application/x-www-form-urlencoded"
		for _, sent := range [][2]string{
			{"text/plain", s.noteJSON()}, {form, s.noteJSON()}, {form, Query("type", "internal_note", "body_text", s.Marker())}, {"", s.noteJSON()},
		} {
			s.Post(target.ReadWrite, path, sent[0], sent[1]).StatusList(http.StatusBadRequest, http.StatusUnsupportedMediaType)
		}
	}},
	{Clause: lenient("IO-POST-MSG-21", addNote, "An unknown ticket is refused with 4xx, 404 expected, never 2xx.", clause.Write), Steady: true, Run: func(s *Session) {
		for _, id := range []string{NobodyTicket, s.nobodyNumber(), "not-a-uuid"} {
			s.PostNote(id, "type", "internal_note", "body_text", s.Marker()).StatusRange(httpexpect.Status4xx)
			s.StopIfFailed()
			if status := s.Last().Status; status != http.StatusNotFound {
				s.Remark("The target refuses a note on an unknown ticket with %d; 404 is expected.", status)
			}
		}
	}},
	{Clause: lenient("IO-POST-MSG-23", also(addNote, problems), "The refused type carries problem code bad_request.", clause.Write), Steady: true, Last: true, Run: func(s *Session) {
		s.codeOf(http.StatusBadRequest, "bad_request", ofOtherType, func() {
			s.PostNote(s.WriteTicket().ID(), "type", "email", "body_text", s.Marker())
		})
	}},
	{Clause: strict("IO-POST-MSG-25", addNote, "A refused request (400, 401, 403, 429) leaves the timeline unchanged.", clause.Write), Run: refusedLeaveNothing},
}

// ofOtherType reports whether the note of a request is of another type than may
// be posted.
func ofOtherType(e *target.Exchange) bool {
	v, _ := target.Decode(e.Body)
	note, _ := v.(map[string]any)
	kind, ok := note["type"].(string)
	return e.Method == http.MethodPost && ok && kind != "internal_note"
}

// refusesTypes asserts that notes of the types are refused and not stored.
func (s *Session) refusesTypes(kinds ...any) {
	ticket := s.WriteTicket()
	ids := s.noteIDs(ticket)
	s.StoresNothing(target.ReadWrite, ticket, func() {
		for i, kind := range kinds {
			s.PostNote(ids[i%len(ids)], "type", kind, "body_text", s.Marker()).Status(http.StatusBadRequest)
		}
	})
}

// refusedLeaveNothing looks for every note of the run that was refused, and for
// some of its own when there were none. The 429 is for IO-RATE-03.
func refusedLeaveNothing(s *Session) {
	ticket := s.WriteTicket()
	s.latest(target.ReadWrite, ticket)
	if len(s.refusedNotes(ticket)) == 0 {
		s.faultyNotes(ticket.ID())
	}
	if s.surplus() { // what they store need not have their marker
		for _, id := range s.noteIDs(ticket) {
			s.StoresNothing(target.ReadWrite, ticket, func() { s.faultyNotes(id) })
		}
	}
	refused := s.refusedNotes(ticket)
	if len(refused) == 0 {
		s.Skip("the target refused no note", "")
	}
	after := s.FreshTimeline(ticket)
	for _, e := range refused {
		for _, r := range marked(after, s.env.markerOf(e)) {
			s.AssertRow(false, r, "id", fmt.Sprintf("no message of a note that was refused with %d", e.Status))
		}
	}
	lost := without(IDs(s.firstReading(ticket)), IDs(after))
	s.Assert(len(lost) == 0, "timeline after refusals", "all messages it had", "none of "+fmt.Sprint(head(lost)))
}

// refusedNotes are the notes of the run on the ticket that were refused.
func (s *Session) refusedNotes(ticket survey.Row) []*target.Exchange {
	return only(s.env.Client.Exchanges(), func(e *target.Exchange) bool {
		here := strings.HasSuffix(e.URL, messagesPath(ticket)) || strings.HasSuffix(e.URL, numberPath(ticket))
		mine := e.Method == http.MethodPost && here && s.env.markerOf(e) != ""
		return mine && e.Status/100 == 4 && e.Status != http.StatusTooManyRequests
	})
}

// firstReading is the ticket's timeline as the run first read it.
func (s *Session) firstReading(ticket survey.Row) []survey.Row {
	for _, e := range s.env.Client.Exchanges() {
		if e.Method == http.MethodGet && e.Status == http.StatusOK && strings.HasSuffix(e.URL, messagesPath(ticket)) {
			if rows, _, err := survey.List(e, "data"); err == nil {
				return rows
			}
		}
	}
	return nil
}

// faultyNotes posts notes with one fault each to a ticket.
func (s *Session) faultyNotes(id string) {
	path := timelinePath(id)
	faults := []func(marker string){
		func(m string) { s.PostNote(id, "type", "email", "body_text", m) },
		func(m string) { s.PostNote(id, "body_text", m) },
		func(m string) { s.PostNote(id, "type", "internal_note", "body_text", m, "body_html", 5) },
		func(m string) { s.Post(target.ReadWrite, path, "text/plain", noteOf(m)) },
		func(m string) { s.Post(target.ReadWrite, path, jsonMedia, "["+noteOf(m)+"]") },
	}
	for _, who := range []target.Who{target.Nobody, target.Revoked, target.Unentitled, target.ReadOnly} {
		if who == target.Nobody || s.Has(who) {
			faults = append(faults, func(m string) {
				s.PostNoteAs(who, id, "type", "internal_note", "body_text", m, "body_html", "<p>"+m+"</p>")
			})
		}
	}
	for _, send := range faults {
		send(s.Marker())
		s.StopIfFailed()
	}
}
