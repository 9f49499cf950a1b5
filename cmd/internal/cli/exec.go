package cli

import (
	"context"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/cmd/internal/outcome"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

func execCommand(t Terminal) *cobra.Command {
	f := &execFlags{}
	c := &cobra.Command{
		Use:   "exec [flags] -- COMMAND [ARG]...",
		Short: "Run a client's tests against a private fake; fail if the client broke the contract.",
		Long: `It starts a fake on a free port and runs COMMAND with the address and the keys
in its environment: MOCKDESK_URL, MOCKDESK_KEY, MOCKDESK_READONLY_KEY,
MOCKDESK_REVOKED_KEY, MOCKDESK_UNENTITLED_KEY, MOCKDESK_APPHANDOFF_KEY,
MOCKDESK_OUTSIDER_KEY; MOCKDESK_CONTROL is the address of the control API.
NO_PROXY names the fake, too.

It judges every request to every workspace, whatever the tests reset, clear or
delete. A request that is wrong on purpose says so with the header
Mockdesk-Allow, such as Mockdesk-Allow: enum query.status, or --allow does it
for all: a place, a rule and a place, or * for any text in a place.

With --target no fake answers but that server, through a proxy as mockdesk proxy
is: the client has the proxy's address in MOCKDESK_URL and keys of its own, and
--judge-server fails for what the server's answers break, too.

INT, TERM, HUP and QUIT go on to the process group of COMMAND: to all that it
has started, unless that left the group (setsid). It ends with COMMAND.

Exit code: COMMAND's own if it failed; else 1 if a request broke the contract,
none came or a report could not be written; else 0. 127: COMMAND was not found;
2: a wrong call.`,
		Example: `mockdesk exec -- npm test
mockdesk exec --report junit=mockdesk.xml -- go test ./...
mockdesk exec --allow "enum query.status" --fail-on-early-retries -- npm test
mockdesk exec --preset flaky-5xx -- python -m unittest
mockdesk exec --target https://staging.example --judge-server -- npm test`,
		ValidArgsFunction: offerPrograms(t),
		RunE:              func(c *cobra.Command, args []string) error { return f.exec(c.Context(), t, args) },
	}
	flags := c.Flags()
	flags.SetInterspersed(false) // what follows COMMAND is its own
	f.world.declare(c, true)
	flags.StringArrayVar(&f.allow, "allow", nil, "`breach` of the contract that is meant, as RULE PLACE or PLACE, such as \"enum query.status\" or \"query.*\"; may be repeated")
	flags.StringVar(&f.allowFile, "allow-file", "", "`file` of such breaches, one a line; # begins a comment")
	f.judgeFlags.declare(flags)
	flags.StringVar(&f.target.inboxops, "target", "", "`address` of a real server to run against instead of a fake")
	flags.BoolVar(&f.judgeServer, "judge-server", false, "fail if an answer of --target broke the contract")
	f.target.declare(flags)
	flags.DurationVar(&f.killAfter, "kill-after", 5*time.Second, "how long what a signal or its end should end may take before it is killed")
	declareReports(c, &f.reports, outcome.Formats.Names())
	return c
}

// judgeFlags are the flags that say what counts against a request.
type judgeFlags struct {
	lenient, patient bool
}

func (f *judgeFlags) declare(flags *pflag.FlagSet) {
	flags.BoolVar(&f.lenient, "allow-violations", false, "report requests that break the contract, or that none came, but do not fail for it")
	flags.BoolVar(&f.patient, "fail-on-early-retries", false, "fail if a request came back before the Retry-After of its refusal had passed")
}

// execFlags are the flags of exec.
type execFlags struct {
	judgeFlags
	world  worldFlags
	target targetFlags
	// judgeServer makes the target's breaches fail the run, too.
	judgeServer bool
	allow       []string
	allowFile   string
	killAfter   time.Duration
	reports     []string
}

// exec runs the command against a private fake and judges what came of it.
func (f *execFlags) exec(ctx context.Context, t Terminal, args []string) error {
	if len(args) == 0 {
		return usage("mockdesk exec -- npm test", "exec needs a command after --")
	}
	if f.killAfter < 0 {
		return usage("--kill-after 5s", "--kill-after %v is no time to wait", f.killAfter)
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, endings()...)
	defer signal.Stop(signals)
	if ctx.Err() != nil { // a signal came first
		return fail(signalled+int(syscall.SIGTERM), "", "a signal came before the command ran")
	}
	allowed, err := f.allowances()
	if err != nil {
		return err
	}
	config, err := f.world.config(t)
	if err != nil {
		return err
	}
	if err := f.front(ctx, t, &config); err != nil {
		return err
	}
	defer f.target.record.discard()
	out, err := openReports(ctx, f.reports, outcome.Formats)
	if err != nil {
		return err
	}
	config.Ledger = journal.NewLedger(allowed...)
	o := outcome.Outcome{
		Command: args, Target: f.target.inboxops, Lenient: f.lenient, Patient: f.patient, JudgeServer: f.judgeServer, Started: clock.Machine(),
		Summary: config.Ledger.Totals(), Faults: []fault.InForce{},
	}
	if err = f.run(t, config, signals, &o); err != nil {
		o.Broke = err.Error()
	}
	if recorded := f.target.record.close(t); err == nil {
		err = recorded
	}
	return conclude(t, t.Stderr, o, err, out)
}

// front makes a proxy of the fake when there is a target.
func (f *execFlags) front(ctx context.Context, t Terminal, config *mockserver.Config) error {
	switch {
	case f.target.inboxops != "":
		if err := f.world.refuseWorld(); err != nil {
			return err
		}
		return f.target.proxy(ctx, t, config)
	case f.judgeServer || f.target.apphandoff != "" || f.target.ownTLS() || f.target.record.given():
		return usage("--target https://staging.example", "--judge-server, --apphandoff, --record and what is about certificates are for --target")
	}
	return nil
}

// run runs the command against a fake of the config and notes how it ended.
func (f *execFlags) run(t Terminal, config mockserver.Config, signals <-chan os.Signal, o *outcome.Outcome) error {
	server, err := f.start(t, config, signals)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var open atomic.Int64
	web := server.HTTP()
	web.ConnState = count(&open)
	go func() { _ = web.Serve(server.Listen(listener)) }() // ends with the fake
	address := listener.Addr().String()
	o.Started = clock.Machine()
	w := server.Workspace("")
	keys := w.Keys
	if f.target.inboxops != "" {
		keys = nil // the command has those of the target
	}
	ended, err := runCommand(t, o.Command, clientEnv(t.Environ, address, keys), signals, f.killAfter)
	o.Duration = clock.Machine().Sub(o.Started)
	stop(web, address, &open)
	o.Code, o.Signal = ended.code, ended.signal
	o.Summary, o.Faults = config.Ledger.Totals(), w.Faults.List()
	if f.target.inboxops != "" {
		o.Aim(f.target.inboxops, f.target.apphandoff)
	} else {
		o.Move(address, defaultAddress) // where a later mockdesk serve answers when the fake is gone
	}
	return err
}

// start makes the fake. A signal ends the wait for it.
func (f *execFlags) start(t Terminal, config mockserver.Config, signals <-chan os.Signal) (*mockserver.Server, error) {
	select {
	case m := <-making(func() (*mockserver.Server, error) { return f.world.server(t, config) }):
		return m.server, m.err
	case s := <-signals:
		code := exitRun
		if number, ok := s.(syscall.Signal); ok {
			code = signalled + int(number)
		}
		return nil, fail(code, "", "a signal came before the command ran: %v", s)
	}
}

// conclude reports what came of the run, in words to one writer, and decides
// the exit code.
func conclude(t Terminal, words io.Writer, o outcome.Outcome, broke error, out *reports[outcome.Outcome]) error {
	var told error
	if broke == nil {
		told = unwritten("the summary", outcome.Text(words, o))
	}
	told = inOneLine(out.write(t.Stdout, o), told)
	failures := o.Failures()
	switch {
	case broke != nil:
		return inOneLine(broke, told)
	case len(failures) == 0:
		return told
	}
	worst := failures[0]
	code := exitRun
	if worst.Kind == outcome.Command {
		code = o.Code
	}
	return inOneLine(fail(code, worst.Hint, "%s", worst.Reason), told)
}

// allowances reads --allow and --allow-file.
func (f *execFlags) allowances() ([]journal.Allowance, error) {
	var all []journal.Allowance
	for _, text := range f.allow {
		some, err := journal.ParseAllowances(text)
		if err != nil {
			return nil, usage("", "--allow: %w", err) // it says what to type
		}
		all = append(all, some...)
	}
	if f.allowFile == "" {
		return all, nil
	}
	lines, err := readLines(f.allowFile)
	if err != nil {
		return nil, usage("--allow-file names a file with a breach a line, such as enum query.status", "cannot read what is allowed: %w", err)
	}
	for number, line := range lines {
		if line == "" {
			continue
		}
		some, err := journal.ParseAllowances(line)
		if err != nil {
			return nil, usage("", "%s: line %d: %w", f.allowFile, number+1, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// readLines returns the lines of a file without comments, which # begins.
func readLines(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		all = append(all, strings.TrimSpace(line))
	}
	return all, nil
}
