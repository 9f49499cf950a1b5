package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/pflag"
)

// defaultAddress is where serve answers unless it is told otherwise.
const defaultAddress = "127.0.0.1:4010"

// drainTimeout is how long a server that stops waits for what it has accepted.
const drainTimeout = 10 * time.Second

var serveCommand = command{
	name:    "serve",
	summary: "Answer as both services do, from a seeded world.",
	about: `It prints one line on standard output once it can answer, and keys to try on
standard error. It stops on SIGINT and SIGTERM, after answering what it has
accepted.`,
	example: `mockdesk serve
mockdesk serve --addr 127.0.0.1:0 --ready-file ready.json --quiet
mockdesk serve --rate-limit 100/1m --preset flaky-5xx
mockdesk serve --tickets 100000 --seed 7
mockdesk serve --addr 0.0.0.0:4010 --tls self-signed --tls-write mockdesk.pem --host desk.internal --admin-token TOKEN`,
	setup: setupServe,
}

// serveFlags are the flags of serve.
type serveFlags struct {
	world     worldFlags
	tls       tlsFlags
	addr      string
	readyFile string
}

// setupServe declares the flags of serve.
func setupServe(flags *pflag.FlagSet) func(context.Context, Terminal, []string) error {
	f := &serveFlags{}
	flags.StringVar(&f.addr, "addr", defaultAddress, "`address` to listen on; port 0 picks a free one")
	flags.StringVar(&f.readyFile, "ready-file", "", "`file` to write the address and the keys to, as JSON, once it can answer")
	flags.StringVar(&f.tls.certificate, "tls", "", "`certificate` to answer HTTPS with: self-signed, or the PEM files of one and its key as CERT,KEY")
	offer(flags, "tls", selfSigned, anyFile)
	flags.StringVar(&f.tls.write, "tls-write", "", "`file` to write the self-signed certificate to (PEM), for clients to trust")
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
	if err == nil {
		err = f.tls.read()
	}
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return cmp.Or(f.world.mistake(t, config), listenFailure(f.addr, err))
	}
	defer listener.Close()
	secure, err := f.tls.config(certificateNames(f.addr, listener, f.world.hosts))
	if err != nil {
		return err
	}
	server, err := f.world.server(t, config)
	if err != nil {
		return err
	}
	web := server.HTTP()
	web.TLSConfig = secure
	ended := make(chan error, 1)
	go func() { ended <- listen(web, listener) }()
	if err := f.announce(t, secure, listener.Addr().String(), server); err != nil {
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

// listen answers what comes in by a listener, with TLS when there is a
// certificate.
func listen(web *http.Server, listener net.Listener) error {
	if web.TLSConfig == nil {
		return web.Serve(listener)
	}
	return web.ServeTLS(listener, "", "")
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
