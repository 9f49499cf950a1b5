package conformance_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// stubConfig judges a stub by the clauses it can keep.
func stubConfig(h http.Handler) conformance.Config {
	return conformance.Config{
		BaseURL: "http://stub.test", Transport: target.Handler(h), Write: true,
		Keys: target.Keys{
			target.ReadWrite: stubKey, target.ReadOnly: stubReadOnly, target.Revoked: stubRevoked, target.Unentitled: stubNoAccess,
		},
		Only: []string{"IO-AUTH-*", "IO-ERR-0[1-5]"},
	}
}

func run(t *testing.T, c conformance.Config) conformance.Report {
	t.Helper()
	r, err := conformance.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// not lists the results that are not passes, as "ID outcome".
func not(r conformance.Report) string {
	var out []string
	for _, result := range r.Results {
		if result.Outcome != scenario.Pass {
			out = append(out, result.Clause.ID+" "+string(result.Outcome))
		}
	}
	return strings.Join(out, ", ")
}

func TestRun(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		stub *stub
		want string // results that are not passes
		exit int
	}{
		"a server that keeps the clauses": {&stub{}, "IO-ERR-05 skip", 0},
		"one whose list needs no key": {
			&stub{openList: true},
			"IO-AUTH-02 fail, IO-AUTH-03 fail, IO-AUTH-04 fail, IO-AUTH-05 fail, IO-AUTH-06 fail, IO-AUTH-20 fail, IO-AUTH-21 fail, IO-AUTH-22 fail, IO-ERR-05 skip", 1,
		},
		"one whose errors are text": {
			&stub{plainErrors: true},
			"IO-AUTH-17 skip, IO-AUTH-18 skip, IO-AUTH-19 skip, IO-ERR-01 fail, IO-ERR-02 skip, IO-ERR-03 skip, IO-ERR-04 skip, IO-ERR-05 skip", 1,
		},
		"one whose errors are of no dialect": {
			&stub{bareErrors: true},
			"IO-AUTH-17 skip, IO-AUTH-18 skip, IO-AUTH-19 skip, IO-ERR-02 skip, IO-ERR-03 skip, IO-ERR-04 skip, IO-ERR-05 skip", 0,
		},
		"one that stores refused notes":     {&stub{storesAll: true}, "IO-AUTH-09 fail, IO-AUTH-10 fail, IO-ERR-05 skip", 1},
		"one that forgets its manners once": {&stub{forgets: 1}, "IO-ERR-05 skip", 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := run(t, stubConfig(tc.stub))
			if d := cmp.Diff(tc.want, not(r)); d != "" {
				t.Errorf("not passed (-want +got):\n%s", d)
			}
			if r.ExitCode() != tc.exit {
				t.Errorf("exit code %d, want %d", r.ExitCode(), tc.exit)
			}
			if r.Requests == 0 || r.Requests > 300 || r.Target != "http://stub.test/api/v1" || r.Headline != "" {
				t.Errorf("%d requests of %s, headline %q", r.Requests, r.Target, r.Headline)
			}
		})
	}
}

func TestHopelessTargetsEndInBoundedTime(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "index.html"), []byte("<h1>Hello</h1>"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		handler http.Handler
		want    string // the headline; URL stands for the target's
		exit    int
	}{
		"a static file server": {
			http.FileServer(http.Dir(folder)), "there is no InboxOps: GET URL/api/v1/tickets answered 404 (text/plain, 404 page not found)", 1,
		},
		"a page for everything": {
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!doctype html><title>Hello</title>") }),
			"there is no InboxOps: GET URL/api/v1/tickets answered 200 (text/html, <!doctype html><title>Hello</title>)", 1,
		},
		"an empty object for everything": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, "{}")
		}), "this does not look like InboxOps: GET URL/api/v1/tickets answered 200 (application/json, {}): the body has no array data", 1},
		"every key refused": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			answer(w, http.StatusUnauthorized, "application/json", map[string]any{})
		}), "the target refuses the key $MOCKDESK_KEY: GET URL/api/v1/tickets answered 401 (application/json, {})", 1},
		"broken inside": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
		}), "InboxOps does not work: GET URL/api/v1/tickets answered 500 (an empty body)", 1},
		"a list that is no JSON": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"data":[\u009b`)
		}), "there is no InboxOps: GET URL/api/v1/tickets answered 200 (application/json, {\"data\":[\\u009b)", 1},
		"another protocol": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err == nil { // and the connection stays open
				fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
			}
		}), "there is no InboxOps: GET URL/api/v1/tickets answered 101 (an empty body)", 1},
		"the page of a gateway": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, "<html>Blocked")
		}), "there is no InboxOps: GET URL/api/v1/tickets answered 403 (text/html, <html>Blocked); it is no answer of the API but of a gateway in front of it; hint: --header 'Name: value' brings what the gateway asks for", 1},
		"a redirect to a login": {
			http.RedirectHandler("/login", http.StatusFound),
			"there is no InboxOps: GET URL/api/v1/tickets answered 302 (text/html, <a href=\"/login\">Found</a>.); it redirects to URL/login; hint: --follow", 1,
		},
		"connections closed": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				c.Close()
			}
		}), "cannot judge: URL/api/v1 does not answer: the connection was closed before an answer", 3},
		"no answer ever": {
			http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }),
			"cannot judge: URL/api/v1 does not answer: no answer within 200ms", 3,
		},
		"an answer that stalls": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "{")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}), "cannot judge: URL/api/v1 does not answer: no answer within 200ms", 3},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			web := httptest.NewServer(tc.handler)
			defer web.Close()
			r := run(t, conformance.Config{
				BaseURL: web.URL, Keys: target.Keys{target.ReadWrite: "ixk_hopeless"}, RequestTimeout: 200 * time.Millisecond, Write: true,
			})
			if d := cmp.Diff(strings.ReplaceAll(tc.want, "URL", web.URL), r.Headline); d != "" {
				t.Errorf("headline (-want +got):\n%s", d)
			}
			if r.ExitCode() != tc.exit || r.Counts.Pass+r.Counts.Fail+r.Counts.Skip+r.Counts.Error+r.Counts.NotRun != len(scenario.All()) {
				t.Errorf("exit code %d, want %d; %+v", r.ExitCode(), tc.exit, r.Counts)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	address := nobody(t)
	r := run(t, conformance.Config{BaseURL: address, Keys: target.Keys{target.ReadWrite: "ixk_nobody"}})
	if !strings.HasPrefix(r.Headline, "cannot judge: "+address+"/api/v1 does not answer: ") || r.ExitCode() != conformance.ExitUnjudged {
		t.Errorf("exit code %d, headline %q", r.ExitCode(), r.Headline)
	}
}

func TestWithoutAKeyNothingIsJudged(t *testing.T) {
	t.Parallel()
	c := stubConfig(&stub{})
	c.Keys = nil
	r := run(t, c)
	if r.ExitCode() != conformance.ExitUnjudged || r.Requests != 0 || !strings.Contains(r.Headline, "--key") {
		t.Errorf("exit code %d, %d requests, headline %q", r.ExitCode(), r.Requests, r.Headline)
	}
}

func TestKnownFailures(t *testing.T) {
	t.Parallel()
	c := stubConfig(&stub{storesAll: true})
	c.KnownFailures = []string{"IO-AUTH-09", "IO-AUTH-1?"}
	r := run(t, c)
	var cured []string
	for _, result := range r.Results {
		if result.Unexpected() {
			cured = append(cured, result.Clause.ID)
		}
	}
	if r.ExitCode() != conformance.ExitFailed || r.Counts.Known != 2 || len(cured) != 9 {
		t.Errorf("exit code %d, %+v, unexpected %v", r.ExitCode(), r.Counts, cured)
	}
	c = stubConfig(&stub{storesAll: true})
	c.KnownFailures = []string{"IO-AUTH-09", "IO-AUTH-10"}
	if r := run(t, c); r.ExitCode() != conformance.ExitOK {
		t.Errorf("only known failures: exit code %d, %+v", r.ExitCode(), r.Counts)
	}
}

func TestWithoutWriteNothingIsPosted(t *testing.T) {
	t.Parallel()
	c := stubConfig(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			t.Errorf("%s %s although writing is not allowed", r.Method, r.URL)
		}
		(&stub{}).ServeHTTP(w, r)
	}))
	c.Write = false
	r := run(t, c)
	if r.Counts.Pass == 0 || r.Counts.Fail > 0 || len(r.Left) > 0 {
		t.Errorf("%+v, left behind %v", r.Counts, r.Left)
	}
}

func TestNoSecretIsInTheReport(t *testing.T) {
	t.Parallel()
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // shows what it was sent
		w.Header().Set("X-Echo", r.Header.Get("Authorization")+" "+r.URL.RawQuery)
		(&stub{openList: true}).ServeHTTP(w, r)
	})
	c := stubConfig(echo)
	c.Only = nil
	c.Facts = &facts.Facts{Keys: []facts.Key{{Kind: "outsider", Service: "apphandoff", Key: "ah_k_stub_outsider"}}}
	mustHide(t, run(t, c), stubKey, stubReadOnly, stubRevoked, stubNoAccess, "ah_k_stub_outsider", "aXhrX3N0dWJf" /* ixk_stub_ */)
}

// mustHide fails if a report holds a secret, or does not name the key instead.
func mustHide(t *testing.T, r conformance.Report, secrets ...string) {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if i := strings.Index(string(text), secret); i >= 0 {
			t.Errorf("the report holds %s: …%s…", secret, text[max(i-100, 0):i+40])
		}
	}
	if !strings.Contains(string(text), "$MOCKDESK_KEY") {
		t.Error("the report names no key")
	}
}

// TestAShortKeyIsInNoReport has a target that shows the key in all it answers.
func TestAShortKeyIsInNoReport(t *testing.T) {
	t.Parallel()
	const key = "ixk_x"
	tests := map[string]http.Handler{
		"in what fails": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Echo", r.Header.Get("Authorization")+" "+r.URL.RawQuery)
			r.Header.Set("Authorization", strings.ReplaceAll(r.Header.Get("Authorization"), key, stubKey))
			(&stub{openList: true}).ServeHTTP(w, r)
		}),
		"in the headline": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			answer(w, http.StatusUnauthorized, "application/json", map[string]any{"unknown": key})
		}),
	}
	for name, handler := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := stubConfig(handler)
			c.Keys = target.Keys{target.ReadWrite: key}
			mustHide(t, run(t, c), key, "aXhrX3g" /* ixk_x */, "Oml4a194" /* :ixk_x */)
		})
	}
}

// TestFailuresSayWhichRequest has a target that lets everybody in.
func TestFailuresSayWhichRequest(t *testing.T) {
	t.Parallel()
	c := stubConfig(&stub{openList: true, bareErrors: true})
	c.Only = []string{"IO-AUTH-05", "IO-ERR-06"}
	var got []string
	for _, result := range run(t, c).Results {
		for _, f := range result.Failures[:min(len(result.Failures), 4)] {
			got = append(got, strings.TrimSuffix(f.Path+" of "+f.Request, " of ")+": "+f.Actual+f.Message)
		}
	}
	want := []string{
		`status of GET /api/v1/tickets with the key as the user of Basic: "200 OK"`,
		`status of GET /api/v1/tickets with the key as the password of Basic: "200 OK"`,
		`status of GET /api/v1/tickets with the key after Token: "200 OK"`,
		`status of GET /api/v1/tickets with the key and no scheme: "200 OK"`,
		`error of GET /api/v1/tickets?created_after=not-a-date: (absent)`,
		`message of GET /api/v1/tickets?created_after=not-a-date: (absent)`,
		`error of GET /api/v1/tickets/00000000-0000-4000-8000-00000000dead/messages: (absent)`,
		`message of GET /api/v1/tickets/00000000-0000-4000-8000-00000000dead/messages: (absent)`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("failures (-want +got):\n%s", d)
	}
}

// TestTheLimitIsNotMet drives targets whose limit is above what may be sent,
// or holds on one operation alone.
func TestTheLimitIsNotMet(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ limited, want string }{
		"no limit at all": {
			"nothing", "IO-RATE-01 fail, IO-RATE-02 skip, IO-RATE-03 skip, IO-RATE-04 skip, IO-RATE-05 skip, IO-RATE-06 skip",
		},
		"messages alone are limited": {"/messages", "IO-RATE-01 fail, IO-RATE-03 skip, IO-RATE-04 skip, IO-RATE-05 skip, IO-RATE-06 skip"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := &stub{}
			sent := 0
			c := stubConfig(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if sent++; sent > 8 && strings.HasSuffix(r.URL.Path, tc.limited) {
					whole.problem(w, http.StatusTooManyRequests, "rate_limit_exceeded")
					return
				}
				whole.ServeHTTP(w, r)
			}))
			c.Only, c.Burst = []string{"IO-RATE-*"}, 20
			c.Sleep = func(context.Context, time.Duration) error { return nil }
			r := run(t, c)
			if d := cmp.Diff(tc.want, not(r)); d != "" {
				t.Errorf("not passed (-want +got):\n%s", d)
			}
			for _, result := range r.Results {
				if result.Outcome == scenario.Skip && result.Reason != "no limit was met within 20 requests" {
					t.Errorf("%s is skipped: %s", result.Clause.ID, result.Reason)
				}
			}
		})
	}
}

func TestWrongCalls(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config conformance.Config
		want   string
	}{
		"no URL":             {conformance.Config{}, "no URL to judge; hint: http://127.0.0.1:4010"},
		"no server's URL":    {conformance.Config{BaseURL: "localhost:4010"}, `"localhost:4010" is not the URL of a server; hint: http://localhost:4010`},
		"a secret in it":     {conformance.Config{BaseURL: "http://me:secret@host"}, "the URL holds a user or password; hint: give keys with --key, they are not printed"},
		"an unknown API":     {conformance.Config{BaseURL: "http://h", API: "zendesk"}, `unknown API "zendesk"; hint: inboxops or apphandoff`},
		"an unknown level":   {conformance.Config{BaseURL: "http://h", Level: "loose"}, `unknown level "loose"; hint: strict or lenient`},
		"no ticket's name":   {conformance.Config{BaseURL: "http://h", WriteTicket: "T-7"}, `the write ticket "T-7" is no UUID and no number; hint: --write-ticket 1001`},
		"an unknown format":  {conformance.Config{BaseURL: "http://h", ErrorFormat: "xml"}, `unknown error format "xml"; hint: problem or sample`},
		"a negative rate":    {conformance.Config{BaseURL: "http://h", RPS: -1}, "a rate, number or time of the run is negative; hint: 0 means its default"},
		"an unknown clause":  {conformance.Config{BaseURL: "http://h", Only: []string{"IO-ATUH-01"}}, `only: pattern "IO-ATUH-01" matches no clause; hint: did you mean IO-AUTH-01?`},
		"nothing to require": {conformance.Config{BaseURL: "http://h", Require: []string{"IO-*", "IO-RATO-01"}}, `require: pattern "IO-RATO-01" matches no clause; hint: did you mean IO-RATE-01?`},
		"required elsewhere": {conformance.Config{BaseURL: "http://h", API: "inboxops", Require: []string{"AH-*"}}, `require: pattern "AH-*" matches no clause of this run: the API, the level and the other patterns exclude all; hint: mockdesk check --list`},
		"nothing to skip":    {conformance.Config{BaseURL: "http://h", Skip: []string{"X*"}}, `skip: pattern "X*" matches no clause; hint: ids look like IO-AUTH-01 and AH-MSG-*; mockdesk check --list prints all`},
		"an unknown failure": {conformance.Config{BaseURL: "http://h", KnownFailures: []string{"AH-MSG-9"}}, `known failures: pattern "AH-MSG-9" matches no clause; hint: did you mean AH-MSG-*?`},
		"everything skipped": {conformance.Config{BaseURL: "http://h", API: "apphandoff", Skip: []string{"AH-*"}}, "no clause is left to judge: the API, the level and the patterns exclude all; hint: mockdesk check --list"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conformance.Run(t.Context(), tc.config)
			if err == nil {
				t.Fatal("Run took it")
			}
			if d := cmp.Diff(tc.want, err.Error()); d != "" {
				t.Errorf("error (-want +got):\n%s", d)
			}
		})
	}
}

func TestWhereTheAPIsAre(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ base, handoff, want string }{
		"an origin":                          {"http://h:1", "", "http://h:1/api/v1 http://h:1/api"},
		"a slash too many":                   {"http://h:1/", "", "http://h:1/api/v1 http://h:1/api"},
		"the base of InboxOps":               {"http://h/api/v1", "", "http://h/api/v1 http://h/api"},
		"a prefix":                           {"http://h/desk", "", "http://h/desk/api/v1 http://h/desk/api"},
		"AppHandoff elsewhere":               {"http://h", "http://a", "http://h/api/v1 http://a/api"},
		"AppHandoff under a path of its own": {"http://h", "http://a/v2/", "http://h/api/v1 http://a/v2"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := run(t, conformance.Config{BaseURL: tc.base, AppHandoffURL: tc.handoff})
			if got := r.Target + " " + r.AppHandoff; got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestLevelAndAPI(t *testing.T) {
	t.Parallel()
	r := run(t, conformance.Config{BaseURL: "http://h", Level: clause.Strict, API: clause.AppHandoff, Skip: []string{"AH-MSG-0[2-9]"}})
	for _, result := range r.Results {
		c := result.Clause
		if c.API != clause.AppHandoff || c.Level != clause.Strict || strings.HasPrefix(c.ID, "AH-MSG-") && c.ID != "AH-MSG-01" {
			t.Errorf("%s is judged", c.ID)
		}
	}
	if len(r.Results) == 0 {
		t.Error("nothing is judged")
	}
}

func ExampleRun() {
	report, err := conformance.Run(context.Background(), conformance.Config{
		BaseURL:   "http://stub.test",
		Transport: target.Handler(&stub{}), // without it requests go over the network
		Keys:      target.Keys{target.ReadWrite: stubKey},
		Only:      []string{"IO-AUTH-0[1-3]"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range report.Results {
		fmt.Println(r.Clause.ID, r.Outcome)
	}
	fmt.Println("exit code", report.ExitCode())
	// Output:
	// IO-AUTH-01 pass
	// IO-AUTH-02 pass
	// IO-AUTH-03 pass
	// exit code 0
}
