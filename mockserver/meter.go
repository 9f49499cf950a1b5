package mockserver

import (
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/metrics"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// measure makes the metrics of the server.
func (s *Server) measure() {
	var operations []metrics.Operation
	for _, op := range s.operations {
		operations = append(operations, metrics.Operation{Service: op.Service, ID: op.ID})
	}
	s.metrics = metrics.New(metrics.Config{
		Operations: operations, Actions: fault.Actions, Events: store.Kinds(), By: store.Actors(), Version: s.config.Version, State: s.state,
	})
}

// happened counts an event in a workspace.
func (s *Server) happened(e store.Event) { s.metrics.Happened(e.Kind, string(e.By)) }

// state tells what the server holds.
func (s *Server) state() metrics.State {
	state := metrics.State{Indexed: s.shared.Indexed()}
	for _, w := range s.workspaces.All() {
		state.Workspaces++
		state.Notes += w.Store.Notes()
		state.JournalEntries += w.Journal.Len()
		state.JournalBytes += w.Journal.Bytes()
		state.Violations += w.Journal.Violations()
		state.Answers += w.Journal.AnswerViolations()
	}
	return state
}

// meter counts an exchange that has ended.
func (x *exchange) meter(took time.Duration) {
	by := metrics.None
	if x.effect != (fault.Effect{}) {
		by = x.meterFault()
	}
	if x.step == stepRateLimit { // the request came no further
		x.server.metrics.RateLimited()
	}
	x.server.metrics.Count(x.number, x.status, by, took)
}

// meterFault counts what a fault did and says who asked for it.
func (x *exchange) meterFault() metrics.Fault {
	by := metrics.Prefer
	if x.effect.Rule != "" {
		by = metrics.Rule
	}
	for _, action := range x.effect.Actions() {
		x.server.metrics.Fired(action, by)
	}
	return by
}
