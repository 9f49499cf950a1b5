package mockserver_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// BenchmarkProxy measures a page of 25 tickets through a proxy, whose answer is
// judged, and through a bare one of net/http/httputil.
func BenchmarkProxy(b *testing.B) {
	fake, err := mockserver.New(mockserver.Config{})
	if err != nil {
		b.Fatal(err)
	}
	page := httptest.NewRecorder()
	r := httptest.NewRequest("GET", ticketsPath, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+readWrite)
	fake.ServeHTTP(page, r)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{"application/json"}
		_, _ = w.Write(page.Body.Bytes())
	}))
	b.Cleanup(target.Close)
	address, err := url.Parse(target.URL)
	if err != nil {
		b.Fatal(err)
	}
	proxy := func(answers bool) http.Handler {
		t := &mockserver.Target{InboxOps: target.URL}
		if answers {
			t.Verdict = verdict.OnResponse
		}
		p, err := mockserver.New(mockserver.Config{Target: t, Verdict: verdict.OnRequest})
		if err != nil {
			b.Fatal(err)
		}
		return p
	}
	bare := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(address) }, FlushInterval: -1,
		Transport: &http.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true},
	}
	for name, handler := range map[string]http.Handler{"judged": proxy(true), "unjudged": proxy(false), "bare": bare} {
		b.Run(name, func(b *testing.B) {
			web := httptest.NewServer(handler)
			defer web.Close()
			for b.Loop() {
				r, _ := http.NewRequestWithContext(b.Context(), "GET", web.URL+ticketsPath, http.NoBody)
				a, err := http.DefaultTransport.RoundTrip(r)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, a.Body)
				_ = a.Body.Close()
			}
		})
	}
}
