package mockserver_test

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/openapi"
)

// maxSteps is how many requests of a fuzzed script are sent.
const maxSteps = 12

// operate sends a request to the control API; the client of a stream leaves at
// once.
func (p *prey) operate(method, path, body string) *httptest.ResponseRecorder {
	path, query, _ := strings.Cut(path, "?")
	return p.serve(request(method, "", control.Prefix+path, query, body))
}

// serve sends a request whose connection may be broken.
func (p *prey) serve(r *http.Request) (recorder *httptest.ResponseRecorder) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	recorder = httptest.NewRecorder()
	defer func() {
		if broken := recover(); broken != nil && broken != http.ErrAbortHandler {
			panic(broken)
		}
	}()
	p.ServeHTTP(recorder, r.WithContext(ctx))
	return recorder
}

// everything is all that a request to the control API can change.
func (p *prey) everything() string {
	all := p.operate("GET", "workspaces", "").Body.String()
	for _, path := range []string{"keys", "faults", "rate-limit", "requests?order=desc&limit=1", "events"} {
		all += p.operate("GET", path, "").Body.String()
	}
	return all
}

// slow reports whether a step would make a world that takes long to make.
func slow(body string) bool {
	var spec control.Spec
	decoder := json.NewDecoder(strings.NewReader(body))
	_ = decoder.Decode(&spec) // what it made of a bad one counts too
	return spec.Tickets > 100 || spec.Tickets == 0 && spec.Seed != 0
}

// FuzzControl sends scripts: a line is a method, a path below the prefix and a
// body; a path that begins with a slash is one of a service.
func FuzzControl(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	for _, c := range controlCases {
		steps := append(slices.Clone(c.steps), c.method+" "+c.path+" "+c.body)
		if script := strings.Join(steps, "\n"); len(script) < 2000 && strings.Count(script, "\n") == len(c.steps) && !slow(c.body) {
			f.Add(script)
		}
	}
	for _, script := range []string{
		"POST clock/advance {\"by\":\"2562047h\"}\nPOST clock/advance {\"by\":\"2562047h\"}\nGET clock",
		"PUT clock {\"mode\":\"frozen\",\"at\":\"9999-12-31T23:59:59-01:00\"}\nGET /api/v1/tickets",
		"PUT clock {\"mode\":\"frozen\",\"at\":\"0000-01-01T00:00:00+01:00\"}\nGET clock",
		"POST workspaces {\"name\":\"b\",\"frozen_at\":\"9999-12-31T23:59:59-01:00\"}\nGET workspaces",
		"PUT rate-limit {\"rate_limit\":\"1/2562047h\"}\nPUT clock {\"mode\":\"frozen\",\"at\":\"9990-01-01T00:00:00Z\"}\nGET /api/v1/tickets\nGET rate-limit",
		"POST faults {\"id\":\"..\",\"then\":{\"malformed\":true}}\nDELETE faults/..",
		"POST faults {\"id\":\"fault-2\",\"then\":{\"malformed\":true}}\nPOST faults {\"then\":{\"malformed\":true}}",
		"POST snapshot\nPATCH keys {\"revoked\":true}\nPOST restore\nGET /api/v1/tickets",
		"POST verify {\"filter\":{\"header\":{\"a\":\"*\"},\"path\":\"/**\",\"since\":\"x\"},\"between\":[3,1]}",
		bring + "\nPUT clock {\"mode\":\"frozen\",\"at\":\"9999-12-31T23:59:59-01:00\"}\nPATCH desk/tickets/stuck {\"remind_at\":\"+1d\"}\nPOST desk/tickets {}\nPOST desk/tickets/stuck/messages {}\nGET /api/v1/tickets",
		bring + "\nPUT clock {\"mode\":\"frozen\",\"at\":\"0001-01-02T00:00:00Z\"}\nPOST desk/tickets {\"status\":\"waiting\"}\nPOST desk/projects {\"name\":\"a\",\"tickets\":[{\"name\":\"b\"}]}\nGET /api/v1/tickets\nGET events",
		bring + "\nPOST snapshot\nDELETE desk/tickets/stuck\nGET /api/v1/tickets\nPOST restore\nGET /api/v1/tickets\nGET catalog\nPOST reset\nGET events",
		"GET requests?after=18446744073709551616&limit=-1", "GET console/..%2f..%2fpage.html", "GET reference/documents/../x", "GET console/curl/1?workspace=test",
	} {
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script string) {
		p.t = t
		steps := strings.Split(script, "\n")
		if len(steps) > maxSteps || slices.ContainsFunc(steps, func(s string) bool { i := strings.IndexByte(s, '{'); return i >= 0 && slow(s[i:]) }) {
			t.Skip("takes long")
		}
		defer p.renew(t)
		for _, step := range steps {
			method, rest, _ := strings.Cut(step, " ")
			path, body, _ := strings.Cut(rest, " ")
			if _, err := http.NewRequest(method, "/", http.NoBody); err != nil || method == "" {
				continue // net/http refuses it
			}
			if strings.HasPrefix(path, "/") {
				p.ask(t, method, path, body)
				continue
			}
			p.turn(t, method, path, body)
		}
	})
}

// turn sends a request to the control API and looks at what came of it.
func (p *prey) turn(t *testing.T, method, path, body string) {
	t.Helper()
	before := p.everything()
	recorder := p.operate(method, path, body)
	if recorder.Code >= 500 {
		t.Fatalf("%s %s %s: %d %s", method, path, body, recorder.Code, recorder.Body)
	}
	bare, query, _ := strings.Cut(path, "?")
	r := request(method, "", control.Prefix+bare, query, body)
	if op, known := p.contract(openapi.Control).Match(method, r.URL.EscapedPath()); known && recorder.Body.Len()+recorder.Code != 200 {
		p.hold(r, recorder) // but not a stream that nothing came on
	} else if known && op.ID != "streamRequests" && op.ID != "streamEvents" {
		t.Fatalf("%s %s %s: an empty answer", method, path, body)
	}
	if recorder.Code < 400 && method != "GET" && method != "HEAD" {
		return
	}
	if after := p.everything(); after != before {
		t.Fatalf("%s %s %s: %d, and yet (-before +after):\n%s", method, path, body, recorder.Code, gocmp.Diff(before, after))
	}
}

// ask sends a request to a service; unless a fault may have broken it, the
// answer keeps the contract.
func (p *prey) ask(t *testing.T, method, path, body string) {
	t.Helper()
	path, query, _ := strings.Cut(path, "?")
	r := request(method, readWrite, path, query, body)
	r.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(r.URL.Path, control.Prefix) || strings.HasPrefix(r.URL.Path, "/api/v1/docs") || r.URL.Path == "/api/v1/openapi.json" {
		return
	}
	recorder := p.serve(r)
	if len(p.Workspace("").Faults.List()) > 0 {
		return
	}
	if recorder.Code >= 500 {
		t.Fatalf("%s %s %s: %d %s", method, path, body, recorder.Code, recorder.Body)
	}
	p.hold(r, recorder)
}

// renew makes the fake as it was; snapshots stay as long as their workspace.
func (p *prey) renew(t *testing.T) {
	t.Helper()
	if len(p.Workspace("").Snapshots()) > 0 {
		p.fake = newPrey(t, mockserver.Config{}).fake
		return
	}
	var list struct{ Workspaces []struct{ Name string } }
	if err := json.Unmarshal(p.operate("GET", "workspaces", "").Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	for _, w := range list.Workspaces {
		if w.Name == "test" {
			p.operate("POST", "reset", "")
		} else if a := p.operate("DELETE", "workspaces/"+w.Name, ""); a.Code != http.StatusNoContent {
			t.Fatalf("the workspace %s stays: %s", w.Name, a.Body)
		}
	}
}

// FuzzFaults puts rules in force. What is exported of them makes the same
// rules, and each can be taken out of force by its id.
func FuzzFaults(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	for _, then := range []string{
		"{malformed: true}", "{status: {code: 429, retry_after: 5, detail: \"a\\r\\nb\"}}", "{headers: {set: {X-A: \"b\\r\\nc: d\"}}}", "{headers: {set: {Location: 'https://a.example/', Retry-After: x}, remove: [Date]}}",
		"{body: {cut_after: 0}}", "{body: {stall_after: 9223372036854775807}}", "{connection: reset}", "{connection: close, latency: {fixed: 1ns}}", "{latency: {mean: 1m, deviation: 1m}}",
		"{content_type: \"text/html; a=\\\"\"}", "{violation: {pointer: /data/*/id, make: missing}}", "{violation: {pointer: '', make: wrong-type}}", "{violation: {pointer: /~1~01/-1, make: null}}",
	} {
		f.Add("faults:\n- then: " + then + "\n")
	}
	for _, rule := range []string{
		"{id: '..', then: {malformed: true}}", "{id: 'a/b', then: {malformed: true}}", "{id: \"\\u00e9 %2f\", then: {malformed: true}}", "{id: fault-2, then: {malformed: true}}, {then: {malformed: true}}",
		"{match: {path: '/api/v1/tickets/[a-', method: GET}, then: {malformed: true}}", "{match: {key: ixk_test_readonly}, when: {every: 2, times: 1, for: 1h, probability: 0.1}, then: {malformed: true}}",
		"{match: {header: {X-A: '*', x-a: b}}, when: {nth: 3, after: 2}, then: {malformed: true}}", "&a {then: {malformed: true}}, *a", "{when: {probability: .nan}, then: {malformed: true}}", "{name: \"\\e[31m\\0\", then: {malformed: true}}",
	} {
		f.Add("faults: [" + rule + "]")
	}
	if _, err := p.CreateWorkspace(control.Spec{Name: "b"}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, file string) {
		p.t = t
		if strings.Count(file, "faults") > 1 || len(file) > 2000 {
			t.Skip("takes long")
		}
		p.turn(t, "POST", "faults.yaml", file)
		defer p.Workspace("").Faults.Clear()
		rules := inForce(p, "test")
		if len(rules) == 0 {
			return
		}
		written := p.operate("GET", "faults.yaml", "").Body.String()
		if a := p.operate("POST", "faults.yaml?workspace=b", written); a.Code != http.StatusCreated {
			t.Fatalf("what is exported is refused: %s\n%s", a.Body, written)
		}
		if diff := gocmp.Diff(rules, inForce(p, "b")); diff != "" {
			t.Errorf("what is exported makes other rules (-is +exported):\n%s\n%s", diff, written)
		}
		p.Workspace("b").Faults.Clear()
		p.operate("GET", "faults", "")
		for range 3 {
			for path, key := range map[string]string{ticketsPath: readWrite, p.path: readOnly, p.thread: member} {
				p.survives(t, path, key)
			}
		}
		for _, rule := range rules {
			if a := p.operate("DELETE", "faults/"+url.PathEscape(rule.ID), ""); a.Code != http.StatusNoContent {
				t.Errorf("the rule %q cannot be taken out of force: %d %s", rule.ID, a.Code, a.Body)
			}
		}
	})
}

// survives sends a request that faults may break as they please, but not so
// that headers are injected.
func (p *prey) survives(t *testing.T, path, key string) {
	t.Helper()
	recorder := p.serve(request("GET", key, path, "", ""))
	for name, values := range recorder.Header() {
		if strings.ContainsAny(name+strings.Join(values, ""), "\r\n\x00") {
			t.Errorf("%s: header %q: %q", path, name, values)
		}
	}
}

// inForce returns the rules of a workspace, with keys named by their kind as
// in what is exported.
func inForce(p *prey, name string) []fault.Rule {
	var list struct{ Faults []fault.Rule }
	if err := json.Unmarshal(p.operate("GET", "faults?workspace="+name, "").Body.Bytes(), &list); err != nil {
		p.t.Fatal(err)
	}
	return list.Faults
}

// FuzzExplain: a request gets what the explanation of it says.
func FuzzExplain(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	f.Add("GET", "/api/v1/tickets?page=2", "Prefer", "code=503", "")
	f.Add("POST", p.path, "Content-Type", "application/json", noteBody)
	f.Add("POST", p.path, "content-type", "application/json; charset=x", `"{}"`)
	f.Add("HEAD", "/api/v1//tickets", "Authorization", "Basic x", "{}")
	f.Add("get", "/api/projects/x/tickets/y/messages", "Host", "a", "[1]")
	f.Add("CONNECT", "/?%zz", "X-Request-Id", "a b", "1e999")
	f.Add("GET", "/api/v1/tickets#x", "", "", "")
	f.Add("DELETE", "//a@b/", "A", "b\r\nC: d", "")
	f.Fuzz(func(t *testing.T, method, path, name, value, body string) {
		p.t = t
		if !utf8.ValidString(method + path + name + value + body) {
			t.Skip("JSON cannot carry it")
		}
		question := map[string]any{"method": method, "path": path, "headers": map[string]string{name: value}, "key": readWrite, "body": body}
		text, err := json.Marshal(question)
		if err != nil {
			t.Fatal(err)
		}
		before := p.everything()
		recorder := p.operate("POST", "explain", string(text))
		if after := p.everything(); after != before {
			t.Fatalf("%s: the question changes something (-before +after):\n%s", text, gocmp.Diff(before, after))
		}
		p.hold(request("POST", "", control.Prefix+"explain", "", string(text)), recorder)
		var said struct{ Status int }
		if recorder.Code != http.StatusOK {
			return
		}
		if err := json.Unmarshal(recorder.Body.Bytes(), &said); err != nil {
			t.Fatal(err)
		}
		address, err := url.ParseRequestURI(path)
		if err != nil {
			t.Fatalf("%q is explained, but it is no path", path)
		}
		r := request(cmp.Or(method, "GET"), "", "/", "", body)
		r.URL = address
		r.Header.Set(name, value)
		r.Header.Set("Authorization", "Bearer "+readWrite)
		if address.Path == "/api/v1/openapi.json" || strings.HasPrefix(address.Path, "/api/v1/docs") {
			return // is not recorded
		}
		if got := p.serve(r); got.Code != said.Status {
			t.Errorf("%s: explained as %d, but it is %d %s", text, said.Status, got.Code, got.Body)
		}
		p.Workspace("").Store.Reset()
	})
}
