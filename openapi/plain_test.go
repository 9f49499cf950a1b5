package openapi_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// FuzzPlain looks for a query that Plain takes for good and the verdict does
// not.
func FuzzPlain(f *testing.F) {
	for _, query := range []string{
		"", "status=open,closed&page=2", "status=open,,closed", "status=%6fpen", "page=0", "page=%2b1", "page=01", "per_page=1e2", "page=1&page=1",
		"query=a+b%20c", "query=%ff", "q=%zz", "created_after=2024-01-01T00:00:00Z", "created_after=2024-01-01", "created_after=2024-01-01t00:00:00z",
		"created_after=2024-01-01T9:00:00Z", "created_after=2024-01-01T09:00:00,5Z",
		"created_after=2024-01-01T00:00:00+02:00", "created_after=2024-01-01T24:00:00Z", "inbox_id=2489E9AD-2EE2-8E00-8EC9-32D5F69181C0",
		"assignee_id=__unassigned__", "assignee_id=__UNASSIGNED__", "tag_ids=2489E9AD-2EE2-8E00-8EC9-32D5F69181C0,x", "custom_field_a=1&custom_field_a=1",
		"custom_field_a=1&custom_field_b=&custom_field_A=1", "status", "=", "&&", "status=open&&page=1", "sort=priority;order=asc", "statsu=open",
	} {
		f.Add(query)
	}
	contract, err := openapi.Load(openapi.InboxOps)
	if err != nil {
		f.Fatal(err)
	}
	plain := contract.Plain("listTickets")
	f.Fuzz(func(t *testing.T, query string) {
		if strings.ContainsAny(query, " #\x00") {
			return // no request line carries it
		}
		r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/api/v1/tickets", RawQuery: query}, Header: http.Header{}, Body: http.NoBody}
		if found := verdict.OnRequest(contract, r); plain.Fits(r, nil) && len(found) > 0 {
			t.Errorf("%q is plain, but %v", query, found)
		}
	})
}

func TestPlain(t *testing.T) {
	t.Parallel()
	contract, err := openapi.Load(openapi.InboxOps)
	if err != nil {
		t.Fatal(err)
	}
	plain := contract.Plain("listTickets")
	tests := map[string]struct {
		query string
		want  bool
	}{
		"no query":                {"", true},
		"enumerated words":        {"status=open,closed&sort=priority&order=asc&priority=low", true},
		"numbers":                 {"page=3&per_page=100", true},
		"a time that is encoded":  {"created_after=2024-01-01T00%3A00%3A00Z", true},
		"an hour of one digit":    {"created_after=2024-01-01T9:00:00Z", false},
		"a comma in a time":       {"created_after=2024-01-01T09:00:00,5Z", false},
		"a fraction in a time":    {"created_after=2024-01-01T09:00:00.5Z", true},
		"custom fields":           {"custom_field_plan=x&custom_field_seats=5", true},
		"a name that is not":      {"statsu=open", false},
		"a value that is not":     {"status=opne", false},
		"too small a number":      {"page=0", false},
		"the same name twice":     {"query=a&query=a", false},
		"a broken percent sign":   {"query=%zz", false},
		"a name that is no field": {"custom_field_A=1", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &http.Request{Method: http.MethodGet, URL: &url.URL{RawQuery: tc.query}}
			if got := plain.Fits(r, nil); got != tc.want {
				t.Errorf("%q: %v, want %v", tc.query, got, tc.want)
			}
		})
	}
}

// bodies are bodies of a note, and whether they are plain.
var bodies = map[string]bool{
	`{"type":"internal_note","body_text":"Called back."}`:                      true,
	" {\n\t\"type\": \"internal_note\", \"body_html\": \"<p>Grüße</p>\"\r\n} ": true,
	`{"body_text":"","body_html":"x","type":"internal_note"}`:                  true,
	`{"type":"internal_note"}`:                                                 true,
	`{"type":"email","body_text":"x"}`:                                         false,
	`{"body_text":"x"}`:                                                        false,
	`{"type":"internal_note","type":"internal_note"}`:                          false,
	`{"type":"internal_note","body_text":"one\ntwo"}`:                          false,
	`{"type":"internal_note","body_text":"\ud83d"}`:                            false,
	`{"type":"internal_note","body_text":null}`:                                false,
	`{"type":"internal_note","body_text":7}`:                                   false,
	`{"type":"internal_note","body":"x"}`:                                      false,
	`{"type":"internal_note",}`:                                                false,
	`{"type":"internal_note"} {}`:                                              false,
	`{"type":"internal_note"`:                                                  false,
	`{"type":"internal_note","body_text":"x}`:                                  false,
	`{"type" "internal_note"}`:                                                 false,
	"{\"type\":\"internal_note\",\"body_text\":\"a\x00b\"}":                    false,
	"{\"type\":\"internal_note\",\"body_text\":\"\xff\"}":                      false,
	`{}`: false, `}`: false, ``: false, `[]`: false, `"internal_note"`: false, `{"":""}`: false,
}

// note is a request that adds a note with the body.
func note(contentType, body string) *http.Request {
	r := &http.Request{
		Method: http.MethodPost, URL: &url.URL{Path: "/api/v1/tickets/7/messages"},
		Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body)),
	}
	r.SetPathValue("id", "7")
	return r
}

func TestPlainBody(t *testing.T) {
	t.Parallel()
	contract, err := openapi.Load(openapi.InboxOps)
	if err != nil {
		t.Fatal(err)
	}
	plain := contract.Plain("addInternalNote")
	for body, want := range bodies {
		if got := plain.Fits(note("application/json", body), []byte(body)); got != want {
			t.Errorf("%q: %v, want %v", body, got, want)
		}
	}
	const good = `{"type":"internal_note","body_text":"x"}`
	for _, kind := range []string{"text/plain", "", "application/json; charset=latin1", "application/json;"} {
		if plain.Fits(note(kind, good), []byte(good)) {
			t.Errorf("a body of type %q is plain", kind)
		}
	}
	if plain.Fits(note("application/json", good), nil) {
		t.Error("a body that was not read is plain")
	}
	query := note("application/json", good)
	query.URL.RawQuery = "types=email"
	if plain.Fits(query, []byte(good)) {
		t.Error("a query that the operation has not is plain")
	}
}

// FuzzPlainBody looks for a body that Plain takes for good and the verdict does not.
func FuzzPlainBody(f *testing.F) {
	for body := range bodies {
		f.Add(body)
	}
	contract, err := openapi.Load(openapi.InboxOps)
	if err != nil {
		f.Fatal(err)
	}
	plain := contract.Plain("addInternalNote")
	f.Fuzz(func(t *testing.T, body string) {
		r := note("application/json", body)
		if found := verdict.OnRequest(contract, r); plain.Fits(r, []byte(body)) && len(found) > 0 {
			t.Errorf("%q is plain, but %v", body, found)
		}
	})
}
