package fault

import (
	"fmt"
	"math/rand/v2"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/near"
)

// Status answers with an error in the dialect of the service.
type Status struct {
	// Code is a status (429) or a problem code (rate_limit_exceeded).
	Code string `json:"code" yaml:"code"`
	// RetryAfter is in seconds; a 429 without it says 60, NoWait says 0.
	RetryAfter Seconds `json:"retry_after,omitempty" yaml:"retry_after,omitempty"`
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
  detail: {type: string}`,
	Says:  "answer {code}, Retry-After {retry_after} s",
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
		{Name: "detail", Label: "sentence of the error", Type: Text},
	},
	set:     func(t *Then) bool { return t.Status != nil },
	check:   func(t *Then) error { return t.Status.check() },
	written: func(t *Then, node *yaml.Node) error { return written(node, "detail", t.Status.Detail == "", empty) },
	decide:  func(t *Then, e *Effect, _ *rand.Rand) { e.Refuse = t.Status.problem().Because("fault " + e.Rule) },
	did:     func(e *Effect) bool { return e.Refuse != nil },
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
	if s.problem() == nil {
		word := func(kind problem.Kind) string { return string(kind) }
		var words []string
		for _, kind := range problem.Kinds() {
			words = append(words, word(kind))
		}
		if meant := near.Word(s.Code, words); meant != "" {
			return hint.Errorf("did you mean "+meant+"?", "code %q is no problem code", s.Code)
		}
		return fmt.Errorf("code %q is none of %s", s.Code, spell(problem.Kinds(), word))
	}
	if s.RetryAfter < NoWait || s.RetryAfter > MaxRetryAfter {
		return fmt.Errorf("retry_after is not from 0 to %d seconds", int(MaxRetryAfter))
	}
	return nil
}
