// Package mockserver turns the contract and a seeded dataset into an
// http.Handler that answers as InboxOps and AppHandoff document it.
package mockserver

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/rs/cors"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/apphandoff"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/metrics"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
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
	errors     *log.Logger // of what is not told otherwise
	bodies     int         // bytes of a body that journals keep; 0 for the usual number
}

// New makes the seeded world and a Server upon it.
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
	if err := cfg.Limits.Check(); err != nil {
		return nil, err
	}
	if err := cfg.RateLimit.Check(); err != nil {
		return nil, err
	}
	if err := cfg.Life.Check(); err != nil {
		return nil, err
	}
	if cfg.Ledger != nil && cfg.Verdict == nil {
		return nil, errors.New("mockserver: a Ledger judges each request, and Config.Verdict is missing; hint: set it to verdict.OnRequest, from github.com/mockdesk/mockdesk/openapi/verdict")
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

// control makes the control API, of what the Config gives.
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
		Workspaces: s.workspaces, Create: s.CreateWorkspace, Load: s.load, Replay: s.Replay, Recorded: recorded, Look: s.look, Explain: s.explain, Proxy: s.config.Target != nil, Servers: s.servers, AppHandoffBase: s.config.AppHandoffBase,
		AdminToken: s.config.AdminToken, Hosts: s.config.Hosts, Limits: s.config.Limits, Metrics: scrapes(s.metrics),
		Now: s.config.Now, Sleep: s.config.Sleep, Version: s.config.Version,
	})
}

// addWorkspaces makes the default workspace and those of the Config.
func (s *Server) addWorkspaces() error {
	shared, err := s.world(control.Spec{}, s.config.Case)
	if err != nil {
		return err
	}
	s.shared, s.config.Case = shared, s.config.Case.Brief()
	specs := append([]control.Spec{{Name: workspace.Default}}, s.config.Workspaces...)
	for _, spec := range specs {
		if _, err := s.CreateWorkspace(spec); err != nil {
			return fmt.Errorf("workspace %s: %w", spec.Name, err)
		}
	}
	s.config.Workspaces = nil // and their cases with them
	return nil
}

// CreateWorkspace makes an isolated workspace beside the others. It takes well
// under a millisecond unless it asks for data of its own.
func (s *Server) CreateWorkspace(spec control.Spec) (*workspace.Workspace, error) {
	said := s.config.Case
	if !spec.Case.IsZero() {
		said = spec.Case
		if err := agree(said.World(), fixtures.Config{Seed: spec.Seed, Tickets: spec.Tickets, Empty: spec.Empty}); err != nil {
			return nil, err
		}
	}
	settings := s.settings(said)
	config := workspace.Config{
		Name: spec.Name, World: s.shared, Operations: s.operations, RateLimit: *settings.RateLimit, Life: *settings.Life,
		ErrorFormat: cmp.Or(spec.ErrorFormat, s.config.ErrorFormat), FrozenAt: cmp.Or(spec.FrozenAt, settings.FrozenAt), Now: s.config.Now,
		Happened: s.happened, Limits: s.config.Limits, Journal: journal.Config{Limits: journal.Limits{Body: s.bodies}, AppHandoffBase: s.config.AppHandoffBase, Verdict: s.config.Verdict, Ledger: s.config.Ledger},
	}
	if spec.Life != "" {
		rate, err := life.Parse(spec.Life)
		if err != nil {
			return nil, err
		}
		config.Life = rate
	}
	if spec.RateLimit != "" {
		limit, err := ratelimit.Parse(spec.RateLimit)
		if err != nil {
			return nil, err
		}
		config.RateLimit = limit
	}
	if spec.Seed != 0 || spec.Tickets != 0 || spec.Empty || !spec.Case.IsZero() {
		world, err := s.world(spec, said)
		if err != nil {
			return nil, err
		}
		config.World = world
	}
	if t := s.config.Target; t != nil {
		config.Foreign, config.Journal.Foreign, config.Journal.AnswerVerdict = true, true, t.Verdict
	}
	w, err := workspace.New(config)
	if err != nil {
		return nil, err
	}
	for _, key := range settings.Keys {
		w.Key(key.Service, key.Kind).Begin(key.Access)
	}
	rules, err := said.Faults(w.Scope())
	if err == nil {
		_, err = w.Start(rules...)
	}
	if err != nil {
		return nil, err
	}
	w.Open(said.Requests(), true)
	if err := s.workspaces.Add(w); err != nil {
		return nil, err
	}
	return w, nil
}

// settings returns what a case says of a workspace, with the limit and the life of
// the Config where it says nothing.
func (s *Server) settings(said casefile.Case) casefile.Settings {
	settings := said.Settings()
	if settings.RateLimit == nil {
		settings.RateLimit = &s.config.RateLimit
	}
	if settings.Life == nil {
		settings.Life = &s.config.Life
	}
	return settings
}

// world makes and indexes a dataset, with what a case puts into it. A workspace's
// wish goes before the case, and that before the server's Config.
func (s *Server) world(spec control.Spec, said casefile.Case) (*store.World, error) {
	config := said.World().Config(fixtures.Config{
		Seed: s.config.Seed, Tickets: s.config.Tickets, Empty: s.config.Empty, At: s.config.At, Progress: s.config.Progress,
	})
	config.Seed = cmp.Or(spec.Seed, config.Seed)
	if spec.Tickets != 0 {
		config.Tickets, config.Empty = spec.Tickets, false
	}
	if config.Empty = config.Empty || spec.Empty; config.Empty {
		config.Tickets = 0
	}
	data, err := fixtures.New(config)
	if err != nil {
		return nil, err
	}
	seeded, progress := len(data.InboxOps.Tickets), s.config.Progress
	if progress != nil {
		progress = func(made int) { s.config.Progress(seeded + made) }
	}
	if data, err = said.Arrange(data, s.config.Now(), progress); err != nil {
		return nil, err
	}
	return store.NewWorld(data, inboxops.Encoder{}), nil
}

// load puts a workspace into the state that a case says; what it does not say is as
// in a workspace without a case. A case that is wrong changes nothing.
func (s *Server) load(w *workspace.Workspace, said casefile.Case) error {
	world, err := s.world(control.Spec{}, said)
	if err != nil {
		return err
	}
	rules, err := said.Faults(w.Scope())
	if err != nil {
		return err
	}
	settings := s.settings(said)
	if settings.FrozenAt.IsZero() {
		w.Clock.Run()
	} else if err := w.Clock.Freeze(settings.FrozenAt); err != nil {
		return fmt.Errorf("clock.frozen %s: %w", settings.FrozenAt.Format(time.RFC3339), err)
	}
	w.Store.Load(world)
	w.Journal.Turn(-1)
	if err := w.SetLife(*settings.Life); err != nil {
		return err
	}
	for _, key := range w.Keys {
		key.Begin(auth.KindAccess(key.Kind))
	}
	for _, key := range settings.Keys {
		w.Key(key.Service, key.Kind).Begin(key.Access)
	}
	w.SetRateLimit(*settings.RateLimit)
	w.Faults.Clear()
	if _, err = w.Inject(rules...); err == nil {
		w.Open(said.Requests(), false)
	}
	return err
}

// agree refuses a seed, a number of tickets or an instant beside a case that says
// another.
func agree(said casefile.World, asked fixtures.Config) error {
	const instead = "leave one of them out"
	switch {
	case asked.Seed != 0 && said.Seed != 0 && asked.Seed != said.Seed:
		return hint.Errorf(instead, "the case says seed %d, and seed %d is asked for", said.Seed, asked.Seed)
	case (asked.Tickets != 0 || asked.Empty) && said.Tickets != 0 && asked.Tickets != said.Tickets:
		return hint.Errorf(instead, "the case says %d tickets, and %d are asked for", said.Tickets, asked.Tickets)
	case !asked.At.IsZero() && !said.At.IsZero() && !asked.At.Equal(said.At):
		return hint.Errorf(instead, "the case says the instant %s, and %s is asked for", said.At.Format(time.RFC3339Nano), asked.At.Format(time.RFC3339Nano))
	}
	return nil
}

// Workspace returns a workspace by name, the default one for an empty name;
// nil means that there is none.
func (s *Server) Workspace(name string) *workspace.Workspace {
	if name == "" {
		name = workspace.Default
	}
	return s.workspaces.Get(name)
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

// wantsPage reports whether a person has opened the address that the server says
// it answers on: neither service has anything there.
func wantsPage(r *http.Request) bool {
	return r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}
