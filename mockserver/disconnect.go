package mockserver

import (
	"net"
	"net/http"

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
		_ = x.server.config.Sleep(x.request.Context(), fault.MaxDelay) // ends when the client leaves
	}
	panic(http.ErrAbortHandler)
}
