package control

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// Explanation is what a request would get and why.
type Explanation struct {
	Status int `json:"status"` // 0 when the connection would be broken
	// Step is the step in the handling of a request that decides.
	Step string `json:"step"`
	Why  string `json:"why"`
	// Delay is how long the answer would be delayed first.
	Delay fault.Duration `json:"delay,omitempty"`
	// Project and Ticket are the names of the project and the ticket in the
	// path, where they have one.
	Project string `json:"project,omitempty"`
	Ticket  string `json:"ticket,omitempty"`
	// Effects is what a fault rule would do.
	Effects *fault.Then `json:"effects,omitempty"`
	// Exchange is what the journal would say about it.
	Exchange journal.Entry `json:"exchange"`
}

// question is a request that is asked about but not sent.
type question struct {
	Method  string            `json:"method,omitempty"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Key     string            `json:"key,omitempty"`
	Service string            `json:"service,omitempty"`
	KeyKind string            `json:"key_kind,omitempty"`
	Body    json.RawMessage   `json:"body"`
}

func (a *API) explainRequest(w *workspace.Workspace, r *http.Request) (any, error) {
	q := question{Method: http.MethodGet}
	if err := decode(r, &q); err != nil {
		return nil, err
	}
	request, err := q.request(w, r)
	if err != nil {
		return nil, invalid(err)
	}
	return a.config.Explain(request), nil
}

// request makes the request that is asked about; asked is the one that asks.
func (q *question) request(w *workspace.Workspace, asked *http.Request) (*http.Request, error) {
	request, err := http.NewRequestWithContext(asked.Context(), q.Method, "/", strings.NewReader(q.text()))
	if err != nil {
		return nil, hint.Errorf("GET", "method %s is not a method", quoted(q.Method))
	}
	address, err := url.ParseRequestURI(q.Path)
	if err != nil || !strings.HasPrefix(q.Path, "/") {
		return nil, hint.Errorf("/api/v1/tickets?page=2", "path %s is not a path that begins with a slash", quoted(q.Path))
	}
	if strings.HasPrefix(address.Path, Prefix) {
		return nil, hint.Errorf("/api/v1/tickets", "only requests to the services can be explained")
	}
	request.URL, request.RequestURI = address, q.Path
	request.Host, request.RemoteAddr = asked.Host, asked.RemoteAddr
	for name, value := range q.Headers {
		request.Header.Set(name, value)
	}
	secret, err := q.secret(w)
	if secret != "" {
		request.Header.Set("Authorization", "Bearer "+secret)
	}
	return request, err
}

// text returns the body: a JSON string as the text it holds, any other value
// as JSON.
func (q *question) text() string {
	var text string
	if len(q.Body) > 0 && json.Unmarshal(q.Body, &text) != nil {
		return string(q.Body)
	}
	return text
}

// secret returns the key to send, empty for none.
func (q *question) secret(w *workspace.Workspace) (string, error) {
	switch {
	case q.KeyKind == "" && q.Service == "":
		return q.Key, nil
	case q.Key != "":
		return "", hint.Errorf("leave out service and key_kind", "key and key_kind are two ways to say the same")
	case q.KeyKind == "" || q.Service == "":
		return "", hint.Errorf(`{"service": "inboxops", "key_kind": "read-write"}`, "service and key_kind need each other")
	}
	key, err := keyOf(w, q.Service, q.KeyKind)
	if err != nil {
		return "", err
	}
	return key.Secret, nil
}
