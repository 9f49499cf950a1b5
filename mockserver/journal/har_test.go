package journal_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/internal/golden"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// odd adds exchanges with everything an export has to cope with.
func odd() *journal.Journal {
	j := newJournal(journal.Config{Limits: journal.Limits{Body: 40}})
	r := get()
	r.Query = "status=opne&&q=a%20b+c&q=%zz&flag&key=" + readwrite
	j.Add(r)
	j.Add(post())
	r = post()
	r.At, r.Status, r.ResponseHeader, r.ResponseBody = start.Add(time.Second), 0, nil, nil
	r.Why, r.Rule, r.Host, r.Proto = "fault reset", "reset", "", ""
	r.RequestBody = []byte(`{"type":"internal_note","body_text":"It's longer than what is kept."}`)
	r.RequestBytes = int64(len(r.RequestBody))
	j.Add(r)
	r = get()
	r.Method, r.RequestBody, r.RequestBytes = "PURGE", []byte{0, 0xff}, 2
	r.ResponseBody, r.ResponseHeader = []byte{0xff, 0xfe}, http.Header{"Location": {"/elsewhere"}, "Content-Type": {"image/png"}}
	r.RequestHeader = http.Header{"X-Empty": {""}, "X-Two": {"b", "a"}, "User-Agent": {"curl/8"}}
	j.Add(r)
	return j
}

// listOdd lists them without the lines of the contract, which move.
func listOdd(t *testing.T) []journal.Entry {
	t.Helper()
	entries := list(t, odd(), journal.Filter{})
	for _, e := range entries {
		for i := range e.Violations {
			e.Violations[i].Line = 0
		}
	}
	return entries
}

// sameJSON compares a value with a golden file.
func sameJSON(t *testing.T, name string, value any) {
	t.Helper()
	got, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, name, append(got, '\n'))
}

func TestEntriesAsJSON(t *testing.T) {
	t.Parallel()
	entries := listOdd(t)
	sameJSON(t, "entries.json", entries)
	text, err := json.Marshal(entries[:3]) // the bodies of the fourth are no text
	if err != nil {
		t.Fatal(err)
	}
	var again []journal.Entry
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(entries[:3], again); diff != "" {
		t.Errorf("reading what was written: -want +got:\n%s", diff)
	}
}

func TestHAR(t *testing.T) {
	t.Parallel()
	sameJSON(t, "archive.har", journal.HAR("1.2.3", listOdd(t)))
}

// required lists the members that HAR 1.2 demands, and the JSON type of each.
var required = map[string]map[string]string{
	"log":      {"version": "string", "creator": "object", "entries": "array"},
	"creator":  {"name": "string", "version": "string"},
	"entry":    {"startedDateTime": "string", "time": "number", "request": "object", "response": "object", "cache": "object", "timings": "object"},
	"request":  {"method": "string", "url": "string", "httpVersion": "string", "cookies": "array", "headers": "array", "queryString": "array", "headersSize": "number", "bodySize": "number"},
	"response": {"status": "number", "statusText": "string", "httpVersion": "string", "cookies": "array", "headers": "array", "content": "object", "redirectURL": "string", "headersSize": "number", "bodySize": "number"},
	"content":  {"size": "number", "mimeType": "string"},
	"timings":  {"send": "number", "wait": "number", "receive": "number"},
	"pair":     {"name": "string", "value": "string"},
	"postData": {"mimeType": "string"},
}

func TestHARHasWhatTheFormatDemands(t *testing.T) {
	t.Parallel()
	entries := list(t, odd(), journal.Filter{})
	text, err := json.Marshal(journal.HAR("", entries))
	if err != nil {
		t.Fatal(err)
	}
	var archive struct{ Log map[string]any }
	if err := json.Unmarshal(text, &archive); err != nil {
		t.Fatal(err)
	}
	demand(t, "log", archive.Log)
	demand(t, "creator", archive.Log["creator"])
	all, _ := archive.Log["entries"].([]any)
	if len(all) != len(entries) {
		t.Fatalf("%d entries, want %d", len(all), len(entries))
	}
	bodies := 0
	for i, one := range all {
		demand(t, "entry", one)
		entry := one.(map[string]any)
		demand(t, "timings", entry["timings"])
		if _, err := time.Parse(time.RFC3339, entry["startedDateTime"].(string)); err != nil {
			t.Error(err)
		}
		request, response := entry["request"].(map[string]any), entry["response"].(map[string]any)
		demand(t, "request", request)
		demand(t, "response", response)
		demand(t, "content", response["content"])
		for _, pairs := range []any{request["headers"], request["queryString"], response["headers"]} {
			for _, pair := range pairs.([]any) {
				demand(t, "pair", pair)
			}
		}
		if body, ok := request["postData"]; ok {
			demand(t, "postData", body)
			bodies++
		} else if entries[i].RequestBytes > 0 {
			t.Errorf("entry %d has no postData", i)
		}
	}
	if bodies == 0 {
		t.Error("no request had a body")
	}
}

// demand checks an object of the archive against the table.
func demand(t *testing.T, kind string, value any) {
	t.Helper()
	object, ok := value.(map[string]any)
	if !ok {
		t.Fatalf("%s is %T, want an object", kind, value)
	}
	for name, want := range required[kind] {
		got := "nothing"
		switch object[name].(type) {
		case string:
			got = "string"
		case float64:
			got = "number"
		case []any:
			got = "array"
		case map[string]any:
			got = "object"
		}
		if got != want {
			t.Errorf("%s.%s is %s, want %s", kind, name, got, want)
		}
	}
}

func TestEmptyArchive(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(journal.HAR("v1", nil))
	const want = `{"log":{"version":"1.2","creator":{"name":"mockdesk","version":"v1"},"entries":[]}}`
	if err != nil || string(text) != want {
		t.Errorf("got %s, %v; want %s", text, err, want)
	}
}

func TestCurl(t *testing.T) {
	t.Parallel()
	const key = `-H "Authorization: Bearer $MOCKDESK_KEY"`
	entries := list(t, odd(), journal.Filter{})
	want := []string{
		`curl -sS -i 'http://127.0.0.1:4010/api/v1/tickets?status=opne&&q=a%20b+c&q=%zz&flag&key=ixk_…te' -H 'Accept: application/json' ` + key,
		`curl -sS -i -X POST 'http://127.0.0.1:4010` + post().Path + `' ` + key + ` -H 'Content-Type: application/json' --data-raw '{"type":"internal_note","body_text":"Cal' # its body had 51 bytes, of which the first 40 are here`,
		`curl -sS -i -X POST 'http://mockdesk.invalid` + post().Path + `' ` + key + ` -H 'Content-Type: application/json' ` +
			`--data-raw '{"type":"internal_note","body_text":"It'\''' # its body had 69 bytes, of which the first 40 are here`,
		`curl -sS -i -X PURGE 'http://127.0.0.1:4010/api/v1/tickets?status=open&page=2' -H 'X-Empty;' -H 'X-Two: b' -H 'X-Two: a' # without its body of 2 bytes, which is no text`,
	}
	for i, e := range entries {
		if diff := cmp.Diff(want[i], e.Curl()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

func TestCurlSendsTheSame(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		entry journal.Entry
		want  string
	}{
		"brackets are no ranges":          {journal.Entry{Method: "GET", Host: "h", URL: "/a?tags[]=1"}, `curl -sS -i --globoff 'http://h/a?tags[]=1'`},
		"dots stay":                       {journal.Entry{Method: "GET", Host: "h", URL: "/a/../b"}, `curl -sS -i --path-as-is 'http://h/a/../b'`},
		"HEAD does not wait for a body":   {journal.Entry{Method: "HEAD", Host: "h", URL: "/a"}, `curl -sS -i --head 'http://h/a'`},
		"a missing Content-Type stays so": {journal.Entry{Method: "POST", Host: "h", URL: "/a", RequestBody: "{}", RequestBytes: 2}, `curl -sS -i -X POST 'http://h/a' -H 'Content-Type:' --data-raw '{}'`},
		"a body nobody read":              {journal.Entry{Method: "POST", Host: "h", URL: "/a", RequestBytes: -1, RequestCut: true}, `curl -sS -i -X POST 'http://h/a' # its body was not read to its end`},
		"a browser's page is left out": {
			journal.Entry{Method: "GET", Host: "h", URL: "/a", RequestHeader: http.Header{"Sec-Fetch-Mode": {"cors"}, "Sec-Ch-Ua": {"x"}, "Referer": {"r"}, "Accept": {"a"}}},
			"curl -sS -i 'http://h/a' -H 'Accept: a'",
		},
		"a client's language is not": {journal.Entry{Method: "GET", Host: "h", URL: "/a", RequestHeader: http.Header{"Accept-Language": {"ar"}}}, "curl -sS -i 'http://h/a' -H 'Accept-Language: ar'"},
		"a shell sees no commands": {
			journal.Entry{Method: "GET", Host: "h", URL: "/a", RequestHeader: http.Header{"X": {"$(id) `id`"}, "Authorization": {"Basic …"}}},
			"curl -sS -i 'http://h/a' -H 'Authorization: Basic …' -H 'X: $(id) `id`'",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.entry.Curl()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
