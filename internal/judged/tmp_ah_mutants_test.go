package judged_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The keys of AppHandoff, as Authorization headers.
const (
	ahMember    = "Bearer ah_k_test_member"
	ahOutsider  = "Bearer ah_k_test_outsider"
	ahReconnect = "Bearer ah_k_test_reconnect"
)

const ahProjects = "/api/projects/"

func ahAuth(r *http.Request) string { return r.Header.Get("Authorization") }

// ahParams is a query; no parameter of AppHandoff may be there twice.
type ahParams map[string]string

func (p ahParams) has(name string) bool { _, ok := p[name]; return ok }

func (p ahParams) get(name string) string { return p[name] }

func (p ahParams) set(name, value string) ahParams {
	q := ahParams{}
	maps.Copy(q, p)
	q[name] = value
	return q
}

func (p ahParams) drop(names ...string) ahParams {
	q := ahParams{}
	for name, value := range p {
		if !slices.Contains(names, name) {
			q[name] = value
		}
	}
	return q
}

func ahParse(raw string) ahParams {
	p := ahParams{}
	values, _ := url.ParseQuery(raw)
	for name := range values {
		p[name] = values.Get(name)
	}
	return p
}

// ahCall asks the fake on behalf of a request.
type ahCall struct {
	h http.Handler
	r *http.Request
}

// ahAnswer is what the judge sees.
type ahAnswer struct {
	status int
	header http.Header
	body   map[string]any
	raw    []byte // sent instead of body when not nil
}

func (l ahCall) ask(p ahParams) ahAnswer {
	q := url.Values{}
	for name, value := range p {
		q.Set(name, value)
	}
	r := l.r.Clone(l.r.Context())
	r.URL.RawQuery = q.Encode()
	w := httptest.NewRecorder()
	l.h.ServeHTTP(w, r)
	a := ahAnswer{status: w.Code, header: w.Header()}
	_ = json.Unmarshal(w.Body.Bytes(), &a.body)
	return a
}

// onThreads makes a mutant's wrapper of a defect of the AppHandoff operation.
func ahThreads(defect func(l ahCall, p ahParams) ahAnswer) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, ahProjects) {
				h.ServeHTTP(w, r)
				return
			}
			a := defect(ahCall{h, r}, ahParse(r.URL.RawQuery))
			maps.Copy(w.Header(), a.header)
			body := a.raw
			if body == nil {
				body, _ = json.Marshal(a.body)
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.WriteHeader(a.status)
			w.Write(body)
		})
	}
}

// onTalk is onThreads for answers with messages, as a change of the list.
func ahLists(change func(l ahCall, p ahParams, rows []any) []any) func(http.Handler) http.Handler {
	return ahThreads(func(l ahCall, p ahParams) ahAnswer {
		a := l.ask(p)
		if rows, ok := a.body["messages"].([]any); ok {
			a.body["messages"] = change(l, p, rows)
		}
		return a
	})
}

// onLines is onTalk for each message by itself, changed where when is true.
func ahLines(ahWhen, change func(m map[string]any)) func(http.Handler) http.Handler {
	return ahLists(func(_ ahCall, _ ahParams, rows []any) []any {
		for _, row := range rows {
			m := row.(map[string]any)
			if ahWhen != nil {
				ahWhen(m)
			}
			change(m)
		}
		return rows
	})
}

// onOneLine changes the messages whose body holds a sentence that occurs now and then.
func ahOneLine(change func(m map[string]any)) func(http.Handler) http.Handler {
	return ahLines(nil, func(m map[string]any) {
		if body, _ := m["body"].(string); strings.Contains(body, "Blocked: I can't run the migration") {
			change(m)
		}
	})
}

// said lists all messages that p finds, whatever its limit.
func (l ahCall) said(p ahParams) []any {
	var all []any
	seen := map[any]bool{}
	for {
		rows, _ := l.ask(p.set("limit", "200")).body["messages"].([]any)
		fresh := 0
		for _, row := range rows {
			if id := row.(map[string]any)["id"]; !seen[id] {
				seen[id] = true
				fresh++
				all = append(all, row)
			}
		}
		if len(rows) < 200 || fresh == 0 {
			return all
		}
		p = p.set("since", ahStamp(rows[len(rows)-1]))
	}
}

func ahStamp(row any) string {
	stamp, _ := row.(map[string]any)["created_at"].(string)
	return stamp
}

// found is an answer with the rows, cut as p asks.
func (l ahCall) found(p ahParams, rows []any) ahAnswer {
	n := 50
	if limit, err := strconv.Atoi(p.get("limit")); err == nil {
		n = min(limit, 200)
	}
	return ahTalk(rows[:min(n, len(rows))])
}

func ahTalk(rows []any) ahAnswer {
	if rows == nil {
		rows = []any{}
	}
	return ahAnswer{status: http.StatusOK, header: ahJSON(), body: map[string]any{"messages": rows}}
}

func ahJSON() http.Header { return http.Header{"Content-Type": {"application/json"}} }

// refusal is an error of AppHandoff.
func ahRefusal(status int, body map[string]any) ahAnswer {
	return ahAnswer{status: status, header: ahJSON(), body: body}
}

func ahStumbles() ahAnswer {
	return ahRefusal(http.StatusInternalServerError, map[string]any{"error": "oops"})
}

// when asks p as the fake does unless the condition holds.
func ahWhen(condition func(l ahCall, p ahParams) bool, otherwise func(l ahCall, p ahParams) ahAnswer) func(ahCall, ahParams) ahAnswer {
	return func(l ahCall, p ahParams) ahAnswer {
		if condition(l, p) {
			return otherwise(l, p)
		}
		return l.ask(p)
	}
}

func ahHas(name, value string) func(ahCall, ahParams) bool {
	return func(_ ahCall, p ahParams) bool { return p.has(name) && p.get(name) == value }
}

func ahAbove(n int) func(ahCall, ahParams) bool {
	return func(_ ahCall, p ahParams) bool {
		limit, err := strconv.Atoi(p.get("limit"))
		return err == nil && limit > n
	}
}

func ahWithout(names ...string) func(ahCall, ahParams) ahAnswer {
	return func(l ahCall, p ahParams) ahAnswer { return l.ask(p.drop(names...)) }
}

// earlier moves since back so that it takes in its own instant.
func ahEarlier(p ahParams) ahParams {
	at, err := time.Parse(time.RFC3339Nano, p.get("since"))
	if err != nil {
		return p
	}
	return p.set("since", at.Add(-time.Millisecond).UTC().Format(time.RFC3339Nano))
}

func ahReversed(rows []any) []any {
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	return rows
}

// handoffError changes the error bodies of a status.
func ahError(status int, change func(l ahCall, a *ahAnswer)) func(http.Handler) http.Handler {
	return ahThreads(func(l ahCall, p ahParams) ahAnswer {
		a := l.ask(p)
		if a.status == status && a.body != nil {
			change(l, &a)
		}
		return a
	})
}

func ahErrorMember(status int, name string, value any) func(http.Handler) http.Handler {
	return ahError(status, func(_ ahCall, a *ahAnswer) { a.body[name] = value })
}

// handoffLets sends requests that meet the condition with the member's key.
func ahLets(condition func(r *http.Request) bool) func(http.Handler) http.Handler {
	return ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if condition(l.r) {
			l.r.Header.Set("Authorization", ahMember)
		}
		return l.ask(p)
	})
}

// pathOf are the project and the ticket of a request.
func ahPath(r *http.Request) (project, ticket string) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, ahProjects), "/")
	if len(parts) < 3 {
		return "", ""
	}
	return parts[0], parts[2]
}

const ahNobody = "00000000-0000-4000-8000-00000000dead" // the id the judge takes for unknown

// atHome answers for a ticket through whatever project: it remembers where
// each ticket was found.
func ahAtHome() func(http.Handler) http.Handler {
	home := map[string]string{}
	return ahThreads(func(l ahCall, p ahParams) ahAnswer {
		project, ticket := ahPath(l.r)
		a := l.ask(p)
		switch {
		case a.status == http.StatusOK:
			home[ticket] = project
		case a.status == http.StatusNotFound && home[ticket] != "" && slices.Contains(slices.Collect(maps.Values(home)), project):
			l.r.URL.Path = strings.Replace(l.r.URL.Path, project, home[ticket], 1)
			return l.ask(p)
		}
		return a
	})
}

// intruder shows a message of the first ticket that was asked for in the others too.
func ahIntruder() func(http.Handler) http.Handler {
	var first any
	var owner string
	return ahLists(func(l ahCall, p ahParams, rows []any) []any {
		_, ticket := ahPath(l.r)
		if first == nil && len(rows) > 0 {
			owner, first = ticket, rows[0]
		}
		if ticket == owner || len(rows)%50 == 0 || p.has("limit") && p.get("limit") != "200" || p.has("since") || p.has("task_id") {
			return rows
		}
		copied := maps.Clone(first.(map[string]any))
		copied["created_at"] = ahStamp(rows[0])
		return append([]any{copied}, rows...)
	})
}

// loose are messages without a task.
func ahLoose(row any) bool { return row.(map[string]any)["task_id"] == nil }

// subtleHandoffMutants are further defects of AppHandoff.
var subtleHandoffMutants = []mutant{
	{"AppHandoff refuses the ticket's own member", "AH-LIST-MSG-01", ahThreads(ahWhen(func(l ahCall, p ahParams) bool {
		return len(p) == 0 && ahAuth(l.r) == ahMember && !strings.Contains(string(ahRaw(l.ask(p))), `"messages":[]`) && l.ask(p).status == http.StatusOK && len(l.said(p)) == 8
	}, func(ahCall, ahParams) ahAnswer { return ahRefusal(http.StatusForbidden, map[string]any{"error": "no"}) }))},
	{"AppHandoff answers in text/json", "AH-LIST-MSG-01", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		a := l.ask(p)
		if a.status == http.StatusOK {
			a.header.Set("Content-Type", "text/json")
		}
		return a
	})},
	{"messages are under data", "AH-LIST-MSG-02", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		a := l.ask(p)
		if a.status == http.StatusOK && len(p) == 0 {
			a.body = map[string]any{"data": a.body["messages"]}
		}
		return a
	})},
	{"the newest message comes first", "AH-LIST-MSG-03", ahLists(func(_ ahCall, _ ahParams, rows []any) []any { return ahReversed(rows) })},
	{"two neighbours of a thread are swapped", "AH-LIST-MSG-03", ahLists(func(_ ahCall, p ahParams, rows []any) []any {
		if p.get("limit") == "200" && len(rows) == 36 {
			rows[20], rows[21] = rows[21], rows[20]
		}
		return rows
	})},
	{"the default limit is 100", "AH-LIST-MSG-04", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if p.has("limit") {
			return l.ask(p)
		}
		return l.ask(p.set("limit", "100"))
	})},
	{"the default limit is 20", "AH-LIST-MSG-04", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if p.has("limit") {
			return l.ask(p)
		}
		return l.ask(p.set("limit", "20"))
	})},
	{"limit is ignored and everything comes", "AH-LIST-MSG-04 AH-LIST-MSG-05 AH-LIST-MSG-07", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if a := l.ask(p); a.status != http.StatusOK {
			return a
		}
		return ahTalk(l.said(p))
	})},
	{"limit is ignored and 50 come", "AH-LIST-MSG-05 AH-LIST-MSG-06", ahThreads(ahWithout("limit"))},
	{"limit is one too many", "AH-LIST-MSG-05", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if n, err := strconv.Atoi(p.get("limit")); err == nil && 0 < n && n < 200 {
			return l.ask(p.set("limit", strconv.Itoa(n+1)))
		}
		return l.ask(p)
	})},
	{"limit=200 is refused", "AH-LIST-MSG-06", ahThreads(ahWhen(ahHas("limit", "200"), func(l ahCall, p ahParams) ahAnswer {
		return l.ask(p.set("limit", "-1"))
	}))},
	{"the maximum is 100", "AH-LIST-MSG-06", ahThreads(ahWhen(ahAbove(100), func(l ahCall, p ahParams) ahAnswer { return l.ask(p.set("limit", "100")) }))},
	{"a limit above 200 gives 230 rows", "AH-LIST-MSG-07", ahThreads(ahWhen(ahAbove(200), func(l ahCall, p ahParams) ahAnswer { return ahTalk(l.said(p)) }))},
	{"a limit above 200 breaks", "AH-LIST-MSG-07", ahThreads(ahWhen(ahAbove(200), func(ahCall, ahParams) ahAnswer { return ahStumbles() }))},
	{"limit=0 breaks", "AH-LIST-MSG-08", ahThreads(ahWhen(ahHas("limit", "0"), func(ahCall, ahParams) ahAnswer { return ahStumbles() }))},
	{"a limit that is text breaks", "AH-LIST-MSG-08", ahThreads(ahWhen(ahHas("limit", "abc"), func(ahCall, ahParams) ahAnswer { return ahStumbles() }))},
	{"the order is lost when limit cuts", "AH-LIST-MSG-09", ahLists(func(_ ahCall, p ahParams, rows []any) []any {
		if !p.has("since") && (strconv.Itoa(len(rows)) == p.get("limit") || !p.has("limit") && len(rows) == 50) {
			return ahReversed(rows)
		}
		return rows
	})},
	{"since is ignored", "AH-LIST-MSG-10 AH-LIST-MSG-13", ahThreads(ahWithout("since"))},
	{"since counts whole minutes", "AH-LIST-MSG-10 AH-LIST-MSG-12 AH-LIST-MSG-23", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if at, err := time.Parse(time.RFC3339Nano, p.get("since")); err == nil {
			return l.ask(p.set("since", at.Truncate(time.Minute).UTC().Format(time.RFC3339)))
		}
		return l.ask(p)
	})},
	{"since finds nothing", "AH-LIST-MSG-11", ahLists(func(_ ahCall, p ahParams, rows []any) []any {
		if _, err := time.Parse(time.RFC3339Nano, p.get("since")); err == nil {
			return []any{}
		}
		return rows
	})},
	{"limit cuts before since filters", "AH-LIST-MSG-11", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		a, plain := l.ask(p), l.ask(p.drop("since", "limit"))
		if rows, ok := plain.body["messages"].([]any); ok && a.status == http.StatusOK && p.has("since") && p.get("limit") == "200" {
			at, _ := time.Parse(time.RFC3339Nano, p.get("since"))
			plain.body["messages"] = slices.DeleteFunc(rows, func(row any) bool {
				created, _ := time.Parse(time.RFC3339Nano, ahStamp(row))
				return !created.After(at)
			})
			return plain
		}
		return a
	})},
	{"since takes in its own instant", "AH-LIST-MSG-12 AH-LIST-MSG-23", ahThreads(func(l ahCall, p ahParams) ahAnswer { return l.ask(ahEarlier(p)) })},
	{"the newest message comes even when since is in the future", "AH-LIST-MSG-13", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		a := l.ask(p)
		if rows, ok := a.body["messages"].([]any); ok && len(rows) == 0 && len(p) == 1 && strings.HasSuffix(p.get("since"), "T00:00:00Z") {
			if all := l.said(nil); len(all) > 0 {
				return ahTalk(all[len(all)-1:])
			}
		}
		return a
	})},
	{"since is compared as text", "AH-LIST-MSG-14", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if a := l.ask(p); a.status != http.StatusOK || !p.has("since") {
			return a
		}
		rows := slices.DeleteFunc(l.said(p.drop("since")), func(row any) bool { return ahStamp(row) <= p.get("since") })
		return l.found(p, rows)
	})},
	{"since with an offset is refused", "AH-LIST-MSG-14", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if since := p.get("since"); since != "" && !strings.HasSuffix(since, "Z") {
			return l.ask(p.set("since", "not-a-date"))
		}
		return l.ask(p)
	})},
	{"a malformed since breaks", "AH-LIST-MSG-15", ahThreads(ahWhen(ahHas("since", "not-a-date"), func(ahCall, ahParams) ahAnswer { return ahStumbles() }))},
	{"a malformed since finds nothing", "AH-LIST-MSG-15", ahThreads(ahWhen(ahHas("since", "2025-99-99T99:99:99Z"), func(ahCall, ahParams) ahAnswer { return ahTalk(nil) }))},
	{
		"task_id is ignored", "AH-LIST-MSG-16 AH-LIST-MSG-17 AH-LIST-MSG-18 AH-LIST-MSG-19 AH-MSG-08",
		ahThreads(ahWithout("task_id")),
	},
	{"task_id finds nothing", "AH-LIST-MSG-16", ahLists(func(_ ahCall, p ahParams, rows []any) []any {
		if p.has("task_id") {
			return []any{}
		}
		return rows
	})},
	{"task_id lets one message of another task through", "AH-LIST-MSG-16 AH-MSG-08", ahLists(func(l ahCall, p ahParams, rows []any) []any {
		if !p.has("task_id") || p.has("since") || len(rows) == 0 {
			return rows
		}
		for _, row := range l.said(nil) {
			if task, _ := row.(map[string]any)["task_id"].(string); task != "" && task != p.get("task_id") {
				rows = append(rows, row)
				break
			}
		}
		return ahSorted(rows)
	})},
	{"messages without a task come under every task_id", "AH-LIST-MSG-17", ahLists(func(l ahCall, p ahParams, rows []any) []any {
		if !p.has("task_id") || p.has("since") || len(rows) == 0 {
			return rows
		}
		for _, row := range l.said(nil) {
			if ahLoose(row) {
				rows = append(rows, row)
			}
		}
		return ahSorted(rows)
	})},
	{"an unknown task_id finds everything", "AH-LIST-MSG-18", ahThreads(ahWhen(ahHas("task_id", ahNobody), ahWithout("task_id")))},
	{"a malformed task_id finds everything", "AH-LIST-MSG-19", ahThreads(ahWhen(ahHas("task_id", "123"), ahWithout("task_id")))},
	{"a malformed task_id breaks", "AH-LIST-MSG-19", ahThreads(ahWhen(ahHas("task_id", "not-a-uuid"), func(ahCall, ahParams) ahAnswer { return ahStumbles() }))},
	{"task_id and since combine with OR", "AH-LIST-MSG-20", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if a := l.ask(p); a.status != http.StatusOK || !p.has("task_id") || !p.has("since") || p.get("limit") != "200" {
			return a
		}
		in := map[any]bool{}
		for _, one := range append(l.said(p.drop("task_id")), l.said(p.drop("since"))...) {
			in[one.(map[string]any)["id"]] = true
		}
		return ahTalk(slices.DeleteFunc(l.said(nil), func(row any) bool { return !in[row.(map[string]any)["id"]] }))
	})},
	{"since is ignored beside task_id", "AH-LIST-MSG-20", ahThreads(ahWhen(func(_ ahCall, p ahParams) bool {
		return p.has("task_id")
	}, ahWithout("since")))},
	{"since is ignored beside task_id and a small limit", "AH-LIST-MSG-21", ahThreads(ahWhen(func(_ ahCall, p ahParams) bool {
		return p.has("task_id") && !ahAbove(199)(ahCall{}, p)
	}, ahWithout("since")))},
	{"limit cuts before task_id and since filter", "AH-LIST-MSG-21", ahLists(func(l ahCall, p ahParams, rows []any) []any {
		n, _ := strconv.Atoi(p.get("limit"))
		if p.has("task_id") && p.has("since") && len(rows) > n/2 {
			return rows[:n/2]
		}
		return rows
	})},
	{"messages without a task come never", "AH-LIST-MSG-22", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		a := l.ask(p)
		if a.status != http.StatusOK {
			return a
		}
		return l.found(p, slices.DeleteFunc(l.said(p), ahLoose))
	})},
	{"messages of a task come only under its task_id", "AH-LIST-MSG-22", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		a := l.ask(p)
		if a.status != http.StatusOK || p.has("task_id") {
			return a
		}
		return l.found(p, slices.DeleteFunc(l.said(p), func(row any) bool { return !ahLoose(row) }))
	})},
	{"polls take in the last message again", "AH-LIST-MSG-23", ahThreads(ahWhen(func(_ ahCall, p ahParams) bool {
		return p.has("limit") && !ahAbove(20)(ahCall{}, p)
	}, func(l ahCall, p ahParams) ahAnswer { return l.ask(ahEarlier(p)) }))},
	{"a ticket without messages is not found", "AH-LIST-MSG-24", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if a := l.ask(p); a.status != http.StatusOK || len(l.said(nil)) > 0 {
			return a
		}
		return ahRefusal(http.StatusNotFound, map[string]any{"error": "No messages."})
	})},
	{"an empty list is null", "AH-LIST-MSG-02 AH-LIST-MSG-13 AH-LIST-MSG-24", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		a := l.ask(p)
		if rows, ok := a.body["messages"].([]any); ok && len(rows) == 0 && !p.has("task_id") {
			a.body["messages"] = nil
		}
		return a
	})},
	{"a message shows in two tickets", "AH-LIST-MSG-25", ahIntruder()},
	{"a message has no id", "AH-MSG-01", ahOneLine(func(m map[string]any) { delete(m, "id") })},
	{"a message's id is no UUID", "AH-MSG-01", ahOneLine(func(m map[string]any) { m["id"] = "msg_" + fmt.Sprint(m["id"]) })},
	{"a robot wrote a message", "AH-MSG-02", ahOneLine(func(m map[string]any) { m["author_type"] = "robot" })},
	{"a message has no author_type", "AH-MSG-02", ahOneLine(func(m map[string]any) { delete(m, "author_type") })},
	{"an author_id is a number", "AH-MSG-03", ahOneLine(func(m map[string]any) { m["author_id"] = 42 })},
	{"a body is null", "AH-MSG-04", ahOneBody(nil)},
	{"a task_id is no UUID", "AH-MSG-05", ahLines(nil, func(m map[string]any) {
		if ahLoose(m) {
			m["task_id"] = "none"
		}
	})},
	{"a body_format is html", "AH-MSG-06", ahOneLine(func(m map[string]any) { m["body_format"] = "html" })},
	{"a created_at is no date of the calendar", "AH-MSG-07", ahOneLine(func(m map[string]any) { m["created_at"] = "2025-02-30T10:00:00.000Z" })},
	{"a created_at has no offset", "AH-MSG-07", ahOneLine(func(m map[string]any) {
		m["created_at"] = strings.TrimSuffix(fmt.Sprint(m["created_at"]), "Z")
	})},
	{"messages show another task than was asked for", "AH-MSG-08", ahLists(func(_ ahCall, p ahParams, rows []any) []any {
		if p.has("task_id") {
			for _, row := range rows {
				row.(map[string]any)["task_id"] = ahNobody
			}
		}
		return rows
	})},
	{"AppHandoff serves anybody", "AH-ERR-01", ahLets(func(r *http.Request) bool { return ahAuth(r) == "" })},
	{"AppHandoff serves whatever looks like a key", "AH-ERR-02", ahLets(func(r *http.Request) bool {
		return strings.HasPrefix(ahAuth(r), "Bearer ah_k_mockdesk")
	})},
	{"AppHandoff takes the key under Basic", "AH-ERR-02", ahLets(func(r *http.Request) bool { return strings.HasPrefix(ahAuth(r), "Basic ") })},
	{"AppHandoff takes a key with something behind it", "AH-ERR-02", ahLets(func(r *http.Request) bool {
		return strings.HasPrefix(ahAuth(r), ahMember+".")
	})},
	{"AppHandoff takes a revoked key", "AH-ERR-02", ahLets(func(r *http.Request) bool { return ahAuth(r) == "Bearer ah_k_test_revoked" })},
	{"an outsider is served", "AH-ERR-03", ahLets(func(r *http.Request) bool { return ahAuth(r) == ahOutsider })},
	{"an outsider gets an empty list", "AH-ERR-03", ahThreads(ahWhen(func(l ahCall, _ ahParams) bool {
		return ahAuth(l.r) == ahOutsider
	}, func(ahCall, ahParams) ahAnswer { return ahTalk(nil) }))},
	{"an inaccessible project looks empty", "AH-ERR-03", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		if a := l.ask(p); a.status != http.StatusForbidden || ahAuth(l.r) != ahMember {
			return a
		}
		return ahTalk(nil)
	})},
	{"an unknown ticket is empty", "AH-ERR-04", ahThreads(func(l ahCall, p ahParams) ahAnswer {
		project, ticket := ahPath(l.r)
		if a := l.ask(p); a.status != http.StatusNotFound || len(project) != 36 || project == ahNobody || len(ticket) != 36 {
			return a
		}
		return ahTalk(nil)
	})},
	{"an unknown project is empty", "AH-ERR-05", ahThreads(ahWhen(func(l ahCall, _ ahParams) bool {
		project, _ := ahPath(l.r)
		return project == ahNobody
	}, func(ahCall, ahParams) ahAnswer { return ahTalk(nil) }))},
	{"a ticket is served through another project", "AH-ERR-06", ahAtHome()},
	{"a ticket id that is no UUID breaks", "AH-ERR-07", ahThreads(ahWhen(func(l ahCall, _ ahParams) bool {
		_, ticket := ahPath(l.r)
		return ticket == "not-a-uuid"
	}, func(ahCall, ahParams) ahAnswer { return ahStumbles() }))},
	{"a project id that is no UUID is empty", "AH-ERR-07", ahThreads(ahWhen(func(l ahCall, _ ahParams) bool {
		project, _ := ahPath(l.r)
		return project == "123"
	}, func(ahCall, ahParams) ahAnswer { return ahTalk(nil) }))},
	{"an error is an object", "AH-ERR-08", ahErrorMember(http.StatusNotFound, "error", map[string]any{"message": "Not found"})},
	{"errors are problem details", "AH-ERR-08", ahError(http.StatusUnauthorized, func(_ ahCall, a *ahAnswer) {
		a.header.Set("Content-Type", "application/problem+json")
	})},
	{"an error is plain text", "AH-ERR-08", ahError(http.StatusForbidden, func(_ ahCall, a *ahAnswer) { a.raw = []byte("Forbidden") })},
	{"a code is a number", "AH-ERR-09", ahErrorMember(http.StatusForbidden, "code", 403)},
	{"fieldErrors is an array", "AH-ERR-10", ahErrorMember(http.StatusBadRequest, "fieldErrors", []any{"limit"})},
	{"the values of fieldErrors are arrays", "AH-ERR-10", ahErrorMember(http.StatusBadRequest, "fieldErrors", map[string]any{"limit": []any{"bad"}})},
	{"the path of an issue is an array", "AH-ERR-11", ahErrorMember(http.StatusBadRequest, "issues", []any{
		map[string]any{"path": []any{"limit"}, "message": "bad"},
	})},
	{"an issue has no message", "AH-ERR-11", ahErrorMember(http.StatusBadRequest, "issues", []any{map[string]any{"path": "limit"}})},
	{"the retryAfter of AppHandoff is text", "AH-ERR-12", ahErrorMember(http.StatusTooManyRequests, "retryAfter", "30")},
	{"reconnect is text", "AH-ERR-13", ahError(http.StatusUnauthorized, func(l ahCall, a *ahAnswer) {
		if ahAuth(l.r) == ahReconnect {
			a.body["reconnect"] = "true"
		}
	})},
	{"reconnect comes with a 403", "AH-ERR-13", ahErrorMember(http.StatusForbidden, "reconnect", true)},
	{"the 429 of AppHandoff has no retryAfter", "AH-ERR-14", ahError(http.StatusTooManyRequests, func(_ ahCall, a *ahAnswer) { delete(a.body, "retryAfter") })},
	{"a 400 has no error", "AH-ERR-15", ahError(http.StatusBadRequest, func(_ ahCall, a *ahAnswer) { delete(a.body, "error") })},
}

// onOneBody is onOneLine for the body itself.
func ahOneBody(value any) func(http.Handler) http.Handler {
	return ahOneLine(func(m map[string]any) { m["body"] = value })
}

// mustRaw is the body of an answer as text.
func ahRaw(a ahAnswer) []byte {
	text, _ := json.Marshal(a.body)
	return text
}

// sorted puts messages in order of created_at.
func ahSorted(rows []any) []any {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b any) int { return strings.Compare(ahStamp(a), ahStamp(b)) })
	return rows
}
