package scenario_test

import (
	"testing"

	"github.com/mockdesk/mockdesk/conformance/clause"
	"github.com/mockdesk/mockdesk/conformance/scenario"
)

func TestEachClauseHasOneScenarioOrAReason(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	for _, s := range scenario.All() {
		if _, ok := clause.ByID(s.Clause); !ok {
			t.Errorf("scenario of unknown clause %s", s.Clause)
		}
		if s.Run == nil {
			t.Errorf("scenario of %s runs nothing", s.Clause)
		}
		count[s.Clause]++
	}
	for _, c := range clause.All() {
		want := 1
		if c.Unjudgeable != "" {
			want = 0
		}
		if count[c.ID] != want {
			t.Errorf("clause %s has %d scenarios, want %d", c.ID, count[c.ID], want)
		}
	}
}
