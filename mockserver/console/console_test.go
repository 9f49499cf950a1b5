package console_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/console"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// get asks a server for a page, from this machine.
func get(t *testing.T, cfg mockserver.Config, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	cfg.Tickets, cfg.Verdict, cfg.Console = 100, verdict.OnRequest, console.New
	s, err := mockserver.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return ask(s, path, headers...)
}

func ask(s http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "http://localhost"+path, nil)
	r.RemoteAddr = "127.0.0.1:1234"
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path   string
		status int
		kind   string
		holds  string
	}{
		"the console":                          {"/_mockdesk/", 200, "text/html; charset=utf-8", "No requests yet"},
		"without the slash it leads there":     {"/_mockdesk?workspace=a%2Fb", 308, "text/html; charset=utf-8", `href="/_mockdesk/?workspace=a%2Fb"`},
		"a workspace that is gone leads back":  {"/_mockdesk/?workspace=gone", 303, "", ""},
		"its script":                           {"/_mockdesk/console/console.js", 200, "text/javascript; charset=utf-8", "import"},
		"what rules are made of":               {"/_mockdesk/console/known.js", 200, "text/javascript; charset=utf-8", `export const kinds = [{"name":"status"`},
		"its style sheet":                      {"/_mockdesk/console/console.css", 200, "text/css; charset=utf-8", "--accent"},
		"a file that is not there":             {"/_mockdesk/console/nix.js", 404, "text/plain; charset=utf-8", "not found"},
		"a request that is not there":          {"/_mockdesk/console/curl/9?workspace=test", 404, "text/plain; charset=utf-8", "not found"},
		"the reference":                        {"/_mockdesk/reference", 200, "text/html; charset=utf-8", "/_mockdesk/reference/documents/apphandoff"},
		"a contract":                           {"/_mockdesk/reference/documents/inboxops", 200, "application/yaml", "operationId: listTickets"},
		"a contract says where it is":          {"/_mockdesk/reference/documents/inboxops.yaml", 200, "application/yaml", "  - url: http://localhost/api/v1\n"},
		"a contract as JSON":                   {"/_mockdesk/reference/documents/apphandoff.json", 200, "application/json", `"url":"http://localhost/handoff"`},
		"the control API as JSON":              {"/_mockdesk/reference/documents/control.json", 200, "application/json", `"url":"http://localhost/_mockdesk"`},
		"where InboxOps has its own":           {"/api/v1/openapi.json", 200, "application/json", `"url":"http://localhost/api/v1"`},
		"AppHandoff lies where it is served":   {"/_mockdesk/reference/documents/apphandoff", 200, "application/yaml", "  - url: http://localhost/handoff\n"},
		"no other document":                    {"/_mockdesk/reference/documents/nix", 404, "text/plain; charset=utf-8", "not found"},
		"the reference of InboxOps":            {"/api/v1/docs", 200, "text/html; charset=utf-8", "/api/v1/openapi.json"},
		"its files":                            {"/api/v1/docs/swagger-ui.css", 200, "text/css; charset=utf-8", ".swagger-ui"},
		"the control API answers all the rest": {"/_mockdesk/healthz", 200, "application/json", "ok"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := get(t, mockserver.Config{AppHandoffBase: "/handoff"}, test.path)
			body := w.Body.String()
			if w.Code != test.status || test.kind != "" && w.Header().Get("Content-Type") != test.kind || !strings.Contains(body, test.holds) {
				t.Fatalf("%d %v, want %d %s with %q:\n%.500s", w.Code, w.Header(), test.status, test.kind, test.holds, body)
			}
			policy := w.Header().Get("Content-Security-Policy")
			_, scripts, _ := strings.Cut(policy, "script-src")
			scripts, _, _ = strings.Cut(scripts, ";")
			if test.path != "/_mockdesk/healthz" && (!strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(scripts, "unsafe")) {
				t.Errorf("the policy is %q", policy)
			}
		})
	}
}

func TestPagesAreGuarded(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		headers []string
		want    int
	}{
		"without the token":             {nil, 401},
		"with the token":                {[]string{"Authorization: Bearer sesame"}, 200},
		"with it as a browser sends it": {[]string{"Authorization: Basic OnNlc2FtZQ=="}, 200},
		"with another password":         {[]string{"Authorization: Basic Om5peA=="}, 401},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/_mockdesk/", "/_mockdesk/console/dom.js", "/_mockdesk/reference", "/_mockdesk/reference/swagger-ui.css"} {
				w := get(t, mockserver.Config{AdminToken: "sesame"}, path, test.headers...)
				if w.Code != test.want {
					t.Errorf("%s: %d, want %d", path, w.Code, test.want)
				}
				if w.Code == 401 && !strings.Contains(strings.Join(w.Header().Values("WWW-Authenticate"), ","), "Basic") {
					t.Errorf("%s: a browser does not ask for the token: %v", path, w.Header())
				}
			}
		})
	}
}

// The reference of a workspace has its key, and leads back to it.
func TestReferenceOfAWorkspace(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.Config{Tickets: 100, Console: console.New})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateWorkspace(control.Spec{Name: "tomorrow"}); err != nil {
		t.Fatal(err)
	}
	for query, of := range map[string]string{"": "test", "?workspace=gone": "test", "?workspace=tomorrow": "tomorrow"} {
		page := ask(s, "/_mockdesk/reference"+query).Body.String()
		for _, want := range []string{"a key of the workspace " + of + " ", "ixk_" + of + "_readwrite"} {
			if !strings.Contains(page, want) {
				t.Errorf("reference%s lacks %q", query, want)
			}
		}
		if leads := strings.Contains(page, `href="/_mockdesk/?workspace=tomorrow"`); leads != (of == "tomorrow") {
			t.Errorf("reference%s leads back to tomorrow: %t", query, leads)
		}
	}
	if page := ask(s, "/_mockdesk/?workspace=tomorrow").Body.String(); !strings.Contains(page, `href="reference?workspace=tomorrow"`) {
		t.Error("the console does not lead to the reference of its workspace")
	}
}

// The reference of InboxOps is open, as InboxOps' own is: a browser that is refused
// a part of the page asks people for a password, and the page waits.
func TestDocsLoadWithoutTheToken(t *testing.T) {
	t.Parallel()
	cfg := mockserver.Config{AdminToken: "sesame"}
	page := get(t, cfg, "/api/v1/docs").Body.String()
	parts := regexp.MustCompile(`(?:href|src|swaggerJsonUrl)"?[=:]"(/[^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(parts) < 5 {
		t.Fatalf("the page names only %q:\n%s", parts, page)
	}
	for _, part := range parts {
		if w := get(t, cfg, part[1]); w.Code != 200 {
			t.Errorf("%s: %d %s", part[1], w.Code, w.Body)
		}
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/_mockdesk/console/console.css", "/_mockdesk/reference", "/_mockdesk/reference/documents/control",
		"/_mockdesk/reference/swagger-ui-bundle.js", "/api/v1/openapi.json",
	} {
		plain := get(t, mockserver.Config{}, path)
		packed := get(t, mockserver.Config{}, path, "Accept-Encoding: gzip")
		if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= plain.Body.Len()*2/3 {
			t.Fatalf("%s: %d bytes of %d, %v", path, packed.Body.Len(), plain.Body.Len(), packed.Header())
		}
		zip, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(zip)
		if err != nil || string(text) != plain.Body.String() {
			t.Errorf("%s: unpacked it is something else (%v)", path, err)
		}
	}
}

func TestDocumentAsJSON(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.Config{Tickets: 100, Verdict: verdict.OnRequest, Console: console.New})
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(ask(s, "/api/v1/openapi.json").Body.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	if document.OpenAPI != "3.1.0" || document.Paths["/tickets"]["get"] == nil {
		t.Errorf("the document is %+v", document)
	}
	if n := s.Workspace("").Journal.Len(); n != 0 {
		t.Errorf("the journal holds %d requests of people who read", n)
	}
}

func TestListWithoutScript(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.Config{Tickets: 100, Verdict: verdict.OnRequest, Console: console.New})
	if err != nil {
		t.Fatal(err)
	}
	ask(s, "/api/v1/tickets?q=%3Cb%3E&%22%3E%3Cscript%3E=1", "Authorization: Bearer ixk_test_readwrite")
	ask(s, `/api/v1/<script>alert(1)</script>`)
	ask(s, "/api/v1/tickets", "Authorization: Bearer nobody-was-given-this")
	ask(s, "/elsewhere", "Authorization: Bearer ixk_test_readwrite")
	page := ask(s, "/_mockdesk/").Body.String()
	for _, want := range []string{`<tr class="entry" data-seq="1">`, "listTickets", "1 breach", `<tr class="entry" data-seq="2">`, "no operation", "no key", "unknown key", "key not looked at"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	if strings.Contains(page, "<script>") {
		t.Error("the page holds a script of a client")
	}
	if curl := ask(s, "/_mockdesk/console/curl/1?workspace=test").Body.String(); !strings.HasPrefix(curl, "curl -sS") || !strings.Contains(curl, "/api/v1/tickets?q=") {
		t.Errorf("the line to copy is %q", curl)
	}
}

// What the console reads for itself uses up no fault and no limit, needs no key
// that works, and is no request of a client.
func TestLooksAreNobodysRequests(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.Config{
		Tickets: 100, Verdict: verdict.OnRequest, Console: console.New, RateLimit: ratelimit.Limit{Max: 1, Window: time.Hour},
	})
	if err != nil {
		t.Fatal(err)
	}
	world := s.Workspace("")
	if _, err := world.Inject(fault.Rule{When: fault.When{Times: 1}, Then: fault.Then{Status: &fault.Status{Code: "503"}}}); err != nil {
		t.Fatal(err)
	}
	for _, key := range world.Keys {
		key.SetAccess(auth.Access{Revoked: true})
	}
	look, hidden := "/_mockdesk/console/look/test", world.Store.Projects()[0]
	for i := range world.Store.Projects() {
		if project := world.Store.Projects()[i]; !project.Member {
			hidden = project
		}
	}
	thread := "/api/projects/" + hidden.ID.String() + "/tickets/" + hidden.Tickets[0].ID.String() + "/messages"
	for path, status := range map[string]int{
		look + "/api/v1/tickets?per_page=3&status=open": 200, look + "/api/v1/tickets/1001/messages": 200, look + thread: 200,
		look + "/api/v1/tickets?status=opne": 400, look + "/api/v1/nix": 404, "/_mockdesk/console/look/nix/api/v1/tickets": 404,
	} {
		if w := ask(s, path); w.Code != status {
			t.Errorf("%s: %d, want %d: %.200s", path, w.Code, status, w.Body)
		}
	}
	if hidden.Member {
		t.Error("every project may be read by the member key, which proves nothing")
	}
	rule := world.Faults.List()[0]
	if n := world.Journal.Len(); n != 0 || rule.Matched != 0 {
		t.Errorf("the journal holds %d requests, the rule saw %d", n, rule.Matched)
	}
	for _, key := range world.Keys {
		if used := key.Window.State(world.Clock.Now()).Used; used != 0 {
			t.Errorf("%d requests of the limit of %s are used up", used, key.Kind)
		}
		key.SetAccess(auth.Access{})
	}
	if w := ask(s, "/api/v1/tickets", "Authorization: Bearer ixk_test_readwrite"); w.Code != 503 {
		t.Errorf("the first client gets %d, want the fault that was meant for it", w.Code)
	}
	if w := get(t, mockserver.Config{AdminToken: "sesame"}, look+"/api/v1/tickets"); w.Code != 401 {
		t.Errorf("without the admin token: %d, want 401", w.Code)
	}
}

// The fields that the console offers to break are those of the answers.
func TestKnownFields(t *testing.T) {
	t.Parallel()
	text := get(t, mockserver.Config{}, "/_mockdesk/console/known.js").Body.String()
	for _, want := range []string{
		`{"pointer":"/data/*/status","values":["open","in_progress","waiting","resolved","closed"]}`, `{"pointer":"/meta/total"}`,
		`{"pointer":"/data/*/attachments/*/size_bytes"}`, `{"pointer":"/messages/*/author_type"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("known.js does not hold %s", want)
		}
	}
}

// A person is asked for the admin token by a page, and the cookie that it is
// changed for opens the console and the control API; nobody else gets one.
func TestEntrance(t *testing.T) {
	t.Parallel()
	cfg := mockserver.Config{Tickets: 100, Verdict: verdict.OnRequest, Console: console.New, AdminToken: "sesame"}
	s, err := mockserver.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.AdminToken = "another"
	other, err := mockserver.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	page := ask(s, "/_mockdesk/reference?a=%22b", "Accept: text/html,*/*")
	if page.Code != 401 || !strings.Contains(page.Body.String(), `name="next" value="/_mockdesk/reference?a=%22b"`) || strings.Contains(page.Header().Get("WWW-Authenticate"), "Basic") {
		t.Fatalf("the page is %d %v %s", page.Code, page.Header(), page.Body)
	}
	if w := ask(s, "/_mockdesk/catalog", "Accept: text/html"); w.Code != 401 || !strings.Contains(w.Header().Get("Content-Type"), "json") {
		t.Errorf("the control API answers a stranger with %d %v", w.Code, w.Header())
	}
	enter := func(form string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "http://localhost/_mockdesk/console/enter", strings.NewReader(form))
		r.RemoteAddr = "127.0.0.1:1234"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	for form, want := range map[string]string{
		"token=sesame&next=/_mockdesk/reference": "/_mockdesk/reference", "token=sesame": "/_mockdesk/", "token=sesame&next=//evil.example": "/_mockdesk/",
	} {
		if w := enter(form); w.Code != 303 || w.Header().Get("Location") != want {
			t.Errorf("%s: %d %v", form, w.Code, w.Header())
		}
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"a wrong token": enter("token=nix"), "no token": enter(""), "more than a token": enter("token=sesame&x=" + strings.Repeat("x", 1<<20)),
		"a page of another origin": enter("token=sesame", "Sec-Fetch-Site: cross-site", "Origin: http://evil.example"),
	} {
		if w.Code != 401 && w.Code != 403 || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
	cookie, attributes, _ := strings.Cut(enter("token=sesame").Header().Get("Set-Cookie"), ";")
	if !strings.Contains(attributes, "HttpOnly") || !strings.Contains(attributes, "SameSite=Strict") || strings.Contains(cookie, "sesame") {
		t.Errorf("the cookie is %s;%s", cookie, attributes)
	}
	for path, want := range map[string]int{"/_mockdesk/": 200, "/_mockdesk/catalog": 200, "/_mockdesk/console/dom.js": 200} {
		if w := ask(s, path, "Cookie: "+cookie); w.Code != want {
			t.Errorf("%s with the cookie: %d, want %d", path, w.Code, want)
		}
		if w := ask(other, path, "Cookie: "+cookie); w.Code != 401 {
			t.Errorf("%s with the cookie of another token: %d, want 401", path, w.Code)
		}
		if w := ask(s, path, "Cookie: "+cookie, "Authorization: Bearer nix"); w.Code != 401 {
			t.Errorf("%s with the cookie and a wrong token: %d, want 401", path, w.Code)
		}
	}
}

// The address that the server says it answers on leads a person to the console.
func TestRoot(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]int{"text/html,application/xhtml+xml,*/*;q=0.8": 302, "application/json": 404, "*/*": 404} {
		w := get(t, mockserver.Config{}, "/", "Accept: "+accept)
		if w.Code != want || want == 302 && w.Header().Get("Location") != "/_mockdesk/" {
			t.Errorf("%s: %d %v, want %d", accept, w.Code, w.Header(), want)
		}
	}
	if w := get(t, mockserver.Config{}, "/nix", "Accept: text/html"); w.Code != 404 {
		t.Errorf("another address: %d, want 404", w.Code)
	}
}
