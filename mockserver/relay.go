package mockserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// relay answers a request to an operation as the target does, unless a fault or
// the limit of the proxy is before it.
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

// admit takes a request whatever key it brings: the target knows the keys. All
// requests to a service count against one window.
func (x *exchange) admit() {
	w, kind := x.server.Workspace(""), auth.ReadWrite
	if x.service.Name() == auth.AppHandoff {
		kind = auth.Member
	}
	x.enter(w, &auth.Key{
		Secret: auth.Bearer(x.request.Header.Get("Authorization")), Service: x.service.Name(), Window: w.Key(x.service.Name(), kind).Window,
	})
}

// passage is a request that the target answers, with its answer.
type passage struct {
	*exchange
	client  *http.ResponseController
	own     http.Header    // what the proxy says of itself
	upload  *sending       // the body of the request, nil for none
	header  http.Header    // of the answer as it is passed on, nil before
	changed []byte         // the body of an answer that a fault changes
	bytes   int64          // of the answer's body
	left    int64          // how many there will be, -1 when nobody knows
	whole   bool           // all of them have come
	judged  bool           // the request is
	words   journal.Breach // of the request
	verdict journal.Record // on both
}

// pass lets the target answer.
func (x *exchange) pass() {
	if x.server.target == nil { // it is explained
		x.why = "it goes to the target, which is not asked"
		return
	}
	p := &passage{exchange: x, client: http.NewResponseController(x.ResponseWriter), own: x.Header().Clone()}
	x.passage = p
	clear(x.Header()) // the proxy's own go with what it answers itself
	r := x.request
	if x.tap.ReadCloser != nil {
		p.upload = &sending{bodyTap: x.tap}
		_ = p.client.SetReadDeadline(clock.Machine().Add(writeTimeout)) // a large one takes its time
		out := *r
		out.Body = p.upload
		r = &out
	}
	(&httputil.ReverseProxy{
		Rewrite: p.rewrite, ModifyResponse: p.answered, ErrorHandler: p.failed, FlushInterval: -1,
		Transport: x.server.target.transport, BufferPool: &x.server.target.buffers, ErrorLog: x.server.errors,
	}).ServeHTTP(x.ResponseWriter, r)
}

// rewrite makes the request the target's, and otherwise leaves it as it came.
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
// again when a connection breaks that it has kept.
func repeats(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return r.Header["Idempotency-Key"] != nil || r.Header["X-Idempotency-Key"] != nil
}

// nothing is the body of a request that has none. A request with a body that
// cannot be got again is sent once.
type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, io.EOF }
func (nothing) Close() error             { return nil }

// sending is the body of a request on its way to the target. Who reads it may
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
// and would here wait for who reads.
func (s *sending) Close() error { return nil }

// state returns what has been read until now.
func (s *sending) state() bodyTap {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.bodyTap
	t.head, t.asked = append([]byte(nil), t.head...), true
	return t
}

// errChanged is how an answer that a fault changes leaves the way of the others.
var errChanged = errors.New("a fault changes the answer")

// answered is told of the answer's header.
func (p *passage) answered(r *http.Response) error {
	if r.StatusCode < http.StatusOK {
		return fmt.Errorf("%w with the status %d", errNoAnswer, r.StatusCode)
	}
	p.status = r.StatusCode
	if id := r.Header["X-Request-Id"]; len(id) == 1 && validID(id[0]) {
		p.call.RequestID = id[0]
	}
	head := p.request.Method == http.MethodHead
	if p.left = r.ContentLength; head || p.status == http.StatusNoContent || p.status == http.StatusNotModified {
		p.left = 0
	}
	if then := p.effect.Then; then != nil {
		answer := fault.Answer{Header: r.Header, Head: head}
		if then.Rewrites() && p.left != 0 {
			if answer.Unread = p.buffer(r); answer.Unread == "" {
				return errChanged
			}
		}
		p.effect.Change(&answer)
	}
	p.judge()
	p.say(r.Header)
	if _, typed := r.Header["Content-Type"]; !typed {
		p.Header()["Content-Type"] = nil // else net/http guesses
	}
	p.header = r.Header.Clone()
	if p.left == 0 {
		p.arrived(io.EOF) // the client has all of the answer with its header
	}
	r.Body = &arriving{r.Body, p}
	return nil
}

// say adds to the header of an answer what the proxy says of the request.
func (p *passage) say(header http.Header) {
	for name, values := range p.own {
		switch name {
		case "X-Request-Id": // the target has ids of its own
		case "Vary":
			header[name] = append(header[name], values...)
		default:
			header[name] = values
		}
	}
	if p.words.Words != "" {
		header[BreachHeader] = []string{p.words.Words}
	}
	p.prefer.Drop(preferFormat) // the target has applied it, or not
	if p.preferred = p.preferred && p.prefer.Applied() != ""; p.preferred {
		header.Add("Preference-Applied", p.prefer.Applied())
	}
	if p.effect.Missed != "" {
		p.miss()
		p.Header().Del(WhyHeader)
		header.Set(WhyHeader, p.why)
	}
}

// judge gives the request its verdict, as far as the target has taken it.
func (p *passage) judge() {
	p.arriveUp()
	w := p.call.Workspace
	r := p.journalRecord(w)
	p.words = p.breach(w.Journal, &r)
	p.verdict.Violations, p.judged = r.Violations, true
}

// arriveUp takes note of what the target has read of the request's body.
func (p *passage) arriveUp() {
	if p.upload != nil {
		p.tap = p.upload.state()
	}
}

// buffer takes the body of an answer that a fault is to change, or says why it
// cannot; it is passed on then.
func (p *passage) buffer(r *http.Response) (why string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, journal.MostAnswer+1))
	if err != nil || len(body) > journal.MostAnswer {
		rest, why := io.Reader(r.Body), fmt.Sprintf("the answer has more than %d bytes", journal.MostAnswer)
		if err != nil {
			rest, why = failing{err}, "the answer broke off"
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), rest), r.Body}
		return why
	}
	p.header, p.bytes = r.Header, int64(len(body))
	p.keep(body)
	p.check(true)
	p.header, p.changed = nil, body
	if plain, err := journal.Gunzip(body); err == nil && r.Header.Get("Content-Encoding") == "gzip" {
		p.changed = plain
		r.Header.Del("Content-Encoding")
	}
	p.say(r.Header)
	p.own = r.Header
	return ""
}

// failing is a Reader that fails.
type failing struct{ error }

// Read returns the error.
func (f failing) Read([]byte) (int, error) { return 0, f.error }

// failed answers where the target does not, or where a fault changes what it
// answers.
func (p *passage) failed(_ http.ResponseWriter, r *http.Request, err error) {
	x := p.exchange
	clear(x.Header())
	maps.Copy(x.Header(), p.own)
	p.arriveUp()
	switch {
	case errors.Is(err, errChanged):
		x.body = append(x.body[:0], p.changed...)
		x.write(x.status, p.own.Get("Content-Type"))
	case r.Context().Err() != nil:
		x.why = "the client left before the target answered"
		panic(http.ErrAbortHandler)
	default:
		x.status = 0
		x.refuse(p.server.target.trouble(err))
	}
}

// arriving is the body of an answer on its way to the client.
type arriving struct {
	io.ReadCloser
	p *passage
}

// Read reads on. The exchange is settled before the client has all of the
// answer.
func (a *arriving) Read(b []byte) (int, error) {
	n, err := a.ReadCloser.Read(b)
	_ = a.p.client.SetWriteDeadline(clock.Machine().Add(writeTimeout)) // a stream may last
	a.p.bytes += int64(n)
	a.p.keep(b[:n])
	switch {
	case err != nil:
		a.p.arrived(err)
	case a.p.bytes == a.p.left: // trailers may follow
		a.p.arrived(io.EOF)
	}
	return n, err
}

// keep keeps the beginning of an answer.
func (p *passage) keep(b []byte) {
	x, most := p.exchange, journal.MostAnswer
	if x.op == nil {
		most = journal.DefaultBody // nobody judges it
	}
	if room := most - len(x.body); room > 0 {
		x.body = append(x.body, b[:min(room, len(b))]...)
	}
	x.sent = len(x.body)
}

// arrived is told that the body of the answer has ended.
func (p *passage) arrived(err error) {
	p.whole = err == io.EOF
	p.settle()
}

// complete puts the verdicts on both into a record, and returns the request's.
func (p *passage) complete(r *journal.Record) journal.Breach {
	if p.header != nil {
		p.check(p.whole)
		if !p.whole && r.Why == "" {
			r.Why = "the answer was not passed on to its end"
		}
	}
	r.AnswerViolations, r.AnswerUnchecked = p.verdict.AnswerViolations, p.verdict.AnswerUnchecked
	if !p.judged {
		return p.breach(p.call.Workspace.Journal, r)
	}
	r.Judged, r.Violations = true, p.verdict.Violations
	return p.words
}

// check gives the answer its verdict.
func (p *passage) check(whole bool) {
	if p.op == nil {
		return
	}
	w := p.call.Workspace
	r := p.journalRecord(w)
	breach := w.Journal.CheckAnswer(&r, whole)
	p.verdict.AnswerViolations, p.verdict.AnswerUnchecked = r.AnswerViolations, r.AnswerUnchecked
	if breach.Words != "" {
		p.warn("the answer breaks the contract", breach)
	}
}

// buffers are those that answers are copied with.
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
