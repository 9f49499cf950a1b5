package judgetest_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

var all = flag.Bool("all", false, "judge seeds 1 to 20 at every size")

// mostRequests is enough for all clauses: of more, which a run has by default, it
// sends those that are no clause's own.
const mostRequests = 600

// worlds are the seeds and sizes of the fakes to be judged.
func worlds() []mockserver.Config {
	out := []mockserver.Config{
		{Seed: 1, Tickets: 30},
		{Seed: 17, Tickets: 30},
		{Seed: 1, Tickets: 200},
		{Seed: 11, Tickets: 200},
		{Seed: 20, Tickets: 1000},
		{Seed: 8, Tickets: 5000},
	}
	if race.Enabled {
		return out[:1]
	}
	if !*all {
		return out
	}
	out = nil
	for seed := uint64(1); seed <= 20; seed++ {
		for _, n := range []int{30, 200, 1000, 5000} {
			out = append(out, mockserver.Config{Seed: seed, Tickets: n})
		}
	}
	return out
}

func TestTheFakeKeepsEveryClauseWithinTheRequests(t *testing.T) {
	t.Parallel()
	for _, world := range worlds() {
		t.Run(fmt.Sprintf("seed %d, %d tickets", world.Seed, world.Tickets), func(t *testing.T) {
			t.Parallel()
			c := judgetest.New(t, world, nil).Config
			c.MaxRequests = mostRequests
			r := judgetest.Run(t, c)
			if r.Counts.Pass != len(scenario.All()) || r.Requests > mostRequests {
				t.Errorf("%+v in %d requests, want %d passes in at most %d", r.Counts, r.Requests, len(scenario.All()), mostRequests)
			}
			tell(t, r)
		})
	}
}

// Where no key may be driven into its limit, the planned questions do not use
// up what later clauses need.
func TestTheRequestsAreEnoughWithoutALimit(t *testing.T) {
	t.Parallel()
	for _, tickets := range []int{30, 200, 2000} {
		if race.Enabled && tickets > 30 {
			continue
		}
		t.Run(fmt.Sprint(tickets, " tickets"), func(t *testing.T) {
			t.Parallel()
			c := judgetest.New(t, mockserver.Config{Tickets: tickets}, nil).Config
			c.Burst, c.Keys, c.MaxRequests = 0, nil, mostRequests
			c.Facts.Keys = slices.DeleteFunc(c.Facts.Keys, func(k facts.Key) bool { return k.Kind == "limited" })
			if r := judgetest.Run(t, c); r.CutShort != "" || r.Counts.NotRun+r.Counts.Fail > 0 || r.Requests > mostRequests {
				t.Errorf("cut short: %q; %+v in %d requests", r.CutShort, r.Counts, r.Requests)
			}
		})
	}
}
