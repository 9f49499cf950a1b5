package conformance_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// TestWhatIsNotTheAPISaysWhatToType has servers whose first answer shows what
// stands between.
func TestWhatIsNotTheAPISaysWhatToType(t *testing.T) {
	t.Parallel()
	const list = `{"data":[],"meta":{"total":0}}`
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(list))
	_ = z.Close()
	wide := strings.Join(strings.Split(list, ""), "\x00") + "\x00"
	const (
		identity = "; hint: --header 'Accept-Encoding: identity' asks for none"
		moved    = "; it redirects to "
		gateway  = "; it is no answer of the API but of a gateway in front of it; hint: --header 'Name: value' brings what the gateway asks for"
	)
	tests := map[string]struct {
		status       int
		header, body string // header is "Name: value"
		follow       bool
		want         string // behind the answer, in the reason
	}{
		"a redirect on the host":              {301, "Location: /v2/tickets?token=x", "", false, moved + "http://desk.test/v2/tickets; hint: --follow"},
		"one that goes in circles":            {302, "Location: /base/api/v1/tickets", "", true, moved + "http://desk.test/base/api/v1/tickets, again and again"},
		"a redirect to TLS":                   {308, "Location: https://desk.test/base/api/v1/tickets", "", true, moved + "https://desk.test/base/api/v1/tickets; hint: mockdesk check https://desk.test/base"},
		"a redirect to the start over TLS":    {308, "Location: https://DESK.test/", "", false, moved + "https://DESK.test/; hint: https:// instead of http://"},
		"a redirect to a login elsewhere":     {302, "Location: https://login.test/?to=desk", "", false, moved + "https://login.test/, another host or scheme, to which no key is sent; hint: --header 'Name: value' if a gateway asks for something"},
		"a body in br":                        {200, "Content-Encoding: br", "\x0b\x0e", false, "; the body is compressed (br), which nothing asked for" + identity},
		"a body in deflate":                   {200, "Content-Encoding: deflate", "x\x9c", false, "; the body is compressed (deflate), which nothing asked for" + identity},
		"a body in gzip":                      {200, "Content-Encoding: gzip", zipped.String(), false, "; the body is compressed (gzip), which nothing asked for" + identity},
		"gzip that says nothing":              {200, "A: b", zipped.String(), false, "; the body is gzip, which its Content-Encoding does not say" + identity},
		"a byte order mark":                   {200, "A: b", "\xef\xbb\xbf" + list, false, "; a byte order mark stands before the JSON; hint: the server must send the JSON without it"},
		"UTF-16":                              {200, "A: b", wide, false, "; the body is UTF-16; hint: JSON is UTF-8, which the server must send"},
		"UTF-16 with its mark":                {200, "A: b", "\xff\xfe" + wide, false, "; the body is UTF-16; hint: JSON is UTF-8, which the server must send"},
		"plain HTTP on a port of TLS of Go":   {400, "A: b", "Client sent an HTTP request to an HTTPS server.\n", false, "; the port speaks TLS; hint: https:// instead of http://"},
		"plain HTTP on a port of TLS, nginx":  {400, "A: b", "<center>The plain HTTP request was sent to HTTPS port</center>", false, "; the port speaks TLS; hint: https:// instead of http://"},
		"plain HTTP on a port of TLS, Apache": {400, "A: b", "You're speaking plain HTTP to an SSL-enabled server port.", false, "; the port speaks TLS; hint: https:// instead of http://"},
		"a 401 of a gateway":                  {401, "Content-Type: text/html", "<html>Sign in", false, gateway},
		"a 403 of a gateway":                  {403, "Content-Type: text/plain", "", false, gateway},
		"a 403 of the API":                    {403, "Content-Type: application/json", "{}", false, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := run(t, conformance.Config{
				BaseURL: "http://desk.test/base", Keys: target.Keys{target.ReadWrite: "ixk_lost"}, API: "inboxops", Follow: tc.follow,
				Transport: target.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					key, value, _ := strings.Cut(tc.header, ": ")
					w.Header().Set(key, value)
					w.WriteHeader(tc.status)
					_, _ = w.Write([]byte(tc.body))
				})),
			})
			_, got, _ := strings.Cut(r.Results[0].Reason, ")") // behind what was answered
			if d := cmp.Diff(tc.want, got[max(strings.Index(got, "; "), 0):]); d != "" {
				t.Errorf("of %q (-want +got):\n%s", r.Results[0].Reason, d)
			}
			if r.ExitCode() != conformance.ExitFailed || r.Counts.Fail != 1 {
				t.Errorf("exit code %d, %+v", r.ExitCode(), r.Counts)
			}
		})
	}
}

// TestAServiceOutOfReachIsNotJudged gives keys of services of which one or
// both do not answer.
func TestAServiceOutOfReachIsNotJudged(t *testing.T) {
	t.Parallel()
	const project = "44444444-4444-4444-8444-444444444444"
	tests := map[string]struct {
		keys  target.Keys
		known facts.AppHandoff
		want  string
	}{
		"InboxOps":                {target.Keys{target.ReadWrite: "ixk_lost"}, facts.AppHandoff{}, "/api/v1 does not answer: "},
		"AppHandoff alone":        {target.Keys{target.Member: "ah_k_lost"}, facts.AppHandoff{}, "/api does not answer: "},
		"AppHandoff with tickets": {target.Keys{target.Member: "ah_k_lost"}, facts.AppHandoff{Projects: []facts.Project{{ID: project, Tickets: []facts.Handoff{{ID: project}}}}}, "/api does not answer: "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := nobody(t)
			r := run(t, conformance.Config{BaseURL: address, Keys: tc.keys, Facts: &facts.Facts{AppHandoff: tc.known}})
			if !strings.Contains(r.Headline, address+tc.want) || !strings.Contains(r.Headline, "connection refused; hint: nothing listens there") {
				t.Errorf("headline %q", r.Headline)
			}
			if r.ExitCode() != conformance.ExitUnjudged || r.Counts.NotRun == 0 {
				t.Errorf("exit code %d, %+v", r.ExitCode(), r.Counts)
			}
		})
	}
	t.Run("AppHandoff, while InboxOps answers", func(t *testing.T) {
		t.Parallel()
		whole := target.Handler(&stub{})
		c := stubConfig(&stub{})
		c.Only, c.AppHandoffURL, c.Keys[target.Member] = nil, nobody(t), "ah_k_lost"
		c.Only = append(c.Only, "IO-AUTH-0*", "AH-*")
		c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "stub.test" {
				return whole.RoundTrip(r)
			}
			return http.DefaultTransport.RoundTrip(r)
		})
		r := run(t, c)
		if r.ExitCode() != conformance.ExitUnjudged || !strings.Contains(r.Headline, "connection refused") || r.Counts.Fail > 0 {
			t.Errorf("exit code %d, headline %q, %+v", r.ExitCode(), r.Headline, r.Counts)
		}
	})
}

// roundTrip is a transport that is a function.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls it.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
