package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// The limits of the listening server. A write may last as long as the longest
// delay that a request may ask for.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = fault.MaxDelay + 30*time.Second
	idleTimeout       = 2 * time.Minute
	drainTimeout      = 10 * time.Second
	maxHeaderBytes    = 64 << 10
)

var serveCommand = command{
	name:    "serve",
	summary: "Answer as both services do, from a seeded world.",
	about: `It prints one line on standard output once it can answer, and keys to try on
standard error. It stops on SIGINT and SIGTERM, after answering what it has
accepted.`,
	setup: setupServe,
}

// serveFlags are the flags of serve.
type serveFlags struct {
	addr           string
	readyFile      string
	seed           uint64
	tickets        int
	at             instant
	rateLimit      rateLimit
	errorFormat    choice
	apphandoffBase string
	documentedOnly bool
	logFormat      choice
	quiet          bool
}

// setupServe declares the flags of serve.
func setupServe(flags *pflag.FlagSet) func(context.Context, Terminal, []string) error {
	f := &serveFlags{
		at:          instant{fixtures.DefaultAt},
		errorFormat: choice{"problem", []string{"problem", "sample"}},
		logFormat:   choice{"text", []string{"text", "json"}},
	}
	flags.StringVar(&f.addr, "addr", "127.0.0.1:4010", "address to listen on; port 0 picks a free one")
	flags.StringVar(&f.readyFile, "ready-file", "", "`file` to write the address and the keys to, as JSON, once it can answer")
	flags.Uint64Var(&f.seed, "seed", 1, "which world to make; not 0")
	flags.IntVar(&f.tickets, "tickets", fixtures.DefaultTickets, fmt.Sprintf("how many InboxOps tickets it has, from %d to %d", fixtures.MinTickets, fixtures.MaxTickets))
	flags.Var(&f.at, "at", "instant at which the world was made; nothing in it is younger")
	flags.Var(&f.rateLimit, "rate-limit", "requests per window, such as 100/1m, for each InboxOps workspace and each AppHandoff key; or off")
	flags.Var(&f.errorFormat, "error-format", "dialect of InboxOps errors")
	flags.StringVar(&f.apphandoffBase, "apphandoff-base", "/api", "path under which AppHandoff is served")
	flags.BoolVar(&f.documentedOnly, "documented-statuses-only", false, "let AppHandoff answer only with the statuses its page lists: wrong parameters are then clamped or ignored, not 400")
	flags.Var(&f.logFormat, "log-format", "form of the log on standard error")
	flags.BoolVar(&f.quiet, "quiet", false, "log errors only, and print no keys")
	return func(ctx context.Context, t Terminal, args []string) error {
		if len(args) > 0 {
			return usage("mockdesk serve --help", "serve takes no arguments, got %q", args[0])
		}
		return f.serve(ctx, t)
	}
}

// serve runs the fake until ctx is done.
func (f *serveFlags) serve(ctx context.Context, t Terminal) error {
	logger := f.logger(t)
	config, err := f.config(logger)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return listenFailure(f.addr, err)
	}
	defer listener.Close()
	server, err := mockserver.New(config)
	if err != nil {
		return usage("mockdesk serve --help", "%w", err)
	}
	web := &http.Server{
		Handler:           server,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	if err := f.announce(t, "http://"+listener.Addr().String(), server); err != nil {
		return errors.Join(err, web.Close())
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
		defer cancel()
		return web.Shutdown(drain)
	}
}

// config turns the flags into what the server is made of.
func (f *serveFlags) config(logger *slog.Logger) (mockserver.Config, error) {
	if f.seed == 0 {
		return mockserver.Config{}, usage("--seed 1", "--seed 0 stands for no seed; choose another number")
	}
	if !strings.HasPrefix(f.apphandoffBase, "/") || strings.HasSuffix(f.apphandoffBase, "/") {
		return mockserver.Config{}, usage("--apphandoff-base /api", "--apphandoff-base %q is not a path that starts with / and does not end with one", f.apphandoffBase)
	}
	return mockserver.Config{
		Seed:                   f.seed,
		Tickets:                f.tickets,
		At:                     f.at.Time,
		RateLimit:              f.rateLimit.Limit,
		ErrorFormat:            f.errorFormat.value,
		AppHandoffBase:         f.apphandoffBase,
		DocumentedStatusesOnly: f.documentedOnly,
		Logger:                 logger,
	}, nil
}

// logger returns the log on standard error.
func (f *serveFlags) logger(t Terminal) *slog.Logger {
	options := &slog.HandlerOptions{}
	if f.quiet {
		options.Level = slog.LevelError
	}
	if f.logFormat.value == "json" {
		return slog.New(slog.NewJSONHandler(t.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(t.Stderr, options))
}

// listenFailure explains why the address cannot be listened on.
func listenFailure(addr string, err error) error {
	f := &failure{code: exitRun, err: fmt.Errorf("cannot listen on %s: %w", addr, err), hint: "--addr 127.0.0.1:0 picks a free port"}
	var bad *net.AddrError
	if errors.As(err, &bad) {
		f.code, f.hint = exitUsage, "--addr takes HOST:PORT, such as 127.0.0.1:4010"
	}
	return f
}
