package defect

import (
	"net/http"
	"strconv"
	"strings"
)

// handoffErrors breaks the refusals of AppHandoff.
func handoffErrors() []Defect {
	here := on(thread)
	oddPath := func(x *exchange) bool {
		s := strings.FieldsFunc(x.r.URL.Path, func(r rune) bool { return r == '/' })
		return x.op == thread && (!uuids.MatchString(s[2]) || !uuids.MatchString(s[4]))
	}
	seenProject := func(x *exchange) bool { return x.m.projects[x.project] }
	empty := gives(http.StatusOK, object{"messages": []any{}})
	codes := []int{400, 401, 403, 404, 422, 429}
	return []Defect{
		always("AH-ERR-01", "without a token it is 403", refused(and(here, noKey), becomes(403), 401)),
		sometimes("AH-ERR-01", "without a token a limit lets in", letIn(and(here, noKey, has("limit")))),
		always("AH-ERR-02", "an unknown token is let in", letIn(and(here, not(noKey)))),
		sometimes("AH-ERR-02", "a key of InboxOps is let in", letIn(and(here, goodFor("ixk_")))),
		always("AH-ERR-02", "a malformed token is 400", refused(and(here, not(noKey)), becomes(400), 401)),
		always("AH-ERR-03", "who has no access reads", refused(and(here, not(oddPath)), empty, 403)),
		always("AH-ERR-04", "an unknown ticket has no messages", refused(and(here, not(oddPath), seenProject), empty, 404)),
		sometimes("AH-ERR-04", "an unknown ticket with a limit has no messages", refused(and(here, not(oddPath), seenProject, has("limit")), empty, 404)),
		always("AH-ERR-05", "an unknown project has no messages", refused(and(here, not(oddPath), not(seenProject)), empty, 403, 404)),
		sometimes("AH-ERR-06", "a ticket is served through any project", func(x *exchange) *reply {
			p := x.send()
			if x.op == thread && p.ok() && len(p.rows()) > 0 && len(x.m.ghosts[x.id()]) == 0 {
				x.m.ghosts[x.id()] = p.rows()
			}
			if rows := x.m.ghosts[x.id()]; x.op == thread && p.status == 404 && len(rows) > 0 {
				*p = *answer(http.StatusOK, object{"messages": rows})
			}
			return p
		}),
		always("AH-ERR-07", "malformed ids are an error", answers(oddPath, 500)),
		sometimes("AH-ERR-07", "malformed ids have no messages", refused(oddPath, empty, 400, 403, 404, 422)),
		always("AH-ERR-08", "errors are text", refused(here, func(_ *exchange, p *reply) {
			p.header.Set("Content-Type", "text/plain")
			p.body = []byte("no")
		}, codes...)),
		always("AH-ERR-08", "error is an object", refused(here, top(member("error", object{"text": "no"})), codes...)),
		sometimes("AH-ERR-08", "error is missing on 404", refused(here, top(unset("error")), 404)),
		sometimes("AH-ERR-08", "403 is problem+json", refused(here, media("application/problem+json"), 403)),
		always("AH-ERR-09", "code is a number", refused(here, top(member("code", 401)), 401, 404)),
		sometimes("AH-ERR-09", "code is a number on 403", refused(here, top(member("code", 403)), 403)),
		always("AH-ERR-10", "fieldErrors is a list", refused(here, top(member("fieldErrors", []any{"limit"})), 400, 404, 422)),
		sometimes("AH-ERR-10", "fieldErrors holds lists", refused(here, top(member("fieldErrors", object{"limit": []any{"too large"}})), 400, 404, 422)),
		always("AH-ERR-11", "issues is an object", refused(here, top(member("issues", object{})), 400, 404, 422)),
		sometimes("AH-ERR-11", "the path of issues is a list", refused(here, top(member("issues", []any{object{"path": []any{"limit"}, "message": "no"}})), 400, 404, 422)),
		sometimes("AH-ERR-11", "issues lack their message", refused(here, top(member("issues", []any{object{"path": "limit"}})), 400, 404, 422)),
		always("AH-ERR-12", "retryAfter is a text", refused(here, top(member("retryAfter", "60")), 401, 403, 404, 429)),
		always("AH-ERR-13", "reconnect comes with 404", refused(here, top(member("reconnect", true)), 404)),
		sometimes("AH-ERR-13", "reconnect comes with 403", refused(here, top(member("reconnect", false)), 403)),
		sometimes("AH-ERR-13", "reconnect is a text", refused(here, top(member("reconnect", "yes")), 401)),
		sometimes("AH-ERR-14", "429 has no retryAfter and no error", refused(here, func(_ *exchange, p *reply) { p.set(object{}) }, 429)),
		sometimes("AH-ERR-15", "a refused limit has no error", refused(and(here, has("limit")), func(_ *exchange, p *reply) { p.set(object{"message": "no"}) }, 400, 422)),
	}
}

// inbox matches a request to InboxOps.
func inbox(x *exchange) bool { return strings.HasPrefix(x.r.URL.Path, "/api/v1/") }

// errors breaks the refusals of InboxOps, whose dialect shows in the answer.
func errors() []Defect {
	isProblem := func(_ *exchange, p *reply) bool { return p.json()["type"] != nil }
	problem := func(edit func(object)) change { return where(isProblem, top(edit)) }
	sample := func(edit func(object)) change {
		return where(func(x *exchange, p *reply) bool { return !isProblem(x, p) }, top(edit))
	}
	codes := []int{400, 401, 403, 404, 429}
	all := []Defect{
		always("IO-ERR-01", "errors are text", refused(inbox, func(_ *exchange, p *reply) { p.body = []byte("no") }, codes...)),
		sometimes("IO-ERR-01", "401 has no body", refused(inbox, func(_ *exchange, p *reply) { p.body = nil }, 401)),
		sometimes("IO-ERR-01", "404 is HTML", refused(inbox, func(_ *exchange, p *reply) {
			p.header.Set("Content-Type", "text/html")
			p.body = []byte("<h1>404</h1>")
		}, 404)),
		sometimes("IO-ERR-01", "400 is a list", refused(inbox, func(_ *exchange, p *reply) { p.set([]any{p.json()}) }, 400)),
		sometimes("IO-ERR-03", "type ends in another word than code", refused(inbox, problem(member("type", "https://docs.inboxops.app/api/problems/other")), codes...)),
		sometimes("IO-ERR-03", "code is a number next to a type", refused(inbox, problem(member("code", 400)), 400)),
		sometimes("IO-ERR-04", "status in the body is 400 always", refused(inbox, problem(member("status", 400)), 401, 403, 404, 429)),
		sometimes("IO-ERR-04", "status in the body is a text", refused(inbox, problem(func(o object) { o["status"] = text(o["status"]) }), codes...)),
		sometimes("IO-ERR-05", "instance ends in another id", refused(inbox, problem(member("instance", "https://docs.inboxops.app/api/problems/instances/other")), codes...)),
		sometimes("IO-ERR-06", "message is an object in samples", refused(inbox, sample(member("message", object{})), codes...)),
		sometimes("IO-ERR-06", "error is missing in samples", refused(inbox, sample(unset("error")), codes...)),
		sometimes("IO-ERR-07", "details are a text in samples", refused(inbox, sample(member("details", "no")), 400)),
		sometimes("IO-ERR-08", "retryAfter is a text in samples", refused(inbox, sample(member("retryAfter", "soon")), 429)),
		sometimes("IO-ERR-09", "404 says 400 in samples", refused(inbox, sample(member("code", 400)), 404)),
	}
	for _, code := range codes {
		all = append(all, sometimes("IO-ERR-02", "problems are application/json on "+strconv.Itoa(code), refused(inbox, where(isProblem, media("application/json")), code)))
	}
	return all
}
