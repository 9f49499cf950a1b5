package mockserver

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// step is how far an exchange has come on its way.
type step int

// The steps in their order.
const (
	stepRoute step = iota
	stepKey
	stepFault
	stepAccess
	stepRateLimit
	stepOperation
)

// explain says what a request would get. Copies of the workspaces answer it
// like any other request, and it leaves no trace.
func (s *Server) explain(r *http.Request) control.Explanation {
	shadow := s.shadow(r)
	x := newExchange(shadow, unsent{http.Header{}}, r, "explanation")
	x.recorded = true // recorded below, and not counted anywhere
	shadow.try(x)
	x.toJournal(shadow.config.Now().Sub(x.started))
	w := x.call.Workspace
	if w == nil {
		w = shadow.Workspace("")
	}
	e := control.Explanation{
		Status: x.status, Step: x.decider(), Delay: fault.Duration(x.effect.Delay), Effects: x.effect.Then,
	}
	e.Exchange, _ = w.Journal.Get(w.Journal.Newest())
	e.Why = cmp.Or(e.Exchange.Why, "nothing stands in the way of the operation")
	x.nameThings(w, &e)
	return e
}

// nameThings says what the project and the ticket in the path are called. Those
// who know a case may write a name instead of an id by mistake.
func (x *exchange) nameThings(w *workspace.Workspace, e *control.Explanation) {
	id := x.call.Request.PathValue("id")
	if x.op == nil || id == "" {
		return
	}
	if x.op.Service.Name() == auth.InboxOps {
		t, found := w.Store.Get(id)
		if e.Ticket = t.Name; found && e.Ticket == id {
			e.Why += fmt.Sprintf("; %s is the name of a ticket whose number is %d, and the path takes number or id", id, t.Number)
		}
		return
	}
	projects := w.Store.Projects()
	at := store.FindProject(projects, id)
	if at < 0 {
		return
	}
	p := &projects[at]
	if e.Project = p.Name; p.Name == id {
		e.Why += fmt.Sprintf("; %s is the name of the project %s, and the path takes the id", id, p.ID)
	}
	if ticket := store.FindHandoff(p, x.call.Request.PathValue("ticketId")); ticket >= 0 {
		e.Ticket = p.Tickets[ticket].Title
	}
}

// shadow returns a server with copies of the workspace that the request's key
// opens and of the default one, which keeps the journal when no key fits.
func (s *Server) shadow(r *http.Request) *Server {
	copies := &workspace.Registry{}
	digest, _ := auth.Token(r.Header.Get("Authorization"))
	if w, _ := s.workspaces.Find(digest); w != nil && w.Name != workspace.Default {
		_ = copies.Add(w.Copy()) // there is room for two
	}
	_ = copies.Add(s.Workspace("").Copy())
	shadow := &Server{config: s.config, workspaces: copies, mux: s.mux, apphandoff: s.apphandoff}
	shadow.config.Logger = slog.New(slog.DiscardHandler)
	shadow.config.Sleep = func(context.Context, time.Duration) error { return nil }
	return shadow
}

// try serves an exchange up to where a fault would break the connection.
func (s *Server) try(x *exchange) {
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			panic(p)
		}
	}()
	s.serve(x)
}

// decider names the step that decides the answer.
func (x *exchange) decider() string {
	switch x.step {
	case stepRoute:
		return "route"
	case stepKey:
		return "key"
	case stepFault:
		if x.effect.Rule == "" {
			return "prefer"
		}
		return "fault"
	case stepAccess:
		if x.call.Key.Access().Unentitled {
			return "entitlement"
		}
		return "scope"
	case stepRateLimit:
		return "rate-limit"
	}
	if x.status == problem.BadRequest.Status() {
		return "parameters"
	}
	return "operation"
}

// unsent is the ResponseWriter of an answer that nobody gets.
type unsent struct{ header http.Header }

func (u unsent) Header() http.Header         { return u.header }
func (u unsent) Write(b []byte) (int, error) { return len(b), nil }
func (u unsent) WriteHeader(int)             {}
