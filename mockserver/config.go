package mockserver

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/metrics"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// Config says what a Server answers with. The zero Config is the default
// world, without a rate limit.
type Config struct {
	// Seed selects the seeded world; zero means 1.
	Seed uint64
	// Tickets is the number of InboxOps tickets; zero means 200.
	Tickets int
	// Empty leaves the seeded tickets and projects out: nothing has happened in
	// the world but what Case says.
	Empty bool
	// Case says what matters to the tests: tickets, messages and projects, in
	// addition to the seeded ones or alone, the clock, the rate limit, keys and
	// faults, such as casefile.MustParse("inboxops: {tickets: [{name: stuck,
	// status: waiting}]}"). It holds for each workspace that has no case of its
	// own.
	Case casefile.Case
	// At is the newest instant of the seeded world; zero means
	// fixtures.DefaultAt.
	At time.Time
	// Target makes the Server a proxy: another server answers, and this one
	// keeps the journal, judges both sides and injects the faults. Nil means
	// the fake.
	Target *Target
	// RateLimit holds for each workspace and for each AppHandoff key; the
	// zero Limit is off.
	RateLimit ratelimit.Limit
	// Life is how much happens by itself in each workspace: Calm, Busy, or
	// another Life such as Life{Events: 30, Period: time.Hour}. The zero Life
	// means nothing.
	Life life.Rate
	// ErrorFormat is the dialect of InboxOps errors, "problem" or "sample";
	// empty means problem.
	ErrorFormat string
	// AppHandoffBase is the path under which AppHandoff is served; empty
	// means /api.
	AppHandoffBase string
	// DocumentedStatusesOnly makes AppHandoff answer only with the statuses
	// that its page lists: it then clamps or ignores wrong parameters.
	DocumentedStatusesOnly bool
	// Workspaces are further workspaces in addition to the default one, "test".
	Workspaces []control.Spec
	// Limits bounds what the server takes and keeps; what is zero means its
	// default.
	Limits workspace.Limits
	// CORS lists the origins, such as https://app.example, whose pages may call
	// the services from a browser; "*" stands for all. Without any, browsers
	// keep pages of other origins out. The control API is never called across
	// origins.
	CORS []string
	// AdminToken is what requests to the control API have to bring; without
	// one, only requests from this machine are answered.
	AdminToken string
	// Hosts are names of the server that the control API accepts in a Host
	// header, besides localhost and the address that was connected to.
	Hosts []string
	// Verdict judges requests by the contract: verdict.OnRequest, of the
	// package openapi/verdict. Without it the journal marks each request that
	// may break the contract as not judged, and refuses to search for
	// violations.
	Verdict journal.Verdict
	// Metrics makes the handler for GET /_mockdesk/metrics: scrape.Handler, of
	// the package mockserver/scrape. Without it that is 404.
	Metrics func(*metrics.Metrics) http.Handler
	// Console makes the handler for /_mockdesk/, /_mockdesk/reference,
	// /api/v1/docs and /api/v1/openapi.json: console.New, of the package
	// mockserver/console. Without it these are 404.
	Console func(*control.API) http.Handler
	// Ledger, when set, keeps what came of all requests to all workspaces; the
	// control API cannot empty it. Each request is then judged as it comes, so
	// a Verdict is needed.
	Ledger *journal.Ledger
	// Version is what an exported archive says it was made by; empty means
	// devel.
	Version string
	// Logger gets a line for each request and the reports of bugs; nil means
	// that nothing is logged.
	Logger *slog.Logger
	// Now and Sleep are the machine's time; nil means the real one.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	// Progress, when set, is told how many tickets of the world are made.
	Progress func(made int)
}

// withDefaults returns the Config with its zero values replaced.
func (c Config) withDefaults() Config {
	c.Seed = cmp.Or(c.Seed, 1)
	if c.Target != nil {
		c.Tickets, c.Empty = 0, true
	}
	c.AppHandoffBase = cmp.Or(c.AppHandoffBase, apphandoffBase)
	c.ErrorFormat = cmp.Or(c.ErrorFormat, workspace.FormatProblem)
	c.Version = cmp.Or(c.Version, "devel")
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	c.Limits = c.Limits.WithDefaults()
	if c.Now == nil {
		c.Now = clock.Machine
	}
	if c.Sleep == nil {
		c.Sleep = clock.Sleep
	}
	return c
}

// check says what is wrong with a Config that has its defaults.
func (c Config) check() error {
	if err := cmp.Or(c.Limits.Check(), c.RateLimit.Check(), c.Life.Check()); err != nil {
		return err
	}
	if c.Ledger != nil && c.Verdict == nil {
		return errors.New("mockserver: a Ledger judges each request, and Config.Verdict is missing; hint: set it to verdict.OnRequest, from github.com/mockdesk/mockdesk/openapi/verdict")
	}
	return nil
}
