package journal_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// rules are those that requests can break.
const rules = "body, content-type, duplicate-key, encoding, enum, format, http, pattern, range, repeated, required, schema, too-many, type, " +
	"undocumented-field, undocumented-method, undocumented-path, unknown-parameter"

func TestParseAllowances(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []journal.Allowance
		err  string
	}{
		"a place":                          {"query.status", []journal.Allowance{{Where: "query.status"}}, ""},
		"a rule and a place":               {"enum query.status", []journal.Allowance{{"enum", "query.status"}}, ""},
		"several":                          {" enum  query.status ,body.type", []journal.Allowance{{"enum", "query.status"}, {Where: "body.type"}}, ""},
		"everything":                       {"*", []journal.Allowance{{Where: "*"}}, ""},
		"a rule anywhere":                  {"enum *", []journal.Allowance{{"enum", "*"}}, ""},
		"a kind of place":                  {"query*", []journal.Allowance{{Where: "query*"}}, ""},
		"a name the contract lacks":        {"query.statsu", []journal.Allowance{{Where: "query.statsu"}}, ""},
		"the rule for such names":          {"unknown-parameter query.statsu", []journal.Allowance{{"unknown-parameter", "query.statsu"}}, ""},
		"a custom field":                   {"pattern query.custom_field_x", []journal.Allowance{{"pattern", "query.custom_field_x"}}, ""},
		"the method":                       {"undocumented-method method", []journal.Allowance{{"undocumented-method", "method"}}, ""},
		"a member of the body":             {"body.data[3].id", []journal.Allowance{{Where: "body.data[3].id"}}, ""},
		"nothing is refused":               {"", nil, `"" is not a place, or a rule and a place; hint: enum query.status`},
		"three words are refused":          {"enum query status", nil, `"enum query status" is not a place, or a rule and a place; hint: enum query.status`},
		"the good one of two is kept":      {"query.page,", []journal.Allowance{{Where: "query.page"}}, `"" is not a place, or a rule and a place; hint: enum query.status`},
		"a rule nobody knows is refused":   {"enmu query.status", nil, `"enmu query.status": there is no rule "enmu" on requests; hint: did you mean enum?`},
		"a rule on answers is refused":     {"undocumented-status *", nil, `"undocumented-status *": there is no rule "undocumented-status" on requests; hint: the rules are ` + rules},
		"a broken contract is refused":     {"contract *", nil, `"contract *": there is no rule "contract" on requests; hint: the rules are ` + rules},
		"a rule alone is refused":          {"enum", nil, `"enum": "enum" is a rule, which needs a place; hint: enum *`},
		"a place nobody knows is refused":  {"qurey.status", nil, `"qurey.status": no place begins with "qurey"; hint: did you mean query.status?`},
		"a place without a head":           {"status", nil, `"status": no place begins with "status"; hint: places are * and such as query.status, path.id, header.Content-Type, body.type, method`},
		"a rule at a wrong place":          {"too-many body.type", nil, `"too-many body.type": the rule too-many is never broken there; hint: too-many *`},
		"a misspelt name with such a rule": {"enum query.statsu", nil, `"enum query.statsu": no operation has it; hint: did you mean query.status?`},
		"a header in another case":         {"header.content-type", nil, `"header.content-type": no operation has it; hint: did you mean header.Content-Type?`},
		"a name in the path":               {"path.project", nil, `"path.project": no operation has it; hint: there are path.id, path.ticketId`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := journal.ParseAllowances(test.text)
			message := ""
			if err != nil {
				message = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" || message != test.err {
				t.Errorf("error %s\nwant  %s\n-want +got:\n%s", message, test.err, diff)
			}
		})
	}
}

// A request that says so itself breaks the contract without a breach.
func TestAllowHeader(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		query   string
		header  []string
		broken  []string // places
		allowed []string
		unused  []string
	}{
		"without it there is a breach":      {"status=bogus", nil, []string{"query.status"}, nil, nil},
		"with its place there is none":      {"status=bogus", []string{"query.status"}, nil, []string{"query.status"}, nil},
		"with its rule and place":           {"status=bogus", []string{"enum query.status"}, nil, []string{"query.status"}, nil},
		"with everything":                   {"status=bogus&page=0", []string{"*"}, nil, []string{"query.status", "query.page"}, nil},
		"another place helps nothing":       {"status=bogus", []string{"query.page"}, []string{"query.status"}, nil, []string{"query.page"}},
		"another rule helps nothing":        {"status=bogus", []string{"type query.status"}, []string{"query.status"}, nil, []string{"type query.status"}},
		"what it does not say stays":        {"status=bogus&page=0", []string{"query.status"}, []string{"query.page"}, []string{"query.status"}, nil},
		"two in one header":                 {"status=bogus&page=0", []string{"query.status, range query.page"}, nil, []string{"query.status", "query.page"}, nil},
		"two headers":                       {"status=bogus&page=0", []string{"query.status", "query.page"}, nil, []string{"query.status", "query.page"}, nil},
		"a request that is right after all": {"status=open", []string{"query.status"}, nil, nil, []string{"query.status"}},
		"one that cannot be read": {
			"status=bogus",
			[]string{"enmu query.status"},
			[]string{"query.status"},
			nil,
			[]string{`"enmu query.status": there is no rule "enmu" on requests; hint: did you mean enum?`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(journal.Config{})
			r := get()
			r.Query = test.query
			r.RequestHeader = http.Header{journal.AllowHeader: test.header}
			j.Add(r)
			entry, _ := j.Get(1)
			s := j.Summary()
			var unused []string
			for _, u := range s.Unused {
				unused = append(unused, u.Allowance)
				if u.Count != 1 || u.First.Seq != 1 {
					t.Errorf("%+v, want the first request", u)
				}
			}
			if diff := cmp.Diff([][]string{test.broken, test.allowed, test.unused}, [][]string{places(entry.Violations), places(entry.Allowed), unused}); diff != "" {
				t.Errorf("broken, allowed, unused (-want +got):\n%s", diff)
			}
			if int(s.Allowed) != len(test.allowed) || len(s.Violations) != len(test.broken) {
				t.Errorf("%d allowed and %d groups, want %d and %d", s.Allowed, len(s.Violations), len(test.allowed), len(test.broken))
			}
		})
	}
}

// places returns where violations are.
func places(violations []journal.Violation) []string {
	var all []string
	for _, v := range violations {
		all = append(all, v.Where)
	}
	return all
}
