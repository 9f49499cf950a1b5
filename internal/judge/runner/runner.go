// Package runner turns scenarios into results: it runs them in an order in
// which none disturbs another, runs failures again, and tells a defect from
// data that changed in between.
package runner

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/openapi"
)

// mostBlames bounds the failures of a clause.
const mostBlames = 10

// attempts is how often a failing scenario is run again while the data change.
const attempts = 3

// Result is what is known of one clause after the run.
type Result struct {
	Clause   clause.Clause
	Verdict  scenario.Verdict
	Known    bool // the failure was expected
	Duration time.Duration
}

// Config says what to run.
type Config struct {
	Env       *scenario.Env
	Scenarios []scenario.Scenario         // in the order of the results
	Known     []string                    // ids of clauses that must fail
	Blocked   map[string]scenario.Verdict // of clauses that cannot be judged, by id
	// Done is told each result as it is known, and the number of clauses; may be nil.
	Done func(r Result, of int)
}

// Report is what a run found.
type Report struct {
	Results []Result // one for each clause
	Drift   []string // what others changed during the run
	Notes   []string // what is not as documented but no clause forbids
}

// run is a run in progress.
type run struct {
	Config
	results map[string]*Result
	bases   map[string]*survey.Survey // the surveys on which doubtful verdicts rest
	drift   []string
	notes   []string
}

// phase is a set of scenarios that run together.
type phase struct {
	scenarios []scenario.Scenario
	// compare says whether the data of the target are compared before a
	// failure is believed. A phase that changes data cannot.
	compare bool
}

// Run runs the scenarios: those that read, those that write, those that use up
// the rate limit, Rest, and finally those that judge what the others met.
func Run(ctx context.Context, c Config) Report {
	if c.Done == nil {
		c.Done = func(Result, int) {}
	}
	r := &run{Config: c, results: map[string]*Result{}, bases: map[string]*survey.Survey{}}
	c.Env.NewEpoch()
	for _, p := range r.phases() {
		r.phase(ctx, p)
	}
	r.contract()
	out := Report{Drift: r.drift, Notes: r.notes}
	for _, sc := range c.Scenarios {
		out.Results = append(out.Results, *r.results[sc.ID])
	}
	return out
}

// phases sorts the scenarios by what they do to the target, and settles those
// that lack something.
func (r *run) phases() []phase {
	const (
		reading = iota
		combining
		writing
		bursting
		resting
		lookingBack
	)
	all := []phase{reading: {compare: true}, combining: {compare: true}, resting: {compare: true}, lookingBack: {}}
	if len(r.Scenarios) > 0 && r.Env.Missing(scenario.Rest.Clause) == "" {
		all[resting].scenarios = append(all[resting].scenarios, scenario.Rest)
	}
	for _, sc := range r.Scenarios {
		c := sc.Clause
		if v, blocked := r.Blocked[c.ID]; blocked {
			r.settle(c, v, 0)
			continue
		}
		if need := r.Env.Missing(c); need != "" {
			reason, unlock := r.Env.Lacks(need)
			r.settle(c, scenario.Verdict{Outcome: scenario.Skip, Reason: reason, Unlock: unlock}, 0)
			continue
		}
		i := reading
		switch {
		case sc.Last:
			i = lookingBack
		case c.Needing(clause.Burst), c.Needing(clause.HandoffBurst):
			i = bursting
		case c.Needing(clause.Write):
			i = writing
		case sc.Late:
			i = combining
		}
		all[i].scenarios = append(all[i].scenarios, sc)
	}
	return all
}

// phase runs the scenarios once and those that failed again.
func (r *run) phase(ctx context.Context, p phase) {
	var doubtful []scenario.Scenario
	for _, sc := range p.scenarios {
		c := sc.Clause
		v, took := r.judge(ctx, sc)
		if suspicious(v) {
			doubtful = append(doubtful, sc)
			r.results[c.ID], r.bases[c.ID] = &Result{Clause: c, Verdict: v, Duration: took}, r.Env.Survey
			continue
		}
		r.settle(c, v, took)
	}
	for attempt := 1; len(doubtful) > 0 && attempt <= attempts; attempt++ {
		doubtful = r.again(ctx, p, doubtful, attempt)
	}
}

// suspicious reports whether a verdict has to be repeated to be believed.
func suspicious(v scenario.Verdict) bool {
	return v.Outcome == scenario.Fail || v.Outcome == scenario.Error
}

// judge runs one scenario by the clock of the run.
func (r *run) judge(ctx context.Context, sc scenario.Scenario) (scenario.Verdict, time.Duration) {
	if ctx.Err() != nil {
		return scenario.Verdict{Outcome: scenario.NotRun, Reason: r.Env.Client.Stopped(ctx).Reason}, 0
	}
	start := r.Env.Client.Now()
	v := scenario.Judge(ctx, r.Env, sc)
	return v, r.Env.Client.Now().Sub(start)
}

// settle makes a verdict the result of its clause, except for failures that
// belong to another clause.
func (r *run) settle(c clause.Clause, v scenario.Verdict, took time.Duration) {
	v = r.handOver(c, v)
	result := Result{Clause: c, Verdict: v, Known: slices.Contains(r.Known, c.ID), Duration: took}
	if r.results[c.ID] = &result; c.ID == "" { // Rest, which is not a clause
		return
	}
	r.Done(result, len(r.Scenarios))
}

// handOver gives failures to the clauses that they are blamed on and returns
// the rest. Failures of clauses that are not judged become remarks.
func (r *run) handOver(c clause.Clause, v scenario.Verdict) scenario.Verdict {
	var own []scenario.Failure
	for _, f := range v.Failures {
		other := r.results[f.Blame]
		switch {
		case f.Blame == "" || f.Blame == c.ID:
			own = append(own, f)
		case other != nil:
			r.accuse(other, f)
		default:
			v.Remarks = append(v.Remarks, f.Path+" is not as "+f.Blame+" says, which is not judged here.")
		}
	}
	if v.Outcome == scenario.Fail && len(own) == 0 {
		v.Outcome = scenario.Pass
	}
	v.Failures = own
	return v
}

// accuse adds a failure to the result of a clause, whatever the result was.
func (r *run) accuse(result *Result, f scenario.Failure) {
	v := &result.Verdict
	if v.Outcome != scenario.Fail {
		v.Outcome, v.Reason, v.Unlock = scenario.Fail, "", ""
	}
	if len(v.Failures) < mostBlames {
		v.Failures, v.Exchanges = append(v.Failures, f), append(v.Exchanges, f.Exchange)
	}
}

// contract turns violations of the OpenAPI document, found in any exchange of
// the run, into failures of the clauses they belong to. One that belongs to no
// clause is a note.
func (r *run) contract() {
	told := map[string]bool{}
	for _, e := range r.Env.Client.Exchanges() {
		for _, v := range e.Violations {
			id := scenario.Owner(e, v)
			same := fmt.Sprintf("%s %s %s %s", id, e.OperationID, v.Rule, scenario.Place(v))
			if told[same] {
				continue
			}
			told[same] = true
			if id == "" {
				r.notes = append(r.notes, e.OperationID+": "+v.String())
				continue
			}
			r.blame(id, e, v)
		}
	}
}

// blame fails a clause that passed so far.
func (r *run) blame(id string, e *target.Exchange, breach openapi.Violation) {
	result := r.results[id]
	if result == nil {
		return
	}
	v := &result.Verdict
	switch {
	case v.Outcome == scenario.Pass:
		v.Outcome = scenario.Fail
	case v.Outcome != scenario.Fail || len(v.Failures) >= mostBlames:
		return
	}
	v.Failures = append(v.Failures, scenario.Failure{
		Path: breach.Where, Message: "against the OpenAPI document: " + breach.String(), Exchange: e,
	})
	v.Exchanges = append(v.Exchanges, e)
}
