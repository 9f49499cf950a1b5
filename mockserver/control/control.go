// Package control turns requests under /_mockdesk/ into knowledge of the fake
// and changes to it.
package control

import (
	"fmt"
	"net"
	"net/http"

	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/workspace"
)

// Prefix is where the control API lives.
const Prefix = "/_mockdesk/"

// maxBody is the size in bytes up to which a request body is read.
const maxBody = 1 << 20

// Config is what the control API acts on.
type Config struct {
	Workspaces *workspace.Registry
	// Create makes a workspace and adds it to Workspaces.
	Create func(Spec) (*workspace.Workspace, error)
	// Operations are what fault rules may match.
	Operations []fault.Operation
}

// API is the control API of a server.
type API struct {
	config Config
	mux    *http.ServeMux
}

// New returns the control API.
func New(config Config) *API {
	a := &API{config: config, mux: http.NewServeMux()}
	for _, r := range a.routes() {
		a.mux.HandleFunc(r.method+" "+Prefix+r.address, func(w http.ResponseWriter, request *http.Request) {
			reply(w, request, r.answer)
		})
	}
	for address, methods := range a.methods() {
		a.mux.HandleFunc(Prefix+address, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", methods)
			fail(w, &failure{http.StatusMethodNotAllowed, r.Method + " is not supported here", "use " + methods})
		})
	}
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, &failure{http.StatusNotFound, "nothing is served at " + r.URL.Path, "GET " + Prefix + "catalog"})
	})
	return a
}

// route is one operation of the control API.
type route struct {
	method, address string
	answer          func(*http.Request) (any, error)
}

// routes lists the operations.
func (a *API) routes() []route {
	return []route{
		{"GET", "catalog", a.catalog},
		{"GET", "clock", a.getClock},
		{"PUT", "clock", a.setClock},
		{"POST", "clock/advance", a.advanceClock},
		{"DELETE", "faults", a.clearFaults},
		{"GET", "faults", a.listFaults},
		{"POST", "faults", a.addFault},
		{"DELETE", "faults/{id}", a.deleteFault},
		{"PUT", "faults/{id}", a.replaceFault},
		{"GET", "faults.yaml", a.exportFaults},
		{"POST", "faults.yaml", a.importFaults},
		{"GET", "healthz", a.healthz},
		{"GET", "keys", a.listKeys},
		{"PATCH", "keys", a.changeKeys},
		{"PATCH", "keys/{service}/{kind}", a.changeKey},
		{"GET", "presets", a.listPresets},
		{"POST", "presets/{name}", a.applyPreset},
		{"GET", "rate-limit", a.getRateLimit},
		{"PUT", "rate-limit", a.setRateLimit},
		{"POST", "reset", a.reset},
		{"POST", "restore", a.restore},
		{"POST", "snapshot", a.snapshot},
		{"GET", "workspaces", a.listWorkspaces},
		{"POST", "workspaces", a.createWorkspace},
		{"DELETE", "workspaces/{name}", a.deleteWorkspace},
		{"GET", "workspaces/{name}", a.getWorkspace},
	}
}

// methods returns the allowed methods of each address.
func (a *API) methods() map[string]string {
	methods := map[string]string{}
	for _, r := range a.routes() {
		method := r.method
		if method == http.MethodGet {
			method = "GET, HEAD"
		}
		if methods[r.address] != "" {
			method = methods[r.address] + ", " + method
		}
		methods[r.address] = method
	}
	return methods
}

// ServeHTTP answers requests from this machine and refuses all others.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !loopback(r.RemoteAddr) {
		fail(w, &failure{http.StatusForbidden, "the control API answers requests from this machine only", "call it by way of 127.0.0.1"})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	a.mux.ServeHTTP(w, r)
}

// loopback says that a remote address is on this machine.
func loopback(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// workspace returns the workspace that a request names with ?workspace=, the
// default one when it names none.
func (a *API) workspace(r *http.Request) (*workspace.Workspace, error) {
	name := r.URL.Query().Get("workspace")
	if name == "" {
		name = workspace.Default
	}
	return a.named(name)
}

// named returns the workspace of a name.
func (a *API) named(name string) (*workspace.Workspace, error) {
	if w := a.config.Workspaces.Get(name); w != nil {
		return w, nil
	}
	return nil, absent(fmt.Errorf("there is no workspace %q", name), "GET "+Prefix+"workspaces")
}

// healthz says that the server answers.
func (a *API) healthz(*http.Request) (any, error) {
	return map[string]string{"status": "ok"}, nil
}
