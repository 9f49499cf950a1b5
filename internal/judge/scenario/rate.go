package scenario

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

const (
	// enough is how many requests a limited key is sent when the user did not
	// say: more than the documented 100 a minute.
	enough = 120
	// window is the documented length of the limit's window.
	window = time.Minute
	// rounds bounds how often the limit is met anew because its window passed.
	rounds = 3
)

var rateLimit = []Scenario{
	{Clause: strict("IO-RATE-01", listTickets, "Exceeding the workspace limit on GET /tickets gives 429.", clause.Burst), Steady: true, Run: func(s *Session) {
		l := s.limit()
		if l.open != nil {
			s.judgeStatus(l.open, http.StatusTooManyRequests)
		}
		s.Assert(l.list != nil || s.env.Burst == 0 && l.took > window, "limit", "a 429 within the requests that may be sent in a minute", unmet(l)+s.allowed())
		if l.list != nil {
			s.judgeStatus(l.list, http.StatusTooManyRequests)
		}
		s.StopIfFailed()
		s.meetLimit()
	}},
	{Clause: strict("IO-RATE-02", listMessages, "Exceeding the workspace limit on GET messages gives 429.", clause.Burst), Steady: true, Run: func(s *Session) {
		l := s.limit()
		if l.open == nil {
			s.meetLimit()
		}
		s.judgeStatus(l.messages, http.StatusTooManyRequests)
		if l.numbered != nil {
			s.judgeStatus(l.numbered, http.StatusTooManyRequests)
		}
	}},
	{Clause: strict("IO-RATE-03", addNote, "Exceeding the workspace limit on POST messages gives 429 and stores nothing.", clause.Burst, clause.Write), Steady: true, Run: func(s *Session) {
		l := s.meetLimit()
		s.judgeStatus(l.note, http.StatusTooManyRequests)
		s.judgeStatus(l.timeline, http.StatusOK)
		s.Assert(!strings.Contains(string(l.timeline.ResponseBody), l.marker), "timeline after the wait", "no message "+l.marker, l.marker)
	}},
	{Clause: lenient("IO-RATE-04", also(listTickets, problems), "A 429 carries problem code rate_limit_exceeded.", clause.Burst), Steady: true, Run: func(s *Session) {
		l := s.meetLimit()
		for _, e := range []*target.Exchange{l.list, l.messages, l.note} {
			if e != nil && e.Status == http.StatusTooManyRequests {
				s.judge(e)
				s.problemCode(e, "rate_limit_exceeded")
			}
		}
	}},
	{Clause: lenient("IO-RATE-05", also(listTickets, problems), "Retry-After, if present on 429, is a non-negative integer or an HTTP date.", clause.Burst), Steady: true, Run: func(s *Session) {
		e := s.meetLimit().list
		s.judge(e)
		stated := e.ResponseHeader.Get("Retry-After")
		if stated == "" {
			s.Skip("the 429 has no Retry-After, and none needs one", "")
		}
		seconds, err := strconv.Atoi(stated)
		_, notDate := http.ParseTime(stated)
		s.Assert(err == nil && seconds >= 0 || notDate == nil, "Retry-After", "a non-negative integer or an HTTP date", stated)
	}},
	{Clause: lenient("IO-RATE-06", listTickets, "After the stated wait the same request succeeds.", clause.Burst), Steady: true, Run: func(s *Session) {
		l := s.meetLimit()
		if !l.stated {
			s.Skip("the 429 does not say how long to wait", "")
		}
		for _, e := range []*target.Exchange{l.messages, l.note, l.sample} {
			if e == nil || e.Status != http.StatusTooManyRequests {
				continue
			}
			wait, stated := e.RetryAfter()
			s.assert(!stated || e.At.Add(wait).After(l.held), "Retry-After of "+s.name(e), "a time by which the limit has passed", wait.String(), e)
		}
		s.judge(l.list)
		s.judgeStatus(l.after, http.StatusOK)
	}},
}

// limits are the exchanges around one meeting with the rate limit.
type limits struct {
	list     *target.Exchange // the 429 of GET /tickets
	open     *target.Exchange // GET /tickets that is answered while GET messages is 429; nil when it is not
	messages *target.Exchange // GET messages while the limit holds
	numbered *target.Exchange // and those by number, of one type
	note     *target.Exchange // POST messages while the limit holds; nil without --write
	sample   *target.Exchange // GET /tickets asked to answer in the sample dialect
	sent     int              // requests until then
	took     time.Duration    // and how long they took
	marker   string           // of the note
	stated   bool             // the 429 says how long to wait
	held     time.Time        // when the limit still held
	after    *target.Exchange // GET /tickets after the wait
	timeline *target.Exchange // the ticket's messages after the wait
}

// judge makes an earlier exchange one of the scenario's own.
func (s *Session) judge(e *target.Exchange) { s.tape.Adopt(e) }

// judgeStatus asserts the status of an earlier exchange.
func (s *Session) judgeStatus(e *target.Exchange, want int) {
	s.judge(e)
	s.Must(e.Status == want, "status of "+s.name(e), want, e.Status)
}

// unmet says that the limit was not met.
func unmet(l *limits) string {
	return fmt.Sprintf("no limit was met within %d requests", l.sent)
}

// allowed is the hint for a key that may send more than the default.
func (s *Session) allowed() string {
	if s.env.Burst > 0 {
		return ""
	}
	return "; hint: --burst N with N above the limit of the key, if that is higher than the documented 100 a minute"
}

// meetLimit returns the meeting with the limit. It skips when there was none,
// or when the limit does not answer 429: IO-RATE-01 judges both.
func (s *Session) meetLimit() *limits {
	l := s.limit()
	if l.list == nil {
		s.Skip(unmet(l), "--burst N with N above the limit of the key")
	}
	if l.list.Status != http.StatusTooManyRequests {
		s.Skip(fmt.Sprintf("what the limit refuses is answered %d", l.list.Status), "")
	}
	return l
}

// limit drives a key into its rate limit, once per run.
func (s *Session) limit() *limits {
	if s.env.limits != nil {
		s.surveyed(nil)
		return s.env.limits
	}
	who := target.ReadWrite
	if s.Has(target.Limited) {
		who = target.Limited
	}
	ticket := s.ticketOf(who)
	s.TakeLimits()
	l := &limits{marker: s.Marker()}
	for round := 1; ; round++ {
		began := s.env.Client.Now()
		l.list, l.sent = s.UntilLimited(who, "/tickets", "")
		l.took = s.env.Client.Now().Sub(began)
		if l.list == nil {
			s.lookElsewhere(who, ticket, l)
		}
		if l.list == nil || l.list.Status != http.StatusTooManyRequests {
			s.env.limits = l
			return l
		}
		if s.duringLimit(who, ticket, l) {
			break
		}
		if round == rounds {
			s.Skip("the window of the limit passes faster than it can be looked at", "")
		}
	}
	_, l.stated = l.list.RetryAfter()
	s.passLimit(l.list)
	l.after = s.exchange(who, "/tickets", "")
	if l.after.Status == http.StatusTooManyRequests { // the wait was too short: IO-RATE-06 fails, but the timeline still has to be read
		s.Wait(window)
	}
	l.timeline = s.exchange(who, messagesPath(ticket), "")
	if l.timeline.Status == http.StatusTooManyRequests { // a limit may be one request
		s.passLimit(l.timeline)
		l.timeline = s.exchange(who, messagesPath(ticket), "")
	}
	s.env.limits = l
	return l
}

// passLimit waits as a 429 asks for, or for the documented window.
func (s *Session) passLimit(e *target.Exchange) {
	wait, stated := e.RetryAfter()
	if !stated {
		wait = window
	}
	s.Wait(wait)
}

// lookElsewhere finds out, when GET /tickets did not meet the limit, whether as
// many GET messages requests do. If so, the list has to be refused as well.
func (s *Session) lookElsewhere(who target.Who, ticket survey.Row, l *limits) {
	if l.messages = s.exchange(who, messagesPath(ticket), ""); who == target.Limited && s.env.Client.Left() > 2*l.sent {
		if e, _ := s.UntilLimited(who, messagesPath(ticket), ""); e != nil {
			l.messages = e
		}
	}
	if l.messages.Status != http.StatusTooManyRequests {
		return
	}
	if e := s.exchange(who, "/tickets", ""); e.Status == http.StatusTooManyRequests {
		l.list = e // the limit is exactly what was sent
	} else {
		l.open = e
	}
}

// duringLimit sends the other operations while the limit holds and reports
// whether it held all the time.
func (s *Session) duringLimit(who target.Who, ticket survey.Row, l *limits) bool {
	l.messages = s.exchange(who, messagesPath(ticket), "")
	l.numbered = s.exchange(who, numberPath(ticket), emailsOnly)
	if s.env.Write {
		s.PostNoteAs(who, byNumber(ticket), "type", "internal_note", "body_text", l.marker)
		s.StopIfFailed()
		l.note = s.Last()
	}
	l.sample = s.send(who, http.MethodGet, "/tickets", "", http.Header{"Prefer": {"error-format=sample"}}, nil)
	last := s.exchange(who, "/tickets", "")
	l.held = last.At.Add(-last.Duration)
	return last.Status == http.StatusTooManyRequests
}

// Wait sleeps for as long as a target asked for. It skips when that is longer
// than two minutes.
func (s *Session) Wait(d time.Duration) {
	if d > target.MaxWait {
		s.Skip(fmt.Sprintf("the target asks to wait %s", d), "")
	}
	if err := s.env.Client.Wait(s.ctx, d+100*time.Millisecond, "rate limit"); err != nil {
		panic(ending{outcome: NotRun, reason: "the run was stopped"})
	}
}

// untilLimited is how many requests it may take a key to meet its limit.
func (s *Session) untilLimited(of clause.API) int {
	switch {
	case s.env.Burst > 0:
		return s.env.Burst
	case of == clause.AppHandoff:
		return 2 * enough // the documented limit is twice that of InboxOps
	}
	return enough
}

// UntilLimited sends the same GET until it is answered 429, or differently from
// the first time. It returns that answer, or nil if the requests that the user
// allowed do not meet the limit, and how many were sent. From here on a 429 is
// handed to the scenario.
func (s *Session) UntilLimited(who target.Who, path, query string) (*target.Exchange, int) {
	s.TakeLimits()
	most := s.untilLimited(who.API())
	left := s.env.Client.Left()
	if left < most {
		s.Skip(fmt.Sprintf("%d requests may be needed to meet the limit and %d are left", most, left),
			fmt.Sprintf("--max-requests %d", max(s.env.Client.Requests()+most+100, target.DefaultMaxRequests)))
	}
	if s.env.Burst == 0 && who.API() == clause.InboxOps { // some are allowed more than the default
		most = min(2*most, max(most, left-s.untilLimited(clause.AppHandoff)))
	}
	first := 0
	for sent := 1; sent <= most; sent++ {
		e := s.exchange(who, path, query)
		if first == 0 {
			first = e.Status
		}
		if e.Status == http.StatusTooManyRequests || e.Status != first {
			return e, sent
		}
	}
	return nil, most
}

// sampleRetryAfter looks at the 429 in the sample dialect.
func sampleRetryAfter(s *Session) {
	l := s.meetLimit()
	e := l.list
	if dialectOf(e) != Sample {
		e = l.sample
	}
	if e.Status != http.StatusTooManyRequests || dialectOf(e) != Sample {
		s.Skip("the target's 429 is not of the sample form", "--error-format sample demands it")
	}
	s.judge(e)
	body := objectOf(e)
	s.assert(isNumber(body["retryAfter"]), "retryAfter", "a number", member(body, "retryAfter"), e)
}
