package scenario

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// madeUp are tokens that are nobody's key: the first has the form of one.
var madeUp = []string{"ixk_mockdesk_check_made_up_key", "mockdesk-check-made-up-token"}

var auth = []Scenario{
	{Clause: strict("IO-AUTH-01", listTickets, "A request with Authorization: Bearer and a valid ixk_ key is accepted."), Steady: true, Run: validKey},
	{Clause: strict("IO-AUTH-02", listTickets, "GET /tickets without Authorization is 401."), Steady: true, Run: func(s *Session) {
		s.listRefused(target.Nobody)
	}},
	{Clause: strict("IO-AUTH-03", listTickets, "GET /tickets with a Bearer token that is not a known key is 401."), Steady: true, Run: func(s *Session) {
		s.withHeader("Bearer "+madeUp[0], "a made-up key")
		s.withHeader("Bearer "+madeUp[1], "a made-up token of another form")
		s.withHeader("Bearer "+s.Key(target.ReadWrite)+".x", "the key and .x behind it")
	}},
	{Clause: strict("IO-AUTH-04", listTickets, "GET /tickets with a revoked key is 401.", clause.RevokedKey), Steady: true, Run: func(s *Session) {
		s.listRefused(target.Revoked)
	}},
	{Clause: strict("IO-AUTH-05", listTickets, "GET /tickets with a non-Bearer scheme (Basic) is 401."), Steady: true, Run: func(s *Session) {
		key := s.Key(target.ReadWrite)
		user := "Basic " + base64.StdEncoding.EncodeToString([]byte(key+":"))
		s.withHeader(user, "the key as the user of Basic")
		s.withHeader("Basic "+base64.StdEncoding.EncodeToString([]byte(":"+key)), "the key as the password of Basic")
		s.withHeader("Token "+key, "the key behind Token")
		s.withHeader(key, "the key and no scheme")
		s.timelineRefuses(user, "the key as the user of Basic")
	}},
	{Clause: strict("IO-AUTH-06", listTickets, "GET /tickets with \"Bearer\" and no token is 401."), Steady: true, Run: func(s *Session) {
		s.withHeader("Bearer", "no token behind Bearer")
	}},
	{Clause: strict("IO-AUTH-07", listMessages, "GET messages without Authorization is 401."), Steady: true, Run: func(s *Session) {
		s.messagesRefused(target.Nobody)
	}},
	{Clause: strict("IO-AUTH-08", listMessages, "GET messages with a revoked key is 401.", clause.RevokedKey), Steady: true, Run: func(s *Session) {
		s.messagesRefused(target.Revoked)
	}},
	{Clause: strict("IO-AUTH-09", addNote, "POST messages without Authorization is 401 and stores nothing.", clause.Write), Run: func(s *Session) {
		s.noteRefused(target.Nobody, target.ReadWrite, http.StatusUnauthorized)
	}},
	{Clause: strict("IO-AUTH-10", addNote, "POST messages with a revoked key is 401 and stores nothing.", clause.RevokedKey, clause.Write), Run: func(s *Session) {
		s.noteRefused(target.Revoked, target.ReadWrite, http.StatusUnauthorized)
	}},
	{Clause: strict("IO-AUTH-11", listTickets, "A key of a workspace without API entitlement gets 403 on GET /tickets.", clause.UnentitledKey), Steady: true, Run: func(s *Session) {
		s.Get(target.Unentitled, "/tickets", "").Status(http.StatusForbidden)
	}},
	{Clause: strict("IO-AUTH-12", listMessages, "A key of a workspace without API entitlement gets 403 on GET messages.", clause.UnentitledKey), Steady: true, Run: func(s *Session) {
		resp := s.Get(target.Unentitled, messagesPath(s.AnyTicket()), "")
		s.notFoundFirst()
		resp.Status(http.StatusForbidden)
	}},
	{Clause: strict("IO-AUTH-13", addNote, "A key of a workspace without API entitlement gets 403 on POST messages and nothing is stored.", clause.UnentitledKey, clause.Write), Run: func(s *Session) {
		s.noteRefused(target.Unentitled, target.ReadWrite, http.StatusForbidden)
	}},
	{Clause: strict("IO-AUTH-14", listTickets, "A read-only key may GET /tickets (200).", clause.ReadOnlyKey), Steady: true, Run: func(s *Session) {
		s.Get(target.ReadOnly, "/tickets", "").Status(http.StatusOK)
		s.Get(target.ReadOnly, "/tickets", "query=mockdesk").Status(http.StatusOK)
	}},
	{Clause: strict("IO-AUTH-15", listMessages, "A read-only key may GET messages (200).", clause.ReadOnlyKey), Steady: true, Run: func(s *Session) {
		ticket := s.ticketOf(target.ReadOnly)
		s.Get(target.ReadOnly, messagesPath(ticket), "").Status(http.StatusOK)
	}},
	{Clause: strict("IO-AUTH-16", addNote, "A read-only key on POST messages is 403 and nothing is stored.", clause.ReadOnlyKey, clause.Write), Run: func(s *Session) {
		s.noteRefused(target.ReadOnly, target.ReadOnly, http.StatusForbidden)
	}},
	{Clause: strict("IO-AUTH-17", listTickets, "The entitlement refusal carries problem code forbidden.", clause.UnentitledKey), Steady: true, Run: func(s *Session) {
		s.codeOf(http.StatusForbidden, "forbidden", func() { s.Get(target.Unentitled, "/tickets", "") })
	}},
	{Clause: strict("IO-AUTH-18", addNote, "The read-only refusal carries problem code insufficient_scope.", clause.ReadOnlyKey, clause.Write), Steady: true, Run: func(s *Session) {
		ticket := s.ticketOf(target.ReadOnly)
		s.codeOf(http.StatusForbidden, "insufficient_scope", func() {
			s.PostNoteAs(target.ReadOnly, ticket.ID(), "type", "internal_note", "body_text", s.Marker())
		})
	}},
	{Clause: strict("IO-AUTH-19", listTickets, "A 401 carries problem code unauthorized."), Steady: true, Run: func(s *Session) {
		s.codeOf(http.StatusUnauthorized, "unauthorized",
			func() { s.Get(target.Nobody, "/tickets", "") },
			func() { s.As(target.Nobody).GET("/tickets").WithHeader("Authorization", "Bearer "+madeUp[0]).Expect() })
	}},
	{Clause: lenient("IO-AUTH-20", listTickets, "The key is taken from the header only; the same key in a query parameter is 401."), Steady: true, Run: func(s *Session) {
		key := s.Key(target.ReadWrite)
		query := Query("api_key", key, "apikey", key, "key", key, "access_token", key, "token", key, "authorization", "Bearer "+key)
		s.Get(target.Nobody, "/tickets", query).StatusList(http.StatusUnauthorized, http.StatusBadRequest) // A19: it may refuse unknown parameters first
	}},
	{Clause: strict("IO-AUTH-21", listTickets, "A bearer token that does not start with ixk_ is 401."), Steady: true, Run: func(s *Session) {
		s.withHeader("Bearer "+madeUp[1], "a made-up token of another form")
		if rest, ok := strings.CutPrefix(s.Key(target.ReadWrite), "ixk_"); ok {
			s.withHeader("Bearer "+rest, "the key without ixk_")
		}
	}},
	{Clause: lenient("IO-AUTH-22", listTickets, "Keys are compared exactly: a valid key in another letter case, or without its last character, is 401."), Steady: true, Run: func(s *Session) {
		key := s.Key(target.ReadWrite)
		s.withHeader("Bearer "+otherCase(key), "the key in the other letter case")
		s.timelineRefuses("Bearer "+otherCase(key), "the key in the other letter case")
		s.withHeader("Bearer "+key[:len(key)-1], "the key without its last character")
	}},
	{
		Clause: lenient("IO-AUTH-23", listTickets, "HEAD is guarded like GET: without a key, or with a revoked or unentitled one, it is never 200 (405 tolerated)."),
		Steady: true, Run: headGuarded,
	},
	{
		Clause: strict("IO-AUTH-24", addNote, "The second and later writes of a read-only key are refused like the first.", clause.ReadOnlyKey, clause.Write),
		Steady: true, Run: laterWrites,
	},
}

// otherCase is the text with small letters for capitals, and the other way round.
func otherCase(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}

// headGuarded asks for the head of what GET refuses. That it does is for other
// clauses to say.
func headGuarded(s *Session) {
	looked := false
	guarded := func(who target.Who, path, query string) {
		s.Get(who, path, query)
		s.StopIfFailed()
		if s.Last().Status/100 == 2 {
			return
		}
		looked = true
		s.As(who).HEAD(path).WithTransformer(raw(query)).Expect()
		s.StopIfFailed()
		status := s.Last().Status
		s.Assert(status/100 != 2, "status of HEAD "+path+" of the "+string(who)+" key", "a refusal", status)
	}
	if len(s.someTickets()) > 0 {
		guarded(target.Nobody, messagesPath(s.AnyTicket()), "")
		guarded(target.Nobody, numberPath(s.AnyTicket()), emailsOnly)
	}
	for _, who := range []target.Who{target.Nobody, target.Revoked, target.Unentitled} {
		if who == target.Nobody || s.Has(who) {
			guarded(who, "/tickets", "")
		}
	}
	if !looked {
		s.Skip("GET refuses nobody", "")
	}
}

// laterWrites has a read-only key write twice, to the UUID and to the number.
func laterWrites(s *Session) {
	ticket := s.ticketOf(target.ReadOnly)
	for _, id := range []string{ticket.ID(), byNumber(ticket)} {
		sent := s.PostNoteAs(target.ReadOnly, id, "type", "internal_note", "body_text", s.Marker())
		s.StopIfFailed()
		if s.Last().Status/100 == 2 && !s.env.scopeHeld {
			s.Skip("the first write is taken, which IO-AUTH-16 judges", "")
		}
		s.env.scopeHeld = true
		sent.Status(http.StatusForbidden)
	}
}

// messagesPath is the path of a ticket's messages.
func messagesPath(ticket survey.Row) string { return "/tickets/" + ticket.ID() + "/messages" }

// validKey sends the main key to both reading operations.
func validKey(s *Session) {
	s.Get(target.ReadWrite, "/tickets", "").Status(http.StatusOK)
	s.StopIfFailed()
	rows, _, err := survey.List(s.Last(), "data")
	if err == nil && len(rows) > 0 && rows[0].ID() != "" {
		s.Get(target.ReadWrite, messagesPath(rows[0]), "").Status(http.StatusOK)
	}
}

// withHeader asserts that the list refuses a value of Authorization, and calls
// it by the words in failures.
func (s *Session) withHeader(authorization, words string) {
	s.refusesHeader(target.Nobody, "/tickets", authorization, words)
}

// timelineRefuses asserts the same of the timeline of a ticket, if there is one.
func (s *Session) timelineRefuses(authorization, words string) {
	if len(s.someTickets()) > 0 {
		s.refusesHeader(target.Nobody, messagesPath(s.AnyTicket()), authorization, words)
	}
}

// refusesHeader asserts 401 on a GET with a value of Authorization.
func (s *Session) refusesHeader(who target.Who, path, authorization, words string) {
	s.with = " with " + words
	s.As(who).GET(path).WithHeader("Authorization", authorization).Expect().Status(http.StatusUnauthorized)
	s.with = ""
}

// listRefused asserts 401 on the list, and on a later page of a filtered one.
func (s *Session) listRefused(who target.Who) {
	s.Get(who, "/tickets", "").Status(http.StatusUnauthorized)
	s.Get(who, "/tickets", "query=mockdesk&page=2").Status(http.StatusUnauthorized)
}

// messagesRefused asserts 401 on the timeline of a ticket that exists, by its
// UUID and by its number with a filter.
func (s *Session) messagesRefused(who target.Who) {
	ticket := s.AnyTicket()
	s.Get(who, messagesPath(ticket), "").Status(http.StatusUnauthorized)
	s.Get(who, numberPath(ticket), emailsOnly).Status(http.StatusUnauthorized)
}

// numberPath is the path of a ticket's messages by its number, if it has one.
func numberPath(ticket survey.Row) string { return "/tickets/" + byNumber(ticket) + "/messages" }

// noteRefused asserts that the caller's note is refused with the status and
// that the reader does not find it afterwards.
func (s *Session) noteRefused(who, reader target.Who, status int) {
	ticket := s.ticketOf(reader)
	ids := s.noteIDs(ticket)
	s.StoresNothing(reader, ticket, func() {
		for _, id := range ids {
			resp := s.PostNoteAs(who, id, "type", "internal_note", "body_text", s.Marker())
			if who == target.Unentitled {
				s.notFoundFirst()
			}
			resp.Status(status)
			s.env.scopeHeld = s.env.scopeHeld || who == target.ReadOnly && s.Last().Status == status
		}
	})
}

// notFoundFirst skips when the target looked for the ticket, which another
// workspace owns, before it looked at the entitlement: no page says which
// refusal comes first.
func (s *Session) notFoundFirst() {
	s.StopIfFailed()
	if s.Last().Status == http.StatusNotFound {
		s.Skip("the ticket belongs to another workspace than the key, and the target says so first", "")
	}
}

// ticketOf is a ticket the caller may read: the run's write ticket if it is
// the caller's too.
func (s *Session) ticketOf(who target.Who) survey.Row {
	ticket := s.AnyTicket()
	if s.env.Write {
		ticket = s.WriteTicket()
	}
	if who == target.ReadWrite {
		return ticket
	}
	s.Get(who, messagesPath(ticket), "")
	s.StopIfFailed()
	if s.Last().Status == http.StatusOK {
		return ticket
	}
	s.Get(who, "/tickets", "")
	if s.StopIfFailed(); s.Last().Status == http.StatusUnauthorized {
		s.Skip("the "+string(who)+" key is refused as one that nobody has, which the clause about the list judges", "a "+string(who)+" key that is let in")
	}
	rows := s.Rows("data")
	if len(rows) == 0 {
		s.Skip("the workspace of the "+string(who)+" key has no tickets", "a key of a workspace with tickets")
	}
	return rows[0]
}

// codeOf asserts the problem code of those requests that are refused with the
// status. That they are refused is for other clauses to say.
func (s *Session) codeOf(status int, code string, requests ...func()) {
	looked := false
	for _, send := range requests {
		send()
		s.StopIfFailed()
		if e := s.Last(); e.Status == status {
			looked = true
			s.problemCode(e, code)
		}
	}
	if !looked {
		s.Skip("the target refused nothing with "+http.StatusText(status), "")
	}
}
