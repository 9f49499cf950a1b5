package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// defaultAddress is where serve says that it answers unless it is told
// otherwise.
const defaultAddress = "127.0.0.1:4010"

func serveCommand(t Terminal) *cobra.Command {
	f := &serveFlags{}
	c := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Answer as both services do, from a seeded world.",
		Long: `It prints one line on standard output once it can answer, and keys to try on
standard error. It stops on INT, TERM, HUP and QUIT, after answering what
it has accepted; delays and stalls are cut short. A second signal ends it at once.
localhost stands for 127.0.0.1 and ::1 together.`,
		Example: `mockdesk serve
mockdesk serve --addr 127.0.0.1:0 --ready-file ready.json --quiet
mockdesk serve --rate-limit 100/1m --preset flaky-5xx
mockdesk serve --tickets 100000 --seed 7
mockdesk serve --addr 0.0.0.0:4010 --tls self-signed --tls-write mockdesk.pem --host desk.internal --admin-token TOKEN`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("mockdesk serve --help", "serve takes no arguments, got %q", args[0])
			}
			return f.serve(c.Context(), t)
		},
	}
	f.declare(c)
	f.world.declare(c, false)
	return c
}

// declare declares the flags about where the server answers.
func (f *serveFlags) declare(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.addr, "addr", defaultListen, "`address` to listen on; port 0 picks a free one")
	flags.StringVar(&f.readyFile, "ready-file", "", "`file` to write the address and the keys to, as JSON, once it can answer")
	flags.StringVar(&f.tls.certificate, "tls", "", "`certificate` to answer HTTPS with: self-signed, or the PEM files of one and its key as CERT,KEY")
	flags.BoolVar(&f.untilEOF, "until-eof", false, "stop once standard input ends, as it does when the program that started mockdesk is gone")
	offer(c, "tls", cobra.FixedCompletions([]string{selfSigned}, cobra.ShellCompDirectiveDefault))
	flags.StringVar(&f.tls.write, "tls-write", "", "`file` to write the self-signed certificate to (PEM), for clients to trust")
}

// serveFlags are the flags of serve and proxy.
type serveFlags struct {
	world     worldFlags
	target    *targetFlags // nil for a fake
	tls       tlsFlags
	addr      string
	readyFile string
	untilEOF  bool
}

// serve runs the fake, or the proxy, until ctx is done.
func (f *serveFlags) serve(ctx context.Context, t Terminal) error {
	if f.untilEOF {
		ctx = untilEOF(ctx, t.Stdin)
	}
	made := f.world.adminToken == autoToken
	if made {
		f.world.adminToken = newToken()
	}
	config, err := f.world.config(t)
	if err == nil {
		err = f.tls.read()
	}
	if err == nil && f.target != nil {
		defer f.target.record.discard()
		err = f.target.proxy(ctx, t, &config)
	}
	if err != nil {
		return err
	}
	addr := cmp.Or(f.addr, defaultListen)
	listeners, err := listenOn(addr)
	if err != nil {
		return cmp.Or(f.world.mistake(t, config), err)
	}
	defer closeAll(listeners)
	secure, err := f.tls.config(certificateNames(addr, listeners[0], f.world.hosts))
	if err != nil {
		return err
	}
	server, err := f.world.start(ctx, t, config)
	if errors.Is(err, errInterrupted) {
		return nil // as a signal ends it once it answers
	}
	if err != nil {
		return err
	}
	var fresh newcomers
	web := server.HTTP()
	web.TLSConfig, web.ConnState = secure, fresh.note
	ended := answerOn(server, web, listeners)
	withdraw, err := f.announce(t, secure, listeners[0].Addr().String(), server)
	if err != nil {
		return errors.Join(err, web.Close())
	}
	defer withdraw()
	if f.target != nil {
		go f.target.record.keep(ctx, t)
	}
	if made {
		fmt.Fprintf(t.Stderr, "Admin token:\n  %s\n", f.world.adminToken)
	}
	select {
	case err = <-ended:
	case <-ctx.Done():
		withdraw() // whoever waits for the file must not find a server that is stopping
		err = fresh.stop(t, web)
	}
	if f.target != nil {
		err = inOneLine(err, f.target.record.close(t))
	}
	return err
}

// untilEOF returns a context that is done once there is no more input. Its
// goroutine ends with the process.
func untilEOF(ctx context.Context, input io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, input)
	}()
	return ctx
}
