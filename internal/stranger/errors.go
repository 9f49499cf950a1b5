package stranger

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// failure is a refusal that is not yet in the words of a service.
type failure struct {
	status int
	code   string // "" is the usual code of the status
	field  string // the parameter or member at fault
	detail string
	wait   time.Duration // 429
	allow  string        // 405
}

// codes are the problem codes by status; 415, 422 and 410 are in no table of the documentation.
var codes = map[int]string{
	400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
	410: "gone", 415: "unsupported_media_type", 422: "unprocessable", 429: "rate_limit_exceeded",
}

// bad refuses a parameter or member.
func bad(field, format string, args ...any) *failure {
	return &failure{status: 400, field: field, detail: fmt.Sprintf(format, args...)}
}

// chosen is bad unless the option says 200; any other status is used as it is.
func chosen(option int, field, detail string) *failure {
	if option == 200 {
		return nil
	}
	return &failure{status: cmp.Or(option, 400), field: field, detail: detail}
}

// refusal writes a failure in the dialect of the service that was asked.
func (s *Server) refusal(c *call, f *failure) answer {
	a := answer{status: f.status, kind: "application/json", header: map[string]string{}}
	seconds := int((f.wait + time.Second - 1) / time.Second)
	if f.status == 429 && s.o.RetryAfter == "" {
		a.header["Retry-After"] = strconv.Itoa(seconds)
	}
	if f.status == 429 && s.o.RetryAfter == "date" {
		a.header["Retry-After"] = c.now.Add(f.wait + time.Second - 1).UTC().Format(http.TimeFormat)
	}
	if f.status == 405 {
		a.header["Allow"] = f.allow
	}
	if f.status == 401 && s.o.Challenge {
		a.header["WWW-Authenticate"] = `Bearer realm="api"`
	}
	code := cmp.Or(f.code, codes[f.status])
	switch {
	case c.other:
		a.body = s.handoffError(f, code, seconds)
	case s.o.Dialect == "":
		a.kind, a.body = "application/problem+json", s.problem(c, f, code)
	default:
		a.body = s.sample(f, code, seconds)
	}
	return a
}

func (s *Server) problem(c *call, f *failure, code string) object {
	o := object{
		"type": "https://docs.inboxops.app/api/problems/" + code, "title": http.StatusText(f.status),
		"status": f.status, "detail": f.detail, "code": code,
	}
	if s.o.Instance && c.id != "" && s.o.RequestID != "twice" {
		o["instance"] = "https://docs.inboxops.app/api/problems/instances/" + c.id
	}
	if s.o.FieldsExt && f.status == 400 {
		o["errors"] = []object{{"field": f.field, "message": f.detail}}
	}
	return s.extra(o)
}

func (s *Server) sample(f *failure, code string, seconds int) object {
	o := object{"error": http.StatusText(f.status), "message": f.detail, "code": f.status}
	switch s.o.Dialect {
	case "sample-word":
		o["code"] = code
	case "sample-bare":
		delete(o, "code")
	}
	if f.status == 400 {
		o["details"] = []object{{"field": f.field, "message": f.detail}}
	}
	if f.status == 429 {
		o["retryAfter"] = seconds
	}
	return s.extra(o)
}

func (s *Server) handoffError(f *failure, code string, seconds int) object {
	o := object{"error": f.detail}
	if !s.o.NoCodes {
		o["code"] = "E_" + code
	}
	if f.field != "" && (s.o.Issues == "" || s.o.Issues == "fields") {
		o["fieldErrors"] = map[string]string{f.field: f.detail}
	}
	if f.field != "" && (s.o.Issues == "" || s.o.Issues == "issues") {
		o["issues"] = []object{{"path": f.field, "message": f.detail}}
	}
	if f.status == 429 && !s.o.NoRetryInBody {
		o["retryAfter"] = float64(seconds)
	}
	if f.status == 401 && s.o.Reconnect {
		o["reconnect"] = false
	}
	return s.extra(o)
}

// extra adds a member nobody documented.
func (s *Server) extra(o object) object {
	if s.o.Extra {
		o["x_trace"] = object{"node": "b2", "ids": []int{1, 2}}
	}
	return o
}
