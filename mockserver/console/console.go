// Package console turns the fake's state into the pages that people look at:
// the console, the API reference, and the documents that the reference shows.
package console

import (
	"net/http"
	"net/url"
	"sync"

	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/workspace"
)

// Config is what the pages show and act on.
type Config struct {
	Workspaces *workspace.Registry
	// API is the control API, whose guard holds for the pages too.
	API *control.API
	// AppHandoffBase is the path under which AppHandoff is served.
	AppHandoffBase string
}

// Console answers with the pages, and lets the control API answer all else
// that lies below its prefix. It is safe for concurrent use.
type Console struct {
	config    Config
	mux       *http.ServeMux
	reference func() http.Handler
	docs      func() http.Handler
}

// The addresses of the pages.
const (
	// Bare is the address of the console as people type it; it leads there.
	Bare          = "/_mockdesk"
	assetPath     = control.Prefix + "console/"
	referencePath = control.Prefix + "reference"
	// DocsPath and DocumentPath are where InboxOps has its own reference and
	// its contract; they need no key.
	DocsPath     = "/api/v1/docs"
	DocumentPath = "/api/v1/openapi.json"
)

// New returns the pages. Nothing is parsed or compressed before it is asked for.
func New(config Config) *Console {
	c := &Console{config: config, mux: http.NewServeMux()}
	c.reference = sync.OnceValue(c.newReference)
	c.docs = sync.OnceValue(newDocs)
	c.mux.HandleFunc("GET "+control.Prefix+"{$}", c.servePage)
	c.mux.HandleFunc("GET "+assetPath+"{name}", serveAsset)
	c.mux.HandleFunc("GET "+assetPath+"curl/{seq}", c.serveCurl)
	c.mux.HandleFunc("GET "+referencePath, c.serveReference)
	c.mux.HandleFunc("GET "+referencePath+"/", c.serveReference)
	c.mux.HandleFunc("GET "+referencePath+"/documents/{name}", c.serveDocument)
	return c
}

// ServeHTTP answers a request below control.Prefix, or at Bare.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == Bare {
		secure(w.Header())
		there := url.URL{Path: control.Prefix, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, there.String(), http.StatusPermanentRedirect)
		return
	}
	if _, pattern := c.mux.Handler(r); pattern == "" {
		c.config.API.ServeHTTP(w, r)
		return
	}
	if !c.config.API.Admit(w, r) {
		return
	}
	secure(w.Header())
	c.mux.ServeHTTP(w, r)
}

// ServeDocs answers at the addresses that InboxOps has for its reference.
func (c *Console) ServeDocs(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.URL.Path == DocumentPath {
		inboxopsJSON().serve(w, r)
		return
	}
	c.docs().ServeHTTP(w, r)
}

// policy is the Content-Security-Policy of the console. What a ticket holds is
// hostile: frames inherit the policy, so that nothing in them is fetched, run
// or opened. The pages of the reference add the hashes of their scripts.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; " +
	"frame-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secure sets the headers of every page.
func secure(header http.Header) {
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
}
