package mockserver

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/replay"
)

// Replay sends the requests of a case again, to a copy of a workspace in the
// state that the case describes, and compares the answers. For each request the
// clock of the copy shows the time at which the request came. Delays are
// skipped, and nothing of the replay remains.
func (s *Server) Replay(w *workspace.Workspace, said casefile.Case) (replay.Report, error) {
	all := said.Requests()
	if len(all) == 0 {
		return replay.Run(nil, false, nil), nil
	}
	stage, err := s.stage(w, said, firstAt(all))
	if err != nil {
		return replay.Report{}, err
	}
	runs := said.Settings().FrozenAt.IsZero()
	stage.control()
	return replay.Run(all, runs, func(r *casefile.Request) (casefile.Request, []replay.Difference) {
		undone := stage.redo(w.Name, r.Changes)
		return stage.perform(w.Name, r), undone
	}), nil
}

// firstAt returns when the first request that is replayed came, zero if that is
// not known.
func firstAt(all []casefile.Request) time.Time {
	for i := range all {
		if !all[i].Left {
			return all[i].At
		}
	}
	return time.Time{}
}

// stage returns a server with one workspace, which is like the given one but in
// the state that a case describes. Its clock shows the instant, unless that is
// zero.
func (s *Server) stage(w *workspace.Workspace, said casefile.Case, at time.Time) (*Server, error) {
	stage := &Server{
		config: s.config, workspaces: &workspace.Registry{}, operations: s.operations, mux: s.mux, apphandoff: s.apphandoff,
		servers: &control.Servers{}, bodies: journal.MostAnswer,
	}
	stage.measure()
	c := &stage.config
	c.Logger, c.Ledger, c.Case, c.Limits = slog.New(slog.DiscardHandler), nil, said, w.Limits()
	c.Limits.JournalEntries, c.Limits.JournalBytes = 1, 2*journal.MostAnswer
	c.Sleep = func(context.Context, time.Duration) error { return nil }
	world, err := s.world(control.Spec{}, said)
	if err != nil {
		return nil, err
	}
	stage.shared = world
	_, err = stage.CreateWorkspace(control.Spec{Name: w.Name, ErrorFormat: w.ErrorFormat, FrozenAt: at})
	if err == nil && w.Name != workspace.Default { // its journal has requests whose key opens nothing
		_, err = stage.CreateWorkspace(control.Spec{Name: workspace.Default})
	}
	return stage, err
}

// redo repeats in the one workspace of a stage what testers did, and says what
// cannot be done.
func (s *Server) redo(name string, changes []casefile.Change) (undone []replay.Difference) {
	w := s.workspaces.Get(name)
	for _, c := range changes {
		if !c.At.IsZero() {
			_ = w.Clock.Freeze(c.At) // which it has shown
		}
		if err := s.api.Redo(w, c); err != nil {
			undone = append(undone, replay.Difference{Where: "before it, " + c.Method + " " + c.URL, Recorded: "done", Now: err.Error()})
		}
	}
	return undone
}

// perform sends a request of a case to the one workspace of a stage.
func (s *Server) perform(name string, r *casefile.Request) casefile.Request {
	w := s.workspaces.Get(name)
	if !r.At.IsZero() {
		_ = w.Clock.Freeze(r.At) // which it has shown
	}
	request, err := http.NewRequest(r.Method, "http://mockdesk"+r.URL, strings.NewReader(r.Body))
	if err != nil { // the case has checked the request
		return casefile.Request{}
	}
	if r.Body == "" {
		request.Body = http.NoBody
	}
	request.RequestURI = r.URL
	for name, values := range r.Header {
		request.Header[name] = values
	}
	if authorization := credentials(w, r.Key); authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	id := r.Answer.Header.Get("X-Request-Id")
	if !validID(id) {
		id = s.ids.of(request)
	}
	x := newExchange(s, unsent{http.Header{"X-Request-Id": {id}}}, request, id)
	x.recorded = true // below
	s.try(x)
	x.overhear()
	x.toJournal(0)
	kept := w
	if x.call.Workspace == nil {
		kept = s.Workspace("")
	}
	entry, _ := kept.Journal.Get(kept.Journal.Newest())
	return replay.Of(&entry)
}

// credentials returns the Authorization that a key of a case stands for.
func credentials(w *workspace.Workspace, key string) string {
	switch key {
	case "":
		return ""
	case casefile.UnknownKey:
		return "Bearer nobody-was-given-this-key"
	case casefile.MalformedKey:
		return "Basic bW9ja2Rlc2s6"
	}
	service, kind, full := strings.Cut(key, "/")
	for _, k := range w.Keys {
		if string(k.Kind) == kind && full && k.Service == service || !full && string(k.Kind) == key && k.Kind != auth.Revoked {
			return "Bearer " + k.Secret
		}
	}
	return ""
}
