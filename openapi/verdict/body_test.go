package verdict_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// Bodies that are no JSON are judged by media type and schema as texts.
func TestBodiesOfOtherTypes(t *testing.T) {
	t.Parallel()
	contract := load(t, openapi.Control)
	const file = "/_mockdesk/faults.yaml"
	requests := map[string]struct{ kind, body, rule string }{
		"YAML is taken":            {"application/yaml", "faults: [", ""},
		"JSON is not YAML":         {"application/json", "{}", openapi.RuleContentType},
		"an empty body is no file": {"application/yaml", "", openapi.RuleBody},
	}
	for name, c := range requests {
		r := httptest.NewRequest("POST", file, strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		checkRules(t, name, verdict.OnRequest(contract, r), c.rule)
	}
	answers := map[string]struct{ kind, body, rule string }{
		"YAML is answered":              {"application/yaml", "faults: []", ""},
		"parameters of the type may be": {"application/yaml; charset=utf-8", "faults: []", ""},
		"text is not YAML":              {"text/plain", "faults: []", openapi.RuleContentType},
		"an empty answer is no file":    {"application/yaml", "", openapi.RuleBody},
	}
	for name, c := range answers {
		r := httptest.NewRequest("GET", file, nil)
		checkRules(t, name, verdict.OnResponse(contract, r, answer(200, c.kind, c.body)), c.rule)
	}
}

// checkRules wants one violation of the rule, none for an empty one.
func checkRules(t *testing.T, name string, found []openapi.Violation, rule string) {
	t.Helper()
	switch {
	case rule == "" && len(found) > 0, rule != "" && (len(found) != 1 || found[0].Rule != rule):
		t.Errorf("%s: got %v, want %q", name, found, rule)
	}
}

// Every operation of the control API can be checked, and says what it is for.
func TestControlOperations(t *testing.T) {
	t.Parallel()
	contract := load(t, openapi.Control)
	if len(contract.Operations()) == 0 {
		t.Fatal("there are no operations")
	}
	for _, op := range contract.Operations() {
		if !strings.HasPrefix(op.Path, "/_mockdesk/") || op.Summary == "" {
			t.Errorf("%s: path %s, summary %q", op.ID, op.Path, op.Summary)
		}
		if status := op.Responses[0].Status; status >= 300 {
			t.Errorf("%s: its first answer is %d", op.ID, status)
		}
		for _, v := range verdict.OnRequest(contract, httptest.NewRequest(op.Method, op.Path, strings.NewReader("{}"))) {
			if v.Rule == openapi.RuleContract {
				t.Errorf("%s: %v", op.ID, v)
			}
		}
	}
}
