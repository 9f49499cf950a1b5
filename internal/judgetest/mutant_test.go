package judgetest_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// wrap changes what the judge sees of a server; condition is one of an exchange.
type (
	wrap      = judgetest.Wrap
	condition = func(*http.Request, *httptest.ResponseRecorder) bool
)

// mutant is a deliberate defect of the fake.
type mutant struct {
	name string
	// fails are the ids of the clauses that must fail, in the order of the
	// catalogue: no others may.
	fails string
	wrap  wrap
}

// mutants are all defects: at least one for every clause.
func mutants() []mutant {
	return slices.Concat(accessMutants, onList(listMutants), onList(fieldMutants), ticketMutants, messageMutants, noteMutants, handoffMutants)
}

// wholeRuns is how many mutants share one that is judged on all clauses. The
// others are judged on the groups of the clauses they must fail. Under the race
// detector only one of raceRuns is judged: what runs at once is the same for all.
const (
	wholeRuns = 12
	raceRuns  = 5 * wholeRuns
)

// groupsOf are patterns for the groups of the ids.
func groupsOf(ids string) []string {
	var out []string
	for _, id := range strings.Fields(ids) {
		pattern := id[:strings.LastIndexByte(id, '-')] + "-*"
		if !slices.Contains(out, pattern) {
			out = append(out, pattern)
		}
	}
	return out
}

func TestEachMutantFailsExactlyItsClauses(t *testing.T) {
	t.Parallel()
	for i, m := range mutants() {
		if race.Enabled && i%raceRuns != 0 {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			c := judgetest.New(t, mockserver.Config{Tickets: 40}, m.wrap).Config
			c.MaxRequests = 1100 // a mutant is judged more than once
			if i%wholeRuns != 0 {
				c.Only = groupsOf(m.fails)
			}
			r := judgetest.Run(t, c)
			if got := failed(r); got != m.fails {
				t.Errorf("failed: %q, want %q", got, m.fails)
				tell(t, r)
			}
		})
	}
}

func TestEveryClauseIsFailedByAMutant(t *testing.T) {
	t.Parallel()
	caught, names := map[string]bool{}, map[string]bool{}
	for _, m := range mutants() {
		if names[m.name] {
			t.Errorf("two mutants are called %q", m.name)
		}
		names[m.name] = true
		for _, id := range strings.Fields(m.fails) {
			caught[id] = true
		}
	}
	for _, c := range scenario.All() {
		if !caught[c.ID] {
			t.Errorf("no mutant fails %s: %s", c.ID, c.Words)
		}
		delete(caught, c.ID)
	}
	for id := range caught {
		t.Errorf("mutants are to fail %s, which is no clause", id)
	}
}

// tell logs what a run found wrong, and why it did not judge.
func tell(t *testing.T, r conformance.Report) {
	t.Helper()
	for _, result := range r.Results {
		for _, f := range result.Failures[:min(len(result.Failures), 2)] {
			t.Logf("%s: %s: expected %s, actual %s %s", result.Clause.ID, f.Path, f.Expected, f.Actual, f.Message)
		}
		if result.Reason != "" {
			t.Logf("%s %s: %s", result.Clause.ID, result.Outcome, result.Reason)
		}
	}
}
