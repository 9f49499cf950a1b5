package judgetest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// variant is a fake that decides otherwise where the documentation is silent.
type variant struct {
	config mockserver.Config
	wrap   wrap
	passes int      // at least; the other clauses are skipped
	only   []string // the clauses to be judged; nil is all
}

// access are the clauses of keys, errors and limits.
var access = []string{"IO-AUTH-*", "IO-ERR-*", "IO-RATE-*"}

// otherwise sets a parameter that the request leaves out.
func otherwise(name, value string) listing {
	return given(func(p params) bool { return !p.has(name) }, setting(name, value))
}

// outside reports whether a number is there and not within the bounds.
func outside(text string, least, most int) bool {
	n, err := strconv.Atoi(text)
	return text != "" && (err != nil || n < least || n > most)
}

// strict refuses what the fake clamps or ignores.
func strict(l wire, p params) answer {
	wrong := outside(p.get("page"), 1, 1<<30) || outside(p.get("per_page"), 1, 100) ||
		p.has("sort") && !slices.Contains([]string{"created_at", "updated_at", "priority"}, p.get("sort")) ||
		p.has("order") && p.get("order") != "asc" && p.get("order") != "desc"
	if wrong {
		return refused(l, p)
	}
	return l.ask(p)
}

// easy clamps or ignores what the fake may refuse.
func easy(l wire, p params) answer {
	if outside(p.get("page"), 1, 1<<30) {
		p = p.drop("page")
	}
	if p.has("sort") && !slices.Contains([]string{"created_at", "updated_at", "priority"}, p.get("sort")) {
		p = p.drop("sort")
	}
	if p.has("order") && p.get("order") != "asc" && p.get("order") != "desc" {
		p = p.drop("order")
	}
	return l.ask(p)
}

// exclusive leaves the bounds of times out.
func exclusive(p params) params {
	for _, name := range []string{"created_after", "created_before", "updated_after", "updated_before"} {
		at, err := time.Parse(time.RFC3339Nano, p.get(name))
		if err != nil {
			continue
		}
		by := time.Millisecond
		if strings.HasSuffix(name, "before") {
			by = -by
		}
		p = p.set(name, at.Add(by).Format(time.RFC3339Nano))
	}
	return p
}

// sorted lists the tickets in an order of its own.
func sorted(by func(sort string, a, b map[string]any) int) listing {
	return func(l wire, p params) answer {
		a := l.ask(p)
		if a.status != http.StatusOK || !p.has("sort") {
			return a
		}
		rows := l.every(p)
		slices.SortStableFunc(rows, func(x, y map[string]any) int {
			n := by(p.get("sort"), x, y)
			if p.get("order") != "asc" {
				n = -n
			}
			return n
		})
		return l.cut(p, a, rows)
	}
}

func textOf(r map[string]any, name string) string { return fmt.Sprint(r[name]) }

// eachMember changes the members of all objects of all bodies.
func eachMember(change func(object map[string]any)) wrap {
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
			change(v)
		}
	}
	return judgetest.Change(nil, func(_ *http.Request, w *httptest.ResponseRecorder) {
		edit(w, func(body map[string]any) { walk(body) })
	})
}

var (
	uuids = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	zulus = regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"`)
)

// rewritten changes the text of the answers that succeed.
func rewritten(change func(string) string) wrap {
	return judgetest.Change(func(r *http.Request) {
		r.URL.Path = strings.ReplaceAll(strings.ToLower(r.URL.Path), "%20", " ")
	}, func(_ *http.Request, w *httptest.ResponseRecorder) {
		if w.Code == http.StatusOK {
			text := change(w.Body.String())
			w.Body.Reset()
			w.Body.WriteString(text)
		}
	})
}

// offset writes a time in another zone with more digits.
func offset(quoted string) string {
	at, _ := time.Parse(time.RFC3339Nano, strings.Trim(quoted, `"`))
	return `"` + at.In(time.FixedZone("", 7200)).Format("2006-01-02T15:04:05.000000-07:00") + `"`
}

// allOpen has no ticket that is not open.
func allOpen(l wire, p params) answer {
	switch status := p.get("status"); {
	case status == "open" || strings.HasPrefix(status, "open,"):
		p = p.drop("status")
	case slices.Contains([]string{"in_progress", "waiting", "resolved", "closed"}, status):
		p = p.drop("status").set("inbox_id", noOption)
	}
	a := l.ask(p)
	if a.status == http.StatusOK {
		for _, r := range a.rows() {
			r["status"] = "open"
		}
	}
	return a
}

// nothing has no tickets at all.
func nothing(fake http.Handler) http.Handler {
	empty := lists(func(l wire, p params) answer {
		return l.keep(p, func(map[string]any) bool { return false })
	})(fake)
	return judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if isMessages(r) && w.Code/100 == 2 {
			refuse(w, http.StatusNotFound)
		}
	})(empty)
}

// busy lets another client write between the requests of the judge.
func busy(fake http.Handler) http.Handler {
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n++; n%9 == 0 && isMessages(r) && r.Method == http.MethodGet {
			note := r.Clone(r.Context())
			note.Method, note.URL.RawQuery = http.MethodPost, ""
			note.Body = io.NopCloser(strings.NewReader(`{"type":"internal_note","body_text":"Called back."}`))
			note.Header.Set("Content-Type", "application/json")
			note.Header.Set("Authorization", main)
			fake.ServeHTTP(httptest.NewRecorder(), note)
		}
		fake.ServeHTTP(w, r)
	})
}

// throttled answers 429 now and then.
func throttled(fake http.Handler) http.Handler {
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n++; n%25 == 0 && (auth(r) == main || auth(r) == member) {
			held := httptest.NewRecorder()
			refuse(held, http.StatusTooManyRequests)
			w.Header().Set("Retry-After", "2")
			if isHandoff(r) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(held.Code)
				_, _ = io.WriteString(w, `{"error":"Too many requests","retryAfter":2}`)
				return
			}
			judgetest.Pass(held, w)
			return
		}
		fake.ServeHTTP(w, r)
	})
}

// nearlyAll is how many clauses a variant lets be judged that hides little.
var nearlyAll = len(scenario.All()) - 15

var variants = map[string]variant{
	"lists are sorted by updated_at, oldest first": {wrap: lists(func(l wire, p params) answer {
		if !p.has("sort") {
			p = p.set("sort", "updated_at").set("order", "asc")
		}
		return l.ask(p)
	}), passes: nearlyAll},
	"pages have 10 rows":       {wrap: lists(otherwise("per_page", "10")), passes: nearlyAll},
	"pages have 50 rows":       {wrap: lists(otherwise("per_page", "50")), passes: nearlyAll},
	"pages have 100 rows":      {wrap: lists(otherwise("per_page", "100")), passes: nearlyAll},
	"bad numbers are refused":  {wrap: lists(strict), passes: nearlyAll},
	"bad numbers are ignored":  {wrap: lists(easy), passes: nearlyAll},
	"bounds are exclusive":     {wrap: lists(rewrite(exclusive)), passes: nearlyAll},
	"the sample dialect":       {config: mockserver.Config{ErrorFormat: "sample"}, passes: 225},
	"documented statuses only": {config: mockserver.Config{DocumentedStatusesOnly: true}, passes: 235},
	"other clients write":      {wrap: busy, passes: 230},
	"429 now and then":         {wrap: throttled, passes: 235},
	"no tickets":               {wrap: nothing, passes: 20},
	"every ticket is open":     {wrap: lists(allOpen), passes: 200},
	"media types with charset": {wrap: judgetest.Change(nil, func(_ *http.Request, w *httptest.ResponseRecorder) {
		w.Header().Set("Content-Type", w.Header().Get("Content-Type")+"; charset=utf-8")
	}), passes: nearlyAll},
	"times with offsets": {wrap: rewritten(func(s string) string { return zulus.ReplaceAllStringFunc(s, offset) }), passes: nearlyAll},
	"upper-case UUIDs":   {wrap: rewritten(func(s string) string { return uuids.ReplaceAllStringFunc(s, strings.ToUpper) }), passes: 200},
	"further members everywhere": {wrap: eachMember(func(o map[string]any) {
		if len(o) > 1 || o["messages"] != nil { // fieldErrors may hold strings alone
			o["x_extra"] = map[string]any{"id": 7}
		}
	}), passes: 235},
	"absent instead of null": {wrap: eachMember(func(o map[string]any) {
		for name, v := range o {
			if v == nil {
				delete(o, name)
			}
		}
	}), passes: 230},
	"errors in other words": {wrap: judgetest.Change(nil, func(_ *http.Request, w *httptest.ResponseRecorder) {
		if w.Code >= 400 {
			edit(w, func(b map[string]any) {
				for _, name := range []string{"title", "detail", "message"} {
					if b[name] != nil {
						b[name] = "Nein."
					}
				}
			})
		}
	}), passes: nearlyAll},
	"priorities in the order of the alphabet": {wrap: lists(sorted(func(sort string, a, b map[string]any) int {
		return strings.Compare(textOf(a, sort), textOf(b, sort))
	})), passes: nearlyAll},
	"ties the other way round": {wrap: lists(func(l wire, p params) answer {
		if p.get("sort") != "priority" {
			return l.ask(p)
		}
		levels := []string{"low", "normal", "high", "urgent"}
		return sorted(func(_ string, a, b map[string]any) int {
			if n := slices.Index(levels, textOf(a, "priority")) - slices.Index(levels, textOf(b, "priority")); n != 0 {
				return n
			}
			return strings.Compare(textOf(b, "id"), textOf(a, "id"))
		})(l, p)
	}), passes: nearlyAll},
	"404 for 403 and 403 for 404": {wrap: judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		switch {
		case isHandoff(r) && w.Code == http.StatusForbidden:
			w.Code = http.StatusNotFound
		case strings.Contains(r.URL.Path, "projects/"+handoffNobody):
			w.Code = http.StatusForbidden
		}
	}), passes: 240},
	"a note is answered without a body": {wrap: answering(201, func(w *httptest.ResponseRecorder) { *w = *blank(http.StatusCreated) }), passes: nearlyAll},
	"no instance, no request id": {wrap: judgetest.Change(nil, func(_ *http.Request, w *httptest.ResponseRecorder) {
		w.Header().Del("X-Request-Id")
		edit(w, unset("instance"))
	}), only: access, passes: 20},
	"no Retry-After": {wrap: judgetest.Change(nil, func(_ *http.Request, w *httptest.ResponseRecorder) {
		w.Header().Del("Retry-After")
	}), only: access, passes: 20},
	"a charset in capitals and further members": {wrap: judgetest.Change(nil, func(_ *http.Request, w *httptest.ResponseRecorder) {
		w.Header().Set("Content-Type", w.Header().Get("Content-Type")+"; charset=UTF-8")
		edit(w, set("x_trace", "abc"))
	}), only: access, passes: 20},
	"the other workspace's ticket is not found before the entitlement": {wrap: judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if auth(r) == unentitled && isMessages(r) {
			refuse(w, http.StatusNotFound)
		}
	}), only: access, passes: 20},
	"HTML is sanitised": {wrap: notes(func(m map[string]any) {
		if html, ok := m["body_html"].(string); ok {
			m["body_html"] = "<div>" + strings.NewReplacer("<p>", "", "</p>", "", "\u200f", "").Replace(html) + "</div>"
		}
	}), passes: nearlyAll},
}

func TestLegalVariants(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	for name, v := range variants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if v.config.Tickets == 0 {
				v.config.Tickets = 40
			}
			c := judgetest.New(t, v.config, v.wrap).Config
			c.MaxRequests, c.Only = 1300, v.only
			r := judgetest.Run(t, c)
			if got := failed(r); got != "" || r.Counts.Pass < v.passes || r.Counts.NotRun > 0 {
				t.Errorf("failed: %q; %+v; want %d passes", got, r.Counts, v.passes)
			}
			tell(t, r)
		})
	}
}

// TestSlowAnswers lets time pass during each request.
func TestSlowAnswers(t *testing.T) {
	race.Sequential(t)
	t.Parallel()
	f := judgetest.New(t, mockserver.Config{Tickets: 40}, nil)
	fast := f.Config.Transport
	f.Config.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		if err := f.Config.Sleep(r.Context(), 4*time.Second); err != nil {
			return nil, err
		}
		return fast.RoundTrip(r)
	})
	f.Config.Burst = 0
	if r := judgetest.Run(t, f.Config); failed(r) != "" || r.Counts.Pass < 200 {
		t.Errorf("failed %q; %+v", failed(r), r.Counts)
		tell(t, r)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
