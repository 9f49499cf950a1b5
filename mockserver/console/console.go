// Package console turns the fake's state into the pages that people look at:
// the console, the API reference, and the documents that the reference shows.
package console

import (
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

// console answers with the pages, and lets the control API answer everything
// else below its prefix. It is safe for concurrent use.
type console struct {
	api       *control.API
	mux       *http.ServeMux
	reference func() http.Handler
	docs      func() http.Handler
}

// The addresses of the pages.
const (
	assetPath     = control.Prefix + "console/"
	referencePath = control.Prefix + "reference"
)

// New returns the handler of the pages, which are guarded as the control API
// is: below control.Prefix, at control.Bare, and where InboxOps has its own
// reference and its contract. Nothing is parsed or compressed before it is
// asked for.
func New(api *control.API) http.Handler {
	c := &console{api: api, mux: http.NewServeMux()}
	c.reference = sync.OnceValue(func() http.Handler { return c.newReference(c.api.Workspaces().Get(workspace.Default)) })
	c.docs = sync.OnceValue(newDocs)
	c.mux.HandleFunc("GET "+control.Prefix+"{$}", c.servePage)
	c.mux.HandleFunc("GET "+assetPath+"{name}", serveAsset)
	c.mux.HandleFunc("GET "+assetPath+"curl/{seq}", c.serveCurl)
	c.mux.HandleFunc("GET "+assetPath+"look/{workspace}/{path...}", c.serveLook)
	c.mux.HandleFunc("GET "+referencePath, c.serveReference)
	c.mux.HandleFunc("GET "+referencePath+"/", c.serveReference)
	c.mux.HandleFunc("GET "+referencePath+"/documents/{name}", c.serveDocument)
	return c
}

// ServeHTTP answers a request for a page, or to the control API.
func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == control.Bare:
		secure(w.Header())
		there := url.URL{Path: control.Prefix, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, there.String(), http.StatusPermanentRedirect)
		return
	case r.URL.Path == inboxops.DocumentPath:
		secure(w.Header())
		c.serveInboxOps(w, r)
		return
	case !strings.HasPrefix(r.URL.Path, control.Prefix):
		secure(w.Header())
		c.docs().ServeHTTP(w, r)
		return
	}
	switch {
	case r.URL.Path == enterPath && r.Method == http.MethodPost:
		c.enter(w, r)
		return
	case c.entrance(r):
		serveEntrance(w, r.URL.RequestURI(), false)
		return
	}
	if _, pattern := c.mux.Handler(r); pattern == "" {
		c.api.ServeHTTP(w, r)
		return
	}
	if !c.api.Admit(w, r) {
		return
	}
	secure(w.Header())
	c.mux.ServeHTTP(w, r)
}

// policy is the Content-Security-Policy of the console. The contents of a
// ticket are hostile: frames inherit the policy, so that nothing in them is
// fetched, run or opened. The pages of the reference add the hashes of their
// scripts.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; " +
	"frame-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secure sets the headers of every page.
func secure(header http.Header) {
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
}
