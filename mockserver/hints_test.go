package mockserver_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
)

// hints are wrong calls of the control API whose hint, put in the place of HINT,
// makes them right.
var hints = map[string]struct{ method, path, body, right string }{
	"a duration that is a number":       {"POST", "clock/advance", `{"by": 60}`, "HINT"},
	"a duration below zero":             {"POST", "clock/advance", `{"by": -60.5}`, "HINT"},
	"a duration without a unit":         {"POST", "clock/advance", `{"by": "60"}`, "HINT"},
	"a duration that is a word":         {"POST", "clock/advance", `{"by": "soon"}`, "HINT"},
	"a duration that is a truth":        {"POST", "clock/advance", `{"by": true}`, "HINT"},
	"a mode that is a number":           {"PUT", "clock", `{"mode": 1}`, "HINT"},
	"an instant that is a date":         {"PUT", "clock", `{"mode": "frozen", "at": "2025-06-02"}`, `{"mode": "frozen", "at": "HINT"}`},
	"an instant that stands for none":   {"PUT", "clock", `{"mode": "frozen", "at": "0001-01-01T00:00:00Z"}`, `{"mode": "frozen", "at": "HINT"}`},
	"a name that is a number":           {"POST", "workspaces", `{"name": 1}`, "HINT"},
	"a seed in quotes":                  {"POST", "workspaces", `{"name": "a", "seed": "7"}`, "HINT"},
	"a seed below zero":                 {"POST", "workspaces", `{"name": "a", "seed": -1}`, "HINT"},
	"half a ticket":                     {"POST", "workspaces", `{"name": "a", "tickets": "100"}`, "HINT"},
	"a rate limit that is a number":     {"POST", "workspaces", `{"name": "a", "rate_limit": 100}`, "HINT"},
	"an error format that is a number":  {"POST", "workspaces", `{"name": "a", "error_format": 1}`, "HINT"},
	"a rate limit without a window":     {"POST", "workspaces", `{"name": "a", "rate_limit": "100"}`, `{"name": "a", "rate_limit": "HINT"}`},
	"a name with a blank":               {"POST", "workspaces", `{"name": "A b"}`, `{"name": "HINT"}`},
	"no rate limit":                     {"PUT", "rate-limit", `{}`, "HINT"},
	"an empty rate limit":               {"PUT", "rate-limit", `{"rate_limit": ""}`, "HINT"},
	"a rate limit that is nothing":      {"PUT", "rate-limit", `{"rate_limit": 0}`, "HINT"},
	"a rate limit of no requests":       {"PUT", "rate-limit", `{"rate_limit": "0/1m"}`, `{"rate_limit": "HINT"}`},
	"no truth":                          {"PATCH", "keys", `{"revoked": "yes"}`, "HINT"},
	"a snapshot without a name":         {"POST", "snapshot", `{"name": ""}`, "HINT"},
	"a number in quotes":                {"POST", "verify", `{"filter": {"method": "GET"}, "exactly": "3"}`, "HINT"},
	"a wait that is a word":             {"POST", "verify", `{"exactly": 0, "wait": "soon"}`, "HINT"},
	"a wait without a unit":             {"POST", "verify", `{"exactly": 0, "wait": 5}`, "HINT"},
	"a wait of a day":                   {"POST", "verify", `{"exactly": 0, "wait": "24h"}`, `{"exactly": 0, HINT}`},
	"a member that is there twice":      {"POST", "verify", `{"exactly": 0, "exactly": 0}`, `{"exactly": 0}`},
	"a method that is a number":         {"POST", "verify", `{"filter": {"method": 3}, "exactly": 3}`, "HINT"},
	"headers in a list":                 {"POST", "verify", `{"filter": {"header": ["Accept"]}, "exactly": 0}`, "HINT"},
	"no path":                           {"POST", "explain", `{}`, `{"path": "HINT"}`},
	"a path that is a number":           {"POST", "explain", `{"path": 1}`, "HINT"},
	"a kind without its service":        {"POST", "explain", `{"path": "/api/v1/tickets", "key_kind": "read-only"}`, `{"path": "/api/v1/tickets", MEMBERS}`},
	"no rule":                           {"POST", "faults", ``, "HINT"},
	"a rule without an effect":          {"POST", "faults", `{"match": {"method": "GET"}}`, "{HINT}"},
	"a rule with a bad id":              {"POST", "faults", `{"id": "?", "then": {"malformed": true}}`, `{"id": "HINT", "then": {"malformed": true}}`},
	"a bad pattern":                     {"POST", "faults", `{"match": {"path": "["}, "then": {"malformed": true}}`, `{"match": {"path": "HINT"}, "then": {"malformed": true}}`},
	"a header of the framing":           {"POST", "faults", `{"then": {"headers": {"remove": ["Content-Length"]}}}`, `{"then": {HINT}}`},
	"a header of the connection":        {"POST", "faults", `{"then": {"headers": {"set": {"Connection": "close"}}}}`, `{"then": {HINT}}`},
	"a wait with a unit":                {"POST", "faults", `{"then": {"status": {"code": 429, "retry_after": "3s"}}}`, `{"then": {"status": {"code": 429, HINT}}}`},
	"a latency of nothing":              {"POST", "faults", `{"then": {"latency": {"fixed": "0s"}}}`, `{"then": {HINT}}`},
	"a body of nothing":                 {"POST", "faults", `{"then": {"body": {}}}`, `{"then": {HINT}}`},
	"headers of nothing":                {"POST", "faults", `{"then": {"headers": {}}}`, `{"then": {HINT}}`},
	"a path of a filter":                {"GET", "requests?path=api/v1", "", "requests?path=HINT"},
	"a pattern of a filter":             {"GET", "requests?path=[", "", "requests?path=HINT"},
	"a template of a filter":            {"GET", "requests?path=/api/v1/tickets/{id}/messages", "", "requests?path=HINT"},
	"a template of a rule":              {"POST", "faults", `{"match": {"path": "/api/v1/tickets/{id}/messages"}, "then": {"malformed": true}}`, `{"match": {"path": "HINT"}, "then": {"malformed": true}}`},
	"a time that has not come":          {"GET", "requests?since=2099-01-01T00:00:00Z", "", "requests?HINT"},
	"a number of a filter":              {"GET", "requests?after=x", "", "requests?HINT"},
	"a limit of a filter":               {"GET", "requests?limit=x", "", "requests?HINT"},
	"a limit of nothing":                {"GET", "requests?limit=-1", "", "requests?HINT"},
	"an order of a filter":              {"GET", "requests?order=newest", "", "requests?HINT"},
	"a time of a filter":                {"GET", "requests?since=x", "", "requests?HINT"},
	"violations of a filter":            {"GET", "requests?violations=x", "", "requests?HINT"},
	"a header of a filter":              {"GET", "requests?header=:x", "", "requests?HINT"},
	"a header of a filter has no blank": {"GET", "requests?header=a%20b", "", "requests?HINT"},
}

// A hint is what to type: typed as it stands, or in the place that it is for, it
// is accepted. What stands behind a comma is said about it.
func TestHintsAreAccepted(t *testing.T) {
	t.Parallel()
	for name, test := range hints {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100})
			var refused struct{ Error, Hint string }
			f.control(test.method, test.path, test.body).want(400).decode(&refused)
			hint := strings.TrimPrefix(refused.Hint, "write it as ")
			hint = strings.TrimPrefix(hint, "leave it out, or write it as ")
			switch {
			case strings.HasPrefix(hint, `"`):
				hint, _, _ = strings.Cut(hint, ", which ")
			case !strings.HasPrefix(hint, "{"):
				hint, _, _ = strings.Cut(hint, ", ")
			}
			if hint == "" {
				t.Fatalf("no hint in %+v", refused)
			}
			right := strings.ReplaceAll(test.right, "HINT", hint)
			right = strings.ReplaceAll(right, "MEMBERS", strings.Trim(hint, "{}"))
			path, body := test.path, right
			if test.method == "GET" {
				path, body = right, ""
			}
			if got := f.control(test.method, path, body); got.Status >= 300 {
				t.Errorf("the hint %q of %q typed as %s is %d %s", refused.Hint, refused.Error, right, got.Status, got.Body)
			} else if body != "" && strings.HasPrefix(hint, "{") && !json.Valid([]byte(hint)) {
				t.Errorf("%s is no JSON", hint)
			}
		})
	}
}

// Where a rule has two flaws, or its words look like a hint, no text is cut in
// two: each hint stays behind what it is about.
func TestHintsStayWithTheirFlaws(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{})
	for body, want := range map[string]struct{ Error, Hint string }{
		`{"id": "?", "name": "", "then": {"malformed": true}}`: {
			`line 1: id "?" is not 1 to 100 letters, digits, blanks, dots, underscores and dashes, the first a letter or a digit (hint: third-list); ` +
				`name "" is written, but stands for none (hint: leave it out)`, "",
		},
		`{"id": " (hint: x", "then": {"malformed": true}}`: {
			`line 1: id " (hint: x" is not 1 to 100 letters, digits, blanks, dots, underscores and dashes, the first a letter or a digit`, "third-list",
		},
	} {
		var got struct{ Error, Hint string }
		f.control("POST", "faults", body).want(400).decode(&got)
		if got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", body, got, want)
		}
	}
}
