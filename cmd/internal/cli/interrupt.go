package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/mockdesk/mockdesk/cmd/internal/collector"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/mockserver"
)

// drainTimeout is how long a server that stops waits for what it has accepted,
// greeting how long for the first request of a connection.
const (
	drainTimeout = 10 * time.Second
	greeting     = 250 * time.Millisecond
)

// Interruptible returns a Context that ends with the first signal to end; the
// second one ends the process at once.
func Interruptible() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, endings()...)
	go func() {
		select {
		case <-caught:
		case <-ctx.Done():
		}
		signal.Stop(caught) // before anybody knows of the first one
		cancel()
	}()
	return ctx, cancel
}

// errInterrupted is the error of a start that a signal has ended.
var errInterrupted = errors.New("interrupted before the fake could answer")

// start makes the fake, for as long as nothing ends ctx. From here on nobody
// has to read what is said on standard output and standard error.
func (f *worldFlags) start(ctx context.Context, t Terminal, config mockserver.Config) (*mockserver.Server, error) {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // writing fails then, where it would end the process
	if config.Tickets > fewTickets {
		collector.Restore()
	} else {
		defer collector.Restore()
	}
	return making(func() (*mockserver.Server, error) { return f.server(t, config) }).or(ctx)
}

// fewTickets make a world that is smaller than the garbage that a start may leave.
const fewTickets = 10_000

// made is a fake, or why there is none.
type made struct {
	server *mockserver.Server
	err    error
}

// pending delivers a fake in the making: a large world takes minutes.
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

// or waits for the fake, or for the end of ctx; the process ends then.
func (p pending) or(ctx context.Context) (*mockserver.Server, error) {
	select {
	case m := <-p:
		return m.server, m.err
	case <-ctx.Done():
		return nil, errInterrupted
	}
}

// newcomers are the connections that no request has come over yet. A shutdown
// waits five seconds for each: browsers open them in advance.
type newcomers struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// note is told what becomes of connections.
func (n *newcomers) note(c net.Conn, state http.ConnState) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if state == http.StateNew {
		n.conns[c] = struct{}{}
		return
	}
	delete(n.conns, c)
}

// close closes all of them.
func (n *newcomers) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for c := range n.conns {
		_ = c.Close() // nothing was said over it
	}
}

// stop shuts a server down after it has answered what it has accepted.
func (n *newcomers) stop(t Terminal, web *http.Server) error {
	drain, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	go func() {
		if clock.Sleep(drain, greeting) == nil {
			n.close()
		}
	}()
	err := web.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		fmt.Fprintf(t.Stderr, "mockdesk: connections were still in use after %v; they are cut\n", drainTimeout)
		return web.Close()
	}
	return err
}
