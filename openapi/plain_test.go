package openapi_test

import (
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
		if found := verdict.OnRequest(contract, r); plain.Fits(r) && len(found) > 0 {
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
			if got := plain.Fits(r); got != tc.want {
				t.Errorf("%q: %v, want %v", tc.query, got, tc.want)
			}
		})
	}
}
