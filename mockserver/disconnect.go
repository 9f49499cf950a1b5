package mockserver

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// disconnect ends the connection before any header. It does not return.
func (x *exchange) disconnect(how string) {
	x.settle() // before the client can see it
	if how == fault.Reset {
		x.reset()
	}
	panic(http.ErrAbortHandler) // closes the connection without a word
}

// reset makes the peer see a reset instead of an orderly end, where the
// connection is TCP and speaks HTTP/1.
func (x *exchange) reset() {
	connection, _, err := http.NewResponseController(x.ResponseWriter).Hijack()
	if err != nil {
		return // HTTP/2 resets the stream when the handler aborts
	}
	if secure, ok := connection.(*tls.Conn); ok {
		connection = secure.NetConn() // TLS would send a closing message
	}
	if tcp, ok := connection.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcp.SetLinger(0) // unsent data is dropped and RST is sent
	}
	_ = connection.Close() // it is meant to be broken
}

// breakOff ends an answer in the middle of its body: at once, or when the
// client stops waiting or the server shuts down. It does not return.
func (x *exchange) breakOff(stall bool) {
	_ = http.NewResponseController(x.ResponseWriter).Flush() // what was promised goes out first
	if stall {
		_ = x.wait(fault.MaxDelay) // ends when the client leaves
	}
	panic(http.ErrAbortHandler)
}

// trickle sends an answer slowly, its last bytes once the exchange is settled.
func (x *exchange) trickle(body []byte, rate int) {
	x.overhear()
	said := x.journalRecord(x.call.Workspace)
	x.breach(x.call.Workspace.Journal, &said) // in the header, which goes first
	x.WriteHeader(x.status)
	const parts = 10 // a second
	client := http.NewResponseController(x.ResponseWriter)
	for rest := body; len(rest) > 0; {
		_ = client.SetWriteDeadline(clock.Machine().Add(writeTimeout))
		_ = client.Flush()
		next := min(max(1, rate/parts), len(rest))
		if err := x.wait(time.Duration(next) * time.Second / time.Duration(rate)); err != nil {
			x.abandon(len(body) - len(rest))
		}
		if next == len(rest) {
			x.settle()
		}
		if _, err := x.Write(rest[:next]); err != nil {
			x.abandon(len(body) - len(rest))
		}
		rest = rest[next:]
	}
	x.settle() // where there was nothing to send
}

// abandon ends an exchange whose client left after the given number of bytes of
// the body. It does not return.
func (x *exchange) abandon(sent int) {
	x.sent, x.why = sent, "fault "+x.effect.Rule+"; the client left"
	panic(http.ErrAbortHandler)
}

// wait lets a time pass, which is cut short when the server shuts down. An
// error says that the client has left, which net/http notices only once the
// body of the request is read.
func (x *exchange) wait(d time.Duration) error {
	if body := x.tap.ReadCloser; body != nil && x.request.Header.Get("Expect") == "" { // otherwise reading would ask for it
		x.tap.ReadCloser = readAhead(body, int64(x.server.config.Limits.BodyBytes)+1)
	}
	ctx, cancel := context.WithCancel(x.request.Context())
	defer cancel()
	defer context.AfterFunc(x.server.servers.Running(x.request), cancel)()
	_ = x.server.config.Sleep(ctx, d) // ends with ctx
	return x.request.Context().Err()
}

// ahead is a body of which a part is read before it is asked for.
type ahead struct {
	io.Reader
	io.Closer
	read chan struct{} // closed once the part is read
}

// readAhead reads at most the given number of bytes of a body in the background.
func readAhead(body io.ReadCloser, most int64) *ahead {
	if a, ok := body.(*ahead); ok {
		return a // a delay has begun
	}
	a := &ahead{Closer: body, read: make(chan struct{})}
	go func() {
		defer close(a.read)
		head, _ := io.ReadAll(io.LimitReader(body, most)) // an error comes again
		a.Reader = io.MultiReader(bytes.NewReader(head), body)
	}()
	return a
}

// Read reads the part, and then the rest.
func (a *ahead) Read(p []byte) (int, error) {
	<-a.read
	return a.Reader.Read(p)
}
