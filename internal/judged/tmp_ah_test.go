package judged_test

import (
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance/scenario"
	"github.com/mockdesk/mockdesk/internal/judged"
	"github.com/mockdesk/mockdesk/mockserver"
)

func TestAHMutants(t *testing.T) {
	caught := map[string]bool{}
	for _, m := range subtleHandoffMutants {
		t.Run(m.name, func(t *testing.T) {
			c := judged.New(t, mockserver.Config{Tickets: 30}, m.wrap).Config
			c.Only = []string{"AH-*"}
			c.MaxRequests = 1500
			r := judged.Run(t, c)
			var ids, skipped []string
			for _, x := range r.Results {
				switch x.Outcome {
				case scenario.Fail, scenario.Error:
					ids = append(ids, x.Clause.ID)
				case scenario.Pass:
				default:
					skipped = append(skipped, x.Clause.ID+"("+string(x.Outcome)+": "+x.Reason+")")
				}
			}
			got := strings.Join(ids, " ")
			for _, id := range ids {
				caught[id] = true
			}
			if got != m.fails {
				t.Errorf("failed: %q, want %q; skipped %s %s", got, m.fails, strings.Join(skipped, "; "), r.Headline)
				for _, x := range r.Results {
					for _, f := range x.Failures[:min(len(x.Failures), 2)] {
						t.Logf("%s: %s: expected %s, actual %s %s", x.Clause.ID, f.Path, f.Expected, f.Actual, f.Message)
					}
					if x.Outcome == scenario.Error {
						t.Log(x.Reason)
					}
				}
			} else if len(skipped) > 0 {
				t.Logf("skipped %s", strings.Join(skipped, "; "))
			}
		})
	}
}
