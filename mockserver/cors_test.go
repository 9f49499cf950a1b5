package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
)

// origin is where the page in the browser comes from.
const origin = "https://app.example"

// crossing returns the headers of an answer that speak of origins.
func (a *answer) crossing() http.Header {
	found := http.Header{}
	for name, values := range a.Header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Vary" {
			found[name] = values
		}
	}
	return found
}

// preflight asks as a browser does before a request with a key.
func (f *fake) preflight(path, from, method string) *answer {
	f.t.Helper()
	r := []string{"Origin: " + from, "Access-Control-Request-Method: " + method, "Access-Control-Request-Headers: authorization,content-type,prefer"}
	return f.send("OPTIONS", "", path, "", r...)
}

func TestCORS(t *testing.T) {
	t.Parallel()
	const exposed = "Allow, Mockdesk-Breach, Mockdesk-Why, Preference-Applied, Retry-After, Www-Authenticate, X-Request-Id"
	read := func(from string) http.Header {
		return http.Header{"Vary": {"Origin"}, "Access-Control-Allow-Origin": {from}, "Access-Control-Expose-Headers": {exposed}}
	}
	unread := http.Header{"Vary": {"Origin"}}
	tests := map[string]struct {
		allowed []string
		from    string
		want    http.Header
	}{
		"without origins nothing is said":     {nil, origin, http.Header{}},
		"an origin that is allowed may read":  {[]string{"http://localhost:3000", origin}, origin, read(origin)},
		"another may not":                     {[]string{origin}, "https://evil.example", unread},
		"one that only begins alike may not":  {[]string{origin}, origin + ".evil.example", unread},
		"another scheme is another origin":    {[]string{origin}, "http://app.example", unread},
		"all may when all are allowed":        {[]string{"*"}, "https://evil.example", read("*")},
		"no browser, no origin, nothing said": {[]string{origin}, "", unread},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100, CORS: test.allowed})
			_, thread := f.thread("ties")
			for _, a := range []*answer{
				f.get(readWrite, ticketsPath, "Origin: "+test.from).want(200),
				f.get("", ticketsPath, "Origin: "+test.from).want(401),
				f.get(readWrite, ticketsPath, "Origin: "+test.from, "Prefer: code=429").want(429),
				f.post(readWrite, messagesPath, noteBody, "Origin: "+test.from).want(201),
				f.get(member, thread, "Origin: "+test.from).want(200),
			} {
				same(t, "headers", test.want, a.crossing())
			}
		})
	}
}

// A preflight is answered before the key, faults, the rate limit and the
// journal have a say.
func TestPreflight(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100, CORS: []string{origin}})
	f.control("POST", "faults", `{"then":{"status":{"code":503}}}`).want(201)
	f.control("PUT", "rate-limit", `{"rate_limit":"1/1h"}`).want(200)
	_, thread := f.thread("ties")
	moved := f.moved(func() {
		for _, path := range []string{ticketsPath, messagesPath, thread} {
			r := f.dialled("OPTIONS", path, http.Header{
				"Origin": {origin}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"authorization,content-type,prefer"},
			})
			same(t, path, 204, r.StatusCode)
			for name, want := range map[string]string{
				"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": "POST",
				"Access-Control-Allow-Headers": "authorization,content-type,prefer", "Access-Control-Max-Age": "600", "Access-Control-Allow-Credentials": "",
			} {
				same(t, path+" "+name, want, r.Header.Get(name))
			}
			other := f.dialled("OPTIONS", path, http.Header{"Origin": {"https://evil.example"}, "Access-Control-Request-Method": {"GET"}})
			same(t, "another origin", "", other.Header.Get("Access-Control-Allow-Origin"))
		}
	})
	same(t, "what moved", map[string]float64{}, moved)
	same(t, "requests in the journal", 0, f.Workspace("").Journal.Len())
}

// dialled sends a request without a key over a connection.
func (f *fake) dialled(method, path string, headers http.Header) *http.Response {
	f.t.Helper()
	headers["Authorization"] = nil
	answer, _ := f.dial(method, path, headers)
	return answer
}

// An OPTIONS that is no preflight is what it was.
func TestOptionsIsNoPreflight(t *testing.T) {
	t.Parallel()
	for name, allowed := range map[string][]string{"without origins": nil, "with origins": {origin}} {
		f := start(t, mockserver.Config{Tickets: 100, CORS: allowed})
		f.send("OPTIONS", readWrite, ticketsPath, "").refused(405, "method_not_allowed")
		same(t, name+": requests in the journal", 1, f.Workspace("").Journal.Len())
	}
	f := start(t, mockserver.Config{Tickets: 100})
	f.preflight(ticketsPath, origin, "GET").refused(405, "method_not_allowed")
}

// What is allowed across origins is never the control API.
func TestCORSLeavesTheControlAPIOut(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100, CORS: []string{"*", origin}})
	for _, path := range []string{"catalog", "faults", "", "reference", "healthz"} {
		for _, method := range []string{"GET", "OPTIONS"} {
			r := httptest.NewRequest(method, "http://localhost/_mockdesk/"+path, nil)
			r.RemoteAddr = "127.0.0.1:50000"
			r.Header = http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"POST"}}
			recorder := httptest.NewRecorder()
			f.ServeHTTP(recorder, r)
			for name, values := range recorder.Header() {
				if strings.HasPrefix(name, "Access-Control-") || strings.Contains(strings.Join(values, ","), "Origin") {
					t.Errorf("%s %s: %s: %v", method, path, name, values)
				}
			}
			if granted := method == "OPTIONS" && recorder.Code < 300; granted || method == "GET" && recorder.Code != 200 {
				t.Errorf("%s %s: status %d", method, path, recorder.Code)
			}
		}
	}
	f.control("POST", "reset", "", "Origin: "+origin, "Sec-Fetch-Site: cross-site").want(403)
}

func TestOriginsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"", "app.example", "https://app.example/", "https://app.example/path", "ftp://app.example", "https://", "https://*.app.example?", "null"} {
		_, err := mockserver.New(mockserver.Config{CORS: []string{wrong}})
		if err == nil || !strings.Contains(err.Error(), "hint: https://app.example") {
			t.Errorf("%q: %v, want an error that teaches", wrong, err)
		}
	}
}
