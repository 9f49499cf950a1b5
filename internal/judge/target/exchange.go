package target

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/curl"
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/openapi"
)

// Exchange is one request and what came back. It holds secrets; Evidence does not.
type Exchange struct {
	API         clause.API
	OperationID string // "" when the request is of no documented operation
	Method      string
	URL         string
	Header      http.Header
	Brought     []string // names of headers of the Config that were sent, too
	Body        []byte

	Status         int // 0 when nothing came back
	ResponseHeader http.Header
	ResponseBody   []byte
	At             time.Time // of the answer
	Duration       time.Duration
	Err            error // why nothing came back
	Violations     []openapi.Violation

	value any // of the body, nil until it was decoded
}

// JSON returns the value of the answer's body, with numbers as json.Number. It
// is decoded only once, so nobody may change it.
func (e *Exchange) JSON() (any, error) {
	if e.value != nil {
		return e.value, nil
	}
	value, err := Decode(e.ResponseBody)
	e.value = value
	return value, err
}

// Decode reads one JSON value with its numbers as json.Number.
func Decode(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the body is empty")
		}
		return nil, fmt.Errorf("the body is not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON value")
	}
	return v, nil
}

// head is how much of a body is kept as evidence.
const head = 4 << 10

// Evidence is an exchange as a report shows it: masked and shortened.
type Evidence struct {
	Method         string        `json:"method"`
	URL            string        `json:"url"`
	Header         []string      `json:"header"` // lines "Name: value"
	Body           string        `json:"body,omitempty"`
	Status         int           `json:"status,omitempty"`
	ResponseHeader []string      `json:"response_header,omitempty"`
	ResponseBody   string        `json:"response_body,omitempty"`
	Error          string        `json:"error,omitempty"`
	Duration       time.Duration `json:"duration_ns"`
	Curl           string        `json:"curl"`
}

// Evidence masks and shortens the exchange.
func (e *Exchange) Evidence(m *Mask) Evidence {
	out := Evidence{
		Method: e.Method, URL: m.Text(e.URL), Header: append(lines(e.Header, m), e.brought()...), Body: shorten(e.Body, m),
		Status: e.Status, ResponseHeader: lines(e.ResponseHeader, m), ResponseBody: shorten(e.ResponseBody, m),
		Duration: e.Duration, Curl: e.Curl(m),
	}
	if e.Err != nil {
		out.Error = m.Text(e.Err.Error())
	}
	return out
}

// Name is the method and the address below the origin, masked.
func (e *Exchange) Name(m *Mask) string { return e.Method + m.Text(below(e.URL)) }

// Name is the method and the address below the origin.
func (e Evidence) Name() string { return e.Method + below(e.URL) }

// below returns a blank and the address below its origin, "" for anything but
// an address.
func below(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return " " + u.RequestURI()
}

// Curl is a command line that sends the request again, with the key as a
// shell variable.
func (e *Exchange) Curl(m *Mask) string {
	words := append([]string{"curl", "-i"}, curl.Options(e.Method, e.URL, len(e.Body) > 0)...)
	for _, line := range headerLines(e.Header) {
		switch pair, basic := basicPair(line, m); {
		case basic:
			words = append(words, "-u", quote(pair))
		case !strings.HasPrefix(line, "User-Agent:"):
			words = append(words, "-H", quote(m.Text(line)))
		}
	}
	for _, line := range e.brought() {
		words = append(words, "-H", quote(line))
	}
	if len(e.Body) > 0 {
		words = append(words, "--data-binary", quote(m.Text(string(e.Body))))
	}
	return strings.Join(append(words, quote(m.Text(e.URL))), " ")
}

// brought are the headers of the Config as lines without their values.
func (e *Exchange) brought() []string {
	var all []string
	for _, name := range e.Brought {
		all = append(all, name+": (not shown)")
	}
	return all
}

// basicPair returns what a header of Basic authentication encodes, masked, and
// whether there is a secret in it, in which case the header cannot simply be
// sent again with a variable in its place.
func basicPair(line string, m *Mask) (string, bool) {
	encoded, basic := strings.CutPrefix(line, "Authorization: Basic ")
	plain, err := base64.StdEncoding.DecodeString(encoded)
	if !basic || err != nil {
		return "", false
	}
	pair := m.Text(string(plain))
	return pair, pair != string(plain)
}

// quote writes a shell word in which only variables named by a Mask expand.
func quote(s string) string {
	const sign, form = "$MOCKDESK_", "${MOCKDESK_"
	if !strings.Contains(s, sign) && !strings.Contains(s, form) {
		return curl.Quote(s)
	}
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", sign, sign, form, form, "$", `\$`).Replace(s)
	return `"` + escaped + `"`
}

// lines are the headers as masked lines; cookies are never shown.
func lines(h http.Header, m *Mask) []string {
	all := headerLines(h)
	for i, line := range all {
		if strings.HasPrefix(line, "Set-Cookie: ") {
			line = "Set-Cookie: (not shown)"
		}
		all[i] = m.Text(line)
	}
	return all
}

// headerLines are the headers as sorted lines.
func headerLines(h http.Header) []string {
	var all []string
	for name, values := range h {
		for _, v := range values {
			all = append(all, name+": "+v)
		}
	}
	slices.Sort(all)
	return all
}

// shorten is the head of a body as masked text.
func shorten(body []byte, m *Mask) string { return m.Cut(string(body[:min(len(body), 16*head)]), head) }
