package scenario

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gavv/httpexpect/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// Session is what a scenario judges with. Methods that need an answer the
// target does not give end the scenario.
type Session struct {
	ctx    context.Context
	env    *Env
	tape   *target.Tape
	clause string // its id

	failures []Failure
	remarks  []string
	asserts  int
	sent     int // requests of the survey on behalf of the scenario
	usedData bool
	noAnswer *target.NoAnswer
	with     string // what distinguishes the request from others to its address, for the path of failures
}

func newSession(ctx context.Context, env *Env, clause string) *Session {
	return &Session{ctx: ctx, env: env, clause: clause, tape: &target.Tape{Client: env.Client, Limit: env.Timeout}}
}

// As returns an httpexpect client that sends the caller's key. Paths are
// relative to the base of the API: /tickets, /projects/... Numbers of
// httpexpect are float64: use Rows for ids and totals.
func (s *Session) As(who target.Who) *httpexpect.Expect {
	e := httpexpect.WithConfig(httpexpect.Config{
		BaseURL: s.env.Client.Base(who.API()), Client: doer{s}, Context: s.ctx, AssertionHandler: handler{s},
	})
	key := s.env.Keys[who]
	if key == "" {
		return e
	}
	return e.Builder(func(r *httpexpect.Request) { r.WithHeader("Authorization", "Bearer "+key) })
}

// Get sends a GET with the query exactly as given, such as "status=open,closed".
func (s *Session) Get(who target.Who, path, rawQuery string) *httpexpect.Response {
	return s.As(who).GET(path).WithTransformer(raw(rawQuery)).Expect()
}

// exchange sends a GET and accepts any answer.
func (s *Session) exchange(who target.Who, path, query string) *target.Exchange {
	s.Get(who, path, query)
	s.StopIfFailed()
	return s.Last()
}

// Post sends a body exactly as given. An empty content type sends no
// Content-Type header.
func (s *Session) Post(who target.Who, path, contentType, body string) *httpexpect.Response {
	r := s.As(who).POST(path)
	if body != "" {
		r = r.WithBytes([]byte(body))
	}
	if contentType != "" {
		r = r.WithHeader("Content-Type", contentType)
	}
	return r.Expect()
}

// raw sets a query as it is, which WithQuery would encode and sort.
func raw(query string) func(*http.Request) {
	return func(r *http.Request) { r.URL.RawQuery = query }
}

// Query encodes names and values in the order given: Query("q", "a b", "page", "2").
func Query(pairs ...string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, url.QueryEscape(pairs[i])+"="+url.QueryEscape(pairs[i+1]))
	}
	return strings.Join(parts, "&")
}

// Last is the latest exchange of the scenario.
func (s *Session) Last() *target.Exchange {
	e := s.tape.Last()
	if e == nil {
		s.StopIfFailed()
		panic(ending{outcome: Error, reason: "the scenario looked at an answer before it sent a request"})
	}
	return e
}

// Facts are the facts of the run; never nil.
func (s *Session) Facts() *facts.Facts { return s.env.Facts }

// Has reports whether the caller's key is known.
func (s *Session) Has(who target.Who) bool { return s.env.Keys[who] != "" }

// Key is the caller's secret. Reports mask it.
func (s *Session) Key(who target.Who) string { return s.env.Keys[who] }

// AskAgain makes every later request of the scenario go to the target, even
// when an equal one was answered before. A write has that effect by itself.
func (s *Session) AskAgain() { s.tape.Fresh = true }

// anew is AskAgain until the returned function is called.
func (s *Session) anew() (asBefore func()) {
	was := s.tape.Fresh
	s.AskAgain()
	return func() { s.tape.Fresh = was }
}

// TakeLimits hands a 429 to the scenario from here on instead of waiting.
func (s *Session) TakeLimits() { s.tape.TakeLimits, s.tape.Fresh = true, true }

// Skip ends the scenario: it cannot be judged, for the reason, unless the
// user gives what unlock says. Failures found before remain.
func (s *Session) Skip(reason, unlock string) {
	panic(ending{outcome: Skip, reason: reason, unlock: unlock})
}

// SkipUnlessAsserted skips when no assertion was made: nothing was fit for one.
func (s *Session) SkipUnlessAsserted(reason, unlock string) {
	if s.asserts == 0 {
		s.Skip(reason, unlock)
	}
}

// Remark adds a sentence to the report that changes no outcome.
func (s *Session) Remark(format string, args ...any) {
	s.remarks = append(s.remarks, fmt.Sprintf(format, args...))
}

// Failed reports whether an assertion of the scenario has failed.
func (s *Session) Failed() bool { return len(s.failures) > 0 }

// StopIfFailed ends the scenario when an assertion has failed: what follows
// would only repeat it.
func (s *Session) StopIfFailed() {
	if s.Failed() || s.tape.Halted() != nil || s.noAnswer != nil {
		panic(ending{})
	}
}

// Assert counts an assertion about the last answer and records a failure when
// it does not hold. path says what was looked at, such as "data[3].status".
func (s *Session) Assert(ok bool, path string, expected, actual any) bool {
	return s.assert(ok, path, expected, actual, s.tape.Last())
}

// AssertRow is Assert about a member of a row, with the exchange that brought
// the row as evidence.
func (s *Session) AssertRow(ok bool, row survey.Row, member string, expected any) bool {
	actual, there := row.Fields[member]
	if !there {
		actual = absent
	}
	return s.assert(ok, fmt.Sprintf("%s (%s %s)", row.At(member), "id", row.ID()), expected, actual, row.From)
}

// Equal asserts that two values are equal and shows the difference.
func (s *Session) Equal(path string, want, got any) bool {
	return s.assert(cmp.Equal(want, got), path, want, got, s.tape.Last())
}

// Must is Assert and ends the scenario when it does not hold.
func (s *Session) Must(ok bool, path string, expected, actual any) {
	s.Assert(ok, path, expected, actual)
	s.StopIfFailed()
}

const (
	// mostFailures bounds the failures of one scenario: the first ones tell.
	mostFailures = 10
	// mostShown is how many bytes of a value a failure shows.
	mostShown = 400
)

func (s *Session) assert(ok bool, path string, expected, actual any, seen *target.Exchange) bool {
	s.asserts++
	if !ok {
		s.fail(Failure{Path: path, Expected: text(expected), Actual: text(actual), Exchange: seen})
	}
	return ok
}

// fail keeps a failure, unless the run had to stop before: such a failure means
// nothing, because it was looked for in answers that never came. The texts are
// cut only here, after they are masked, because half a secret would no longer
// be found.
func (s *Session) fail(f Failure) {
	if len(s.failures) >= mostFailures || s.tape.Halted() != nil {
		return
	}
	f.Expected, f.Actual = apart(f.Expected, f.Actual)
	for _, shown := range []*string{&f.Path, &f.Expected, &f.Actual} {
		*shown = s.env.Mask.Cut(*shown, mostShown)
	}
	s.failures = append(s.failures, f)
}
