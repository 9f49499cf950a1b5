// Package judgetest turns a fake into a target that is ready to be judged: the
// only place in tests that knows both the judge and the fake.
package judgetest

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/mockservertest"
)

// Limit is the rate limit of the workspace that may be driven into it.
const Limit = 6

// NewClock returns a clock at Start that moves only when somebody sleeps.
func NewClock() *Clock { return &Clock{at: Start} }

// Clock is a time that passes only when somebody sleeps.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Sleep lets d pass at once.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return ctx.Err()
}

// Start is the time at which judged worlds begin to be judged.
var Start = time.Date(2025, time.June, 3, 9, 0, 0, 0, time.UTC)

// Fake is a fake and the Config that judges it with everything allowed:
// writes, a burst into the limit of a workspace of its own, and all facts.
type Fake struct {
	Server *mockserver.Server
	Config conformance.Config
}

// Wrap changes what the judge sees of a server.
type Wrap = func(http.Handler) http.Handler

// New makes a fake, seen through wrap when that is not nil.
func New(t testing.TB, cfg mockserver.Config, wrap Wrap) Fake {
	t.Helper()
	c := NewClock()
	cfg.Now, cfg.Sleep = c.Now, c.Sleep
	server, err := mockserver.New(cfg)
	if err != nil {
		t.Fatalf("judged: %v", err)
	}
	if _, err := server.CreateWorkspace(control.Spec{Name: "limited", RateLimit: "6/1m"}); err != nil {
		t.Fatalf("judged: %v", err)
	}
	limited := mockservertest.KeysOf(server, "limited")
	known := Facts(t, server)
	var seen http.Handler = server
	if wrap != nil {
		seen = wrap(server)
	}
	return Fake{Server: server, Config: conformance.Config{
		BaseURL: "http://mockdesk.test", Facts: known, Write: true, Burst: Limit + 2, Transport: target.Handler(seen),
		Keys: target.Keys{target.Limited: limited.ReadWrite, target.MemberLimited: limited.AppHandoff},
		Now:  c.Now, Sleep: c.Sleep,
	}}
}

// Facts is the catalog of a fake as the judge reads it.
func Facts(t testing.TB, h http.Handler) *facts.Facts {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/_mockdesk/catalog", http.NoBody)
	r.RemoteAddr = "127.0.0.1:1" // the control API answers only this machine
	h.ServeHTTP(w, r)
	f, err := facts.Parse(w.Body.Bytes())
	if w.Code != http.StatusOK || err != nil {
		t.Fatalf("judged: the catalog is no facts file: status %d, %v", w.Code, err)
	}
	return f
}

// Run judges and fails the test when the judge was called wrongly.
func Run(t testing.TB, c conformance.Config) conformance.Report {
	t.Helper()
	r, err := conformance.Run(t.Context(), c)
	if err != nil {
		t.Fatalf("judged: %v", err)
	}
	return r
}

// Change wraps a fake so that requests are changed before the fake sees them,
// and answers before the judge does. Either may be nil.
func Change(request func(*http.Request), answer func(*http.Request, *httptest.ResponseRecorder)) Wrap {
	return func(fake http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if answer == nil {
				request(r)
				fake.ServeHTTP(w, r)
				return
			}
			asked := r.Clone(r.Context())
			if request != nil {
				request(r)
			}
			held := httptest.NewRecorder()
			fake.ServeHTTP(held, r)
			answer(asked, held)
			Pass(held, w)
		})
	}
}

// Pass sends an answer that was held back.
func Pass(held *httptest.ResponseRecorder, w http.ResponseWriter) {
	maps.Copy(w.Header(), held.Header())
	w.WriteHeader(held.Code)
	_, _ = w.Write(held.Body.Bytes()) // the judge reads from memory
}
