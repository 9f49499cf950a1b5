package cli

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/console"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/scrape"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// worldFlags are the flags that describe the world of a fake.
type worldFlags struct {
	seed           uint64
	tickets        int
	at             instant
	rateLimit      rateLimit
	life           lifeRate
	errorFormat    choice
	apphandoffBase string
	documentedOnly bool
	cases          []string
	faults         string
	presets        []string
	adminToken     string
	hosts          []string
	cors           []string
	limits         workspace.Limits
	logFormat      choice
	quiet          bool
	given          func(flag string) bool // by the command line or the environment
}

// declare declares the flags; quiet is the default of that flag.
func (f *worldFlags) declare(c *cobra.Command, quiet bool) {
	flags := c.Flags()
	f.given = flags.Changed
	f.at = instant{fixtures.DefaultAt}
	f.errorFormat = choice{"problem", []string{"problem", "sample"}}
	f.logFormat = choice{"text", []string{"text", "json"}}
	flags.Uint64Var(&f.seed, "seed", 1, "`number` that says which world to make; not 0")
	flags.IntVar(&f.tickets, "tickets", fixtures.DefaultTickets, fmt.Sprintf("`number` of InboxOps tickets it has, from %d to %d; 0 makes an empty world, in AppHandoff as well", fixtures.MinTickets, fixtures.MaxTickets))
	flags.Var(&f.at, "at", "instant at which the world was made; nothing in it is younger")
	flags.Var(&f.rateLimit, "rate-limit", "requests per window, such as 100/1m, for each InboxOps workspace and each AppHandoff key; or off")
	flags.Var(&f.life, "life", "how much happens by itself in each workspace: calm, busy, or events in a period such as 30/1h; or off")
	offer(c, "life", cobra.FixedCompletions([]string{"off", "calm", "busy"}, cobra.ShellCompDirectiveNoFileComp))
	flags.Var(&f.errorFormat, "error-format", "dialect of InboxOps errors")
	flags.StringVar(&f.apphandoffBase, "apphandoff-base", "/api", "`path` under which AppHandoff is served")
	flags.BoolVar(&f.documentedOnly, "documented-statuses-only", false, "let AppHandoff answer only with the statuses its page lists: wrong parameters are then clamped or ignored, not 400")
	flags.StringSliceVar(&f.cases, "case", nil, "`file` that says what the world has: tickets, messages, projects, clock, keys, faults (YAML or JSON); may be repeated, later ones add")
	flags.StringVar(&f.faults, "faults", "", "`file` of fault rules to put in force (YAML)")
	flags.StringSliceVar(&f.presets, "preset", nil, "`name` of a preset of fault rules to put in force; may be repeated: "+strings.Join(presetNames(), ", "))
	offer(c, "preset", cobra.FixedCompletions(presetNames(), cobra.ShellCompDirectiveNoFileComp))
	flags.StringVar(&f.adminToken, "admin-token", "", "`token` that the control API then asks for, auto makes one and prints it; without one it answers this machine only")
	flags.StringSliceVar(&f.hosts, "host", nil, "`name` of a host under which the control API may be called, besides this machine's own; may be repeated")
	flags.StringSliceVar(&f.cors, "cors", nil, "`origin` whose pages may call the services from a browser, such as https://app.example, or * for all; may be repeated")
	for _, limit := range workspace.AllLimits() {
		flags.IntVar(limit.Of(&f.limits), limit.Name, limit.Default, "largest `number` of "+limit.About)
	}
	flags.Var(&f.logFormat, "log-format", "form of the log on standard error")
	flags.BoolVar(&f.quiet, "quiet", quiet, "log errors only, and print no keys")
}

// noSeed refuses --seed 0.
func noSeed() error {
	return usage("--seed 1", "--seed 0 stands for no seed; choose another number")
}

// presetNames lists the presets.
func presetNames() []string {
	var names []string
	for _, p := range fault.Presets() {
		names = append(names, p.Name)
	}
	return names
}

// config turns the flags into what the server is made of.
func (f *worldFlags) config(t Terminal) (mockserver.Config, error) {
	if f.seed == 0 {
		return mockserver.Config{}, noSeed()
	}
	if !strings.HasPrefix(f.apphandoffBase, "/") || strings.HasSuffix(f.apphandoffBase, "/") {
		return mockserver.Config{}, usage("--apphandoff-base /api", "--apphandoff-base %q is not a path that starts with / and does not end with one", f.apphandoffBase)
	}
	for _, host := range f.hosts {
		if strings.ContainsAny(host, "/@ ") {
			return mockserver.Config{}, usage("--host desk.internal", "--host %q is no name of a host", host)
		}
	}
	if err := f.limits.Check(); err != nil {
		return mockserver.Config{}, usage("mockdesk serve --help lists the limits", "%w", err)
	}
	arranged, err := loadCases(t, f.cases)
	if err != nil {
		return mockserver.Config{}, err
	}
	config := mockserver.Config{
		Seed:                   f.seed,
		Tickets:                f.tickets,
		Empty:                  f.tickets == 0,
		Case:                   arranged,
		At:                     f.at.Time,
		RateLimit:              f.rateLimit.Limit,
		Life:                   f.life.Rate,
		ErrorFormat:            f.errorFormat.value,
		AppHandoffBase:         f.apphandoffBase,
		DocumentedStatusesOnly: f.documentedOnly,
		AdminToken:             f.adminToken,
		Hosts:                  f.hosts,
		CORS:                   f.cors,
		Limits:                 f.limits,
		Version:                version(),
		Verdict:                verdict.OnRequest,
		Metrics:                scrape.Handler,
		Console:                console.New,
		Logger:                 f.logger(t),
	}
	if !f.given("seed") {
		config.Seed = 0 // the case may say another
	}
	if !f.given("tickets") {
		config.Tickets = 0
	}
	if !f.given("at") {
		config.At = time.Time{}
	}
	chosen := arranged.World().Config(fixtures.Config{Tickets: f.tickets, Empty: config.Empty})
	config.Progress = progress(t, "making tickets", chosen.Tickets+arranged.Tickets(), "indexing tickets")
	return config, nil
}

// server makes the fake and puts the faults that the flags ask for in force.
func (f *worldFlags) server(t Terminal, config mockserver.Config) (*mockserver.Server, error) {
	server, err := mockserver.New(config)
	if err != nil {
		return nil, advised(err, "mockdesk serve --help")
	}
	w := server.Workspace("")
	var rules []fault.Rule
	if f.faults != "" {
		if rules, err = readFaults(w, f.faults); err != nil {
			return nil, err
		}
	}
	for _, name := range f.presets {
		preset, err := fault.FindPreset(name)
		if err != nil {
			return nil, advised(err, "")
		}
		rules = append(rules, preset.Rules...)
	}
	if _, err := w.Start(rules...); err != nil {
		return nil, usage("", "%w", err)
	}
	return server, nil
}

// mistake returns the error that making the fake would give. It makes a small
// world, which takes no time.
func (f *worldFlags) mistake(t Terminal, config mockserver.Config) error {
	config.Tickets, config.Progress = min(config.Tickets, fixtures.DefaultTickets), nil
	if config.Case.World().Tickets != 0 {
		config.Tickets = 0 // which the case says
	}
	_, err := f.server(t, config)
	return err
}

// logger returns the log on standard error.
func (f *worldFlags) logger(t Terminal) *slog.Logger {
	options := &slog.HandlerOptions{}
	if f.quiet {
		options.Level = slog.LevelError
	}
	if f.logFormat.value == "json" {
		return slog.New(slog.NewJSONHandler(t.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(t.Stderr, options))
}
