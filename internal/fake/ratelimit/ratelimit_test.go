package ratelimit_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
)

var start = time.Date(2025, time.June, 2, 9, 0, 0, 0, time.UTC)

// at is the instant so long after start.
func at(d time.Duration) time.Time { return start.Add(d) }

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want ratelimit.Limit
	}{
		"the documented limit":    {"100/1m", ratelimit.Limit{Max: 100, Window: time.Minute}},
		"seconds":                 {"5/10s", ratelimit.Limit{Max: 5, Window: 10 * time.Second}},
		"the shortest window":     {"1/1ms", ratelimit.Limit{Max: 1, Window: time.Millisecond}},
		"a window of mixed units": {"3/1h30m", ratelimit.Limit{Max: 3, Window: 90 * time.Minute}},
		"off":                     {"off", ratelimit.Limit{}},
		"nothing means off":       {"", ratelimit.Limit{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ratelimit.Parse(test.text)
			if err != nil || got != test.want {
				t.Errorf("Parse(%q) = %v, %v, want %v", test.text, got, err, test.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text, says string
	}{
		"a bare number":          {"100", "not REQUESTS/WINDOW"},
		"no number":              {"many/1m", "not REQUESTS/WINDOW"},
		"zero requests":          {"0/1m", "not REQUESTS/WINDOW"},
		"negative requests":      {"-1/1m", "not REQUESTS/WINDOW"},
		"no window":              {"100/", "not a duration"},
		"a window without unit":  {"100/60", "not a duration"},
		"a window of no length":  {"100/0s", "at least 1ms"},
		"a window too short":     {"100/999us", "at least 1ms"},
		"a negative window":      {"100/-1m", "at least 1ms"},
		"a word close to off":    {"Off", "not REQUESTS/WINDOW"},
		"more requests than fit": {"99999999999999999999/1m", "not REQUESTS/WINDOW"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ratelimit.Parse(test.text)
			if err == nil {
				t.Fatalf("Parse(%q) = %v, want an error", test.text, got)
			}
			for _, want := range []string{fmt.Sprintf("%q", test.text), test.says, "hint: 100/1m"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("Parse(%q) says %q, without %q", test.text, err, want)
				}
			}
			if got != (ratelimit.Limit{}) {
				t.Errorf("Parse(%q) = %v beside its error", test.text, got)
			}
		})
	}
}

func TestLimitString(t *testing.T) {
	t.Parallel()
	tests := map[string]ratelimit.Limit{
		"off":        {},
		"100/1m":     {Max: 100, Window: time.Minute},
		"5/10s":      {Max: 5, Window: 10 * time.Second},
		"5/20m":      {Max: 5, Window: 20 * time.Minute},
		"1/1h":       {Max: 1, Window: time.Hour},
		"1/20h":      {Max: 1, Window: 20 * time.Hour},
		"1/1h30m":    {Max: 1, Window: 90 * time.Minute},
		"1/1h0m5s":   {Max: 1, Window: time.Hour + 5*time.Second},
		"1/10m0.5s":  {Max: 1, Window: 10*time.Minute + 500*time.Millisecond},
		"1000/250ms": {Max: 1000, Window: 250 * time.Millisecond},
	}
	for want, limit := range tests {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			if got := limit.String(); got != want {
				t.Errorf("String() = %q, want %q", got, want)
			}
		})
	}
}

func TestParseReadsString(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		unit := []time.Duration{time.Millisecond, time.Second, time.Minute, time.Hour}[draw.IntN(4)]
		want := ratelimit.Limit{Max: 1 + draw.IntN(1000), Window: unit * time.Duration(1+draw.IntN(200))}
		got, err := ratelimit.Parse(want.String())
		if err != nil || got != want {
			t.Fatalf("Parse(%q) = %v, %v, want %v", want.String(), got, err, want)
		}
	}
}

// taken is one request to a Window and its answer.
type taken struct {
	At         time.Duration
	OK         bool
	RetryAfter int
}

func TestWindowTake(t *testing.T) {
	t.Parallel()
	two := ratelimit.Limit{Max: 2, Window: 10 * time.Second}
	tests := map[string]struct {
		limit ratelimit.Limit
		want  []taken
	}{
		"requests up to the limit pass": {two, []taken{{0, true, 0}, {0, true, 0}, {0, false, 10}}},
		"the wait is to the end of the window": {two, []taken{
			{0, true, 0}, {3 * time.Second, true, 0}, {4 * time.Second, false, 6},
		}},
		"a wait is rounded up to whole seconds": {two, []taken{
			{0, true, 0}, {0, true, 0}, {time.Millisecond, false, 10}, {1001 * time.Millisecond, false, 9},
		}},
		"a wait is at least a second": {two, []taken{
			{0, true, 0}, {0, true, 0}, {10*time.Second - time.Nanosecond, false, 1},
		}},
		"whoever waits as told passes": {two, []taken{
			{0, true, 0}, {0, true, 0}, {3 * time.Second, false, 7}, {10 * time.Second, true, 0}, {10 * time.Second, true, 0}, {10 * time.Second, false, 10},
		}},
		"refused requests do not prolong the window": {two, []taken{
			{0, true, 0}, {0, true, 0}, {9 * time.Second, false, 1}, {9 * time.Second, false, 1}, {10 * time.Second, true, 0},
		}},
		"a window opens with its first request": {two, []taken{
			{7 * time.Second, true, 0}, {12 * time.Second, true, 0}, {13 * time.Second, false, 4}, {17 * time.Second, true, 0},
		}},
		"a clock set back before the window opens a new one": {two, []taken{
			{0, true, 0}, {0, true, 0}, {0, false, 10}, {-time.Second, true, 0}, {-time.Second, true, 0}, {-time.Second, false, 10},
		}},
		"a clock set back within the window waits longer": {two, []taken{
			{0, true, 0}, {5 * time.Second, true, 0}, {5 * time.Second, false, 5}, {2 * time.Second, false, 8},
		}},
		"a limit that is off lets all pass": {ratelimit.Limit{}, []taken{{0, true, 0}, {0, true, 0}, {0, true, 0}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ratelimit.NewWindow(test.limit)
			var got []taken
			for _, step := range test.want {
				ok, retryAfter := w.Take(at(step.At))
				got = append(got, taken{step.At, ok, retryAfter})
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWindowRetryAfterIsTrue(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		w := ratelimit.NewWindow(ratelimit.Limit{Max: 1 + draw.IntN(4), Window: time.Millisecond * time.Duration(1+draw.IntN(90_000))})
		now := start
		for range 50 {
			now = now.Add(time.Duration(draw.IntN(int(5 * time.Second))))
			ok, retryAfter := w.Take(now)
			if ok {
				continue
			}
			if early := now.Add(time.Duration(retryAfter-1) * time.Second); retryAfter > 1 && w.State(early).Used == 0 {
				t.Fatalf("told to wait %d s, though %d would do", retryAfter, retryAfter-1)
			}
			now = now.Add(time.Duration(retryAfter) * time.Second)
			if ok, again := w.Take(now); !ok {
				t.Fatalf("refused again after waiting %d s, now told %d s", retryAfter, again)
			}
		}
	}
}

func TestWindowState(t *testing.T) {
	t.Parallel()
	two := ratelimit.Limit{Max: 2, Window: 10 * time.Second}
	tests := map[string]struct {
		limit ratelimit.Limit
		takes int
		now   time.Duration
		want  ratelimit.State
	}{
		"no window is open before the first request": {two, 0, 0, ratelimit.State{Limit: two, Remaining: 2}},
		"requests are counted":                       {two, 1, time.Second, ratelimit.State{Limit: two, Used: 1, Remaining: 1, ResetsAt: at(10 * time.Second)}},
		"refused requests are counted too":           {two, 5, time.Second, ratelimit.State{Limit: two, Used: 5, ResetsAt: at(10 * time.Second)}},
		"a window that has ended is empty":           {two, 5, 10 * time.Second, ratelimit.State{Limit: two, Remaining: 2}},
		"a limit that is off counts nothing":         {ratelimit.Limit{}, 5, time.Second, ratelimit.State{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ratelimit.NewWindow(test.limit)
			for range test.takes {
				w.Take(start)
			}
			if diff := cmp.Diff(test.want, w.State(at(test.now))); diff != "" {
				t.Errorf("State (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWindowSet(t *testing.T) {
	t.Parallel()
	w := ratelimit.NewWindow(ratelimit.Limit{Max: 1, Window: time.Hour})
	w.Take(start)
	if ok, _ := w.Take(start); ok {
		t.Fatal("the second of one request passed")
	}
	w.Set(ratelimit.Limit{Max: 1, Window: time.Minute})
	if ok, _ := w.Take(start); !ok {
		t.Error("Set did not empty the window")
	}
	if ok, retryAfter := w.Take(start); ok || retryAfter != 60 {
		t.Errorf("Take = %v, %d, want false and the 60 s of the new limit", ok, retryAfter)
	}
	w.Set(ratelimit.Limit{})
	if ok, _ := w.Take(start); !ok {
		t.Error("Set did not switch the limit off")
	}
}

func TestWindowLetsNoMoreThanTheLimitPass(t *testing.T) {
	t.Parallel()
	const limit, workers, each = 100, 8, 50
	w := ratelimit.NewWindow(ratelimit.Limit{Max: limit, Window: time.Minute})
	var passed atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for range each {
				if ok, _ := w.Take(start); ok {
					passed.Add(1)
				}
				w.State(start)
			}
		})
	}
	wait.Wait()
	if passed.Load() != limit {
		t.Errorf("%d requests passed, want %d", passed.Load(), limit)
	}
	if used := w.State(start).Used; used != workers*each {
		t.Errorf("%d requests were counted, want %d", used, workers*each)
	}
}

func ExampleParse() {
	limit, err := ratelimit.Parse("2/1m")
	if err != nil {
		panic(err)
	}
	w := ratelimit.NewWindow(limit)
	now := time.Date(2025, time.June, 2, 9, 0, 0, 0, time.UTC)
	for range 3 {
		fmt.Println(w.Take(now))
		now = now.Add(10 * time.Second)
	}
	// Output:
	// true 0
	// true 0
	// false 40
}

func ExampleParse_hint() {
	_, err := ratelimit.Parse("100 per minute")
	fmt.Println(err)
	// Output: rate limit "100 per minute" is not REQUESTS/WINDOW or off (hint: 100/1m)
}

func TestWindowRestore(t *testing.T) {
	t.Parallel()
	limit := ratelimit.Limit{Max: 3, Window: time.Minute}
	at := time.Date(2025, time.June, 2, 9, 0, 0, 0, time.UTC)
	for name, taken := range map[string]int{"an empty window": 0, "a window with room": 2, "a full window": 3, "a window with refusals": 5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			original, restored := ratelimit.NewWindow(limit), ratelimit.NewWindow(ratelimit.Limit{})
			for range taken {
				original.Take(at)
			}
			later := at.Add(20 * time.Second)
			restored.Restore(original.State(later), later)
			if diff := cmp.Diff(original.State(later), restored.State(later)); diff != "" {
				t.Errorf("State (-original +restored):\n%s", diff)
			}
			ok, wait := original.Take(later)
			if gotOK, got := restored.Take(later); gotOK != ok || got != wait {
				t.Errorf("Take = %v, %d, want %v, %d", gotOK, got, ok, wait)
			}
		})
	}
}

func TestHalfALimitIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		limit ratelimit.Limit
		good  bool
	}{
		"off":              {ratelimit.Limit{}, true},
		"a limit":          {ratelimit.Limit{Max: 1, Window: time.Millisecond}, true},
		"no window":        {ratelimit.Limit{Max: 5}, false},
		"no requests":      {ratelimit.Limit{Window: time.Minute}, false},
		"less than none":   {ratelimit.Limit{Max: -1, Window: time.Minute}, false},
		"a small window":   {ratelimit.Limit{Max: 5, Window: 1}, false},
		"less than a zero": {ratelimit.Limit{Max: 5, Window: -time.Second}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := test.limit.Check(); (err == nil) != test.good {
				t.Errorf("got %v", err)
			}
		})
	}
}
