package judgetest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// TestArrangedTicketsKeepEveryClause judges a fake whose world has what the
// example of a case arranges, beside the seeded tickets.
func TestArrangedTicketsKeepEveryClause(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "mockserver", "casefile", "testdata", "everything.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, things, _ := strings.Cut(string(text), "\ninboxops:") // and not its limit, keys and faults
	for _, world := range []mockserver.Config{{Seed: 1, Tickets: 30}, {Seed: 11, Tickets: 200}} {
		world.Case = casefile.MustParse("inboxops:" + things)
		config := judgetest.New(t, world, nil).Config
		config.MaxRequests = mostRequests + 100 // there is more to look at than in a seeded world
		r := judgetest.Run(t, config)
		if r.Counts.Pass != len(scenario.All()) {
			t.Errorf("seed %d: %+v, want %d passes", world.Seed, r.Counts, len(scenario.All()))
		}
		tell(t, r)
	}
}
