package mockserver

import (
	"cmp"
	"fmt"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

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

// CreateWorkspace makes an isolated workspace. It takes well under a
// millisecond unless the workspace has data of its own.
func (s *Server) CreateWorkspace(spec control.Spec) (*workspace.Workspace, error) {
	said := s.config.Case
	if !spec.Case.IsZero() {
		said = spec.Case
		if err := agree(said.World(), fixtures.Config{Seed: spec.Seed, Tickets: spec.Tickets, Empty: spec.Empty}); err != nil {
			return nil, err
		}
	}
	settings := s.settings(said)
	config, err := s.workspaceConfig(spec, said, settings)
	if err != nil {
		return nil, err
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

// workspaceConfig says what a workspace is made of. Its spec takes precedence
// over its case, and that over the server's Config.
func (s *Server) workspaceConfig(spec control.Spec, said casefile.Case, settings casefile.Settings) (config workspace.Config, err error) {
	config = workspace.Config{
		Name: spec.Name, World: s.shared, Operations: s.operations, RateLimit: *settings.RateLimit, Life: *settings.Life,
		ErrorFormat: cmp.Or(spec.ErrorFormat, s.config.ErrorFormat), FrozenAt: cmp.Or(spec.FrozenAt, settings.FrozenAt),
		Now: s.config.Now, Happened: s.happened, Limits: s.config.Limits,
		Journal: journal.Config{
			Limits: journal.Limits{Body: s.bodies}, AppHandoffBase: s.config.AppHandoffBase, Verdict: s.config.Verdict, Ledger: s.config.Ledger,
		},
	}
	if t := s.config.Target; t != nil {
		config.Foreign, config.Journal.Foreign, config.Journal.AnswerVerdict = true, true, t.Verdict
	}
	if spec.Life != "" {
		if config.Life, err = life.Parse(spec.Life); err != nil {
			return config, err
		}
	}
	if spec.RateLimit != "" {
		if config.RateLimit, err = ratelimit.Parse(spec.RateLimit); err != nil {
			return config, err
		}
	}
	if spec.Seed != 0 || spec.Tickets != 0 || spec.Empty || !spec.Case.IsZero() {
		config.World, err = s.world(spec, said)
	}
	return config, err
}

// settings returns what a case says about a workspace, with the limit and the
// life of the Config where it says nothing.
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

// world makes and indexes a dataset, with what a case puts into it. A
// workspace's spec takes precedence over the case, and that over the server's
// Config.
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

// load puts a workspace into the state that a case describes; what it does not
// mention is as in a workspace without a case. An invalid case changes nothing.
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

// agree refuses a seed, a number of tickets or an instant that contradicts the
// case.
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
	return s.workspaces.Get(cmp.Or(name, workspace.Default))
}
