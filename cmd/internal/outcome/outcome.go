// Package outcome turns what came of mockdesk exec or verify into a verdict, and
// both into text for a terminal, JSON, JUnit, HTML, Markdown and GitHub annotations.
package outcome

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/mockdesk/mockdesk/internal/judge/report"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi"
)

// Outcome is what came of a command that ran against a private fake, or through
// a proxy against a target; or what has come to a server by now.
type Outcome struct {
	Command []string `json:"command,omitempty"`
	// Server and Workspace are what mockdesk verify asked; there is no command then.
	Server    string `json:"server,omitempty"`
	Workspace string `json:"workspace,omitempty"`
	// Target is the server behind the proxy, empty for a fake.
	Target string `json:"target,omitempty"`
	// Broke says why the command did not run, in which case nothing is judged.
	Broke string `json:"error,omitempty"`
	// Code is the command's exit code as a shell shows it, Signal the signal
	// that ended it.
	Code     int           `json:"exit_code"`
	Signal   string        `json:"signal,omitempty"`
	Started  time.Time     `json:"started"`
	Duration time.Duration `json:"-"`
	// Lenient means that wrong requests, or no requests at all, are reported
	// but do not fail the run.
	Lenient bool `json:"allow_violations"`
	// Patient demands that clients wait as Retry-After asks.
	Patient bool `json:"fail_on_early_retries"`
	// JudgeServer demands that the answers of the target keep the contract.
	JudgeServer bool            `json:"judge_server,omitempty"`
	Summary     journal.Totals  `json:"summary"`
	Faults      []fault.InForce `json:"faults"`
}

// Failure is a reason why the run failed.
type Failure struct {
	Kind   string `json:"kind"` // one of the kinds below
	Reason string `json:"reason"`
	Hint   string `json:"hint,omitempty"`
}

// The kinds of failures.
const (
	Broken     = "error"
	Command    = "command"
	NoRequest  = "no-request"
	Unjudged   = "unjudged"
	Breach     = "breach"
	EarlyRetry = "early-retry"
	Unwatched  = "unwatched"
	Server     = "server"
)

// Failures says why the run failed, the most telling first; none when it
// passed.
func (o Outcome) Failures() []Failure {
	if o.Broke != "" {
		return []Failure{{Broken, o.Broke, ""}}
	}
	all := []Failure{}
	s := o.Summary
	fail := func(when bool, kind, hint, reason string, args ...any) {
		if when {
			all = append(all, Failure{kind, fmt.Sprintf(reason, args...), hint})
		}
	}
	fail(o.Signal != "", Command, "", "the command was ended by a signal: %s (exit code %d)", o.Signal, o.Code)
	fail(o.Signal == "" && o.Code != 0, Command, "", "the command failed with exit code %d", o.Code)
	if !o.Lenient {
		fail(s.Requests == 0, NoRequest, o.addressHint(), "no request came to the fake")
		fail(s.Unjudged > 0, Unjudged, "--allow-violations does not mind", "%s came too fast to be judged", requests(s.Unjudged))
		fail(o.breaches() > 0, Breach, o.allowHint(), "the client broke the contract")
	}
	fail(o.JudgeServer && o.broken() > 0, Server, "without --judge-server it is only reported", "the server broke the contract")
	if o.Patient {
		fail(o.early() > 0, EarlyRetry, "wait as many seconds as Retry-After says, from the end of the answer", "%s came back before Retry-After had passed", requests(o.early()))
		fail(s.Unwatched > 0, Unwatched, "start "+o.starter()+" with a larger --max-journal-entries and --max-journal-bytes", "%s were too many to tell whether they waited", requests(s.Unwatched))
	}
	return all
}

// Tool is the command that judged.
func (o Outcome) Tool() string {
	if o.Server != "" {
		return "mockdesk verify"
	}
	return "mockdesk exec"
}

// starter is the command that started the fake.
func (o Outcome) starter() string {
	if o.Server != "" {
		return "serve"
	}
	return "exec"
}

// addressHint says how requests would have reached the server.
func (o Outcome) addressHint() string {
	if o.Server != "" {
		return "clients send to " + o.Server + " with the keys of " + o.Workspace + "; --workspace names another one, --allow-violations does not mind"
	}
	return "the client has to read its address from MOCKDESK_URL; --allow-violations does not mind"
}

// breaches is how many breaches there are.
func (o Outcome) breaches() uint64 {
	n := o.Summary.More
	for _, group := range o.Summary.Violations {
		n += group.Count
	}
	return n
}

// broken is how many breaches there are in the answers.
func (o Outcome) broken() uint64 {
	n := o.Summary.MoreAnswers
	for _, group := range o.Summary.AnswerViolations {
		n += group.Count
	}
	return n
}

// early is how many requests came back too early.
func (o Outcome) early() uint64 {
	return uint64(len(o.Summary.EarlyRetries)) + o.Summary.MoreEarly
}

// allowHint says how to allow the first breach.
func (o Outcome) allowHint() string {
	const otherwise = "--allow-violations only reports it"
	if o.Server != "" {
		return "the header " + journal.AllowHeader + " of a request says that it is meant; " + otherwise
	}
	if len(o.Summary.Violations) == 0 {
		return otherwise
	}
	first := journal.Allowance{Rule: o.Summary.Violations[0].Rule, Where: o.Summary.Violations[0].Where}
	read, err := journal.ParseAllowances(first.String())
	quoted := strings.IndexFunc(first.String(), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsPrint(r) || strings.ContainsRune("\"$`\\!*", r)
	}) >= 0
	if err != nil || quoted || len(read) != 1 || read[0] != first {
		return otherwise
	}
	return fmt.Sprintf("--allow %q if it is meant; %s", first, otherwise)
}

// Move points the requests of the report at another address, since the fake is
// gone.
func (o *Outcome) Move(from, to string) {
	for i := range o.Summary.Violations {
		first := &o.Summary.Violations[i].First
		from := strings.NewReplacer(from, to, "//"+first.Host, "//"+to)
		for name, values := range first.RequestHeader {
			moved := make([]string, len(values))
			for j, value := range values {
				moved[j] = from.Replace(value)
			}
			first.RequestHeader[name] = moved
		}
		first.Host = to
	}
}

// Aim points the requests of the report at the target itself, where the proxy
// in front of it is gone. An empty AppHandoff address means that of InboxOps.
func (o *Outcome) Aim(inboxops, apphandoff string) {
	for _, groups := range [][]journal.Group{o.Summary.Violations, o.Summary.AnswerViolations} {
		for i := range groups {
			first, to := &groups[i].First, inboxops
			if first.Service == openapi.AppHandoff && apphandoff != "" {
				to = apphandoff
			}
			if u, err := url.Parse(strings.TrimRight(to, "/")); err == nil {
				first.Scheme, first.Host, first.URL = u.Scheme, u.Host, u.EscapedPath()+first.URL
			}
		}
	}
}

// Formats are the formats besides the terminal's.
var Formats = report.Table[Outcome]{{"json", JSON}, {"junit", JUnit}, {"html", HTML}, {"markdown", Markdown}, {"github", GitHub}}

// JSON writes the whole outcome as one indented object.
func JSON(w io.Writer, o Outcome) error {
	failures := o.Failures()
	return report.Encode(w, struct {
		Passed   bool      `json:"passed"`
		Failures []Failure `json:"failures"`
		Seconds  float64   `json:"duration_seconds"`
		Outcome
	}{len(failures) == 0, failures, o.Duration.Seconds(), o})
}

// requests is a number of requests.
func requests(n uint64) string { return report.Plural(n, "request") }

// times spells a count.
func times(n uint64) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
