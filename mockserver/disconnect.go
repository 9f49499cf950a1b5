package mockserver

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// disconnect ends the connection before any header. It does not return.
func (x *exchange) disconnect(how string) {
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
		connection = secure.NetConn() // TLS would take leave with a message
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // unsent data is dropped and RST is sent
	}
	_ = connection.Close() // it is meant to be broken
}

// breakOff ends an answer in the middle of its body: at once, or when the
// client has had enough of waiting. It does not return.
func (x *exchange) breakOff(stall bool) {
	_ = http.NewResponseController(x.ResponseWriter).Flush() // what was promised goes out first
	if stall {
		_ = x.wait(fault.MaxDelay) // ends when the client leaves
	}
	panic(http.ErrAbortHandler)
}

// wait lets a time pass; an error says that the client has left, for which
// net/http looks out only once the body of the request is read.
func (x *exchange) wait(d time.Duration) error {
	if body := x.taken.ReadCloser; body != nil {
		head, _ := io.ReadAll(io.LimitReader(body, int64(x.server.config.Limits.BodyBytes)+1)) // an error comes again
		x.taken.ReadCloser = readAhead{io.MultiReader(bytes.NewReader(head), body), body}
	}
	return x.server.config.Sleep(x.request.Context(), d)
}

// readAhead is a body of which a part was read.
type readAhead struct {
	io.Reader
	io.Closer
}
