package mockserver_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// small are limits that a test reaches at once.
var small = workspace.Limits{
	BodyBytes: 200, HeaderBytes: 2000, URLBytes: 300, Filters: 2, Workspaces: 2, Notes: 2, Rules: 2,
	JournalEntries: 3, JournalBytes: 12000,
}

// limitCases go to each limit and one step beyond it; what is beyond changes
// nothing.
var limitCases = map[string]func(t *testing.T, f *fake){
	"a note's body": func(_ *testing.T, f *fake) {
		f.unchanged(func() {
			f.post(readWrite, messagesPath, noteBody+strings.Repeat(" ", 201-len(noteBody))).names("body", "is larger than 200 bytes")
		})
		f.post(readWrite, messagesPath, noteBody+strings.Repeat(" ", 200-len(noteBody))).want(201)
	},
	"a body of the control API": func(t *testing.T, f *fake) {
		const body = `{"name":"a"}`
		a := f.control("POST", "workspaces", body+strings.Repeat(" ", 201-len(body))).want(413)
		if !strings.Contains(a.Body, `"hint":"start the server with a larger --max-body-bytes"`) || f.Workspace("a") != nil {
			t.Errorf("%s does not teach, or the workspace is there", a.Body)
		}
		f.control("POST", "workspaces", body+strings.Repeat(" ", 200-len(body))).want(201)
	},
	"filters": func(_ *testing.T, f *fake) {
		keys := f.filters(3)
		f.get(readWrite, ticketsPath+"?"+strings.Join(keys[:2], "&")).want(200)
		a := f.get(readWrite, ticketsPath+"?"+strings.Join(keys, "&")).refused(400, "bad_request")
		if len(a.Errors) != 1 || !strings.Contains(a.Detail, "at most 2 distinct custom-field keys") {
			f.t.Errorf("%+v does not name the filter too many", a)
		}
	},
	"notes": func(t *testing.T, f *fake) {
		for range 2 {
			f.post(readWrite, messagesPath, noteBody).want(201)
		}
		before := f.timeline("1001", "")
		a := f.post(readWrite, messagesPath, noteBody)
		same(t, "why", "notes full", a.Header.Get("Mockdesk-Why"))
		if body := a.refused(503, "service_unavailable"); !strings.Contains(body.Detail, "which is 2; POST /_mockdesk/reset") {
			t.Errorf("%q does not teach", body.Detail)
		}
		same(t, "timeline", before, f.timeline("1001", ""))
		f.control("POST", "reset", "").want(200)
		f.post(readWrite, messagesPath, noteBody).want(201)
	},
	"rules": func(t *testing.T, f *fake) {
		const rule = `{"match":{"method":"POST"},"then":{"malformed":true}}`
		f.control("POST", "faults", rule).want(201)
		f.control("POST", "faults", rule).want(201)
		for path, body := range map[string]string{"faults": rule, "faults.yaml": "faults:\n  - then: {malformed: true}\n", "presets/slow": ""} {
			if a := f.control("POST", path, body).want(409); !strings.Contains(a.Body, "which is 2") || !strings.Contains(a.Body, `"hint":"delete some first"`) {
				t.Errorf("%s: %s does not teach", path, a.Body)
			}
		}
		same(t, "rules", 2, len(f.Workspace("").Faults.List()))
	},
	"journal entries": func(t *testing.T, f *fake) {
		for n := range 5 {
			f.get(readWrite, fmt.Sprint("/nothing/", n)).want(404)
		}
		j := f.Workspace("").Journal
		_, first := j.Get(2)
		_, second := j.Get(3)
		same(t, "kept, the second, the third", []any{3, false, true}, []any{j.Len(), first, second})
	},
	"journal bytes": func(t *testing.T, f *fake) {
		j := f.Workspace("").Journal
		for range 2 {
			f.send("GET", readWrite, ticketsPath, "", "X-Long: "+strings.Repeat("x", 3000))
		}
		if j.Len() != 1 || j.Bytes() > 12000 {
			t.Errorf("the journal keeps %d requests in %d bytes, want one in at most 12000", j.Len(), j.Bytes())
		}
	},
	"the limits are told": func(t *testing.T, f *fake) {
		var told workspace.Limits
		f.control("GET", "limits", "").want(200).decode(&told)
		same(t, "limits", small, told)
	},
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for name, check := range limitCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, start(t, mockserver.Config{Tickets: 100, Limits: small}))
		})
	}
}

// A limit of another workspace is that of the server, too.
func TestLimitsOfEveryWorkspace(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100, Limits: small})
	f.control("POST", "workspaces", `{"name":"a"}`).want(201)
	for range 2 {
		f.post("ixk_a_readwrite", messagesPath, noteBody).want(201)
	}
	f.post("ixk_a_readwrite", messagesPath, noteBody).refused(503, "service_unavailable")
	f.post(readWrite, messagesPath, noteBody).want(201)
}

// Acts and notes share a limit. What is refused leaves no trace.
func TestLimitsOfActs(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100, Limits: small})
	for _, act := range []string{`tickets {"messages":[{},{}]}`, `projects {"name":"a","tickets":[{"name":"b"}]}`} {
		path, body, _ := strings.Cut(act, " ")
		if a := f.control("POST", "desk/"+path, body).want(409); !strings.Contains(a.Body, "as many additions as it may, which is 2") || !strings.Contains(a.Body, "--max-notes") {
			t.Errorf("%s does not teach", a.Body)
		}
	}
	f.control("POST", "desk/tickets", `{"name":"a","messages":[]}`).want(201)
	f.control("POST", "desk/tickets/a/messages", `{}`).want(201)
	f.control("POST", "desk/tickets/a/messages", `{}`).want(409)
	f.post(readWrite, messagesPath, noteBody).refused(503, "service_unavailable")
	f.control("PATCH", "desk/tickets/a", `{"status":"closed"}`).want(200)
	if n := f.Workspace("").Store.Happened(); n != 3 {
		t.Errorf("%d events", n)
	}
	f.control("POST", "reset", "").want(200)
	f.control("POST", "desk/tickets", `{"name":"a"}`).want(201)
}

func TestLimitsThatCannotBe(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config mockserver.Config
		want   string
	}{
		"below nothing":             {mockserver.Config{Limits: workspace.Limits{Notes: -1}}, "max-notes is -1, and must be at least 1 (hint: without it, it is 100000)"},
		"more than the contract":    {mockserver.Config{Limits: workspace.Limits{Filters: 11}}, "max-filters is 11, and the contract allows 10 at most"},
		"several are wrong at once": {mockserver.Config{Limits: workspace.Limits{Filters: -3, Rules: -2}}, "max-rules is -2"},
		"a rate without its window": {mockserver.Config{RateLimit: ratelimit.Limit{Max: 5}}, "a rate limit of 5 requests in 0s is none"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mockserver.New(test.config)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// listen answers on a connection as the command does.
func listen(t *testing.T, f *fake, change func(*http.Server)) *httptest.Server {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	web.Config, web.Listener = f.HTTP(), f.Listen(web.Listener)
	if change != nil {
		change(web.Config)
	}
	web.Start()
	t.Cleanup(web.Close)
	return web
}

// sized asks for a path that a parameter fills up to so many bytes.
func sized(t *testing.T, web *httptest.Server, path, key string, bytes int, headers ...string) (status int, body string) {
	t.Helper()
	path += "?query=" + strings.Repeat("x", bytes-len(path)-len("?query="))
	return ask(t, web, path, key, headers...)
}

// ask sends a GET over a connection.
func ask(t *testing.T, web *httptest.Server, path, key string, headers ...string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", web.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	answer, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestURLLimit(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100, Limits: small})
	web := listen(t, f, nil)
	_, thread := f.thread("ties")
	tests := map[string]struct{ path, key, want string }{
		"InboxOps answers in its dialect":    {ticketsPath, readWrite, `"detail":"The URL has 301 bytes; this server takes 300 at most.","code":"uri_too_long"`},
		"before it looks at the key":         {ticketsPath, "nobody", `"code":"uri_too_long"`},
		"AppHandoff answers in its own":      {thread, member, `"code":"URI_TOO_LONG"`},
		"the control API answers in its own": {"/_mockdesk/catalog", "", `"hint":"start the server with a larger --max-url-bytes"`},
		"the console, too":                   {"/_mockdesk/", "", `"error":"the URL is longer than 300 bytes"`},
		"health, too":                        {"/_mockdesk/healthz", "", `"error":"the URL is longer than 300 bytes"`},
	}
	for name, test := range tests {
		status, body := sized(t, web, test.path, test.key, 301)
		if status != http.StatusRequestURITooLong || !strings.Contains(body, test.want) {
			t.Errorf("%s: %d %.200s, want 414 with %s", name, status, body, test.want)
		}
		if status, body := sized(t, web, test.path, test.key, 300); status == http.StatusRequestURITooLong {
			t.Errorf("%s: at the limit it is %d %.200s", name, status, body)
		}
	}
	status, _ := sized(t, web, ticketsPath, readWrite, 300)
	same(t, "status at the limit", 200, status)
	same(t, "notes", 0, f.Workspace("").Store.Notes())
}

// The line and the header may have what the limit says; net/http lets up to
// 8 KiB more pass.
func TestHeaderLimit(t *testing.T) {
	t.Parallel()
	const slop = 8192
	f := start(t, mockserver.Config{Tickets: 100, Limits: small})
	web := listen(t, f, nil)
	status, body := ask(t, web, ticketsPath, readWrite, "X-Long: "+strings.Repeat("x", small.HeaderBytes-300))
	if status != 200 {
		t.Errorf("near the limit it is %d %.200s", status, body)
	}
	kept := f.Workspace("").Journal.Len()
	status, body = ask(t, web, ticketsPath, readWrite, "X-Long: "+strings.Repeat("x", small.HeaderBytes+slop))
	if status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("beyond the limit it is %d %.200s, want 431", status, body)
	}
	same(t, "requests in the journal, with the one that is no HTTP", kept+1, f.Workspace("").Journal.Len())
}

// connectOnce makes the one connection to a fake, and says when the server has closed it.
func connectOnce(t *testing.T, f *fake, change func(*http.Server)) (c net.Conn, ended <-chan struct{}) {
	t.Helper()
	closed := make(chan struct{})
	web := listen(t, f, func(s *http.Server) {
		change(s)
		s.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateClosed {
				close(closed)
			}
		}
	})
	return dial(t, web.URL), closed
}

// A client that does not read the stream of requests is cut off.
func TestStreamsThatNobodyReads(t *testing.T) {
	t.Parallel()
	const patience = time.Minute
	soon := func() time.Time { return time.Now().Add(50*time.Millisecond - patience) } // deadlines are the machine's
	f := start(t, mockserver.Config{Tickets: 100, Now: soon, Sleep: idle})
	c, ended := connectOnce(t, f, func(*http.Server) {})
	if _, err := c.Write([]byte("GET /_mockdesk/requests/stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	entry := journal.Record{Method: "GET", Path: "/" + strings.Repeat("x", 100_000)}
	for {
		select {
		case <-ended:
			return
		default:
			f.Workspace("").Journal.Add(entry)
		}
	}
}

// A client that does not read its answers is cut off, and nothing is kept for
// it any longer.
func TestClientsThatDoNotRead(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	if f.HTTP().WriteTimeout <= time.Minute {
		t.Errorf("an answer has %v, less than a delay may take", f.HTTP().WriteTimeout)
	}
	c, ended := connectOnce(t, f, func(s *http.Server) { s.WriteTimeout = 50 * time.Millisecond })
	request := "GET " + ticketsPath + "?per_page=100 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + readWrite + "\r\n\r\n"
	out := bufio.NewWriter(c)
	for range 2000 { // more answers than the buffers of a connection hold
		if _, err := out.WriteString(request); err != nil {
			break // cut off already
		}
	}
	_ = out.Flush() // it may be cut off here
	<-ended
}
