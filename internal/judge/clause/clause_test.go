package clause_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/openapi"
)

func TestTheClausesOfAGroupAreNumberedInOrder(t *testing.T) {
	t.Parallel()
	got := map[string]int{}
	for _, c := range scenario.All() {
		prefix := c.ID[:strings.LastIndex(c.ID, "-")]
		got[prefix]++
		if id := fmt.Sprintf("%s-%02d", prefix, got[prefix]); c.ID != id {
			t.Errorf("%s stands where %s is expected", c.ID, id)
		}
	}
}

func TestEachClauseIsComplete(t *testing.T) {
	t.Parallel()
	known := map[clause.API]*openapi.Contract{}
	for _, api := range []clause.API{clause.InboxOps, clause.AppHandoff} {
		contract, err := openapi.Load(string(api))
		if err != nil {
			t.Fatal(err)
		}
		known[api] = contract
	}
	for _, c := range scenario.All() {
		if !strings.HasSuffix(c.Words, ".") || len(strings.Fields(c.Words)) < 3 {
			t.Errorf("%s: words are no sentence: %q", c.ID, c.Words)
		}
		if c.Level != clause.Strict && c.Level != clause.Lenient {
			t.Errorf("%s: level %q", c.ID, c.Level)
		}
		if c.Run == nil {
			t.Errorf("%s: nothing judges it", c.ID)
		}
		if !strings.HasPrefix(c.Page, "https://") || !strings.HasSuffix(c.Source, ".txt") || c.Group == "" {
			t.Errorf("%s: page %q, source %q, group %q", c.ID, c.Page, c.Source, c.Group)
		}
		for _, op := range c.Operations {
			if _, ok := known[c.API].Operation(op); !ok {
				t.Errorf("%s: no operation %s in the OpenAPI document of %s", c.ID, op, c.API)
			}
		}
		for _, n := range c.Needs {
			if n.Reason() == "" || n.Unlock() == "" {
				t.Errorf("%s: need %q has no reason or nothing that meets it", c.ID, n)
			}
		}
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		patterns []string
		want     string // ids, or the error
	}{
		"an id":                              {[]string{"IO-AUTH-02"}, "IO-AUTH-02"},
		"letter case does not matter":        {[]string{"io-auth-02"}, "IO-AUTH-02"},
		"a set, in the catalogue's order":    {[]string{"IO-AUTH-0[31]"}, "IO-AUTH-01 IO-AUTH-03"},
		"each clause once":                   {[]string{"IO-RATE-01", "IO-RATE-0?"}, "IO-RATE-01 IO-RATE-02 IO-RATE-03 IO-RATE-04 IO-RATE-05 IO-RATE-06"},
		"no pattern selects nothing":         {nil, ""},
		"a star does not mean all groups":    {[]string{"AH-MSG-*"}, "AH-MSG-01 AH-MSG-02 AH-MSG-03 AH-MSG-04 AH-MSG-05 AH-MSG-06 AH-MSG-07 AH-MSG-08"},
		"a near miss is corrected":           {[]string{"IO-AUHT-02"}, `pattern "IO-AUHT-02" matches no clause; hint: did you mean IO-AUTH-02?`},
		"a group without its star":           {[]string{"IO-CF"}, `pattern "IO-CF" matches no clause; hint: did you mean IO-CF*?`},
		"a number of one digit":              {[]string{"IO-AUTH-1"}, `pattern "IO-AUTH-1" matches no clause; hint: did you mean IO-AUTH-01?`},
		"a number of three":                  {[]string{"IO-AUTH-010"}, `pattern "IO-AUTH-010" matches no clause; hint: did you mean IO-AUTH-10?`},
		"nonsense":                           {[]string{"x"}, `pattern "x" matches no clause; hint: ids look like IO-AUTH-01 and AH-MSG-*; mockdesk check --list prints all`},
		"a broken pattern":                   {[]string{"IO-[AUTH"}, `pattern "IO-[AUTH" is broken: a [ needs its ]; hint: IO-AUTH-0[1-3]`},
		"one that matches does not save one": {[]string{"IO-AUTH-01", "IO-AUTH-99"}, `pattern "IO-AUTH-99" matches no clause; hint: did you mean IO-AUTH-09?`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := clause.Select(scenario.All(), tc.patterns)
			var ids []string
			for _, c := range found {
				ids = append(ids, c.ID)
			}
			got := strings.Join(ids, " ")
			if err != nil {
				got = err.Error()
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("Select(%q) (-want +got):\n%s", tc.patterns, d)
			}
		})
	}
}

func FuzzSelect(f *testing.F) {
	f.Add("IO-*")
	f.Add("[")
	f.Add("\\")
	f.Add(" io-auth-0[2-3] ")
	f.Add("[^i]*")
	f.Fuzz(func(t *testing.T, pattern string) {
		found, err := clause.Select(scenario.All(), []string{pattern})
		if (len(found) == 0) == (err == nil) {
			t.Errorf("Select(%q): %d clauses and error %v", pattern, len(found), err)
		}
		var ids []string
		for _, c := range found {
			ids = append(ids, c.ID)
		}
		again, err := clause.Select(scenario.All(), ids)
		if err != nil || !slices.EqualFunc(again, ids, func(s scenario.Scenario, id string) bool { return s.ID == id }) {
			t.Errorf("Select(%q): its ids select %d clauses of %d, %v", pattern, len(again), len(found), err)
		}
	})
}

func ExampleSelect() {
	clauses, err := clause.Select(scenario.All(), []string{"IO-AUTH-0[23]"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range clauses {
		fmt.Println(c.ID, c.Level, c.Words)
	}
	// Output:
	// IO-AUTH-02 strict GET /tickets without Authorization is 401.
	// IO-AUTH-03 strict GET /tickets with a Bearer token that is not a known key is 401.
}
