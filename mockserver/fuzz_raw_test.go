package mockserver_test

import (
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/openapi"
)

// wireConn is a connection on which a client has sent its bytes and waits for
// the answer.
type wireConn struct {
	sent   io.Reader
	mu     sync.Mutex
	answer bytes.Buffer
	closed chan struct{}
	once   sync.Once
}

func (c *wireConn) Read(p []byte) (int, error) { return c.sent.Read(p) }

func (c *wireConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answer.Write(p)
}

func (c *wireConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

func (c *wireConn) LocalAddr() net.Addr              { return wireAddr("127.0.0.1:4010") }
func (c *wireConn) RemoteAddr() net.Addr             { return wireAddr("127.0.0.1:50000") }
func (c *wireConn) SetDeadline(time.Time) error      { return nil }
func (c *wireConn) SetReadDeadline(time.Time) error  { return nil }
func (c *wireConn) SetWriteDeadline(time.Time) error { return nil }

// wireAddr is an address as text.
type wireAddr string

func (a wireAddr) Network() string { return "tcp" }
func (a wireAddr) String() string  { return string(a) }

// wireListener hands out connections that are pushed into it.
type wireListener chan net.Conn

func (l wireListener) Accept() (net.Conn, error) {
	c, ok := <-l
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (l wireListener) Close() error   { return nil }
func (l wireListener) Addr() net.Addr { return wireAddr("127.0.0.1:4010") }

// recording keeps an answer on its way, so that it can be held against the
// contract.
type recording struct {
	http.ResponseWriter
	kept *httptest.ResponseRecorder
}

func (r recording) WriteHeader(status int) {
	for name, values := range r.Header() {
		r.kept.Header()[name] = values
	}
	r.kept.WriteHeader(status)
	r.ResponseWriter.WriteHeader(status)
}

func (r recording) Write(b []byte) (int, error) {
	_, _ = r.kept.Write(b) // never fails
	return r.ResponseWriter.Write(b)
}

func (r recording) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// judging serves a request and holds the answer against the contract.
func (p *prey) judging(w http.ResponseWriter, r *http.Request) {
	p.busy.Lock()
	defer p.busy.Unlock()
	asked := r.Clone(r.Context())
	asked.Body = http.NoBody
	kept := httptest.NewRecorder()
	defer func() {
		if broken := recover(); broken != nil && broken != http.ErrAbortHandler {
			p.t.Errorf("%s %q: panic: %v", r.Method, r.URL, broken)
		}
	}()
	p.ServeHTTP(recording{w, kept}, r)
	preferred := kept.Header().Get("Preference-Applied") != ""
	if kept.Code >= 500 && !preferred {
		p.t.Errorf("%s %q: %d %s", r.Method, r.URL, kept.Code, kept.Body)
	}
	if r.URL.Path == control.Bare {
		return // leads people to the console
	}
	if strings.HasPrefix(r.URL.Path, control.Prefix) {
		if op, known := p.contract(openapi.Control).Match(r.Method, r.URL.EscapedPath()); !known || op.ID == "streamRequests" {
			return // a page for people, or a stream that nothing came on
		}
	}
	if !strings.HasPrefix(r.URL.Path, "/api/v1/docs") && r.URL.Path != "/api/v1/openapi.json" {
		p.hold(asked, kept)
	}
}

// FuzzRequest sends bytes over a connection, through the server of net/http.
// Whatever the request was, the journal can be shown, exported and repeated.
func FuzzRequest(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	const auth = "Host: 127.0.0.1\r\nAuthorization: Bearer " + readWrite + "\r\n"
	note := "POST " + messagesPath + " HTTP/1.1\r\n" + auth + "Content-Type: application/json\r\n"
	for _, raw := range []string{
		"GET /api/v1/tickets?page=2 HTTP/1.1\r\n" + auth + "\r\n", "GET /api/v1/tickets HTTP/1.0\r\n\r\n", "HEAD //api/v1/tickets HTTP/1.1\r\n" + auth + "\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
		note + "Content-Length: 46\r\n\r\n" + noteBody, note + "Transfer-Encoding: chunked\r\n\r\n2e\r\n" + noteBody + "\r\n0\r\nX-Trailer: a\r\n\r\n", note + "Content-Length: 46\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
		note + "Content-Length: 5\r\n\r\nab", note + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}", note + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08", "GET http://a.example/api/v1/tickets HTTP/1.1\r\n" + auth + "\r\n",
		"GET /api/v1/tickets HTTP/1.1\r\n" + auth + "\r\nGET /_mockdesk/requests HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /\x00 HTTP/1.1\r\n" + auth + "\r\n",
		"GET /api/v1/tickets?query=\xff%1b[31m HTTP/1.1\r\n" + auth + "User-Agent: \x1b[31m\r\nX-Request-Id: a\xffb\r\nPrefer: code=503, delay=1m\r\n\r\n", "GET /_mockdesk/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /_mockdesk/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"POST /_mockdesk/reset HTTP/1.1\r\nHost: localhost\r\nOrigin: http://a.example\r\n\r\n", "GET /api/v1/tickets;a=b/../%2e%2e/ HTTP/1.1\r\n" + auth + "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n",
	} {
		f.Add([]byte(raw))
	}
	listener := make(wireListener)
	web := &http.Server{Handler: http.HandlerFunc(p.judging), ErrorLog: log.New(io.Discard, "", 0)}
	go web.Serve(listener)
	f.Cleanup(func() { close(listener) })
	f.Fuzz(func(t *testing.T, raw []byte) {
		if strings.Contains(string(raw), "tickets\":") {
			t.Skip("may make a world, which takes long")
		}
		p.t = t
		c := &wireConn{sent: bytes.NewReader(raw), closed: make(chan struct{})}
		listener <- c
		<-c.closed
		p.busy.Lock() // a server may close a connection and not be done with the request yet
		defer p.busy.Unlock()
		if text := c.answer.String(); text != "" && !strings.HasPrefix(text, "HTTP/1.") {
			t.Errorf("%q is answered by %q", raw, text)
		}
		if len(p.Workspace("").Faults.List())+len(p.Workspace("").Snapshots()) > 0 {
			p.fake = newPrey(t, mockserver.Config{}).fake
			p.t = t
		}
		for _, path := range []string{"requests", "requests.har"} {
			p.hold(request("GET", "", control.Prefix+path, "", ""), p.operate("GET", path, ""))
		}
		if newest := p.Workspace("").Journal.Newest(); newest > 0 {
			entry, _ := p.Workspace("").Journal.Get(newest)
			if line := entry.Curl(); strings.Contains(line, readWrite) {
				t.Errorf("%s tells the key", line)
			}
		}
		p.operate("POST", "reset", "")
		p.operate("PATCH", "keys", "{}")
	})
}
