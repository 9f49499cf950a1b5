package mockserver_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/fault"
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
	return &proxy{f, listen(t, f, nil).URL, t}
}

// beforeHandler returns a proxy in front of a server that answers as a handler does.
func beforeHandler(t *testing.T, handler http.HandlerFunc, cfg mockserver.Config) *proxy {
	t.Helper()
	target, _ := web(t, handler, 1)
	return before(t, target.URL, cfg)
}

// beforeFake returns a proxy in front of a fake.
func beforeFake(t *testing.T, cfg mockserver.Config) *proxy {
	t.Helper()
	return before(t, listen(t, start(t, mockserver.Config{}), nil).URL, cfg)
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

// last returns the newest entry.
func (p *proxy) last() journal.Entry {
	p.t.Helper()
	all := p.entries()
	if len(all) == 0 {
		p.t.Fatal("the journal is empty")
	}
	return all[len(all)-1]
}

// do sends a request to the proxy with the key of the fake.
func (p *proxy) do(method, path, body string) got {
	p.t.Helper()
	header := http.Header{"Authorization": {"Bearer " + readWrite}, "Content-Type": {"application/json"}}
	return through(p.t, plain(), method, p.URL+path, header, strings.NewReader(body))
}

// Each preset does through a proxy what it does in the fake, and what it refuses
// or breaks does not come to the target.
func TestProxyHasThePresets(t *testing.T) {
	t.Parallel()
	for _, preset := range fault.Presets() {
		t.Run(preset.Name, func(t *testing.T) {
			t.Parallel()
			run := func(f *fake, address string, slept *[]time.Duration) (all []string, passed int) {
				w := f.Workspace("")
				if _, err := w.Start(preset.Rules...); err != nil {
					t.Fatal(err)
				}
				for i := range 14 {
					method, path, body := "GET", ticketsPath+"?per_page=3", ""
					if i%4 == 3 {
						method, path, body = "POST", messagesPath, noteBody
					}
					r, _ := http.NewRequestWithContext(t.Context(), method, address+path, strings.NewReader(body))
					r.Header = http.Header{"Authorization": {"Bearer " + readWrite}, "Content-Type": {"application/json"}, "X-Request-Id": {"same"}}
					a, err := plain().RoundTrip(r)
					if err != nil {
						all = append(all, "broken")
						continue
					}
					text, err := io.ReadAll(a.Body)
					_ = a.Body.Close()
					if a.StatusCode == http.StatusCreated {
						text = nil // it has the time
					}
					all = append(all, fmt.Sprint(a.StatusCode, a.Header["Retry-After"], a.Header["Mockdesk-Why"], a.Header["Content-Type"], a.ContentLength, string(text), err != nil))
					if a.StatusCode < 300 {
						passed++
					}
				}
				return append(all, fmt.Sprint(*slept)), passed
			}
			timed := func() (mockserver.Config, *[]time.Duration) {
				var slept []time.Duration
				return mockserver.Config{Sleep: func(ctx context.Context, d time.Duration) error { slept = append(slept, d); return ctx.Err() }}, &slept
			}
			cfg, slept := timed()
			f := start(t, cfg)
			want, passed := run(f, listen(t, f, nil).URL, slept)
			behind := start(t, mockserver.Config{})
			cfg, slept = timed()
			p := before(t, listen(t, behind, nil).URL, cfg)
			got, _ := run(p.fake, p.URL, slept)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-fake +proxy):\n%.3000s", diff)
			}
			if n := behind.Workspace("").Journal.Len(); n != passed {
				t.Errorf("%d requests came to the target, of which %d were answered", n, passed)
			}
		})
	}
}

// A fault that changes an answer changes the target's, and the verdict is on
// what the target has answered.
func TestProxyChangesAnswers(t *testing.T) {
	t.Parallel()
	const body = `{"data":[],"meta":{"page":1,"per_page":25,"total":0}}`
	large := strings.Repeat("x", journal.MostAnswer+1)
	tests := map[string]struct {
		then     fault.Then
		header   http.Header
		method   string
		body     string
		want     string
		kind     string
		why      string
		promised string
	}{
		"a violation":                  {fault.Then{Violation: &fault.Violation{Pointer: "/meta/total", Make: "null"}}, nil, "GET", body, strings.Replace(body, `"total":0`, `"total":null`, 1), "application/json", "", "56"},
		"broken JSON":                  {fault.Then{Malformed: true}, nil, "GET", body, body[:len(body)-1] + ",", "application/json", "", "53"},
		"broken JSON of what was gzip": {fault.Then{Malformed: true}, http.Header{"Content-Encoding": {"gzip"}}, "GET", body, body[:len(body)-1] + ",", "application/json", "", "53"},
		"another type":                 {fault.Then{ContentType: "text/html"}, nil, "GET", body, body, "text/html", "", "53"},
		"another header":               {fault.Then{Headers: &fault.Headers{Set: map[string]string{"X-A": "b"}}}, nil, "GET", body, body, "application/json", "", "53"},
		"a cut":                        {fault.Then{Body: &fault.Body{CutAfter: new(10)}}, nil, "GET", body, body[:10], "application/json", "", "53"},
		"nothing there to break":       {fault.Then{Violation: &fault.Violation{Pointer: "/x", Make: "null"}}, nil, "GET", body, body, "application/json", `fault f; violation: the answer has nothing to break at "/x"`, "53"},
		"a body too large":             {fault.Then{Malformed: true}, nil, "GET", large, large, "application/json", "fault f; malformed: the answer has more than 1048576 bytes", "1048577"},
		"HEAD":                         {fault.Then{Malformed: true}, nil, "HEAD", body, "", "application/json", "fault f; malformed: an answer to HEAD has no body", "53"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := func(w http.ResponseWriter, _ *http.Request) {
				text := []byte(test.body)
				if test.header != nil {
					text = packed(test.body)
				}
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("Content-Length", fmt.Sprint(len(text)))
				w.Header().Set("X-Request-Id", "target-1")
				for name, values := range test.header {
					w.Header()[name] = values
				}
				_, _ = w.Write(text)
			}
			p := beforeHandler(t, target, mockserver.Config{})
			if _, err := p.Workspace("").Inject(fault.Rule{ID: "f", Then: test.then}); err != nil {
				t.Fatal(err)
			}
			a := p.do(test.method, ticketsPath, "")
			if a.Status != 200 || a.Body != test.want || a.Header.Get("Content-Type") != test.kind || a.Header.Get("Content-Length") != test.promised || a.Broken != (test.then.Body != nil) {
				t.Errorf("%d %v, broken %t: %.200s", a.Status, a.Header, a.Broken, a.Body)
			}
			if a.Header.Get("X-Request-Id") != "target-1" || a.Header.Get("Mockdesk-Why") != test.why {
				t.Errorf("%v", a.Header)
			}
			if e := p.last(); len(e.AnswerViolations) > 0 || e.Rule != "f" || e.RequestID != "target-1" {
				t.Errorf("%+v", e)
			}
		})
	}
}

// What a fault makes of an answer does not hide what the target got wrong.
func TestProxyJudgesWhatItChanges(t *testing.T) {
	t.Parallel()
	p := beforeHandler(t, breaking, mockserver.Config{})
	rule := fault.Rule{Then: fault.Then{Violation: &fault.Violation{Pointer: "/data", Make: "null"}}}
	if _, err := p.Workspace("").Inject(rule); err != nil {
		t.Fatal(err)
	}
	a := p.do("GET", ticketsPath+"?statsu=open", "")
	if e := p.last(); !strings.HasPrefix(a.Body, `{"data":null`) || len(e.AnswerViolations) == 0 || len(e.Violations) == 0 || !strings.Contains(e.AnswerViolations[0].Where, "body.data[0]") {
		t.Errorf("%s: %+v", a.Body, e)
	}
	through := through(t, plain(), "GET", p.URL+ticketsPath, http.Header{"Prefer": {"error-format=sample"}}, http.NoBody)
	if applied, has := through.Header["Preference-Applied"]; has {
		t.Errorf("%q was applied", applied)
	}
}

// breaking answers with a list that the contract has not.
func breaking(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"data":[{"id":"ixk_marker_of_a_key"}],"meta":{"page":1,"per_page":25,"total":"0"}}`)
}

// Both sides are judged: the request before the answer goes, the answer when it
// has come.
func TestProxyJudgesBothSides(t *testing.T) {
	t.Parallel()
	answer := func(kind, body string, more ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			for i := 0; i < len(more); i += 2 {
				w.Header().Set(more[i], more[i+1])
			}
			fmt.Fprint(w, body)
		}
	}
	const good = `{"data":[],"meta":{"page":1,"per_page":25,"total":0}}`
	tests := map[string]struct {
		handler   http.HandlerFunc
		method    string
		path      string
		request   string // where it breaks the contract
		answer    string
		unchecked string
	}{
		"both are good":         {answer("application/json", good), "GET", ticketsPath, "", "", ""},
		"a request":             {answer("application/json", good), "GET", ticketsPath + "?statsu=open", "query.statsu", "", ""},
		"a type":                {answer("text/html", good), "GET", ticketsPath, "", "header.Content-Type", ""},
		"a member":              {answer("application/json", strings.Replace(good, `"total":0`, `"total":"0"`, 1)), "GET", ticketsPath, "", "body.meta.total", ""},
		"a member in gzip":      {answer("application/json", string(packed(strings.Replace(good, `"total":0`, `"total":"0"`, 1))), "Content-Encoding", "gzip"), "GET", ticketsPath, "", "body.meta.total", ""},
		"a member more":         {answer("application/json", strings.Replace(good, `{`, `{"more":1,`, 1)), "GET", ticketsPath, "", "", ""},
		"a header":              {answer("application/json", good, "Mockdesk-Breach", "x"), "GET", ticketsPath, "", "", ""},
		"no JSON":               {answer("application/json", "<html>"), "GET", ticketsPath, "", "body", ""},
		"a status":              {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }, "GET", ticketsPath, "", "response.status", ""},
		"HEAD":                  {answer("application/json", "<html>"), "HEAD", ticketsPath, "", "", ""},
		"an address of neither": {answer("text/html", "x"), "GET", "/elsewhere", "path", "", ""},
		"no operation":          {answer("text/html", "x"), "GET", "/api/v1/contacts", "path", "", ""},
		"another coding":        {answer("application/json", "?", "Content-Encoding", "br"), "GET", ticketsPath, "", "", `the body of the answer was not checked: its Content-Encoding is "br"`},
		"gzip that is none":     {answer("application/json", "?", "Content-Encoding", "gzip"), "GET", ticketsPath, "", "", "the body of the answer was not checked: it is no gzip: unexpected EOF"},
		"a bomb":                {answer("application/json", string(packed(strings.Repeat(" ", 40<<20))), "Content-Encoding", "gzip"), "GET", ticketsPath, "", "", "the body of the answer was not checked: unpacked, it has more than 1048576 bytes"},
		"too much":              {answer("application/json", strings.Repeat(" ", 2<<20)), "GET", ticketsPath, "", "", "the body of the answer was not checked: it has 2097152 bytes, of which the first 1048576 are kept"},
		"too much of a type":    {answer("text/html", strings.Repeat(" ", 2<<20)), "GET", ticketsPath, "", "header.Content-Type", "the body of the answer was not checked: it has 2097152 bytes, of which the first 1048576 are kept"},
		"what breaks off":       {targets["a body that breaks off"], "GET", ticketsPath, "", "header.Content-Type", "the body of the answer was not checked: it broke off"},
		"a request and answer":  {breaking, "GET", ticketsPath + "?page=0", "query.page", "body.data[0]", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log transcript
			p := beforeHandler(t, test.handler, mockserver.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
			r, _ := http.NewRequestWithContext(t.Context(), test.method, p.URL+test.path, http.NoBody)
			a, err := plain().RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, a.Body)
			_ = a.Body.Close()
			p.Workspace("").Journal.Settle(t.Context())
			e := p.last()
			where := func(all []journal.Violation) string {
				if len(all) == 0 {
					return ""
				}
				return all[0].Where
			}
			if got := where(e.Violations); got != test.request || (a.Header.Get("Mockdesk-Breach") != "") != (got != "" || name == "a header") {
				t.Errorf("the request breaks the contract at %q, want %q; header %q", got, test.request, a.Header.Get("Mockdesk-Breach"))
			}
			if got := where(e.AnswerViolations); !strings.HasPrefix(got, test.answer) || (got == "") != (test.answer == "") || e.AnswerUnchecked != test.unchecked {
				t.Errorf("the answer breaks the contract at %q, want %q; unchecked %q, want %q", got, test.answer, e.AnswerUnchecked, test.unchecked)
			}
			for _, said := range []struct{ line, where string }{{"the request breaks the contract", test.request}, {"the answer breaks the contract", test.answer}} {
				if strings.Contains(log.String(), `level=WARN msg="`+said.line) != (said.where != "") {
					t.Errorf("%q:\n%s", said.line, &log)
				}
			}
			wantVerified(t, p, test.answer != "")
			p.wantWithout("ixk_marker_of_a_key", &log)
		})
	}
}

// wantVerified expects the filter answer_violations to select a request or none.
func wantVerified(t *testing.T, p *proxy, broken bool) {
	t.Helper()
	var v journal.Verification
	p.post("", "/_mockdesk/verify", `{"filter":{"answer_violations":true},"at_least":1}`).want(200).decode(&v)
	if v.OK != broken {
		t.Errorf("%+v", v)
	}
	metric := "mockdesk_answer_violations 0\n"
	if text := p.send("GET", "", "/_mockdesk/metrics", "").Body; strings.Contains(text, metric) == broken {
		t.Errorf("%s", text)
	}
	if list := p.send("GET", "", "/_mockdesk/requests?answer_violations=true", "").want(200).Body; strings.Contains(list, `"seq"`) != broken {
		t.Errorf("%s", list)
	}
}

// The limit, the clock and Prefer are the proxy's own.
func TestProxyHasALimitOfItsOwn(t *testing.T) {
	t.Parallel()
	p := beforeFake(t, mockserver.Config{RateLimit: mockserver.RateLimit{Max: 1, Window: time.Minute}})
	for i, want := range []int{200, 429} {
		if a := p.do("GET", ticketsPath, ""); a.Status != want || want == 429 && (a.Header.Get("Retry-After") == "" || a.Header.Get("Mockdesk-Why") != "rate limit") {
			t.Errorf("%d: %d %v", i, a.Status, a.Header)
		}
	}
	if a := p.do("GET", threadThere, ""); a.Status != 401 { // a window of its own, and the fake refuses the key
		t.Errorf("%d %v", a.Status, a.Header)
	}
	p.post("", "/_mockdesk/clock/advance", `{"by":"61s"}`).want(200)
	if a := p.do("GET", ticketsPath, ""); a.Status != 200 {
		t.Errorf("%d %v", a.Status, a.Header)
	}
}

func TestProxyHearsPrefer(t *testing.T) {
	t.Parallel()
	var slept []time.Duration
	p := beforeFake(t, mockserver.Config{Sleep: func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil }})
	ask := func(prefer string) got {
		return through(t, plain(), "GET", p.URL+ticketsPath+"?page=0", http.Header{"Authorization": {"Bearer " + readWrite}, "Prefer": {prefer}}, http.NoBody)
	}
	if a := ask("code=429, retry-after=7"); a.Status != 429 || a.Header.Get("Retry-After") != "7" || a.Header.Get("Preference-Applied") == "" {
		t.Errorf("%+v", a)
	}
	if a := ask("delay=3s, error-format=sample"); a.Status != 400 || a.Header.Get("Content-Type") != "application/json" || len(slept) != 1 {
		t.Errorf("%+v, slept %v", a, slept)
	}
	if a := ask("error-format=sample"); a.Status != 400 || strings.Join(a.Header["Preference-Applied"], ", ") != "error-format=sample" {
		t.Errorf("%+v", a)
	}
}

// What a proxy has not is not there, and what it has is.
func TestProxyIsControlled(t *testing.T) {
	t.Parallel()
	asked := false
	p := beforeHandler(t, func(http.ResponseWriter, *http.Request) { asked = true }, mockserver.Config{})
	for _, path := range []string{"/_mockdesk/catalog", "/_mockdesk/events", "/_mockdesk/keys", "/_mockdesk/case.yaml", "/_mockdesk/life"} {
		if a := p.send("GET", "", path, ""); a.Status != 404 || !strings.Contains(a.Body, "a proxy has no tickets") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	for _, path := range []string{"/_mockdesk/healthz", "/_mockdesk/faults", "/_mockdesk/clock", "/_mockdesk/rate-limit", "/_mockdesk/requests", "/_mockdesk/workspaces"} {
		p.send("GET", "", path, "").want(200)
	}
	p.send("GET", "", "/_mockdesk/requests?status=418", "").want(200)
	p.post("", "/_mockdesk/faults", `{"match":{"key":"a key of the target"},"then":{"status":{"code":"503"}}}`).want(201)
	if a := p.post("", "/_mockdesk/faults", `{"match":{"key_kind":"read-only"},"then":{"status":{"code":"503"}}}`); a.Status != 400 || !strings.Contains(a.Body, "a proxy does not know") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	var e control.Explanation
	p.post("", "/_mockdesk/explain", `{"method":"GET","path":"/api/v1/tickets"}`).want(200).decode(&e)
	if e.Why != "it goes to the target, which is not asked" || asked {
		t.Errorf("%+v, asked %t", e, asked)
	}
	if a := through(t, plain(), "GET", p.URL+ticketsPath, http.Header{"Authorization": {"Bearer a key of the target"}}, http.NoBody); a.Status != 503 || asked {
		t.Errorf("%+v, asked %t", a, asked)
	}
}

// Pages of the origins may read what the target answers, by headers of the
// proxy alone.
func TestProxyAnswersBrowsers(t *testing.T) {
	t.Parallel()
	target := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://other.example")
		w.Header().Set("Vary", "Accept")
	}
	p := beforeHandler(t, target, mockserver.Config{CORS: []string{"https://app.example"}})
	a := through(t, plain(), "GET", p.URL+ticketsPath, http.Header{"Origin": {"https://app.example"}}, http.NoBody)
	if got := a.Header["Access-Control-Allow-Origin"]; len(got) != 1 || got[0] != "https://app.example" || len(a.Header["Vary"]) != 2 {
		t.Errorf("%v", a.Header)
	}
}

// What belongs to a fake is refused.
func TestProxyHasNoWorld(t *testing.T) {
	t.Parallel()
	target := &mockserver.Target{InboxOps: "http://a.test"}
	for says, cfg := range map[string]mockserver.Config{
		"a proxy has no tickets":  {Target: target, Life: mockserver.Calm},
		"a proxy knows no keys":   {Target: target, Workspaces: []control.Spec{{Name: "a"}}},
		"is no time to wait":      {Target: &mockserver.Target{InboxOps: "http://a.test", Timeout: -1}},
		"not the address of a ta": {Target: &mockserver.Target{InboxOps: "http://a.test", AppHandoff: "b"}},
	} {
		if _, err := mockserver.New(cfg); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// Each service has a target of its own where it is said.
func TestProxyHasTwoTargets(t *testing.T) {
	t.Parallel()
	named := func(name string) string {
		s, _ := web(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, name, " ", r.URL.Path) }), 1)
		return s.URL
	}
	p := before(t, named("inboxops")+"/one/", mockserver.Config{Target: &mockserver.Target{AppHandoff: named("apphandoff") + "/two"}})
	for path, want := range map[string]string{ticketsPath: "inboxops /one" + ticketsPath, threadThere: "apphandoff /two" + threadThere, "/": "inboxops /one/"} {
		if a := p.do("GET", path, ""); a.Body != want {
			t.Errorf("%s: %s, want %s", path, a.Body, want)
		}
	}
}

// A token is kept nowhere, whatever it looks like and wherever the target puts it.
func TestProxyKeepsNoKey(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"ixk_marker_of_a_key", "eyJhbGciOi.of-another.form", "12345678"} {
		t.Run(token, func(t *testing.T) {
			t.Parallel()
			var log transcript
			target := func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Echo", token)
				w.Header().Set("X-Request-Id", token)
				w.Header().Set("Set-Cookie", "session="+token)
				w.Header().Set("Content-Type", "text/"+token)
				fmt.Fprint(w, r.Header)
			}
			p := beforeHandler(t, target, mockserver.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
			for _, path := range []string{ticketsPath, "/elsewhere", ticketsPath + "?status=" + token} {
				a := through(t, plain(), "GET", p.URL+path, http.Header{"Authorization": {"Bearer " + token}, "X-Own": {token}}, http.NoBody)
				if !strings.Contains(a.Body, token) {
					t.Errorf("the key does not come to the target: %s", a.Body)
				}
			}
			p.wantWithout(token, &log)
		})
	}
}

// A proxy that was given no verdict on answers says so.
func TestProxyWithoutAVerdict(t *testing.T) {
	t.Parallel()
	target, _ := web(t, http.HandlerFunc(breaking), 1)
	server, err := mockserver.New(mockserver.Config{Target: &mockserver.Target{InboxOps: target.URL}})
	if err != nil {
		t.Fatal(err)
	}
	server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", ticketsPath, http.NoBody))
	j := server.Workspace("").Journal
	if e, _ := j.Get(1); !strings.Contains(e.AnswerUnchecked, "no verdict on answers") || len(e.AnswerViolations) > 0 {
		t.Errorf("%+v", e)
	}
	if _, err := j.List(journal.Filter{AnswerViolations: true}); err == nil || !strings.Contains(err.Error(), "mockdesk proxy") {
		t.Error(err)
	}
}
