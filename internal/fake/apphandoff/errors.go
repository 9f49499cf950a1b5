package apphandoff

import (
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
)

// codes are our own: the documentation prints none for this operation
// (choice D23).
var codes = map[problem.Kind]string{
	problem.BadRequest:        "VALIDATION_ERROR",
	problem.Unauthorized:      "UNAUTHENTICATED",
	problem.Forbidden:         "FORBIDDEN",
	problem.InsufficientScope: "FORBIDDEN",
	problem.NotFound:          "NOT_FOUND",
	problem.MethodNotAllowed:  "METHOD_NOT_ALLOWED",
	problem.Conflict:          "CONFLICT",
	problem.URITooLong:        "URI_TOO_LONG",
	problem.RateLimited:       "RATE_LIMITED",
	problem.Internal:          "INTERNAL_ERROR",
	problem.Unavailable:       "SERVICE_UNAVAILABLE",
	problem.BadGateway:        "BAD_GATEWAY",
	problem.GatewayTimeout:    "GATEWAY_TIMEOUT",
}

// Code returns the machine code of a kind.
func (Service) Code(kind problem.Kind) string {
	return codes[kind]
}

// errorBody is the documented error.
type errorBody struct {
	Error       string            `json:"error"`
	Code        string            `json:"code"`
	FieldErrors map[string]string `json:"fieldErrors,omitempty"`
	Issues      []issue           `json:"issues,omitempty"`
	RetryAfter  *int              `json:"retryAfter,omitempty"`
	Reconnect   bool              `json:"reconnect,omitempty"`
}

// issue is one validation issue.
type issue struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// AppendError appends an error; fieldErrors has the first message of each
// field, issues all of them.
func (Service) AppendError(b []byte, _ *service.Call, e *problem.Error) (body []byte, contentType string) {
	out := errorBody{Error: e.Detail, Code: codes[e.Kind], RetryAfter: e.RetryAfter, Reconnect: e.Reconnect}
	for _, field := range e.Fields {
		if out.FieldErrors == nil {
			out.FieldErrors = map[string]string{}
		}
		if _, said := out.FieldErrors[field.Name]; !said {
			out.FieldErrors[field.Name] = field.Message
		}
		out.Issues = append(out.Issues, issue{Path: field.Name, Message: field.Message})
	}
	return service.AppendJSON(b, out), "application/json"
}
