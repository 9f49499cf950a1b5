package mockserver_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// saying is a connection to a target that says its bytes once it was asked.
type saying struct {
	wireConn
	asked chan struct{}
	first sync.Once
}

func (c *saying) Write(p []byte) (int, error) {
	c.first.Do(func() { close(c.asked) })
	return c.wireConn.Write(p)
}

func (c *saying) Read(p []byte) (int, error) {
	select {
	case <-c.asked:
		return c.sent.Read(p)
	case <-c.closed:
		return 0, net.ErrClosed
	}
}

// says returns a transport to a target that says the bytes and nothing more.
func says(text []byte) *http.Transport {
	return &http.Transport{
		DisableCompression: true, MaxResponseHeaderBytes: 64 << 10,
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return &saying{wireConn: wireConn{sent: bytes.NewReader(text), closed: make(chan struct{})}, asked: make(chan struct{})}, nil
		},
	}
}

// taking is a client that takes an answer.
type taking struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *taking) Header() http.Header { return w.header }

func (w *taking) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
}

func (w *taking) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// serveBroken serves a request; a handler may break the connection.
func serveBroken(h http.Handler, w http.ResponseWriter, r *http.Request) (broken bool) {
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler {
				panic(p)
			}
			broken = true
		}
	}()
	h.ServeHTTP(w, r)
	return false
}

// proxied are rules that change an answer, as a fuzzer chooses them.
var proxied = []*fault.Then{
	nil,
	{Malformed: true},
	{Violation: &fault.Violation{Pointer: "/data/*", Make: "null"}},
	{Body: &fault.Body{CutAfter: new(3)}},
	{ContentType: "a/b"},
	{Headers: &fault.Headers{Set: map[string]string{"X-A": "b"}, Remove: []string{"Content-Type"}}},
}

// FuzzProxyAnswer: whatever bytes a target says, the client is given what
// net/http makes of them or an error of the proxy's own, there is one entry in
// the journal, and no key in it or in the log.
func FuzzProxyAnswer(f *testing.F) {
	const marker = "ixk_marker_of_a_key"
	for i, seed := range []string{
		"", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}",
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"data\":[{\"id\":1}],\"meta\":{}}",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}", "HTTP/1.1 204 No Content\r\n\r\nmore", "HTTP/1.0 200 OK\r\n\r\nall",
		"HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 101 Switch\r\nUpgrade: x\r\n\r\n",
		"HTTP/1.1 042 Odd\r\n\r\n", "HTTP/1.1 799 Odd\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.1 302 Found\r\nLocation: //x\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\n\r\n" + string(packed(`{"data":[]}`)),
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnone", "HTTP/1.1 401 No\r\nX: Bearer " + marker + "\r\nX-Request-Id: " + marker + "\r\n\r\nBearer " + marker,
		"HTTP/1.1 " + marker + "\r\n\r\n", "HTTP/1.1 200 OK\r\nBearer " + marker + "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"HTTP/1.1 304 Not\r\nContent-Length: 9\r\n\r\n", "HTTP/1.1 200 OK\r\nConnection: X-A\r\nX-A: 1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
	} {
		f.Add([]byte(seed), byte(i), byte(i))
	}
	log.SetOutput(io.Discard) // http.Transport tells there what is said unasked
	f.Fuzz(func(t *testing.T, text []byte, method, rule byte) {
		ask := func() *http.Request {
			r := httptest.NewRequest([]string{"GET", "HEAD", "POST"}[method%3], "http://target.test"+messagesPath, strings.NewReader("{}"))
			r.Header.Set("Authorization", "Bearer "+marker)
			return r
		}
		then := proxied[int(rule)%len(proxied)]
		var told bytes.Buffer
		server, err := mockserver.New(complete(mockserver.Config{
			Target: &mockserver.Target{InboxOps: "http://target.test", Verdict: verdict.OnResponse, Transport: says(text)},
			Logger: slog.New(slog.NewTextHandler(&told, nil)),
		}))
		if err != nil {
			t.Fatal(err)
		}
		w := server.Workspace("")
		if then != nil {
			if _, err := w.Inject(fault.Rule{ID: "f", Then: *then}); err != nil {
				t.Fatal(err)
			}
		}
		got := &taking{header: http.Header{}}
		broken := serveBroken(server, got, ask())
		if !broken && got.status == 0 {
			got.status = http.StatusOK
		}
		want := ask()
		want.RequestURI = ""
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		straight, err := says(text).RoundTrip(want.WithContext(ctx))
		if err == nil {
			body, failed := io.ReadAll(straight.Body)
			_ = straight.Body.Close()
			switch {
			case straight.StatusCode < 200:
			case got.status != straight.StatusCode:
				t.Errorf("status %d, want %d", got.status, straight.StatusCode)
			case then == nil && failed == nil && got.body.String() != string(body):
				t.Errorf("body %q, want %q", got.body.String(), body)
			}
		}
		if (err != nil || straight.StatusCode < 200) && !broken && got.header.Get("Mockdesk-Why") == "" && !bytes.Contains(text, []byte(" 1")) {
			t.Errorf("%d without an answer of the target: %v", got.status, err)
		}
		all, err := w.Journal.List(journal.Filter{})
		if err != nil || len(all) != 1 {
			t.Fatalf("%d entries, %v", len(all), err)
		}
		if kept := fmt.Sprintf("%+v %s %+v %s", all[0], all[0].Curl(), journal.HAR("", all), &told); strings.Contains(kept, marker) {
			t.Errorf("the key is kept: %s", kept)
		}
	})
}
