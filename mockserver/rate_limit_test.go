package mockserver_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

// hourly is a limit that no test outlasts.
func hourly(requests int) ratelimit.Limit {
	return ratelimit.Limit{Max: requests, Window: time.Hour}
}

// limited is a server whose clock only moves when it is told to, and that
// takes three requests a minute.
var limited = mockserver.Config{RateLimit: ratelimit.Limit{Max: 3, Window: time.Minute}}

// freeze stops the clock of the default workspace.
func (f *fake) freeze() {
	f.Workspace("").Clock.Freeze(fixtures.DefaultAt)
}

// advance moves the clock of the default workspace.
func (f *fake) advance(by time.Duration) {
	f.Workspace("").Clock.Advance(by)
}

// fill sends a call three times, each of which is within the limit.
func (f *fake) fill(c call, key string, status int) {
	f.t.Helper()
	f.freeze()
	for range 3 {
		f.call(c, key).want(status)
	}
}

// limits fails the test unless the answer is a 429 that says how many seconds
// to wait.
func (a *answer) limits(seconds int) {
	a.t.Helper()
	a.refused(429, "rate_limit_exceeded")
	same(a.t, "Retry-After", []string{strconv.Itoa(seconds)}, a.Header["Retry-After"])
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	rateProofs.run(t, limited)
	rateCountProofs.run(t, limited)
}

var rateProofs = proofs{
	"IO-RATE-01 IO-RATE-04 IO-RATE-05 A12 A13 GET /tickets above the limit is 429": func(t *testing.T, f *fake) {
		f.fill(listCall, readWrite, 200)
		f.call(listCall, readWrite).limits(60)
	},
	"IO-RATE-02 IO-RATE-04 GET messages above the limit is 429": func(t *testing.T, f *fake) {
		f.fill(timelineCall, readWrite, 200)
		f.call(timelineCall, readWrite).limits(60)
	},
	"IO-RATE-03 IO-RATE-04 C38 POST messages above the limit is 429 and stores nothing": func(t *testing.T, f *fake) {
		f.fill(noteCall, readWrite, 201)
		f.call(noteCall, readWrite).limits(60)
		f.Workspace("").SetRateLimit(ratelimit.Limit{})
		notes := 0
		for _, m := range f.timeline("1001", "types=internal_note") {
			if m.BodyText != nil && *m.BodyText == "checked" {
				notes++
			}
		}
		same(t, "notes", 3, notes)
	},
	"IO-RATE-05 A13 Retry-After is rounded up to whole seconds and never below one": func(t *testing.T, f *fake) {
		f.fill(listCall, readWrite, 200)
		for _, step := range []struct {
			by   time.Duration
			wait int
		}{{0, 60}, {time.Millisecond, 60}, {999 * time.Millisecond, 59}, {11500 * time.Millisecond, 48}, {47 * time.Second, 1}, {499 * time.Millisecond, 1}} {
			f.advance(step.by)
			f.call(listCall, readWrite).limits(step.wait)
		}
	},
	"IO-RATE-06 A12 after the stated wait, and not a moment before, the request succeeds": func(t *testing.T, f *fake) {
		f.fill(listCall, readWrite, 200)
		f.advance(20 * time.Second)
		f.call(listCall, readWrite).limits(40)
		f.advance(40*time.Second - time.Nanosecond)
		f.call(listCall, readWrite).limits(1)
		f.advance(time.Nanosecond)
		f.fillAgain(listCall)
	},
	"A12 a window opens with its first request and is fixed": func(t *testing.T, f *fake) {
		f.freeze()
		f.call(listCall, readWrite).want(200)
		f.advance(59 * time.Second)
		f.call(listCall, readWrite).want(200)
		f.call(listCall, readWrite).want(200)
		f.call(listCall, readWrite).limits(1)
		f.advance(time.Second)
		f.fillAgain(listCall)
	},
	"A12 the limit is the workspace's: its keys and operations share it": func(t *testing.T, f *fake) {
		f.freeze()
		f.call(listCall, readWrite).want(200)
		f.call(timelineCall, readOnly).want(200)
		f.call(noteCall, readWrite).want(201)
		for _, key := range []string{readWrite, readOnly} {
			f.call(listCall, key).limits(60)
			f.call(timelineCall, key).limits(60)
		}
	},
	"A12 each workspace has a limit of its own": func(t *testing.T, f *fake) {
		for name, limit := range map[string]string{"same": "", "small": "1/10s", "free": "off"} {
			if _, err := f.CreateWorkspace(control.Spec{Name: name, RateLimit: limit, FrozenAt: fixtures.DefaultAt}); err != nil {
				t.Fatal(err)
			}
		}
		f.fill(listCall, readWrite, 200)
		f.call(listCall, readWrite).limits(60)
		f.call(listCall, "ixk_small_readwrite").want(200)
		f.call(listCall, "ixk_small_readonly").limits(10)
		for range 3 {
			f.call(listCall, "ixk_same_readwrite").want(200)
		}
		f.call(listCall, "ixk_same_readwrite").limits(60)
		for range 300 {
			f.call(call{"HEAD", ticketsPath, ""}, "ixk_free_readwrite").want(200)
		}
	},
	"A14 the problem has no retryAfter": func(t *testing.T, f *fake) {
		f.fill(listCall, readWrite, 200)
		var body object
		f.call(listCall, readWrite).want(429).decode(&body)
		same(t, "members", []string{"code", "detail", "instance", "status", "title", "type"}, body.keys())
	},
	"A15 no answer has X-RateLimit headers, and only a 429 has Retry-After": func(t *testing.T, f *fake) {
		f.freeze()
		for range 5 {
			a := f.call(listCall, readWrite)
			for name := range a.Header {
				if strings.Contains(strings.ToLower(name), "ratelimit") {
					t.Errorf("%d has %s", a.Status, name)
				}
			}
			if got := a.Header.Get("Retry-After") != ""; got != (a.Status == 429) {
				t.Errorf("%d has Retry-After: %v", a.Status, got)
			}
		}
	},
}

// fillAgain uses a new window up.
func (f *fake) fillAgain(c call) {
	f.t.Helper()
	for range 3 {
		f.call(c, readWrite).want(200)
	}
	f.call(c, readWrite).limits(60)
}

// counted proves whether a request that gets the status counts.
func counted(c call, key string, status int, counts bool) func(*testing.T, *fake) {
	return func(_ *testing.T, f *fake) {
		f.t.Helper()
		f.fill(c, key, status)
		if counts {
			f.call(listCall, readWrite).limits(60)
		} else {
			f.fillAgain(listCall)
		}
	}
}

var rateCountProofs = proofs{
	"A16 a 400 counts":                          counted(call{"GET", ticketsPath + "?page=0", ""}, readWrite, 400, true),
	"A16 a 400 of a body counts":                counted(call{"POST", messagesPath, "{"}, readWrite, 400, true),
	"A16 a 404 of a ticket counts":              counted(call{"GET", ticketsPath + "/1/messages", ""}, readWrite, 404, true),
	"A16 a 403 forbidden counts":                counted(listCall, unentitled, 403, true),
	"A16 a 403 insufficient_scope counts":       counted(noteCall, readOnly, 403, true),
	"A16 HEAD counts":                           counted(call{"HEAD", ticketsPath, ""}, readWrite, 200, true),
	"A16 a 401 does not count":                  counted(listCall, "", 401, false),
	"A16 a 401 of a revoked key does not count": counted(listCall, revoked, 401, false),
	"A16 a 404 of no operation does not count":  counted(call{"GET", "/api/v1/nothing", ""}, readWrite, 404, false),
	"A16 a 405 does not count":                  counted(call{"DELETE", ticketsPath, ""}, readWrite, 405, false),
	"A16 refused requests do not make it longer": func(_ *testing.T, f *fake) {
		f.fill(listCall, readWrite, 200)
		for range 50 {
			f.call(listCall, readWrite).limits(60)
		}
		f.advance(time.Minute)
		f.fillAgain(listCall)
	},
}
