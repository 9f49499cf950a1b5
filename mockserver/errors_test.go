package mockserver_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

// refusals are requests that InboxOps refuses, one for each way to be refused.
var refusals = map[string]struct {
	call
	key    string
	prefer string // asks for the refusal
	full   bool   // the rate limit is used up
	status int
	code   string
	field  string // that a 400 names
}{
	"a wrong parameter of the list":     {call: call{"GET", ticketsPath + "?page=0", ""}, key: readWrite, status: 400, code: "bad_request", field: "page"},
	"a broken query":                    {call: call{"GET", ticketsPath + "?q=%zz", ""}, key: readWrite, status: 400, code: "bad_request", field: "q"},
	"a wrong parameter of the timeline": {call: call{"GET", messagesPath + "?types=bogus", ""}, key: readWrite, status: 400, code: "bad_request", field: "types"},
	"a wrong type of note":              {call: call{"POST", messagesPath, `{"type":"email"}`}, key: readWrite, status: 400, code: "bad_request", field: "type"},
	"no key":                            {call: listCall, status: 401, code: "unauthorized"},
	"a revoked key":                     {call: noteCall, key: revoked, status: 401, code: "unauthorized"},
	"a key without entitlement":         {call: listCall, key: unentitled, status: 403, code: "forbidden"},
	"a read-only key":                   {call: noteCall, key: readOnly, status: 403, code: "insufficient_scope"},
	"an unknown ticket":                 {call: call{"GET", ticketsPath + "/1/messages", ""}, key: readWrite, status: 404, code: "not_found"},
	"a note on an unknown ticket":       {call: call{"POST", ticketsPath + "/1/messages", noteBody}, key: readWrite, status: 404, code: "not_found"},
	"an unknown path":                   {call: call{"GET", "/api/v1/nothing", ""}, key: readWrite, status: 404, code: "not_found"},
	"an unknown method":                 {call: call{"DELETE", ticketsPath, ""}, key: readWrite, status: 405, code: "method_not_allowed"},
	"the rate limit of the list":        {call: listCall, key: readWrite, full: true, status: 429, code: "rate_limit_exceeded"},
	"the rate limit of notes":           {call: noteCall, key: readWrite, full: true, status: 429, code: "rate_limit_exceeded"},
	"a failure":                         {call: listCall, key: readWrite, prefer: ", code=500", status: 500, code: "internal_error"},
	"an outage":                         {call: timelineCall, key: readWrite, prefer: ", code=503", status: 503, code: "service_unavailable"},
}

// eachRefusal gets every refusal in a dialect, and its body as an object.
func eachRefusal(f *fake, dialect string, look func(name string, a *answer, body object)) {
	f.t.Helper()
	for name, r := range refusals {
		if r.full {
			f.exhaust()
		}
		a := f.call(r.call, r.key, "Prefer: error-format="+dialect+r.prefer)
		f.Workspace("").SetRateLimit(ratelimit.Limit{})
		if a.Status != r.status {
			f.t.Errorf("%s: status %d, want %d", name, a.Status, r.status)
		}
		var body object
		a.decode(&body)
		look(name, a, body)
	}
}

// is fails the test unless a member of a body has the value.
func (o object) is(t *testing.T, name, member string, want any) {
	t.Helper()
	same(t, name+": "+member, want, o[member])
}

// isText fails the test unless a member is a string that says something.
func (o object) isText(t *testing.T, name, member string) {
	t.Helper()
	if s, ok := o[member].(string); !ok || len(s) < 5 {
		t.Errorf("%s: %s is %#v, want a text", name, member, o[member])
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	problemProofs.run(t, mockserver.Config{})
	sampleProofs.run(t, mockserver.Config{})
	dialectProofs.run(t, mockserver.Config{})
}

const problemsPage = "https://docs.inboxops.app/api/problems/"

var problemProofs = proofs{
	"IO-ERR-01 every error body is a JSON object": func(t *testing.T, f *fake) {
		for _, dialect := range []string{"problem", "sample"} {
			eachRefusal(f, dialect, func(name string, _ *answer, body object) {
				if len(body) < 3 {
					t.Errorf("%s, %s: %v", name, dialect, body)
				}
			})
		}
	},
	"IO-ERR-02 A1 a problem has Content-Type application/problem+json": func(t *testing.T, f *fake) {
		eachRefusal(f, "problem", func(name string, a *answer, _ object) {
			same(t, name, []string{"application/problem+json"}, a.Header["Content-Type"])
		})
	},
	"IO-ERR-03 A2 the code of a problem is a string, and the last segment of its type": func(t *testing.T, f *fake) {
		eachRefusal(f, "problem", func(name string, _ *answer, body object) {
			body.is(t, name, "code", refusals[name].code)
			body.is(t, name, "type", problemsPage+refusals[name].code)
		})
	},
	"IO-ERR-04 the status of a problem is the HTTP status": func(t *testing.T, f *fake) {
		eachRefusal(f, "problem", func(name string, a *answer, body object) {
			body.is(t, name, "status", float64(a.Status))
			body.is(t, name, "title", http.StatusText(a.Status))
			body.isText(t, name, "detail")
		})
	},
	"IO-ERR-05 A3 the instance of a problem ends in the X-Request-Id": func(t *testing.T, f *fake) {
		seen := map[any]bool{}
		eachRefusal(f, "problem", func(name string, a *answer, body object) {
			body.is(t, name, "instance", problemsPage+"instances/"+a.Header.Get("X-Request-Id"))
			seen[body["instance"]] = true
		})
		same(t, "distinct instances", len(refusals), len(seen))
	},
	"A1 a problem has no other members, but errors on 400": func(t *testing.T, f *fake) {
		eachRefusal(f, "problem", func(name string, a *answer, body object) {
			want := []string{"code", "detail", "instance", "status", "title", "type"}
			if a.Status == 400 {
				want = []string{"code", "detail", "errors", "instance", "status", "title", "type"}
				a.names(refusals[name].field, "")
			}
			same(t, name, want, body.keys())
		})
	},
}

var sampleProofs = proofs{
	"IO-ERR-06 A1 a sample error has two texts and the HTTP status as its code": func(t *testing.T, f *fake) {
		eachRefusal(f, "sample", func(name string, a *answer, body object) {
			body.is(t, name, "error", http.StatusText(a.Status))
			body.isText(t, name, "message")
			body.is(t, name, "code", float64(a.Status))
			same(t, name, []string{"application/json"}, a.Header["Content-Type"])
		})
	},
	"IO-ERR-07 a sample 400 has details, each with a field and a message": func(t *testing.T, f *fake) {
		eachRefusal(f, "sample", func(name string, a *answer, body object) {
			if _, has := body["details"]; has != (a.Status == 400) {
				t.Errorf("%s: %d has details: %v", name, a.Status, has)
			}
			if a.Status != 400 {
				return
			}
			details := a.objects("details")
			same(t, name, 1, len(details))
			same(t, name, []string{"field", "message"}, details[0].keys())
			details[0].is(t, name, "field", refusals[name].field)
			body.is(t, name, "message", fmt.Sprint(refusals[name].field, ": ", details[0]["message"]))
		})
	},
	"IO-ERR-08 a sample 429 has the seconds to wait as retryAfter": func(t *testing.T, f *fake) {
		f.freeze()
		eachRefusal(f, "sample", func(name string, a *answer, body object) {
			if a.Status != 429 {
				same(t, name, nil, body["retryAfter"])
				return
			}
			body.is(t, name, "retryAfter", 3600.0)
			same(t, name, "3600", a.Header.Get("Retry-After"))
		})
	},
	"IO-ERR-09 a sample 404 has the code 404": func(t *testing.T, f *fake) {
		a := f.get(readWrite, ticketsPath+"/1/messages", "Prefer: error-format=sample").want(404)
		var body object
		a.decode(&body)
		body.is(t, "404", "code", 404.0)
		same(t, "members", []string{"code", "error", "message"}, body.keys())
	},
}

// dialectOf returns the dialect of an error.
func dialectOf(a *answer) string {
	return map[string]string{"application/problem+json": "problem", "application/json": "sample"}[a.Header.Get("Content-Type")]
}

var dialectProofs = proofs{
	"A1 the server's dialect is that of every refusal": func(t *testing.T, _ *fake) {
		for _, dialect := range []string{"problem", "sample"} {
			f := start(t, mockserver.Config{ErrorFormat: dialect})
			for name, r := range refusals {
				if !r.full && r.prefer == "" {
					same(t, name, dialect, dialectOf(f.call(r.call, r.key).want(r.status)))
				}
			}
		}
	},
	"A1 a workspace has its own dialect": func(t *testing.T, f *fake) {
		if _, err := f.CreateWorkspace(control.Spec{Name: "other", ErrorFormat: "sample"}); err != nil {
			t.Fatal(err)
		}
		same(t, "the other", "sample", dialectOf(f.call(listCall, "ixk_other_revoked").want(401)))
		same(t, "the other", "sample", dialectOf(f.get("ixk_other_readwrite", ticketsPath+"?page=0").want(400)))
		same(t, "the default", "problem", dialectOf(f.get(readWrite, ticketsPath+"?page=0").want(400)))
		same(t, "neither", "problem", dialectOf(f.call(listCall, "").want(401)))
	},
	"A1 a request may ask for the other dialect": func(t *testing.T, _ *fake) {
		f := start(t, mockserver.Config{ErrorFormat: "sample"})
		a := f.get(readWrite, ticketsPath+"?page=0", "Prefer: error-format=problem").want(400)
		same(t, "asked for", "problem", dialectOf(a))
		same(t, "applied", "error-format=problem", a.Header.Get("Preference-Applied"))
		same(t, "not asked for", "sample", dialectOf(f.get(readWrite, ticketsPath+"?page=0").want(400)))
	},
}
