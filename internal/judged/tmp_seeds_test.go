package judged_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/mockdesk/mockdesk/internal/judged"
	"github.com/mockdesk/mockdesk/mockserver"
)

func TestTmpSeeds(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	for seed := 1; seed <= 20; seed++ {
		cfg := judged.New(t, mockserver.Config{Tickets: n, Seed: uint64(seed)}, nil).Config
		cfg.MaxRequests = 3000
		r := judged.Run(t, cfg)
		t.Log(n, seed, r.Requests, r.Counts, failed(r))
		for _, x := range r.Results {
			if x.Outcome != "pass" {
				t.Log("  ", x.Clause.ID, x.Outcome, x.Reason)
				for i, f := range x.Failures {
					if i < 3 {
						t.Logf("      %s | %s | %s | %s", f.Path, f.Expected, f.Actual, f.Message)
					}
				}
			}
		}
	}
}
