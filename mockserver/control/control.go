// Package control answers requests under /_mockdesk/, which look into the fake
// and change it.
package control

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/replay"
	"github.com/mockdesk/mockdesk/openapi"
)

// Prefix is where the control API lives, and the console; Bare is the address
// of the console as people type it.
const (
	Prefix = "/_mockdesk/"
	Bare   = "/_mockdesk"
)

// Config is what the control API acts on.
type Config struct {
	Workspaces *workspace.Registry
	// Create makes a workspace and adds it to Workspaces.
	Create func(Spec) (*workspace.Workspace, error)
	// Load puts a workspace into the state that a case describes.
	Load func(*workspace.Workspace, casefile.Case) error
	// Replay sends the requests of a case again, to a copy of a workspace in
	// the state that the case describes.
	Replay func(*workspace.Workspace, casefile.Case) (replay.Report, error)
	// Look answers a read of a service on behalf of the tester, not of a
	// client.
	Look func(*workspace.Workspace, http.ResponseWriter, *http.Request)
	// Explain says what a request to a service would get, without doing it.
	Explain func(*http.Request) Explanation
	// AdminToken is what requests have to bring; without one, only requests
	// from this machine are answered.
	AdminToken string
	// Hosts are names of this server that a Host header may have besides
	// localhost and the address that was connected to.
	Hosts []string
	// Proxy says that another server answers: operations on tickets and keys
	// are refused.
	Proxy bool
	// Recorded writes what a proxy has recorded as a case; nil means that it does not.
	Recorded func(io.Writer) error
	// Servers ends streams when a server shuts down.
	Servers *Servers
	// Limits are those of the server.
	Limits workspace.Limits
	// AppHandoffBase is the path under which AppHandoff is served.
	AppHandoffBase string
	// Metrics answers a scrape.
	Metrics http.Handler
	// Now and Sleep are the machine's time.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	// Version is what an exported archive says it was made by.
	Version string
}

// API is the control API of a server.
type API struct {
	config Config
	guard  guard
	// routes is made at the first request: reading the contract would be a
	// quarter of the work until a server is ready.
	routes func() (*http.ServeMux, error)
}

// handler answers an operation: nil is an answer without a body; yaml and
// http.HandlerFunc are answers that are not JSON. The workspace is nil where
// the operation takes none.
type handler func(w *workspace.Workspace, r *http.Request) (any, error)

// New returns the control API.
func New(config Config) *API {
	a := &API{config: config, guard: newGuard(config)}
	a.routes = sync.OnceValues(a.route)
	return a
}

// route makes the routes of the operations of the contract; one without a
// handler, or a handler without one, is an error.
func (a *API) route() (*http.ServeMux, error) {
	contract, err := openapi.Load(openapi.Control)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	operations := a.operations()
	for _, op := range contract.Operations() {
		does, known := operations[op.ID]
		if !known {
			return nil, fmt.Errorf("control: operation %s has no handler", op.ID)
		}
		delete(operations, op.ID)
		mux.HandleFunc(op.Method+" "+op.Path, func(w http.ResponseWriter, r *http.Request) {
			value, err := a.answer(op, does, r)
			reply(w, r, op.Responses[0].Status, value, err)
		})
	}
	for id := range operations {
		return nil, fmt.Errorf("control: handler %s has no operation in the contract", id)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { unrouted(mux, w, r) })
	return mux, nil
}

// Workspaces returns those that the API acts on.
func (a *API) Workspaces() *workspace.Registry { return a.config.Workspaces }

// AppHandoffBase returns the path under which AppHandoff is served.
func (a *API) AppHandoffBase() string { return a.config.AppHandoffBase }

// Look answers a read of a service as the tester's own look at a workspace.
func (a *API) Look(world *workspace.Workspace, w http.ResponseWriter, r *http.Request) {
	a.config.Look(world, w, r)
}

// Admit reports whether the guard lets a request pass, and answers it
// otherwise.
func (a *API) Admit(w http.ResponseWriter, r *http.Request) bool {
	f := a.guard.refuse(r)
	if f == nil {
		return true
	}
	if f.status == http.StatusUnauthorized {
		w.Header()["Www-Authenticate"] = []string{"Bearer", `Basic realm="mockdesk admin token"`}
	}
	fail(w, f)
	return false
}

// ServeHTTP answers the requests that the guard lets pass.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !a.Admit(w, r) {
		return
	}
	mux, err := a.routes()
	if err != nil {
		fail(w, &failure{http.StatusInternalServerError, err.Error(), ""})
		return
	}
	if path.Clean(r.URL.Path) != r.URL.Path { // the mux would redirect
		unrouted(mux, w, r)
		return
	}
	most := int64(a.config.Limits.BodyBytes)
	if r.URL.Path == Prefix+"case.yaml" || r.URL.Path == Prefix+"replay" {
		most = max(most, caseBytes)
	}
	if r.ContentLength > most {
		r.Body = tooLarge{most}
	} else {
		r.Body = http.MaxBytesReader(w, r.Body, most)
	}
	mux.ServeHTTP(w, r)
}

// unrouted answers a request that belongs to no operation.
func unrouted(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var methods []string
	for _, method := range []string{"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"} {
		_, pattern := mux.Handler(&http.Request{Method: method, Host: r.Host, URL: r.URL})
		if strings.HasPrefix(pattern, method+" ") || method == http.MethodHead && strings.HasPrefix(pattern, http.MethodGet) {
			methods = append(methods, method)
		}
	}
	if len(methods) == 0 || slices.Contains(methods, r.Method) {
		fail(w, &failure{http.StatusNotFound, "nothing is served at " + r.URL.Path, suggest.Hint(r.URL.Path, paths(r.URL.Path), "GET "+Prefix+"openapi.yaml lists what is")})
		return
	}
	allow := strings.Join(methods, ", ")
	w.Header().Set("Allow", allow)
	fail(w, &failure{http.StatusMethodNotAllowed, r.Method + " is not supported here", "use " + allow})
}

// paths are those of all operations, with the elements of the path in the place of
// parameters.
func paths(path string) (all []string) {
	elements := strings.Split(path, "/")
	contract, _ := openapi.Load(openapi.Control) // which route has read
	for _, op := range contract.Operations() {
		like := strings.Split(op.Path, "/")
		for i := range like {
			if i < len(elements) && strings.HasPrefix(like[i], "{") {
				like[i] = elements[i]
			}
		}
		all = append(all, strings.Join(like, "/"))
	}
	return all
}

// answer checks the query, finds the workspace and lets the handler answer.
func (a *API) answer(op openapi.Operation, does operation, r *http.Request) (any, error) {
	if a.config.Proxy && does.fakeOnly && (op.ID != "exportCase" || a.config.Recorded == nil) {
		return nil, &failure{http.StatusNotFound, "a proxy has no tickets, messages, projects and keys: those of its target are the target's", "ask the target, or mockdesk serve"}
	}
	takes, err := checkQuery(op, r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	if !takes {
		return does.handle(nil, r)
	}
	name := workspace.Default
	if values := r.URL.Query()[workspaceParameter]; len(values) > 0 {
		name = values[0]
	}
	w, err := a.named(name)
	if err != nil {
		return nil, err
	}
	w.CatchUp()
	if op.Method == http.MethodGet || does.asks {
		return does.handle(w, r)
	}
	return arrange(w, r, does.handle)
}

// workspaceParameter is the query parameter that names a workspace.
const workspaceParameter = "workspace"

// checkQuery refuses parameters that the operation does not have or that are
// sent twice, and reports whether it takes a workspace.
func checkQuery(op openapi.Operation, raw string) (takesWorkspace bool, err error) {
	var known []string
	for _, p := range op.Parameters {
		if p.In == "query" {
			known = append(known, p.Name)
		}
	}
	query, err := url.ParseQuery(raw)
	if err != nil {
		return false, invalid(hint.Errorf("write a literal % as %25 and a literal ; as %3B", "the query cannot be decoded: %w", err))
	}
	for _, name := range slices.Sorted(maps.Keys(query)) { // of several errors, always the same one is reported
		switch values := query[name]; {
		case len(known) == 0:
			return false, invalid(hint.Errorf("leave the query out", "there is no parameter %q", name))
		case !slices.Contains(known, name):
			instead := suggest.Hint(name, known, "the parameters are "+strings.Join(known, ", "))
			return false, invalid(hint.Errorf(instead, "there is no parameter %q", name))
		case len(values) > 1:
			return false, invalid(hint.Errorf("send it once", "the parameter %s is there %d times", name, len(values)))
		}
	}
	return slices.Contains(known, workspaceParameter), nil
}

func (a *API) named(name string) (*workspace.Workspace, error) {
	if w := a.config.Workspaces.Get(name); w != nil {
		return w, nil
	}
	var names []string
	for _, w := range a.config.Workspaces.All() {
		names = append(names, w.Name)
	}
	return nil, absent(hint.Errorf(suggest.Hint(name, names, "GET "+Prefix+"workspaces lists them"), "there is no workspace %q", name))
}

func (a *API) getHealth(*workspace.Workspace, *http.Request) (any, error) {
	return map[string]string{"status": "ok"}, nil
}

func (a *API) getLimits(*workspace.Workspace, *http.Request) (any, error) {
	return a.config.Limits, nil
}

func (a *API) getMetrics(*workspace.Workspace, *http.Request) (any, error) {
	return http.HandlerFunc(a.config.Metrics.ServeHTTP), nil
}

func (a *API) getDocument(*workspace.Workspace, *http.Request) (any, error) {
	text, err := openapi.Document(openapi.Control)
	return yaml(text), err
}
