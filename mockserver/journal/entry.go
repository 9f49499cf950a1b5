package journal

import (
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/openapi"
)

// Entry is one exchange for those who read the journal: secrets are masked,
// and the verdict on the request is there.
type Entry struct {
	Seq       uint64    `json:"seq"` // ascending from 1
	RequestID string    `json:"request_id,omitempty"`
	At        time.Time `json:"at"`          // when the request came, on the workspace's clock
	Duration  float64   `json:"duration_ms"` // in milliseconds, on the machine's clock
	Service   string    `json:"service"`     // a contract's name, empty for an address of neither
	Operation string    `json:"operation"`   // an operationId, empty when there is none
	Method    string    `json:"method"`
	Scheme    string    `json:"scheme,omitempty"` // https; empty means http
	Host      string    `json:"host,omitempty"`
	URL       string    `json:"url"` // path and query
	Proto     string    `json:"proto,omitempty"`
	Key       string    `json:"key,omitempty"` // masked, such as ixk_…te
	KeyKind   string    `json:"key_kind,omitempty"`

	RequestHeader http.Header `json:"request_header"`
	HeaderCut     bool        `json:"request_header_cut,omitempty"` // the header was not kept whole
	RequestBody   string      `json:"request_body,omitempty"`       // its beginning
	RequestBytes  int64       `json:"request_bytes"`                // its whole length, -1 when that is unknown
	RequestCut    bool        `json:"request_cut,omitempty"`        // the body was not kept whole

	Status         int         `json:"status"` // 0 when the connection was broken before an answer
	ResponseHeader http.Header `json:"response_header"`
	ResponseBody   string      `json:"response_body,omitempty"` // its beginning
	ResponseBytes  int         `json:"response_bytes"`          // its whole length as it was sent
	ResponseCut    bool        `json:"response_cut,omitempty"`  // the body was not kept whole

	Why        string      `json:"why,omitempty"`       // what made this answer
	Rule       string      `json:"rule,omitempty"`      // the id of the fault rule that fired
	RuleName   string      `json:"rule_name,omitempty"` // what that rule was called
	Violations []Violation `json:"violations"`          // how the request departs from the contract
	Allowed    []Violation `json:"allowed,omitempty"`   // violations that it marks as intended, see AllowHeader
	Unchecked  string      `json:"unchecked,omitempty"` // the part of the request that the verdict leaves out, and why

	// AnswerViolations says how the answer of the server behind a proxy departs
	// from the contract; AnswerUnchecked is what that verdict leaves out.
	AnswerViolations []Violation `json:"answer_violations,omitempty"`
	AnswerUnchecked  string      `json:"answer_unchecked,omitempty"`

	// KeyVariable is the environment variable that Curl takes the key from; empty
	// means MOCKDESK_KEY.
	KeyVariable string `json:"-"`
}

// Violation is one way in which a request or an answer departs from the contract.
type Violation = openapi.Violation

// Ref names an exchange where the whole Entry would be too much.
type Ref struct {
	Seq    uint64    `json:"seq"`
	At     time.Time `json:"at"`
	Method string    `json:"method"`
	URL    string    `json:"url"`
	Status int       `json:"status"`
}

// entry returns the exchange with its verdict.
func (x *exchange) entry() Entry {
	x.judge()
	return x.describe()
}

// describe returns the exchange with the verdict there is.
func (x *exchange) describe() Entry {
	m := x.masker()
	responseCut := len(x.ResponseBody) < x.responseBytes
	e := Entry{
		Seq: x.seq, RequestID: m.text(x.RequestID), At: x.At.UTC(), Duration: float64(x.Duration) / float64(time.Millisecond),
		Service: x.Service, Operation: x.Operation,
		Method: m.text(x.Method), Scheme: x.Scheme, Host: m.text(x.Host), URL: m.address(x.Path, x.Query), Proto: x.Proto,
		KeyKind:       x.KeyKind,
		RequestHeader: m.header(x.RequestHeader), HeaderCut: x.headerCut, RequestBytes: x.RequestBytes,
		RequestBody: m.text(beginning(x.RequestBody, x.cut())), RequestCut: x.cut(),
		Status: x.Status, ResponseHeader: m.header(x.ResponseHeader), ResponseBytes: x.responseBytes,
		ResponseBody: m.text(beginning(x.ResponseBody, responseCut)), ResponseCut: responseCut,
		Why: m.text(x.Why), Rule: x.Rule, RuleName: m.text(x.RuleName), Unchecked: x.unchecked, AnswerUnchecked: x.AnswerUnchecked,
		Violations: append([]Violation{}, m.violations(x.violations)...), Allowed: m.violations(x.allowed), AnswerViolations: m.violations(x.AnswerViolations),
	}
	if key := x.key(); key != "" {
		e.Key, e.KeyVariable = auth.Mask(key), x.journal.config.Variables[key]
	}
	return e
}

// violations returns violations without secrets, nil when there are none.
func (m masker) violations(found []Violation) (masked []Violation) {
	for _, v := range found {
		v.Where, v.Got, v.Reason, v.Hint = clip(m.text(v.Where)), m.text(v.Got), m.text(v.Reason), m.text(v.Hint)
		masked = append(masked, v)
	}
	return masked
}

func (x *exchange) ref() Ref {
	m := x.masker()
	return Ref{Seq: x.seq, At: x.At.UTC(), Method: m.text(x.Method), URL: m.address(x.Path, x.Query), Status: x.Status}
}

// beginning returns a kept body as text; where it was cut inside a character,
// that one is left out.
func beginning(body []byte, cut bool) string {
	for range utf8.UTFMax - 1 {
		if r, size := utf8.DecodeLastRune(body); !cut || r != utf8.RuneError || size != 1 {
			break
		}
		body = body[:len(body)-1]
	}
	return string(body)
}

// clip bounds the name of a place, which a client may choose.
func clip(where string) string {
	return shorten(where, 120)
}

// shorten bounds the number of characters of a text.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most-1]) + "…"
	}
	return text
}
