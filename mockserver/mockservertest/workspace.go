package mockservertest

import (
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/reconcile"
)

// Config is that of the fake.
type Config = mockserver.Config

// Workspace is an isolated world of a fake, with keys of its own.
type Workspace struct {
	*mockserver.Workspace
	Keys Keys
	t    testing.TB
}

// Workspace returns the workspace with the name, and makes it if there is none.
// Parallel tests that use names of their own never see each other. The empty
// name means the default workspace.
func (s *Server) Workspace(name string) *Workspace {
	s.t.Helper()
	w := s.Server.Workspace(name)
	if w == nil {
		var err error
		if w, err = s.CreateWorkspace(control.Spec{Name: name}); err != nil {
			s.t.Fatalf("mockservertest: %v", err)
		}
	}
	return &Workspace{w, KeysOf(s.Server, name), s.t}
}

// Inject puts rules in force, after the existing ones, and returns them with
// their ids. An invalid rule fails the test.
func (w *Workspace) Inject(rules ...fault.Rule) []fault.Rule {
	w.t.Helper()
	in, err := w.Workspace.Inject(rules...)
	if err != nil {
		w.t.Fatalf("mockservertest: %v", err)
	}
	return in
}

// Breaches returns the requests that broke the contract. The Config has to give
// the fake its Verdict.
func (w *Workspace) Breaches() []journal.Entry {
	w.t.Helper()
	wrong, err := w.Journal.List(journal.Filter{Violations: true})
	if err != nil {
		w.t.Fatalf("mockservertest: %v", err)
	}
	return wrong
}

// Sync compares what a client holds of the workspace with what there is, and
// says where the client lost what it lacks. An input that cannot be compared
// fails the test.
func (w *Workspace) Sync(held reconcile.Held) reconcile.Report {
	w.t.Helper()
	report, err := reconcile.Compare(w.Workspace, held)
	if err != nil {
		w.t.Fatalf("mockservertest: %v", err)
	}
	return report
}
