package scenario

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gavv/httpexpect/v2"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// WriteTicket returns the one ticket that the run writes to: the named one,
// else the newest open ticket with an assignee, else the newest open one. A
// named ticket that is not in the list, which is read only up to a certain
// length, has nothing but its id.
func (s *Session) WriteTicket() survey.Row {
	if s.env.writeTicket != nil {
		return *s.env.writeTicket
	}
	tickets, err := s.env.Survey.Tickets(s.ctx)
	s.surveyed(err)
	named := s.env.WriteTicket
	if len(tickets.Rows) == 0 && named == "" {
		s.Skip("the workspace has no ticket to write to", "a workspace with tickets")
	}
	chosen := survey.Row{Fields: map[string]any{"id": named}}
	if named == "" {
		chosen = tickets.Rows[len(tickets.Rows)-1]
	}
	open := false
	for _, r := range slices.Backward(tickets.Rows) {
		is := named == "" && r.Text("status") == "open"
		found := named != "" && isTicket(r, named)
		best := found || is && r.Has("assignee_id")
		if best || is && !open {
			chosen, open = r, true
		}
		if best {
			break
		}
	}
	s.env.writeTicket = &chosen
	return chosen
}

// isTicket reports whether a row is of the ticket with the UUID or number.
func isTicket(r survey.Row, named string) bool {
	n, ok := r.Number("ticket_number")
	return strings.EqualFold(r.ID(), named) || ok && strconv.FormatInt(n, 10) == named
}

// markerHead begins every marker of the run.
func (e *Env) markerHead() string { return "mockdesk-check-" + e.RunID + "-" }

// Marker is a word that no other message holds, to find a note by.
func (s *Session) Marker() string {
	s.env.markers++
	return fmt.Sprintf("%s%d", s.env.markerHead(), s.env.markers)
}

// markerOf is the marker of the note of an exchange, "" without one.
func (e *Env) markerOf(x *target.Exchange) string {
	return e.markerIn(string(x.Body))
}

// markerIn is the first marker of the run in a text, "" without one.
func (e *Env) markerIn(text string) string {
	i := strings.Index(text, e.markerHead())
	if i < 0 {
		return ""
	}
	return firstField(text[i:])
}

// firstField returns the text up to the first character that no marker has.
func firstField(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
	if end < 0 {
		return text
	}
	return text[:end]
}

// PostNote posts the fields as JSON to the ticket's messages:
// PostNote(id, "type", "internal_note", "body_text", marker).
func (s *Session) PostNote(id string, fields ...any) *httpexpect.Response {
	return s.PostNoteAs(target.ReadWrite, id, fields...)
}

// PostNoteAs is PostNote with another caller's key.
func (s *Session) PostNoteAs(who target.Who, id string, fields ...any) *httpexpect.Response {
	object := map[string]any{}
	for i := 0; i+1 < len(fields); i += 2 {
		object[fields[i].(string)] = fields[i+1]
	}
	body, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	return s.Post(who, timelinePath(id), jsonMedia, string(body))
}

// noteIDs returns the UUID of a ticket and, if notes can be sent to it at all,
// its number. IO-POST-MSG-20 judges that both work alike.
func (s *Session) noteIDs(ticket survey.Row) []string {
	number := byNumber(ticket)
	if ticket.ID() != s.WriteTicket().ID() {
		return []string{ticket.ID()} // nothing that could be stored may be sent to its number
	}
	if s.env.numbered == "" && number != ticket.ID() {
		s.PostNote(number, "type", "mockdesk-check")
		s.StopIfFailed()
		s.env.numbered = "no"
		if s.Last().Status == http.StatusBadRequest {
			s.env.numbered = "yes"
		}
	}
	if s.env.numbered != "yes" {
		return []string{ticket.ID()}
	}
	return []string{ticket.ID(), number}
}

// StoresNothing runs send, which sends requests that are refused, and asserts
// that the timeline of the ticket, read by the caller before and after, got no
// row. A row without a marker of the run may be somebody else's: it counts only
// if a second refusal brings another one.
func (s *Session) StoresNothing(reader target.Who, ticket survey.Row, send func()) {
	before := s.latest(reader, ticket)
	for again := false; ; again = true {
		send()
		s.StopIfFailed()
		refused := s.Last()
		after := s.fresh(reader, ticket)
		added := since(before, after)
		mine := slices.ContainsFunc(added, s.ofRun)
		if len(added) > 0 && !mine && !again {
			before = after
			continue
		}
		for _, r := range added {
			s.assert(false, r.Where+" of the timeline after the refusal", "no new message", r.Fields, refused)
		}
		s.assert(true, "timeline after the refusal", "no new message", "none", refused)
		return
	}
}

// FreshTimeline reads the ticket's timeline anew.
func (s *Session) FreshTimeline(ticket survey.Row) []survey.Row {
	return s.fresh(target.ReadWrite, ticket)
}

func (s *Session) fresh(who target.Who, ticket survey.Row) []survey.Row {
	defer s.anew()()
	return s.latest(who, ticket)
}

// latest returns the ticket's timeline as it was read after the last note was
// sent, or reads it now.
func (s *Session) latest(who target.Who, ticket survey.Row) []survey.Row {
	rows, ok := s.readable(who, ticket)
	if !ok {
		s.Skip(fmt.Sprintf("the timeline cannot be read: it is answered %d", s.Last().Status), "")
	}
	return rows
}

// readable is latest, but does not end the scenario when the timeline cannot be
// read.
func (s *Session) readable(who target.Who, ticket survey.Row) (rows []survey.Row, ok bool) {
	paths := []string{messagesPath(ticket)}
	if id := s.clause; id != "" && id[len(id)-1]%2 == 1 { // every other clause reads by number, where that works
		paths = []string{numberPath(ticket), paths[0]}
	}
	for _, path := range paths {
		if s.exchange(who, path, "").Status == http.StatusOK {
			return s.Rows("data"), true
		}
	}
	return nil, false
}
