package judgetest_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// listMutant is a defect of the ticket list, made on the wire.
type listMutant struct {
	name   string
	fails  string // as of a mutant
	defect listing
}

// onList makes mutants of defects of the ticket list.
func onList(defects []listMutant) []mutant {
	var out []mutant
	for _, m := range defects {
		out = append(out, mutant{m.name, m.fails, lists(m.defect)})
	}
	return out
}

// listing answers a request to GET /tickets. It may ask the fake.
type listing func(l wire, p params) answer

// params is a query in its order.
type params [][2]string

// wire asks the fake on behalf of a request.
type wire struct {
	h http.Handler
	r *http.Request
}

// answer is what the judge sees.
type answer struct {
	status int
	header http.Header
	body   map[string]any // nil when it is no JSON object
	raw    []byte         // sent instead of body when not nil
}

// lists has GET /tickets answered by the listing and all else by the fake.
func lists(answers listing) wrap {
	return func(fake http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/tickets") || !strings.HasPrefix(r.URL.Path, "/api/") {
				fake.ServeHTTP(w, r)
				return
			}
			a := answers(wire{fake, r}, parse(r.URL.RawQuery))
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

func parse(raw string) params {
	var p params
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, _ = url.QueryUnescape(name)
		value, _ = url.QueryUnescape(value)
		p = append(p, [2]string{name, value})
	}
	return p
}

func (p params) encode() string {
	var parts []string
	for _, x := range p {
		parts = append(parts, url.QueryEscape(x[0])+"="+url.QueryEscape(x[1]))
	}
	return strings.Join(parts, "&")
}

func (p params) get(name string) string {
	for _, x := range p {
		if x[0] == name {
			return x[1]
		}
	}
	return ""
}

// number reads a parameter, 0 without.
func (p params) number(name string) int {
	n, _ := strconv.Atoi(p.get(name))
	return n
}

func (p params) has(name string) bool {
	return slices.ContainsFunc(p, func(x [2]string) bool { return x[0] == name })
}

// set replaces the first value of a name or adds it.
func (p params) set(name, value string) params {
	q := slices.Clone(p)
	for i := range q {
		if q[i][0] == name {
			q[i][1] = value
			return q
		}
	}
	return append(q, [2]string{name, value})
}

// drop removes the names.
func (p params) drop(names ...string) params {
	return slices.DeleteFunc(slices.Clone(p), func(x [2]string) bool { return slices.Contains(names, x[0]) })
}

// rename renames a parameter.
func (p params) rename(from, to string) params {
	q := slices.Clone(p)
	for i := range q {
		if q[i][0] == from {
			q[i][0] = to
		}
	}
	return q
}

// fields are the custom-field parameters.
func (p params) fields() params {
	return slices.DeleteFunc(slices.Clone(p), func(x [2]string) bool { return !strings.HasPrefix(x[0], "custom_field_") })
}

// ask asks the fake.
func (l wire) ask(p params) answer {
	r := l.r.Clone(l.r.Context())
	r.URL.RawQuery = p.encode()
	r.RequestURI = r.URL.RequestURI()
	w := httptest.NewRecorder()
	l.h.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header()}
	if json.NewDecoder(bytes.NewReader(w.Body.Bytes())).Decode(&a.body) != nil {
		a.raw = w.Body.Bytes()
	}
	return a
}

func (a answer) rows() []map[string]any {
	data, _ := a.body["data"].([]any)
	out := make([]map[string]any, len(data))
	for i := range data {
		out[i], _ = data[i].(map[string]any)
	}
	return out
}

func (a answer) setRows(rows []map[string]any) {
	data := make([]any, len(rows))
	for i := range rows {
		data[i] = rows[i]
	}
	a.body["data"] = data
}

func (a answer) total() int {
	meta, _ := a.body["meta"].(map[string]any)
	n, _ := meta["total"].(float64)
	return int(n)
}

func (a answer) setMeta(name string, value any) {
	if meta, ok := a.body["meta"].(map[string]any); ok {
		meta[name] = value
	}
}

// every lists all tickets that the filters of p find, in its order.
func (l wire) every(p params) []map[string]any {
	var rows []map[string]any
	for page := 1; ; page++ {
		a := l.ask(p.set("per_page", "100").set("page", strconv.Itoa(page)))
		rows = append(rows, a.rows()...)
		if len(a.rows()) < 100 {
			return rows
		}
	}
}

// keep answers p with only those rows of it that ok is true for, paged anew.
func (l wire) keep(p params, ok func(map[string]any) bool) answer {
	a := l.ask(p)
	if a.status != http.StatusOK {
		return a
	}
	rows := slices.DeleteFunc(l.every(p), func(r map[string]any) bool { return !ok(r) })
	return l.cut(p, a, rows)
}

// cut answers with the page of the rows that p asks for.
func (l wire) cut(p params, a answer, rows []map[string]any) answer {
	meta, _ := a.body["meta"].(map[string]any)
	page, size := int(meta["page"].(float64)), int(meta["per_page"].(float64))
	from := len(rows)
	if size > 0 && page-1 < len(rows)/size+1 { // else the product may overflow
		from = min((page-1)*size, len(rows))
	}
	a.setRows(rows[from:min(from+size, len(rows))])
	a.setMeta("total", len(rows))
	return a
}

// rewrite understands the query in another way.
func rewrite(f func(p params) params) listing {
	return func(l wire, p params) answer { return l.ask(f(p)) }
}

func setting(name, value string) listing {
	return rewrite(func(p params) params { return p.set(name, value) })
}

func dropping(names ...string) listing {
	return rewrite(func(p params) params { return p.drop(names...) })
}

// searching replaces something in what is searched.
func searching(old, by string) listing {
	return given(has("query"), rewrite(func(p params) params { return p.set("query", strings.ReplaceAll(p.get("query"), old, by)) }))
}

// twoWords searches something else for two words.
func twoWords(as func(a, b string) string) listing {
	return rewrite(func(p params) params {
		if w := strings.Fields(p.get("query")); len(w) == 2 && plainWord.MatchString(w[0]) && plainWord.MatchString(w[1]) {
			return p.set("query", as(w[0], w[1]))
		}
		return p
	})
}

// given is a defect of the requests that pass.
func given(pass func(p params) bool, defect listing) listing {
	return func(l wire, p params) answer {
		if pass(p) {
			return defect(l, p)
		}
		return l.ask(p)
	}
}

// has are requests with all of the parameters, is those where they have the values that follow each.
func has(names ...string) func(params) bool {
	return func(p params) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !p.has(name) })
	}
}

func is(namesAndValues ...string) func(params) bool {
	return func(p params) bool {
		for pair := range slices.Chunk(namesAndValues, 2) {
			if p.get(pair[0]) != pair[1] {
				return false
			}
		}
		return true
	}
}

// alter changes the answer.
func alter(f func(p params, a *answer)) listing {
	return func(l wire, p params) answer {
		a := l.ask(p)
		f(p, &a)
		return a
	}
}

// metaIs changes a member of meta.
func metaIs(name string, value any) listing {
	return ok200(func(_ params, a *answer) { a.setMeta(name, value) })
}

// ok200 is alter for answers that are no errors.
func ok200(f func(p params, a *answer)) listing {
	return alter(func(p params, a *answer) {
		if a.status == http.StatusOK {
			f(p, a)
		}
	})
}

// lenient leaves a parameter out when the server refuses the request.
func lenient(names ...string) listing {
	return func(l wire, p params) answer {
		a := l.ask(p)
		if a.status == http.StatusBadRequest && slices.ContainsFunc(names, p.has) {
			return l.ask(p.drop(names...))
		}
		return a
	}
}

// ignored leaves a parameter out when the server would find some ticket with it.
func ignored(name string, when func(value string) bool) listing {
	return func(l wire, p params) answer {
		a := l.ask(p)
		if a.status == http.StatusOK && p.has(name) && when(p.get(name)) && a.total() > 0 {
			return l.ask(p.drop(name))
		}
		return a
	}
}

func anything(string) bool { return true }

// refused is a 400 of the server's own.
func refused(l wire, _ params) answer { return l.ask(params{{"status", "mockdesk_unknown"}}) }

func broken(wire, params) answer {
	return answer{status: 500, header: http.Header{"Content-Type": {"text/plain"}}, raw: []byte("boom")}
}

const noOption = "00000000-0000-4000-8000-000000000bad"

var plainWord = regexp.MustCompile(`^[A-Za-z]+$`)

var (
	selectKeys = []string{"custom_field_plan", "custom_field_channel", "custom_field_sla_tier"}
	multiKeys  = []string{"custom_field_affected_areas", "custom_field_languages"}
)

const dateKey, instantKey = "custom_field_renewal_date", "custom_field_incident_started_at"

// findsNothing makes plain values of the custom fields find no ticket.
func findsNothing(names ...string) listing {
	return func(l wire, p params) answer {
		for _, name := range names {
			if v := p.get(name); v != "" && v != "__empty__" && l.ask(p).status == http.StatusOK {
				return l.keep(p, func(map[string]any) bool { return false })
			}
		}
		return l.ask(p)
	}
}

// plus adds to a custom-field filter the first ticket that other finds, where
// the rest of the query finds it.
func plus(name string, other params) listing {
	return func(l wire, p params) answer {
		a := l.ask(p)
		v := p.get(name)
		if v == "" || v == "__empty__" || a.status != http.StatusOK {
			return a
		}
		found := map[any]bool{}
		first := l.ask(append(slices.Clone(other), params{{"sort", "created_at"}, {"order", "asc"}}...)).rows()
		for _, r := range append(first[:min(1, len(first))], l.every(p)...) {
			found[r["id"]] = true
		}
		rows := slices.DeleteFunc(l.every(p.drop(name)), func(r map[string]any) bool { return !found[r["id"]] })
		return l.cut(p, a, rows)
	}
}

// union answers with the rows of all lists, in the order p asks for.
func (l wire) union(p params, a answer, lists ...[]map[string]any) answer {
	in := map[any]bool{}
	for _, rows := range lists {
		for _, r := range rows {
			in[r["id"]] = true
		}
	}
	order := params{}
	for _, name := range []string{"sort", "order"} {
		if p.has(name) {
			order = order.set(name, p.get(name))
		}
	}
	rows := slices.DeleteFunc(l.every(order), func(r map[string]any) bool { return !in[r["id"]] })
	return l.cut(p, a, rows)
}
