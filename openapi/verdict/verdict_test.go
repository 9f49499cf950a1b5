package verdict_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

// services are the contracts that are written down from documentation pages.
var services = []string{openapi.InboxOps, openapi.AppHandoff}

func TestDocumentsAreValidOpenAPI(t *testing.T) {
	t.Parallel()
	if len(openapi.Names()) == 0 {
		t.Fatal("no contract has a name")
	}
	for _, name := range openapi.Names() {
		text, err := openapi.Document(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(text, []byte("openapi: 3.1.0\n")) {
			t.Errorf("%s: want an OpenAPI 3.1 document", name)
		}
		doc, err := libopenapi.NewDocument(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		v, errs := validator.NewValidator(doc)
		if len(errs) > 0 {
			t.Fatalf("%s: %v", name, errs)
		}
		if ok, errs := v.ValidateDocument(); !ok {
			t.Errorf("%s: %v", name, errs)
		}
	}
}

func TestLongValuesAreCut(t *testing.T) {
	t.Parallel()
	long := tickets + "?sort=" + strings.Repeat("é", 500)
	found := verdict.OnRequest(load(t, openapi.InboxOps), httptest.NewRequest("GET", long, nil))
	if len(found) != 1 || len([]rune(found[0].Got)) != 80 || !strings.HasSuffix(found[0].Got, "…") {
		t.Errorf("got %v, want one violation whose value is cut to 80 characters", found)
	}
}

// commands reports whether a sentence holds what a terminal does not just show.
func commands(sentence string) bool {
	return !utf8.ValidString(sentence) || strings.IndexFunc(sentence, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0
}

func FuzzOnRequestQuery(f *testing.F) {
	for _, c := range requestCases {
		if _, query, ok := strings.Cut(c.target, "?"); ok {
			f.Add(query)
		}
	}
	f.Add("custom_field_%1b[31m=1&custom_field_%1b[31m=2&page=\xc2\x9b&created_after=2024-12-25T10:00:00+02:00\xc2\x9b&%c2%9b=1&status=%0a")
	f.Add("status[a][b]=1&;=%00&custom_field_=&=&page=\x00")
	contracts := map[string]string{openapi.InboxOps: tickets, openapi.AppHandoff: handoff}
	f.Fuzz(func(t *testing.T, query string) {
		for name, path := range contracts {
			r := httptest.NewRequest("GET", path, nil)
			r.URL.RawQuery = query
			found := verdict.OnRequest(load(t, name), r)
			for _, v := range found {
				if v.Where == "" || v.Rule == "" || v.Rule == openapi.RuleContract || v.Reason == "" || commands(v.String()) {
					t.Errorf("%q: %#v", query, v)
				}
			}
			// A query of separators alone says nothing.
			if len(found) > 0 && strings.Trim(query, "&") == "" {
				t.Errorf("%q: %v, want none", query, found)
			}
		}
	})
}

func FuzzOnRequestBody(f *testing.F) {
	for _, c := range requestCases {
		f.Add(c.body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", thread, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		for _, v := range verdict.OnRequest(load(t, openapi.InboxOps), r) {
			if v.Where == "" || v.Rule == "" || v.Rule == openapi.RuleContract || v.Reason == "" || commands(v.String()) {
				t.Errorf("%q: %#v", body, v)
			}
		}
	})
}

func BenchmarkOnRequest(b *testing.B) {
	for _, name := range []string{"a list without parameters", "all documented parameters", "an unknown status", "a note"} {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			c := requestCases[name]
			for b.Loop() {
				contract, r := c.request(b)
				if found := verdict.OnRequest(contract, r); len(found) != len(c.want) {
					b.Fatal(found)
				}
			}
		})
	}
}

func BenchmarkOnResponse(b *testing.B) {
	contract := load(b, openapi.InboxOps)
	row := goodTickets[len(`{"data": [`):strings.Index(goodTickets, "],")]
	body := `{"data": [` + strings.TrimSuffix(strings.Repeat(row+",", 25), ",") + `], "meta": {"page": 1, "per_page": 25, "total": 25}}`
	r := httptest.NewRequest(http.MethodGet, tickets, nil)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if found := verdict.OnResponse(contract, r, answer(200, plainJSON, body)); len(found) > 0 {
			b.Fatal(found)
		}
	}
}
