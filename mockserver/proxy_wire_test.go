package mockserver_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// threadThere is the thread of a ticket that a target may have.
const threadThere = "/api/projects/2489e9ad-2ee2-8e00-8ec9-32d5f69181c0/tickets/2489e9ad-2ee2-8e00-8ec9-32d5f69181c1/messages"

// got is what a client sees of an exchange.
type got struct {
	Proto   string
	Status  int
	Hints   []string // statuses and headers of informational answers
	Header  http.Header
	Body    string
	Trailer http.Header
	Broken  bool
}

// through sends a request as it is and returns what comes back.
func through(t *testing.T, client *http.Transport, method, address string, header http.Header, body io.Reader) got {
	t.Helper()
	var g got
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
		g.Hints = append(g.Hints, fmt.Sprint(code, h))
		return nil
	}})
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header.Clone()
	if header == nil {
		r.Header = http.Header{}
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	a, err := client.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	g.Proto, g.Status, g.Header, g.Body, g.Trailer, g.Broken = a.Proto, a.StatusCode, a.Header, string(text), a.Trailer, err != nil
	g.Header.Del("Date")
	if method == http.MethodHead {
		g.Header.Del("Trailer") // there is no body that it could follow
	}
	g.Header.Del("Mockdesk-Breach") // the request of the test is no plain one
	return g
}

// plain sends requests without an opinion on their encoding.
func plain() *http.Transport { return &http.Transport{DisableCompression: true} }

// packed is a text as gzip.
func packed(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.Bytes()
}

// targets answer in ways that a proxy has to leave alone.
var targets = map[string]http.HandlerFunc{
	"a plain answer":        func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"a":1}`) },
	"an answer of no body":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
	"not modified":          func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("ETag", `"x"`); w.WriteHeader(304) },
	"an answer of no bytes": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "0") },
	"a strange status":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(799); fmt.Fprint(w, "odd") },
	"no type": func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		fmt.Fprint(w, "<html>")
	},
	"a redirect to elsewhere": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://elsewhere.example/x", http.StatusFound)
	},
	"gzip as it came": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed(`{"data":[]}`))
	},
	"gzip that is none": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		fmt.Fprint(w, "nothing packed")
	},
	"many bytes": func(w http.ResponseWriter, _ *http.Request) {
		for range 300 {
			fmt.Fprint(w, strings.Repeat("0123456789abcdef", 1024))
		}
	},
	"two cookies, and a header of many": func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Set-Cookie"] = []string{"a=1", "b=2; Path=/"}
		w.Header()["Via"] = []string{"1.1 a", "1.1 b"}
		w.Header().Set("Server", "odd/1")
	},
	"an id of its own": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Request-Id", "target-7") },
	"early hints": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</a>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		fmt.Fprint(w, "late")
	},
	"trailers, announced or not": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		fmt.Fprint(w, "body")
		w.(http.Flusher).Flush()
		w.Header().Set("X-Sum", "4")
		w.Header().Set(http.TrailerPrefix+"X-Late", "y")
	},
	"trailers behind a length": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4")
		fmt.Fprint(w, "body")
		w.(http.Flusher).Flush()
		w.Header().Set(http.TrailerPrefix+"X-Late", "y")
	},
	"a body that breaks off": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "some")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	},
}

// What a target answers comes as it is, over HTTP/1 and HTTP/2.
func TestProxyLeavesAnswersAlone(t *testing.T) {
	t.Parallel()
	for name, handler := range targets {
		for _, method := range []string{"GET", "HEAD", "POST"} {
			for _, version := range []int{1, 2} {
				t.Run(fmt.Sprintf("%s to %s by HTTP/%d", name, method, version), func(t *testing.T) {
					t.Parallel()
					target, trust := web(t, handler, version)
					p := before(t, target.URL+"/base", mockserver.Config{Target: &mockserver.Target{TLS: trust}})
					front, trustFront := web(t, p.Server, version)
					header := http.Header{"Authorization": {"Bearer " + readWrite}, "Accept-Encoding": {"gzip"}}
					straight := &http.Transport{DisableCompression: true, TLSClientConfig: trust, ForceAttemptHTTP2: version == 2}
					trusting := &http.Transport{DisableCompression: true, TLSClientConfig: trustFront, ForceAttemptHTTP2: version == 2}
					for _, path := range []string{"/api/v1/tickets", "/api/v1/contacts"} {
						want := through(t, straight, method, target.URL+"/base"+path, header, http.NoBody)
						if diff := cmp.Diff(want, through(t, trusting, method, front.URL+path, header, http.NoBody)); diff != "" {
							t.Errorf("%s (-straight +through):\n%.3000s", path, diff)
						}
					}
					if n := p.Workspace("").Journal.Len(); n != 2 {
						t.Errorf("%d entries", n)
					}
				})
			}
		}
	}
}

// web serves a handler by HTTP/1, or with TLS by HTTP/2, and says whom to trust.
func web(t *testing.T, h http.Handler, version int) (*httptest.Server, *tls.Config) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(s.Close)
	if version == 1 {
		s.Start()
		return s, nil
	}
	s.EnableHTTP2 = true
	s.StartTLS()
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s, &tls.Config{RootCAs: pool}
}

// sent is what a target is sent.
type sent struct {
	Method, URI, Host, Body string
	Header                  http.Header
}

// What a client sends comes as it is, but for the host.
func TestProxyLeavesRequestsAlone(t *testing.T) {
	t.Parallel()
	const note = `{"type":"internal_note","body":"hello"}`
	tests := map[string]struct {
		method, path, body string
		header             http.Header
	}{
		"a list":                    {"GET", "/api/v1/tickets?status=open", "", http.Header{"User-Agent": {"me"}}},
		"a query that is wrong":     {"GET", "/api/v1/tickets?q=%zz&a;b=1&&x", "", http.Header{"User-Agent": {"me"}}},
		"no user agent":             {"GET", "/api/v1/tickets", "", http.Header{"User-Agent": {""}}},
		"an encoding of its own":    {"GET", "/api/v1/tickets", "", http.Header{"User-Agent": {"me"}, "Accept-Encoding": {"br"}}},
		"what another proxy said":   {"GET", "/api/v1/tickets", "", http.Header{"User-Agent": {"me"}, "X-Forwarded-For": {"10.0.0.1"}, "Forwarded": {"for=10.0.0.1"}}},
		"two headers of a name":     {"GET", "/api/v1/tickets", "", http.Header{"User-Agent": {"me"}, "X-A": {"1", "2"}}},
		"a path of escapes":         {"GET", "/api/v1/tickets/a%2Fb%20c/messages", "", http.Header{"User-Agent": {"me"}}},
		"a path of empty segments":  {"GET", "//api//v1/./x/../", "", http.Header{"User-Agent": {"me"}}},
		"a path of neither service": {"DELETE", "/anything/else?x", "", http.Header{"User-Agent": {"me"}}},
		"a note":                    {"POST", "/api/v1/tickets/1/messages", note, http.Header{"User-Agent": {"me"}, "Content-Type": {"application/json"}}},
		"a note that is large":      {"POST", "/api/v1/tickets/1/messages", strings.Repeat("x", 3<<20), http.Header{"User-Agent": {"me"}}},
		"a preference":              {"GET", "/api/v1/tickets", "", http.Header{"User-Agent": {"me"}, "Prefer": {"error-format=sample"}}},
		"a thread":                  {"GET", threadThere, "", http.Header{"User-Agent": {"me"}, "Authorization": {"Bearer ah_k_x_of_my_own"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			came := make(chan sent, 2)
			target, _ := web(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				came <- sent{r.Method, r.RequestURI, r.Host, string(body), r.Header}
			}), 1)
			p := before(t, target.URL, mockserver.Config{})
			for _, base := range []string{target.URL, p.URL} {
				through(t, plain(), test.method, base+test.path, test.header, strings.NewReader(test.body))
			}
			if diff := cmp.Diff(<-came, <-came); diff != "" {
				t.Errorf("(-straight +through):\n%.3000s", diff)
			}
		})
	}
}

// listening answers connections by hand, each time a request has been read.
func listening(t *testing.T, answer func(c net.Conn, n int)) (address string, requests *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	requests = new(atomic.Int32)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); _ = l.Close(); open.Wait() })
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				defer context.AfterFunc(ctx, func() { _ = c.Close() })()
				in := bufio.NewReader(c)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					answer(c, int(requests.Add(1)))
				}
			})
		}
	})
	return "http://" + l.Addr().String(), requests
}

// endless writes until nobody reads.
func endless(c net.Conn, start, again string) {
	_, err := io.WriteString(c, start)
	for err == nil {
		_, err = io.WriteString(c, again)
	}
}

// A target that does not answer as a server does is the proxy's to tell, once.
func TestProxyTellsOfTrouble(t *testing.T) {
	t.Parallel()
	const key = "ixk_marker_of_a_key"
	tests := map[string]struct {
		answer func(c net.Conn, n int)
		status int
		why    string
	}{
		"it ends the connection":        {func(c net.Conn, _ int) { _ = c.Close() }, 502, "the target has ended the connection without an answer; nothing is sent twice"},
		"it says nothing":               {func(net.Conn, int) {}, 504, "the target has sent no header of an answer within 300ms"},
		"half a header":                 {func(c net.Conn, _ int) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nA: b\r\n") }, 504, "within 300ms"},
		"half a header and the end":     {func(c net.Conn, _ int) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nA: b\r\n"); _ = c.Close() }, 502, "the target has "},
		"no HTTP":                       {func(c net.Conn, _ int) { _, _ = io.WriteString(c, "220 mail.example ESMTP\r\n\r\n") }, 502, "the target answers what is no HTTP"},
		"what it was sent":              {func(c net.Conn, _ int) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nBearer "+key+"\r\n\r\n") }, 502, "the target answers what is no HTTP"},
		"what it was sent, as a status": {func(c net.Conn, _ int) { _, _ = io.WriteString(c, "HTTP/1.1 "+key+"\r\n\r\n") }, 502, "the target answers what is no HTTP"},
		"a length that is none": {func(c net.Conn, _ int) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: "+key+"\r\n\r\n")
		}, 502, "the target answers what is no HTTP"},
		"a header without end":  {func(c net.Conn, _ int) { endless(c, "HTTP/1.1 200 OK\r\n", "A: "+strings.Repeat("b", 1000)+"\r\n") }, 502, "the target sends a header without end"},
		"hints without end":     {func(c net.Conn, _ int) { endless(c, "", "HTTP/1.1 103 Early Hints\r\n\r\n") }, 504, "within 300ms"},
		"a status that is none": {func(c net.Conn, _ int) { _, _ = io.WriteString(c, "HTTP/1.1 042 Odd\r\nContent-Length: 0\r\n\r\n") }, 502, "the target answers with the status 42"},
		"another protocol": {func(c net.Conn, _ int) {
			_, _ = io.WriteString(c, "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
		}, 502, "the target answers with the status 101"},
	}
	for name, test := range tests {
		for _, path := range []string{ticketsPath, threadThere, "/elsewhere"} {
			t.Run(name+" "+path, func(t *testing.T) {
				t.Parallel()
				var log transcript
				address, requests := listening(t, test.answer)
				timeout := time.Minute
				if test.status == http.StatusGatewayTimeout {
					timeout = 300 * time.Millisecond
				}
				p := before(t, address, mockserver.Config{
					Target: &mockserver.Target{Timeout: timeout}, Logger: slog.New(slog.NewTextHandler(&log, nil)),
				})
				a := through(t, plain(), "GET", p.URL+path, http.Header{"Authorization": {"Bearer " + key}}, http.NoBody)
				if a.Status != test.status || !strings.Contains(a.Header.Get("Mockdesk-Why"), test.why) || a.Header.Get("X-Request-Id") == "" {
					t.Errorf("%d %q, want %d %q", a.Status, a.Header.Get("Mockdesk-Why"), test.status, test.why)
				}
				kind := "application/problem+json"
				if path == threadThere {
					kind = "application/json"
				}
				if a.Header.Get("Content-Type") != kind || !strings.Contains(a.Body, "The target of this proxy") {
					t.Errorf("%s: %s", a.Header.Get("Content-Type"), a.Body)
				}
				if n := requests.Load(); n != 1 {
					t.Errorf("the target was sent %d requests", n)
				}
				p.wantWithout(key, &log)
				if e := p.entries(); len(e) != 1 || e[0].Status != test.status {
					t.Errorf("%d entries", len(e))
				}
			})
		}
	}
}

// wantWithout fails when a secret is kept or told anywhere.
func (p *proxy) wantWithout(secret string, log *transcript) {
	p.t.Helper()
	texts := map[string]string{"the log": log.String()}
	for _, e := range p.entries() {
		texts["a curl line"] += e.Curl()
		texts["the journal"] += fmt.Sprintf("%+v", e)
	}
	texts["the archive"] = fmt.Sprintf("%+v", journal.HAR("x", p.entries()))
	texts["the control API"] = p.send("GET", "", "/_mockdesk/requests", "").Body + p.send("GET", "", "/_mockdesk/requests.har", "").Body
	for where, text := range texts {
		if text == "" && where != "the log" || strings.Contains(text, secret) {
			p.t.Errorf("%s holds the secret, or nothing: %.2000s", where, text)
		}
	}
}

func TestProxyTellsWhyItReachesNobody(t *testing.T) {
	t.Parallel()
	secure, _ := web(t, http.NotFoundHandler(), 2)
	open, _ := web(t, http.NotFoundHandler(), 1)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, test := range map[string]struct {
		address, why string
	}{
		"nobody listens":                 {gone.URL, "the target cannot be reached: dial tcp "},
		"the name means nobody":          {"http://nobody.invalid", "the target cannot be reached: dial tcp"},
		"a certificate that none trusts": {secure.URL, "the target shows a certificate that is not trusted"},
		"no TLS where it is expected":    {"https" + strings.TrimPrefix(open.URL, "http"), "the target "},
		"TLS where none is expected":     {"http" + strings.TrimPrefix(secure.URL, "https"), ""}, // net/http answers 400 in the open
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := before(t, test.address, mockserver.Config{})
			a := p.do("GET", ticketsPath, "")
			if test.why != "" && (a.Status != 502 || !strings.HasPrefix(a.Header.Get("Mockdesk-Why"), test.why)) || a.Status < 400 {
				t.Errorf("%d %q", a.Status, a.Header.Get("Mockdesk-Why"))
			}
		})
	}
}

// A connection that the target has kept and then breaks is no reason to send a
// request twice.
func TestProxySendsOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method string
		header http.Header
		body   string
	}{
		"GET":                           {"GET", nil, ""},
		"HEAD":                          {"HEAD", nil, ""},
		"OPTIONS":                       {"OPTIONS", nil, ""},
		"a note":                        {"POST", nil, "{}"},
		"a note with a key of its own":  {"POST", http.Header{"Idempotency-Key": {"1"}}, "{}"},
		"an empty note with such a key": {"POST", http.Header{"X-Idempotency-Key": {"1"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, requests := listening(t, func(c net.Conn, n int) {
				if n == 1 {
					_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
					return
				}
				_ = c.Close()
			})
			p := before(t, address, mockserver.Config{})
			for _, want := range []int{200, 502} {
				path := messagesPath
				if a := through(t, plain(), test.method, p.URL+path, test.header, strings.NewReader(test.body)); a.Status != want {
					t.Errorf("%d %v, want %d", a.Status, a.Header, want)
				}
			}
			if n := requests.Load(); n != 2 {
				t.Errorf("two requests were sent %d times", n)
			}
		})
	}
}

// Nor is one over HTTP/2, whether its stream breaks or its connection.
func TestProxySendsOnceOverHTTP2(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*httptest.Server){
		"the stream breaks":     func(*httptest.Server) { panic(http.ErrAbortHandler) },
		"the connection breaks": func(s *httptest.Server) { s.CloseClientConnections() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			var target *httptest.Server
			target, trust := web(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if requests.Add(1) > 1 || r.ProtoMajor != 2 {
					end(target)
				}
			}), 2)
			p := before(t, target.URL, mockserver.Config{Target: &mockserver.Target{TLS: trust}})
			for _, want := range []int{200, 502} {
				if a := through(t, plain(), "GET", p.URL+ticketsPath, nil, http.NoBody); a.Status != want {
					t.Errorf("%d %v, want %d", a.Status, a.Header, want)
				}
			}
			if n := requests.Load(); n != 2 {
				t.Errorf("two requests were sent %d times", n)
			}
		})
	}
}

// Whatever a request names, it goes to the target.
func TestProxyIsNotOpen(t *testing.T) {
	t.Parallel()
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the proxy speaks to another server") }))
	t.Cleanup(trap.Close)
	other := strings.TrimPrefix(trap.URL, "http://")
	for name, raw := range map[string]string{
		"another address":          "GET " + trap.URL + "/x HTTP/1.1\r\nHost: " + other + "\r\n\r\n",
		"another host":             "GET /x HTTP/1.1\r\nHost: " + other + "\r\n\r\n",
		"a path that looks so":     "GET //" + other + "/x HTTP/1.1\r\nHost: a\r\n\r\n",
		"a user in front":          "GET /x@" + other + "/ HTTP/1.1\r\nHost: a\r\n\r\n",
		"a host of its own header": "GET /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-Host: " + other + "\r\n\r\n",
		"an address with a user":   "GET http://u:p@" + other + "/x HTTP/1.1\r\nHost: a\r\n\r\n",
		"a bare address":           "GET " + trap.URL + " HTTP/1.1\r\nHost: a\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hosts := make(chan string, 1)
			target, _ := web(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hosts <- r.Host; w.WriteHeader(204) }), 1)
			p := before(t, target.URL, mockserver.Config{})
			if line := p.raw(raw); !strings.HasPrefix(line, "HTTP/1.1 204") {
				t.Errorf("%s", line)
			}
			if host := <-hosts; host != strings.TrimPrefix(target.URL, "http://") {
				t.Errorf("the target is called %s", host)
			}
		})
	}
	p := before(t, trap.URL, mockserver.Config{})
	for _, to := range []string{other, "/api/v1/tickets"} {
		if line := p.raw("CONNECT " + to + " HTTP/1.1\r\nHost: a\r\n\r\n"); !strings.HasPrefix(line, "HTTP/1.1 405") {
			t.Errorf("CONNECT %s: %s", to, line)
		}
	}
}

// raw sends bytes and returns the first line that comes back.
func (p *proxy) raw(text string) string {
	p.t.Helper()
	c := dial(p.t, p.URL)
	defer c.Close()
	if _, err := io.WriteString(c, text); err != nil {
		p.t.Fatal(err)
	}
	line, _ := bufio.NewReader(c).ReadString('\n')
	return line
}

// A stream comes as it is written, and ends for the target when the client goes.
func TestProxyStreams(t *testing.T) {
	t.Parallel()
	next, gone := make(chan string), make(chan struct{})
	target := func(w http.ResponseWriter, r *http.Request) {
		defer close(gone)
		w.Header().Set("Content-Type", "text/event-stream")
		for {
			_ = http.NewResponseController(w).Flush()
			select {
			case text := <-next:
				fmt.Fprint(w, text)
			case <-r.Context().Done():
				return
			}
		}
	}
	p := beforeHandler(t, target, mockserver.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, "GET", p.URL+"/stream", http.NoBody)
	a, err := plain().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	in := bufio.NewReader(a.Body)
	for _, text := range []string{"data: 1\n", "data: 2\n"} {
		next <- text
		if line, err := in.ReadString('\n'); line != text {
			t.Fatalf("%q, %v, want %q", line, err, text)
		}
	}
	cancel()
	<-gone
	p.Workspace("").Journal.Settle(t.Context())
	if e := p.entries(); len(e) != 1 || e[0].Why != "the answer was not passed on to its end" {
		t.Errorf("%+v", e)
	}
}

// A client that does not wait for an answer ends the target's request.
func TestProxyLetsGo(t *testing.T) {
	t.Parallel()
	came, gone := make(chan struct{}), make(chan struct{})
	target := func(_ http.ResponseWriter, r *http.Request) {
		close(came)
		<-r.Context().Done()
		close(gone)
	}
	p := beforeHandler(t, target, mockserver.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-came; cancel() }()
	r, _ := http.NewRequestWithContext(ctx, "GET", p.URL+ticketsPath, http.NoBody)
	if _, err := plain().RoundTrip(r); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-gone
	p.Workspace("").Journal.Settle(t.Context())
	if e := p.entries(); len(e) != 1 || e[0].Status != 0 || e[0].Why != "the client left before the target answered" {
		t.Errorf("%+v", e)
	}
}

// A target that answers before it has the body is not waited for.
func TestProxyAnswersEarly(t *testing.T) {
	t.Parallel()
	p := beforeHandler(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(413) }, mockserver.Config{})
	c := dial(t, p.URL)
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbeginning", messagesPath)
	if a, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || a.StatusCode != 413 {
		t.Errorf("%v, %v", a, err)
	}
}

// No address of a target is taken that cannot be meant.
func TestProxyRefusesAddresses(t *testing.T) {
	t.Parallel()
	for address, says := range map[string]string{
		"":                            `"" is not the address of a target (hint: https://staging.example)`,
		"staging.example":             "is not the address of a target",
		"ftp://staging.example":       "is not the address of a target",
		"https://u:p@staging.example": "holds a user or a password",
		"https://staging.example?a":   "ends with its path",
		"https://staging.example/#a":  "ends with its path",
	} {
		_, err := mockserver.New(mockserver.Config{Target: &mockserver.Target{InboxOps: address}})
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := url.Parse("http://a"); err != nil {
		t.Error(err)
	}
}
