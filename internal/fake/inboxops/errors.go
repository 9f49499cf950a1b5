package inboxops

import (
	"net/http"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

// problemBase is the address that the type of a problem starts with.
const problemBase = "https://docs.inboxops.app/api/problems/"

// problemBody is the dialect of the documentation's prose (RFC 7807).
type problemBody struct {
	Type     string   `json:"type"`
	Title    string   `json:"title"`
	Status   int      `json:"status"`
	Detail   string   `json:"detail"`
	Code     string   `json:"code"`
	Instance string   `json:"instance"`
	Errors   []detail `json:"errors,omitempty"`
}

// sampleBody is the dialect of the documentation's samples.
type sampleBody struct {
	Error      string   `json:"error"`
	Message    string   `json:"message"`
	Code       int      `json:"code"`
	Details    []detail `json:"details,omitempty"`
	RetryAfter *int     `json:"retryAfter,omitempty"`
}

// detail names one wrong parameter.
type detail struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// AppendError appends an error in the dialect of the call.
func (Service) AppendError(b []byte, c *service.Call, e *problem.Error) (body []byte, contentType string) {
	status := e.Kind.Status()
	var details []detail
	for _, field := range e.Fields {
		details = append(details, detail{Field: field.Name, Message: field.Message})
	}
	if c.Format == workspace.FormatSample {
		return service.AppendJSON(b, sampleBody{
			Error: http.StatusText(status), Message: e.Detail, Code: status,
			Details: details, RetryAfter: e.RetryAfter,
		}), "application/json"
	}
	return service.AppendJSON(b, problemBody{
		Type: problemBase + string(e.Kind), Title: http.StatusText(status), Status: status,
		Detail: e.Detail, Code: string(e.Kind), Instance: problemBase + "instances/" + c.RequestID,
		Errors: details,
	}), "application/problem+json"
}
