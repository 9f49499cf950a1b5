package mockserver

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/fake/service"
)

// relay answers a request to an operation as the target does, unless a fault or
// the limit of the proxy comes first.
func (x *exchange) relay(op *service.Operation) {
	x.admit()
	x.step = stepFault
	if e := x.fault(op); e != nil {
		x.refuse(e)
		return
	}
	x.step = stepRateLimit
	if within, retryAfter := x.call.Key.Window.Take(x.call.Now); !within {
		x.refuse(limited(retryAfter))
		return
	}
	x.step = stepOperation
	x.pass()
}

// admit accepts a request whatever key it brings, because only the target knows
// the keys. All requests to a service count against one window.
func (x *exchange) admit() {
	w, kind := x.server.Workspace(""), auth.ReadWrite
	if x.service.Name() == auth.AppHandoff {
		kind = auth.Member
	}
	x.enter(w, &auth.Key{
		Secret: auth.Bearer(x.request.Header.Get("Authorization")), Service: x.service.Name(), Window: w.Key(x.service.Name(), kind).Window,
	})
}

// pass lets the target answer.
func (x *exchange) pass() {
	if x.server.target == nil { // the request is only explained
		x.why = "it goes to the target, which is not asked"
		return
	}
	p := &passage{exchange: x, client: http.NewResponseController(x.ResponseWriter), own: x.Header().Clone()}
	x.passage = p
	clear(x.Header()) // the proxy's own headers are for answers that it gives itself
	r := x.request
	if x.tap.ReadCloser != nil {
		p.upload = &sending{bodyTap: x.tap}
		_ = p.client.SetReadDeadline(clock.Machine().Add(writeTimeout)) // a large one may take long
		out := *r
		out.Body = p.upload
		r = &out
	}
	(&httputil.ReverseProxy{
		Rewrite: p.rewrite, ModifyResponse: p.answered, ErrorHandler: p.failed, FlushInterval: -1,
		Transport: x.server.target.transport, BufferPool: &x.server.target.buffers, ErrorLog: x.server.errors,
	}).ServeHTTP(x.ResponseWriter, r)
}

// rewrite directs the request to the target, and otherwise leaves it as it
// came.
func (p *passage) rewrite(r *httputil.ProxyRequest) {
	to := p.server.target.inboxops
	if p.service.Name() == auth.AppHandoff {
		to = p.server.target.apphandoff
	}
	in := r.In.URL
	r.Out.URL = &url.URL{
		Scheme: to.Scheme, Host: to.Host, Path: to.Path + in.Path, RawPath: to.EscapedPath() + in.EscapedPath(),
		RawQuery: in.RawQuery, ForceQuery: in.ForceQuery,
	}
	r.Out.Host = ""
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values := r.In.Header[name]; values != nil {
			r.Out.Header[name] = values
		}
	}
	r.Out.Header.Del("Upgrade") // neither service has another protocol
	r.Out.Header.Del("Connection")
	if p.prefer.Delay > 0 { // the target need not wait, too
		r.Out.Header.Del("Prefer")
		if format := p.prefer.ErrorFormat; format != "" {
			r.Out.Header.Set("Prefer", preferFormat+"="+format)
		}
	}
	if r.Out.Body == nil && repeats(r.Out) {
		r.Out.Body = nothing{}
	}
}

// repeats reports whether http.Transport would send a request without a body
// again if a connection that it has kept breaks.
func repeats(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return r.Header["Idempotency-Key"] != nil || r.Header["X-Idempotency-Key"] != nil
}

// nothing is the body of a request without one. http.Transport sends a request
// whose body it cannot get again only once.
type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, io.EOF }
func (nothing) Close() error             { return nil }

// sending is the body of a request on its way to the target. Its reader may
// outlive the exchange.
type sending struct {
	mu sync.Mutex
	bodyTap
}

// Read reads on.
func (s *sending) Read(b []byte) (int, error) {
	n, err := s.ReadCloser.Read(b)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(b[:n], err)
	return n, err
}

// Close does nothing: the server ends the body when the handler has returned,
// and closing it here would wait for the reader.
func (s *sending) Close() error { return nil }

// state returns what has been read until now.
func (s *sending) state() bodyTap {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.bodyTap
	t.head, t.asked = bytes.Clone(t.head), true
	return t
}

// buffers is a pool of the buffers with which answers are copied.
type buffers struct{ sync.Pool }

// Get returns a buffer.
func (b *buffers) Get() []byte {
	if buffer, ok := b.Pool.Get().(*[]byte); ok {
		return *buffer
	}
	const size = 32 << 10
	return make([]byte, size)
}

// Put takes a buffer back.
func (b *buffers) Put(buffer []byte) { b.Pool.Put(&buffer) }
