package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/mockdesk/mockdesk/cmd/internal/collector"
	"github.com/mockdesk/mockdesk/mockserver"
)

// errInterrupted is the error of a start that a signal interrupted.
var errInterrupted = errors.New("interrupted before the fake could answer")

// start makes the fake, for as long as nothing ends ctx. From here on a closed
// standard output or standard error does not end the process.
func (f *worldFlags) start(ctx context.Context, t Terminal, config mockserver.Config) (*mockserver.Server, error) {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // a failed write is then an error instead of the end of the process
	if config.Tickets > fewTickets {
		collector.Restore()
	} else {
		defer collector.Restore()
	}
	return making(func() (*mockserver.Server, error) { return f.server(t, config) }).or(ctx)
}

// fewTickets is the size up to which a world is smaller than the garbage that a
// start may leave.
const fewTickets = 10_000

// made is a fake, or why there is none.
type made struct {
	server *mockserver.Server
	err    error
}

// pending delivers a fake that is being made: a large world takes minutes.
type pending <-chan made

// making makes a fake while the caller listens for signals.
func making(build func() (*mockserver.Server, error)) pending {
	done := make(chan made, 1)
	go func() {
		server, err := build()
		done <- made{server, err}
	}()
	return done
}

// or waits for the fake, or for ctx to end, after which the process ends.
func (p pending) or(ctx context.Context) (*mockserver.Server, error) {
	select {
	case m := <-p:
		return m.server, m.err
	case <-ctx.Done():
		return nil, errInterrupted
	}
}
