// Package metrics counts what a server does.
//
// A request is counted with plain atomics; everything else is worked out when
// somebody asks. The values of every label are known in advance: no path, id or
// key is ever one of them.
package metrics

import (
	"slices"
	"sync/atomic"
	"time"
)

// none is the service and the operation of requests that belong to no
// operation.
const none = "none"

// Fault says what made a request fail on purpose.
type Fault int

// None stands for an ordinary request, Rule for a failure that a fault rule
// asked for, Prefer for one that the request itself asked for.
const (
	None Fault = iota
	Rule
	Prefer
)

// faults are the values of the label.
var faults = [...]string{"none", "rule", "prefer"}

// statuses are those a server answers with, the most frequent first; 0 is a
// connection that was broken before an answer.
var statuses = [...]int{200, 201, 400, 401, 403, 404, 405, 409, 414, 417, 429, 431, 500, 501, 502, 503, 504, 505, 0}

// bounds are those of the buckets of durations: an answer takes microseconds, a
// delay that was asked for up to a minute.
var bounds = [...]time.Duration{
	25 * time.Microsecond, 50 * time.Microsecond, 100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond,
	100 * time.Millisecond, 500 * time.Millisecond, time.Second, 5 * time.Second, 30 * time.Second, time.Minute,
}

// Config says what is measured.
type Config struct {
	// Operations are all operations that requests may belong to; Count takes
	// their place, counted from 1.
	Operations []Operation
	// Actions are all actions of faults.
	Actions []string
	// Events are all events that may happen in a workspace; By lists who may
	// make them happen.
	Events, By []string
	// Version is that of the server.
	Version string
	// State tells what the server holds.
	State func() State
}

// State is what a server holds at one moment.
type State struct {
	Workspaces     int
	Notes          int
	JournalEntries int
	JournalBytes   int
	Violations     uint64 // of the contract, in the requests that were judged
	Answers        uint64 // violations of the contract, in the answers of a target
	Indexed        bool   // the full-text index of the default workspace is built
}

// Metrics counts what a server does. It is safe for concurrent use.
type Metrics struct {
	config      Config
	counts      []counts                     // the first is for requests to no operation
	fired       [][len(faults)]atomic.Uint64 // in the order of Config.Actions
	events      []atomic.Uint64              // in the order of Config.Events, and in that of Config.By
	inFlight    atomic.Int64
	rateLimited atomic.Uint64
}

// Operation names an operation; two services may have one of the same id.
type Operation struct{ Service, ID string }

// counts are those of the requests to one operation.
type counts struct {
	Operation
	requests [len(statuses) + 1][len(faults)]atomic.Uint64 // the last row is for any other status
	buckets  [len(bounds) + 1]atomic.Uint64                // of durations; the last is for all that are longer
	took     atomic.Int64                                  // the sum of all durations, in nanoseconds
}

// New returns Metrics that have counted nothing.
func New(config Config) *Metrics {
	m := &Metrics{config: config, fired: make([][len(faults)]atomic.Uint64, len(config.Actions))}
	m.events = make([]atomic.Uint64, len(config.Events)*len(config.By))
	m.counts = make([]counts, 1+len(config.Operations))
	m.counts[0].Operation = Operation{none, none}
	for i, operation := range config.Operations {
		m.counts[1+i].Operation = operation
	}
	return m
}

// Begin says that a request has come.
func (m *Metrics) Begin() {
	m.inFlight.Add(1)
}

// End says that the answer to a request is over.
func (m *Metrics) End() {
	m.inFlight.Add(-1)
}

// Count counts an answer to a request to the operation at a place in
// Config.Operations, from 1; 0 means no operation.
func (m *Metrics) Count(operation, status int, by Fault, took time.Duration) {
	o := &m.counts[operation]
	row := slices.Index(statuses[:], status)
	if row < 0 {
		row = len(statuses)
	}
	o.requests[row][by].Add(1)
	bucket := 0
	for bucket < len(bounds) && took > bounds[bucket] {
		bucket++
	}
	o.buckets[bucket].Add(1)
	o.took.Add(int64(took))
}

// Fired counts an action of a fault.
func (m *Metrics) Fired(action string, by Fault) {
	if i := slices.Index(m.config.Actions, action); i >= 0 {
		m.fired[i][by].Add(1)
	}
}

// Happened counts an event in a workspace.
func (m *Metrics) Happened(event, by string) {
	i, j := slices.Index(m.config.Events, event), slices.Index(m.config.By, by)
	if i >= 0 && j >= 0 {
		m.events[i*len(m.config.By)+j].Add(1)
	}
}

// RateLimited counts a request that the rate limit refused.
func (m *Metrics) RateLimited() {
	m.rateLimited.Add(1)
}
