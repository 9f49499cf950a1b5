package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gavv/httpexpect/v2"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var internalNote = slices.Concat([]Scenario{
	{Clause: strict("IO-POST-MSG-01", addNote, "POST with type internal_note, body_html and body_text is 201.", clause.Write), Steady: true, Last: true, Run: func(s *Session) {
		s.judgeStatus(s.aNote().sent, http.StatusCreated)
		for _, e := range s.env.Client.Exchanges() {
			if e.API == clause.InboxOps && e.Method == http.MethodPost && e.Status/100 == 2 {
				s.assert(e.Status == http.StatusCreated, "status of "+s.name(e), http.StatusCreated, e.Status, e)
			}
		}
	}},
	{Clause: lenient("IO-POST-MSG-11", addNote, "body_text alone is accepted.", clause.Write), Run: func(s *Session) { s.acceptsAlone("body_text", "%s") }},
	{Clause: lenient("IO-POST-MSG-12", addNote, "body_html alone is accepted.", clause.Write), Run: func(s *Session) { s.acceptsAlone("body_html", "<p>%s</p>") }},
	{Clause: strict("IO-POST-MSG-18", addNote, "Content-Type application/json is accepted, with or without charset.", clause.Write), Steady: true, Run: func(s *Session) {
		status := s.aNote().sent.Status // the status for plain application/json
		s.Assert(status/100 == 2, "status of application/json", "2xx", status)
		for _, media := range []string{"application/json; charset=utf-8", "application/json;charset=UTF-8"} {
			s.Post(target.ReadWrite, messagesPath(s.WriteTicket()), media, s.noteJSON()).StatusRange(httpexpect.Status2xx)
		}
	}},
	{
		Clause: lenient("IO-POST-MSG-20", also(addNote, listMessages.Page), "Addressing the ticket by ticket_number works like the UUID.", clause.Write),
		Run:    noteByNumber,
	},
	{Clause: lenient("IO-POST-MSG-22", addNote, "The response body of a created note is an object if it is JSON.", clause.Write), Steady: true, Run: func(s *Session) {
		e := s.aNote().sent
		s.accepted()
		media := mediaOf(e)
		v, err := e.JSON()
		_, isObject := v.(map[string]any)
		isJSON := len(e.ResponseBody) > 0 && (media == "application/json" || strings.HasSuffix(media, "+json"))
		s.Assert(!isJSON || err == nil && isObject, "body", "a JSON object, or no JSON", shown(v, err))
	}},
}, storedNotes, refusedNotes)

// noteJSON is a valid note.
func (s *Session) noteJSON() string { return noteOf(s.Marker()) }

// noteOf is a valid note with the marker in both bodies.
func noteOf(marker string) string {
	return fmt.Sprintf(`{"type":"internal_note","body_text":%q,"body_html":"<p>%s</p>"}`, marker, marker)
}

// postBoth posts a note with the marker in both bodies.
func (s *Session) postBoth(ticket survey.Row, marker string) *httpexpect.Response {
	return s.PostNote(ticket.ID(), "type", "internal_note", "body_text", marker, "body_html", "<p>"+marker+"</p>")
}

// accepted skips when the last note was refused: IO-POST-MSG-01 judges that
// notes are accepted.
func (s *Session) accepted() {
	s.StopIfFailed()
	if status := s.Last().Status; status/100 != 2 {
		s.Skip(fmt.Sprintf("the target answered the note with %d", status), "")
	}
}

// acceptsAlone posts a note with one body, and looks for it unless the target
// shows no notes at all.
func (s *Session) acceptsAlone(member, format string) {
	ticket, status := s.WriteTicket(), s.aNote().sent.Status // which IO-POST-MSG-01 judges
	before := s.latest(target.ReadWrite, ticket)
	marker := s.Marker()
	s.PostNote(ticket.ID(), "type", "internal_note", member, fmt.Sprintf(format, marker)).StatusRange(httpexpect.Status2xx)
	s.StopIfFailed()
	s.Assert(status/100 != 2 || s.Last().Status == status, "status of a note with "+member+" alone", status, s.Last().Status)
	sent := s.Last()
	after, mine := s.await(ticket, marker)
	if len(mine) == 0 && len(ofType(since(before, after), "internal_note")) == 0 {
		s.storesOthers(ticket)
	}
	s.assert(len(mine) > 0, "timeline after a note with "+member+" alone", "a message with its text", "none", sent)
}

// storesOthers skips when a note with both bodies does not show either:
// IO-POST-MSG-02 judges that it does.
func (s *Session) storesOthers(ticket survey.Row) {
	marker := s.Marker()
	s.postBoth(ticket, marker)
	s.accepted()
	if _, mine := s.await(ticket, marker); len(mine) == 0 {
		s.Skip("the timeline shows no note that was posted", "")
	}
}

func noteByNumber(s *Session) {
	ticket := s.WriteTicket()
	n, ok := ticket.Number("ticket_number")
	if !ok {
		s.Skip("the ticket has no integer ticket_number", "")
	}
	shared, marker := s.aNote(), s.Marker()
	s.Post(target.ReadWrite, timelinePath(fmt.Sprint(n)), jsonMedia, noteOf(marker)).StatusRange(httpexpect.Status2xx)
	s.StopIfFailed()
	sent := s.Last()
	_, mine := s.await(ticket, marker)
	if len(mine) == 0 {
		s.storesOthers(ticket)
	}
	s.env.numberShows = len(mine) > 0
	s.assert(len(mine) > 0, "timeline of the ticket's UUID", "the note that was posted to number "+fmt.Sprint(n), "none", sent)
	if shared.sent.Status/100 == 2 {
		s.assert(sent.Status == shared.sent.Status, "status of the note to number "+fmt.Sprint(n), shared.sent.Status, sent.Status, sent)
	}
	if len(mine) > 0 && len(shared.mine) > 0 {
		for _, member := range []string{"body_text", "body_html"} {
			kept := strings.Contains(shared.mine[0].Text(member), shared.marker)
			s.AssertRow(!kept || strings.Contains(mine[0].Text(member), marker), mine[0], member, "the text of the note, as of one to the UUID")
		}
	}
	if len(shared.mine) > 0 {
		s.assert(len(mine) <= len(shared.mine), "timeline of the ticket's UUID", "the note as often as one posted to the UUID", fmt.Sprintf("%d times", len(mine)), sent)
	}
}
