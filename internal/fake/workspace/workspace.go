// Package workspace turns an API key into the isolated world it opens: its
// tickets, clock, faults, limits and keys.
package workspace

import (
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// Default is the name of the workspace that every server has; it is part of
// the fixed keys, such as ixk_test_readwrite.
const Default = "test"

// The two dialects of InboxOps errors; the documentation shows both.
const (
	FormatProblem = "problem" // application/problem+json, as its prose says
	FormatSample  = "sample"  // application/json, as its samples show
)

// Config says what a workspace is made of.
type Config struct {
	Name string
	// World is the seeded data, which workspaces may share.
	World *store.World
	// Operations are those that fault rules may match.
	Operations []fault.Operation
	// RateLimit holds for all InboxOps keys together and for each AppHandoff
	// key; the zero Limit is off.
	RateLimit ratelimit.Limit
	// ErrorFormat is FormatProblem or FormatSample; empty means FormatProblem.
	ErrorFormat string
	// FrozenAt freezes its clock; zero lets it run.
	FrozenAt time.Time
	// Life is how much happens by itself; the zero Rate means nothing.
	Life life.Rate
	// Now tells the machine's time; nil means clock.Machine.
	Now func() time.Time
	// Foreign says that another server answers, which has keys of its own.
	Foreign bool
	// Happened, when set, is told of each event.
	Happened func(store.Event)
	// Limits bounds what it keeps.
	Limits Limits
	// Journal says what is kept of the exchanges, within Limits; the keys of
	// the workspace are masked in any case.
	Journal journal.Config
}

// Workspace is one isolated world.
type Workspace struct {
	Name        string
	Store       *store.Store
	Clock       *clock.Clock
	Keys        []*auth.Key
	Faults      *fault.Set
	Journal     *journal.Journal
	ErrorFormat string

	config     Config
	beginnings beginnings

	mu        sync.Mutex
	opened    opened // zero when no case was
	snapshots map[string]snapshot
	first     struct { // what Reset brings back
		rules  []fault.Rule // see Start
		opened opened
	}
}

var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// New returns a workspace in which nothing has happened, with fresh keys.
func New(cfg Config) (*Workspace, error) {
	if !validName.MatchString(cfg.Name) {
		return nil, hint.Errorf("acme-1", "workspace name %q is not 1 to 40 lower-case letters, digits and dashes, the first no dash", cfg.Name)
	}
	if cfg.ErrorFormat == "" {
		cfg.ErrorFormat = FormatProblem
	}
	if cfg.ErrorFormat != FormatProblem && cfg.ErrorFormat != FormatSample {
		return nil, fmt.Errorf("error format %q is not %s or %s", cfg.ErrorFormat, FormatProblem, FormatSample)
	}
	if cfg.Now == nil {
		cfg.Now = clock.Machine
	}
	cfg.Limits = cfg.Limits.WithDefaults()
	if err := cfg.Limits.Check(); err != nil {
		return nil, err
	}
	if err := cfg.Life.Check(); err != nil {
		return nil, err
	}
	w := build(cfg)
	if err := w.startClock(); err != nil {
		return nil, fmt.Errorf("frozen_at %s: %w", cfg.FrozenAt.Format(time.RFC3339), err)
	}
	life.Begin(w.Store, cfg.Life, w.Clock.Now())
	return w, nil
}

// build returns the workspace of a Config that is complete.
func build(cfg Config) *Workspace {
	w := &Workspace{
		Name:        cfg.Name,
		Store:       store.New(cfg.World, cfg.Limits.Notes),
		Clock:       clock.New(cfg.Now),
		Keys:        auth.NewKeys(cfg.Name, cfg.RateLimit),
		ErrorFormat: cfg.ErrorFormat,
		config:      cfg,
	}
	w.Store.Tell = cfg.Happened
	w.Touch()
	w.Clock.Notify(w.rewind)
	w.Faults = fault.NewSet(cfg.World.Data.Seed, cfg.Limits.Rules, w.Clock.Steady)
	cfg.Journal.Secrets = slices.Clip(cfg.Journal.Secrets) // the caller's stays as it is
	for _, key := range w.Keys {
		key.Window.Measure(w.Clock.Steady)
		cfg.Journal.Secrets = append(cfg.Journal.Secrets, key.Secret)
	}
	if cfg.Name == Default {
		cfg.Journal.Variables = variablesOf(w.Keys)
	}
	cfg.Journal.Limits.Entries, cfg.Journal.Limits.Bytes = cfg.Limits.JournalEntries, cfg.Limits.JournalBytes
	cfg.Journal.Workspace = cfg.Name
	w.Journal = journal.New(cfg.Journal)
	return w
}

// variablesOf returns the environment variables of keys by their secrets.
func variablesOf(keys []*auth.Key) map[string]string {
	names := map[string]string{}
	for _, key := range keys {
		if name := key.Variable; name != "" {
			names[key.Secret] = name
		}
	}
	return names
}

// startClock sets the clock as the Config wants it.
func (w *Workspace) startClock() error {
	if w.config.FrozenAt.IsZero() {
		w.Clock.Run()
		return nil
	}
	return w.Clock.Freeze(w.config.FrozenAt)
}

// Reset makes the workspace as it was when it was new: its first tickets,
// threads and projects without notes, changes and events, the faults of Start,
// keys with their first access, its first rate limit with empty windows, its
// first clock and life, and an empty journal. Its snapshots stay.
func (w *Workspace) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.Touch()
	w.Store.Reset()
	_ = w.startClock() // it was set so before
	life.Begin(w.Store, w.config.Life, w.Clock.Now())
	w.Faults.Clear()
	_, _ = w.Faults.Add(w.Clock.Now(), w.first.rules...) // they were in force before
	w.Journal.Clear()
	w.opened = w.first.opened
	w.opened.newest = w.Journal.Newest()
	for _, key := range w.Keys {
		key.Reset()
	}
	w.SetRateLimit(w.config.RateLimit)
}

// SetRateLimit replaces the limit of every key and empties their windows.
func (w *Workspace) SetRateLimit(limit ratelimit.Limit) {
	defer w.Touch()
	for _, key := range w.Keys {
		key.Window.Set(limit)
	}
}

// Limits returns what bounds the workspace.
func (w *Workspace) Limits() Limits {
	return w.config.Limits
}

// RateLimit returns the limit in force.
func (w *Workspace) RateLimit() ratelimit.Limit {
	return w.Keys[0].Window.State(w.Clock.Now()).Limit
}

// Key returns the workspace's key of a service and kind, nil when it has none.
func (w *Workspace) Key(service string, kind auth.Kind) *auth.Key {
	for _, key := range w.Keys {
		if key.Service == service && key.Kind == kind {
			return key
		}
	}
	return nil
}
