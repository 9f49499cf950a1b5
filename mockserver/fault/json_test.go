package fault_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// JSON is read as JSON, also where YAML would read something else.
func TestParseReadsJSONAsJSON(t *testing.T) {
	t.Parallel()
	broken := fault.Then{Malformed: true}
	tests := map[string]struct {
		text string
		want fault.Rule
	}{
		"escaped slashes":      {`{"match": {"path": "\/api\/v1\/tickets"}, "then": {"malformed": true}}`, fault.Rule{Match: fault.Match{Path: "/api/v1/tickets"}, Then: broken}},
		"a pair of surrogates": {`{"name": "\ud83d\udea8", "then": {"malformed": true}}`, fault.Rule{Name: "🚨", Then: broken}},
		"null members":         {`{"id": null, "name": null, "match": null, "when": {"times": null, "for": null}, "then": {"malformed": true, "status": null, "headers": null}}`, fault.Rule{Then: broken}},
		"null in effects":      {`{"then": {"malformed": true, "status": {"code": 503, "retry_after": null}, "body": {"cut_after": null, "stall_after": 3}}}`, fault.Rule{Then: fault.Then{Malformed: true, Status: &fault.Status{Code: "503"}, Body: &fault.Body{StallAfter: new(3)}}}},
		"tabs and no blanks":   {"{\n\t\"then\":{\"malformed\":true},\n\t\"when\":{\"for\":\"30s\",\"probability\":0.5}\n}", fault.Rule{When: fault.When{For: fault.Duration(30 * time.Second), Probability: 0.5}, Then: broken}},
		"words of YAML":        {`{"name": "no", "match": {"header": {"X": "1.0", "Y": "null", "Z": "~"}}, "then": {"malformed": true}}`, fault.Rule{Name: "no", Match: fault.Match{Header: map[string]string{"X": "1.0", "Y": "null", "Z": "~"}}, Then: broken}},
		"marks of YAML":        {`{"name": "&a *b # c: d", "then": {"malformed": true}}`, fault.Rule{Name: "&a *b # c: d", Then: broken}},
		"a line end in a text": {`{"name": "a\nb", "then": {"malformed": true}}`, fault.Rule{Name: "a\nb", Then: broken}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := scope.ParseRule([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, got, test.want)
			file, err := scope.Parse([]byte(`{"faults": [` + test.text + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, file, []fault.Rule{test.want})
		})
	}
}

// What is larger than any file of rules is refused for that, at once.
func TestParseRefusesVeryMuch(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	const many = 95_000
	repeat := func(format, separator string) string {
		parts := make([]string, many)
		for i := range parts {
			parts[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(parts, separator)
	}
	tests := map[string]struct{ text, want string }{
		"members of a file":        {repeat("x%d: a", "\n"), "line 1: a mapping has 95000 members, and none in a rule has more than 1000" + fileHint},
		"members of a JSON file":   {"{" + repeat(`"x%d": 1`, ",\n") + "}", "line 1: a mapping has 95000 members, and none in a rule has more than 1000" + fileHint},
		"one member, many times":   {repeat("faults: [] #%d", "\n"), "line 1: a mapping has 95000 members, and none in a rule has more than 1000" + fileHint},
		"members of a rule":        {"faults:\n- then: {malformed: true}\n  " + repeat("x%d: a", "\n  "), "line 2: rule 1: a mapping has 95001 members, and none in a rule has more than 1000"},
		"headers":                  {"faults:\n- then: {malformed: true}\n  match:\n    header:\n      " + repeat("x%d: a", "\n      "), "line 5: rule 1: a mapping has 95000 members, and none in a rule has more than 1000"},
		"a list of headers":        {"faults:\n- then: {headers: {remove: [" + repeat("x%d", ",") + "]}}", "line 2: rule 1: a list has 95000 members, and none in a rule has more than 1000"},
		"rules":                    {"faults:\n- " + repeat("{then: {malformed: true}} #%d", "\n- "), "there are 95000 rules in it: the workspace holds as many rules as it may, which is 1000 (hint: serve with --max-rules 95000)" + ""},
		"wrong rules":              {"faults:\n- " + strings.Repeat("{}\n- ", 99) + "{}", "line 2: rule 1: " + noEffect + "\n…"},
		"a deep list":              {"faults: " + strings.Repeat("[", many) + strings.Repeat("]", many), "line 1: …"},
		"a deep list that is JSON": {strings.Repeat("[", 9000) + strings.Repeat("]", 9000), "line 1: it is nested more than 100 deep" + fileHint},
		"aliases of aliases": {
			"faults:\n- &a0 {then: {malformed: true}}\n" + aliases(7), "its aliases stand for more than a file of rules can hold (hint: write the rules out)",
		},
		"half a character": {`{"faults": [{"name": "\ud800", "then": {"malformed": true}}]}`, `line 1: "\ufffd" holds what is no character, such as half of one (hint: \ud83d\udea8 is a whole one)`},
	}
	limited := scope
	limited.Most = 1000
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := limited.Parse([]byte(test.text))
			if err == nil {
				t.Fatal("accepted")
			}
			want, more := strings.CutSuffix(test.want, "…")
			if got := err.Error(); got != want && !(more && strings.HasPrefix(got, want)) || len(err.Error()) > 4000 {
				t.Errorf("got  %.300s\nwant %s", err, test.want)
			}
			wantPlain(t, err)
		})
	}
}

// aliases are rules each of which merges the one before it ten times.
func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "- &a%d {<<: [%s]}\n", i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	return b.String()
}
