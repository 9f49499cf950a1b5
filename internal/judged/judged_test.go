package judged_test

import (
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance/report"
	"github.com/mockdesk/mockdesk/conformance/scenario"
	"github.com/mockdesk/mockdesk/internal/judged"
	"github.com/mockdesk/mockdesk/mockserver"
)

func TestTheFakeKeepsEveryClause(t *testing.T) {
	t.Parallel()
	r := judged.Run(t, judged.New(t, mockserver.Config{}, nil).Config)
	for _, result := range r.Results {
		if result.Outcome != scenario.Pass && !scenario.Pending[result.Clause.Group] {
			t.Errorf("%s %s: %s", result.Clause.ID, result.Outcome, result.Reason)
		}
	}
	if t.Failed() || r.Counts.Pass == 0 {
		var b strings.Builder
		if err := (report.Text{}).Write(&b, r); err != nil {
			t.Fatal(err)
		}
		t.Log(b.String())
	}
}
