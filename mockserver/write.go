package mockserver

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// fail answers with an error; one that is not a *problem.Error is a bug.
func (x *exchange) fail(err error) {
	var e *problem.Error
	if !errors.As(err, &e) {
		x.server.config.Logger.Error("handler failed", "request_id", x.call.RequestID, "error", err)
		e = problem.New(problem.Internal)
	}
	x.refuse(e)
}

// unrouted answers a request for an address that nothing serves.
func (x *exchange) unrouted() {
	reference := "/_mockdesk/reference lists"
	if x.server.config.Console == nil {
		reference = "the documents in github.com/mockdesk/mockdesk/openapi list"
	}
	x.refuse(problem.Newf(problem.NotFound, "Nothing is served at %s; %s what is.", x.request.URL.Path, reference))
}

// refuse writes an error in the dialect of the service.
func (x *exchange) refuse(e *problem.Error) {
	header := x.Header()
	switch {
	case e.Kind == problem.Unauthorized:
		header.Set("WWW-Authenticate", "Bearer")
	case e.Allow != "":
		header.Set("Allow", e.Allow)
	}
	switch {
	case !e.RetryAt.IsZero():
		header.Set("Retry-After", e.RetryAt.UTC().Format(http.TimeFormat))
		header.Set("Date", x.call.Now.UTC().Format(http.TimeFormat)) // the other date is relative to this one
	case e.RetryAfter != nil:
		header.Set("Retry-After", strconv.Itoa(*e.RetryAfter))
	}
	x.why = why(e)
	if e.Why != "" && e.Kind != problem.BadRequest && e.Kind != problem.NotFound {
		header.Set(WhyHeader, e.Why)
	}
	var contentType string
	x.body, contentType = x.service.AppendError(x.body[:0], &x.call, e)
	x.write(e.Kind.Status(), contentType)
}

// BreachHeader says on any answer how its request broke the contract.
const BreachHeader = "Mockdesk-Breach"

// WhyHeader tells the tester which key state, limit or fault made a 401, 403,
// 429 or 5xx.
const WhyHeader = "Mockdesk-Why"

// preferFormat is the preference that InboxOps alone has.
const preferFormat = "error-format"

// miss reports the actions of a rule that changed nothing.
func (x *exchange) miss() {
	why := "fault " + x.effect.Rule
	if x.why != "" && x.why != why {
		why = x.why + "; " + why
	}
	x.why = why + "; " + x.effect.Missed
	x.Header().Set(WhyHeader, x.why)
	if len(x.effect.Actions()) == 0 {
		x.call.Workspace.Faults.Miss(&x.effect)
	}
}

// write sends the status and the body, broken if a fault asks for it.
func (x *exchange) write(status int, contentType string) {
	header := x.Header()
	values := &[2]string{contentType} // one allocation for both headers
	header["Content-Type"] = values[:1:1]
	if x.preferred {
		header.Set("Preference-Applied", x.prefer.Applied())
	}
	body, end, stall, rate := x.body, len(x.body), false, 0
	if x.effect.Then != nil {
		answer := fault.Answer{Status: status, Header: header, Body: body, Head: x.request.Method == http.MethodHead}
		x.effect.Change(&answer)
		if x.effect.Missed != "" {
			x.miss()
		}
		status, body, end, stall, rate = answer.Status, answer.Body, answer.End, answer.Stall, answer.Rate
	}
	values[1] = strconv.Itoa(len(body))
	header["Content-Length"] = values[1:]
	x.status = status
	x.body, x.sent = body, end
	if rate > 0 {
		x.trickle(body[:end], rate)
	} else {
		x.settle()
		x.send(status, body[:end])
	}
	if end < len(body) {
		x.breakOff(stall)
	}
}

// send sends the status and the body; a client that has left needs no answer.
func (x *exchange) send(status int, body []byte) {
	tcp := connected(x.request).tcp
	if tcp != nil {
		tcp.gather()
	}
	x.WriteHeader(status)
	_, _ = x.Write(body)
	if tcp != nil {
		tcp.release(x.ResponseWriter, tcp.TCPConn)
	}
}
