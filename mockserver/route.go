package mockserver

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// apphandoffBase is where the contract has AppHandoff.
const apphandoffBase = "/api"

// route registers every operation of both contracts, and what answers the
// requests that none of them takes.
func (s *Server) route() error {
	s.mux = http.NewServeMux()
	methods := map[string][]string{}
	for _, f := range []service.Service{s.inboxops, s.apphandoff} {
		operations, err := service.Operations(f)
		if err != nil {
			return err
		}
		for _, op := range operations {
			path := op.Path
			if f.Name() == s.apphandoff.Name() {
				path = s.config.AppHandoffBase + strings.TrimPrefix(path, apphandoffBase)
			}
			number := len(s.operations) + 1
			s.mux.HandleFunc(op.Method+" "+path, func(w http.ResponseWriter, r *http.Request) {
				x := w.(*exchange)
				x.number = number
				x.operate(op, r)
			})
			methods[path] = append(methods[path], op.Method)
			s.operations = append(s.operations, fault.Operation{Service: f.Name(), ID: op.ID, Method: op.Method, Path: path})
		}
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.(*exchange).stray() })
	if s.config.Target != nil {
		return nil
	}
	for path, allowed := range methods {
		if slices.Contains(allowed, http.MethodGet) {
			allowed = append(allowed, http.MethodHead)
		}
		slices.Sort(allowed)
		allow := strings.Join(allowed, ", ")
		s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			e := problem.Newf(problem.MethodNotAllowed, "%s is not supported here; the methods are %s.", r.Method, allow)
			e.Allow = allow
			w.(*exchange).refuse(e)
		})
	}
	for _, path := range []string{inboxops.DocumentPath, inboxops.DocsPath, inboxops.DocsPath + "/"} {
		s.mux.HandleFunc("GET "+path, s.docs)
	}
	return nil
}

// stray answers a request for an address that no operation serves.
func (x *exchange) stray() {
	switch {
	case x.server.config.Target == nil:
		x.unrouted()
	case x.request.Method == http.MethodConnect:
		e := problem.Newf(problem.MethodNotAllowed, "CONNECT asks for a tunnel, and this proxy speaks to its target alone.")
		e.Allow = "GET, HEAD, POST"
		x.refuse(e)
	default:
		x.admit()
		x.pass()
	}
}

// docs answers with the reference of InboxOps, which is for people: it needs no
// key and does not appear in the journal.
func (s *Server) docs(w http.ResponseWriter, r *http.Request) {
	x := w.(*exchange)
	if s.config.Console == nil {
		x.refuse(problem.Newf(problem.NotFound, "%s is a page of the console, which this fake was not given; in Go: %s.", r.URL.Path, giveConsole))
		return
	}
	x.recorded = true
	s.pages.ServeHTTP(x.ResponseWriter, r)
}

// serviceOf returns the service that a path belongs to; addresses that are
// neither's are answered as InboxOps would.
func (s *Server) serviceOf(path string) service.Service {
	if rest, under := strings.CutPrefix(path, s.config.AppHandoffBase+"/projects"); under && (rest == "" || rest[0] == '/') {
		return s.apphandoff
	}
	return s.inboxops
}

// odd reports whether http.ServeMux would redirect the path to a cleaner one; to
// these services it is simply another path (choice A25).
func odd(path string) bool {
	return path == "" || path[0] != '/' ||
		strings.Contains(path, "//") || strings.Contains(path, "/./") || strings.Contains(path, "/../") ||
		strings.HasSuffix(path, "/.") || strings.HasSuffix(path, "/..")
}
