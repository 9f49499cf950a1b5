package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/pflag"

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
	world     worldFlags
	addr      string
	readyFile string
}

// setupServe declares the flags of serve.
func setupServe(flags *pflag.FlagSet) func(context.Context, Terminal, []string) error {
	f := &serveFlags{}
	flags.StringVar(&f.addr, "addr", "127.0.0.1:4010", "address to listen on; port 0 picks a free one")
	flags.StringVar(&f.readyFile, "ready-file", "", "`file` to write the address and the keys to, as JSON, once it can answer")
	f.world.declare(flags, false)
	return func(ctx context.Context, t Terminal, args []string) error {
		if len(args) > 0 {
			return usage("mockdesk serve --help", "serve takes no arguments, got %q", args[0])
		}
		return f.serve(ctx, t)
	}
}

// serve runs the fake until ctx is done.
func (f *serveFlags) serve(ctx context.Context, t Terminal) error {
	config, err := f.world.config(t)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return listenFailure(f.addr, err)
	}
	defer listener.Close()
	server, err := f.world.server(t, config)
	if err != nil {
		return err
	}
	web := newWebServer(server, config.Logger)
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

// newWebServer returns the listening side of a fake.
func newWebServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
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
