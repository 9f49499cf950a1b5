package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// ids lists the rules in force with their counts.
func ids(s *fault.Set) []string {
	list := []string{}
	for _, rule := range s.List() {
		list = append(list, fmt.Sprintf("%s %d/%d", rule.ID, rule.Fired, rule.Matched))
	}
	return list
}

func TestSet(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{Then: teapot}, fault.Rule{ID: "mine", Then: teapot}, fault.Rule{Then: teapot})
	s.Decide(request(), start)
	wantStrings(t, ids(s), []string{"fault-1 1/1", "mine 0/0", "fault-3 0/0"})

	if err := s.Replace(start.Add(time.Hour), "fault-1", fault.Rule{ID: "ignored", Name: "new", When: fault.When{Nth: 2}, Then: teapot}); err != nil {
		t.Fatal(err)
	}
	s.Decide(request(), start)
	wantStrings(t, ids(s), []string{"fault-1 0/1", "mine 1/1", "fault-3 0/0"})
	if first := s.List()[0]; first.Name != "new" || !first.Since.Equal(start.Add(time.Hour)) {
		t.Errorf("the rule was not replaced: %+v", first)
	}

	if err := s.Delete("mine"); err != nil {
		t.Fatal(err)
	}
	wantStrings(t, ids(s), []string{"fault-1 0/1", "fault-3 0/0"})
	for name, err := range map[string]error{
		"delete": s.Delete("mine"), "replace": s.Replace(start, "mine", fault.Rule{Then: teapot}),
	} {
		if !errors.Is(err, fault.ErrNoRule) {
			t.Errorf("%s of an unknown id: %v, want %v", name, err, fault.ErrNoRule)
		}
	}

	s.Clear()
	wantStrings(t, ids(s), []string{})
	if effect := s.Decide(request(), start); effect != (fault.Effect{}) {
		t.Errorf("without rules: %+v", effect)
	}
}

func TestAddTakesAllOrNone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rules []fault.Rule
		want  string
	}{
		"an id in force":   {[]fault.Rule{{ID: "b", Then: teapot}, {ID: "a", Then: teapot}}, `a rule with the id "a" is in force already`},
		"an id twice":      {[]fault.Rule{{ID: "b", Then: teapot}, {ID: "b", Then: teapot}}, `a rule with the id "b" is in force already`},
		"too many":         {make([]fault.Rule, 1000), "holds as many rules as it may, which is 1000 (hint: delete some first)"},
		"a bad status":     {[]fault.Rule{{ID: "b", Then: teapot}, {Then: fault.Then{Status: &fault.Status{Code: "299"}}}}, `rule 2: code "299" is not a problem code; the codes are 400`},
		"no effect":        {[]fault.Rule{{}}, "rule 1: then has no effect"},
		"a bad count":      {[]fault.Rule{{When: fault.When{Times: -1}, Then: teapot}}, "are not negative"},
		"a bad pattern":    {[]fault.Rule{{Match: fault.Match{Path: "/["}, Then: teapot}}, "is no pattern"},
		"a bad pointer":    {[]fault.Rule{{Then: fault.Then{Violation: &fault.Violation{Pointer: "data", Make: "null"}}}}, "is no JSON pointer"},
		"a bad byte count": {[]fault.Rule{{Then: fault.Then{Body: &fault.Body{CutAfter: new(-1)}}}}, "counts bytes from 0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := set(t, fault.Rule{ID: "a", Then: teapot})
			added, err := s.Add(start, test.rules...)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if len(added) != 0 {
				t.Errorf("returned %d rules beside the error", len(added))
			}
			wantStrings(t, ids(s), []string{"a 0/0"})
			s.Decide(request(), start)
		})
	}
}

func TestReplaceChecksTheRule(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{ID: "a", Then: teapot})
	err := s.Replace(start, "a", fault.Rule{Then: fault.Then{Status: &fault.Status{Code: "299"}}})
	if err == nil || !strings.Contains(err.Error(), `code "299" is not a problem code`) {
		t.Errorf("got %v", err)
	}
	if effect := s.Decide(request(), start); effect.Rule != "a" || effect.Refuse != nil {
		t.Errorf("the rule did not stay as it was: %+v", effect)
	}
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	s := set(t,
		fault.Rule{ID: "chance", When: fault.When{Probability: 0.5}, Then: teapot},
		fault.Rule{ID: "thrice", When: fault.When{Times: 3}, Then: teapot},
	)
	fires(s, 3)
	snapshot, before := s.Snapshot(start), ids(s)
	first := fires(s, 50)
	if err := s.Delete("thrice"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(start, fault.Rule{Then: teapot}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a snapshot may be restored again
		s.Restore(snapshot, start)
		wantStrings(t, ids(s), before)
		if again := fires(s, 50); again != first {
			t.Errorf("after going back\n%s, before\n%s", again, first)
		}
	}
	s.Restore(snapshot, start)
	added, err := s.Add(start, fault.Rule{Then: teapot})
	if err != nil || added[0].ID != "fault-3" {
		t.Errorf("after going back a new rule is %v, %v; want fault-3", added, err)
	}
	s.Clear()
	s.Restore(fault.NewSet(1, 1000, nil).Snapshot(start), start)
	if effect := s.Decide(request(), start); effect.Then != nil {
		t.Errorf("back where there was no rule: %+v", effect)
	}
}

// A rule that changed nothing has as many times left as before.
func TestAMissIsNoneOfTheTimes(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{When: fault.When{Times: 1}, Then: teapot})
	first := s.Decide(request(), start)
	if second := s.Decide(request(), start); first.Rule == "" || second.Rule != "" {
		t.Errorf("once: %q, then %q", first.Rule, second.Rule)
	}
	s.Miss(&first)
	if again, more := s.Decide(request(), start), s.Decide(request(), start); again.Rule != first.Rule || more.Rule != "" {
		t.Errorf("behind a miss: %q, then %q, want %q once", again.Rule, more.Rule, first.Rule)
	}
	wantStrings(t, ids(s), []string{"fault-1 1/4"})
	if got := s.List()[0].Missed; got != 1 {
		t.Errorf("missed %d times, want 1", got)
	}
}

func TestDisabled(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{Disabled: true, Then: teapot}, fault.Rule{Then: teapot})
	s.Decide(request(), start)
	wantStrings(t, ids(s), []string{"fault-1 0/0", "fault-2 1/1"})
	if err := s.Replace(start, "fault-1", fault.Rule{Then: teapot}); err != nil {
		t.Fatal(err)
	}
	s.Decide(request(), start)
	wantStrings(t, ids(s), []string{"fault-1 1/1", "fault-2 1/1"})
}

func TestOrder(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{Then: teapot}, fault.Rule{Then: teapot}, fault.Rule{Then: teapot})
	s.Decide(request(), start)
	if err := s.Order([]string{"fault-3", "fault-1", "fault-2"}); err != nil {
		t.Fatal(err)
	}
	s.Decide(request(), start)
	wantStrings(t, ids(s), []string{"fault-3 1/1", "fault-1 1/1", "fault-2 0/0"})
	for _, wrong := range [][]string{nil, {"fault-1", "fault-2"}, {"fault-1", "fault-2", "fault-2"}, {"fault-1", "fault-2", "nix"}} {
		if err := s.Order(wrong); err == nil {
			t.Errorf("the order %v is taken", wrong)
		}
	}
	wantStrings(t, ids(s), []string{"fault-3 1/1", "fault-1 1/1", "fault-2 0/0"})
}

func TestSpent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		when fault.When
		want []bool // after so many requests, one a second
	}{
		"a rule without an end":   {fault.When{After: 1}, []bool{false, false, false, false}},
		"so often":                {fault.When{Times: 2}, []bool{false, false, true, true}},
		"the nth":                 {fault.When{Nth: 3}, []bool{false, false, false, true}},
		"for a while":             {fault.When{For: fault.Duration(2 * time.Second)}, []bool{false, false, true, true}},
		"so often, and by chance": {fault.When{Times: 1, Probability: 1}, []bool{false, true, true, true}},
	} {
		s := set(t, fault.Rule{When: test.when, Then: teapot})
		for i, want := range test.want {
			now := start.Add(time.Duration(i) * time.Second)
			if got := s.ListAt(now)[0].Spent; got != want {
				t.Errorf("%s: after %d requests spent is %t, want %t", name, i, got, want)
			}
			s.Decide(request(), now)
		}
	}
}
