package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// bare starts a fake that is given nothing.
func bare(t *testing.T) *fake {
	t.Helper()
	server, err := mockserver.New(mockserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &fake{Server: server, t: t}
}

// What a fake that was given no verdict does not know must not look like a
// good verdict, and says which line to add.
func TestWithoutAVerdict(t *testing.T) {
	t.Parallel()
	const teaching = "mockserver.Config{Verdict: verdict.OnRequest}"
	f := bare(t)
	for query, judged := range map[string]bool{"status=open": true, "statsu=open": false, "tag_ids=x": false} {
		got := f.get(readWrite, ticketsPath+"?"+query).Header.Get(mockserver.BreachHeader)
		if judged != (got == "") || !judged && !strings.Contains(got, teaching) {
			t.Errorf("%s: %s is %q", query, mockserver.BreachHeader, got)
		}
	}
	if body := f.control("GET", "requests", "").want(200).Body; strings.Count(body, `"rule":"contract"`) != 2 {
		t.Errorf("want two requests that were not judged: %s", body)
	}
	for _, ask := range []struct{ method, path, body string }{
		{"GET", "requests?violations=true", ""},
		{"GET", "requests.har?violations=true", ""},
		{"GET", "requests/stream?violations=true", ""},
		{"POST", "verify", `{"filter": {"violations": true}, "exactly": 0}`},
		{"POST", "verify", `{"filter": {"violations": true}, "at_least": 1}`},
	} {
		if got := f.control(ask.method, ask.path, ask.body).want(http.StatusBadRequest).Body; !strings.Contains(got, teaching) {
			t.Errorf("%s %s: %s", ask.method, ask.path, got)
		}
	}
}

func TestALedgerNeedsAVerdict(t *testing.T) {
	t.Parallel()
	_, err := mockserver.New(mockserver.Config{Ledger: journal.NewLedger()})
	if err == nil || !strings.Contains(err.Error(), "hint: set it to verdict.OnRequest") {
		t.Errorf("got %v, want what to add", err)
	}
}

// What a fake was not given is not there, and says which line to add.
func TestWithoutMetricsAndConsole(t *testing.T) {
	t.Parallel()
	const console, metrics = "mockserver.Config{Console: console.New}", "mockserver.Config{Metrics: scrape.Handler}"
	f := bare(t)
	for path, teaching := range map[string]string{
		"/_mockdesk/metrics":                    metrics,
		"/_mockdesk":                            console,
		"/_mockdesk/":                           console,
		"/_mockdesk/console/console.js":         console,
		"/_mockdesk/reference":                  console,
		"/_mockdesk/reference/swagger-ui.css":   console,
		"/api/v1/docs":                          console,
		"/api/v1/openapi.json":                  console,
		"/_mockdesk/referenceless":              "GET /_mockdesk/openapi.yaml lists what is",
		"/favicon.ico":                          "the documents in github.com/mockdesk/mockdesk/openapi list what is",
		"/_mockdesk/requests/1?workspace=other": "there is no workspace",
	} {
		if body := f.get("", path, "Host: localhost").want(http.StatusNotFound).Body; !strings.Contains(body, teaching) {
			t.Errorf("%s: %s, want %q", path, body, teaching)
		}
	}
	stranger := httptest.NewRecorder()
	f.ServeHTTP(stranger, httptest.NewRequest("GET", "http://desk.example/_mockdesk/", nil))
	if stranger.Code != http.StatusMisdirectedRequest {
		t.Errorf("another host: status %d, want 421", stranger.Code)
	}
	f.control("GET", "healthz", "").want(http.StatusOK)
	f.control("GET", "openapi.yaml", "").want(http.StatusOK)
}
