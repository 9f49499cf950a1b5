package fault

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// Status answers with an error in the dialect of the service.
type Status struct {
	// Code is a status (429) or a problem code (rate_limit_exceeded).
	Code string `json:"code" yaml:"code"`
	// RetryAfter is in seconds; a 429 without it says 60, NoWait says 0.
	RetryAfter Seconds `json:"retry_after,omitempty" yaml:"retry_after,omitempty"`
	// RetryAfterAs is date if Retry-After names a date instead of seconds.
	RetryAfterAs string `json:"retry_after_as,omitempty" yaml:"retry_after_as,omitempty"`
	// Hold refuses everything that the rule matches until Retry-After has
	// passed on the workspace's clock; Retry-After counts down in the meantime.
	Hold bool `json:"hold,omitempty" yaml:"hold,omitempty"`
	// Detail is the sentence of the error; empty means the usual one.
	Detail string `json:"detail,omitempty" yaml:"detail,omitempty"`
}

var status = Kind{
	Name: "status",
	Schema: `
type: object
description: Answers with this error.
required: [code]
properties:
  code: {description: A status or a problem code., oneOf: [{type: integer}, {type: string}]}
  retry_after: {type: integer, minimum: 0, maximum: 86400, description: "In seconds; 0 is sent as 0, and a 429 without it says 60."}
  retry_after_as: {type: string, enum: [seconds, date], description: "In seconds unless said otherwise; a date is on the workspace's clock, which the answer's Date shows, too."}
  hold: {type: boolean, description: "Refuses all that the rule matches until Retry-After has passed, which counts down meanwhile."}
  detail: {type: string}`,
	Says:  "answer {code}, Retry-After {retry_after} s, {retry_after_as}, {hold}",
	Label: "answer with an error",
	Fields: []Field{
		{Name: "code", Label: "status", Type: OneOf, Usual: "429", Options: [][2]string{
			{"429", "429 rate limited"},
			{"401", "401 unauthorized"},
			{"forbidden", "403, no API access"},
			{"insufficient_scope", "403, key is read-only"},
			{"404", "404 not found"},
			{"400", "400 bad request"},
			{"500", "500 server error"},
			{"503", "503 unavailable"},
		}},
		{Name: "retry_after", Label: "Retry-After in seconds", Type: Whole, Usual: "5", Only: []string{"429", "503"}},
		{Name: "retry_after_as", Label: "which it says", Type: OneOf, Options: [][2]string{{"", "in seconds"}, {asDate, "as a date"}}, Only: []string{"429", "503"}},
		{Name: "hold", Label: "refuse until it has passed", Type: Truth, Says: "and refuse until it has passed", Only: []string{"429", "503"}},
		{Name: "detail", Label: "error message", Type: Text},
	},
	set:   func(t *Then) bool { return t.Status != nil },
	check: func(t *Then) error { return t.Status.check() },
	written: func(t *Then, node *yaml.Node) error {
		return errors.Join(
			written(node, "detail", t.Status.Detail == "", empty), written(node, "retry_after_as", t.Status.RetryAfterAs == "", empty))
	},
	decide: func(e *Effect, m *moment) { e.Refuse = e.Then.Status.refusal(m).Because("fault " + e.Rule) },
	did:    func(e *Effect) bool { return e.Refuse != nil && (e.Then == nil || e.Then.Status != nil) },
}

// What Retry-After may be.
const (
	asSeconds = "seconds"
	asDate    = "date"
)

// refusal returns the answer at a moment, which may begin a hold.
func (s *Status) refusal(m *moment) *problem.Error {
	e := s.problem()
	if e.RetryAfter == nil {
		return e
	}
	left := time.Duration(*e.RetryAfter) * time.Second
	if s.Hold && m.now.Before(m.until) {
		left = m.until.Sub(m.now)
	} else if s.Hold {
		m.until = m.now.Add(left)
	}
	whole := int((left + time.Second - 1) / time.Second)
	e.RetryAfter = &whole
	if s.RetryAfterAs == asDate {
		e.RetryAt = m.shown.Add(left + time.Second - 1).Truncate(time.Second)
	}
	return e
}

// problem returns the answer.
func (s *Status) problem() *problem.Error {
	for _, kind := range problem.Kinds() {
		if !names(s.Code, kind, string(kind)) {
			continue
		}
		e := refuse(kind, s.RetryAfter, problem.Field{Name: "fault", Message: "a fault rule refuses this request"})
		if s.Detail != "" {
			e.Detail = s.Detail
		}
		return e
	}
	return nil
}

func (s *Status) check() error {
	e := s.problem()
	if e == nil {
		return s.unknown()
	}
	ways := []string{asSeconds, asDate}
	switch {
	case s.RetryAfterAs != "" && !slices.Contains(ways, s.RetryAfterAs):
		return hint.Errorf(suggest.Hint(s.RetryAfterAs, ways, asDate), "retry_after_as %q is not %s or %s", s.RetryAfterAs, asSeconds, asDate)
	case s.Hold && (e.RetryAfter == nil || *e.RetryAfter == 0):
		return hint.Errorf(`"retry_after": 30`, "hold needs a retry_after to hold for")
	case s.RetryAfterAs != "" && e.RetryAfter == nil:
		return hint.Errorf(`"retry_after": 30`, "retry_after_as needs a retry_after")
	case s.RetryAfter < NoWait || s.RetryAfter > MaxRetryAfter:
		return fmt.Errorf("retry_after is not from 0 to %d seconds", int(MaxRetryAfter))
	}
	return nil
}

// unknown says what to write instead of a code that no problem has.
func (s *Status) unknown() error {
	if status, err := strconv.Atoi(s.Code); err == nil && slices.Contains(problem.GatewayStatuses(), status) {
		return hint.Errorf(gatewayHint(status), "code %s is not one that the services answer with; a gateway in front of them does", s.Code)
	}
	var words []string
	for _, kind := range problem.Kinds() {
		words = append(words, string(kind))
	}
	all := spell(problem.Kinds(), func(kind problem.Kind) string { return string(kind) })
	return instead(fmt.Sprintf("code %q is not a problem code", s.Code), suggest.Word(s.Code, words), "codes", all)
}
