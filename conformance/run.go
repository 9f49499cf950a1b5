package conformance

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/runner"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// Run judges the target. An error means that the Config is wrong; everything
// the target does is in the Report.
func Run(ctx context.Context, c Config) (Report, error) {
	p, err := c.plan()
	if err != nil {
		return Report{}, err
	}
	client := p.client()
	defer client.Close()
	started := client.Now()
	env := &scenario.Env{
		Client: client, Keys: p.keys, Mask: p.mask(), Write: p.Write, Burst: p.Burst,
		ErrorFormat: p.ErrorFormat, RunID: strconv.FormatInt(started.UnixNano(), 36), Timeout: p.ScenarioTimeout,
		Seed: max(p.Seed, 1), Settle: p.Settle,
	}
	found := p.preflight(ctx, client)
	env.Facts = p.Facts // without what the target does not know
	p.writeTicket(ctx, env, found)
	done := func(r runner.Result, of int) {
		if p.Progress != nil {
			p.Progress.Clause(p.result(r, env.Mask), of)
		}
	}
	ran := runner.Run(ctx, runner.Config{Env: env, Scenarios: p.scenarios, Known: p.known, Blocked: p.blocked(found), Done: done})
	p.insist(ran.Results, found)
	report := p.report(ran, env)
	report.Started, report.Duration = started, client.Now().Sub(started)
	p.headline(&report, found)
	report.Headline = env.Mask.Text(report.Headline) // it may quote an answer
	return report, nil
}

// client makes the client of the run.
func (p *plan) client() *target.Client {
	cfg := target.Config{
		Endpoints: p.endpoints, Transport: p.Transport, RPS: p.RPS, MaxRequests: p.MaxRequests,
		RequestTimeout: p.RequestTimeout, Header: p.Header, Follow: p.Follow, Now: p.Now, Sleep: p.Sleep,
	}
	if p.Progress != nil {
		cfg.OnWait = p.Progress.Waiting
	}
	return target.New(cfg)
}

// mask hides the keys of the run and of the facts, the values of headers, and
// the parts of those values that may be secrets, such as those of a cookie.
func (p *plan) mask() *target.Mask {
	const long = 12
	var further []string
	for _, values := range p.Header {
		for _, value := range values {
			further = append(further, value)
			for _, part := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ;,=\"", r) }) {
				if len(part) >= long {
					further = append(further, part)
				}
			}
		}
	}
	for _, k := range p.Facts.Keys {
		further = append(further, k.Key)
	}
	return target.NewMask(p.keys, further...)
}

// report turns what the runner found into a Report without secrets.
func (p *plan) report(ran runner.Report, env *scenario.Env) Report {
	r := Report{
		Target: p.endpoints[clause.InboxOps].Base, AppHandoff: p.endpoints[clause.AppHandoff].Base, Level: p.Level,
		Dialect: env.Detected(), Requests: env.Client.Requests(), MaxRequest: p.MaxRequests, Waited: env.Client.Waited(),
		NeverMet: env.Survey.Missing(), Drift: ran.Drift, Notes: masked(ran.Notes, env.Mask), Left: env.Left(), Judged: true,
		OwnClock: p.Now != nil, CutShort: env.Client.Halted(), Seed: env.Seed,
		Settle: max(p.Settle, 0), Settled: env.Settled,
	}
	r.Notes = append(p.outdated, r.Notes...)
	if r.Settled > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("notes showed up to %s after they were stored, of %s that --settle allows", r.Settled, r.Settle))
	}
	if r.Level == "" {
		r.Level = clause.Lenient
	}
	if r.MaxRequest == 0 {
		r.MaxRequest = target.DefaultMaxRequests
	}
	if p.ErrorFormat != "" {
		r.Dialect = scenario.Dialect(p.ErrorFormat)
	}
	for _, result := range ran.Results {
		r.Results = append(r.Results, p.result(result, env.Mask))
	}
	r.Counts = count(r.Results)
	return r
}

// How many exchanges of a result are kept as evidence.
const (
	evidenceOfFail = 8
	evidenceOfPass = 1
)

// result masks what the runner found of one clause.
func (p *plan) result(r runner.Result, m *target.Mask) Result {
	v := r.Verdict
	out := Result{
		Clause: r.Clause, Outcome: v.Outcome, Known: r.Known, Required: slices.Contains(p.required, r.Clause.ID), Reason: m.Text(v.Reason), Unlock: v.Unlock,
		Notes: masked(v.Remarks, m), Asserts: v.Asserts, Requests: len(v.Exchanges), Duration: r.Duration,
		Unconfirmed: v.Unconfirmed,
	}
	for _, f := range v.Failures {
		if f.Exchange != nil && !strings.Contains(f.Path, f.Exchange.Name(m)) {
			f.Request = f.Exchange.Name(m)
		}
		f.Path, f.Expected, f.Actual, f.Message = m.Text(f.Path), m.Text(f.Expected), m.Text(f.Actual), m.Text(f.Message)
		f.Exchange = nil // it holds secrets; the evidence below does not
		out.Failures = append(out.Failures, f)
	}
	for _, e := range evidence(v) {
		out.Evidence = append(out.Evidence, e.Evidence(m))
	}
	if len(v.Failures) > 0 && len(out.Evidence) > 0 {
		out.Curl = out.Evidence[0].Curl
	}
	return out
}

// evidence picks the exchanges to show: those of failures first, then the last ones.
func evidence(v scenario.Verdict) []*target.Exchange {
	most := evidenceOfPass
	if v.Outcome != scenario.Pass {
		most = evidenceOfFail
	}
	var out []*target.Exchange
	add := func(e *target.Exchange) {
		if e != nil && len(out) < most && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	for _, f := range v.Failures {
		add(f.Exchange)
	}
	for _, e := range slices.Backward(v.Exchanges) {
		add(e)
	}
	return out
}

// masked masks each text.
func masked(all []string, m *target.Mask) []string {
	var out []string
	for _, s := range all {
		out = append(out, m.Text(s))
	}
	return out
}

// headline says what is wrong with the target as a whole.
func (p *plan) headline(r *Report, found map[clause.API]finding) {
	var wrong []string
	for _, api := range []clause.API{clause.InboxOps, clause.AppHandoff} {
		if f := found[api]; f.words != "" {
			wrong = append(wrong, f.words)
		}
	}
	switch {
	case len(found) == 0:
		r.Judged = false
		r.Headline = "cannot judge: no key was given; hint: --key KEY or MOCKDESK_KEY"
		if p.keys[target.Member] != "" {
			r.Headline = "cannot judge: the key of AppHandoff opens nothing without a ticket; hint: --facts FILE, with tickets under apphandoff.projects"
		}
	case !answers(found, works, odd, strange, refuses):
		r.Judged = false
		r.Headline = "cannot judge: " + strings.Join(wrong, "; ")
	case len(wrong) > 0:
		r.Headline = strings.Join(wrong, "; ")
		for api, f := range found {
			if f.state == works && len(found) == len(wrong)+1 {
				r.Headline += fmt.Sprintf("; hint: --api %s judges %s alone", api, names[api])
			}
		}
	case r.Counts.Pass+r.Counts.Fail == 0:
		r.Headline = fmt.Sprintf("nothing could be judged: %d skipped, %d broke, %d not run", r.Counts.Skip, r.Counts.Error, r.Counts.NotRun)
	}
}

// Waits is how long the run slept, in words, "" when it did not.
func (r Report) Waits() string {
	if r.Waited < time.Second {
		return ""
	}
	return r.Waited.Round(time.Second).String()
}
