package target_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/openapi"
)

const base = "http://target.test/api/v1"

// clock passes only while somebody sleeps.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) sleep(_ context.Context, d time.Duration) error {
	c.at = c.at.Add(d)
	return nil
}

// server answers requests and remembers them as "GET /path?query".
type server struct {
	clock
	mu     sync.Mutex // an abandoned request may still run
	seen   []string
	answer func(n int, w http.ResponseWriter, r *http.Request)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.seen = append(s.seen, r.Method+" "+r.URL.RequestURI())
	n := len(s.seen)
	s.mu.Unlock()
	if s.answer == nil {
		fmt.Fprintf(w, `{"n":%d}`, n)
		return
	}
	s.answer(n, w, r)
}

func (s *server) client(t *testing.T, change func(*target.Config)) *target.Client {
	t.Helper()
	c := target.Config{
		Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: base}},
		Transport: target.Handler(s), Now: s.now, Sleep: s.sleep,
	}
	if change != nil {
		change(&c)
	}
	client := target.New(c)
	t.Cleanup(client.Close)
	return client
}

// do sends a request and returns the body or the error.
func do(t *testing.T, tape *target.Tape, method, path string, header ...string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, base+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := tape.Do(r)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEqualReadsAreSharedUntilSomethingIsWritten(t *testing.T) {
	t.Parallel()
	s := &server{}
	c := s.client(t, nil)
	one, two := &target.Tape{Client: c}, &target.Tape{Client: c}
	got := []string{
		do(t, one, "GET", "/tickets"), do(t, two, "GET", "/tickets"), // shared
		do(t, one, "GET", "/tickets?page=2"), do(t, one, "GET", "/tickets", "Authorization", "Bearer x"), // others
		do(t, one, "POST", "/tickets"), do(t, one, "GET", "/tickets"), // a write ends the epoch
		do(t, two, "GET", "/tickets"),
	}
	want := []string{`{"n":1}`, `{"n":1}`, `{"n":2}`, `{"n":3}`, `{"n":4}`, `{"n":5}`, `{"n":5}`}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("answers (-want +got):\n%s", d)
	}
	c.NewEpoch()
	two.Fresh = false
	if got := do(t, two, "GET", "/tickets"); got != `{"n":6}` {
		t.Errorf("after a new epoch: %s", got)
	}
	one.Fresh = true
	if got := do(t, one, "GET", "/tickets"); got != `{"n":7}` {
		t.Errorf("asked again: %s", got)
	}
	if c.Requests() != 7 || len(c.Exchanges()) != 7 || len(two.Exchanges()) != 3 {
		t.Errorf("%d requests, %d exchanges, %d of the second tape", c.Requests(), len(c.Exchanges()), len(two.Exchanges()))
	}
}

func TestThePaceIsKept(t *testing.T) {
	t.Parallel()
	s := &server{}
	tape := &target.Tape{Client: s.client(t, func(c *target.Config) { c.RPS = 2 }), Fresh: true}
	for range 5 {
		do(t, tape, "GET", "/tickets")
	}
	if got := s.at.Sub(time.Time{}); got != 2*time.Second {
		t.Errorf("five requests at two a second took %s, want 2s", got)
	}
}

func TestA429IsWaitedFor(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		header, body string
		limited      int // answers 429
		want         string
		waited       time.Duration
	}{
		"as long as Retry-After says":      {"3", "", 2, "ok", 6 * time.Second},
		"as long as the body says":         {"", `{"retryAfter": 1.5}`, 1, "ok", 1500 * time.Millisecond},
		"ever longer when nothing says":    {"", "", 3, "ok", 7 * time.Second},
		"not for ever":                     {"1", "", 99, "the target keeps answering 429 (last wait asked for: 1s); hint: --rps 1", 4 * time.Second},
		"not for an hour":                  {"3600", "", 1, "the target keeps answering 429 (last wait asked for: 1h0m0s); hint: --rps 1", 0},
		"the header comes before the body": {"2", `{"retryAfter": 3600}`, 1, "ok", 2 * time.Second},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &server{}
			s.answer = func(n int, w http.ResponseWriter, _ *http.Request) {
				if n > tc.limited {
					io.WriteString(w, "ok")
					return
				}
				if tc.header != "" {
					w.Header().Set("Retry-After", tc.header)
				}
				w.WriteHeader(http.StatusTooManyRequests)
				io.WriteString(w, tc.body)
			}
			c := s.client(t, nil)
			if got := do(t, &target.Tape{Client: c}, "GET", "/tickets"); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if got := c.Waited().Truncate(500 * time.Millisecond); got != tc.waited {
				t.Errorf("waited %s, want %s", got, tc.waited)
			}
		})
	}
}

func TestA429IsHandedToAScenarioThatTakesLimits(t *testing.T) {
	t.Parallel()
	s := &server{answer: func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "9")
		w.WriteHeader(http.StatusTooManyRequests)
	}}
	tape := &target.Tape{Client: s.client(t, nil), TakeLimits: true}
	do(t, tape, "GET", "/tickets")
	wait, stated := tape.Last().RetryAfter()
	if tape.Last().Status != 429 || wait != 9*time.Second || !stated || len(s.seen) != 1 {
		t.Errorf("status %d, wait %s, %d requests", tape.Last().Status, wait, len(s.seen))
	}
}

func TestTheNumberOfRequestsIsBounded(t *testing.T) {
	t.Parallel()
	s := &server{}
	tape := &target.Tape{Client: s.client(t, func(c *target.Config) { c.MaxRequests = 2 }), Fresh: true}
	do(t, tape, "GET", "/1")
	do(t, tape, "GET", "/2")
	want := "all 2 requests of the run are used; hint: --max-requests " + strconv.Itoa(target.DefaultMaxRequests)
	if got := do(t, tape, "GET", "/3"); got != want || len(s.seen) != 2 {
		t.Errorf("got %q after %d requests", got, len(s.seen))
	}
	if tape.Halted() == nil || tape.Halted().Reason != want {
		t.Errorf("halted: %v", tape.Halted())
	}
}

func TestRequestsWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer  func(int, http.ResponseWriter, *http.Request)
		want    string
		timeout bool
	}{
		"a broken connection":          {func(int, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "the handler broke the connection", false},
		"a handler that never answers": {func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no answer within 10ms", true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &server{answer: tc.answer}
			tape := &target.Tape{Client: s.client(t, func(c *target.Config) {
				if tc.timeout {
					c.RequestTimeout = 10 * time.Millisecond
				}
			})}
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, base, http.NoBody)
			_, err := tape.Do(r) //nolint:bodyclose // there is none
			var none *target.NoAnswer
			if !errors.As(err, &none) || none.Reason != tc.want || none.Timeout != tc.timeout {
				t.Errorf("got %#v, want %q", err, tc.want)
			}
			for range 3 {
				do(t, tape, "GET", "/more")
			}
			if got := do(t, tape, "GET", "/more"); got != "the target stopped answering: 4 requests in a row got none" {
				t.Errorf("after four: %q", got)
			}
		})
	}
}

func TestNoRedirectIsFollowedAndNoCookieKept(t *testing.T) {
	t.Parallel()
	s := &server{}
	s.answer = func(_ int, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") != "" {
			t.Error("a cookie came back")
		}
		w.Header().Set("Set-Cookie", "session=1")
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}
	tape := &target.Tape{Client: s.client(t, nil), Fresh: true}
	do(t, tape, "GET", "/tickets")
	do(t, tape, "GET", "/tickets")
	if d := cmp.Diff([]string{"GET /api/v1/tickets", "GET /api/v1/tickets"}, s.seen); d != "" {
		t.Errorf("requests (-want +got):\n%s", d)
	}
}

func TestAScenarioMayTakeOnlySoLong(t *testing.T) {
	t.Parallel()
	s := &server{}
	s.answer = func(_ int, _ http.ResponseWriter, _ *http.Request) { s.at = s.at.Add(time.Minute) }
	tape := &target.Tape{Client: s.client(t, nil), Fresh: true, Limit: 90 * time.Second}
	do(t, tape, "GET", "/1")
	do(t, tape, "GET", "/2")
	if got := do(t, tape, "GET", "/3"); got != "its requests took longer than 1m30s together; hint: --skip it, or judge when the target is faster" {
		t.Errorf("got %q", got)
	}
}

func TestAnswersAreHeldAgainstTheContract(t *testing.T) {
	t.Parallel()
	contract, err := openapi.Load(openapi.InboxOps)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{answer: func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"data":[{"id":"no uuid"}],"meta":{"page":1,"per_page":1,"total":"1"},"extra":1}`)
	}}
	c := s.client(t, func(c *target.Config) {
		// The target serves the API under a path of its own.
		c.Endpoints = map[clause.API]target.Endpoint{clause.InboxOps: {Base: "http://target.test/desk", Contract: contract}}
	})
	tape := &target.Tape{Client: c}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://target.test/desk/tickets", http.NoBody)
	resp, err := tape.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	found := map[string]string{}
	for _, v := range tape.Last().Violations {
		found[v.Where] = v.Rule
	}
	for where, rule := range map[string]string{
		"body.data[0].id": openapi.RuleFormat, "body.meta.total": openapi.RuleType, "body.extra": openapi.RuleUndocumentedField,
	} {
		if found[where] != rule {
			t.Errorf("%s: rule %q, want %q; all: %v", where, found[where], rule, found)
		}
	}
	if tape.Last().OperationID != "listTickets" {
		t.Errorf("operation %q", tape.Last().OperationID)
	}
}

func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	m := target.NewMask(target.Keys{target.ReadWrite: "ixk_secret/1+", target.Limited: "ixk_secret/1+", target.ReadOnly: "ixk_secret/1+2"}, "ah_k_other")
	tests := map[string]struct{ text, want string }{
		"a header":                       {"Bearer ixk_secret/1+", "Bearer $MOCKDESK_KEY"},
		"a longer key first":             {"ixk_secret/1+2", "$MOCKDESK_READONLY_KEY"},
		"a query":                        {"?key=ixk_secret%2F1%2B&x=1", "?key=$MOCKDESK_KEY&x=1"},
		"basic authentication":           {"Basic aXhrX3NlY3JldC8xKzo=", "Basic $MOCKDESK_KEY="},
		"a key of the facts nobody uses": {"ah_k_other", "$SECRET"},
		"nothing":                        {"hello", "hello"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := m.Text(tc.text); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestSecretsInOtherFormsAreMasked has a key travel as nobody sent it.
func TestSecretsInOtherFormsAreMasked(t *testing.T) {
	t.Parallel()
	const key = "ixk_9fQ2-hidden_77"
	m := target.NewMask(target.Keys{target.ReadWrite: key}, "ixk_9fQ2-hid_another")
	inside := base64.StdEncoding.EncodeToString([]byte(`{"k":"` + key + `"}`))
	tests := map[string]struct{ text, want string }{
		"with JSON escapes":           {`{"k":"\u0069xk_9\u0066Q2-hidden_77"}`, `{"k":"$MOCKDESK_KEY"}`},
		"with the escapes escaped":    {`"\\u0069xk_9fQ2-hidden_77"`, `"$MOCKDESK_KEY"`},
		"with escapes of a URL":       {"?a=%69xk%5F9fQ2-hidden%5f77&b", "?a=$MOCKDESK_KEY&b"},
		"with those escaped again":    {"?a=ixk%255F9fQ2-hidden%255F77", "?a=$MOCKDESK_KEY"},
		"with escapes of HTML":        {"<b>ixk&#95;9fQ2&#x2d;hidden_77</b>", "<b>$MOCKDESK_KEY</b>"},
		"in upper case":               {strings.ToUpper(key), "${MOCKDESK_KEY^^}"},
		"in lower case":               {strings.ToLower(key), "${MOCKDESK_KEY,,}"},
		"in mixed case":               {"IXK_9fQ2-hidden_77", "$MOCKDESK_KEY"},
		"without its last letter":     {"Bearer ixk_9fQ2-hidden_7", "Bearer ${MOCKDESK_KEY%?}"},
		"cut by the target":           {"ixk_9fQ2-hidden…", "${MOCKDESK_KEY%???}…"},
		"without its beginning":       {"Bearer 9fQ2-hidden_77", "Bearer ${MOCKDESK_KEY#ixk_}"},
		"a secret that begins alike":  {"ixk_9fQ2-hid_another", "$SECRET"},
		"inside of base64":            {"Basic " + inside, "Basic eyJrIjoi$MOCKDESK_KEYIn0="},
		"as base64 of a URL":          {base64.URLEncoding.EncodeToString([]byte(key)), "$MOCKDESK_KEY"},
		"as digits":                   {"69786b5f396651322d68696464656e5f3737", "$MOCKDESK_KEY"},
		"only what all keys begin by": {"ixk_9fQ2", "ixk_9fQ2"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := m.Text(tc.text)
			if strings.Contains(tc.want, "eyJrIjoi") { // the letters around the key depend on it too
				if strings.Contains(got, key[4:]) || !strings.Contains(got, "$MOCKDESK_KEY") || len(got) > len(tc.want)+4 {
					t.Errorf("got %q", got)
				}
				return
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestASecretAtTheCutIsMasked shortens text at every place of a key.
func TestASecretAtTheCutIsMasked(t *testing.T) {
	t.Parallel()
	const key = "ixk_abcdefghijklmn"
	m := target.NewMask(target.Keys{target.ReadWrite: key})
	for n := range 60 {
		got := m.Cut(strings.Repeat("é", 10)+" "+strings.Repeat(key+" ", 40), n)
		if strings.Contains(got, "ixk") || len(got) > n+len("…") || !utf8.ValidString(got) {
			t.Errorf("cut at %d: %q", n, got)
		}
	}
}

// TestShortSecretsAreMasked keeps sentences whole that happen to hold the
// letters of a short key.
func TestShortSecretsAreMasked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ key, text, want string }{
		"a header":                        {"ixk_x", "Authorization: Bearer ixk_x", "Authorization: Bearer $MOCKDESK_KEY"},
		"basic authentication, as user":   {"ixk_x", "Basic aXhrX3g6", "Basic $MOCKDESK_KEY"},
		"basic authentication, password":  {"ixk_x", "Basic Oml4a194", "Basic $MOCKDESK_KEY"},
		"an echo in JSON":                 {"ixk_x", `{"error":"no\nixk_x, \u003cixk_x>"}`, `{"error":"no\n$MOCKDESK_KEY, \u003c$MOCKDESK_KEY>"}`},
		"an escaped query":                {"ixk_x", "?a=Bearer%20ixk_x&b=ixk_x", "?a=Bearer%20$MOCKDESK_KEY&b=$MOCKDESK_KEY"},
		"with something behind it":        {"ixk_x", "Bearer ixk_x.x", "Bearer $MOCKDESK_KEY.x"},
		"a longer word":                   {"test", "latest test_1 attest", "latest test_1 attest"},
		"twice in a row":                  {"key", "key key", "$MOCKDESK_KEY $MOCKDESK_KEY"},
		"one letter in a header":          {"a", "Authorization: Bearer a", "Authorization: Bearer $MOCKDESK_KEY"},
		"one letter without a scheme":     {"a", "Authorization: a", "Authorization: $MOCKDESK_KEY"},
		"one letter with Basic":           {"a", "Basic YTo=, Basic OmE=", "Basic $MOCKDESK_KEY=, Basic $MOCKDESK_KEY="},
		"one letter in a query":           {"1", "?api_key=1&key=1&authorization=Bearer+1&page=1", "?api_key=$MOCKDESK_KEY&key=$MOCKDESK_KEY&authorization=Bearer+$MOCKDESK_KEY&page=1"},
		"one letter in a sentence":        {"a", "expected a JSON object", "expected a JSON object"},
		"a name that stands for a secret": {"KEY", "$MOCKDESK_KEY and KEY", "$MOCKDESK_KEY and $MOCKDESK_KEY"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := target.NewMask(target.Keys{target.ReadWrite: tc.key}).Text(tc.text); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestCurlIsSafeToType: the line neither waits for ever nor commands the terminal.
func TestCurlIsSafeToType(t *testing.T) {
	t.Parallel()
	e := &target.Exchange{Method: "HEAD", URL: "http://target.test/a?b[]=c", Header: http.Header{"X-A": {"\x1b[2J"}}}
	want := `curl -i --globoff --head -H $'X-A: \x1b[2J' 'http://target.test/a?b[]=c'`
	if got := e.Curl(target.NewMask(nil)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestBasicIsSentAgain has curl encode the key that the variable holds.
func TestBasicIsSentAgain(t *testing.T) {
	t.Parallel()
	m := target.NewMask(target.Keys{target.ReadWrite: "ixk_x"})
	tests := map[string]struct{ header, want string }{
		"the key as user":     {"Basic aXhrX3g6", `curl -i -u "$MOCKDESK_KEY:" 'http://target.test/api/v1'`},
		"the key as password": {"Basic Oml4a194", `curl -i -u ":$MOCKDESK_KEY" 'http://target.test/api/v1'`},
		"somebody else":       {"Basic bWU6", `curl -i -H 'Authorization: Basic bWU6' 'http://target.test/api/v1'`},
		"another scheme":      {"Token ixk_x", `curl -i -H "Authorization: Token $MOCKDESK_KEY" 'http://target.test/api/v1'`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := &target.Exchange{Method: "GET", URL: base, Header: http.Header{"Authorization": {tc.header}}}
			if got := e.Curl(m); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	m := target.NewMask(target.Keys{target.ReadWrite: "ixk_secret"})
	e := &target.Exchange{
		Method: "POST", URL: base + "/tickets/1/messages?key=ixk_secret",
		Header: http.Header{"Authorization": {"Bearer ixk_secret"}, "User-Agent": {"mockdesk-check"}, "Content-Type": {"application/json"}},
		Body:   []byte(`{"body_text":"it's $5"}`),
		Status: 201, ResponseHeader: http.Header{"Set-Cookie": {"session=abc"}, "X-Echo": {"ixk_secret"}},
		ResponseBody: []byte(strings.Repeat("é", 2045) + "ixk_secret" + strings.Repeat("é", 2000)),
	}
	got := e.Evidence(m)
	want := target.Evidence{
		Method: "POST", URL: base + "/tickets/1/messages?key=$MOCKDESK_KEY",
		Header: []string{"Authorization: Bearer $MOCKDESK_KEY", "Content-Type: application/json", "User-Agent: mockdesk-check"},
		Body:   `{"body_text":"it's $5"}`, Status: 201,
		ResponseHeader: []string{"Set-Cookie: (not shown)", "X-Echo: $MOCKDESK_KEY"},
		ResponseBody:   strings.Repeat("é", 2045) + "$MOCKD" + "…", // never half a secret
		Curl: `curl -i -X POST -H "Authorization: Bearer $MOCKDESK_KEY" -H 'Content-Type: application/json'` +
			` --data-binary '{"body_text":"it'\''s $5"}' "http://target.test/api/v1/tickets/1/messages?key=$MOCKDESK_KEY"`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("evidence (-want +got):\n%s", d)
	}
}
