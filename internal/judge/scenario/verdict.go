package scenario

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// Outcome is how the judgement of a clause ended.
type Outcome string

// The outcomes.
const (
	Pass   Outcome = "pass"
	Fail   Outcome = "fail"
	Skip   Outcome = "skip"    // something needed to judge is missing
	Error  Outcome = "error"   // the judge or the connection broke
	NotRun Outcome = "not-run" // the run ended before its turn
)

// Failure is one assertion that did not hold.
type Failure struct {
	Path     string `json:"path"`              // what was looked at
	Request  string `json:"request,omitempty"` // the request that brought it, when Path does not say so
	Expected string `json:"expected,omitempty"`
	Actual   string `json:"actual,omitempty"`
	Message  string `json:"message,omitempty"`

	// Blame is the id of the clause that it breaks, "" for the scenario's own.
	Blame string `json:"-"`
	// Concerns reports whether what was expected depends on a ticket; nil when
	// that is not known.
	Concerns func(survey.Row) bool `json:"-"`

	Exchange *target.Exchange `json:"-"` // the exchange it was seen in, may be nil
}

// Verdict is what one run of a scenario found.
type Verdict struct {
	Outcome   Outcome
	Reason    string // why it was skipped, broke or did not run
	Unlock    string // what would let a skipped one run
	Failures  []Failure
	Remarks   []string
	Exchanges []*target.Exchange
	Asserts   int
	UsedData  bool // it relied on data that others may change during the run
	// Unconfirmed is set on a failure that could not be repeated.
	Unconfirmed bool
}

// ending is what ends a scenario before its last line.
type ending struct {
	outcome Outcome
	reason  string
	unlock  string
}

// Judge runs a scenario in the environment. It never panics.
func Judge(ctx context.Context, env *Env, sc Scenario) (v Verdict) {
	s := newSession(ctx, env, sc.ID)
	defer func() {
		v = s.verdict(recover())
		if sc.Steady {
			v.UsedData = false
		}
	}()
	sc.Run(s)
	return
}

// verdict sums up the session; p is what its scenario panicked with.
func (s *Session) verdict(p any) Verdict {
	v := Verdict{
		Outcome: Pass, Failures: s.failures, Remarks: s.remarks, Exchanges: s.tape.Exchanges(),
		Asserts: s.asserts, UsedData: s.usedData,
	}
	end, ended := p.(ending)
	switch {
	case p != nil && !ended:
		v.Outcome, v.Reason = Error, fmt.Sprintf("the scenario panicked: %v\n%s", p, firstLines(string(debug.Stack())))
	case s.noAnswer != nil && s.noAnswer.Timeout:
		v.Outcome, v.Reason, v.Failures = Error, s.noAnswer.Reason+"; hint: --request-timeout", nil
	case s.noAnswer != nil && s.noAnswer.Large:
		v.Outcome, v.Reason, v.Failures = Error, s.noAnswer.Reason, nil
	case len(s.failures) > 0:
		v.Outcome = Fail
	case s.tape.Halted() != nil:
		v.Outcome, v.Reason = NotRun, s.tape.Halted().Reason
	case ended && end.outcome != "":
		v.Outcome, v.Reason, v.Unlock = end.outcome, end.reason, end.unlock
	case s.asserts == 0:
		v.Outcome, v.Reason = Error, "the scenario judged nothing: it made no assertion"
	case s.sent == 0 && len(v.Exchanges) == 0:
		v.Outcome, v.Reason = Error, "the scenario judged nothing: it sent no request"
	}
	return v
}

// firstLines are the frames of a stack below the panic.
func firstLines(stack string) string {
	const most = 16
	lines := strings.SplitN(stack, "\n", most+1)
	return strings.Join(lines[:min(len(lines), most)], "\n")
}

// surveyed ends the scenario when the survey could not answer.
func (s *Session) surveyed(err error) {
	if err == nil {
		s.sent++ // now or for an earlier scenario
		return
	}
	var halt *target.Halt
	var broken *survey.Broken
	switch {
	case errors.As(err, &halt):
		panic(ending{outcome: NotRun, reason: halt.Reason})
	case errors.As(err, &broken):
		panic(ending{outcome: Skip, reason: "there are no data to judge by: " + broken.Reason})
	default:
		panic(ending{outcome: Error, reason: "there are no data to judge by: " + err.Error()})
	}
}
