// Package fault turns what a tester asks for into what happens to a request
// instead of its ordinary answer. Nothing happens until asked for.
//
// A Rule says which requests it matches, when it fires and what then happens;
// it is data, the same in Go, JSON and YAML. A Set holds the rules in force.
// There is one file for each kind of fault.
package fault

import (
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/problem"
)

// Effect is what happens to one request. The zero Effect lets it pass.
type Effect struct {
	// Rule is the id of the rule that fired, empty for Prefer.
	Rule string
	// Delay is waited for before anything else, on the machine's clock.
	Delay time.Duration
	// Refuse, when set, is the answer.
	Refuse *problem.Error
	// Then holds what happens to the answer, nil when it is sent unchanged.
	Then *Then
	// Missed says that the answer had nothing at the pointer of a violation.
	Missed bool
}

// Answer is what is about to be sent.
type Answer struct {
	Header http.Header
	Body   []byte
}

// Change makes the answer what the fault wants it to be. What happens to the
// connection is left to the caller, who owns it.
func (e *Effect) Change(a *Answer) {
	t := e.Then
	if t == nil {
		return
	}
	if t.Violation != nil {
		e.Missed = !t.Violation.apply(a)
	}
	if t.Malformed {
		malform(a)
	}
	if t.ContentType != "" {
		a.Header.Set("Content-Type", t.ContentType)
	}
	if t.Headers != nil {
		t.Headers.apply(a)
	}
}
