package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
)

// drainTimeout is how long a server that stops waits for what it has accepted,
// greeting how long for the first request of a connection.
const (
	drainTimeout = 10 * time.Second
	greeting     = 250 * time.Millisecond
)

// newcomers are the connections that no request has come over yet. A shutdown
// waits five seconds for each: browsers open them in advance.
type newcomers struct{ conns sync.Map } // keyed by net.Conn

// note is told what becomes of connections.
func (n *newcomers) note(c net.Conn, state http.ConnState) {
	if state == http.StateNew {
		n.conns.Store(c, nil)
	} else {
		n.conns.Delete(c)
	}
}

// close closes all of them.
func (n *newcomers) close() {
	for c := range n.conns.Range {
		_ = c.(net.Conn).Close() // nothing was said over it
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

// stopWithin is how long the fake may take to answer what the command has sent.
const stopWithin = 2 * time.Second

// count keeps the number of open connections of a server.
func count(open *atomic.Int64) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed, http.StateHijacked:
			open.Add(-1)
		}
	}
}

// stop answers what the command has sent, also if it did not wait for that,
// and closes the fake. A Shutdown alone would drop what it has not read yet.
func stop(web *http.Server, address string, open *atomic.Int64) {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	// The connection of this request stands behind all of the command's.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	if request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+healthPath, nil); err == nil {
		if answer, err := client.Do(request); err == nil {
			_ = answer.Body.Close()
		}
	}
	for open.Load() > 0 && ctx.Err() == nil { // the command has ended, and so do its connections
		_ = clock.Sleep(ctx, settle) // fails when the time is over
	}
	if web.Shutdown(ctx) != nil {
		_ = web.Close() // somebody who is no child of the command holds a connection
	}
}
