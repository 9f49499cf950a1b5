package fault

import (
	"fmt"

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

// check says what is wrong with the status.
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
