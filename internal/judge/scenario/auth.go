package scenario

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// madeUp are made-up tokens; the first has the form of a key.
var madeUp = []string{"ixk_mockdesk_check_made_up_key", "mockdesk-check-made-up-token"}

var auth = []Scenario{
	{Clause: strict("IO-AUTH-01", listTickets, "A request with Authorization: Bearer and a valid ixk_ key is accepted."), Steady: true, Run: validKey},
	{Clause: strict("IO-AUTH-02", listTickets, "GET /tickets without Authorization is 401."), Steady: true, Run: func(s *Session) {
		s.listRefused(target.Nobody)
	}},
	{Clause: strict("IO-AUTH-03", listTickets, "GET /tickets with a Bearer token that is not a known key is 401."), Steady: true, Run: func(s *Session) {
		s.withHeader("Bearer "+madeUp[0], "a made-up key")
		s.withHeader("Bearer "+madeUp[1], "a made-up token of another form")
		s.withHeader("Bearer "+s.Key(target.ReadWrite)+".x", "the key and .x after it")
		if other, ok := s.keyOfOther(target.Member); ok {
			s.withHeader("Bearer "+other, "a key of AppHandoff")
		}
	}},
	{Clause: strict("IO-AUTH-04", listTickets, "GET /tickets with a revoked key is 401.", clause.RevokedKey), Steady: true, Run: func(s *Session) {
		s.listRefused(target.Revoked)
	}},
	{Clause: strict("IO-AUTH-05", listTickets, "GET /tickets with a non-Bearer scheme (Basic) is 401."), Steady: true, Run: func(s *Session) {
		key := s.Key(target.ReadWrite)
		user := "Basic " + base64.StdEncoding.EncodeToString([]byte(key+":"))
		s.withHeader(user, "the key as the user of Basic")
		s.withHeader("Basic "+base64.StdEncoding.EncodeToString([]byte(":"+key)), "the key as the password of Basic")
		s.withHeader("Token "+key, "the key after Token")
		s.withHeader(key, "the key and no scheme")
		if s.roomy() {
			s.withHeader("Basic "+key, "the key itself after Basic")
		}
	}},
	{Clause: strict("IO-AUTH-06", listTickets, "GET /tickets with \"Bearer\" and no token is 401."), Steady: true, Run: func(s *Session) {
		s.withHeader("Bearer", "no token after Bearer")
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
		if s.roomy() {
			s.readsFiltered()
		}
	}},
	{Clause: strict("IO-AUTH-15", listMessages, "A read-only key may GET messages (200).", clause.ReadOnlyKey), Steady: true, Run: func(s *Session) {
		ticket := s.ticketOf(target.ReadOnly)
		all, known := []survey.Row(nil), false
		if s.roomy() {
			all, known = s.typed(ticket, "")
		}
		s.Get(target.ReadOnly, messagesPath(ticket), "").Status(http.StatusOK)
		s.StopIfFailed()
		if shown, _, err := survey.List(s.Last(), "data"); known && err == nil {
			lost := without(IDs(all), IDs(shown))
			s.Assert(len(lost) == 0, "messages that the read-only key is not shown", "none", lost)
		}
	}},
	{Clause: strict("IO-AUTH-16", addNote, "A read-only key on POST messages is 403 and nothing is stored.", clause.ReadOnlyKey, clause.Write), Run: func(s *Session) {
		s.noteRefused(target.ReadOnly, target.ReadOnly, http.StatusForbidden)
	}},
	{Clause: strict("IO-AUTH-17", listTickets, "The entitlement refusal carries problem code forbidden.", clause.UnentitledKey), Steady: true, Last: true, Run: func(s *Session) {
		s.codeOf(http.StatusForbidden, "forbidden", s.sentBy(target.Unentitled), func() { s.Get(target.Unentitled, "/tickets", "") })
	}},
	{Clause: strict("IO-AUTH-18", addNote, "The read-only refusal carries problem code insufficient_scope.", clause.ReadOnlyKey, clause.Write), Steady: true, Last: true, Run: func(s *Session) {
		s.codeOf(http.StatusForbidden, "insufficient_scope", func(e *target.Exchange) bool { return e.Method == http.MethodPost && s.sentBy(target.ReadOnly)(e) }, func() {
			s.PostNoteAs(target.ReadOnly, s.ticketOf(target.ReadOnly).ID(), "type", "internal_note", "body_text", s.Marker())
		})
	}},
	{Clause: strict("IO-AUTH-19", listTickets, "A 401 carries problem code unauthorized."), Steady: true, Last: true, Run: func(s *Session) {
		s.codeOf(http.StatusUnauthorized, "unauthorized", func(*target.Exchange) bool { return true },
			func() { s.Get(target.Nobody, "/tickets", "") },
			func() { s.As(target.Nobody).GET("/tickets").WithHeader("Authorization", "Bearer "+madeUp[0]).Expect() })
	}},
	{Clause: lenient("IO-AUTH-20", listTickets, "The key is taken from the header only; the same key in a query parameter is 401."), Steady: true, Run: func(s *Session) {
		key := s.Key(target.ReadWrite)
		query := Query("api_key", key, "apikey", key, "key", key, "access_token", key, "token", key, "authorization", "Bearer "+key)
		s.Get(target.Nobody, "/tickets", query).StatusList(http.StatusUnauthorized, http.StatusBadRequest) // A19: it may refuse unknown parameters first
		s.refused()
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
		if rest, ok := strings.CutPrefix(key, "ixk_"); ok {
			s.withHeader("Bearer IXK_"+rest, "the key with a prefix in capitals")
		}
		s.withHeader("Bearer "+key[:len(key)-1], "the key without its last character")
	}},
	{
		Clause: lenient("IO-AUTH-23", listTickets, "HEAD is guarded like GET: without a key, or with a revoked or unentitled one, it is never 200, and with a key that may read it is 200 (405 tolerated)."),
		Steady: true, Run: headGuarded,
	},
	{
		Clause: strict("IO-AUTH-24", addNote, "The second and later writes of a read-only key are refused like the first.", clause.ReadOnlyKey, clause.Write),
		Steady: true, Run: laterWrites,
	},
}

// keyOfOther returns a key of the other service, if one server has both: a key
// is only shown to the server it belongs to.
func (s *Session) keyOfOther(who target.Who) (key string, ok bool) {
	a, errA := url.Parse(s.env.Client.Base(clause.InboxOps))
	b, errB := url.Parse(s.env.Client.Base(clause.AppHandoff))
	one := errA == nil && errB == nil && a.Scheme == b.Scheme && a.Host == b.Host && a.Host != ""
	return s.Key(who), one && s.Has(who) && s.roomy()
}

// otherCase returns the text with upper and lower case swapped.
func otherCase(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}

// headGuarded sends a HEAD request for what GET refuses. Other clauses judge
// that GET refuses it.
func headGuarded(s *Session) {
	looked := false
	guarded := func(who target.Who, path string) {
		if s.exchange(who, path, "").Status/100 == 2 {
			return
		}
		looked = true
		status := s.send(who, http.MethodHead, path, "", nil, nil).Status
		s.Assert(status/100 != 2, "status of HEAD "+path+" of the "+string(who)+" key", "a refusal", status)
	}
	if len(s.someTickets()) > 0 {
		guarded(target.Nobody, messagesPath(s.AnyTicket()))
		guarded(target.Nobody, numberPath(s.AnyTicket()))
	}
	for _, who := range []target.Who{target.Nobody, target.Revoked, target.Unentitled} {
		if who == target.Nobody || s.Has(who) {
			guarded(who, "/tickets")
		}
		if who == target.Revoked && s.Has(who) && len(s.someTickets()) > 0 {
			guarded(who, messagesPath(s.AnyTicket()))
		}
	}
	s.headTaken()
	if !looked {
		s.Skip("GET refuses nobody", "")
	}
}

// headTaken sends a HEAD request for what GET gives: a target that knows HEAD
// accepts it from the same keys.
func (s *Session) headTaken() {
	for _, at := range []struct {
		who  target.Who
		path string
	}{{target.ReadOnly, "/tickets"}, {target.ReadWrite, messagesPath(s.AnyTicket())}} {
		if !s.Has(at.who) || s.exchange(at.who, at.path, "").Status != http.StatusOK {
			continue
		}
		status := s.send(at.who, http.MethodHead, at.path, "", nil, nil).Status
		unknown := slices.Contains([]int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}, status)
		s.Assert(status/100 == 2 || unknown, "status of HEAD "+at.path+" of the "+string(at.who)+" key", "200 as of GET, or 405", status)
	}
}

// laterWrites has a read-only key write to the UUID, to the number and in another
// way.
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
	if s.surplus() {
		s.Post(target.ReadOnly, messagesPath(ticket), "application/json; charset=utf-8", s.noteJSON()).Status(http.StatusForbidden)
	}
}

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

// refusesHeader asserts 401 on a GET with a value of Authorization.
func (s *Session) refusesHeader(who target.Who, path, authorization, words string) {
	s.with = " with " + words
	s.As(who).GET(path).WithHeader("Authorization", authorization).Expect().Status(http.StatusUnauthorized)
	s.with = ""
}

// listRefused asserts 401 on the list.
func (s *Session) listRefused(who target.Who) {
	s.Get(who, "/tickets", "").Status(http.StatusUnauthorized)
}

// messagesRefused asserts 401 on the timeline of a ticket that exists.
func (s *Session) messagesRefused(who target.Who) {
	s.Get(who, messagesPath(s.AnyTicket()), "").Status(http.StatusUnauthorized)
	if s.roomy() {
		s.Get(who, messagesPath(s.AnyTicket()), notesOnly).Status(http.StatusUnauthorized)
	}
}

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
	if s.exchange(who, messagesPath(ticket), "").Status == http.StatusOK {
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
