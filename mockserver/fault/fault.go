// Package fault turns what a tester asks for into what happens to a request
// instead of its ordinary answer. Nothing happens unless asked for.
//
// A Rule says which requests it matches, when it fires and what then happens;
// it is data, the same in Go, JSON and YAML. A Set holds the rules in force.
// Each Kind of fault has a file.
package fault

import (
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
)

// Effect is what happens to one request. The zero Effect lets it pass.
type Effect struct {
	// Rule is the id of the rule that fired, empty for Prefer.
	Rule string
	// Name is what that rule is called, for people.
	Name string
	// Delay is waited for before anything else, on the machine's clock.
	Delay time.Duration
	// Refuse, when set, is the answer.
	Refuse *problem.Error
	// Then holds what happens to the answer, nil when it is sent unchanged.
	Then *Then
	// Missed says which actions of the rule changed nothing, and why.
	Missed string
	// Quota is what the headers of a limit say.
	Quota Quota
	// Idle are the actions that changed nothing, a bit for each of Kinds.
	Idle uint
}

// Answer is what is about to be sent.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	// Head says that the body is not sent, because nobody asked for it.
	Head bool
	// Unread says why Body is not there to be changed, although there is one.
	Unread string
	// End is how many bytes of the body are sent before it breaks off; Stall says
	// that the connection then stands still.
	End   int
	Stall bool
	// Rate is how many bytes of it are sent in a second, 0 for all at once.
	Rate int
}

// bodiless is why there is no body to change, empty when there is one.
func (a *Answer) bodiless() string {
	if a.Head {
		return "an answer to HEAD has no body"
	}
	return a.Unread
}
