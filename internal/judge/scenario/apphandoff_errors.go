package scenario

import (
	"encoding/base64"
	"net/http"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// madeUpHandoff are made-up tokens; the first has the form of a key.
var madeUpHandoff = []string{"ah_k_mockdesk_check_made_up_key", "mockdesk-check-made-up-token"}

var handoffErrors = []Scenario{
	{Clause: strict("AH-ERR-01", handoffMessages, "No Authorization header is 401."), Steady: true, Run: func(s *Session) {
		s.Get(target.Stranger, s.firstThread().path(), "").Status(http.StatusUnauthorized)
	}},
	{Clause: strict("AH-ERR-02", handoffMessages, "An unknown or malformed token is 401."), Steady: true, Run: handoffTokens},
	{Clause: lenient("AH-ERR-03", handoffMessages, "A caller without access to the project gets 403 (404 tolerated).", clause.NoAccess), Steady: true, Run: func(s *Session) {
		for _, f := range s.outOfReach() {
			s.Get(f.who, f.path, "").StatusList(http.StatusForbidden, http.StatusNotFound)
			s.refused()
		}
	}},
	{Clause: strict("AH-ERR-04", handoffMessages, "An unknown ticket in an accessible project is 404."), Steady: true, Run: func(s *Session) {
		for _, project := range s.projects() {
			s.Get(target.Member, HandoffPath(project, NobodyTicket), "").Status(http.StatusNotFound)
		}
	}},
	{Clause: lenient("AH-ERR-05", handoffMessages, "An unknown project is 404 (403 tolerated)."), Steady: true, Run: func(s *Session) {
		s.Get(target.Member, HandoffPath(NobodyTicket, s.firstThread().ticket.ID), "").StatusList(http.StatusNotFound, http.StatusForbidden)
		s.refused()
	}},
	{Clause: lenient("AH-ERR-06", handoffMessages, "A ticket addressed through another project is not served (404 expected)."), Steady: true, Run: handoffAstray},
	{Clause: lenient("AH-ERR-07", handoffMessages, "Path ids that are not UUIDs are refused with 400, 404 or 422 (the project's with 403, too), never served."), Steady: true, Run: func(s *Session) {
		t := s.firstThread()
		for _, bad := range []string{"not-a-uuid", "123"} {
			s.Get(target.Member, HandoffPath(t.project, bad), "").StatusList(refusals...)
			s.refused()
			// A target may check membership before it looks at the form.
			s.Get(target.Member, HandoffPath(bad, t.ticket.ID), "").StatusList(append(refusals, http.StatusForbidden)...)
			s.refused()
		}
	}},
	{Clause: strict("AH-ERR-08", handoffMessages, "Error bodies are application/json objects with a string error."), Steady: true, Last: true, Run: func(s *Session) {
		s.company(clause.AppHandoff)
		s.errorShape("the target refused nothing with 401, 403 or 404", http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	}},
	{Clause: strict("AH-ERR-09", handoffMessages, "code, if present, is a string."), Steady: true, Last: true, Run: func(s *Session) {
		s.eachHandoffError("code", func(e *target.Exchange, code any) {
			_, ok := code.(string)
			s.assert(ok, "code", "a string", code, e)
		})
	}},
	{Clause: strict("AH-ERR-10", handoffMessages, "fieldErrors, if present, is an object whose values are strings."), Steady: true, Last: true, Run: func(s *Session) {
		s.eachHandoffError("fieldErrors", func(e *target.Exchange, fields any) {
			object, ok := fields.(map[string]any)
			for _, v := range object {
				_, isText := v.(string)
				ok = ok && isText
			}
			s.assert(ok, "fieldErrors", "an object whose values are strings", fields, e)
		})
	}},
	{Clause: strict("AH-ERR-11", handoffMessages, "issues, if present, is an array of objects with string path and string message."), Steady: true, Last: true, Run: func(s *Session) {
		s.eachHandoffError("issues", func(e *target.Exchange, issues any) {
			list, ok := issues.([]any)
			for _, v := range list {
				issue, _ := v.(map[string]any)
				_, path := issue["path"].(string)
				_, message := issue["message"].(string)
				ok = ok && path && message
			}
			s.assert(ok, "issues", "an array of objects with strings path and message", issues, e)
		})
	}},
	{Clause: strict("AH-ERR-12", handoffMessages, "retryAfter, if present, is a number.", clause.HandoffBurst), Steady: true, Run: func(s *Session) {
		for _, e := range s.env.Client.Exchanges() { // of the whole run
			if e.API != clause.AppHandoff || e.Status/100 != 4 {
				continue
			}
			if wait := objectOf(e)["retryAfter"]; wait != nil {
				s.judge(e)
				s.assert(isNumber(wait), "retryAfter", "a number", wait, e)
			}
		}
		s.StopIfFailed()
		e, body := s.handoffLimit()
		if body["retryAfter"] == nil {
			s.Skip("the 429 has no retryAfter, which AH-ERR-14 judges", "")
		}
		s.assert(isNumber(body["retryAfter"]), "retryAfter", "a number", body["retryAfter"], e)
	}},
	{Clause: strict("AH-ERR-13", handoffMessages, "reconnect, if present, is boolean and occurs on 401 only."), Steady: true, Last: true, Run: handoffReconnect},
	{Clause: lenient("AH-ERR-14", handoffMessages, "A rate-limited call (429) carries the same error shape with retryAfter.", clause.HandoffBurst), Steady: true, Run: func(s *Session) {
		e, body := s.handoffLimit()
		s.errorBody(e)
		s.assert(body["retryAfter"] != nil, "retryAfter", "the seconds until the limit resets", member(body, "retryAfter"), e)
	}},
	{Clause: lenient("AH-ERR-15", handoffMessages, "A validation refusal (400 or 422) carries the same error shape."), Steady: true, Last: true, Run: func(s *Session) {
		s.errorShape("the target refuses no parameter with 400 or 422, and need not", http.StatusBadRequest, http.StatusUnprocessableEntity)
	}},
}

// handoffTokens sends tokens that are not keys, and the key with schemes other
// than Bearer. A revoked key may be answered 403 as well: no page speaks of it.
func handoffTokens(s *Session) {
	path, key := s.firstThread().path(), s.Key(target.Member)
	for _, header := range []struct{ value, words string }{
		{"Bearer " + madeUpHandoff[0], "a made-up key"},
		{"Bearer " + madeUpHandoff[1], "a made-up token of another form"},
		{"Bearer " + key + ".x", "the key and .x after it"},
		{"Bearer " + otherCase(key), "the key in the other letter case"},
		{"Bearer " + key[:len(key)-1], "the key without its last character"},
		{"Bearer", "no token after Bearer"},
		{"Basic " + base64.StdEncoding.EncodeToString([]byte(key+":")), "the key as the user of Basic"},
		{"Token " + key, "the key after Token"},
		{key, "the key and no scheme"},
	} {
		s.refusesHeader(target.Stranger, path, header.value, header.words)
	}
	if other, ok := s.keyOfOther(target.ReadWrite); ok {
		s.refusesHeader(target.Stranger, path, "Bearer "+other, "a key of InboxOps")
	}
	if s.Has(target.MemberRevoked) {
		s.Get(target.MemberRevoked, path, "").StatusList(http.StatusUnauthorized, http.StatusForbidden)
		s.refused()
	}
}

// errorShape judges the bodies of the refusals that have one of the statuses.
func (s *Session) errorShape(otherwise string, statuses ...int) {
	s.each(s.handoffRefusals(statuses...), func(e *target.Exchange) {
		if answered(statuses...)(e) {
			s.errorBody(e)
		}
	})
	s.SkipUnlessAsserted(otherwise, "")
}

// errorBody asserts the documented form of one error.
func (s *Session) errorBody(e *target.Exchange) {
	s.assert(mediaOf(e) == "application/json", "Content-Type", "application/json", e.ResponseHeader.Get("Content-Type"), e)
	v, err := e.JSON()
	body, ok := v.(map[string]any)
	if !s.assert(ok && err == nil, bodyOf(s, e), "a JSON object", shown(v, err), e) {
		return
	}
	_, ok = body["error"].(string)
	s.assert(ok, "error", "a string", member(body, "error"), e)
}

// eachHandoffError judges a member of each refusal that has it.
func (s *Session) eachHandoffError(name string, judge func(e *target.Exchange, value any)) {
	s.each(s.handoffRefusals(http.StatusBadRequest, http.StatusUnprocessableEntity), func(e *target.Exchange) {
		if value := objectOf(e)[name]; value != nil {
			judge(e, value)
		}
	})
	s.SkipUnlessAsserted("no error of the target has "+name+", and none needs it", "")
}

// handoffReconnect looks at every refusal: only a 401 may have reconnect.
func handoffReconnect(s *Session) {
	if s.Has(target.Reconnect) {
		s.exchange(target.Reconnect, s.firstThread().path(), "")
	}
	s.each(s.handoffRefusals(http.StatusUnauthorized), func(e *target.Exchange) {
		body := objectOf(e)
		value := body["reconnect"]
		_, isBool := value.(bool)
		expected := "absent"
		if e.Status == http.StatusUnauthorized {
			expected = "absent or a boolean"
		}
		s.assert(value == nil || isBool && e.Status == http.StatusUnauthorized,
			"reconnect in the "+http.StatusText(e.Status), expected, member(body, "reconnect"), e)
	})
}

// handoffLimit returns a 429 of AppHandoff with its body: that of a key driven
// into its limit, or one that the run has met before.
func (s *Session) handoffLimit() (*target.Exchange, map[string]any) {
	who := target.Member
	if s.Has(target.MemberLimited) {
		who = target.MemberLimited
	}
	path := s.firstThread().path()
	s.TakeLimits()
	e := s.exchange(who, path, "")
	if e.Status != http.StatusTooManyRequests {
		e = nil
		for _, earlier := range s.env.Client.Exchanges() {
			if earlier.API == clause.AppHandoff && earlier.Status == http.StatusTooManyRequests {
				e = earlier
			}
		}
	}
	if e == nil {
		e, _ = s.UntilLimited(who, path, "")
	}
	if e == nil || e.Status != http.StatusTooManyRequests { // no page says that the operation is limited
		s.Skip("the target did not limit its AppHandoff key with 429", "--burst N with N above the limit of the key")
	}
	s.judge(e)
	return e, objectOf(e)
}
