package mockserver

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"strconv"

	"github.com/mockdesk/mockdesk/internal/fake/metrics"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi"
)

// Listen returns a listener for a web server of HTTP that takes note of input
// that is not HTTP. net/http refuses it before any handler is called, so that
// journal and ledger would not know of it. Input over TLS cannot be inspected.
func (s *Server) Listen(listener net.Listener) net.Listener {
	return watched{listener, s}
}

// watched is a listener whose connections are watched.
type watched struct {
	net.Listener
	server *Server
}

// Accept waits for a connection.
func (l watched) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return &overheard{TCPConn: tcp, server: l.server}, err
	}
	return c, err
}

// overheard is a connection on which the answers that net/http gives by itself
// are noticed.
type overheard struct {
	*net.TCPConn
	server *Server
	gathered
}

// Write sends on what net/http writes.
func (c *overheard) Write(p []byte) (int, error) {
	if status, words, ok := refusal(p); ok {
		c.server.note(c, status, words)
	}
	return c.gathered.write(c.TCPConn, p)
}

// refusal reads an answer that no handler has made: net/http writes it in one
// call, with a header that is always the same, and only net/http answers 417.
func refusal(p []byte) (status int, words string, ok bool) {
	const (
		digit  = len("HTTP/1.1 ")
		header = "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
	)
	if len(p) < digit+3 || p[digit] < '4' || !bytes.HasPrefix(p, []byte("HTTP/1.")) {
		return 0, "", false
	}
	line, rest, _ := bytes.Cut(p, []byte("\r\n"))
	status, err := strconv.Atoi(string(p[digit : digit+3]))
	text, plain := bytes.CutPrefix(rest, []byte(header))
	if !plain {
		text = line[digit:]
	}
	return status, string(text), err == nil && (plain || status == http.StatusExpectationFailed)
}

// note counts, records and logs a request that net/http refuses. Its key is
// unknown, so it goes into the default workspace.
func (s *Server) note(c net.Conn, status int, words string) {
	w := s.workspaces.Get(workspace.Default)
	v := journal.NoHTTP(words)
	s.metrics.Count(0, status, metrics.None, 0)
	s.config.Logger.Warn("the request is no HTTP", slog.Int("status", status), slog.String("breach", v.String()))
	now := w.Clock.Now()
	came := w.Clock.Steady(now)
	w.Journal.Add(journal.Record{
		At: now, Came: came, Left: came, Started: s.config.Now(), Peer: c.RemoteAddr().String(), Host: c.LocalAddr().String(),
		Status: status, Why: "no HTTP", Judged: true, Violations: []openapi.Violation{v},
	})
}
