// Package problem turns what went wrong with a request into words and a
// status that every service can write in its own dialect.
package problem

import (
	"fmt"
	"time"
)

// Kind is what went wrong, in the words of the InboxOps problem codes.
type Kind string

// The kinds, each with the status the InboxOps problem table gives it.
const (
	BadRequest        Kind = "bad_request"
	Unauthorized      Kind = "unauthorized"
	Forbidden         Kind = "forbidden"
	InsufficientScope Kind = "insufficient_scope"
	NotFound          Kind = "not_found"
	MethodNotAllowed  Kind = "method_not_allowed"
	Conflict          Kind = "conflict"
	URITooLong        Kind = "uri_too_long" // ours: the table has none
	RateLimited       Kind = "rate_limit_exceeded"
	Internal          Kind = "internal_error"
	Unavailable       Kind = "service_unavailable"
)

// The kinds of a proxy whose target does not answer. No rule asks for them, and
// Kinds leaves them out.
const (
	BadGateway     Kind = "bad_gateway"
	GatewayTimeout Kind = "gateway_timeout"
)

// row is a kind with its status and the sentence a fault says when nothing better
// is known.
type row struct {
	kind   Kind
	status int
	detail string
}

// kinds lists every kind. The first kind with a status is the usual one for it.
var kinds = []row{
	{BadRequest, 400, "The request contains invalid parameters or malformed data."},
	{Unauthorized, 401, "The API key is missing, unknown, expired or revoked."},
	{Forbidden, 403, "The workspace of this API key has no API access."},
	{InsufficientScope, 403, "This API key is read-only; it may not be used for POST, PATCH or DELETE."},
	{NotFound, 404, "The requested resource was not found."},
	{MethodNotAllowed, 405, "The method is not supported here."},
	{Conflict, 409, "The request conflicts with the current state."},
	{URITooLong, 414, "The URL is longer than this server takes."},
	{RateLimited, 429, "The rate limit is exceeded; wait for the time given in Retry-After."},
	{Internal, 500, "Something went wrong on the server."},
	{Unavailable, 503, "The service is temporarily unavailable."},
	{BadGateway, 502, "The target does not answer as a server does."},
	{GatewayTimeout, 504, "The target does not answer in time."},
}

// GatewayStatuses returns the statuses with which a gateway in front of the
// services may answer in their place: redirects and errors.
func GatewayStatuses() []int { return []int{301, 302, 303, 307, 308, 403, 413, 429, 502, 503, 504} }

// gateway is how many of the kinds are those of a proxy.
const gateway = 2

// Kinds returns every kind of the services, in order of status; the usual kind of
// a status comes first.
func Kinds() []Kind {
	all := make([]Kind, len(kinds)-gateway)
	for i := range all {
		all[i] = kinds[i].kind
	}
	return all
}

// row returns the row of the kind, that of Internal for an unknown kind.
func (k Kind) row() row {
	for _, row := range kinds {
		if row.kind == k {
			return row
		}
	}
	return Internal.row()
}

// Status returns the HTTP status of the kind, 500 for an unknown one.
func (k Kind) Status() int { return k.row().status }

// Detail returns the sentence that describes the kind when nothing more is
// known of the request.
func (k Kind) Detail() string { return k.row().detail }

// Error is one refusal of a request.
type Error struct {
	Kind   Kind
	Detail string // one sentence about this request
	// Fields names each parameter or body member that is wrong; a BadRequest
	// has at least one.
	Fields []Field
	// RetryAfter is in whole seconds; nil leaves the header out. A RateLimited
	// error always has one.
	RetryAfter *int
	// RetryAt, when set, is an instant that Retry-After shows instead of
	// seconds.
	RetryAt time.Time
	// Allow lists the methods of the path, on MethodNotAllowed.
	Allow string
	// Why tells the tester which key state, rule, limit or parameter caused
	// this answer; a real service would not say so.
	Why string
	// Reconnect says that linking GitHub again may help; AppHandoff writes it.
	Reconnect bool
}

// Field is one wrong parameter: its name, and what would be valid.
type Field struct {
	Name    string
	Message string
}

// New returns an Error of the kind with its usual detail.
func New(kind Kind) *Error {
	return &Error{Kind: kind, Detail: kind.Detail()}
}

// Newf returns an Error of the kind with a detail of its own.
func Newf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}

// Invalid returns a BadRequest about the fields; the first one is its detail.
func Invalid(fields ...Field) *Error {
	e := &Error{Kind: BadRequest, Detail: BadRequest.Detail(), Fields: fields, Why: "request"}
	if len(fields) > 0 {
		e.Detail = fields[0].Name + ": " + fields[0].Message
		e.Why = "parameter " + fields[0].Name
	}
	return e
}

// Because sets Why and returns the error.
func (e *Error) Because(why string) *Error {
	e.Why = why
	return e
}

// Error returns the kind and the detail.
func (e *Error) Error() string {
	return string(e.Kind) + ": " + e.Detail
}
