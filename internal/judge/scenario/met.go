package scenario

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// met returns the 4xx answers of an API that the run has met, whichever
// scenario asked. When the scenario is run again, it repeats the requests that
// it held against the target and returns their answers. otherwise asks for some
// if none of them is wanted.
func (s *Session) met(api clause.API, wanted func(*target.Exchange) bool, otherwise func() []*target.Exchange) []*target.Exchange {
	var out []*target.Exchange
	if s.env.doubted[s.clause] != nil {
		out = only(s.again(), func(e *target.Exchange) bool { return e.Status/100 == 4 })
		if len(out) == 0 {
			s.Skip("what was refused is not refused any more", "")
		}
		return out
	}
	out = only(s.env.Client.Exchanges(), func(e *target.Exchange) bool {
		return e.API == api && e.Err == nil && e.Status/100 == 4 && e.Method != http.MethodHead && e.Header.Get("Prefer") == ""
	})
	if !slices.ContainsFunc(out, wanted) {
		out = append(out, otherwise()...)
	}
	if len(out) == 0 {
		s.Skip("the target refused nothing with a 4xx", "")
	}
	s.tape.Adopt(out...)
	return out
}

// again repeats the requests that the scenario held against the target in the
// previous epoch.
func (s *Session) again() []*target.Exchange {
	var out []*target.Exchange
	for _, e := range s.env.doubted[s.clause] {
		out = append(out, s.resend(e))
	}
	return out
}

// lists returns the lists of tickets that the run has met, or, when run again,
// those that the scenario held against the target.
func (s *Session) lists() []*target.Exchange {
	if s.env.doubted[s.clause] != nil {
		return s.again()
	}
	out := only(s.env.Client.Exchanges(), func(e *target.Exchange) bool {
		return e.API == clause.InboxOps && e.Method == http.MethodGet && e.Status == http.StatusOK && below(e) == "/tickets" && e.Err == nil
	})
	s.tape.Adopt(out...)
	return out
}

// each judges answers, and remembers those that it holds against the target.
func (s *Session) each(answers []*target.Exchange, judge func(*target.Exchange)) {
	var doubted []*target.Exchange
	for _, e := range answers {
		before := len(s.failures)
		if judge(e); len(s.failures) > before {
			doubted = append(doubted, e)
		}
	}
	if doubted != nil {
		s.env.doubted[s.clause] = doubted
	}
}

// resend sends the request of an exchange once more.
func (s *Session) resend(e *target.Exchange) *target.Exchange {
	return s.send(keyless(e.API), e.Method, below(e), queryOf(e), e.Header, e.Body)
}

// keyless is the caller of an API who has no key.
func keyless(api clause.API) target.Who {
	if api == clause.AppHandoff {
		return target.Stranger
	}
	return target.Nobody
}

// send sends a request, whatever its answer, with the headers that matter:
// Authorization, Content-Type and Prefer.
func (s *Session) send(who target.Who, method, path, query string, header http.Header, body []byte) *target.Exchange {
	r := s.As(who).Request(method, path).WithTransformer(raw(query))
	for _, name := range []string{"Authorization", "Content-Type", "Prefer"} {
		if value := header.Get(name); value != "" {
			r = r.WithHeader(name, value)
		}
	}
	if len(body) > 0 {
		r = r.WithBytes(body)
	}
	r.Expect()
	s.StopIfFailed()
	return s.Last()
}

// below is the path of a request below the base of its API.
func below(e *target.Exchange) string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	first := "/tickets"
	if e.API == clause.AppHandoff {
		first = "/projects/"
	}
	return u.EscapedPath()[max(strings.Index(u.EscapedPath(), first), 0):]
}

// queryOf is the query of a request as it was sent.
func queryOf(e *target.Exchange) string {
	_, query, _ := strings.Cut(e.URL, "?")
	return query
}

// codeOf asserts the problem code of answers with a status that were refused
// for the reason that of recognises. requests asks for some if the run has met
// none; other clauses judge that they are refused.
func (s *Session) codeOf(status int, code string, of func(*target.Exchange) bool, requests ...func()) {
	fits := func(e *target.Exchange) bool { return e.Status == status && of(e) }
	known := slices.ContainsFunc(s.env.Client.Exchanges(), fits)
	for _, ask := range requests {
		if !known {
			ask()
			s.StopIfFailed()
		}
	}
	met := only(s.met(clause.InboxOps, fits, func() []*target.Exchange { return nil }), fits)
	if len(met) == 0 {
		s.Skip("the target refused nothing with "+http.StatusText(status), "")
	}
	s.each(met, func(e *target.Exchange) { s.problemCode(e, code) })
}

// answered is the condition that an answer has one of the statuses.
func answered(statuses ...int) func(*target.Exchange) bool {
	return func(e *target.Exchange) bool { return slices.Contains(statuses, e.Status) }
}

// sentBy is the condition that a request has the caller's key.
func (s *Session) sentBy(who target.Who) func(*target.Exchange) bool {
	return func(e *target.Exchange) bool { return e.Header.Get("Authorization") == "Bearer "+s.Key(who) }
}

// sent is the condition that a request has the method, that its path ends in
// one text and that its query contains another.
func sent(method, path, query string) func(*target.Exchange) bool {
	return func(e *target.Exchange) bool {
		at, asked, _ := strings.Cut(e.URL, "?")
		return e.Method == method && strings.HasSuffix(at, path) && strings.Contains(asked, query)
	}
}
