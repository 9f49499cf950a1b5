package journal

import (
	"cmp"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Archive is an HTTP archive (HAR 1.2), as browsers and proxies read it.
type Archive struct {
	Log harLog `json:"log"`
}

type harLog struct {
	Version string     `json:"version"`
	Creator harCreator `json:"creator"`
	Entries []harEntry `json:"entries"`
	Comment string     `json:"comment,omitempty"`
}

type harCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type harEntry struct {
	Started  string      `json:"startedDateTime"`
	Time     float64     `json:"time"` // milliseconds
	Request  harRequest  `json:"request"`
	Response harResponse `json:"response"`
	Cache    struct{}    `json:"cache"`
	Timings  harTimings  `json:"timings"`
	Comment  string      `json:"comment,omitempty"`
	Mockdesk harVerdict  `json:"_mockdesk"`
}

type harRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []harPair `json:"cookies"`
	Headers     []harPair `json:"headers"`
	Query       []harPair `json:"queryString"`
	Body        *harBody  `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int64     `json:"bodySize"`
}

type harResponse struct {
	Status      int       `json:"status"`
	StatusText  string    `json:"statusText"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []harPair `json:"cookies"`
	Headers     []harPair `json:"headers"`
	Content     harBody   `json:"content"`
	RedirectURL string    `json:"redirectURL"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harBody struct {
	Size     *int   `json:"size,omitempty"` // of a response
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// harVerdict is what the HAR format has no member for.
type harVerdict struct {
	Seq        uint64      `json:"seq"`
	Service    string      `json:"service"`
	Operation  string      `json:"operation"`
	KeyKind    string      `json:"key_kind,omitempty"`
	Rule       string      `json:"rule,omitempty"`
	Violations []Violation `json:"violations"`
	Unchecked  string      `json:"unchecked,omitempty"`

	AnswerViolations []Violation `json:"answer_violations,omitempty"`
	AnswerUnchecked  string      `json:"answer_unchecked,omitempty"`
}

// HAR returns the entries as an archive made by the given version of mockdesk.
// Header sizes are not known (-1), times are on the workspace's clock, and a
// broken connection has the status 0.
func HAR(version string, entries []Entry) Archive {
	log := harLog{
		Version: "1.2", Creator: harCreator{Name: "mockdesk", Version: version}, Entries: make([]harEntry, 0, len(entries)),
	}
	for _, e := range entries {
		log.Entries = append(log.Entries, e.har())
	}
	return Archive{Log: log}
}

func (e Entry) har() harEntry {
	proto := cmp.Or(e.Proto, "HTTP/1.1")
	size := e.ResponseBytes
	out := harEntry{
		Started: e.At.UTC().Format("2006-01-02T15:04:05.000Z07:00"), Time: e.Duration,
		Request: harRequest{
			Method: e.Method, URL: e.origin() + e.URL, HTTPVersion: proto, Cookies: []harPair{}, Headers: harHeaders(e.RequestHeader),
			Query: e.harQuery(), HeadersSize: -1, BodySize: e.RequestBytes,
		},
		Response: harResponse{
			Status: e.Status, StatusText: http.StatusText(e.Status), HTTPVersion: proto, Cookies: []harPair{},
			Headers: harHeaders(e.ResponseHeader), Content: harText(e.ResponseBody, e.ResponseHeader, e.ResponseCut),
			RedirectURL: e.ResponseHeader.Get("Location"), HeadersSize: -1, BodySize: size,
		},
		Timings: harTimings{Wait: e.Duration},
		Comment: e.Why,
		Mockdesk: harVerdict{
			Seq: e.Seq, Service: e.Service, Operation: e.Operation, KeyKind: e.KeyKind, Rule: e.Rule,
			Violations: e.Violations, Unchecked: e.Unchecked, AnswerViolations: e.AnswerViolations, AnswerUnchecked: e.AnswerUnchecked,
		},
	}
	out.Response.Content.Size = &size
	if e.RequestBytes != 0 {
		body := harText(e.RequestBody, e.RequestHeader, e.RequestCut)
		out.Request.Body = &body
	}
	return out
}

// origin is what stands before the path in an address.
func (e Entry) origin() string {
	if e.Host == "" {
		return "http://mockdesk.invalid"
	}
	return cmp.Or(e.Scheme, "http") + "://" + e.Host
}

// harText writes a body, as base64 if it is not text. The format has an
// encoding for responses alone; for requests it is an extension.
func harText(body string, header http.Header, cut bool) harBody {
	out := harBody{MimeType: header.Get("Content-Type"), Text: body}
	if !utf8.ValidString(body) {
		out.Text, out.Encoding = base64.StdEncoding.EncodeToString([]byte(body)), "base64"
	}
	if cut {
		out.Comment = "only the beginning was kept"
	}
	return out
}

func harHeaders(h http.Header) []harPair {
	pairs := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			pairs = append(pairs, harPair{name, value})
		}
	}
	return pairs
}

// harQuery lists the query's parameters in their order, decoded where they can
// be.
func (e Entry) harQuery() []harPair {
	pairs := []harPair{}
	_, query, _ := strings.Cut(e.URL, "?")
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, harPair{decoded(name), decoded(value)})
	}
	return pairs
}

func decoded(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
