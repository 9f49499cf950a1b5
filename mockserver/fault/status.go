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
  code: {type: [string, integer], description: A status or a problem code.}
  retry_after: {type: integer, minimum: 0, maximum: 86400, description: "In seconds; 0 is sent as 0, and a 429 without it says 60."}
  detail: {type: string}`,
	Says: "answers {code}, Retry-After {retry_after} s",
	Choices: []Choice{
		{ID: "429", Label: "answer 429 rate limited", Ask: "Retry-After", Usual: 5, Then: `{"status": {"code": "429", "retry_after": N}}`},
		{ID: "401", Label: "answer 401 unauthorized", Then: `{"status": {"code": "401"}}`},
		{ID: "forbidden", Label: "answer 403, no API access", Then: `{"status": {"code": "forbidden"}}`},
		{ID: "insufficient_scope", Label: "answer 403, key is read-only", Then: `{"status": {"code": "insufficient_scope"}}`},
		{ID: "404", Label: "answer 404 not found", Then: `{"status": {"code": "404"}}`},
		{ID: "500", Label: "answer 500 server error", Then: `{"status": {"code": "500"}}`},
		{ID: "503", Label: "answer 503 unavailable", Ask: "Retry-After", Usual: 30, Then: `{"status": {"code": "503", "retry_after": N}}`},
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
