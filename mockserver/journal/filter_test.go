package journal_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi"
)

// four adds four exchanges that differ in everything a filter asks for.
func four() *journal.Journal {
	j := newJournal(journal.Config{})
	r := get()
	j.Add(r)
	r = get()
	r.At, r.Query, r.Status, r.KeyKind, r.Key = start.Add(time.Second), "status=opne", 429, "read-only", readonly
	r.Rule = "fault-1"
	j.Add(r)
	r = post()
	r.At, r.Status = start.Add(2*time.Second), 0
	j.Add(r)
	r = get()
	r.At, r.Path, r.Query, r.Service, r.Operation, r.Status, r.KeyKind = start.Add(3*time.Second), "/nowhere", "", "", "", 404, ""
	r.RequestHeader = http.Header{"Accept": {"text/html"}}
	j.Add(r)
	return j
}

func TestListSelects(t *testing.T) {
	t.Parallel()
	j := four()
	tests := map[string]struct {
		query string
		want  []uint64
	}{
		"nothing asked selects all":             {"", []uint64{1, 2, 3, 4}},
		"a method in any case":                  {"method=post", []uint64{3}},
		"a service":                             {"service=inboxops", []uint64{1, 2, 3}},
		"another service":                       {"service=apphandoff", []uint64{}},
		"no service":                            {"service=none", []uint64{4}},
		"an operation":                          {"operation=listTickets", []uint64{1, 2}},
		"no operation":                          {"operation=none", []uint64{4}},
		"a path":                                {"path=/api/v1/tickets", []uint64{1, 2}},
		"a star is one segment":                 {"path=/api/*/tickets/*/messages", []uint64{3}},
		"a star is not two":                     {"path=/api/*", []uint64{}},
		"two stars are any number":              {"path=/api/**", []uint64{1, 2, 3}},
		"also none":                             {"path=/api/v1/tickets/**", []uint64{1, 2, 3}},
		"but whole segments":                    {"path=/api/v1/tick/**", []uint64{}},
		"two stars in the middle":               {"path=/api/**/messages", []uint64{3}},
		"a path that no operation has":          {"path=/nowhere/*", []uint64{}},
		"a method of nobody":                    {"method=PURGE", []uint64{}},
		"HEAD of an operation":                  {"method=HEAD&operation=listTickets", []uint64{}},
		"two stars alone":                       {"path=/**", []uint64{1, 2, 3, 4}},
		"a status":                              {"status=429", []uint64{2}},
		"a class":                               {"status=4xx", []uint64{2, 4}},
		"a class in capitals":                   {"status=2XX", []uint64{1}},
		"a broken connection":                   {"status=0", []uint64{3}},
		"a key kind":                            {"key_kind=read-only", []uint64{2}},
		"a rule":                                {"rule=fault-1", []uint64{2}},
		"any rule":                              {"rule=*", []uint64{2}},
		"another rule":                          {"rule=fault-2", []uint64{}},
		"a header":                              {"header=accept:application/json", []uint64{1, 2}},
		"a header of any value":                 {"header=content-type", []uint64{3}},
		"two headers":                           {"header=accept&header=Authorization:Bearer+ixk_test_readwrite", []uint64{1, 2}},
		"violations only":                       {"violations=true", []uint64{2, 4}},
		"violations or not":                     {"violations=false", []uint64{1, 2, 3, 4}},
		"behind a number":                       {"after=2", []uint64{3, 4}},
		"since a time, that one included":       {"since=2025-01-31T09:30:02Z", []uint64{3, 4}},
		"since a time with an offset":           {"since=2025-01-31T10:30:03%2B01:00", []uint64{4}},
		"at most so many, the oldest":           {"limit=2", []uint64{1, 2}},
		"the newest first":                      {"order=desc", []uint64{4, 3, 2, 1}},
		"at most so many of the newest":         {"order=desc&limit=1", []uint64{4}},
		"conditions combine":                    {"method=GET&status=4xx&violations=true&limit=1&order=desc", []uint64{4}},
		"conditions that exclude another":       {"method=POST&status=429", []uint64{}},
		"the limit counts what is selected":     {"status=4xx&limit=2", []uint64{2, 4}},
		"an operation of a service by its name": {"service=inboxops&operation=addInternalNote", []uint64{3}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			f, err := j.ParseFilter(query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, seqs(list(t, j, f))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// operationsOf lists the operations of a contract.
func operationsOf(t *testing.T, name string) string {
	t.Helper()
	contract, err := openapi.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, op := range contract.Operations() {
		ids = append(ids, op.ID)
	}
	return strings.Join(ids, ", ")
}

func TestParseFilterTeaches(t *testing.T) {
	t.Parallel()
	operations := operationsOf(t, openapi.InboxOps)
	tests := map[string]mistake{
		"an unknown name":                          {"methd=GET", `there is no filter "methd" (hint: did you mean method?)`},
		"a strange name":                           {"colour=red", `there is no filter "colour" (hint: the filters are method, service, operation, path, status, key_kind, rule, header, violations, answer_violations, after, since, limit, order)`},
		"one sent twice":                           {"method=GET&method=POST", "filter method is there 2 times (hint: send it once)"},
		"a status out of range":                    {"status=999", `filter status "999" is not a status (hint: 429, 4xx, or 0 for a broken connection)`},
		"a status that is a word":                  {"status=ok", `filter status "ok" is not a status (hint: 429, 4xx, or 0 for a broken connection)`},
		"a broken pattern":                         {"path=/api/[", `filter path "/api/[" is not a pattern (hint: /api/v1/tickets/*/messages)`},
		"a path without its slash":                 {"path=api/v1", `filter path "api/v1" selects nothing: every path begins with a slash (hint: /api/v1)`},
		"a service that is none":                   {"service=zendesk", `filter service "zendesk" is not a service (hint: inboxops, apphandoff, or none)`},
		"an operation that is none":                {"operation=deleteTicket&service=inboxops", `filter operation "deleteTicket" is not an operation (hint: ` + operations + `, or none)`},
		"an operation that two services have":      {"operation=deleteTicket", `filter operation "deleteTicket" is not an operation (hint: ` + operations + `, or none)`},
		"a misspelt operation":                     {"operation=listTickts", `filter operation "listTickts" is not an operation (hint: did you mean listTickets?)`},
		"an operation of another service":          {"operation=listTickets&service=apphandoff", `filter operation "listTickets" is not an operation (hint: ` + operationsOf(t, openapi.AppHandoff) + `, or none)`},
		"an operation of no service":               {"operation=listTickets&service=none", `filter operation "listTickets" selects nothing: service is none (hint: leave out the service)`},
		"a number that is none":                    {"after=first", `filter after cannot be "first" (hint: after=0, or the seq of an entry)`},
		"a limit that is none":                     {"limit=all", `filter limit cannot be "all" (hint: limit=50, or leave it out to get all)`},
		"a negative limit":                         {"limit=-1", `filter limit is -1 (hint: limit=50, or leave it out to get all)`},
		"an order that is none":                    {"order=newest", `filter order "newest" is not asc or desc (hint: order=desc)`},
		"a time that is none":                      {"since=yesterday", `filter since cannot be "yesterday" (hint: since=2025-01-31T09:30:00Z)`},
		"violations that are neither true nor not": {"violations=some", `filter violations cannot be "some" (hint: violations=true)`},
		"a misspelt order":                         {"order=dsc", `filter order "dsc" is not asc or desc (hint: did you mean asc?)`},
		"a limit of nothing":                       {"limit=0", `filter limit cannot be "0" (hint: limit=50, or leave it out to get all)`},
		"an empty condition":                       {"key_kind=", `filter key_kind is empty, which no request fits (hint: leave it out)`},
		"an empty header":                          {"header=", `filter header is empty, which no request fits (hint: leave it out)`},
		"a misspelt kind of key":                   {"key_kind=read-onyl", `filter key_kind "read-onyl" is not a kind of key (hint: did you mean read-only?)`},
		"a kind of key that there is not":          {"key_kind=owner", `filter key_kind "owner" is not a kind of key (hint: ` + strings.Join(auth.Kinds(""), ", ") + `)`},
		"a kind of key of another service":         {"key_kind=read-only&service=apphandoff", `filter key_kind "read-only" is not a kind of key (hint: ` + strings.Join(auth.Kinds(auth.AppHandoff), ", ") + `)`},
		"a kind of key of no service":              {"key_kind=member&service=none", `filter key_kind "member" selects nothing: service is none, where no key is looked at (hint: leave out the service)`},
		"a misspelt method":                        {"method=GTE", `filter method "GTE" is not a method (hint: did you mean GET?)`},
		"a method with a blank":                    {"method=G+E+T+it", `filter method "G E T it" is not a method (hint: GET)`},
		"a method of another operation":            {"method=POST&operation=listTickets", "filter selects nothing: operation listTickets is GET /api/v1/tickets (hint: leave out method, path, key_kind or status)"},
		"a path of another operation":              {"path=/api/v1/tickets/*&operation=listTickets", "filter selects nothing: operation listTickets is GET /api/v1/tickets (hint: leave out method, path, key_kind or status)"},
		"a kind of key of another operation":       {"key_kind=member&operation=addInternalNote", "filter selects nothing: operation addInternalNote is POST /api/v1/tickets/{id}/messages (hint: leave out method, path, key_kind or status)"},
		"a misspelt service":                       {"service=inboxop", `filter service "inboxop" is not a service (hint: did you mean inboxops?)`},
		"no operation of a service":                {"operation=none&service=inboxops", "filter operation none selects nothing: service is inboxops (hint: leave out the service)"},
		"a path with its query":                    {"path=/api/v1/tickets?page=2", `filter path "/api/v1/tickets?page=2" selects nothing: the query is no part of a path (hint: /api/v1/tickets)`},
		"a path that is not escaped":               {"path=/a+b/*/%C3%BC", `filter path "/a b/*/ü" selects nothing: a path is escaped (hint: /a%20b/*/%C3%BC)`},
		"a good status of another operation":       {"status=201&operation=listTickets", "filter selects nothing: operation listTickets is GET /api/v1/tickets (hint: leave out method, path, key_kind or status)"},
		"a status of no operation":                 {"status=431&operation=listTickets", "filter selects nothing: operation listTickets is GET /api/v1/tickets (hint: leave out method, path, key_kind or status)"},
		"a good status of no service":              {"status=200&service=none", "filter selects nothing: a request to no operation has no such status (hint: 400, 404, 405, 414, 417, 431, 500, 501, 505)"},
		"a broken answer of no operation":          {"status=0&operation=none", "filter selects nothing: a request to no operation has no such status (hint: 400, 404, 405, 414, 417, 431, 500, 501, 505)"},
		"a rule of no operation":                   {"rule=*&operation=none", "filter selects nothing: a request to no operation has no such rule (hint: leave out rule)"},
		"a kind of key of no operation":            {"key_kind=member&operation=none", "filter selects nothing: a request to no operation has no such key_kind (hint: leave out key_kind)"},
		"a method of no operation":                 {"method=DELETE&service=inboxops", "filter selects nothing: no operation has all of its method, path, service, key_kind and status (hint: leave out one of them)"},
		"a method that no key is looked at for":    {"method=DELETE&key_kind=member", "filter selects nothing: no operation has all of its method, path, service, key_kind and status (hint: leave out one of them)"},
		"a rule at a path of nothing":              {"rule=*&path=/nothing&service=inboxops", "filter selects nothing: no operation has all of its method, path, service, key_kind and status (hint: leave out one of them)"},
		"a good status of a method of nothing":     {"method=DELETE&status=2xx", "filter selects nothing: no operation has all of its method, path, service, key_kind and status (hint: leave out one of them)"},
		"a path of the other service":              {"path=/api/v1/tickets&key_kind=read-write&method=POST", "filter selects nothing: no operation has all of its method, path, service, key_kind and status (hint: leave out one of them)"},
		"a star alone":                             {"path=*", `filter path "*" selects nothing: a star stands for one segment (hint: /**)`},
		"a status that no answer has":              {"status=418", `filter status "418" selects nothing: no answer has it (hint: 0, 200, 201, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 409, 413, 414, 417, 429, 431, 500, 501, 502, 503, 504, 505)`},
		"a class that no answer is of":             {"status=1xx", `filter status "1xx" selects nothing: no answer has it (hint: 0, 200, 201, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 409, 413, 414, 417, 429, 431, 500, 501, 502, 503, 504, 505)`},
		"a header with a blank":                    {"header=a+b", `filter header "a b" is not the name of a header (hint: header=Content-Type:application/json)`},
		"a header that is not kept":                {"header=host:x", `filter header host selects nothing: the journal has no such header (hint: User-Agent, for one)`},
		"a header with a line end":                 {"header=a:b%0Ac", `filter header a cannot be "b\nc", which no header can (hint: header=Content-Type:application/json)`},
		"a header without a name":                  {"header=:x", `filter header has no name (hint: header=Content-Type:application/json)`},
	}
	teach(t, tests)
}

// A path or a status that no request in the journal has.
func TestParseFilterTeachesWhatNothingHas(t *testing.T) {
	t.Parallel()
	teach(t, map[string]mistake{
		"a refusal of no service":             {"status=429&service=none", "filter selects nothing: a request to no operation has no such status (hint: 400, 404, 405, 414, 417, 431, 500, 501, 505)"},
		"a class of no operation":             {"status=2xx&operation=none", "filter selects nothing: a request to no operation has no such status (hint: 400, 404, 405, 414, 417, 431, 500, 501, 505)"},
		"a method of what is not read as far": {"status=431&method=GET", `filter status "431" selects nothing: what is refused with it is not read as far (hint: leave out method, path and header)`},
		"a path with its server":              {"path=http://127.0.0.1:4010/api/v1/tickets", `filter path "http://127.0.0.1:4010/api/v1/tickets" selects nothing: every path begins with a slash (hint: /api/v1/tickets)`},
		"a server without a path":             {"path=http://127.0.0.1:4010", `filter path "http://127.0.0.1:4010" selects nothing: every path begins with a slash (hint: /)`},
		"a path of the control API":           {"path=/_mockdesk/faults", `filter path "/_mockdesk/faults" selects nothing: the journal has no request to the control API (hint: /api/**)`},
		"all paths of the control API":        {"path=/_mockdesk/**", `filter path "/_mockdesk/**" selects nothing: the journal has no request to the control API (hint: /api/**)`},
		"an escape that is none":              {"path=/a%25zz", `filter path "/a%zz" selects nothing: a path is escaped (hint: /a%25zz)`},
		"an escape that ends too early":       {"path=/%252f%252", `filter path "/%2f%2" selects nothing: a path is escaped (hint: /%2f%252)`},
	})
}

// mistake is a query that ParseFilter refuses in the words.
type mistake struct{ query, want string }

func teach(t *testing.T, tests map[string]mistake) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			_, err = newJournal(journal.Config{}).ParseFilter(query)
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestListRefusesABadFilter(t *testing.T) {
	t.Parallel()
	if _, err := four().List(journal.Filter{Status: "bad"}); err == nil {
		t.Error("a filter that cannot be understood selects something")
	}
}

func TestFilterJSON(t *testing.T) {
	t.Parallel()
	const text = `{"method":"GET","service":"inboxops","operation":"listTickets","path":"/api/**","status":429,"key_kind":"read-only",
		"rule":"*","header":{"Accept":"*"},"violations":true,"after":7,"since":"2025-01-31T09:30:00Z","limit":3,"order":"desc"}`
	want := journal.Filter{
		Method: "GET", Service: "inboxops", Operation: "listTickets", Path: "/api/**", Status: "429", KeyKind: "read-only",
		Rule: "*", Header: map[string]string{"Accept": "*"}, Violations: true, After: 7, Since: start, Limit: 3, Order: "desc",
	}
	var got journal.Filter
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for text, want := range map[string]journal.Status{`{"status":"4xx"}`: "4xx", `{"status":0}`: "0", `{"status":"0"}`: "0", `{"status":null}`: ""} {
		var got journal.Filter
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.Status != want {
			t.Errorf("%s: got %q, %v; want %q", text, got.Status, err, want)
		}
	}
	if err := json.Unmarshal([]byte(`{"status":[]}`), &got); err == nil {
		t.Error("a list is no status")
	}
	if text, err := json.Marshal(journal.Filter{}); err != nil || string(text) != "{}" {
		t.Errorf("an empty filter is written as %s, %v; want {}", text, err)
	}
}

// No query string makes a filter that the journal refuses.
func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{"", "method=GET&status=4xx", "path=/a/*/**", "path=[", "header=a:b&header=c", "since=x", "path=*/**"} {
		f.Add(seed)
	}
	j := four()
	f.Fuzz(func(t *testing.T, text string) {
		query, err := url.ParseQuery(text)
		if err != nil {
			t.Skip()
		}
		filter, err := j.ParseFilter(query)
		if err != nil {
			return
		}
		if _, err := j.List(filter); err != nil {
			t.Errorf("%q was read but is refused: %v", text, err)
		}
	})
}
