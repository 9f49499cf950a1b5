package fault

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/glob"
)

// Rule is one fault: which requests, when, and what happens.
type Rule struct {
	// ID names the rule in the control API; a Set gives one where none is set.
	ID string `json:"id,omitempty" yaml:"id,omitempty"`
	// Name says for people what the rule does.
	Name string `json:"name,omitempty" yaml:"name,omitempty"`
	// Disabled keeps the rule in its place without applying it to any request.
	Disabled bool  `json:"disabled,omitempty" yaml:"disabled,omitempty"`
	Match    Match `json:"match,omitzero" yaml:"match,omitempty"`
	When     When  `json:"when,omitzero" yaml:"when,omitempty"`
	Then     Then  `json:"then" yaml:"then"`
}

// Match says which requests a rule is about; an empty member matches all.
type Match struct {
	Service   string            `json:"service,omitempty" yaml:"service,omitempty"`     // inboxops, apphandoff
	Operation string            `json:"operation,omitempty" yaml:"operation,omitempty"` // an operationId
	Method    string            `json:"method,omitempty" yaml:"method,omitempty"`
	Path      string            `json:"path,omitempty" yaml:"path,omitempty"`     // * stands for one segment, ** for any number
	Ticket    string            `json:"ticket,omitempty" yaml:"ticket,omitempty"` // its UUID, number or name
	Key       string            `json:"key,omitempty" yaml:"key,omitempty"`
	KeyKind   string            `json:"key_kind,omitempty" yaml:"key_kind,omitempty"`
	Header    map[string]string `json:"header,omitempty" yaml:"header,omitempty"` // name to value; * stands for any
	Query     map[string]string `json:"query,omitempty" yaml:"query,omitempty"`   // the same of parameters
	Body      string            `json:"body,omitempty" yaml:"body,omitempty"`     // a text that the body contains
}

// When says which of the matching requests the rule fires on. They are counted
// from 1; the conditions combine with AND, and a zero member is no condition. A
// file or a body in which such a zero is written out is refused, except for
// After.
type When struct {
	Nth         int      `json:"nth,omitempty" yaml:"nth,omitempty"`                 // only this one
	After       int      `json:"after,omitempty" yaml:"after,omitempty"`             // not on the first N
	Every       int      `json:"every,omitempty" yaml:"every,omitempty"`             // of the rest, only every Nth
	Times       int      `json:"times,omitempty" yaml:"times,omitempty"`             // at most N times; a miss does not count
	For         Duration `json:"for,omitempty" yaml:"for,omitempty"`                 // for that long, on the workspace's clock
	Probability float64  `json:"probability,omitempty" yaml:"probability,omitempty"` // 0 to 1, from the workspace's seed
}

// Request is what a rule can see of a request.
type Request struct {
	Service   string
	Operation string
	Method    string
	Path      string
	Query     string // as it stands in the URL
	Key       string
	KeyKind   string
	Header    http.Header
	Details   Details // nil for none

	parameters url.Values // of Query, once a rule has asked for them
}

// Details are worked out when a rule asks for them.
type Details interface {
	// Body reads the body.
	Body() []byte
	// About reports whether the request is about the ticket with a UUID, number
	// or name.
	About(ref string) bool
}

// matches reports whether the rule is about the request.
func (m *Match) matches(r *Request) bool {
	return is(m.Service, r.Service) && is(m.Operation, r.Operation) && is(m.Method, r.Method) &&
		is(m.Key, r.Key) && is(m.KeyKind, r.KeyKind) && m.matchesPath(r.Path) && m.matchesTicket(r.Details) && m.matchesHeader(r.Header) && m.matchesQuery(r) && m.matchesBody(r.Details)
}

// is reports whether a value is the wanted one; nothing wanted is any value.
func is(wanted, value string) bool {
	return wanted == "" || wanted == value
}

// matchesPath reports whether the path matches the pattern.
func (m *Match) matchesPath(requested string) bool {
	return m.Path == "" || glob.Match(m.Path, requested)
}

// matchesTicket reports whether the request is about the wanted ticket.
func (m *Match) matchesTicket(d Details) bool {
	return m.Ticket == "" || d != nil && d.About(strings.TrimPrefix(m.Ticket, "#"))
}

// matchesHeader reports whether every wanted header has its value.
func (m *Match) matchesHeader(header http.Header) bool {
	for name, wanted := range m.Header {
		values := header.Values(name)
		if len(values) == 0 || wanted != "*" && values[0] != wanted {
			return false
		}
	}
	return true
}

// matchesQuery reports whether every wanted parameter has its value.
func (m *Match) matchesQuery(r *Request) bool {
	if len(m.Query) == 0 {
		return true
	}
	if r.parameters == nil {
		r.parameters, _ = url.ParseQuery(r.Query) // parameters that cannot be read are left out
	}
	for name, wanted := range m.Query {
		values := r.parameters[name]
		if len(values) == 0 || wanted != "*" && values[0] != wanted {
			return false
		}
	}
	return true
}

// matchesBody reports whether the wanted text stands in the body.
func (m *Match) matchesBody(d Details) bool {
	return m.Body == "" || d != nil && bytes.Contains(d.Body(), []byte(m.Body))
}

// fires decides whether the rule fires on the n-th matching request, given on
// how many it has fired before and how long it has been in force. Chance is
// asked last, and only when everything else agrees, so that its sequence
// depends on nothing else.
func (w *When) fires(n, fired int, inForce time.Duration, chance func() float64) bool {
	switch {
	case w.Times > 0 && fired >= w.Times,
		w.Nth > 0 && n != w.Nth,
		n <= w.After,
		w.Every > 0 && (n-w.After)%w.Every != 0,
		w.For > 0 && inForce >= time.Duration(w.For):
		return false
	}
	return w.Probability == 0 || chance() < w.Probability
}

// spent reports whether a rule that has matched and fired this often will never
// fire again.
func (w *When) spent(matched, fired int) bool {
	return w.Times > 0 && fired >= w.Times || w.Nth > 0 && matched >= w.Nth
}

// Duration is a time.Duration that is written as "1m30s".
type Duration time.Duration

// MarshalText writes the duration.
func (d Duration) MarshalText() ([]byte, error) {
	return []byte(time.Duration(d).String()), nil
}

// UnmarshalText reads the duration.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration, such as 30s or 1m30s", text)
	}
	*d = Duration(parsed)
	return nil
}
