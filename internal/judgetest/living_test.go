package judgetest_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// restless is a desk where something happens each second.
var restless = mockserver.Life{Events: 3600, Period: time.Hour}

// living judges a desk whose clock goes on by step with each request. wrap, when
// not nil, changes what the judge sees of it.
func living(t *testing.T, cfg mockserver.Config, step time.Duration, wrap wrap) conformance.Config {
	t.Helper()
	var sleep func(context.Context, time.Duration) error
	c := judgetest.New(t, cfg, func(fake http.Handler) http.Handler {
		seen := fake
		if wrap != nil {
			seen = wrap(fake)
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = sleep(r.Context(), step) // which no request cuts short
			seen.ServeHTTP(w, r)
		})
	}).Config
	sleep, c.Seed, c.MaxRequests = c.Sleep, cfg.Seed, 2500
	return c
}

// What happens meanwhile is no failure, whatever the time that the judge takes.
func TestADeskThatLivesKeepsEveryClause(t *testing.T) {
	t.Parallel()
	for i, tc := range []struct {
		tickets int
		life    mockserver.Life
		step    time.Duration
	}{
		{200, mockserver.Busy, 600 * time.Millisecond}, // 100 requests a minute, as InboxOps allows
		{200, restless, 20 * time.Millisecond},
		{200, restless, 60 * time.Millisecond},
		{30, restless, 30 * time.Millisecond},
		{1000, restless, 30 * time.Millisecond},
	} {
		for seed := range uint64(2) {
			seed += 2*uint64(i) + 1
			if race.Enabled && seed > 1 {
				continue
			}
			t.Run(fmt.Sprintf("%d tickets, %s, %s a request, seed %d", tc.tickets, tc.life, tc.step, seed), func(t *testing.T) {
				t.Parallel()
				r := judgetest.Run(t, living(t, mockserver.Config{Seed: seed, Tickets: tc.tickets, Life: tc.life}, tc.step, nil))
				if got := failed(r); got != "" || r.Counts.Error+r.Counts.NotRun > 0 || r.Counts.Skip > 12 {
					t.Errorf("failed: %q; %+v", got, r.Counts)
					tell(t, r)
				}
			})
		}
	}
}

// What is wrong all the time is seen for all that changes.
func TestADefectOfADeskThatLives(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	for _, name := range []string{"status is ignored when another filter is given", "status is ignored on the third page and later"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := living(t, mockserver.Config{Seed: 1, Life: restless}, 20*time.Millisecond, wrapOf(t, name))
			if r := judgetest.Run(t, c); r.Counts.Fail == 0 {
				t.Errorf("%+v, want a failure", r.Counts)
			}
		})
	}
}
