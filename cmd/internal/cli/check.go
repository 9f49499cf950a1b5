package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/report"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/keykind"
)

func checkCommand(t Terminal) *cobra.Command {
	f := &checkFlags{
		api:         choice{"all", []string{"inboxops", "apphandoff", "all"}},
		level:       choice{"lenient", []string{"strict", "lenient"}},
		errorFormat: choice{"auto", []string{"auto", "problem", "sample"}},
	}
	c := &cobra.Command{
		Use:   "check [flags] [URL]",
		Short: "Judge a server: which clauses of the contract hold there.",
		Long: `It reads only, unless --write allows notes on one ticket, and keeps out of the
rate limit unless --limited-key or --burst allows it; told 429, it waits as long
as it is asked to, up to 2 minutes. Without a URL it judges the base_url of
--facts; without either, a fake of its own, with everything allowed. Give keys
by their environment twins to keep them out of the list of processes; reports
name them and never show them.

Exit code: 0 at least one clause passed and none failed; 1 a clause failed, a
known failure passed, or a required clause was not judged; 2 a wrong call; 3 the
server could not be judged, or not to the end, or a report not be written.`,
		Example: `mockdesk check
MOCKDESK_KEY=ixk_... mockdesk check https://app.inboxops.app --rps 1.6
mockdesk check http://127.0.0.1:4010 --facts facts.json --write --report html=report.html`,
		RunE: func(c *cobra.Command, args []string) error { return f.check(c.Context(), t, args) },
	}
	f.declare(c)
	return c
}

// checkFlags are the flags of check.
type checkFlags struct {
	keys           []*string // in the order of keykind.All
	facts          string
	apphandoffURL  string
	api            choice
	level          choice
	errorFormat    choice
	only, skip     []string
	require        []string
	knownFailures  string
	baseline       string
	write          bool
	writeTicket    string
	follow         bool
	burst          int
	rps            float64
	maxRequests    int
	requestTimeout time.Duration
	settle         time.Duration
	reports        []string
	list           bool
	json           bool
	verbose        bool
	seed           uint64
	tickets        int
	client         clientFlags
	given          func(name string) bool
}

func (f *checkFlags) declare(c *cobra.Command) {
	flags := c.Flags()
	f.given = flags.Changed
	for _, k := range keykind.All {
		f.keys = append(f.keys, flags.String(k.Flag, "", k.Wants))
	}
	flags.StringVar(&f.facts, "facts", "", "`file` or URL of what the API does not reveal; mockdesk catalog writes one, mockdesk spec facts says the form")
	flags.StringVar(&f.apphandoffURL, "apphandoff-url", "", "`URL` of AppHandoff when it is not /api under URL")
	flags.Var(&f.api, "api", "which service to judge")
	flags.Var(&f.level, "level", "strict judges only what the documentation says in words")
	flags.Var(&f.errorFormat, "error-format", "dialect of InboxOps errors to demand")
	flags.StringSliceVar(&f.only, "only", nil, "`patterns` of clause ids to judge, such as 'IO-AUTH-*'")
	flags.StringSliceVar(&f.skip, "skip", nil, "`patterns` of clause ids to leave out")
	flags.StringSliceVar(&f.require, "require", nil, "`patterns` of clause ids that must be judged: one that is skipped or not run is a failure")
	for _, name := range []string{"only", "skip", "require"} {
		offer(c, name, offerClauses)
	}
	flags.StringVar(&f.knownFailures, "known-failures", "", "`file` of clause ids, one a line, that are judged and must fail")
	flags.StringVar(&f.baseline, "baseline", "", "`file` of an earlier --report json: reports say what changed since, the exit code does not")
	flags.BoolVar(&f.write, "write", false, "allow marked notes on one ticket")
	flags.StringVar(&f.writeTicket, "write-ticket", "", "`id`, the UUID or the number, of the ticket that --write may add notes to; without it that of the facts or an open one")
	flags.IntVar(&f.burst, "burst", 0, "`number` of requests that may be sent at once to meet the rate limit of the main key; give more than the limit")
	flags.Float64Var(&f.rps, "rps", 0, "`number` of requests per second; 0, the default, is as fast as the server answers (InboxOps documents 100 a minute: 1.6)")
	flags.IntVar(&f.maxRequests, "max-requests", target.DefaultMaxRequests, "`number` of requests that may be sent in all; without a URL the default is "+strconv.Itoa(ownRequests))
	flags.DurationVar(&f.settle, "settle", conformance.DefaultSettle, "how long a stored note may take to show in its timeline")
	flags.DurationVar(&f.requestTimeout, "request-timeout", target.DefaultRequestTimeout, "how long to wait for one answer")
	flags.BoolVar(&f.follow, "follow", false, "follow redirects, on the same host and scheme only")
	f.client.declare(flags)
	f.client.declareToken(flags)
	declareReports(c, &f.reports, report.Formats.Names())
	flags.BoolVar(&f.list, "list", false, "list the clauses and judge nothing")
	flags.BoolVar(&f.json, "json", false, "with --list: as JSON")
	flags.BoolVar(&f.verbose, "verbose", false, "show the clauses that passed, too")
	flags.Uint64Var(&f.seed, "seed", 1, "`number` that says which combinations of filters, orders and pages are asked for; without a URL also which world the fake has")
	flags.IntVar(&f.tickets, "tickets", fixtures.DefaultTickets, "without a URL: `number` of tickets of the fake")
}

// check judges the target and reports.
func (f *checkFlags) check(ctx context.Context, t Terminal, args []string) error {
	if f.list {
		return f.printList(t.Stdout)
	}
	if f.json {
		return usage("mockdesk check --list --json, or --report json for the results", "--json says how --list prints the clauses")
	}
	if len(args) > 1 {
		return usage("mockdesk check http://127.0.0.1:4010", "check takes one URL, got %q", args[1])
	}
	earlier, err := readBaseline(f.baseline)
	if err != nil {
		return err
	}
	out, err := openReports(ctx, f.reports, report.Formats)
	if err != nil {
		return err
	}
	defer out.discard() // those that were not written
	f.client.warn(t)
	config, err := f.config(ctx, args)
	if err != nil {
		return err
	}
	if err := cleanKeys(t, config); err != nil {
		return err
	}
	if f.writeTicket != "" && !config.Write {
		fmt.Fprintln(t.Stderr, "hint: --write allows notes on the ticket of --write-ticket; without it nothing is written")
	}
	if file, ok := t.Stderr.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		bar := report.NewBar(t.Stderr)
		defer bar.Close()
		config.Progress = bar
	}
	result, err := conformance.Run(ctx, config)
	if err != nil {
		text, said, _ := strings.Cut(err.Error(), "; hint: ")
		return usage(cmp.Or(said, "mockdesk check --help"), "%s", text)
	}
	if bar, ok := config.Progress.(*report.Bar); ok {
		bar.Close()
	}
	if result.OwnClock { // of the fake in this process, whose notes are gone with it
		result.Left = nil
	}
	result.Insecure = f.client.insecure && !result.OwnClock
	if earlier != nil {
		result.Changes = result.Compare(*earlier)
	}
	if err := f.tell(t, result, out); err != nil {
		return fail(conformance.ExitUnjudged, "", "%w", err)
	}
	return exitWith(result.ExitCode())
}

// tell writes the summary and the reports.
func (f *checkFlags) tell(t Terminal, result conformance.Report, out *reports[conformance.Report]) error {
	text, summary := report.Text{Color: report.ColorWanted(), Verbose: f.verbose, Width: columns(t.Stdout)}, t.Stdout
	if len(out.stdout) > 0 { // standard output is then for programs
		text.Color, summary = false, t.Stderr
	}
	told := unwritten("the summary", text.Write(summary, result))
	return inOneLine(out.write(t.Stdout, result), told)
}

// exitWith returns an error that sets the exit code and prints nothing more.
func exitWith(code int) error {
	if code == exitOK {
		return nil
	}
	return &failure{code: code}
}

// config turns the flags into what is judged and how.
func (f *checkFlags) config(ctx context.Context, args []string) (conformance.Config, error) {
	switch { // zeros, which the Config reads as unset
	case f.maxRequests == 0:
		return conformance.Config{}, usage("without --max-requests it is "+strconv.Itoa(target.DefaultMaxRequests), "--max-requests 0 lets nothing be judged")
	case f.requestTimeout == 0:
		return conformance.Config{}, usage("without --request-timeout it is "+target.DefaultRequestTimeout.String(), "--request-timeout 0 lets no answer come")
	case f.settle < 0:
		return conformance.Config{}, usage("--settle 5s; --settle 0 for a target that shows notes at once", "--settle is a negative time")
	case f.seed == 0:
		return conformance.Config{}, noSeed()
	case f.tickets == 0:
		return conformance.Config{}, usage("without --tickets it has "+strconv.Itoa(fixtures.DefaultTickets), "--tickets 0 is an empty world, in which there is nothing to judge")
	}
	known, err := f.knownIDs()
	if err != nil {
		return conformance.Config{}, err
	}
	config := conformance.Config{
		AppHandoffURL: f.apphandoffURL, Keys: target.Keys{}, Write: f.write, WriteTicket: f.writeTicket, Follow: f.follow, Burst: f.burst, RPS: f.rps,
		MaxRequests: f.maxRequests, Level: clause.Level(f.level.value), Only: f.only, Skip: f.skip,
		Require: f.require, KnownFailures: known, RequestTimeout: f.requestTimeout, Seed: f.seed,
		Settle: f.settle,
	}
	if f.settle == 0 {
		config.Settle = -1 // at once
	}
	if f.api.value != "all" {
		config.API = clause.API(f.api.value)
	}
	if f.errorFormat.value != "auto" {
		config.ErrorFormat = f.errorFormat.value
	}
	for i, k := range keykind.All {
		if *f.keys[i] != "" {
			config.Keys[target.Who(k.Caller)] = *f.keys[i]
		}
	}
	if f.facts != "" {
		if config.Facts, err = f.readFacts(ctx, args); err != nil {
			return config, err
		}
	}
	if config.Header, err = f.client.header(); err != nil {
		return config, err
	}
	if f.client.ownTLS() {
		if config.Transport, err = f.client.transport(); err != nil {
			return config, err
		}
	}
	if len(args) == 1 {
		config.BaseURL, err = baseURL(args[0])
		return config, err
	}
	if f.facts == "" {
		return f.embed(ctx, config)
	}
	return config, nil // the facts know the URL
}

// readFacts reads a facts file, or fetches one, with the headers of the call
// unless it is on another host than the server to judge.
func (f *checkFlags) readFacts(ctx context.Context, args []string) (*facts.Facts, error) {
	source, read := f.facts, os.ReadFile
	if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
		client := f.client
		if len(args) == 1 && !sameOrigin(args[0], source) {
			client.headers = nil
		}
		read = func(address string) ([]byte, error) { return client.fetch(ctx, address, 10*time.Second) }
	}
	text, err := read(source)
	if ctx.Err() != nil {
		return nil, fail(conformance.ExitUnjudged, "", "interrupted before the facts were read")
	}
	if err != nil {
		return nil, usage("mockdesk catalog URL > facts.json", "cannot read the facts: %w", err)
	}
	known, err := facts.Parse(text)
	if err != nil {
		return nil, usage("mockdesk catalog URL > facts.json shows the form", "%s: %w", source, err)
	}
	return known, nil
}

// knownIDs reads the file of known failures: one pattern per line; # begins a
// comment.
func (f *checkFlags) knownIDs() ([]string, error) {
	if f.knownFailures == "" {
		return nil, nil
	}
	lines, err := readLines(f.knownFailures)
	if err != nil {
		return nil, usage("--known-failures names a file with a clause id a line", "cannot read the known failures: %w", err)
	}
	ids := slices.DeleteFunc(lines, func(line string) bool { return line == "" })
	if len(ids) == 0 {
		return nil, usage("one clause id a line, such as IO-RATE-06", "%s lists no clause", f.knownFailures)
	}
	return ids, nil
}
