package conformance

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// Outcome is how the judgement of a clause ended.
type Outcome = scenario.Outcome

// Result is what is known of one clause after the run. Secrets are masked.
type Result struct {
	Clause   clause.Clause      `json:"clause"`
	Outcome  Outcome            `json:"outcome"`
	Known    bool               `json:"known_failure,omitempty"` // it was expected to fail
	Required bool               `json:"required,omitempty"`      // the run demands that it is judged
	Reason   string             `json:"reason,omitempty"`        // why it was skipped, broke or did not run
	Unlock   string             `json:"unlock,omitempty"`        // what would let a skipped one run
	Failures []scenario.Failure `json:"failures,omitempty"`
	// Unconfirmed is set on a failure that could not be repeated; a note says
	// why.
	Unconfirmed bool `json:"unconfirmed,omitempty"`

	Curl     string            `json:"curl,omitempty"` // sends again what failed
	Notes    []string          `json:"notes,omitempty"`
	Evidence []target.Evidence `json:"exchanges,omitempty"`
	Asserts  int               `json:"assertions"`
	Requests int               `json:"requests"` // shared ones included
	Duration time.Duration     `json:"duration_ns"`
}

// Unexpected reports whether the result speaks against the target: an
// unexpected failure, or an expected failure that did not occur.
func (r Result) Unexpected() bool {
	if r.Known {
		return r.Outcome == scenario.Pass
	}
	return r.Outcome == scenario.Fail
}

// Missed reports whether the clause had to be judged and was not.
func (r Result) Missed() bool {
	return r.Required && (r.Outcome == scenario.Skip || r.Outcome == scenario.NotRun)
}

// Counts are results by outcome.
type Counts struct {
	Pass   int `json:"pass"`
	Fail   int `json:"fail"` // unexpected ones and known ones
	Skip   int `json:"skip"`
	Error  int `json:"error"`
	NotRun int `json:"not_run"`
	Known  int `json:"known_failures"` // of Fail
	Cured  int `json:"cured"`          // known failures that passed, of Pass
}

// Report is what a run found. It holds no secrets.
type Report struct {
	Target     string                `json:"target"`
	AppHandoff string                `json:"apphandoff"`
	Started    time.Time             `json:"started"`
	Duration   time.Duration         `json:"duration_ns"`
	Headline   string                `json:"headline,omitempty"`  // what is wrong with the whole target
	CutShort   string                `json:"cut_short,omitempty"` // why the run ended before its end
	Judged     bool                  `json:"judged"`              // false when the target could not be judged
	Seed       uint64                `json:"seed"`                // of the planned questions
	Level      clause.Level          `json:"level"`
	Dialect    scenario.Dialect      `json:"error_format,omitempty"`
	Counts     Counts                `json:"counts"`
	Requests   int                   `json:"requests"`
	MaxRequest int                   `json:"max_requests"`
	Waited     time.Duration         `json:"waited_ns"`            // for pace and rate limits
	Insecure   bool                  `json:"insecure,omitempty"`   // the caller says that no certificate was verified
	Settle     time.Duration         `json:"settle_ns"`            // how long a stored note may take to show
	Settled    time.Duration         `json:"settled_ns,omitempty"` // how long one took
	OwnClock   bool                  `json:"own_clock,omitempty"`  // times are by the clock of the Config, not the machine's
	Results    []Result              `json:"results"`
	NeverMet   []string              `json:"never_met,omitempty"` // what the survey looked for in vain
	Drift      []string              `json:"drift,omitempty"`     // what others changed during the run
	Notes      []string              `json:"notes,omitempty"`     // what is not as documented but no clause forbids
	Left       []scenario.LeftBehind `json:"left_behind,omitempty"`
	Changes    Changes               `json:"changes,omitzero"` // since an earlier run, by Compare
}

// The exit codes of a run.
const (
	ExitOK       = 0 // at least one clause passed, none failed, and the run was completed
	ExitFailed   = 1 // a clause failed, a known failure passed, or a required clause was not judged
	ExitUsage    = 2 // a wrong call: Run returned an error
	ExitUnjudged = 3 // nothing failed, but the target could not be judged, or not completely
)

// ExitCode is what the run means to a shell.
func (r Report) ExitCode() int {
	switch {
	case r.Failed() != "":
		return ExitFailed
	case r.Unjudged() != "":
		return ExitUnjudged
	}
	return ExitOK
}

// Failed says what speaks against the target, "" when nothing does.
func (r Report) Failed() string {
	unexpected, missed := 0, []string{}
	for _, result := range r.Results {
		if result.Unexpected() && r.Judged {
			unexpected++
		}
		if result.Missed() {
			missed = append(missed, result.Clause.ID)
		}
	}
	var out []string
	if failed := unexpected - r.Counts.Cured; failed > 0 {
		out = append(out, clauses(failed)+" failed")
	}
	if unexpected > 0 && r.Counts.Cured > 0 {
		out = append(out, clauses(r.Counts.Cured)+" passed, listed as a known failure")
	}
	if len(missed) > 0 {
		out = append(out, "required but not judged: "+strings.Join(missed, " "))
	}
	return strings.Join(out, "; ")
}

// clauses is a number of clauses in words.
func clauses(n int) string {
	if n == 1 {
		return "1 clause"
	}
	return fmt.Sprintf("%d clauses", n)
}

// Unjudged says why the results are not a complete verdict, "" when they are.
func (r Report) Unjudged() string {
	switch {
	case r.CutShort != "":
		return "cut short: " + r.CutShort
	case !r.Judged:
		return strings.TrimPrefix(r.Headline, "cannot judge: ")
	case r.Counts.NotRun > 0:
		return clauses(r.Counts.NotRun) + " not run"
	case r.Counts.Error > 0:
		return clauses(r.Counts.Error) + " broke"
	case r.Counts.Pass == 0:
		return "nothing passed"
	}
	return ""
}

// Gap is a group of clauses of which not all were judged.
type Gap struct {
	Group     string   `json:"group"`
	NotJudged int      `json:"not_judged"`
	Of        int      `json:"of"`
	Unlock    []string `json:"unlock,omitempty"`  // what would let them be judged
	Reasons   []string `json:"reasons,omitempty"` // why they were not, where no way to unlock them is known
}

// Gaps returns the groups that were not judged, or not completely, in the order
// of the catalogue.
func (r Report) Gaps() []Gap {
	var out []Gap
	for _, g := range scenario.Groups() {
		gap := Gap{Group: g.Title}
		for _, result := range r.Results {
			if result.Clause.Group != g.Name {
				continue
			}
			gap.Of++
			if result.Outcome == scenario.Pass || result.Outcome == scenario.Fail {
				continue
			}
			gap.NotJudged++
			reason, _, _ := strings.Cut(result.Reason, "\n") // of a panic
			list, item := &gap.Reasons, reason
			if result.Unlock != "" {
				list, item = &gap.Unlock, result.Unlock
			}
			if !slices.Contains(*list, item) {
				*list = append(*list, item)
			}
		}
		if gap.NotJudged > 0 {
			out = append(out, gap)
		}
	}
	return out
}

// count counts the results.
func count(results []Result) Counts {
	var c Counts
	for _, r := range results {
		switch r.Outcome {
		case scenario.Pass:
			c.Pass++
			if r.Known {
				c.Cured++
			}
		case scenario.Fail:
			c.Fail++
			if r.Known {
				c.Known++
			}
		case scenario.Skip:
			c.Skip++
		case scenario.Error:
			c.Error++
		default:
			c.NotRun++
		}
	}
	return c
}
