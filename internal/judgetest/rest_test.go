package judgetest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// A run that may send many requests keeps many for the limits of its keys. Those
// that they did not take are used.
func TestRequestsThatLimitsLeaveAreUsed(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	c := servers["stranger"][0](t, unchanged)
	c.MaxRequests, c.Burst = target.DefaultMaxRequests, 0
	if r := judgetest.Run(t, c); r.Counts.Fail > 0 || c.MaxRequests-r.Requests > c.MaxRequests/20 {
		t.Errorf("failed: %q after %d of %d requests", failed(r), r.Requests, c.MaxRequests)
	}
}

// What goes wrong beside several filters is seen where requests are to spare.
func TestRequestsToSpareSeeWhatSeveralFiltersHide(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	for _, name := range []string{"a priority is ignored together with a status and an inbox", "a malformed inbox_id is ignored together with a status"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := servers["stranger"][0](t, wrapOf(t, name))
			c.MaxRequests = target.DefaultMaxRequests
			if r := judgetest.Run(t, c); r.Counts.Fail == 0 || r.Requests < 1300 {
				t.Errorf("%d clauses fail after %d requests", r.Counts.Fail, r.Requests)
			}
		})
	}
}

// Whoever has a key of AppHandoff alone has every clause of it judged that needs
// no other key, and nothing is asked of InboxOps.
func TestAppHandoffAlone(t *testing.T) {
	t.Parallel()
	c := judgetest.New(t, mockserver.Config{}, nil).Config
	i := slices.IndexFunc(c.Facts.Keys, func(k facts.Key) bool { return k.Kind == string(target.Member) })
	c.Keys, c.Facts.Keys = target.Keys{target.Member: c.Facts.Keys[i].Key}, nil
	c.Burst = 0
	r := judgetest.Run(t, c)
	n := 0
	for _, result := range r.Results {
		if result.Clause.API != clause.AppHandoff {
			continue
		}
		if result.Outcome == scenario.Skip && strings.Contains(result.Reason, "tickets?") {
			t.Errorf("%s is skipped: %s", result.Clause.ID, result.Reason)
		}
		if result.Outcome == scenario.Pass {
			n++
		}
		for _, e := range result.Evidence {
			if strings.Contains(e.URL, "/api/v1/") {
				t.Errorf("%s asks %s", result.Clause.ID, e.URL)
			}
		}
	}
	if n < 40 {
		t.Errorf("%d clauses of AppHandoff pass", n)
	}
}

// What a run asks with requests to spare holds of every world: of a thread of more
// messages than an answer may have, and of drafts that have a word alone, which
// nobody can read.
func TestRequestsToSpareRaiseNoAlarm(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	for _, world := range []struct {
		seed    uint64
		tickets int
		plan    uint64
	}{{5, 200, 1}, {8, 60, 1}, {13, 60, 1}, {24, 200, 2}} {
		t.Run(fmt.Sprintf("seed %d, %d tickets", world.seed, world.tickets), func(t *testing.T) {
			t.Parallel()
			c := judgetest.New(t, mockserver.Config{Seed: world.seed, Tickets: world.tickets}, nil).Config
			c.MaxRequests, c.Seed = target.DefaultMaxRequests, world.plan
			if r := judgetest.Run(t, c); r.Counts.Fail+r.Counts.NotRun > 0 {
				t.Errorf("failed: %q; %+v", failed(r), r.Counts)
			}
		})
	}
}
