// Package fault turns what a tester asks for into what happens to a request
// instead of its ordinary answer. Nothing happens until asked for.
//
// A Rule says which requests it matches, when it fires and what then happens;
// it is data, the same in Go, JSON and YAML. A Set holds the rules in force.
// There is one file for each kind of fault.
package fault

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
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
	// Missed says which actions of the rule changed nothing, and why.
	Missed string
	// Idle are the actions that changed nothing, a bit for each of Actions.
	Idle uint
}

// Answer is what is about to be sent.
type Answer struct {
	Header http.Header
	Body   []byte
	// Head says that the body is not sent, because nobody asked for it.
	Head bool
	// End is how many bytes of the body are sent before it breaks off.
	End int
}

// Change makes the answer what the fault wants it to be, and notes what of that
// made no difference. What happens to the connection is left to the caller, who
// owns it.
func (e *Effect) Change(a *Answer) {
	if t := e.Then; t != nil {
		if t.Latency != nil && e.Delay == 0 {
			e.miss("latency", "chance said 0s")
		}
		e.changeBody(a)
		if t.ContentType != "" && !setHeader(a.Header, "Content-Type", t.ContentType) {
			e.miss("content_type", fmt.Sprintf("the answer has %q already", t.ContentType))
		}
		if t.Headers != nil {
			e.changeHeaders(a.Header)
		}
	}
	a.End = len(a.Body)
	if e.Then != nil && e.Then.Body != nil {
		e.breakOff(a)
	}
}

// changeBody makes the body one that breaks the contract.
func (e *Effect) changeBody(a *Answer) {
	if v := e.Then.Violation; v != nil {
		switch {
		case a.Head:
			e.miss("violation", noBody)
		case !v.apply(a):
			e.miss("violation", fmt.Sprintf("the answer has nothing to break at %+.80q", v.Pointer))
		}
	}
	if e.Then.Malformed {
		switch {
		case a.Head:
			e.miss("malformed", noBody)
		case !malform(a):
			e.miss("malformed", "the answer has an empty body")
		}
	}
}

// noBody is why an answer to HEAD has no body to change.
const noBody = "an answer to HEAD has no body"

// miss notes that an action changed nothing.
func (e *Effect) miss(action, why string) {
	e.Idle |= 1 << slices.Index(Actions, action)
	e.note(action, why)
}

// note says what an action could not do.
func (e *Effect) note(action, why string) {
	if e.Missed != "" {
		e.Missed += "; "
	}
	e.Missed += action + ": " + why
}
