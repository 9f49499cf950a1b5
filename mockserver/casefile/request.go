package casefile

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/header"
)

// MostRequests is how many requests a case may have.
const MostRequests = 1000

// The keys of requests that no workspace knows.
const (
	UnknownKey   = "unknown"   // a bearer token that does not exist
	MalformedKey = "malformed" // an Authorization that is not a bearer token
)

// Request is a request that belongs to a case, with the answer that it got.
type Request struct {
	At time.Time `json:"at,omitzero"` // by the workspace's clock; zero when that is not known
	// Left says that it is not replayed: it came before the state that the case
	// describes, or was not kept whole.
	Left bool `json:"left,omitempty"`
	// Changes are what testers did before it came.
	Changes []Change    `json:"changes,omitempty"`
	Key     string      `json:"key,omitempty"` // by kind, as in keys, UnknownKey or MalformedKey; empty for none
	Method  string      `json:"method"`
	URL     string      `json:"url"` // path and query
	Header  http.Header `json:"header,omitempty"`
	Body    string      `json:"body,omitempty"`
	Fault   string      `json:"fault,omitempty"` // the name of the rule that fired
	// Breaches says how it departs from the contract.
	Breaches []string `json:"breaches,omitempty"`
	Answer   Answer   `json:"answer"`
}

// Answer is what a request got.
type Answer struct {
	Status int         `json:"status"` // 0 when the connection was broken before one
	Header http.Header `json:"header,omitempty"`
	Body   string      `json:"body,omitempty"` // only its beginning if Bytes is larger
	Bytes  int         `json:"bytes"`          // of the body as it was sent
	// Promised is the Content-Length of a body that broke off.
	Promised int `json:"promised,omitempty"`
	// Breaches are those of a real server, as seen by a proxy.
	Breaches []string `json:"breaches,omitempty"`
}

// Requests returns the requests of the case, in their order.
func (c Case) Requests() []Request {
	var all []Request
	for _, f := range c.files {
		all = append(all, f.requests...)
	}
	return all
}

// The members of a request and its answer.
var (
	requestMembers = []string{"at", "replay", "changes", "key", "method", "url", "header", "body", "fault", "breaches", "answer"}
	answerMembers  = []string{"status", "header", "body", "bytes", "promised", "breaches"}
)

// readRequests reads requests.
func (b *builder) readRequests(n *yaml.Node) {
	for _, value := range b.elements(n) {
		if len(b.requests) == MostRequests {
			b.fail(value, "leave out the oldest", "a case has %d requests at most", MostRequests)
			return
		}
		b.requests = append(b.requests, b.readRequest(value))
	}
}

// readRequest reads one request.
func (b *builder) readRequest(n *yaml.Node) Request {
	r := Request{Method: http.MethodGet}
	wrong := len(b.wrong)
	for member, value := range b.members(n, requestMembers) {
		switch member {
		case "at":
			r.At, _ = b.instant(value)
		case "replay":
			r.Left = !b.truth(value)
		case "changes":
			r.Changes = b.readChanges(value)
		case "key":
			r.Key = b.word(value, append(requestKeys(), UnknownKey, MalformedKey)...)
		case "method":
			if r.Method = b.words(value); r.Method != "" && !header.ValidName(r.Method) {
				b.fail(value, http.MethodGet, "%q is no method", r.Method)
			}
		case "url":
			r.URL = b.readURL(value)
		case "header":
			r.Header = b.readHeader(value)
		case "body":
			r.Body, _ = b.text(value)
		case "fault":
			r.Fault = b.words(value)
		case "breaches":
			r.Breaches = b.sentences(value)
		case "answer":
			r.Answer = b.readAnswer(value)
		}
	}
	if r.URL == "" && len(b.wrong) == wrong {
		b.fail(n, "url: /api/v1/tickets?status=open", "a request needs a url")
	}
	return r
}

// requestKeys returns the names of the keys of a workspace, one for each key.
func requestKeys() []string {
	return slices.DeleteFunc(keyNames(), func(name string) bool { return name == string(auth.Revoked) })
}

// readURL reads the path and the query of a request to a service.
func (b *builder) readURL(n *yaml.Node) string {
	address := b.address(n)
	if u, err := url.Parse(address); err == nil && strings.HasPrefix(u.Path, strings.TrimSuffix(control, "/")) {
		b.fail(n, "/api/v1/tickets?status=open", "a case has requests to the services, and %q asks the control API", address)
	}
	return address
}

// address reads a path with a query.
func (b *builder) address(n *yaml.Node) string {
	address := b.words(n)
	if _, err := url.ParseRequestURI(address); address != "" && (err != nil || !strings.HasPrefix(address, "/") || strings.ContainsAny(address, " #")) {
		b.fail(n, "/api/v1/tickets?status=open", "%q is no path with a query", address)
	}
	return address
}

// readHeader reads a header: texts, or lists of them.
func (b *builder) readHeader(n *yaml.Node) http.Header {
	h := http.Header{}
	for name, value := range b.members(n, nil) {
		switch canonical := http.CanonicalHeaderKey(name); {
		case !header.ValidName(name):
			b.fail(value, "leave it out", "%q is no name of a header", name)
			continue
		case secret(canonical):
			b.fail(value, "leave it out; key says which key it was", "a case holds no keys, and %s does", name)
			continue
		}
		values := []string{}
		if value.Kind == yaml.SequenceNode {
			for _, element := range b.elements(value) {
				values = append(values, b.value(element))
			}
		} else {
			values = append(values, b.value(value))
		}
		h[http.CanonicalHeaderKey(name)] = values
	}
	return h
}

// value reads the value of a header.
func (b *builder) value(n *yaml.Node) string {
	text, _ := b.text(n)
	if !header.ValidValue(text) {
		b.fail(n, "leave them out", "%q has characters that no header can have", text)
	}
	return text
}

// secret reports whether a header holds credentials.
func secret(canonical string) bool {
	return slices.Contains([]string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"}, canonical)
}

// sentences reads a list of texts.
func (b *builder) sentences(n *yaml.Node) (all []string) {
	for _, value := range b.elements(n) {
		all = append(all, b.words(value))
	}
	return all
}

// readAnswer reads the answer to a request.
func (b *builder) readAnswer(n *yaml.Node) (a Answer) {
	for member, value := range b.members(n, answerMembers) {
		switch member {
		case "status":
			status := b.whole(value)
			if status != 0 && (status < 100 || status > 999) {
				b.fail(value, "200", "%d is no status", status)
			}
			a.Status = int(min(status, 999))
		case "header":
			a.Header = b.readHeader(value)
		case "body":
			a.Body, _ = b.text(value)
			a.Bytes = len(a.Body)
		case "bytes":
			if a.Bytes = int(min(b.whole(value), 1<<40)); a.Bytes < len(a.Body) {
				b.fail(value, "leave it out", "the body alone has %d bytes", len(a.Body))
			}
		case "promised":
			if a.Promised = int(min(b.whole(value), 1<<40)); a.Promised <= a.Bytes {
				b.fail(value, "leave it out", "no more than the %d bytes that were sent were promised", a.Bytes)
			}
		case "breaches":
			a.Breaches = b.sentences(value)
		}
	}
	return a
}
