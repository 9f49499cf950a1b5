package fault

import (
	"errors"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/document"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// Then is what happens. At least one member is set.
type Then struct {
	Status      *Status    `json:"status,omitempty" yaml:"status,omitempty"`
	Gateway     *Gateway   `json:"gateway,omitempty" yaml:"gateway,omitempty"`
	RateLimit   *RateLimit `json:"rate_limit,omitempty" yaml:"rate_limit,omitempty"`
	Headers     *Headers   `json:"headers,omitempty" yaml:"headers,omitempty"`
	Latency     *Latency   `json:"latency,omitempty" yaml:"latency,omitempty"`
	Connection  string     `json:"connection,omitempty" yaml:"connection,omitempty"` // reset, close
	Body        *Body      `json:"body,omitempty" yaml:"body,omitempty"`
	Malformed   bool       `json:"malformed,omitempty" yaml:"malformed,omitempty"`
	ContentType string     `json:"content_type,omitempty" yaml:"content_type,omitempty"`
	Violation   *Violation `json:"violation,omitempty" yaml:"violation,omitempty"`
}

// kinds are the kinds of faults, in the order in which they happen to an answer.
var kinds = []*Kind{&status, &gateway, &rateLimit, &latency, &connection, &violation, &malformed, &contentType, &headers, &body}

// Kind is a kind of fault: a member of Then, and all that is particular to it.
type Kind struct {
	// Name is that of the member.
	Name string `json:"name"`
	// Schema is the JSON Schema of the member, as openapi/control.yaml has it and
	// docs/faults.md describes it.
	Schema string `json:"-"`
	// Says is how the console words it in a rule: parts between commas. A part
	// whose {members} are not set is left out; {} is the value itself.
	Says string `json:"says"`
	// Label is what the console calls it, Fields are what it asks for.
	Label  string  `json:"label"`
	Fields []Field `json:"fields,omitempty"`

	set   func(*Then) bool
	check func(*Then) error // what is wrong with it where it is set
	// written, where there is one, checks what only the text of a rule shows.
	written func(t *Then, node *yaml.Node) error
	// decide, where there is one, changes the effect before the request is
	// answered; did then reports whether it has.
	decide func(*Effect, *moment)
	did    func(*Effect) bool
	// change, where there is one, changes the answer. It says why not, or not all.
	change func(*Effect, *Answer) (changed bool, why string)
	// rewrites says that change needs the whole of an answer that a target gives.
	rewrites bool
}

// Field is a part of a kind of fault that the console asks for.
type Field struct {
	Name  string `json:"name"` // of the member; empty means the value itself
	Label string `json:"label"`
	Type  string `json:"type"`
	// Options are what a Choice offers, each a value and its words.
	Options [][2]string `json:"options,omitempty"`
	// Usual is the initial value; empty means none, which leaves the member
	// out.
	Usual string `json:"usual,omitempty"`
	// Only are the values of the first field with which this field has a
	// meaning.
	Only []string `json:"only,omitempty"`
	// Number says that a Choice is among numbers.
	Number bool `json:"number,omitempty"`
	// Says is how a Truth is worded.
	Says string `json:"says,omitempty"`
}

// The types of fields.
const (
	Text    = "text"
	Whole   = "whole"   // a number
	Share   = "share"   // in percent; the rule has it as a fraction of 1
	OneOf   = "choice"  // of Options
	Truth   = "truth"   // true, or left out
	Pairs   = "pairs"   // lines of Name: value
	List    = "list"    // with commas between
	Pointer = "pointer" // a JSON pointer into the answer
)

// Kinds returns the kinds of faults, in the order in which they happen.
func Kinds() []*Kind { return kinds }

// Actions are the names of the kinds of faults, in the same order.
var Actions = func() (names []string) {
	for _, k := range kinds {
		names = append(names, k.Name)
	}
	return names
}()

// Rewrites reports whether the answer is changed and not just delayed.
func (t *Then) Rewrites() bool {
	return slices.ContainsFunc(kinds, func(k *Kind) bool { return k.rewrites && k.set(t) })
}

// check says what is wrong with the effects.
func (t *Then) check() error {
	if *t == (Then{}) {
		return hint.Errorf(`"then": {"status": {"code": 429, "retry_after": 3}}`, "then has no effect")
	}
	var wrong []error
	for _, k := range kinds {
		if k.set(t) {
			wrong = append(wrong, k.check(t))
		}
	}
	return errors.Join(wrong...)
}

// checkWritten says what is wrong with the text of the effects.
func (t *Then) checkWritten(then *yaml.Node) error {
	wrong := []error{checkEmpty(then)}
	for _, k := range kinds {
		if k.written != nil && k.set(t) {
			wrong = append(wrong, k.written(t, document.Member(then, k.Name)))
		}
	}
	return errors.Join(wrong...)
}

// moment is when a rule fires.
type moment struct {
	*active
	shown time.Time // by the workspace's clock
	now   time.Time // the same in steady time
}

// effect returns what the rule does to a request.
func (m *moment) effect() Effect {
	e := Effect{Rule: m.rule.ID, Name: m.rule.Name, Then: &m.rule.Then}
	for _, k := range kinds {
		if k.decide != nil && k.set(e.Then) {
			k.decide(&e, m)
		}
	}
	return e
}

// Change makes the answer what the fault wants it to be, and notes which
// actions made no difference. What happens to the connection is left to the
// caller, who owns it.
func (e *Effect) Change(a *Answer) {
	a.End = -1
	for i, k := range kinds {
		if k.change == nil || e.Then == nil || !k.set(e.Then) {
			continue
		}
		changed, why := k.change(e, a)
		if !changed {
			e.Idle |= 1 << i
		}
		if why != "" && e.Missed != "" {
			e.Missed += "; "
		}
		if why != "" {
			e.Missed += k.Name + ": " + why
		}
	}
	if a.End < 0 {
		a.End = len(a.Body)
	}
}

// Actions returns the kinds of what the effect does to its request, except
// those that turned out to change nothing.
func (e *Effect) Actions() []string {
	var actions []string
	for i, k := range kinds {
		did := e.Then != nil && k.set(e.Then)
		if k.did != nil {
			did = k.did(e)
		}
		if did && e.Idle>>i&1 == 0 {
			actions = append(actions, k.Name)
		}
	}
	return actions
}
