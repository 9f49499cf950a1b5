package runner

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// rerun is a doubtful verdict and the one after it.
type rerun struct {
	clause clause.Clause
	first  scenario.Verdict
	v      scenario.Verdict
	took   time.Duration
	same   bool           // every request that failed was sent again
	base   *survey.Survey // the data on which the verdict rests, if it is not withdrawn
}

// again runs doubtful scenarios in a new epoch and returns those that are to
// be run once more, because their data changed meanwhile.
func (r *run) again(ctx context.Context, p phase, doubtful []scenario.Scenario, attempt int) []scenario.Scenario {
	lost := r.lost(doubtful)
	if p.compare || lost {
		r.Env.NewEpoch()
	} else {
		r.Env.Forget()
	}
	before := len(r.Env.Client.Exchanges())
	reruns := make([]rerun, len(doubtful))
	for i, sc := range doubtful {
		c := sc.Clause
		re := rerun{clause: c, first: r.results[c.ID].Verdict, base: r.bases[c.ID]}
		if re.v, re.took = r.judge(ctx, sc); re.v.Outcome == scenario.Fail {
			re.base = r.Env.Survey
		}
		reruns[i] = re
	}
	asked := r.asked(before)
	var rest []*survey.Survey // the surveys on which failures rest that a change may excuse
	for i := range reruns {
		re := &reruns[i]
		if re.same = asked.all(re.first); re.relies() && !slices.Contains(rest, re.base) {
			rest = append(rest, re.base)
		}
	}
	var now *survey.Survey // nil when no change could excuse anything
	if len(rest) > 0 && (p.compare || lost) {
		now = r.resurvey(ctx, rest, p.compare)
	}
	var left []scenario.Scenario
	for i, sc := range doubtful {
		re := reruns[i]
		r.drifted(now, r.bases[re.clause.ID]) // for the report
		if r.decide(re, r.drifted(now, re.base), attempt) {
			continue
		}
		left = append(left, sc)
		if re.v.Outcome == scenario.Fail {
			r.results[re.clause.ID].Verdict, r.bases[re.clause.ID] = re.v, re.base
		}
	}
	return left
}

// relies reports whether a change of the data may decide the outcome.
func (re rerun) relies() bool {
	v := re.v
	if v.Outcome != scenario.Fail {
		v = re.first
	}
	return v.Outcome == scenario.Fail && !re.acquits() && (v.UsedData || notFound(v))
}

// acquits reports whether the second run withdraws what the first one found:
// only a pass on the same requests does.
func (re rerun) acquits() bool {
	return re.v.Outcome == scenario.Pass && (re.same || re.first.Outcome == scenario.Error)
}

// decide settles a clause that was run again and reports whether it could.
func (r *run) decide(re rerun, drift *survey.Drift, attempt int) bool {
	latest := re.v
	if latest.Outcome != scenario.Fail {
		latest = re.first
	}
	excused := latest.Outcome == scenario.Fail && excused(latest, drift)
	switch {
	case re.acquits():
		re.v.Remarks = append(re.v.Remarks, "It failed once and not when it was run again: the data were changing, or the target does not always answer alike.")
		r.settle(re.clause, thinner(re.v, re.first), re.took)
	case excused && attempt < attempts && re.v.Outcome != scenario.NotRun:
		return false
	case excused && re.v.Outcome == scenario.Pass:
		re.v.Remarks = append(re.v.Remarks, "It failed before the data changed: "+drift.Words+".")
		r.settle(re.clause, thinner(re.v, re.first), re.took)
	case excused:
		r.settle(re.clause, scenario.Verdict{
			Outcome: scenario.Skip, Reason: "the data kept changing while it was judged: " + drift.Words,
			Unlock: "a quieter moment", Remarks: re.v.Remarks, Exchanges: re.v.Exchanges, Asserts: re.v.Asserts,
		}, re.took)
	case re.v.Outcome == scenario.Fail, re.first.Outcome != scenario.Fail && re.v.Outcome == scenario.Error:
		r.settle(re.clause, re.v, re.took)
	default: // what was found before stays
		r.settle(re.clause, unconfirmed(re), re.took)
	}
	return true
}

// unconfirmed returns the first verdict with the reason why it could not be
// repeated.
func unconfirmed(re rerun) scenario.Verdict {
	why := map[scenario.Outcome]string{
		scenario.Pass:   "the second run sent other requests, and passed",
		scenario.Skip:   "the second run was skipped: " + re.v.Reason,
		scenario.Error:  "the second run broke: " + re.v.Reason,
		scenario.NotRun: re.v.Reason,
	}[re.v.Outcome]
	v := re.first
	v.Unconfirmed = v.Outcome == scenario.Fail
	v.Remarks = append(v.Remarks, "It could not be run again to make sure: "+why+".")
	return v
}

// thinner remarks that a pass rests on much less than was looked at the first
// time.
func thinner(v, first scenario.Verdict) scenario.Verdict {
	if v.Asserts < first.Asserts/2 {
		v.Remarks = append(v.Remarks, "It passes on less than half of what was looked at before.")
	}
	return v
}

// spare is how many requests are kept for what comes after a comparison.
const spare = 40

// resurvey reads again what earlier surveys read, as far as the requests of the
// run allow; for a phase that writes, only the tickets. It returns nil when the
// target cannot be read again, and every failure then stands.
func (r *run) resurvey(ctx context.Context, earlier []*survey.Survey, whole bool) *survey.Survey {
	now := r.Env.Resurvey()
	for _, e := range earlier {
		var err error
		switch {
		case !whole:
			_, err = now.Tickets(ctx)
		case e.Cost()+spare < r.Env.Client.Left():
			err = now.Repeat(ctx, e)
		}
		if err != nil {
			return nil
		}
	}
	return now
}

// drifted returns what changed since the data on which a verdict rests were
// read.
func (r *run) drifted(now, before *survey.Survey) *survey.Drift {
	if now == nil {
		return before.Drift(before)
	}
	drift := now.Drift(before)
	if drift.Words != "" && !slices.Contains(r.drift, drift.Words) {
		r.drift = append(r.drift, drift.Words)
	}
	return drift
}

var ids = regexp.MustCompile(`(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// excused reports whether the data that each failure is about have changed: a
// row that it names or that its answer shows, the ticket that it asked about, a
// ticket that it concerns, or, if that is not known, the list that it counted.
func excused(v scenario.Verdict, d *survey.Drift) bool {
	for _, f := range v.Failures {
		asked, path, shown, query := "", "", "", url.Values{}
		if f.Exchange != nil {
			asked, shown = f.Exchange.URL, string(f.Exchange.ResponseBody)
			if u, err := url.Parse(asked); err == nil {
				path, query = u.Path, u.Query()
			}
		}
		named := ids.FindAllString(strings.Join([]string{f.Expected, f.Actual, f.Message}, " "), -1)
		naming := len(named) > 0
		named = append(named, ids.FindAllString(asked, -1)...)
		gone := slices.ContainsFunc(ids.FindAllString(asked, -1), d.Gone)
		changed := slices.ContainsFunc(append(named, ids.FindAllString(shown, -1)...), d.Changed)
		changed = changed || f.Exchange == nil && d.Words != ""
		if f.Concerns != nil {
			changed = changed || d.Touches(f.Concerns)
		} else {
			changed = changed || d.Moved(path) || !naming && d.Counts(path, query)
		}
		if !gone && (!v.UsedData || !changed) {
			return false
		}
	}
	return len(v.Failures) > 0
}

// lost reports whether a doubtful scenario was told that its ticket is not there.
func (r *run) lost(doubtful []scenario.Scenario) bool {
	return slices.ContainsFunc(doubtful, func(sc scenario.Scenario) bool {
		return notFound(r.results[sc.ID].Verdict)
	})
}

// notFound reports whether something failed because it was not found.
func notFound(v scenario.Verdict) bool {
	return slices.ContainsFunc(v.Failures, func(f scenario.Failure) bool {
		return f.Exchange != nil && f.Exchange.Status == http.StatusNotFound
	})
}

// questions are requests, without the parts that differ each time.
type questions map[string]bool

// asked returns the requests that were answered since there were before
// answers.
func (r *run) asked(before int) questions {
	out := questions{}
	for _, e := range r.Env.Client.Exchanges()[before:] {
		if e.Err == nil {
			out[question(e)] = true
		}
	}
	return out
}

var marker = regexp.MustCompile(`mockdesk-check-[0-9a-z]+-[0-9]+`)

// question is a request without the marker of its note.
func question(e *target.Exchange) string {
	return strings.Join([]string{
		e.Method, e.URL, e.Header.Get("Authorization"), e.Header.Get("Content-Type"), e.Header.Get("Prefer"),
		marker.ReplaceAllString(string(e.Body), ""),
	}, "\n")
}

// all reports whether each request whose answer was a failure was sent again.
func (q questions) all(v scenario.Verdict) bool {
	return !slices.ContainsFunc(v.Failures, func(f scenario.Failure) bool {
		return f.Exchange != nil && !q[question(f.Exchange)]
	})
}
