package mockserver_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/mockdesk/mockdesk/mockserver"
)

// dial sends a request over a connection, with the key that may do everything,
// and returns the answer with its body.
func (f *fake) dial(method, path string, headers http.Header) (*http.Response, string) {
	f.t.Helper()
	web := httptest.NewServer(f)
	defer web.Close()
	r, err := http.NewRequestWithContext(f.t.Context(), method, web.URL+path, http.NoBody)
	if err != nil {
		f.t.Fatal(err)
	}
	r.Header = http.Header{"Authorization": {"Bearer " + readWrite}}
	if strings.HasPrefix(path, "/api/projects") {
		r.Header = http.Header{"Authorization": {"Bearer " + member}}
	}
	for name, values := range headers {
		r.Header[name] = values
	}
	answer, err := web.Client().Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return answer, string(body)
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	methodProofs.run(t, mockserver.Config{})
	pathProofs.run(t, mockserver.Config{})
	requestIDProofs.run(t, mockserver.Config{})
	requestProofs.run(t, mockserver.Config{})
}

// paths are those of the operations, with their methods.
func (f *fake) paths() map[string]string {
	_, thread := f.thread("ties")
	return map[string]string{ticketsPath: "GET, HEAD", messagesPath: "GET, HEAD, POST", thread: "GET, HEAD"}
}

var methodProofs = proofs{
	"A10 HEAD has the headers of GET and no body": func(t *testing.T, f *fake) {
		_, thread := f.thread("ties")
		for _, path := range []string{ticketsPath, messagesPath, thread, ticketsPath + "?page=0", ticketsPath + "/1/messages", "/api/v1/nothing", thread + "?limit=0"} {
			id := http.Header{"X-Request-Id": {"one"}}
			get, body := f.dial("GET", path, id)
			head, none := f.dial("HEAD", path, id)
			same(t, path, get.StatusCode, head.StatusCode)
			same(t, path, "", none)
			same(t, path, strconv.Itoa(len(body)), head.Header.Get("Content-Length"))
			get.Header.Del("Date")
			head.Header.Del("Date")
			same(t, path, get.Header, head.Header)
		}
	},
	"A17 another method is 405, and Allow tells the methods": func(t *testing.T, f *fake) {
		for path, allowed := range f.paths() {
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY", "get", "Post"} {
				if slices.Contains(strings.Split(allowed, ", "), method) {
					continue
				}
				a := f.send(method, "", path, "").want(405)
				same(t, method+" "+path, allowed, a.Header.Get("Allow"))
				if !strings.Contains(a.Body, method+" is not supported here; the methods are "+allowed+".") {
					t.Errorf("%s %s: %s", method, path, a.Body)
				}
			}
		}
		f.send("PUT", "", ticketsPath, "").refused(405, "method_not_allowed")
		_, thread := f.thread("ties")
		f.send("PUT", "", thread, "").failure(405, "METHOD_NOT_ALLOWED")
		same(t, "Allow of another status", nil, f.get("", ticketsPath).want(401).Header["Allow"])
	},
}

var pathProofs = proofs{
	"A18 an unknown path is 404, with any method and without a key": func(t *testing.T, f *fake) {
		for _, path := range []string{
			"/", "/api", "/api/v1", "/api/v2/tickets", "/api/v1/ticket", "/API/v1/tickets", "/api/v1/tickets/1001/message",
			"/api/v1/tickets/1001/messages/1", "/favicon.ico", "/tickets", "/api/tickets", "*",
		} {
			for _, method := range []string{"GET", "POST", "HEAD", "DELETE", "OPTIONS"} {
				a := f.send(method, "", path, "")
				a.refused(404, "not_found")
				if !strings.Contains(a.Body, "Nothing is served at "+path+"; /_mockdesk/reference lists what is.") {
					t.Errorf("%s: %s", path, a.Body)
				}
			}
		}
		for _, path := range []string{"/api/projects", "/api/projects/x", "/api/projects/x/tickets", "/api/projects/x/tickets/y", "/api/projects/x/tickets/y/messages/z"} {
			f.get(member, path).failure(404, "NOT_FOUND")
		}
	},
	"A25 a slash too many, and dots, are 404 and no redirect": func(t *testing.T, f *fake) {
		for _, path := range []string{
			"/api/v1/tickets/", "/api/v1//tickets", "//api/v1/tickets", "/api/v1/tickets//", "/api/v1/./tickets", "/api/v1/tickets/.", "/api/v1/tickets/..",
			"/api/v1/x/../tickets", "/../api/v1/tickets", "/api/v1/tickets/1001/messages/", "/api/v1/tickets//messages", "/api/v1/tickets/1001//messages",
			"/api/v1%2Ftickets", "/api%2Fv1/tickets", "/api/v1/tickets%2F1001/messages", "/api/v1/tickets/1001%2Fmessages", "/api/v1/%2E/tickets", "/api/v1/x/%2e%2e/tickets",
			"/api/v1/tickets/1001%2F/messages", "/api/v1/tickets/..%2F1001/messages", "/api/v1/tickets%20", "/api/v1/tickets%00", "/api/v1/tickets;a=b",
		} {
			a := f.get(readWrite, path)
			a.refused(404, "not_found")
			same(t, path, nil, a.Header["Location"])
		}
		_, thread := f.thread("ties")
		for _, path := range []string{thread + "/", strings.Replace(thread, "/tickets", "//tickets", 1), "/api/projects//tickets/x/messages", strings.Replace(thread, "/tickets/", "%2Ftickets/", 1)} {
			f.get(member, path).failure(404, "NOT_FOUND")
		}
	},
	"A25 over a connection it is the same": func(t *testing.T, f *fake) {
		for _, path := range []string{"/api/v1/tickets/", "/api/v1//tickets", "/api/v1/./tickets", "/api/v1/x/../tickets", "/api/v1/tickets/a%2Fb/messages"} {
			answer, body := f.dial("GET", path, nil)
			if answer.StatusCode != 404 || !strings.Contains(body, `"code":"not_found"`) {
				t.Errorf("%s: %d %s", path, answer.StatusCode, body)
			}
		}
	},
	"an encoded path is the same path": func(_ *testing.T, f *fake) {
		f.get(readWrite, "/api/v1/%74ickets").want(200)
		f.get(readWrite, "/api/v1/tickets/%31001/messages").want(200)
	},
}

var requestIDProofs = proofs{
	"A3 A4 a valid X-Request-Id is sent back, also with an error": func(t *testing.T, f *fake) {
		for _, id := range []string{"x", "order-sync-42", "A.b_c-9", unknownID, strings.Repeat("a", 128)} {
			same(t, id, id, f.get(readWrite, ticketsPath, "X-Request-Id: "+id).want(200).Header.Get("X-Request-Id"))
			a := f.get("", ticketsPath, "X-Request-Id: "+id)
			same(t, id, id, a.Header.Get("X-Request-Id"))
			same(t, id, problemsPage+"instances/"+id, a.refused(401, "unauthorized").Instance)
			same(t, id, id, f.get("", "/nothing", "X-Request-Id: "+id).want(404).Header.Get("X-Request-Id"))
		}
	},
	"A4 another X-Request-Id is replaced by a UUID": func(t *testing.T, f *fake) {
		for _, id := range []string{"a b", "a/b", "a,b", "é", "a\x00", "a\nb", "<x>", strings.Repeat("a", 129), strings.Repeat("a", 1<<20)} {
			if got := f.get(readWrite, ticketsPath, "X-Request-Id: "+id).want(200).Header.Get("X-Request-Id"); !uuidForm.MatchString(got) {
				t.Errorf("%.20q gave %.40q", id, got)
			}
		}
		answer, _ := f.dial("GET", ticketsPath, http.Header{"X-Request-Id": {"one", "two"}})
		if got := answer.Header["X-Request-Id"]; len(got) != 1 || !uuidForm.MatchString(got[0]) {
			t.Errorf("two ids gave %q", got)
		}
	},
	"A3 every answer has an X-Request-Id of its own": func(t *testing.T, f *fake) {
		seen := map[string]bool{}
		_, thread := f.thread("ties")
		paths := []string{ticketsPath, messagesPath, "/nothing", ticketsPath + "?page=0", thread}
		for _, path := range paths {
			for range 20 {
				id := f.get(readWrite, path).Header.Get("X-Request-Id")
				if seen[id] = true; !uuidForm.MatchString(id) {
					t.Errorf("%s: %q", path, id)
				}
			}
		}
		same(t, "distinct ids", 20*len(paths), len(seen))
	},
}

var requestProofs = proofs{
	"the Content-Length is that of the body": func(t *testing.T, f *fake) {
		for path := range f.paths() {
			for _, query := range []string{"", "?page=0&limit=0&types=x", "?query=zyzzyva"} {
				answer, body := f.dial("GET", path+query, nil)
				same(t, path+query, int64(len(body)), answer.ContentLength)
			}
		}
	},
	"a very large key or query is answered": func(_ *testing.T, f *fake) {
		f.get(strings.Repeat("k", 1<<20), ticketsPath).refused(401, "unauthorized")
		f.get(readWrite, ticketsPath+"?x="+strings.Repeat("y", 1<<20)).want(200)
		f.get(readWrite, ticketsPath+"?"+strings.Repeat("a=b&", 20_000)).want(200)
		f.get(readWrite, ticketsPath+"?"+strings.Repeat("custom_field_plan=b&", 2_000)).refused(400, "bad_request")
		f.wrong("status="+strings.Repeat("z", 1<<16), "status", validStatus)
	},
	"a query that cannot be decoded is 400, and the answer tells how to write a %": func(_ *testing.T, f *fake) {
		for query, field := range map[string]string{"q=%": "q", "q=100%": "q", "status=%zz": "status", "%zz=1": "%zz", "page=1&x=%f": "x"} {
			f.wrong(query, field, "is not percent-encoded correctly; write a literal % as %25")
		}
	},
	"GET may have a body, which does not matter": func(t *testing.T, f *fake) {
		want := f.get(readWrite, ticketsPath).want(200).Body
		same(t, "list", want, f.send("GET", readWrite, ticketsPath, "{not json", "Content-Type: text/plain").want(200).Body)
	},
	"A20 Accept does not matter": func(t *testing.T, f *fake) {
		for _, accept := range []string{"text/html", "application/xml;q=0.9", "*/*", "application/json"} {
			same(t, accept, "application/json", f.get(readWrite, ticketsPath, "Accept: "+accept).want(200).Header.Get("Content-Type"))
		}
	},
	"C30 a body that breaks off is 400 and stores nothing": func(t *testing.T, f *fake) {
		f.unchanged(func() {
			r := httptest.NewRequest("POST", messagesPath, io.MultiReader(strings.NewReader(noteBody[:10]), iotest.ErrReader(errors.New("gone"))))
			r.Header = http.Header{"Authorization": {"Bearer " + readWrite}, "Content-Type": {"application/json"}}
			recorder := httptest.NewRecorder()
			f.ServeHTTP(recorder, r)
			f.check(r, recorder)
			a := &answer{t: t, Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.String()}
			a.names("body", "could not be read to its end")
		})
	},
	"several Prefer headers count as one": func(t *testing.T, f *fake) {
		answer, body := f.dial("GET", ticketsPath, http.Header{"Prefer": {"code=429", "retry-after=9"}})
		same(t, "status and Retry-After", "429 9", fmt.Sprint(answer.StatusCode, " ", answer.Header.Get("Retry-After")))
		same(t, "body", true, strings.Contains(body, "rate_limit_exceeded"))
	},
}
