package outcome

import (
	"io"
	"strings"

	"github.com/mockdesk/mockdesk/internal/junit"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// JUnit writes a suite for the command, one for its requests, one for its
// retries and one for what was allowed. Whatever makes exec fail is a failure
// or an error there; what is allowed is skipped.
func JUnit(w io.Writer, o Outcome) error {
	var suites []junit.Suite
	if o.Server == "" || o.Broke != "" {
		suites = append(suites, o.commandSuite())
	}
	if o.Broke == "" {
		suites = append(suites, o.requestSuite(), o.retrySuite())
		if o.Target != "" || o.JudgeServer || o.broken() > 0 { // a proxy that verify asks does not name its target
			suites = append(suites, o.answerSuite())
		}
		if allowed := o.allowanceSuite(); len(allowed.Cases) > 0 {
			suites = append(suites, allowed)
		}
	}
	return junit.Write(w, o.Tool(), o.Duration, suites...)
}

// suite returns a suite without cases.
func (o Outcome) suite(name string) junit.Suite {
	return junit.Suite{Name: name, Started: o.Started, Properties: []junit.Property{{Name: "command", Value: o.line()}}}
}

// failure returns the failure of a kind, nil when there is none.
func (o Outcome) failure(kind string) *junit.Reason {
	for _, f := range o.Failures() {
		if f.Kind == kind {
			return &junit.Reason{Message: f.Reason, Type: kind, Text: f.Hint}
		}
	}
	return nil
}

func (o Outcome) commandSuite() junit.Suite {
	s := o.suite("command")
	s.Cases = []junit.Case{{Name: o.line(), Class: "mockdesk.exec", Took: o.Duration, Error: o.failure(Broken), Failure: o.failure(Command)}}
	return s
}

func (o Outcome) requestSuite() junit.Suite {
	s := o.suite("requests")
	came := junit.Case{Name: "a request comes to the fake", Class: "mockdesk.requests", Failure: o.failure(NoRequest)}
	if o.Summary.Requests == 0 && o.Lenient {
		came.Skipped = &junit.Reason{Message: "no request came to the fake, which --allow-violations does not mind"}
	}
	s.Cases = append(s.Cases, came)
	if unjudged := o.failure(Unjudged); unjudged != nil {
		s.Cases = append(s.Cases, junit.Case{Name: "every request is judged", Class: "mockdesk.requests", Failure: unjudged})
	}
	if unread := o.unread(); unread != "" {
		s.Cases = append(s.Cases, junit.Case{Name: "every body is judged", Class: "mockdesk.requests", Skipped: &junit.Reason{Message: unread}})
	}
	wrong := func(name, message, text string) {
		c := junit.Case{Name: name, Class: "mockdesk.contract"}
		if reason := (&junit.Reason{Message: message, Text: text}); o.Lenient {
			c.Skipped = &junit.Reason{Message: "borne with by --allow-violations: " + message}
		} else {
			reason.Type = Breach
			c.Failure = reason
		}
		s.Cases = append(s.Cases, c)
	}
	for _, b := range o.found() {
		wrong(b.Name, b.Words, b.Times+", first by "+b.Request+b.Where+"\n"+b.Curl)
	}
	if more := o.more(); more != "" {
		wrong("further kinds of violations", more, "")
	}
	if o.breaches() == 0 && o.Summary.Requests > 0 {
		s.Cases = append(s.Cases, junit.Case{Name: "requests keep the contract", Class: "mockdesk.contract"})
	}
	return s
}

// answerSuite judges the target; without --judge-server nothing in it fails.
func (o Outcome) answerSuite() junit.Suite {
	s := o.suite("answers")
	wrong := func(name, message, text string) {
		c, reason := junit.Case{Name: name, Class: "mockdesk.answers"}, &junit.Reason{Message: message, Text: text}
		if o.JudgeServer {
			reason.Type = Server
			c.Failure = reason
		} else {
			c.Skipped = reason
		}
		s.Cases = append(s.Cases, c)
	}
	for _, b := range o.answers() {
		wrong(b.Name, b.Words, b.Times+", first to "+b.Request+"\n"+b.Curl)
	}
	if more := o.moreAnswers(); more != "" {
		wrong("further kinds of violations", more, "")
	}
	if o.broken() == 0 {
		s.Cases = []junit.Case{{Name: "answers keep the contract", Class: "mockdesk.answers"}}
	}
	return s
}

func (o Outcome) retrySuite() junit.Suite {
	s := o.suite("retries")
	c := junit.Case{Name: "clients wait as Retry-After asks", Class: "mockdesk.retries", Failure: o.failure(EarlyRetry)}
	switch {
	case c.Failure != nil:
		c.Failure.Text = strings.Join(append(o.hasty(), c.Failure.Text), "\n")
	case o.failure(Unwatched) != nil:
		c.Failure = o.failure(Unwatched)
	case o.early() > 0:
		c.Skipped = &junit.Reason{Message: requests(o.early()) + " came back before Retry-After had passed, which fails with --fail-on-early-retries"}
	case o.unclear() != "":
		c.Skipped = &junit.Reason{Message: o.unclear()}
	}
	s.Cases = []junit.Case{c}
	return s
}

func (o Outcome) allowanceSuite() junit.Suite {
	s := o.suite("allowances")
	for _, use := range o.Summary.Allowances {
		if use.Used > 0 {
			s.Cases = append(s.Cases, junit.Case{Name: `--allow "` + plain.Line(use.String()) + `"`, Class: "mockdesk.allowances"})
		}
	}
	for _, text := range o.needless() {
		s.Cases = append(s.Cases, junit.Case{Name: text, Class: "mockdesk.allowances", Skipped: &junit.Reason{Message: "nothing used it"}})
	}
	return s
}
