package journal_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

func TestHeadersAreMasked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ name, value, want string }{
		"a bearer token":                    {"Authorization", "Bearer ixk_test_readwrite", "Bearer ixk_…te"},
		"a bearer token of no known key":    {"Authorization", "bearer  somebody-elses-secret", "bearer some…et"},
		"a short token":                     {"Authorization", "Bearer hunter2", "Bearer …"},
		"another scheme":                    {"Authorization", "Basic dXNlcjpwYXNzd29yZA==", "Basic …"},
		"no scheme":                         {"Authorization", "ixk_test_readwrite", "ixk_…te"},
		"a key in the place of the scheme":  {"Authorization", "ixk_test_readwrite x", "ixk_…te …"},
		"an empty value":                    {"Authorization", "", ""},
		"for a proxy":                       {"Proxy-Authorization", "Basic dXNlcjpwYXNzd29yZA==", "Basic …"},
		"a cookie":                          {"Cookie", "session=abc", "…"},
		"a key in a header of another name": {"X-Api-Key", "ah_k_test_member", "ah_k…er"},
		"a secret of the configuration":     {"X-Note", "say open-sesame-please now", "say open…se now"},
		"what only begins like a key":       {"X-Note", "ixk_ is a prefix", "ixk_ is a prefix"},
		"ordinary text":                     {"X-Note", "application/json", "application/json"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(journal.Config{Secrets: []string{"", "open-sesame-please", "open-sesame"}})
			r := get()
			r.Key = ""
			r.RequestHeader = http.Header{test.name: {test.value}}
			r.ResponseHeader = http.Header{"Set-Cookie": {"session=abc"}}
			j.Add(r)
			e, _ := j.Get(1)
			if got := e.RequestHeader.Get(test.name); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if got := e.ResponseHeader.Get("Set-Cookie"); got != "…" {
				t.Errorf("Set-Cookie is %q, want it masked", got)
			}
			if r.RequestHeader.Get(test.name) != test.value {
				t.Error("the server's own header was changed")
			}
		})
	}
}

func TestAddressesAreMasked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ path, query, want string }{
		"a key in the query":              {"/a", "key=ixk_test_readwrite&page=1", "/a?key=ixk_…te&page=1"},
		"percent-encoded":                 {"/a", "key=ixk%5Ftest%5Freadwrite", "/a?key=ixk_…te"},
		"as a name":                       {"/a", "ixk_test_readwrite", "/a?ixk_…te"},
		"in the path":                     {"/a/ixk_test_readwrite/b", "", "/a/ixk_…te/b"},
		"in the path, percent-encoded":    {"/a/ixk%5Ftest_readwrite", "", "/a/ixk_…te"},
		"with something that needs %":     {"/a", "q=%26+ixk%5Ftest_readwrite", "/a?q=%26+ixk_…te"},
		"what cannot be decoded stays":    {"/a", "q=%zz", "/a?q=%zz"},
		"ordinary encodings stay":         {"/a", "q=a%20b&&x==", "/a?q=a%20b&&x=="},
		"the token the request came with": {"/a", "token=somebody-elses-secret", "/a?token=some…et"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(journal.Config{})
			r := get()
			r.Key, r.Path, r.Query = "", test.path, test.query
			r.RequestHeader = http.Header{"Authorization": {"Bearer somebody-elses-secret"}}
			j.Add(r)
			if e, _ := j.Get(1); e.URL != test.want {
				t.Errorf("got %s, want %s", e.URL, test.want)
			}
		})
	}
}

// A key may be wherever a client can write: no way out of the journal shows it.
func TestNoSecretLeaves(t *testing.T) {
	t.Parallel()
	const secret = "ixk_test_readwrite"
	j := newJournal(journal.Config{Secrets: []string{secret}})
	r := post()
	r.RequestID, r.Method, r.Host, r.Path = secret, secret, secret, r.Path+"/"+secret
	r.Query = "api_key=" + secret + "&" + secret + "=1"
	r.RequestHeader = http.Header{
		"Authorization": {"Bearer " + secret}, "X-Request-Id": {secret}, "Content-Type": {secret}, "Cookie": {secret}, "X-Other": {secret},
	}
	r.RequestBody = []byte(`{"` + secret + `": "` + secret + `"}`)
	r.RequestBytes = int64(len(r.RequestBody))
	r.ResponseBody = []byte(secret)
	r.ResponseHeader = http.Header{"X-Request-Id": {secret}, "Retry-After": {"3"}}
	r.Why = "key " + secret
	j.Add(r)
	r.Method, r.Path = "POST", post().Path // of an operation: its verdict quotes more
	j.Add(r)
	j.Add(r)
	address := r
	address.Method, address.Path = "DELETE", "/api/v1/tickets/"+secret+"/messages"
	j.Add(address)
	twice := get()
	twice.Query = "custom_field_" + secret + "=1&custom_field_" + secret + "=2"
	j.Add(twice)
	entries := list(t, j, journal.Filter{})
	verification, err := j.Verify(journal.Expectation{
		Filter: journal.Filter{Header: map[string]string{"X-Other": "Bearer " + secret}}, Exactly: new(2),
	})
	if err != nil || len(verification.NearMisses) == 0 {
		t.Fatalf("no near misses: %v", err)
	}
	retries := j.Retries()
	if len(retries.Early) == 0 {
		t.Fatal("no early retries")
	}
	if len(entries[1].Violations) < 3 {
		t.Fatalf("want several violations that could quote the key, got %v", entries[1].Violations)
	}
	outputs := map[string]any{
		"entries": entries, "archive": journal.HAR("v1", entries), "summary": j.Summary(),
		"verification": verification, "retries": retries, "curl": []string{entries[0].Curl(), entries[1].Curl()},
	}
	for name, output := range outputs {
		text, err := json.Marshal(output)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), secret) {
			t.Errorf("%s show the key: %s", name, text)
		}
	}
	if diff := cmp.Diff("ixk_…te", entries[0].Key); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
