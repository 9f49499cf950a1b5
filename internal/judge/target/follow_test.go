package target_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// TestRedirects asks for /tickets of a server that redirects from there, and
// looks at what came to it and to another one.
func TestRedirects(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, to string // OTHER stands for the address of another server, TLS for this one with https
		status     int
		off        bool
		want       string // what came, and the status of the answer
	}{
		"followed to another path":                   {"GET", "/v2/tickets?a=1", 302, false, "GET /tickets,GET /v2/tickets?a=1 200"},
		"followed to the whole address":              {"GET", "SELF/v2/tickets", 301, false, "GET /tickets,GET /v2/tickets 200"},
		"left alone unless that is asked for":        {"GET", "/v2/tickets", 302, true, "GET /tickets 302"},
		"never to another host":                      {"GET", "OTHER/v2/tickets", 307, false, "GET /tickets 307"},
		"never to another scheme":                    {"GET", "TLS/v2/tickets", 308, false, "GET /tickets 308"},
		"never with a user":                          {"GET", "USER/v2/tickets", 308, false, "GET /tickets 308"},
		"not without an address":                     {"GET", "", 302, false, "GET /tickets 302"},
		"with its body where that is said":           {"POST", "/v2/tickets", 307, false, "POST /tickets note,POST /v2/tickets note 200"},
		"not where a write would turn into a read":   {"POST", "/v2/tickets", 303, false, "POST /tickets note 303"},
		"but not for ever":                           {"GET", "/tickets", 302, false, "GET /tickets,GET /tickets,GET /tickets,GET /tickets,GET /tickets,GET /tickets 302"},
		"a status that only looks like one is given": {"GET", "/v2/tickets", 300, false, "GET /tickets 300"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var came []string
			serve := func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				came = append(came, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body)))
				if r.Header.Get("Authorization") != "Bearer ixk_redirected" || r.Header.Get("X-Gate") != "open" {
					t.Errorf("%s came with %v", r.URL, r.Header)
				}
				if r.URL.Path == "/tickets" {
					host := "http://" + r.Host
					w.Header().Set("Location", strings.NewReplacer("SELF", host, "OTHER", "http://other.test", "TLS", "https://"+r.Host, "USER", "http://me@"+r.Host).Replace(tc.to))
					w.WriteHeader(tc.status)
				}
			}
			client := target.New(target.Config{
				Transport: target.Handler(http.HandlerFunc(serve)), Follow: !tc.off, Header: http.Header{"X-Gate": {"open"}},
				Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: "http://desk.test"}},
			})
			var body io.Reader = http.NoBody
			if tc.method == "POST" {
				body = strings.NewReader("note")
			}
			r := httptest.NewRequestWithContext(t.Context(), tc.method, "http://desk.test/tickets", body)
			r.Header.Set("Authorization", "Bearer ixk_redirected")
			answer, err := (&target.Tape{Client: client}).Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, fmt.Sprint(strings.Join(came, ","), " ", answer.StatusCode)); d != "" {
				t.Errorf("what came (-want +got):\n%s", d)
			}
			if client.Requests() != len(came) {
				t.Errorf("%d requests are counted, %d came", client.Requests(), len(came))
			}
		})
	}
}

// TestARedirectIsARequestOfTheRun lets one request be sent.
func TestARedirectIsARequestOfTheRun(t *testing.T) {
	t.Parallel()
	client := target.New(target.Config{
		Transport: target.Handler(http.RedirectHandler("/tickets", http.StatusFound)), Follow: true, MaxRequests: 1,
		Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: "http://desk.test"}},
	})
	_, err := (&target.Tape{Client: client}).Do(httptest.NewRequestWithContext(t.Context(), "GET", "http://desk.test/tickets", http.NoBody))
	if err == nil || !strings.HasPrefix(err.Error(), "all 1 requests of the run are used") {
		t.Errorf("got %v", err)
	}
}

func TestThePaceMakesUpForRedirects(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	client := target.New(target.Config{
		Transport: target.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/tickets" {
				http.Redirect(w, r, "/v2", http.StatusFound)
			}
		})),
		Follow: true, RPS: 1, Now: func() time.Time { return at }, Sleep: func(_ context.Context, d time.Duration) error { at = at.Add(d); return nil },
		Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: "http://desk.test"}},
	})
	for range 2 {
		if _, err := (&target.Tape{Client: client, Fresh: true}).Do(httptest.NewRequestWithContext(t.Context(), "GET", "http://desk.test/tickets", http.NoBody)); err != nil {
			t.Fatal(err)
		}
	}
	if client.Requests() != 4 || client.Waited() != 2*time.Second {
		t.Errorf("%d requests, %s waited, want 4 and 2s", client.Requests(), client.Waited())
	}
}

// TestHeadersOfTheConfigAreSentAndNotShown gives short values, which a Mask
// would not find.
func TestHeadersOfTheConfigAreSentAndNotShown(t *testing.T) {
	t.Parallel()
	var came http.Header
	client := target.New(target.Config{
		Transport: target.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { came = r.Header })),
		Header:    http.Header{"X-Gate": {"q7"}, "User-Agent": {"u7"}, "Accept": {"a7"}},
		Endpoints: map[clause.API]target.Endpoint{clause.InboxOps: {Base: "http://desk.test"}},
	})
	tape := &target.Tape{Client: client}
	r := httptest.NewRequestWithContext(t.Context(), "GET", "http://desk.test/tickets", http.NoBody)
	r.Header.Set("Accept", "application/json")
	if _, err := tape.Do(r); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(http.Header{"X-Gate": {"q7"}, "User-Agent": {"u7"}, "Accept": {"application/json"}}, came); d != "" {
		t.Errorf("what came (-want +got):\n%s", d)
	}
	seen := tape.Last().Evidence(target.NewMask(nil))
	shown := strings.Join(seen.Header, "\n") + seen.Curl
	if strings.Contains(shown, "q7") || strings.Contains(shown, "u7") || strings.Contains(shown, "mockdesk-check") {
		t.Errorf("a value is shown: %s", shown)
	}
	if !slices.Contains(seen.Header, "X-Gate: (not shown)") || !strings.Contains(seen.Curl, "-H 'X-Gate: (not shown)'") {
		t.Errorf("the header is not named: %s", shown)
	}
}
