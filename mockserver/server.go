// Package mockserver turns the contract and a seeded dataset into an
// http.Handler that answers as InboxOps and AppHandoff document it.
package mockserver

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"strings"

	"github.com/rs/cors"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/apphandoff"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/metrics"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// Server is the fake of both services. It is safe for concurrent use; nothing
// has to be closed.
type Server struct {
	config     Config
	workspaces *workspace.Registry
	mux        *http.ServeMux
	api        *control.API
	pages      http.Handler // the console and the control API
	shared     *store.World
	operations []fault.Operation
	inboxops   inboxops.Service
	apphandoff apphandoff.Service
	ids        requestIDs
	cors       *cors.Cors // nil without origins
	metrics    *metrics.Metrics
	servers    *control.Servers
	target     *target     // nil for a fake, and while a request is explained
	errors     *log.Logger // for errors that are not reported otherwise
	bodies     int         // bytes of a body that journals keep; 0 for the usual number
}

// New makes the seeded world and a Server for it.
func New(cfg Config) (*Server, error) {
	if err := agree(cfg.Case.World(), fixtures.Config{Seed: cfg.Seed, Tickets: cfg.Tickets, Empty: cfg.Empty, At: cfg.At}); err != nil {
		return nil, err
	}
	if err := cfg.alone(); err != nil {
		return nil, fmt.Errorf("mockserver: Config.Target: %w", err)
	}
	end, err := newTarget(cfg.Target)
	if err != nil {
		return nil, fmt.Errorf("mockserver: Config.Target: %w", err)
	}
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	browsers, err := newCORS(cfg.CORS)
	if err != nil {
		return nil, err
	}
	s := &Server{
		config:     cfg,
		workspaces: &workspace.Registry{Max: cfg.Limits.Workspaces},
		apphandoff: apphandoff.Service{DocumentedOnly: cfg.DocumentedStatusesOnly},
		ids:        requestIDs{seed: cfg.Seed},
		cors:       browsers,
		servers:    &control.Servers{},
		target:     end,
		errors:     slog.NewLogLogger(cfg.Logger.Handler(), slog.LevelWarn),
	}
	if err := s.route(); err != nil {
		return nil, err
	}
	if err := s.addWorkspaces(); err != nil {
		return nil, err
	}
	s.measure()
	s.control()
	pages := noConsole
	if s.config.Console != nil {
		pages = s.config.Console
	}
	s.pages = pages(s.api)
	return s, nil
}

// control makes the control API from what the Config gives.
func (s *Server) control() {
	scrapes := noMetrics
	if s.config.Metrics != nil {
		scrapes = s.config.Metrics
	}
	var recorded func(io.Writer) error
	if t := s.target; t != nil && t.record != nil {
		recorded = t.record.Write
	}
	s.api = control.New(control.Config{
		Workspaces: s.workspaces, Create: s.CreateWorkspace, Load: s.load, Replay: s.Replay, Recorded: recorded, Look: s.look, Explain: s.explain,
		Proxy: s.config.Target != nil, Servers: s.servers, AppHandoffBase: s.config.AppHandoffBase,
		AdminToken: s.config.AdminToken, Hosts: s.config.Hosts, Limits: s.config.Limits, Metrics: scrapes(s.metrics),
		Now: s.config.Now, Sleep: s.config.Sleep, Version: s.config.Version,
	})
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		s.answer(w, r)
		return
	}
	s.receive(w, r)
}

// answer answers a request without looking at how its body comes.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	id := s.ids.of(r)
	w.Header()["X-Request-Id"] = []string{id}
	if strings.HasPrefix(r.URL.Path, control.Prefix) || r.URL.Path == control.Bare {
		s.pages.ServeHTTP(w, r)
		return
	}
	if s.config.Console != nil && wantsPage(r) {
		w.Header().Set("Vary", "Accept")
		http.Redirect(w, r, control.Prefix, http.StatusFound)
		return
	}
	if s.cors != nil && s.answerBrowser(w, r) {
		return
	}
	s.metrics.Begin()
	x := newExchange(s, w, r, id)
	defer x.finish()
	s.serve(x)
}

// serve lets the route of an exchange answer it.
func (s *Server) serve(x *exchange) {
	if most := s.config.Limits.URLBytes; len(x.request.RequestURI) > most {
		x.refuse(problem.Newf(problem.URITooLong, "The URL has %d bytes; this server takes %d at most.", len(x.request.RequestURI), most))
		return
	}
	if odd(x.request.URL.Path) {
		x.stray()
		return
	}
	s.mux.ServeHTTP(x, x.request)
}

// wantsPage reports whether a person has opened the address that the server
// announces, where neither service has anything.
func wantsPage(r *http.Request) bool {
	return r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}
