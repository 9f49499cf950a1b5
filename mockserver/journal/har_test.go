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
