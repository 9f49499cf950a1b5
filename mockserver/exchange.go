package mockserver

import (
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// exchange is one request on its way to an answer. It is the ResponseWriter
// that the routes are given.
type exchange struct {
	http.ResponseWriter
	server  *Server
	request *http.Request
	call    service.Call
	service service.Service
	prefer  fault.Prefer
	badPref *problem.Error
	// preferred says that what prefer asks for was done.
	preferred bool
	effect    fault.Effect
	op        *service.Operation
	number    int // of the operation in the order of Server.operations, from 1; 0 for none
	step      step
	started   time.Time
	began     uint64    // see journal.Record
	came      time.Time // see journal.Record
	tap       bodyTap
	peeked    []byte // of the request's body
	why       string
	status    int
	body      []byte
	sent      int                  // bytes of body
	tester    *workspace.Workspace // see Server.look; nil for what clients send
	recorded  bool                 // or not to be
	left      bool                 // the requests in flight
	passage   *passage             // on the way through a proxy
}

var exchanges = sync.Pool{New: func() any { return new(exchange) }}

// maxKept is the size up to which a body buffer is reused.
const maxKept = 256 << 10

// newExchange prepares the answer to a request.
func newExchange(s *Server, w http.ResponseWriter, r *http.Request, id string) *exchange {
	x := exchanges.Get().(*exchange)
	*x = exchange{
		ResponseWriter: w, server: s, request: r, service: s.serviceOf(r.URL.Path), started: s.config.Now(),
		body: x.body[:0], call: service.Call{Request: r, RequestID: id, Params: x.call.Params[:0], Rows: x.call.Rows[:0], Format: s.config.ErrorFormat},
	}
	if r.Body != nil && r.Body != http.NoBody {
		x.tap.ReadCloser = r.Body
		r.Body = &x.tap
	}
	if prefer := r.Header["Prefer"]; len(prefer) > 0 {
		x.prefer, x.badPref = fault.ParsePrefer(prefer)
		if x.prefer.ErrorFormat != "" {
			x.call.Format = x.prefer.ErrorFormat
		}
	}
	return x
}

// finish ends the exchange. A panic is a bug, and the client still gets an
// answer that the contract allows. A fault, however, breaks connections by
// panicking with http.ErrAbortHandler, which is passed on to the server.
func (x *exchange) finish() {
	p := recover()
	if p != nil && p != http.ErrAbortHandler {
		x.server.config.Logger.Error("panic", "request_id", x.call.RequestID, "panic", p, "stack", string(debug.Stack()))
		if x.status == 0 {
			x.effect.Then = nil // the fault may be what panicked
			x.refuse(problem.New(problem.Internal))
		}
	}
	x.settle() // where no answer was written
	x.leave()
	if cap(x.body) <= maxKept {
		exchanges.Put(x)
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
}

// settle counts, records and logs the exchange, once. It comes before the
// answer is written, so that a client that has read the whole answer finds the
// exchange in the journal.
func (x *exchange) settle() {
	if x.recorded {
		return
	}
	x.recorded = true
	x.overhear()
	took := x.server.config.Now().Sub(x.started)
	x.meter(took)
	breach := x.toJournal(took)
	x.log(took, breach)
	x.leave()
}

// leave says that the exchange is no longer in flight, once.
func (x *exchange) leave() {
	if !x.left {
		x.left = true
		x.server.metrics.End()
	}
}

// operate answers a request to an operation.
func (x *exchange) operate(op *service.Operation, r *http.Request) {
	x.op, x.call.Request = op, r
	if x.server.config.Target != nil {
		x.relay(op)
		return
	}
	body, err := x.answer(op)
	if err != nil {
		x.fail(err)
		return
	}
	x.body = body
	x.write(op.Success, "application/json")
}

// answer takes the steps in the order of choice A5: 401, fault, 403, 429, then
// what the operation itself checks.
func (x *exchange) answer(op *service.Operation) ([]byte, error) {
	if x.tester != nil {
		x.call.Workspace, x.call.Now, x.call.Tester = x.tester, x.tester.Now(), true
		return x.handle(op)
	}
	x.step = stepKey
	if e := x.authenticate(op.Service.Name()); e != nil {
		return nil, e
	}
	x.step = stepFault
	if e := x.fault(op); e != nil {
		return nil, e
	}
	within, retryAfter := x.call.Key.Window.Take(x.call.Now)
	x.step = stepAccess
	if e := x.call.Key.Authorize(x.request.Method); e != nil {
		return nil, e
	}
	x.step = stepRateLimit
	if !within {
		return nil, limited(retryAfter)
	}
	return x.handle(op)
}

// handle lets the operation check its parameters and answer.
func (x *exchange) handle(op *service.Operation) ([]byte, error) {
	x.step = stepOperation
	params, bad := service.AppendParams(x.call.Params, x.request.URL.RawQuery)
	x.call.Params = params
	if bad != nil {
		x.call.Undecodable = bad.Fields // reported after the 404, like all wrong parameters
	}
	return op.Handle(&x.call, x.body)
}

// authenticate finds the key of the request and the workspace it opens.
func (x *exchange) authenticate(service string) *problem.Error {
	digest, refusal := auth.Token(x.request.Header.Get("Authorization"))
	if refusal != nil {
		return refusal
	}
	w, key := x.server.workspaces.Find(digest)
	if key == nil || key.Service != service {
		return problem.Newf(problem.Unauthorized, "This API key is not known here; /_mockdesk/catalog lists the keys.").Because("key unknown")
	}
	x.enter(w, key)
	return key.Authenticate()
}

// enter makes the exchange one of a workspace, at the time that its clock shows.
func (x *exchange) enter(w *workspace.Workspace, key *auth.Key) {
	x.call.Workspace, x.call.Key, x.call.Now = w, key, w.Now()
	x.began, x.came = w.Begin(), w.Clock.Steady(x.call.Now)
	if x.prefer.ErrorFormat == "" {
		x.call.Format = w.ErrorFormat
	}
}

// limited returns the refusal of a request that exceeds the limit.
func limited(retryAfter int) *problem.Error {
	e := problem.New(problem.RateLimited).Because("rate limit")
	e.RetryAfter = &retryAfter
	return e
}

// fault does what the request asked for with Prefer, or else what the rules
// in force say.
func (x *exchange) fault(op *service.Operation) *problem.Error {
	if x.badPref != nil {
		return x.badPref
	}
	if x.prefer.ErrorFormat != "" && op.Service.Name() != auth.InboxOps {
		x.prefer.Drop(preferFormat)
	}
	effect, refusal := x.prefer.Effect(op.Listed, op.Service)
	if refusal != nil {
		return refusal
	}
	x.preferred = x.prefer.Applied() != ""
	if effect == (fault.Effect{}) {
		effect = x.call.Workspace.Faults.Decide(&fault.Request{
			Service: op.Service.Name(), Operation: op.ID, Method: x.request.Method, Path: x.request.URL.Path,
			Query: x.request.URL.RawQuery, Details: details{x}, Key: x.call.Key.Secret, KeyKind: string(x.call.Key.Kind), Header: x.request.Header,
		}, x.call.Now)
	}
	x.effect = effect
	if effect.Delay > 0 {
		if err := x.wait(effect.Delay); err != nil {
			panic(http.ErrAbortHandler) // the client is gone
		}
	}
	if effect.Then != nil && effect.Then.Connection != "" {
		x.disconnect(effect.Then.Connection)
	}
	return effect.Refuse
}
