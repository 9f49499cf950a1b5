package runner_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/judge/runner"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// TestOnlyAPassOnTheSameRequestAcquits fails once and does something else the
// second time.
func TestOnlyAPassOnTheSameRequestAcquits(t *testing.T) {
	t.Parallel()
	get := func(s *scenario.Session, query string) {
		s.Get(target.ReadWrite, "/tickets", query).Status(http.StatusOK)
	}
	note := func(s *scenario.Session) {
		s.PostNote("1", "type", "internal_note", "body_text", s.Marker()).Status(http.StatusCreated)
	}
	tests := map[string]struct {
		first, second func(*scenario.Session)
		want          scenario.Outcome
		unconfirmed   bool
		remark        string
	}{
		"a pass on the same request": {
			nil, func(s *scenario.Session) { get(s, "status=open") }, scenario.Pass, false, "not when it was run again",
		},
		"a pass on another request": {
			nil, func(s *scenario.Session) { get(s, "status=closed") }, scenario.Fail, true, "sent other requests",
		},
		"a skip": {
			nil, func(s *scenario.Session) { get(s, "status=open"); s.Skip("nothing to look at", "") }, scenario.Fail, true, "nothing to look at",
		},
		"a panic": {
			nil, func(s *scenario.Session) { get(s, "status=open"); panic("oh") }, scenario.Fail, true, "the scenario panicked",
		},
		"a pass on less than half": {
			func(s *scenario.Session) {
				for range 5 {
					get(s, "status=open")
				}
			}, func(s *scenario.Session) { get(s, "status=open") }, scenario.Pass, false, "less than half",
		},
		"the same note with another marker": {note, note, scenario.Pass, false, "not when it was run again"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runs := 0
			_, report := run(t, &desk{}, runner.Config{
				Scenarios: []scenario.Scenario{judged(t, "IO-TICKET-03", func(s *scenario.Session) {
					if runs++; runs > 1 {
						tc.second(s)
						return
					}
					if tc.first == nil {
						tc.first = func(s *scenario.Session) { get(s, "status=open") }
					}
					tc.first(s)
					s.Assert(false, "something", "right", "wrong")
				})},
			})
			v := report.Results[0].Verdict
			if v.Outcome != tc.want || v.Unconfirmed != tc.unconfirmed || !strings.Contains(fmt.Sprint(v.Remarks), tc.remark) {
				t.Errorf("%s, unconfirmed %v, %q; want %s with %q", v.Outcome, v.Unconfirmed, v.Remarks, tc.want, tc.remark)
			}
		})
	}
}

// TestOtherDataExcuseNothing has a failure about one ticket while another changes.
func TestOtherDataExcuseNothing(t *testing.T) {
	t.Parallel()
	const stable = "22222222-2222-4222-8222-222222222222"
	for name, tc := range map[string]struct {
		about string
		want  scenario.Outcome
	}{
		"the failure names the ticket that changes": {"11111111-1111-4111-8111-111111111111", scenario.Skip},
		"the failure names another ticket":          {stable, scenario.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &desk{subject: func(n int) string { return fmt.Sprint(n) }}
			_, report := run(t, d, runner.Config{
				Scenarios: []scenario.Scenario{judged(t, "IO-TICKET-03", func(s *scenario.Session) {
					s.Tickets()
					s.Get(target.ReadWrite, "/tickets/"+stable+"/messages", "")
					s.Last().ResponseBody = nil // an answer that shows no ticket
					s.Assert(false, "something", "right", "wrong of "+tc.about)
				})},
			})
			if v := report.Results[0].Verdict; v.Outcome != tc.want {
				t.Errorf("%s (%s), want %s; %+v %v %v", v.Outcome, v.Reason, tc.want, v.Failures, v.Remarks, report.Drift)
			}
		})
	}
}
