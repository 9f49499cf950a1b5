package mockserver_test

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// prey is a fake that fuzz targets send requests to. Its clock stands still,
// and nobody waits.
type prey struct {
	*fake
	quiet  int             // the ticket that notes are added to
	path   string          // of its messages
	thread string          // of an AppHandoff ticket
	busy   sync.Mutex      // held while a request that came over a connection is judged
	sound  map[string]bool // answers that were held against the contract
}

// newPrey returns a fresh fake.
func newPrey(tb testing.TB, cfg mockserver.Config) *prey {
	tb.Helper()
	cfg.Tickets = fixtures.MinTickets
	cfg.Now = func() time.Time { return nine }
	cfg.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	server, err := mockserver.New(complete(cfg))
	if err != nil {
		tb.Fatal(err)
	}
	p := &prey{fake: &fake{Server: server}, sound: map[string]bool{}}
	p.quiet = p.desk().Known["no-messages"]
	p.path = ticketsPath + "/" + p.desk().Tickets[p.quiet].ID.String() + "/messages"
	for _, project := range p.projects() {
		if project.Member && len(project.Tickets) > 0 {
			p.thread = threadPath(project.ID, project.Tickets[0].ID)
		}
	}
	return p
}

// state is what a request could change, told cheaply: a note is counted, and
// moves its ticket to the top of the list.
func (p *prey) state() string {
	w := p.Workspace("")
	b, total := w.Store.List(nil, &store.Query{Sort: store.SortUpdated, Page: 1, PerPage: 3})
	b, _, _ = w.Store.Timeline(b, p.desk().Tickets[p.quiet].ID.String(), store.Types{Emails: true, Notes: true})
	return fmt.Sprintf("%d tickets, %d notes, faults %+v, clock %v, limit %v\n%s",
		total, w.Store.Notes(), w.Faults.List(), w.Clock.State(), w.RateLimit(), b)
}

// request makes a request with a key, as net/http would hand it on.
func request(method, key, path, query, body string) *http.Request {
	r := httptest.NewRequest("GET", "http://127.0.0.1:4010/", strings.NewReader(body))
	r.Method = method
	r.RemoteAddr = "127.0.0.1:50000"
	r.URL.Path, r.URL.RawQuery = path, query
	if decoded, err := url.PathUnescape(path); err == nil && decoded != path {
		r.URL.RawPath, r.URL.Path = path, decoded
	}
	r.Header.Set("X-Request-Id", "fuzz")
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	return r
}

// hit sends a request to a service. Whatever it is, the answer keeps the
// contract, is no 5xx, and a refusal changes nothing.
func (p *prey) hit(t *testing.T, r *http.Request) *answer {
	t.Helper()
	p.t = t
	before := p.state()
	recorder := httptest.NewRecorder()
	p.ServeHTTP(recorder, r)
	a := &answer{t: t, Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.String()}
	if a.Status >= 500 {
		t.Fatalf("%s %s: %d %s", r.Method, r.URL, a.Status, a.Body)
	}
	p.hold(r, recorder)
	if a.Status == http.StatusCreated {
		return a
	}
	if after := p.state(); after != before {
		t.Fatalf("%s %s: %d, and yet (-before +after):\n%s", r.Method, r.URL, a.Status, cmp.Diff(before, after))
	}
	return a
}

// hold holds an answer against the contract, unless the same was so before:
// that takes longer than all else.
func (p *prey) hold(r *http.Request, recorder *httptest.ResponseRecorder) {
	p.t.Helper()
	same := fmt.Sprintln(r.Method, r.URL.EscapedPath(), recorder.Code, recorder.Header(), recorder.Body)
	if p.sound[same] {
		return
	}
	p.check(r, recorder)
	if len(p.sound) > 1000 {
		clear(p.sound)
	}
	p.sound[same] = !p.t.Failed()
}

// beyond are refusals of what the contract does not speak of: the custom fields
// of a workspace, leap seconds, which RFC 3339 has and Go has not, and notes
// without a word (C23).
var beyond = regexp.MustCompile(`{"field":"custom_field_|:60|is blank and so is body_html`)

// agrees fails the test when a request that keeps the contract is refused.
func (p *prey) agrees(name string, r *http.Request, a *answer) {
	p.t.Helper()
	if a.Status != http.StatusBadRequest || beyond.MatchString(a.Body) {
		return
	}
	if len(verdict.OnRequest(p.contract(name), r)) == 0 {
		p.t.Errorf("%s %q keeps the contract, and yet: %s", r.Method, r.URL, a.Body)
	}
}

func FuzzListTickets(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	desk := p.desk()
	for _, query := range []string{
		"", "status=open,closed&priority=urgent", "status=opne", "query=%22vat+number%22+or+invoice+-refund", "q=+&query=", "page=2&per_page=1&sort=updated_at&order=asc",
		"page=0", "page=-0", "page=1e400", "page=9223372036854775808", "page=99999999999999999999999", "per_page=18446744073709551616", "page=9223372036854775807&per_page=100",
		"inbox_id=" + desk.Inboxes[0].ID.String(), "tag_ids=" + desk.Tags[0].ID.String() + "," + desk.Tags[1].ID.String(), "assignee_id=__unassigned__", "assignee_id=" + strings.ToUpper(desk.Agents[0].ID.String()),
		"created_after=2025-01-01&updated_before=2025-06-01T00%3A00%3A00%2B02%3A00", "created_after=0001-01-01", "created_before=9999-12-31T23:59:60Z", "updated_after=2025-02-30",
		"%", "%zz=1&page=%00", "a;b=c", "&&=&=x", "status[]=open", "status=open&status=closed", "query=%ff%fe\x00", "custom_field_=1", "custom_field_nix=1",
	} {
		f.Add(query)
	}
	for i := range desk.CustomFields {
		f.Add(filter(desk.CustomFields[i].Key, "__empty__") + "&" + filter(desk.CustomFields[0].Key, "1e309"))
		f.Add(filter(desk.CustomFields[i].Key, "-0x1p-2") + "&custom_field_" + desk.CustomFields[i].Key + "=")
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := request("GET", readWrite, ticketsPath, query, "")
		a := p.hit(t, r)
		p.agrees(openapi.InboxOps, r, a)
		if a.Status == http.StatusBadRequest {
			if len(a.refused(400, "bad_request").Errors) == 0 {
				t.Errorf("%q: the refusal names nothing: %s", query, a.Body)
			}
			return
		}
		var got page
		a.want(200).decode(&got)
		if n := len(got.Data); n > got.Meta.PerPage || n > got.Meta.Total || got.Meta.Total > len(desk.Tickets) || got.Meta.PerPage > 100 {
			t.Errorf("%q: %d rows and %+v", query, n, got.Meta)
		}
		if first := (got.Meta.Page - 1) * got.Meta.PerPage; got.Meta.Page < 1000 && first < got.Meta.Total && len(got.Data) != min(got.Meta.PerPage, got.Meta.Total-first) {
			t.Errorf("%q: %d rows and %+v", query, len(got.Data), got.Meta)
		}
		if again := p.hit(t, request("GET", readWrite, ticketsPath, query, "")); again.Body != a.Body {
			t.Errorf("%q: asked again (-first +second):\n%s", query, cmp.Diff(a.Body, again.Body))
		}
	})
}

func FuzzHandoffMessages(f *testing.F) {
	lenient := newPrey(f, mockserver.Config{DocumentedStatusesOnly: true})
	p := newPrey(f, mockserver.Config{})
	for _, query := range []string{
		"", "limit=1", "limit=0", "limit=201", "limit=1e2", "limit=9223372036854775808", "since=2025-01-01T00:00:00Z", "since=2025-01-01", "since=x", "since=-1",
		"task_id=" + unknownID, "task_id=1", "limit=%", "a;b", "since=9999-12-31T23:59:59.999999999Z&limit=200", "since=0000-01-01T00:00:00-23:59", "task_id=%00&task_id=",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := request("GET", member, p.thread, query, "")
		a := p.hit(t, r)
		p.agrees(openapi.AppHandoff, r, a)
		if a.Status != 200 && a.Status != 400 && a.Status != 404 {
			t.Errorf("%q: %d %s", query, a.Status, a.Body)
		}
		if a := lenient.hit(t, request("GET", member, p.thread, query, "")); a.Status != 200 && a.Status != 404 {
			t.Errorf("%q: only documented statuses, and yet %d %s", query, a.Status, a.Body)
		}
	})
}

// FuzzPath sends ids, and whatever else fits between two slashes.
func FuzzPath(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	desk := p.desk()
	known := map[string]bool{}
	for i := range desk.Tickets {
		known[desk.Tickets[i].ID.String()], known[strconv.Itoa(desk.Tickets[i].Number)] = true, true
	}
	for _, id := range []string{
		"1001", desk.Tickets[0].ID.String(), strings.ToUpper(desk.Tickets[0].ID.String()), "0", "-1", "+1001", "01001", "1e3", "99999999999999999999", "%31001", "1001%00", "%2e%2e", "..",
		".", "a%2Fb", "/", "//", "a/../1001", "%", "%zz", "%ff%fe", "1001;a=b", "1001?x", "1001#x", "é", "{id}", " ", "\x00", "\n", "%0d%0aX-A:%20b", "1001/messages/x", strings.Repeat("9", 5000),
	} {
		f.Add(id, unknownID)
		f.Add(p.thread[len("/api/projects/"):][:36], id)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		for _, test := range []struct {
			r        *http.Request
			statuses []int
		}{
			{request("GET", readWrite, ticketsPath+"/"+one+"/messages", "", ""), []int{200, 404, 405}},
			{request("POST", readWrite, ticketsPath+"/"+one+"/messages", "", "{}"), []int{400, 404, 405}},
			{request("GET", member, "/api/projects/"+one+"/tickets/"+two+"/messages", "", ""), []int{200, 403, 404, 405}},
		} {
			r := test.r
			a := p.hit(t, r)
			if id := r.PathValue("id"); a.Status == 200 && strings.HasPrefix(r.URL.Path, ticketsPath) && !known[strings.ToLower(id)] {
				t.Errorf("%q is no ticket, and yet %s", id, a.Body)
			}
			if !slices.Contains(test.statuses, a.Status) {
				t.Errorf("%s %q: %d %s", r.Method, r.URL, a.Status, a.Body)
			}
			for name, values := range a.Header {
				if name == "Location" || strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
					t.Errorf("%s %q: %s: %q", r.Method, r.URL, name, values)
				}
			}
		}
	})
}

func FuzzAddNote(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	const kind = "application/json"
	for _, body := range []string{
		noteBody, `{"type":"internal_note"}`, `{"type":"internal_note","body_html":"<p>a<script>b</script>"}`, `{"type":"internal_note","body_text":" ","body_html":null}`, `{"type":"internal_note","body_text":"\ud800\u0000"}`,
		`{"type":"email","body_text":"x"}`, `{"type":["internal_note"]}`, `{"type":"internal_note","type":"email","body_text":"a","body_text":1}`, "", "null", "[]", "{", `"x"`, "{}{}", "\xef\xbb\xbf{}",
		"{\"type\":\"internal_note\",\"body_text\":\"\xff\"}", strings.Repeat(`{"a":[`, 60), `{"a":1e999,"type":"internal_note","body_text":"x"}`, `{"TYPE":"internal_note","body_text":"x"}`,
	} {
		f.Add(kind, body)
	}
	for _, other := range []string{"", "text/plain", "application/json; charset=utf-8", "APPLICATION/JSON", "application/json;", "application/json; charset=utf-16; a=\"", "application/x-www-form-urlencoded", "application/json, text/plain"} {
		f.Add(other, noteBody)
	}
	f.Fuzz(func(t *testing.T, contentType, body string) {
		r := request("POST", readWrite, p.path, "", body)
		r.Header.Set("Content-Type", contentType)
		a := p.hit(t, r)
		r.Body = io.NopCloser(strings.NewReader(body))
		p.agrees(openapi.InboxOps, r, a)
		if a.Status != http.StatusCreated {
			if len(a.refused(400, "bad_request").Errors) == 0 {
				t.Errorf("%q: the refusal names nothing: %s", body, a.Body)
			}
			return
		}
		defer p.Workspace("").Store.Reset()
		if media, _, err := mime.ParseMediaType(contentType); err != nil || media != kind || !utf8.ValidString(body) {
			t.Errorf("%q %q was taken", contentType, body)
		}
		row := strings.TrimSuffix(strings.TrimPrefix(a.Body, `{"data":`), "}")
		messages := p.hit(t, request("GET", readWrite, p.path, "", ""))
		if !strings.Contains(messages.Body, row+"]}") {
			t.Errorf("%q: the timeline does not end with %s: %s", body, row, messages.Body)
		}
		if notes := p.Workspace("").Store.Notes(); notes != 1 {
			t.Errorf("%q: %d notes", body, notes)
		}
	})
}

// FuzzAuthorization: exactly the keys open the door, and the journal shows none.
func FuzzAuthorization(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	for _, scheme := range []string{"Bearer ", "bearer   ", "", "Basic ", "Bearer\t", "Bearer Bearer ", " Bearer ", "Bearer,"} {
		f.Add(scheme + readWrite)
	}
	for _, key := range p.Workspace("").Keys {
		f.Add("Bearer " + key.Secret)
		f.Add("Bearer " + key.Secret + " , " + key.Secret)
	}
	f.Add("0123456789abc 0123456789abc")
	f.Add("Bearer " + strings.Repeat("k", 5000))
	f.Add("Bearer ixk_test_readwrite\x00\r\nX-A: b")
	f.Fuzz(func(t *testing.T, header string) {
		scheme, token, _ := strings.Cut(header, " ")
		token = strings.Trim(token, " ")
		for path, service := range map[string]string{ticketsPath: "inboxops", p.thread: "apphandoff"} {
			r := request("GET", "", path, "per_page=1&limit=1", "")
			r.Header["Authorization"] = []string{header}
			a := p.hit(t, r)
			want := 401
			for _, key := range p.Workspace("").Keys {
				if strings.EqualFold(scheme, "Bearer") && key.Secret == token && key.Service == service {
					want = map[string]int{"read-write": 200, "read-only": 200, "member": 200, "unentitled": 403, "outsider": 403, "revoked": 401, "reconnect": 401}[string(key.Kind)]
				}
				if strings.Contains(a.Body, key.Secret) {
					t.Errorf("%q: the answer tells a key: %s", header, a.Body)
				}
			}
			if a.want(want); (want == 401) != (a.Header.Get("WWW-Authenticate") == "Bearer") {
				t.Errorf("%q: %d and WWW-Authenticate %q", header, want, a.Header.Get("WWW-Authenticate"))
			}
			entry, _ := p.Workspace("").Journal.Get(p.Workspace("").Journal.Newest())
			if shown := entry.RequestHeader.Get("Authorization"); len(token) > 12 && strings.Contains(strings.TrimPrefix(shown, scheme), token) {
				t.Errorf("the journal tells %q: %q", token, shown)
			}
		}
	})
}

// FuzzPrefer: a request gets what it asks for, or hears that it cannot have it.
func FuzzPrefer(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	for _, prefer := range []string{
		"", "code=429, retry-after=3", `code="403-insufficient_scope"; a=b`, "delay=500ms,error-format=sample", "delay=60s", "delay=9223372036854775807ns", "delay=-1s", "respond-async, wait=10",
		"retry-after=3", "code=,delay=1h,error-format=xml", "CODE = not_found ,,;=\"", "code=500", "code=201", "code=401-unauthorized", "code=418", "code=400;code=500", "retry-after=86401,code=503", "a=\"b,c\", code=404", "code=\"4\\29\"",
	} {
		f.Add(prefer, "")
	}
	f.Add("code=500", "delay=1s")
	f.Fuzz(func(t *testing.T, one, two string) {
		for _, r := range []*http.Request{
			request("GET", readWrite, ticketsPath, "per_page=1", ""), request("POST", readWrite, p.path, "", noteBody), request("GET", member, p.thread, "limit=1", ""),
		} {
			r.Header["Prefer"] = []string{one, two}
			r.Header.Set("Content-Type", "application/json")
			p.t = t
			before := p.state()
			recorder := httptest.NewRecorder()
			p.ServeHTTP(recorder, r)
			p.hold(r, recorder)
			applied, why, changed := recorder.Header().Get("Preference-Applied"), recorder.Header().Get("Mockdesk-Why"), p.state() != before
			switch code := recorder.Code; {
			case strings.Contains(applied, "code=") && (code < 400 || why == "" && code != 400 && code != 404):
				t.Errorf("%q %q: %d, and why is %q, though %q was applied", one, two, code, why, applied)
			case !strings.Contains(applied, "code=") && (why != "" || code != 200 && code != 201 && code != 400), code == 429 && recorder.Header().Get("Retry-After") == "":
				t.Errorf("%q %q: %d %s", one, two, code, recorder.Body)
			case changed != (code == 201):
				t.Errorf("%q %q: %d, and a note is added: %v", one, two, code, changed)
			case strings.ContainsAny(applied, "\r\n\x00"):
				t.Errorf("%q %q: Preference-Applied: %q", one, two, applied)
			}
			p.Workspace("").Store.Reset()
		}
	})
}
