package judgetest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// outcomes counts the results of an API.
func outcomes(r conformance.Report, api clause.API) map[conformance.Outcome]int {
	n := map[conformance.Outcome]int{}
	for _, result := range r.Results {
		if result.Clause.API == api {
			n[result.Outcome]++
		}
	}
	return n
}

// TestOneOfTheTwoServicesIsMissing gives the keys of both.
func TestOneOfTheTwoServicesIsMissing(t *testing.T) {
	race.Sequential(t)
	t.Parallel()
	tests := map[clause.API]string{clause.InboxOps: "/api/v1/", clause.AppHandoff: "/api/projects/"}
	for missing, prefix := range tests {
		t.Run(string(missing), func(t *testing.T) {
			t.Parallel()
			c := judgetest.New(t, mockserver.Config{Tickets: 30}, func(fake http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasPrefix(r.URL.Path, prefix) {
						http.NotFound(w, r)
						return
					}
					fake.ServeHTTP(w, r)
				})
			}).Config
			r := judgetest.Run(t, c)
			n := outcomes(r, missing)
			if n[scenario.Fail] != 1 || n[scenario.NotRun] == 0 || len(n) != 2 || r.ExitCode() != conformance.ExitFailed || !strings.Contains(r.Headline, "hint: --api ") {
				t.Errorf("outcomes of the missing one: %v; exit code %d, headline %q", n, r.ExitCode(), r.Headline)
			}
		})
	}
}

// TestAURLAndAKeyAreEnough judges a target of which nothing else is known.
func TestAURLAndAKeyAreEnough(t *testing.T) {
	race.Sequential(t)
	t.Parallel()
	c := judgetest.New(t, mockserver.Config{}, nil).Config
	c.Facts, c.Write, c.Burst = &facts.Facts{}, false, 0
	c.Keys = target.Keys{target.ReadWrite: strings.TrimPrefix(main, "Bearer ")}
	c.Only = []string{"IO-*"}
	r := judgetest.Run(t, c)
	n := outcomes(r, clause.InboxOps)
	if n[scenario.Fail]+n[scenario.Error]+n[scenario.NotRun] > 0 || n[scenario.Pass] < 15 || r.ExitCode() != conformance.ExitOK {
		t.Errorf("%v, failed %s", n, failed(r))
	}
	for _, result := range r.Results {
		if result.Outcome == scenario.Skip && result.Reason == "" {
			t.Errorf("%s is skipped without a reason", result.Clause.ID)
		}
	}
	if len(r.Left) > 0 {
		t.Errorf("left behind: %v", r.Left)
	}
}
