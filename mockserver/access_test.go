package mockserver_test

import (
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver"
)

// noteBody is a body that adds a note.
const noteBody = `{"type":"internal_note","body_text":"checked"}`

// The three operations, with the path and the body that a right request has.
var (
	listCall     = call{"GET", ticketsPath, ""}
	timelineCall = call{"GET", messagesPath, ""}
	noteCall     = call{"POST", messagesPath, noteBody}
)

// call is a request without its key.
type call struct{ method, path, body string }

// call sends a call.
func (f *fake) call(c call, key string, headers ...string) *answer {
	f.t.Helper()
	return f.send(c.method, key, c.path, c.body, append([]string{"Content-Type: application/json"}, headers...)...)
}

func TestHeadAndLaterWrites(t *testing.T) {
	t.Parallel()
	proofs{
		"IO-AUTH-23 HEAD is guarded like GET": func(_ *testing.T, f *fake) {
			for key, status := range map[string]int{"": 401, revoked: 401, unentitled: 403, readOnly: 200} {
				f.send("HEAD", key, ticketsPath, "").want(status)
				f.send("HEAD", key, messagesPath, "").want(status)
			}
		},
		"IO-AUTH-24 each write of a read-only key is refused": func(_ *testing.T, f *fake) {
			for range 3 {
				f.call(noteCall, readOnly).want(403)
			}
		},
	}.run(t, mockserver.Config{})
}

// TestAccess sends each operation with each kind of key.
func TestAccess(t *testing.T) {
	t.Parallel()
	const bare = "" // no key in the header
	tests := map[string]struct {
		call
		key, header string
		status      int
		code        string
	}{
		"IO-AUTH-01 a valid key is accepted":                                      {listCall, readWrite, "", 200, ""},
		"IO-AUTH-02 IO-AUTH-19 GET /tickets without Authorization is 401":         {listCall, bare, "", 401, "unauthorized"},
		"IO-AUTH-03 IO-AUTH-19 GET /tickets with an unknown key is 401":           {listCall, "ixk_live_4f9a1c", "", 401, "unauthorized"},
		"IO-AUTH-04 IO-AUTH-19 GET /tickets with a revoked key is 401":            {listCall, revoked, "", 401, "unauthorized"},
		"IO-AUTH-05 IO-AUTH-19 GET /tickets under another scheme is 401":          {listCall, bare, "Authorization: Basic " + readWrite, 401, "unauthorized"},
		"IO-AUTH-05 GET /tickets with the key alone is 401":                       {listCall, bare, "Authorization: " + readWrite, 401, "unauthorized"},
		"IO-AUTH-06 IO-AUTH-19 GET /tickets with Bearer and no token is 401":      {listCall, bare, "Authorization: Bearer", 401, "unauthorized"},
		"IO-AUTH-06 GET /tickets with Bearer and blanks is 401":                   {listCall, bare, "Authorization: Bearer   ", 401, "unauthorized"},
		"IO-AUTH-07 GET messages without Authorization is 401":                    {timelineCall, bare, "", 401, "unauthorized"},
		"IO-AUTH-08 GET messages with a revoked key is 401":                       {timelineCall, revoked, "", 401, "unauthorized"},
		"IO-AUTH-09 POST messages without Authorization is 401":                   {noteCall, bare, "", 401, "unauthorized"},
		"IO-AUTH-10 POST messages with a revoked key is 401":                      {noteCall, revoked, "", 401, "unauthorized"},
		"IO-AUTH-11 IO-AUTH-17 A11 GET /tickets without entitlement is 403":       {listCall, unentitled, "", 403, "forbidden"},
		"IO-AUTH-12 A11 GET messages without entitlement is 403":                  {timelineCall, unentitled, "", 403, "forbidden"},
		"IO-AUTH-13 A11 POST messages without entitlement is 403":                 {noteCall, unentitled, "", 403, "forbidden"},
		"IO-AUTH-14 A9 a read-only key may GET /tickets":                          {listCall, readOnly, "", 200, ""},
		"IO-AUTH-15 A9 a read-only key may GET messages":                          {timelineCall, readOnly, "", 200, ""},
		"IO-AUTH-16 IO-AUTH-18 a read-only key on POST messages is 403":           {noteCall, readOnly, "", 403, "insufficient_scope"},
		"IO-AUTH-21 a key without ixk_ is 401":                                    {listCall, strings.TrimPrefix(readWrite, "ixk_"), "", 401, "unauthorized"},
		"IO-AUTH-22 a key in capitals is 401":                                     {listCall, strings.ToUpper(readWrite), "", 401, "unauthorized"},
		"IO-AUTH-22 a key without its last character is 401":                      {timelineCall, readWrite[:len(readWrite)-1], "", 401, "unauthorized"},
		"IO-AUTH-20 the key as the parameter api_key is 401":                      {call{"GET", ticketsPath + "?api_key=" + readWrite, ""}, bare, "", 401, "unauthorized"},
		"IO-AUTH-20 the key as the parameter access_token is 401":                 {call{"GET", ticketsPath + "?access_token=" + readWrite, ""}, bare, "", 401, "unauthorized"},
		"IO-AUTH-20 the key as the parameter Authorization is 401":                {call{"GET", ticketsPath + "?Authorization=Bearer+" + readWrite, ""}, bare, "", 401, "unauthorized"},
		"IO-AUTH-20 the key as X-API-Key is 401":                                  {listCall, bare, "X-API-Key: " + readWrite, 401, "unauthorized"},
		"A6 the scheme may be in lower case":                                      {listCall, bare, "Authorization: bearer " + readWrite, 200, ""},
		"A6 the scheme may be in upper case":                                      {listCall, bare, "Authorization: BEARER " + readWrite, 200, ""},
		"A6 several spaces may stand before the key":                              {listCall, bare, "Authorization: Bearer    " + readWrite, 200, ""},
		"A8 a token without the prefix ixk_ is 401":                               {listCall, "test_readwrite", "", 401, "unauthorized"},
		"A8 the case of a key matters":                                            {listCall, "IXK_TEST_READWRITE", "", 401, "unauthorized"},
		"A8 a key with something behind it is 401":                                {listCall, readWrite + " x", "", 401, "unauthorized"},
		"A8 a key of the other service is 401":                                    {listCall, member, "", 401, "unauthorized"},
		"A10 a read-only key may ask with HEAD":                                   {call{"HEAD", ticketsPath, ""}, readOnly, "", 200, ""},
		"A20 GET needs no Content-Type":                                           {listCall, readWrite, "Content-Type: ", 200, ""},
		"IO-AUTH-01 A20 GET messages takes the key and needs no Content-Type":     {timelineCall, readWrite, "Content-Type: ", 200, ""},
		"IO-AUTH-17 A11 HEAD without entitlement is 403 as GET is":                {call{"HEAD", messagesPath, ""}, unentitled, "", 403, "forbidden"},
		"IO-AUTH-19 the 401 of GET messages under another scheme has its code":    {timelineCall, bare, "Authorization: Token " + readWrite, 401, "unauthorized"},
		"IO-AUTH-19 the 401 of POST messages with an unknown key has its code":    {noteCall, "ixk_unknown", "", 401, "unauthorized"},
		"IO-AUTH-09 IO-AUTH-19 POST messages under another scheme stores no note": {noteCall, bare, "Authorization: Basic " + readWrite, 401, "unauthorized"},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{})
			f.unchanged(func() {
				var headers []string
				if test.header != "" {
					headers = append(headers, test.header)
				}
				a := f.call(test.call, test.key, headers...).want(test.status)
				if test.code != "" {
					a.refused(test.status, test.code)
				}
			})
			proved(sentence)
		})
	}
}

// TestChallenge asks each operation for the header of a 401, which no other
// answer has.
func TestChallenge(t *testing.T) {
	t.Parallel()
	proofs{
		"A7 a 401 has WWW-Authenticate: Bearer, and nothing else has it": func(t *testing.T, f *fake) {
			for _, c := range []call{listCall, timelineCall, noteCall} {
				for _, key := range []string{"", "ixk_unknown", revoked} {
					same(t, "challenge", []string{"Bearer"}, f.call(c, key).want(401).Header["Www-Authenticate"])
				}
				same(t, "challenge of a 403", nil, f.call(c, unentitled).want(403).Header["Www-Authenticate"])
			}
			same(t, "challenge of a 200", nil, f.call(listCall, readWrite).want(200).Header["Www-Authenticate"])
		},
	}.run(t, mockserver.Config{})
}

// TestOrderOfChecks sends requests with two faults at once: the earlier one of
// 401, 403 forbidden, 403 insufficient_scope, 429, 404, 400 is answered.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	const unknownTicket = ticketsPath + "/" + unknownID + "/messages"
	restricted := auth.Access{ReadOnly: true, Unentitled: true}
	revokedToo := auth.Access{Revoked: true, Unentitled: true, ReadOnly: true}
	tests := map[string]struct {
		call
		key    string
		access *auth.Access // of the key, from now on
		full   bool         // the rate limit is used up
		status int
		code   string
	}{
		"A5 401 comes before 403 forbidden":                    {listCall, readWrite, &revokedToo, false, 401, "unauthorized"},
		"A5 401 comes before 403 insufficient_scope":           {noteCall, readWrite, &revokedToo, false, 401, "unauthorized"},
		"A5 401 comes before 429":                              {listCall, revoked, nil, true, 401, "unauthorized"},
		"A5 401 comes before 404":                              {call{"GET", unknownTicket, ""}, "", nil, false, 401, "unauthorized"},
		"A5 401 comes before 400":                              {call{"GET", ticketsPath + "?page=0", ""}, "", nil, false, 401, "unauthorized"},
		"A5 401 comes before 400 of a broken query":            {call{"GET", ticketsPath + "?q=%zz", ""}, "", nil, false, 401, "unauthorized"},
		"A5 403 forbidden comes before 403 insufficient_scope": {noteCall, readWrite, &restricted, false, 403, "forbidden"},
		"A5 403 forbidden comes before 429":                    {listCall, unentitled, nil, true, 403, "forbidden"},
		"A5 403 forbidden comes before 404":                    {call{"GET", unknownTicket, ""}, unentitled, nil, false, 403, "forbidden"},
		"A5 403 forbidden comes before 400":                    {call{"GET", ticketsPath + "?page=0", ""}, unentitled, nil, false, 403, "forbidden"},
		"A5 403 insufficient_scope comes before 429":           {noteCall, readOnly, nil, true, 403, "insufficient_scope"},
		"A5 403 insufficient_scope comes before 404":           {call{"POST", unknownTicket, noteBody}, readOnly, nil, false, 403, "insufficient_scope"},
		"A5 403 insufficient_scope comes before 400":           {call{"POST", messagesPath, "{"}, readOnly, nil, false, 403, "insufficient_scope"},
		"A5 429 comes before 404":                              {call{"GET", unknownTicket, ""}, readWrite, nil, true, 429, "rate_limit_exceeded"},
		"A5 429 comes before 400":                              {call{"GET", ticketsPath + "?page=0", ""}, readWrite, nil, true, 429, "rate_limit_exceeded"},
		"A5 429 comes before 400 of a body":                    {call{"POST", messagesPath, "{"}, readWrite, nil, true, 429, "rate_limit_exceeded"},
		"A5 404 comes before 400 of a parameter":               {call{"GET", unknownTicket + "?types=bogus", ""}, readWrite, nil, false, 404, "not_found"},
		"A5 404 comes before 400 of a body":                    {call{"POST", unknownTicket, "{"}, readWrite, nil, false, 404, "not_found"},
		"A5 404 comes before 400 of a type":                    {call{"POST", unknownTicket, `{"type":"email"}`}, readWrite, nil, false, 404, "not_found"},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{})
			w := f.Workspace("")
			f.unchanged(func() {
				if test.access != nil {
					w.Key(auth.InboxOps, auth.ReadWrite).SetAccess(*test.access)
				}
				if test.full {
					f.exhaust()
				}
				f.call(test.call, test.key).refused(test.status, test.code)
				w.SetRateLimit(ratelimit.Limit{})
				w.Key(auth.InboxOps, auth.ReadWrite).Reset()
			})
			proved(sentence)
		})
	}
}

// exhaust sets a limit of one request an hour and uses it up.
func (f *fake) exhaust() {
	f.t.Helper()
	w := f.Workspace("")
	w.SetRateLimit(hourly(1))
	for _, key := range w.Keys {
		key.Window.Take(w.Clock.Now())
	}
}
