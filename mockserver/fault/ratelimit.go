package fault

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/header"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// RateLimit announces a limit in headers: how many requests it allows, how many
// remain, and in how many seconds it starts anew. It refuses nothing.
type RateLimit struct {
	Limit  int      `json:"limit" yaml:"limit"`
	Window Duration `json:"window,omitempty" yaml:"window,omitempty"` // a minute when left out
	// Prefix is what the names of the headers begin with, X-RateLimit- when left
	// out.
	Prefix string `json:"prefix,omitempty" yaml:"prefix,omitempty"`
}

// Quota is what the headers say.
type Quota struct{ Remaining, Reset int }

var rateLimit = Kind{
	Name: "rate_limit",
	Schema: `
type: object
description: Announces a limit in headers that count down, X-RateLimit-Limit, -Remaining and -Reset; it refuses nothing.
required: [limit]
properties:
  limit: {type: integer, minimum: 1}
  window: {$ref: "#/components/schemas/Duration"}
  prefix: {type: string, description: "What the names of the headers begin with, X-RateLimit- unless said otherwise."}`,
	Says:  "tell of a limit of {limit}, in {window}, by headers {prefix}",
	Label: "tell of a rate limit in headers",
	Fields: []Field{
		{Name: "limit", Label: "requests", Type: Whole, Usual: "5"},
		{Name: "window", Label: "in", Type: Text, Usual: "1m"},
		{Name: "prefix", Label: "names of the headers", Type: OneOf, Options: [][2]string{{"", "X-RateLimit-…"}, {"RateLimit-", "RateLimit-…"}}},
	},
	set:   func(t *Then) bool { return t.RateLimit != nil },
	check: func(t *Then) error { return t.RateLimit.check() },
	written: func(t *Then, node *yaml.Node) error {
		return errors.Join(
			written(node, "window", t.RateLimit.Window == 0, flaw{"rate_limit.%s 0 is no time", "leave it out for a minute"}),
			written(node, "prefix", t.RateLimit.Prefix == "", empty))
	},
	decide:   func(e *Effect, m *moment) { e.Quota = e.Then.RateLimit.take(e, m) },
	rewrites: true,
	change: func(e *Effect, a *Answer) (bool, string) {
		e.Then.RateLimit.tell(e.Quota, a)
		return true, ""
	},
}

func (l *RateLimit) window() time.Duration {
	return cmp.Or(time.Duration(l.Window), time.Minute)
}

// take counts a request. Windows follow each other from when the rule came into
// force. After a refused request nothing is left until it may come again.
func (l *RateLimit) take(e *Effect, m *moment) Quota {
	since := max(0, m.now.Sub(m.start))
	if window := int64(since / l.window()); window != m.active.window {
		m.active.window, m.used = window, 0
	}
	m.used++
	left := l.window() - since%l.window()
	q := Quota{max(0, l.Limit-m.used), int((left + time.Second - 1) / time.Second)}
	if e.Refuse != nil && e.Refuse.RetryAfter != nil {
		q = Quota{0, *e.Refuse.RetryAfter}
	}
	return q
}

// tell writes the headers.
func (l *RateLimit) tell(q Quota, a *Answer) {
	prefix := cmp.Or(l.Prefix, "X-RateLimit-")
	setHeader(a.Header, prefix+"Limit", strconv.Itoa(l.Limit))
	setHeader(a.Header, prefix+"Remaining", strconv.Itoa(q.Remaining))
	setHeader(a.Header, prefix+"Reset", strconv.Itoa(q.Reset))
}

func (l *RateLimit) check() error {
	switch {
	case l.Limit < 1:
		return hint.Errorf(`"rate_limit": {"limit": 5, "window": "1m"}`, "rate_limit needs a limit above 0")
	case l.Window != 0 && time.Duration(l.Window) < time.Second:
		return fmt.Errorf("rate_limit window %v is not a second or more", time.Duration(l.Window))
	case !header.ValidName(l.Prefix + "Limit"):
		return hint.Errorf("RateLimit-", "rate_limit prefix %q is not the beginning of a header's name", l.Prefix)
	}
	return nil
}
