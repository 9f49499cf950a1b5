package runner_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/runner"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/openapi"
)

// desk lists one ticket; the subject is what subject says each time.
type desk struct {
	lists   int
	posts   int
	subject func(list int) string
	extra   string // further members of each ticket
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodPost {
		d.posts++
		w.WriteHeader(http.StatusCreated)
		return
	}
	d.lists++
	subject := "same"
	if d.subject != nil {
		subject = d.subject(d.lists)
	}
	fmt.Fprintf(w, `{"data":[{"id":"11111111-1111-4111-8111-111111111111","ticket_number":1,"status":"open","priority":"low",
		"created_at":"2025-01-01T00:00:00Z","updated_at":"2025-01-01T00:00:00Z","subject":%q%s}],"meta":{"page":1,"per_page":1,"total":1}}`, subject, d.extra)
}

// judged is the clause with the id, judged by run.
func judged(t *testing.T, id string, run func(*scenario.Session)) scenario.Scenario {
	t.Helper()
	found, err := clause.Select(scenario.All(), []string{id})
	if err != nil {
		t.Fatal(err)
	}
	return scenario.Scenario{Clause: found[0].Clause, Run: run}
}

// run judges the desk and returns "ID outcome" lines and the report.
func run(t *testing.T, d *desk, c runner.Config) (string, runner.Report) {
	t.Helper()
	contract, err := openapi.Load(openapi.InboxOps)
	if err != nil {
		t.Fatal(err)
	}
	client := target.New(target.Config{
		Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: "http://desk.test/api/v1", Contract: contract}},
		Transport: target.Handler(d),
	})
	t.Cleanup(client.Close)
	keys := target.Keys{target.ReadWrite: "ixk_runner_key"}
	c.Env = &scenario.Env{Client: client, Keys: keys, Facts: &facts.Facts{}, Mask: target.NewMask(keys), RunID: "run", Write: true, Burst: 1}
	report := runner.Run(t.Context(), c)
	var lines []string
	for _, r := range report.Results {
		lines = append(lines, r.Clause.ID+" "+string(r.Verdict.Outcome))
	}
	return strings.Join(lines, "\n"), report
}

// sees asserts that both the survey and a listing of its own hold the subject.
func sees(want string) func(*scenario.Session) {
	return func(s *scenario.Session) {
		s.Equal("subject", want, s.Tickets().Rows[0].Text("subject"))
	}
}

func TestAFailureIsRepeatedBeforeItIsBelieved(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		subject func(list int) string
		steady  bool
		want    scenario.Outcome
		lists   int
		drift   bool
	}{
		"right at once":                               {func(int) string { return "good" }, false, scenario.Pass, 1, false},
		"wrong on the same data twice":                {func(int) string { return "bad" }, false, scenario.Fail, 3, false},
		"wrong once":                                  {func(n int) string { return map[bool]string{true: "bad", false: "good"}[n == 1] }, false, scenario.Pass, 2, false},
		"wrong while the data change each time":       {func(n int) string { return fmt.Sprint(n) }, false, scenario.Skip, 7, true},
		"wrong, and the data change only once":        {func(n int) string { return fmt.Sprint(min(n, 2)) }, false, scenario.Fail, 3, true},
		"no change of data can excuse what is steady": {func(n int) string { return fmt.Sprint(n) }, true, scenario.Fail, 2, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &desk{subject: tc.subject}
			sc := judged(t, "IO-TICKET-03", sees("good"))
			sc.Steady = tc.steady
			_, report := run(t, d, runner.Config{Scenarios: []scenario.Scenario{sc}})
			v := report.Results[0].Verdict
			if v.Outcome != tc.want || d.lists != tc.lists || (len(report.Drift) > 0) != tc.drift {
				t.Errorf("%s (%s) after %d lists, drift %v; want %s after %d", v.Outcome, v.Reason, d.lists, report.Drift, tc.want, tc.lists)
			}
		})
	}
}

func TestReadsComeBeforeWritesAndBurstsComeLast(t *testing.T) {
	t.Parallel()
	var order []string
	note := func(id string) scenario.Scenario {
		return judged(t, id, func(s *scenario.Session) {
			order = append(order, id)
			s.Get(target.ReadWrite, "/tickets", "").Status(http.StatusOK)
		})
	}
	lines, _ := run(t, &desk{}, runner.Config{
		Scenarios: []scenario.Scenario{note("IO-AUTH-09"), note("IO-RATE-01"), note("IO-LIST-TICKETS-01"), note("IO-TICKET-01")},
	})
	if d := cmp.Diff([]string{"IO-LIST-TICKETS-01", "IO-TICKET-01", "IO-AUTH-09", "IO-RATE-01"}, order); d != "" {
		t.Errorf("order of the scenarios (-want +got):\n%s", d)
	}
	want := "IO-AUTH-09 pass\nIO-RATE-01 pass\nIO-LIST-TICKETS-01 pass\nIO-TICKET-01 pass"
	if d := cmp.Diff(want, lines); d != "" {
		t.Errorf("order of the results (-want +got):\n%s", d)
	}
}

func TestViolationsOfTheDocumentFailTheClauseTheyBelongTo(t *testing.T) {
	t.Parallel()
	pass := func(id string) scenario.Scenario {
		return judged(t, id, func(s *scenario.Session) { s.Get(target.ReadWrite, "/tickets", "").Status(http.StatusOK) })
	}
	lines, report := run(t, &desk{extra: `,"status_color":7,"mood":"good"`}, runner.Config{
		Scenarios: []scenario.Scenario{pass("IO-TICKET-07"), pass("IO-TICKET-08")},
	})
	if d := cmp.Diff("IO-TICKET-07 pass\nIO-TICKET-08 fail", lines); d != "" {
		t.Errorf("results (-want +got):\n%s", d)
	}
	if len(report.Notes) != 1 || !strings.Contains(report.Notes[0], "mood") {
		t.Errorf("notes %q, want one about the undocumented member", report.Notes)
	}
	f := report.Results[1].Verdict.Failures
	if len(f) != 1 || f[0].Exchange == nil || !strings.Contains(f[0].Message, "status_color") {
		t.Errorf("failures %+v", f)
	}
}

func TestBlockedAndNeedyClausesAreNotRun(t *testing.T) {
	t.Parallel()
	never := func(id string) scenario.Scenario {
		return judged(t, id, func(*scenario.Session) { panic("was run") })
	}
	var told []string
	lines, _ := run(t, &desk{}, runner.Config{
		Scenarios: []scenario.Scenario{never("IO-AUTH-02"), never("IO-AUTH-04")},
		Blocked:   map[string]scenario.Verdict{"IO-AUTH-02": {Outcome: scenario.NotRun, Reason: "gone"}},
		Done: func(r runner.Result, of int) {
			told = append(told, fmt.Sprint(r.Clause.ID, " ", r.Verdict.Reason, " ", of))
		},
	})
	if d := cmp.Diff("IO-AUTH-02 not-run\nIO-AUTH-04 skip", lines); d != "" {
		t.Errorf("results (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"IO-AUTH-02 gone 2", "IO-AUTH-04 no revoked key was given 2"}, told); d != "" {
		t.Errorf("told (-want +got):\n%s", d)
	}
}

func TestAStoppedRunRunsNothingMore(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	client := target.New(target.Config{
		Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: "http://desk.test/api/v1"}},
		Transport: target.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") })),
	})
	defer client.Close()
	env := &scenario.Env{Client: client, Keys: target.Keys{target.ReadWrite: "k"}, Facts: &facts.Facts{}, Mask: target.NewMask(nil)}
	report := runner.Run(ctx, runner.Config{Env: env, Scenarios: []scenario.Scenario{
		judged(t, "IO-AUTH-02", func(s *scenario.Session) {
			s.Get(target.ReadWrite, "/tickets", "").Status(http.StatusOK)
			stop()
		}),
		judged(t, "IO-AUTH-03", func(s *scenario.Session) { s.Get(target.ReadWrite, "/tickets", "x=1").Status(http.StatusOK) }),
	}})
	if report.Results[0].Verdict.Outcome != scenario.Pass || report.Results[1].Verdict.Outcome != scenario.NotRun {
		t.Errorf("%+v", report.Results)
	}
}
