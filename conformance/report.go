package conformance

import (
	"time"

	"github.com/mockdesk/mockdesk/conformance/clause"
	"github.com/mockdesk/mockdesk/conformance/scenario"
	"github.com/mockdesk/mockdesk/conformance/target"
)

// Outcome is how the judgement of a clause ended.
type Outcome = scenario.Outcome

// Result is what is known of one clause after the run. Secrets are masked.
type Result struct {
	Clause   clause.Clause      `json:"clause"`
	Outcome  Outcome            `json:"outcome"`
	Known    bool               `json:"known_failure,omitempty"` // it was expected to fail
	Reason   string             `json:"reason,omitempty"`        // why it was skipped, broke or did not run
	Unlock   string             `json:"unlock,omitempty"`        // what would let a skipped one run
	Failures []scenario.Failure `json:"failures,omitempty"`
	Curl     string             `json:"curl,omitempty"` // sends again what failed
	Notes    []string           `json:"notes,omitempty"`
	Evidence []target.Evidence  `json:"exchanges,omitempty"`
	Asserts  int                `json:"assertions"`
	Requests int                `json:"requests"` // shared ones included
	Duration time.Duration      `json:"duration_ns"`
}

// Unexpected reports whether the result speaks against the target: a failure
// nobody expected, or an expected one that did not come.
func (r Result) Unexpected() bool {
	if r.Known {
		return r.Outcome == scenario.Pass
	}
	return r.Outcome == scenario.Fail
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
	Headline   string                `json:"headline,omitempty"` // what is wrong with the whole target
	Judged     bool                  `json:"judged"`             // false when the target could not be judged
	Level      clause.Level          `json:"level"`
	Dialect    scenario.Dialect      `json:"error_format,omitempty"`
	Counts     Counts                `json:"counts"`
	Requests   int                   `json:"requests"`
	MaxRequest int                   `json:"max_requests"`
	Waited     time.Duration         `json:"waited_ns"`           // for pace and rate limits
	OwnClock   bool                  `json:"own_clock,omitempty"` // times are by the clock of the Config, not the machine's
	Results    []Result              `json:"results"`
	NeverMet   []string              `json:"never_met,omitempty"` // what the survey looked for in vain
	Drift      []string              `json:"drift,omitempty"`     // what others changed meanwhile
	Notes      []string              `json:"notes,omitempty"`     // what is not as documented and no clause forbids
	Left       []scenario.LeftBehind `json:"left_behind,omitempty"`
}

// The exit codes of a run.
const (
	ExitOK       = 0 // at least one clause passed and none failed
	ExitFailed   = 1 // a clause failed, or a known failure passed
	ExitUsage    = 2 // a wrong call: Run returned an error
	ExitUnjudged = 3 // the target could not be judged
)

// ExitCode is what the run means to a shell.
func (r Report) ExitCode() int {
	for _, result := range r.Results {
		if result.Unexpected() && r.Judged {
			return ExitFailed
		}
	}
	if !r.Judged || r.Counts.Error > 0 || r.Counts.Pass == 0 {
		return ExitUnjudged
	}
	return ExitOK
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
