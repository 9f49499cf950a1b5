package mockserver_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// dial opens a connection to the server of a URL until the test ends.
func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	_, address, _ := strings.Cut(url, "://")
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // it may be closed already
	return c
}

// connect opens a connection to a server; what is not answered within half a
// minute is never answered.
func connect(t *testing.T, web *httptest.Server) (net.Conn, *bufio.Reader) {
	t.Helper()
	c := dial(t, web.URL)
	if web.TLS != nil {
		c = tls.Client(c, &tls.Config{InsecureSkipVerify: true})
	}
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

// say sends a request line with headers.
func say(t *testing.T, c net.Conn, line string, headers ...string) {
	t.Helper()
	host := c.RemoteAddr().String()
	if _, err := fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n", line, host, strings.Join(headers, "\r\n")); err != nil {
		t.Fatal(err)
	}
}

// hear reads an answer whole.
func hear(t *testing.T, from *bufio.Reader) *http.Response {
	t.Helper()
	a, err := http.ReadResponse(from, nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	body, err := io.ReadAll(a.Body)
	if err != nil || int64(len(body)) != a.ContentLength {
		t.Errorf("%d bytes of %d, %v", len(body), a.ContentLength, err)
	}
	return a
}

// hearEnd expects an orderly end of the connection: no reset.
func hearEnd(t *testing.T, from *bufio.Reader) {
	t.Helper()
	if rest, err := io.ReadAll(from); err != nil || len(rest) > 0 {
		t.Errorf("behind the answer came %.80q, %v, want the end", rest, err)
	}
}

// atOnce is a Sleep that takes no time.
func atOnce(ctx context.Context, _ time.Duration) error {
	return ctx.Err()
}

const bearer = "Authorization: Bearer "

// unread are requests that are answered without their body.
var unread = map[string]struct {
	line    string
	headers []string
	status  int
}{
	"no key":                   {"POST " + messagesPath, nil, 401},
	"an unknown key":           {"POST " + messagesPath, []string{bearer + "x"}, 401},
	"no access":                {"POST " + messagesPath, []string{bearer + unentitled}, 403},
	"read only":                {"POST " + messagesPath, []string{bearer + readOnly}, 403},
	"no such ticket":           {"POST /api/v1/tickets/1/messages", []string{bearer + readWrite}, 404},
	"a wrong path":             {"POST /api/v1/nothing", nil, 404},
	"an odd path":              {"POST /api//v1/tickets", nil, 404},
	"a method too many":        {"PUT " + messagesPath, nil, 405},
	"AppHandoff's 404":         {"POST /api/projects/x/tickets", nil, 404},
	"no JSON":                  {"POST " + messagesPath, []string{bearer + readWrite, "Content-Type: text/plain"}, 400},
	"a failure asked for":      {"POST " + messagesPath, []string{bearer + readWrite, "Prefer: code=503"}, 503},
	"a failure after a minute": {"POST " + messagesPath, []string{bearer + readWrite, "Prefer: code=503, wait=60"}, 503},
	"a preference unknown":     {"POST " + messagesPath, []string{bearer + readWrite, "Prefer: code=999"}, 400},
	"a long URL":               {"POST /" + strings.Repeat("a", 17<<10), nil, 414},
	"a list":                   {"GET " + ticketsPath, []string{bearer + readWrite}, 200},
	"the control API's 404":    {"POST /_mockdesk/nothing", nil, 404},
	"the control API's 405":    {"POST /_mockdesk/catalog", nil, 405},
	"another origin":           {"POST /_mockdesk/reset", []string{"Origin: https://evil.example", "Sec-Fetch-Site: cross-site"}, 403},
	"no such workspace":        {"POST /_mockdesk/reset?workspace=nobody", nil, 404},
	"a parameter unknown":      {"POST /_mockdesk/faults?speed=1", nil, 400},
	"a change of no body":      {"POST /_mockdesk/reset", nil, 200},
}

func TestAnAnswerDoesNotWaitForTheBody(t *testing.T) {
	t.Parallel()
	_, web := serve(t, mockserver.Config{Tickets: 100, Sleep: atOnce}, nil)
	for name, request := range unread {
		for body, headers := range map[string][]string{
			"a large body that never comes": {"Content-Length: 1000000"},
			"a small body that never comes": {"Content-Length: 100"},
			"chunks that never come":        {"Transfer-Encoding: chunked"},
			"a body that waits for 100":     {"Content-Length: 1000000", "Expect: 100-continue"},
			"a small one that waits":        {"Content-Length: 100", "Expect: 100-continue"},
		} {
			t.Run(name+", "+body, func(t *testing.T) {
				t.Parallel()
				c, from := connect(t, web)
				say(t, c, request.line, append(headers, request.headers...)...)
				a := hear(t, from)
				same(t, "status", request.status, a.StatusCode)
				same(t, "says that it closes", len(headers) > 1 || headers[0] == "Content-Length: 1000000", a.Close)
				if strings.HasPrefix(name, "no ") { // the end takes its time
					hearEnd(t, from)
				}
			})
		}
	}
}

// A body that says that it is too large is refused before it comes, and nobody
// is asked for it.
func TestABodyThatIsTooLargeIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	_, web := serve(t, mockserver.Config{Tickets: 100}, nil)
	note := []string{bearer + readWrite, "Content-Type: application/json"}
	tests := map[string]struct {
		path    string
		headers []string
		status  int
	}{
		"a note":                   {messagesPath, note, 400},
		"a note that waits to":     {messagesPath, append(note[:2:2], "Expect: 100-continue"), 400},
		"the control API":          {"/_mockdesk/faults", nil, 413},
		"the control API, waiting": {"/_mockdesk/faults", []string{"Expect: 100-continue"}, 413},
		"rules":                    {"/_mockdesk/faults.yaml", nil, 413},
	}
	for name, test := range tests {
		for _, length := range []string{"1048577", "99999999"} {
			t.Run(name+", "+length, func(t *testing.T) {
				t.Parallel()
				c, from := connect(t, web)
				say(t, c, "POST "+test.path, append([]string{"Content-Length: " + length}, test.headers...)...)
				a := hear(t, from) // a 100 Continue would be first
				same(t, "status", test.status, a.StatusCode)
				same(t, "says that it closes", true, a.Close)
			})
		}
	}
}

func TestARateLimitDoesNotWaitForTheBody(t *testing.T) {
	t.Parallel()
	f, web := serve(t, mockserver.Config{Tickets: 100, RateLimit: ratelimit.Limit{Max: 1, Window: time.Hour}}, nil)
	f.get(readWrite, ticketsPath).want(200)
	c, from := connect(t, web)
	say(t, c, "POST "+messagesPath, bearer+readWrite, "Content-Length: 1000000")
	same(t, "status", 429, hear(t, from).StatusCode)
	hearEnd(t, from)
}

// A refusal does not cost a client its connection when the body comes all the
// same.
func TestAConnectionIsKeptWhenTheBodyComes(t *testing.T) {
	t.Parallel()
	_, web := serve(t, mockserver.Config{Tickets: 100}, nil)
	c, from := connect(t, web)
	const note = `{"type":"internal_note","body_text":"once"}`
	for range 3 {
		say(t, c, "POST "+messagesPath, bearer+readOnly, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(note), note)+
			"GET "+ticketsPath+" HTTP/1.1\r\nHost: x\r\n"+bearer+readWrite)
		same(t, "the refusal", 403, hear(t, from).StatusCode)
		same(t, "the next request", 200, hear(t, from).StatusCode)
	}
}

// A client that sends all of a large body before it reads gets its answer.
func TestALargeBodyDoesNotCostTheAnswer(t *testing.T) {
	t.Parallel()
	_, web := serve(t, mockserver.Config{Tickets: 100}, nil)
	for _, size := range []int{200 << 10, 2 << 20} {
		r, err := http.NewRequest("POST", web.URL+messagesPath, strings.NewReader(strings.Repeat("x", size)))
		if err != nil {
			t.Fatal(err)
		}
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		same(t, "status", 401, a.StatusCode)
	}
}

func TestARefusalOverTLSDoesNotWait(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	web := httptest.NewTLSServer(f)
	t.Cleanup(web.Close)
	c, from := connect(t, web)
	say(t, c, "POST "+messagesPath, "Content-Length: 1000000")
	same(t, "status", 401, hear(t, from).StatusCode)
	hearEnd(t, from)
}

// A body is read while a delay lasts, and a delay does not last as long as the
// body takes.
func TestADelayIsNotTheBodys(t *testing.T) {
	t.Parallel()
	slept := make(chan time.Duration, 1)
	f, web := serve(t, mockserver.Config{Tickets: 100, Sleep: func(ctx context.Context, d time.Duration) error {
		slept <- d
		return ctx.Err()
	}}, nil)
	if _, err := f.Workspace("").Inject(fault.Rule{Then: fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(time.Minute)}}}); err != nil {
		t.Fatal(err)
	}
	c, from := connect(t, web)
	say(t, c, "POST "+messagesPath, bearer+readWrite, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(noteBody)))
	same(t, "delay", time.Minute, <-slept) // before anything of the body came
	if _, err := io.WriteString(c, noteBody); err != nil {
		t.Fatal(err)
	}
	same(t, "status", 201, hear(t, from).StatusCode)
}

// A refusal that needs no body judges it nevertheless, if it has come.
func TestTheBodyOfARefusedNoteIsJudged(t *testing.T) {
	t.Parallel()
	headers := func(more ...string) []string { return append(more, "Content-Type: application/json") }
	for name, test := range map[string]struct {
		path    string
		headers []string
		status  int
	}{
		"no key":           {messagesPath, headers(), 401},
		"read only":        {messagesPath, headers(bearer + readOnly), 403},
		"no such ticket":   {"/api/v1/tickets/01890000-0000-7000-8000-000000000000/messages", headers(bearer + readWrite), 404},
		"a failure":        {messagesPath, headers(bearer+readWrite, "Prefer: code=503"), 503},
		"a failure, later": {messagesPath, headers(bearer+readWrite, "Prefer: code=503, wait=60"), 503},
	} {
		for how, sent := range map[string]string{
			"whole":     "Content-Length: 13\r\n\r\n{\"txet\": \"a\"}",
			"in chunks": "Transfer-Encoding: chunked\r\n\r\nd\r\n{\"txet\": \"a\"}\r\n0\r\n\r\n",
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				ledger := journal.NewLedger()
				_, web := serve(t, mockserver.Config{Tickets: 100, Sleep: atOnce, Ledger: ledger}, nil)
				c, from := connect(t, web)
				if _, err := fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: a\r\n%s\r\n%s", test.path, strings.Join(test.headers, "\r\n"), sent); err != nil {
					t.Fatal(err)
				}
				same(t, "status", test.status, hear(t, from).StatusCode)
				totals := ledger.Totals()
				same(t, "bodies not judged", uint64(0), totals.Unread)
				if !slices.ContainsFunc(totals.Violations, func(g journal.Group) bool { return g.Where == "body" || g.Where == "body.txet" }) {
					t.Errorf("violations: %v, want one of the body", totals.Violations)
				}
			})
		}
	}
}

func TestABodyThatNeverCameIsCounted(t *testing.T) {
	t.Parallel()
	ledger := journal.NewLedger()
	_, web := serve(t, mockserver.Config{Tickets: 100, Ledger: ledger}, nil)
	c, from := connect(t, web)
	say(t, c, "POST "+messagesPath, "Content-Type: application/json", "Content-Length: 13")
	same(t, "status", 401, hear(t, from).StatusCode)
	same(t, "bodies not judged", uint64(1), ledger.Totals().Unread)
}

// A body in chunks that has none has come, and is judged.
func TestAnEmptyBodyInChunksHasCome(t *testing.T) {
	t.Parallel()
	ledger := journal.NewLedger()
	f, web := serve(t, mockserver.Config{Tickets: 100, Ledger: ledger}, nil)
	c, from := connect(t, web)
	if _, err := fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", messagesPath); err != nil {
		t.Fatal(err)
	}
	same(t, "status", 401, hear(t, from).StatusCode)
	same(t, "bodies not judged", uint64(0), ledger.Totals().Unread)
	entries, err := f.Workspace("").Journal.List(journal.Filter{})
	if err != nil || len(entries) != 1 || entries[0].RequestBytes != 0 || entries[0].Unchecked != "" {
		t.Errorf("got %+v, %v", entries, err)
	}
	same(t, "breaches", 1, len(ledger.Totals().Violations)) // a note needs a body
}
