package defect

import (
	"net/http"
	"slices"
	"strings"
)

// The clauses added to the group of keys.
const (
	prefix   = "IO-AUTH-21"
	exact    = "IO-AUTH-22"
	headToo  = "IO-AUTH-23"
	readOnly = "IO-AUTH-24"
)

func (x *exchange) key() string { return x.r.Header.Get("Authorization") }

func noKey(x *exchange) bool   { return x.key() == "" }
func reading(x *exchange) bool { return x.op == list || x.op == timeline }

// keyed matches a request whose Authorization passes.
func keyed(pass func(header string) bool) when {
	return func(x *exchange) bool { return x.key() != "" && pass(x.key()) }
}

// letIn repeats a request that is refused for its key, with keys that were let
// in before.
func letIn(w when, statuses ...int) step {
	if statuses == nil {
		statuses = []int{http.StatusUnauthorized}
	}
	return refused(w, borrowed, statuses...)
}

// borrowed replaces the answer by that to one of the keys that were let in
// before.
func borrowed(x *exchange, p *reply) {
	own := x.key()
	for _, key := range slices.Clone(x.m.good) {
		if x.r.Header.Set("Authorization", key); strings.Contains(key, "ah_k_") == (x.op == thread) {
			if again := x.send(); again.status != p.status {
				*p, x.borrowed = *again, true
				break
			}
		}
	}
	x.r.Header.Del("Authorization")
	if own != "" {
		x.r.Header.Set("Authorization", own)
	}
}

// ofRevoked matches a key of InboxOps; if it is refused, it is the revoked one.
var ofRevoked = keyed(func(h string) bool { return strings.HasPrefix(h, "Bearer ixk_") })

// spelled matches a key that was let in before, written differently.
func spelled(like func(good, given string) bool) when {
	return func(x *exchange) bool {
		return slices.ContainsFunc(x.m.good, func(good string) bool { return good != x.key() && like(good, x.key()) })
	}
}

func token(header string) string {
	_, t, _ := strings.Cut(header, " ")
	return t
}

// keys breaks authentication and access.
func keys() []Defect {
	unknown := keyed(func(h string) bool { return strings.HasPrefix(h, "Bearer ") && len(token(h)) > 0 })
	basic := keyed(func(h string) bool { return strings.HasPrefix(h, "Basic ") })
	bare := keyed(func(h string) bool { return strings.TrimSpace(h) == "Bearer" })
	inQuery := func(x *exchange) bool { return strings.Contains(x.r.URL.RawQuery, "ixk_") }
	scope := func(x *exchange) bool { return x.op == post && slices.Contains(x.m.good, x.key()) }
	unentitled := not(scope)
	var all []Defect
	for _, o := range []struct{ op, words, none, revoked, unentitled string }{
		{list, "the list", "IO-AUTH-02", "IO-AUTH-04", "IO-AUTH-11"},
		{timeline, "timelines", "IO-AUTH-07", "IO-AUTH-08", "IO-AUTH-12"},
		{post, "notes", "IO-AUTH-09", "IO-AUTH-10", "IO-AUTH-13"},
	} {
		op := on(o.op)
		all = append(all,
			always(o.none, o.words+" need no key", letIn(and(op, noKey))),
			always(o.none, o.words+" are 403 without a key", refused(and(op, noKey), becomes(403), 401)),
			always(o.revoked, "a revoked key is good for "+o.words, letIn(and(op, ofRevoked))),
			sometimes(o.revoked, "a revoked key is 403 for "+o.words, refused(and(op, ofRevoked), becomes(403), 401)),
			always(o.unentitled, o.words+" need no entitlement", letIn(and(op, unentitled), 403)),
			sometimes(o.unentitled, "without entitlement "+o.words+" are 404", refused(and(op, unentitled), becomes(404), 403)),
			sometimes(o.unentitled, "without entitlement "+o.words+" are 401", refused(and(op, unentitled), becomes(401), 403)))
	}
	return append(all, []Defect{
		sometimes("IO-AUTH-01", "good keys are refused on later pages", answers(and(inbox, late), 401)),
		sometimes("IO-AUTH-01", "good keys are refused where types are asked for", answers(and(inbox, has("types")), 401)),
		always("IO-AUTH-03", "an unknown key is let in", letIn(and(inbox, unknown))),
		sometimes("IO-AUTH-03", "an unknown key reads timelines", letIn(and(on(timeline), unknown))),
		sometimes("IO-AUTH-03", "a key of AppHandoff is let in", letIn(and(inbox, goodFor("ah_k_")))),
		sometimes("IO-AUTH-03", "an unknown key is 403", refused(and(inbox, unknown), becomes(403), 401)),
		always("IO-AUTH-05", "Basic is let in", letIn(and(inbox, basic))),
		sometimes("IO-AUTH-05", "Basic is let in to timelines", letIn(and(on(timeline), basic))),
		always("IO-AUTH-06", "Bearer alone is let in", letIn(and(inbox, bare))),
		sometimes("IO-AUTH-06", "Bearer alone is 400", refused(and(inbox, bare), becomes(400), 401)),
		always("IO-AUTH-14", "a read-only key may not list", answers(readOnlyKey(on(list)), 403)),
		always("IO-AUTH-15", "a read-only key may not read timelines", answers(readOnlyKey(on(timeline)), 403)),
		always("IO-AUTH-16", "a read-only key writes", letIn(scope, 403)),
		sometimes("IO-AUTH-16", "a read-only key writes by number", letIn(and(scope, byNumber), 403)),
		sometimes("IO-AUTH-16", "a read-only key is 401 when it writes", refused(scope, becomes(401), 403)),
		sometimes(readOnly, "the second write of a read-only key is taken", secondWrite(scope)),
		always("IO-AUTH-17", "the missing entitlement has another code", refused(and(reading, unentitled), coded("insufficient_scope"), 403)),
		always("IO-AUTH-18", "the missing scope is forbidden by code", refused(scope, coded("forbidden"), 403)),
		always("IO-AUTH-19", "401 has another code", refused(inbox, coded("unauthenticated"), 401)),
		sometimes("IO-AUTH-19", "401 has another code without a header", refused(and(inbox, noKey), coded("missing_key"), 401)),
		always("IO-AUTH-20", "the key may stand in the query", letIn(and(inbox, noKey, inQuery))),
		always(prefix, "a key without ixk_ is let in", letIn(and(inbox, spelled(func(good, given string) bool {
			return strings.TrimPrefix(token(good), "ixk_") == token(given)
		})))),
		always(exact, "keys are compared without case", letIn(spelled(strings.EqualFold))),
		sometimes(exact, "a key without its last character is let in", letIn(spelled(func(good, given string) bool { return good[:len(good)-1] == given }))),
		sometimes(exact, "a key in capitals reads timelines", letIn(and(on(timeline), spelled(strings.EqualFold)))),
		always(headToo, "HEAD needs no key", letIn(and(inbox, head, noKey))),
		sometimes(headToo, "HEAD takes revoked keys", letIn(and(inbox, head, ofRevoked))),
		sometimes(headToo, "HEAD needs no entitlement", letIn(and(inbox, head), 403)),
		sometimes(headToo, "HEAD of timelines needs no key", letIn(and(on(timeline), head, noKey))),
	}...)
}

// goodFor matches a key that the service with the prefix let in before.
func goodFor(prefix string) when {
	return keyed(func(h string) bool { return strings.HasPrefix(token(h), prefix) })
}

// readOnlyKey matches a key that may read but not write. It finds out with a
// write that would be refused anyway.
func readOnlyKey(w when) when {
	return func(x *exchange) bool {
		if !w(x) || !x.send().ok() {
			return false
		}
		r := x.r.Clone(x.r.Context())
		r.Method = http.MethodPost
		r.URL.Path, r.URL.RawQuery = "/api/v1/tickets/00000000-0000-4000-8000-000000000000/messages", ""
		r.Header.Set("Content-Type", "application/json")
		return (&exchange{next: x.next, m: x.m, r: r, body: []byte(`{"type":"email"}`)}).send().status == http.StatusForbidden
	}
}

// secondWrite lets a refused key write once it has been refused.
func secondWrite(w when) step {
	let := letIn(w, http.StatusForbidden)
	return func(x *exchange) *reply {
		if !w(x) {
			return x.send()
		}
		if x.m.refused[x.key()] {
			return let(x)
		}
		p := x.send()
		x.m.refused[x.key()] = p.status == http.StatusForbidden
		return p
	}
}
