package mockserver_test

import (
	"io"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/mockservertest"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// What net/http refuses by itself is in journal and ledger like what a handler
// refuses, and what a handler answers is there once.
func TestWhatIsNoHTTPIsRecorded(t *testing.T) {
	t.Parallel()
	const end = "Host: a\r\nConnection: close\r\n\r\n"
	good := "GET " + ticketsPath + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + readWrite + "\r\n\r\n"
	tests := map[string]struct {
		sent   string
		status int    // 0 when all of it is HTTP
		reason string // of the violation
	}{
		"no request line":             {"hello\r\n\r\n", 400, "400 Bad Request"},
		"TLS":                         {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "400 Bad Request"},
		"a space in the path":         {"GET /api/v1/tickets and more HTTP/1.1\r\n" + end, 400, "400 Bad Request"},
		"a broken escape":             {"GET /api/v1/tickets/%zz HTTP/1.1\r\n" + end, 400, "400 Bad Request"},
		"no Host":                     {"GET /api/v1/tickets HTTP/1.1\r\n\r\n", 400, "400 Bad Request: missing required Host header"},
		"a Host that is none":         {"GET /api/v1/tickets HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "400 Bad Request: malformed Host header"},
		"a header without a colon":    {"GET /api/v1/tickets HTTP/1.1\r\nHost\r\n\r\n", 400, "400 Bad Request"},
		"a name with a space":         {"GET /api/v1/tickets HTTP/1.1\r\nX Y: z\r\n" + end, 400, "400 Bad Request: invalid header name"},
		"a header that is too large":  {"GET /api/v1/tickets HTTP/1.1\r\nX-A: " + strings.Repeat("a", 2<<20) + "\r\n" + end, 431, "431 Request Header Fields Too Large"},
		"an unknown coding":           {"POST /api/v1/tickets HTTP/1.1\r\nTransfer-Encoding: br\r\n" + end, 501, "Unsupported transfer encoding"},
		"two lengths":                 {"POST /api/v1/tickets HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + end, 400, "400 Bad Request"},
		"another version":             {"GET /api/v1/tickets HTTP/3.0\r\n" + end, 505, "505 HTTP Version Not Supported: unsupported protocol version"},
		"an expectation of something": {"GET /api/v1/tickets HTTP/1.1\r\nExpect: gold\r\n" + end, 417, "417 Expectation Failed"},
		"behind a good request":       {good + "hello\r\n\r\n", 400, "400 Bad Request"},
		"a good request alone":        {strings.Replace(good, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1), 0, ""},
		"a refusal of ours":           {"GET /nothing HTTP/1.1\r\n" + end, 0, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ledger := journal.NewLedger()
			fake := mockservertest.Start(t, mockserver.Config{Tickets: 30, Ledger: ledger, Verdict: verdict.OnRequest})
			c := dial(t, fake.URL)
			go io.WriteString(c, test.sent) // the server may stop reading
			_, _ = io.Copy(io.Discard, c)   // it may be cut off by a reset
			requests, refused := 1, 0
			if strings.HasPrefix(name, "behind") {
				requests = 2
			}
			for _, group := range ledger.Totals().Violations {
				if group.Rule == journal.RuleHTTP {
					refused += int(group.Count)
					if group.First.Status != test.status || !strings.HasSuffix(group.Violation.Reason, ": "+test.reason) || !strings.HasPrefix(group.First.Curl(), "# ") {
						t.Errorf("got %d: %s, %s", group.First.Status, group.Violation.Reason, group.First.Curl())
					}
				}
			}
			if got := ledger.Totals().Requests; got != uint64(requests) || fake.Workspace("").Journal.Len() != requests || refused != min(test.status, 1) {
				t.Errorf("%d requests are known and %d refused, want %d", got, refused, requests)
			}
		})
	}
}
