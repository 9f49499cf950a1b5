package model_test

import (
	"slices"
	"testing"

	"github.com/mockdesk/mockdesk/internal/judge/model"
)

// What a plan of pairs leaves out is asked for when requests are left: three
// filters together, each with a later page and in pages of one row.
func TestFurtherQuestionsMeetWhatAPlanLeavesOut(t *testing.T) {
	t.Parallel()
	s := space()
	for i, f := range s.Filters {
		s.Filters[i].Class, s.Filters[i].Family = f.Kind, f.Kind
	}
	s.Single = true
	plan := s.Plan(1, 5)
	further := s.Further(1, plan, 100)
	for name, is := range map[string]func(model.Question) bool{
		"three filters":              func(q model.Question) bool { return len(q.Filters) == 3 },
		"two filters on page 2":      func(q model.Question) bool { return len(q.Filters) == 2 && q.Page == 2 },
		"a page but the first, of 1": func(q model.Question) bool { return q.Size == 1 && q.Page > 1 },
	} {
		if !slices.ContainsFunc(append(plan, further...), is) {
			t.Errorf("none of %d and %d questions has %s", len(plan), len(further), name)
		}
	}
	if again := s.Further(1, append(plan, further...), 100); len(again) > len(further)/4 {
		t.Errorf("%d questions are asked further than %d that were", len(again), len(further))
	}
	if slices.Contains(s.Sizes, 1) {
		t.Error("pages of one row stay in the space")
	}
}
