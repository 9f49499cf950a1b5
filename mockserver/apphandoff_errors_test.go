package mockserver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver"
)

// lapsed is the key that has lost its GitHub link.
const lapsed = "ah_k_test_reconnect"

// failure is the body of an AppHandoff error.
func (a *answer) failure(status int, code string) object {
	a.t.Helper()
	var body object
	a.want(status).decode(&body)
	body.is(a.t, "error", "code", code)
	body.isText(a.t, "error", "error")
	same(a.t, "Content-Type", []string{"application/json"}, a.Header["Content-Type"])
	return body
}

func TestAppHandoffErrors(t *testing.T) {
	t.Parallel()
	threadAccessProofs.run(t, mockserver.Config{})
	threadErrorProofs.run(t, mockserver.Config{})
}

var threadAccessProofs = proofs{
	"AH-ERR-01 D1 D23 no key is 401": func(t *testing.T, f *fake) {
		_, path := f.thread("ties")
		a := f.get("", path)
		a.failure(401, "UNAUTHENTICATED")
		same(t, "challenge", "Bearer", a.Header.Get("WWW-Authenticate"))
	},
	"AH-ERR-02 D1 D3 D23 a wrong token or scheme is 401": func(_ *testing.T, f *fake) {
		_, path := f.thread("ties")
		for _, token := range []string{"ah_k_unknown", "ah_k_", "test_member", "eyJhbGciOiJub25lIn0.e30.", "ah_k_test_revoked", readWrite, strings.ToUpper(member)} {
			f.get(token, path).failure(401, "UNAUTHENTICATED")
		}
		for _, header := range []string{"Basic " + member, "Bearer", member, "Token " + member} {
			f.get("", path, "Authorization: "+header).failure(401, "UNAUTHENTICATED")
		}
		f.get("", path+"?token="+member).failure(401, "UNAUTHENTICATED")
		f.get("", path, "Authorization: bearer  "+member).want(200)
	},
	"AH-ERR-03 D1 D14 D23 a project that the caller is no member of is 403": func(_ *testing.T, f *fake) {
		_, path := f.thread("ties")
		f.get(outsider, path).failure(403, "FORBIDDEN")
		closed := f.projects()[2]
		f.get(member, threadPath(closed.ID, closed.Tickets[0].ID)).failure(403, "FORBIDDEN")
		f.get(member, threadPath(closed.ID, unknownID)).failure(403, "FORBIDDEN")
	},
	"AH-ERR-04 D1 D14 D23 an unknown ticket of an open project is 404": func(_ *testing.T, f *fake) {
		project := f.projects()[0]
		f.get(member, threadPath(project.ID, unknownID)).failure(404, "NOT_FOUND")
		f.get(member, threadPath(project.ID, project.ID)).failure(404, "NOT_FOUND")
		f.get(member, threadPath(project.ID, f.desk().Tickets[0].ID)).failure(404, "NOT_FOUND")
	},
	"AH-ERR-05 D14 an unknown project is 404": func(_ *testing.T, f *fake) {
		ticket := f.projects()[0].Tickets[0].ID
		f.get(member, threadPath(unknownID, ticket)).failure(404, "NOT_FOUND")
		f.get(outsider, threadPath(unknownID, ticket)).failure(404, "NOT_FOUND")
	},
	"AH-ERR-06 D15 a ticket of another project is 404": func(_ *testing.T, f *fake) {
		one, two, closed := f.projects()[0], f.projects()[1], f.projects()[2]
		f.get(member, threadPath(one.ID, two.Tickets[0].ID)).failure(404, "NOT_FOUND")
		f.get(member, threadPath(two.ID, one.Tickets[0].ID)).failure(404, "NOT_FOUND")
		f.get(member, threadPath(one.ID, closed.Tickets[0].ID)).failure(404, "NOT_FOUND")
	},
	"AH-ERR-07 D13 ids of the path that are no UUIDs are 404": func(_ *testing.T, f *fake) {
		project := f.projects()[0]
		ticket := project.Tickets[0]
		for _, id := range []string{"1", "orders-api", project.ID.String()[:35], "%00", "00000000-0000-0000-0000-000000000000", "a%2Fb"} {
			f.get(member, threadPath(id, ticket.ID)).failure(404, "NOT_FOUND")
			f.get(member, threadPath(project.ID, id)).failure(404, "NOT_FOUND")
		}
	},
	"A5 401, 403 or 404 come before 400": func(_ *testing.T, f *fake) {
		_, path := f.thread("ties")
		f.get("", path+"?limit=0").failure(401, "UNAUTHENTICATED")
		f.get(outsider, path+"?limit=0").failure(403, "FORBIDDEN")
		f.get(member, threadPath(f.projects()[0].ID, unknownID)+"?limit=0").failure(404, "NOT_FOUND")
	},
	"A5 401 comes before 429, and 429 before the rest": func(_ *testing.T, f *fake) {
		_, path := f.thread("ties")
		f.exhaust()
		f.get("ah_k_test_revoked", path).failure(401, "UNAUTHENTICATED")
		for _, p := range []string{path, path + "?limit=0", threadPath(f.projects()[0].ID, unknownID), threadPath(f.projects()[2].ID, unknownID)} {
			f.get(member, p).failure(429, "RATE_LIMITED")
		}
	},
}

// failures are one error of each status of AppHandoff.
func (f *fake) failures() map[int]*answer {
	f.t.Helper()
	_, path := f.thread("ties")
	failures := map[int]*answer{
		400: f.get(member, path+"?limit=0"), 401: f.get("", path), 403: f.get(outsider, path),
		404: f.get(member, threadPath(unknownID, unknownID)), 405: f.send("POST", member, path, `{"body":"x"}`),
		500: f.get(member, path, "Prefer: code=500"), 503: f.get(member, path, "Prefer: code=503"),
	}
	f.freeze()
	f.exhaust()
	failures[429] = f.get(member, path)
	f.Workspace("").SetRateLimit(ratelimit.Limit{})
	return failures
}

// member returns how each failure has a member of its body.
func (f *fake) member(name string) map[int]any {
	f.t.Helper()
	values := map[int]any{}
	for status, a := range f.failures() {
		var body object
		a.want(status).decode(&body)
		if value, has := body[name]; has {
			values[status] = value
		}
	}
	return values
}

var threadErrorProofs = proofs{
	"AH-ERR-08 AH-ERR-09 D23 every error is a JSON object with a text and our code": func(_ *testing.T, f *fake) {
		codes := map[int]string{
			400: "VALIDATION_ERROR", 401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED",
			429: "RATE_LIMITED", 500: "INTERNAL_ERROR", 503: "SERVICE_UNAVAILABLE",
		}
		for status, a := range f.failures() {
			a.failure(status, codes[status])
		}
	},
	"AH-ERR-10 D24 only a 400 has fieldErrors, texts by parameter": func(t *testing.T, f *fake) {
		same(t, "fieldErrors", map[int]any{400: map[string]any{"limit": `"0" ` + validNumber}}, f.member("fieldErrors"))
	},
	"AH-ERR-11 D24 only a 400 has issues, each a path and a message": func(t *testing.T, f *fake) {
		issues := []any{map[string]any{"path": "limit", "message": `"0" ` + validNumber}}
		same(t, "issues", map[int]any{400: issues}, f.member("issues"))
	},
	"AH-ERR-12 AH-ERR-14 D21 only a 429 has retryAfter, a number, and Retry-After says the same": func(t *testing.T, f *fake) {
		same(t, "retryAfter", map[int]any{429: 3600.0}, f.member("retryAfter"))
		for status, a := range f.failures() {
			same(t, fmt.Sprint(status), map[bool]string{true: "3600"}[status == 429], a.Header.Get("Retry-After"))
		}
	},
	"AH-ERR-13 D22 only the key without its GitHub link gets reconnect": func(t *testing.T, f *fake) {
		same(t, "reconnect", map[int]any{}, f.member("reconnect"))
		_, path := f.thread("ties")
		f.get(lapsed, path).failure(401, "UNAUTHENTICATED").is(t, "401", "reconnect", true)
		f.Workspace("").Key(auth.AppHandoff, auth.Outsider).SetAccess(auth.Access{Outsider: true, Reconnect: true})
		f.get(outsider, path).failure(401, "UNAUTHENTICATED").is(t, "401", "reconnect", true)
	},
	"AH-ERR-14 D20 D28 each key has its own limit, as configured": func(t *testing.T, _ *fake) {
		f := start(t, limited)
		f.freeze()
		_, path := f.thread("ties")
		for range 3 {
			f.get(member, path).want(200)
		}
		f.get(member, path).failure(429, "RATE_LIMITED").is(t, "429", "retryAfter", 60.0)
		f.get(outsider, path).failure(403, "FORBIDDEN")
		f.call(listCall, readWrite).want(200)
		f.advance(time.Minute)
		f.get(member, path).want(200)
	},
	"the InboxOps dialects are not AppHandoff's": func(t *testing.T, f *fake) {
		_, path := f.thread("ties")
		keys := func(a *answer) []string { var o object; a.decode(&o); return o.keys() }
		same(t, "members", keys(f.get("", path)), keys(f.get("", path, "Prefer: error-format=sample")))
		same(t, "members", true, slices.Equal([]string{"code", "error"}, keys(f.get("", path))))
	},
}
