package mockserver_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// silence fails the test for each line of a log.
type silence struct{ t *testing.T }

func (s silence) Write(line []byte) (int, error) {
	s.t.Errorf("logged: %s", bytes.TrimSpace(line))
	return len(line), nil
}

// broken is a server on which one rule is in force, and a client of it.
type broken struct {
	t      *testing.T
	fake   *fake
	web    *httptest.Server
	url    string
	client *http.Client
	slept  chan time.Duration
}

// breakWith starts a server with the rule. A warning in its logs fails the
// test. Its sleeps end when the request does; a delay ends at once.
func breakWith(t *testing.T, then fault.Then) *broken {
	t.Helper()
	b := &broken{t: t, client: &http.Client{Transport: &http.Transport{}, CheckRedirect: notFollowed}, slept: make(chan time.Duration, 1000)}
	quiet := slog.New(slog.NewTextHandler(silence{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	fake, web := serve(t, mockserver.Config{
		Logger: quiet,
		Sleep: func(ctx context.Context, d time.Duration) error {
			b.slept <- d
			if d == fault.MaxDelay { // a stall
				<-ctx.Done()
			}
			return ctx.Err()
		},
	}, func(s *http.Server) { s.ErrorLog = log.New(silence{t}, "", 0) })
	w := fake.Workspace("")
	if _, err := w.Faults.Add(w.Clock.Now(), fault.Rule{ID: "broken", When: fault.When{Times: 1}, Then: then}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.client.CloseIdleConnections)
	b.fake, b.web, b.url = fake, web, web.URL
	return b
}

// notFollowed lets a client see a redirect.
func notFollowed(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// seen is what a client got.
type seen struct {
	status int
	length int64 // as promised
	header http.Header
	body   string
	err    error // of the request or of reading the body
}

// get asks for one ticket.
func (b *broken) get(ctx context.Context) seen {
	b.t.Helper()
	return b.send(ctx, http.MethodGet, "/api/v1/tickets?per_page=1", "")
}

// send sends a request.
func (b *broken) send(ctx context.Context, method, path, body string) seen {
	b.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+readWrite)
	r.Header.Set("Content-Type", "application/json")
	response, err := b.client.Do(r)
	if err != nil {
		return seen{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return seen{response.StatusCode, response.ContentLength, response.Header, string(text), err}
}

// entries waits until the journal has n exchanges and returns them.
func (b *broken) entries(n int) []journal.Entry {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 10*time.Second)
	defer cancel()
	var list []journal.Entry
	for event := range b.fake.Workspace("").Journal.Subscribe(ctx, 0, journal.Filter{}) {
		if list = append(list, event.Entry); len(list) == n {
			return list
		}
	}
	b.t.Fatalf("the journal has %d exchanges, want %d", len(list), n)
	return nil
}

// whole is the undisturbed answer to get.
func whole(t *testing.T) seen {
	t.Helper()
	ok := start(t, mockserver.Config{}).get(readWrite, "/api/v1/tickets?per_page=1").want(200)
	return seen{status: ok.Status, length: int64(len(ok.Body)), header: ok.Header, body: ok.Body}
}

// clientViews are the kinds of faults and what a client sees of each. The
// journal then holds the status.
var clientViews = map[string]struct {
	then   fault.Then
	status int // in the journal
	check  func(t *testing.T, got, ok seen)
}{
	"a reset connection": {fault.Then{Connection: fault.Reset}, 0, func(t *testing.T, got, _ seen) {
		wantError(t, got.err, syscall.ECONNRESET)
	}},
	"a connection closed before the headers": {fault.Then{Connection: fault.Close}, 0, func(t *testing.T, got, _ seen) {
		wantError(t, got.err, io.EOF)
	}},
	"a body that is cut": {fault.Then{Body: &fault.Body{CutAfter: new(20)}}, 200, func(t *testing.T, got, ok seen) {
		wantError(t, got.err, io.ErrUnexpectedEOF)
		wantSeen(t, got, 200, ok.body[:20])
		if got.length != ok.length {
			t.Errorf("%d bytes were promised, want %d", got.length, ok.length)
		}
	}},
	"a body that is cut before it begins": {fault.Then{Body: &fault.Body{CutAfter: new(0)}}, 200, func(t *testing.T, got, ok seen) {
		wantError(t, got.err, io.ErrUnexpectedEOF)
		wantSeen(t, got, 200, "")
		if got.length != ok.length {
			t.Errorf("%d bytes were promised, want %d", got.length, ok.length)
		}
	}},
	"a status": {fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 7, Detail: "Too fast."}}, 429, func(t *testing.T, got, _ seen) {
		wantError(t, got.err, nil)
		wantHeaders(t, got, "Retry-After: 7", "Mockdesk-Why: fault broken", "Content-Type: application/problem+json")
		if !strings.Contains(got.body, `"detail":"Too fast."`) || got.status != 429 {
			t.Errorf("%d: %s", got.status, got.body)
		}
	}},
	"a 429 until a date": {fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 7, RetryAfterAs: "date"}}, 429, func(t *testing.T, got, _ seen) {
		wantError(t, got.err, nil)
		now, err := http.ParseTime(got.header.Get("Date"))
		then, _ := http.ParseTime(got.header.Get("Retry-After"))
		if wait := then.Sub(now); err != nil || wait < 7*time.Second || wait > 8*time.Second {
			t.Errorf("Retry-After %q at %q, want 7 s later", got.header.Get("Retry-After"), got.header.Get("Date"))
		}
	}},
	"a gateway's page": {fault.Then{Gateway: &fault.Gateway{Status: 502}, RateLimit: &fault.RateLimit{Limit: 9}}, 502, func(t *testing.T, got, _ seen) {
		wantError(t, got.err, nil)
		wantHeaders(t, got, "Content-Type: text/html", "Mockdesk-Why: fault broken", "X-Ratelimit-Remaining: 8")
		if got.status != 502 || !strings.HasPrefix(got.body, "<html>") {
			t.Errorf("%d: %s", got.status, got.body)
		}
	}},
	"a redirect": {fault.Then{Gateway: &fault.Gateway{Status: 307, Location: "/login"}}, 307, func(t *testing.T, got, _ seen) {
		wantError(t, got.err, nil)
		wantHeaders(t, got, "Location: /login", "Mockdesk-Why: fault broken")
	}},
	"a body that comes slowly": {fault.Then{Body: &fault.Body{BytesPerSecond: 100}}, 200, func(t *testing.T, got, ok seen) {
		wantError(t, got.err, nil)
		wantSeen(t, got, 200, ok.body)
	}},
	"a slow body that is cut": {fault.Then{Body: &fault.Body{BytesPerSecond: 100, CutAfter: new(25)}}, 200, func(t *testing.T, got, ok seen) {
		wantError(t, got.err, io.ErrUnexpectedEOF)
		wantSeen(t, got, 200, ok.body[:25])
	}},
	"malformed JSON": {fault.Then{Malformed: true}, 200, func(t *testing.T, got, ok seen) {
		wantError(t, got.err, nil)
		wantSeen(t, got, 200, ok.body[:len(ok.body)-1]+",")
	}},
	"a wrong content type": {fault.Then{ContentType: "text/html"}, 200, func(t *testing.T, got, ok seen) {
		wantError(t, got.err, nil)
		wantSeen(t, got, 200, ok.body)
		wantHeaders(t, got, "Content-Type: text/html")
	}},
	"headers set and removed": {fault.Then{Headers: &fault.Headers{
		Set: map[string]string{"x-extra": "1", "Retry-After": "soon"}, Remove: []string{"content-type", "X-Request-Id", "Date"},
	}}, 200, func(t *testing.T, got, ok seen) {
		wantError(t, got.err, nil)
		wantSeen(t, got, 200, ok.body)
		want := http.Header{"X-Extra": {"1"}, "Retry-After": {"soon"}, "Content-Length": {strconv.Itoa(len(ok.body))}}
		if diff := cmp.Diff(want, got.header); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
	}},
	"a status that is null":     {violation(fault.MakeNull), 200, wantStatusField(`null`)},
	"a status that is missing":  {violation(fault.MakeMissing), 200, wantStatusField("")},
	"a status that is a number": {violation(fault.MakeWrongType), 200, wantStatusField("42")},
	"a status nobody knows":     {violation(fault.MakeUnknownEnum), 200, wantStatusField(`"unheard_of"`)},
}

func TestFaultsAsAClientSeesThem(t *testing.T) {
	t.Parallel()
	for name, test := range clientViews {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, ok := breakWith(t, test.then), whole(t)
			test.check(t, b.get(t.Context()), ok)
			// The fault is over, and the next request is answered.
			after := b.get(t.Context())
			wantError(t, after.err, nil)
			wantSeen(t, after, 200, ok.body)

			entries := b.entries(2)
			type entry struct {
				Status    int
				Why, Rule string
			}
			var got []entry
			for _, e := range entries {
				got = append(got, entry{e.Status, e.Why, e.Rule})
			}
			want := []entry{{test.status, "fault broken", "broken"}, {200, "", ""}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("journal (-want +got):\n%s", diff)
			}
		})
	}
}

// violation breaks the status of each ticket.
func violation(how string) fault.Then {
	return fault.Then{Violation: &fault.Violation{Pointer: "/data/*/status", Make: how}}
}

// wantStatusField expects the JSON of the ticket's status; empty for none.
func wantStatusField(want string) func(t *testing.T, got, ok seen) {
	return func(t *testing.T, got, ok seen) {
		t.Helper()
		wantError(t, got.err, nil)
		was, is := ticketOf(t, ok.body), ticketOf(t, got.body)
		if string(is["status"]) != want {
			t.Errorf("status is %s, want %s", is["status"], want)
		}
		delete(was, "status")
		delete(is, "status")
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("the other members changed (-want +got):\n%s", diff)
		}
	}
}

// ticketOf returns the only row of a list.
func ticketOf(t *testing.T, body string) map[string]rawJSON {
	t.Helper()
	var p struct{ Data []map[string]rawJSON }
	(&answer{t: t, Body: body}).decode(&p)
	if len(p.Data) != 1 {
		t.Fatalf("%d rows in %s", len(p.Data), body)
	}
	return p.Data[0]
}

// rawJSON is a value as it stood in the text.
type rawJSON string

func (r *rawJSON) UnmarshalJSON(text []byte) error {
	*r = rawJSON(text)
	return nil
}

// wantError expects an error, or none.
func wantError(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) || (got == nil) != (want == nil) {
		t.Errorf("error %v, want %v", got, want)
	}
}

// wantSeen expects a status and what arrived of the body.
func wantSeen(t *testing.T, got seen, status int, body string) {
	t.Helper()
	if got.status != status || got.body != body {
		t.Errorf("got  %d %q\nwant %d %q", got.status, got.body, status, body)
	}
}

// wantHeaders expects headers, each as "Name: value".
func wantHeaders(t *testing.T, got seen, want ...string) {
	t.Helper()
	for _, line := range want {
		name, value, _ := strings.Cut(line, ": ")
		if diff := cmp.Diff([]string{value}, got.header.Values(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAStalledBodyLastsAsLongAsTheClient(t *testing.T) {
	t.Parallel()
	b, ok := breakWith(t, fault.Then{Body: &fault.Body{StallAfter: new(20)}}), whole(t)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	go func() { // the client's patience ends once the server stands still
		<-b.slept
		leave()
	}()
	got := b.get(ctx)
	wantError(t, got.err, context.Canceled)
	if got.status != 0 { // the headers may arrive before or after the client has left
		if !strings.HasPrefix(ok.body[:20], got.body) || got.length != ok.length {
			t.Errorf("got %d bytes of %d promised: %q", len(got.body), got.length, got.body)
		}
	}
	entry := b.entries(1)[0] // the server has ended with the client
	if entry.Rule != "broken" || entry.Status != 200 || entry.ResponseBytes != 20 {
		t.Errorf("journal: status %d, %d bytes, rule %q", entry.Status, entry.ResponseBytes, entry.Rule)
	}
}

func TestAStalledBodyEndsInTheClientsTimeout(t *testing.T) {
	t.Parallel()
	b := breakWith(t, fault.Then{Body: &fault.Body{StallAfter: new(20)}})
	b.client.Timeout = 50 * time.Millisecond // must pass: nothing else ends the request
	got := b.get(t.Context())
	var timeout net.Error
	if !errors.As(got.err, &timeout) || !timeout.Timeout() {
		t.Errorf("got %v, want a timeout", got.err)
	}
}

func TestLatencyIsSleptBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		then      fault.Then
		low, high time.Duration
		status    int
	}{
		"fixed":              {fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(3 * time.Second)}}, 3 * time.Second, 3 * time.Second, 200},
		"uniform":            {fault.Then{Latency: &fault.Latency{Min: fault.Duration(time.Second), Max: fault.Duration(2 * time.Second)}}, time.Second, 2 * time.Second, 200},
		"before a refusal":   {fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(time.Second)}, Status: &fault.Status{Code: "503"}}, time.Second, time.Second, 503},
		"before a break":     {fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(time.Second)}, Connection: fault.Close}, time.Second, time.Second, 0},
		"normal, around 30s": {fault.Then{Latency: &fault.Latency{Mean: fault.Duration(30 * time.Second), Deviation: fault.Duration(time.Second)}}, 20 * time.Second, 40 * time.Second, 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := breakWith(t, test.then)
			if got := b.get(t.Context()); got.status != test.status {
				t.Errorf("status %d, %v; want %d", got.status, got.err, test.status)
			}
			if slept := <-b.slept; slept < test.low || slept > test.high {
				t.Errorf("slept %v, want from %v to %v", slept, test.low, test.high)
			}
			if got := b.entries(1)[0]; got.Status != test.status || got.Rule != "broken" || got.Why != "fault broken" {
				t.Errorf("journal: status %d, rule %q, why %q", got.Status, got.Rule, got.Why)
			}
		})
	}
}

func TestAClientThatLeavesDuringTheDelayIsNoNoise(t *testing.T) {
	t.Parallel()
	b := breakWith(t, fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(fault.MaxDelay)}}) // lasts as a stall does
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	go func() {
		<-b.slept
		leave()
	}()
	wantError(t, b.get(ctx).err, context.Canceled)
	if got := b.entries(1)[0]; got.Status != 0 || got.Rule != "broken" {
		t.Errorf("journal: status %d, rule %q", got.Status, got.Rule)
	}
}

// The server of net/http looks out for clients that leave once the body is
// read, which a request that waits has not come to yet.
func TestAClientThatLeavesWithItsBodyUnreadIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	b := breakWith(t, fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(fault.MaxDelay)}})
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	go func() {
		<-b.slept
		leave()
	}()
	wantError(t, b.send(ctx, http.MethodPost, messagesPath, noteBody).err, context.Canceled)
	if got := b.entries(1)[0]; got.Status != 0 || got.Rule != "broken" {
		t.Errorf("journal: status %d, rule %q", got.Status, got.Rule)
	}
}

func TestABodyThatWasWaitedWithArrives(t *testing.T) {
	t.Parallel()
	b := breakWith(t, fault.Then{Latency: &fault.Latency{Fixed: 1}})
	long := strings.Repeat("x", 1<<19)
	if got := b.send(t.Context(), http.MethodPost, messagesPath, strings.Replace(noteBody, "checked", long, 1)); got.status != 201 || !strings.Contains(got.body, long) {
		t.Errorf("%d %.200s", got.status, got.body)
	}
	if got := b.entries(1)[0]; got.RequestBytes < 1<<19 || !strings.HasPrefix(got.RequestBody, noteBody[:20]) {
		t.Errorf("journal: %d bytes, %.40s", got.RequestBytes, got.RequestBody)
	}
}

func TestABrokenConnectionIsOneOfMany(t *testing.T) {
	t.Parallel()
	b := breakWith(t, fault.Then{Connection: fault.Reset}) // once
	failed := make(chan error, 16)
	for range cap(failed) {
		go func() {
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			one := broken{t: t, url: b.url, client: client}
			failed <- one.get(t.Context()).err
		}()
	}
	var errs []error
	for range cap(failed) {
		if err := <-failed; err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) != 1 || !errors.Is(errs[0], syscall.ECONNRESET) {
		t.Errorf("got %s, want one reset", fmt.Sprint(errs))
	}
}
