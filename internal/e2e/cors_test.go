//go:build e2e

package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// fetched is what a page got from a server of another origin.
type fetched struct {
	Failed    bool   `json:"failed"` // the browser did not let the page read it
	Status    int    `json:"status"`
	Retry     string `json:"retry"`
	RequestID bool   `json:"request_id"`
}

// TestPagesOfOtherOrigins lets Chromium decide what a page may do with the
// answers to its requests.
func TestPagesOfOtherOrigins(t *testing.T) {
	t.Parallel()
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><link rel=icon href=data:,><title>app</title>")
	}))
	t.Cleanup(pages.Close)
	const key = `{Authorization: "Bearer ixk_test_readwrite"}`
	blocked := fetched{Failed: true}
	tests := map[string]struct {
		args []string
		want []fetched // of a list, a throttled list, a note, the catalog
	}{
		"without origins it reads nothing": {nil, []fetched{blocked, blocked, blocked, blocked}},
		"of an allowed origin it reads the services alone": {
			[]string{"--cors", pages.URL},
			[]fetched{{Status: 200, RequestID: true}, {Status: 429, Retry: "7", RequestID: true}, {Status: 201, RequestID: true}, blocked},
		},
		"so does any when all are allowed": {
			[]string{"--cors", "*"},
			[]fetched{{Status: 200, RequestID: true}, {Status: 429, Retry: "7", RequestID: true}, {Status: 201, RequestID: true}, blocked},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.args...)
			b := visit(t, &server{url: pages.URL}, "/")
			b.mu.Lock()
			b.fine = []string{"network", "javascript", "security"} // it tells what it blocks
			b.mu.Unlock()
			var got []fetched
			for _, call := range []string{
				fmt.Sprintf(`"%s/api/v1/tickets", {headers: %s}`, s.url, key),
				fmt.Sprintf(`"%s/api/v1/tickets", {headers: {...%s, Prefer: "code=429, retry-after=7"}}`, s.url, key),
				fmt.Sprintf(`"%s/api/v1/tickets/1001/messages", {method: "POST", headers: {...%s, "Content-Type": "application/json"},
					body: '{"type":"internal_note","body_text":"from a page"}'}`, s.url, key),
				fmt.Sprintf(`"%s/_mockdesk/catalog"`, s.url),
			} {
				got = append(got, b.fetch(call))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("what the page got (-want +got):\n%s", diff)
			}
		})
	}
}

// fetch lets the page call fetch.
func (b *tab) fetch(arguments string) fetched {
	b.t.Helper()
	var text string
	script := `fetch(` + arguments + `).then(
		r => JSON.stringify({status: r.status, retry: r.headers.get("Retry-After") ?? "", request_id: r.headers.has("X-Request-Id")}),
		() => JSON.stringify({failed: true}))`
	b.do(chromedp.Evaluate(script, &text, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	var f fetched
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		b.t.Fatal(err)
	}
	return f
}
