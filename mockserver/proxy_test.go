package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// proxy is a proxy in front of a target, with a web server of its own.
type proxy struct {
	*fake
	URL string
	t   *testing.T
}

// before returns a proxy in front of an address.
func before(t *testing.T, address string, cfg mockserver.Config) *proxy {
	t.Helper()
	if cfg.Target == nil {
		cfg.Target = &mockserver.Target{}
	}
	cfg.Target.InboxOps, cfg.Target.Verdict = address, verdict.OnResponse
	f := start(t, cfg)
	web := httptest.NewUnstartedServer(f.Server)
	web.Config = f.HTTP()
	web.Start()
	t.Cleanup(web.Close)
	return &proxy{f, web.URL, t}
}

// entries returns the journal.
func (p *proxy) entries() []journal.Entry {
	p.t.Helper()
	all, err := p.Workspace("").Journal.List(journal.Filter{})
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

// do sends a request to the proxy.
func (p *proxy) do(method, path string, header http.Header) *http.Response {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.URL+path, http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header = header
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

func TestProxyPasses(t *testing.T) {
	t.Parallel()
	target := httptest.NewServer(start(t, mockserver.Config{}).Server)
	t.Cleanup(target.Close)
	p := before(t, target.URL, mockserver.Config{})
	a := p.do("GET", "/api/v1/tickets?per_page=2&statsu=open", http.Header{"Authorization": {"Bearer " + readWrite}})
	if a.StatusCode != 200 || a.Header.Get("Mockdesk-Breach") == "" {
		t.Error(a.StatusCode, a.Header)
	}
	t.Log(p.entries())
}
