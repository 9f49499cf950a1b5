// Package ratelimit decides whether a limit lets a request through at a clock's
// time, and if not, how many whole seconds to wait. Windows are fixed, so that
// Retry-After is exact.
package ratelimit

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// Limit is how many requests a window may hold. The zero Limit is off.
type Limit struct {
	Max    int
	Window time.Duration
}

// Parse reads "100/1m" or "off".
func Parse(s string) (Limit, error) {
	if s == "" || s == "off" {
		return Limit{}, nil
	}
	requests, window, found := strings.Cut(s, "/")
	limit, err := strconv.Atoi(requests)
	if !found || err != nil || limit < 1 {
		return Limit{}, hint.Errorf("100/1m", "rate limit %q is not REQUESTS/WINDOW or off", s)
	}
	d, err := time.ParseDuration(window)
	if err != nil || d < time.Millisecond {
		return Limit{}, hint.Errorf("100/1m, 5/10s", "rate limit %q: window %q is not a duration of at least 1ms", s, window)
	}
	return Limit{Max: limit, Window: d}, nil
}

// Check returns why the Limit is neither off nor a limit: it is half of one,
// which would never refuse anything.
func (l Limit) Check() error {
	if l != (Limit{}) && (l.Max < 1 || l.Window < time.Millisecond) {
		return hint.Errorf("Limit{Max: 100, Window: time.Minute}, or the zero Limit for none", "a rate limit of %d requests in %v is none", l.Max, l.Window)
	}
	return nil
}

// String returns the form that Parse reads.
func (l Limit) String() string {
	if l.Max == 0 {
		return "off"
	}
	window := l.Window.String()
	if strings.HasSuffix(window, "m0s") {
		window = strings.TrimSuffix(window, "0s")
	}
	if strings.HasSuffix(window, "h0m") {
		window = strings.TrimSuffix(window, "0m")
	}
	return strconv.Itoa(l.Max) + "/" + window
}

// Window counts requests against a Limit. A window opens with its first
// request and ends Limit.Window later. It is safe for concurrent use.
type Window struct {
	mu     sync.Mutex
	limit  Limit
	start  time.Time
	count  int
	steady func(now time.Time) time.Time // see Measure
}

// NewWindow returns an empty Window.
func NewWindow(limit Limit) *Window {
	return &Window{limit: limit}
}

// Measure makes the window measure its length by steady, which turns the
// clock's time into one that is never set back. Measure must be called before
// the Window is used.
func (w *Window) Measure(steady func(now time.Time) time.Time) {
	w.steady = steady
}

// at returns the time by which the window is measured when the clock shows now.
func (w *Window) at(now time.Time) time.Time {
	if w.steady == nil {
		return now
	}
	return w.steady(now)
}

// Take counts one request at the time now. When the window is full it returns
// false and the whole seconds, at least 1, until the next one opens.
func (w *Window) Take(now time.Time) (ok bool, retryAfter int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.limit.Max == 0 {
		return true, 0
	}
	now = w.at(now)
	if w.over(now) {
		w.start, w.count = now, 0
	}
	w.count++
	if w.count <= w.limit.Max {
		return true, 0
	}
	return false, seconds(w.start.Add(w.limit.Window).Sub(now))
}

// over reports whether the window has ended, or the clock was set back before
// it began.
func (w *Window) over(now time.Time) bool {
	return w.start.IsZero() || now.Before(w.start) || !now.Before(w.start.Add(w.limit.Window))
}

// Set replaces the limit and empties the window.
func (w *Window) Set(limit Limit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.limit, w.start, w.count = limit, time.Time{}, 0
}

// State is what a Window holds at some instant.
type State struct {
	Limit     Limit
	Used      int       // requests counted in the window, refused ones included
	Remaining int       // requests left in it
	ResetsAt  time.Time // when it ends unless the clock is set; zero when no window is open
}

// State returns what the window holds at the time now.
func (w *Window) State(now time.Time) State {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := State{Limit: w.limit, Remaining: w.limit.Max}
	at := w.at(now)
	if w.limit.Max == 0 || w.over(at) {
		return s
	}
	s.Used, s.ResetsAt = w.count, now.Add(w.start.Add(w.limit.Window).Sub(at))
	s.Remaining = max(0, w.limit.Max-w.count)
	return s
}

// Restore makes the window hold what State returned at the time now.
func (w *Window) Restore(s State, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.limit, w.start, w.count = s.Limit, time.Time{}, s.Used
	if !s.ResetsAt.IsZero() {
		w.start = w.at(now).Add(s.ResetsAt.Sub(now) - s.Limit.Window)
	}
}

// seconds rounds up to whole seconds, at least one.
func seconds(d time.Duration) int {
	return max(1, int((d+time.Second-1)/time.Second))
}
