package mockserver_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/record"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// ending is a target that takes a request to its end and answers.
type ending struct {
	mu    sync.Mutex
	wrong []string
}

func (e *ending) RoundTrip(r *http.Request) (*http.Response, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r.URL.Scheme != "http" || r.URL.Host != "target.test" || r.Host != "" && r.Host != "target.test" {
		e.wrong = append(e.wrong, fmt.Sprintf("it speaks to %s as %s", r.URL, r.Host))
	}
	for _, name := range []string{"Upgrade", "Proxy-Authorization", "X-Forwarded-For-Mockdesk"} {
		if r.Header[name] != nil {
			e.wrong = append(e.wrong, name+" is passed on")
		}
	}
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body) // a client may leave
		_ = r.Body.Close()
	}
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: 2,
		Body: io.NopCloser(strings.NewReader("{}")), Request: r,
	}, nil
}

// FuzzProxyRequest sends bytes to a proxy that records: it speaks to its target alone,
// answers with HTTP, holds, and no key is in its journal or in the record.
func FuzzProxyRequest(f *testing.F) {
	const marker = "ixk_marker_of_a_key"
	const auth = "Host: a.test\r\nAuthorization: Bearer " + marker + "\r\n"
	for _, raw := range []string{
		"GET " + ticketsPath + " HTTP/1.1\r\n" + auth + "\r\n", "GET http://other.test" + ticketsPath + " HTTP/1.1\r\n" + auth + "\r\n",
		"POST " + messagesPath + " HTTP/1.1\r\n" + auth + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
		"POST " + messagesPath + " HTTP/1.1\r\n" + auth + "Transfer-Encoding: chunked\r\nTrailer: A\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n",
		"GET //other.test/x HTTP/1.1\r\n" + auth + "\r\n", "GET /a/../b/%2e%2e/c?" + marker + " HTTP/1.1\r\n" + auth + "Connection: close, X-A\r\nX-A: b\r\nUpgrade: websocket\r\n\r\n",
		"CONNECT other.test:443 HTTP/1.1\r\nHost: other.test\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"POST " + messagesPath + " HTTP/1.1\r\n" + auth + "Content-Length: 9\r\n\r\nab", "GET " + ticketsPath + "?query=" + marker + " HTTP/1.1\r\n" + auth + "Prefer: code=503, delay=1ms\r\n\r\n",
		"GET " + ticketsPath + " HTTP/1.1\r\n" + auth + "\r\nGET " + ticketsPath + "?page=0 HTTP/1.1\r\n" + auth + "\r\n", "\x16\x03\x01\x02",
	} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		target, recorder := &ending{}, record.New(record.Config{})
		server, err := mockserver.New(complete(mockserver.Config{
			Target: &mockserver.Target{InboxOps: "http://target.test", Verdict: verdict.OnResponse, Transport: target, Record: recorder},
			Sleep:  noWait,
		}))
		if err != nil {
			t.Fatal(err)
		}
		done := sync.WaitGroup{}
		web := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			done.Add(1)
			defer done.Done()
			defer func() {
				if p := recover(); p != nil && p != http.ErrAbortHandler {
					t.Errorf("panic: %v", p)
				}
			}()
			server.ServeHTTP(w, r)
		})}
		listener := make(wireListener)
		go web.Serve(listener)
		defer close(listener)
		c := &wireConn{sent: bytes.NewReader(raw), closed: make(chan struct{})}
		listener <- c
		<-c.closed
		done.Wait()
		if text := c.answer.String(); text != "" && !strings.HasPrefix(text, "HTTP/1.") {
			t.Errorf("%q is answered by %q", raw, text)
		}
		target.mu.Lock()
		defer target.mu.Unlock()
		if len(target.wrong) > 0 {
			t.Errorf("%q: %s", raw, strings.Join(target.wrong, "; "))
		}
		all, err := server.Workspace("").Journal.List(journal.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		var kept bytes.Buffer
		if err := recorder.Write(&kept); err != nil {
			t.Fatal(err)
		}
		for _, entry := range all {
			fmt.Fprintf(&kept, "%+v %s\n", entry, entry.Curl())
		}
		if bytes.Contains(raw, []byte("Bearer "+marker+"\r\n")) && strings.Contains(kept.String(), marker) {
			t.Errorf("%q: the key is kept: %s", raw, &kept)
		}
	})
}
