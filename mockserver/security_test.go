package mockserver_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

// raw sends bytes over a connection and returns all that is answered.
func raw(t *testing.T, web *httptest.Server, sent string) string {
	t.Helper()
	c := dial(t, web.URL)
	defer c.Close()
	if _, err := io.WriteString(c, sent); err != nil {
		t.Fatal(err)
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(c) // a reset ends it too
	return string(answer)
}

// The parts of requests as they are on the wire.
const (
	wireHeader = " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer " + readWrite + "\r\n"
	wireNote   = "POST " + messagesPath + wireHeader + "Content-Type: application/json\r\n"
)

// wireCases are requests that no Go client sends, the beginning of the answer
// and what it must not hold.
var wireCases = map[string]struct{ sent, begins, never string }{
	"two slashes":                          {"GET //api/v1/tickets" + wireHeader + "\r\n", "HTTP/1.1 404 ", "Location"},
	"dots":                                 {"GET /api/v1/x/../tickets" + wireHeader + "\r\n", "HTTP/1.1 404 ", "Location"},
	"encoded dots":                         {"GET /api/v1/x/%2e%2e/tickets" + wireHeader + "\r\n", "HTTP/1.1 404 ", "Location"},
	"dots above the root":                  {"GET /../../../../etc/passwd" + wireHeader + "\r\n", "HTTP/1.1 404 ", "root:"},
	"dots out of the console":              {"GET /_mockdesk/console/..%2f..%2fpage.html" + wireHeader + "\r\n", "HTTP/1.1 404 ", "{{"},
	"an encoded slash":                     {"GET /api/v1%2Ftickets" + wireHeader + "\r\n", "HTTP/1.1 404 ", "Location"},
	"a semicolon":                          {"GET /api/v1/tickets;x=y" + wireHeader + "\r\n", "HTTP/1.1 404 ", "Location"},
	"an encoded NUL":                       {"GET /api/v1/tickets%00" + wireHeader + "\r\n", "HTTP/1.1 404 ", "\x00"},
	"a NUL":                                {"GET /api/v1/tickets\x00" + wireHeader + "\r\n", "HTTP/1.1 400 ", "\x00"},
	"an encoded line break":                {"GET /nothing%0d%0aX-Injected:%20yes" + wireHeader + "\r\n", "HTTP/1.1 404 ", "\r\nX-Injected"},
	"a path that is too long":              {"GET /" + strings.Repeat("a", 1<<17) + wireHeader + "\r\n", "HTTP/1.1 431 ", "aaaa"},
	"a path into the control API":          {"GET /api/..%2f_mockdesk/catalog" + wireHeader + "\r\n", "HTTP/1.1 404 ", "ixk_"},
	"an absolute address of another host":  {"GET http://rebound.example/_mockdesk/catalog" + wireHeader + "\r\n", "HTTP/1.1 421 ", "ixk_"},
	"an absolute address and another Host": {"GET http://rebound.example/_mockdesk/catalog HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 421 ", "ixk_"},
	"no Host":                              {"GET /_mockdesk/catalog HTTP/1.0\r\n\r\n", "HTTP/1.0 421 ", "ixk_"},
	"two Hosts":                            {"GET /_mockdesk/catalog HTTP/1.1\r\nHost: localhost\r\nHost: rebound.example\r\n\r\n", "HTTP/1.1 400 ", "ixk_"},
	"a line break in a header":             {"GET /api/v1/tickets" + wireHeader + "X-Request-Id: a\nX-Injected: yes\r\n\r\n", "HTTP/1.1 ", "\r\nX-Injected"},
	"an id that is no id":                  {"GET /api/v1/tickets" + wireHeader + "X-Request-Id: a\xffb<script>\r\n\r\n", "HTTP/1.1 200 ", "<script>\r\n"},
	"a body with two lengths":              {wireNote + "Content-Length: 46\r\nContent-Length: 2\r\n\r\n" + noteBody, "HTTP/1.1 400 ", "internal_note"},
	"a length that is no number":           {wireNote + "Content-Length: +46\r\n\r\n" + noteBody, "HTTP/1.1 400 ", "internal_note"},
	"another transfer encoding":            {wireNote + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 501 ", "internal_note"},
	"a chunk that is longer than it says":  {wireNote + "Transfer-Encoding: chunked\r\n\r\n2\r\n" + noteBody + "\r\n0\r\n\r\n", "HTTP/1.1 400 ", `"internal_note"`},
}

func TestWhatNoClientSends(t *testing.T) {
	t.Parallel()
	web := listen(t, start(t, mockserver.Config{Tickets: 100}), nil)
	for name, test := range wireCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := raw(t, web, test.sent)
			if !strings.HasPrefix(got, test.begins) || strings.Contains(got, test.never) {
				t.Errorf("got %.600q\nwant %q and never %q", got, test.begins, test.never)
			}
			if n := strings.Count(got, "HTTP/1."); n != 1 {
				t.Errorf("%d answers: %.600q", n, got)
			}
		})
	}
}

// Of a length and chunks the chunks count, as RFC 9112 says, so that what
// follows is another request to whoever reads the connection by that rule.
func TestAConnectionIsCutIntoRequestsInOneWay(t *testing.T) {
	t.Parallel()
	web := listen(t, start(t, mockserver.Config{Tickets: 100}), nil)
	const next = "GET /_mockdesk/healthz" + wireHeader + "\r\n"
	keep := strings.Replace(wireNote, "Connection: close\r\n", "", 1)
	for name, test := range map[string]struct{ sent, first string }{
		"the length ends early":    {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2e\r\n" + noteBody + "\r\n0\r\n\r\n", "HTTP/1.1 201 "},
		"the chunks end early":     {"Transfer-Encoding: chunked\r\nContent-Length: 46\r\n\r\n0\r\n\r\n", "HTTP/1.1 400 "},
		"the length alone":         {"Content-Length: 46\r\n\r\n" + noteBody, "HTTP/1.1 201 "},
		"a body that nobody reads": {"Prefer: code=401\r\nContent-Length: 46\r\n\r\n" + noteBody, "HTTP/1.1 401 "},
	} {
		got := raw(t, web, keep+test.sent+next)
		if !strings.HasPrefix(got, test.first) || strings.Count(got, "HTTP/1.1 ") != 2 || !strings.HasSuffix(got, `{"status":"ok"}`+"\n") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// The pages are guarded as the operations are.
func TestPagesAreGuarded(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	for _, path := range []string{"", "console/console.js", "console/curl/1", "reference", "reference/documents/inboxops", "nothing", "catalog"} {
		for want, change := range map[int]func(r *http.Request){
			http.StatusMisdirectedRequest: func(r *http.Request) { r.Host = "rebound.example" },
			http.StatusForbidden:          func(r *http.Request) { r.RemoteAddr = "192.0.2.7:1234" },
		} {
			r := request("GET", "", control.Prefix+path, "workspace=test", "")
			change(r)
			recorder := httptest.NewRecorder()
			f.ServeHTTP(recorder, r)
			if recorder.Code != want || strings.Contains(recorder.Body.String(), "ixk_") {
				t.Errorf("%s: %d, want %d: %s", path, recorder.Code, want, recorder.Body)
			}
		}
	}
}

// transcript is where two goroutines write to.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *transcript) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// String returns what was written.
func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// lines returns what was written.
func (l *transcript) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSuffix(l.text.String(), "\n"), "\n")
}

// A request is one line of the log, which neither ends it nor commands a
// terminal, whatever its parts hold.
func TestLogInjection(t *testing.T) {
	t.Parallel()
	formats := map[string]func(io.Writer) slog.Handler{
		"text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		"json": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	}
	requests := []string{
		"GET /a%0d%0alevel=ERROR%20msg=forged" + wireHeader + "\r\n", "GET /a%1b%5b31m%1b]0;title%07" + wireHeader + "\r\n", "GET /a%c2%9b31m" + wireHeader + "\r\n", "GET /a%ff%fe\xc2\x9b" + wireHeader + "\r\n",
		"GET /a%22%20status=200" + wireHeader + "\r\n", "GET /%e2%80%ae%e2%80%a8" + wireHeader + "\r\n", "GET /a?b=%0a\xc2\x9b" + wireHeader + "User-Agent: \xc2\x9b31m\r\nX-Request-Id: \xc2\x9b31m\r\n\r\n",
		"X!#$%&'*+-.^_`|~ /a" + wireHeader + "\r\n", "GET /api/v1/tickets" + wireHeader + "Prefer: code=\"\xc2\x9b\"\r\n\r\n",
	}
	for name, format := range formats {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var written transcript
			web := listen(t, start(t, mockserver.Config{Tickets: 100, Logger: slog.New(format(&written))}), nil)
			for _, sent := range requests {
				raw(t, web, sent)
			}
			web.Close() // waits for the last line
			lines := written.lines()
			breaches := regexp.MustCompile(`^(time=\S+ level=WARN msg="the request breaks the contract" |{"time":"[^"]+","level":"WARN","msg":"the request breaks the contract",)`)
			if n := len(slices.DeleteFunc(slices.Clone(lines), breaches.MatchString)); n != len(requests) {
				t.Errorf("%d lines for %d requests:\n%s", len(lines), len(requests), strings.Join(lines, "\n"))
			}
			for _, line := range lines {
				if !utf8.ValidString(line) || strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
					t.Errorf("%q commands a terminal", line)
				}
				if !breaches.MatchString(line) && !regexp.MustCompile(`^(time=\S+ level=INFO msg=request |{"time":"[^"]+","level":"INFO","msg":"request",)`).MatchString(line) {
					t.Errorf("%q is no line of a request", line)
				}
			}
		})
	}
}

// bomb is a small body that grows to 100 MiB when it is unpacked.
func bomb(t *testing.T) string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	zeros := make([]byte, 1<<20)
	for range 100 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// Not parallel: it counts what the process allocates. No body is unpacked, so
// that a small one stays small.
func TestBodiesAreNotUnpacked(t *testing.T) {
	if race.Enabled {
		t.Skip("one request after the other")
	}
	packed := bomb(t)
	f := start(t, mockserver.Config{Tickets: 100})
	f.post(readWrite, messagesPath, "{", "Content-Encoding: gzip").want(400) // what judges the answers is made once
	f.control("POST", "workspaces", "{").want(400)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f.post(readWrite, messagesPath, packed, "Content-Encoding: gzip").names("body", "is not valid UTF-8")
	for _, path := range []string{"workspaces", "faults", "faults.yaml", "verify", "explain", "clock/advance"} {
		f.control("POST", path, packed, "Content-Encoding: gzip").want(400)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 50<<20 {
		t.Errorf("%d bytes of body took %d bytes", len(packed), grown)
	}
	same(t, "notes", 0, f.Workspace("").Store.Notes())
}

// Values that overflow, nest or repeat are refused, or mean what they say.
func TestHostileValues(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	_, thread := f.thread("ties")
	numbers := map[string]int{
		"9223372036854775807": 200, "9223372036854775808": 200, "18446744073709551616": 200, strings.Repeat("9", 1000): 200,
		"1e400": 400, "-0": 400, "-1": 400, "+1": 400, "0x1": 400, "1_0": 400, "NaN": 400, "1.0": 400, "١": 400, "0": 400, "00": 400,
	}
	for number, status := range numbers {
		f.get(readWrite, ticketsPath+"?page="+number).want(status)
		f.get(readWrite, ticketsPath+"?per_page="+number).want(status)
		f.get(readWrite, ticketsPath+"?page="+number+"&per_page="+number).want(status)
		f.get(member, thread+"?limit="+number).want(status)
	}
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	for name, body := range map[string]string{
		"a deep body": deep, "a deep member": `{"type":"internal_note","body_text":"x","a":` + deep + `}`, "an open one": strings.Repeat(`{"a":`, 100_000),
		"a text that is no UTF-8": `{"type":"internal_note","body_text":"` + "\xff" + `"}`, "another type first": `{"type":"internal_note","body_text":"x","type":"email"}`,
	} {
		f.unchanged(func() { f.post(readWrite, messagesPath, body).refused(400, "bad_request") })
		for _, path := range []string{"workspaces", "faults", "faults.yaml", "verify", "explain", "clock/advance", "snapshot", "restore"} {
			if a := f.control("POST", path, body); a.Status != 400 {
				t.Errorf("%s: POST %s: %d %.200s", name, path, a.Status, a.Body)
			}
		}
	}
	for _, path := range []string{"workspaces", "verify", "explain", "snapshot", "restore", "faults", "faults.yaml"} {
		a := f.control("POST", path, `{"name":"a\ud800"}`).want(400)
		if !strings.HasPrefix(path, "faults") && !strings.Contains(a.Body, `"hint":"send the character itself`) {
			t.Errorf("POST %s: %s does not teach", path, a.Body)
		}
	}
	for _, odd := range []string{"%00", "a%00b", "%ED%A0%80", "%ff", "%C0%80"} { // NUL, half a character, no UTF-8
		f.get(readWrite, "/api/v1/tickets/"+odd+"/messages").refused(404, "not_found")
		for _, name := range []string{"query", "q", odd} {
			if total := f.list(name + "=" + odd).Meta.Total; total != 0 && name != odd {
				t.Errorf("%s=%s finds %d tickets", name, odd, total)
			}
		}
		for _, name := range []string{"page", "per_page", "sort", "order", "status", "priority", "inbox_id", "created_after", "types", "tags", "custom_field_plan", "custom_field_region"} {
			if a := f.get(readWrite, ticketsPath+"?"+name+"="+odd); a.Status >= 500 {
				t.Errorf("%s=%s is %d", name, odd, a.Status)
			}
			if a := f.get(member, thread+"?"+name+"="+odd); a.Status >= 500 {
				t.Errorf("%s=%s of AppHandoff is %d", name, odd, a.Status)
			}
		}
	}
	f.get(readWrite, "/api/v1/tickets/%ff%fe/messages").refused(404, "not_found")
	f.get(readWrite, ticketsPath+"?query=%ff%fe&status=open").want(200)
	f.get(readWrite, ticketsPath, "User-Agent: \xff\xfe").want(200)
}

// A small file of rules stays small, whatever it refers to.
func TestAliasesDoNotMultiply(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	file := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for n := range 9 {
		file += fmt.Sprintf("a%d: &a%d [%s]\n", n+1, n+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", n), 10), ","))
	}
	f.control("POST", "faults.yaml", file+"faults: *a9\n").want(400)
	rules := "faults:\n- &r {then: {malformed: true}}\n" + strings.Repeat("- *r\n", 5000)
	f.control("POST", "faults.yaml", rules).want(409)
	same(t, "rules", 0, len(f.Workspace("").Faults.List()))
}

// What the journal shows of hostile requests is JSON, and the archive too.
func TestTheJournalOfHostileRequests(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	web := listen(t, f, nil)
	for _, test := range wireCases {
		raw(t, web, test.sent)
	}
	for _, path := range []string{"requests", "requests.har"} {
		a := f.control("GET", path, "").want(200)
		if !json.Valid([]byte(a.Body)) || strings.Contains(a.Body, readWrite) {
			t.Errorf("%s: %.300s", path, a.Body)
		}
	}
	if n := f.Workspace("").Journal.Len(); n < 10 {
		t.Errorf("%d requests prove nothing", n)
	}
}
