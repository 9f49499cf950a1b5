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

// drainTimeout is how long a stopping server waits for the requests it has
// accepted; greeting is how long it waits for the first request of a
// connection.
const (
	drainTimeout = 10 * time.Second
	greeting     = 250 * time.Millisecond
)

// newcomers are the connections that have not carried a request yet, such as
// those that browsers open in advance. Without this type, a shutdown would wait
// five seconds for each.
type newcomers struct{ conns sync.Map } // keyed by net.Conn

// note is called when the state of a connection changes.
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

// stop answers what the command has sent, even if the command did not wait for
// it, and closes the fake. Shutdown alone would drop what has not been read
// yet.
func stop(web *http.Server, address string, open *atomic.Int64) {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	// The connection of this request is accepted after all of the command's.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	if request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+healthPath, nil); err == nil {
		if answer, err := client.Do(request); err == nil {
			_ = answer.Body.Close()
		}
	}
	for open.Load() > 0 && ctx.Err() == nil { // the command has ended, so its connections end too
		_ = clock.Sleep(ctx, settle) // fails when the time is over
	}
	if web.Shutdown(ctx) != nil {
		_ = web.Close() // something that is no child of the command holds a connection
	}
}
