package model_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// ticket is the i-th of some tickets: of every third the status is open, the
// older half has the priority low.
func ticket(i int) survey.Row {
	at := time.Date(2025, time.January, 1, i, 0, 0, 0, time.UTC)
	r := survey.Row{Where: fmt.Sprintf("data[%d]", i), Fields: map[string]any{
		"id": fmt.Sprintf("T%02d", i), "status": "closed", "priority": "low",
		"created_at": at.Format(time.RFC3339), "updated_at": at.Add(-2 * time.Duration(i) * time.Hour).Format(time.RFC3339),
	}}
	if i%3 == 0 {
		r.Fields["status"] = "open"
	}
	if i >= 10 {
		r.Fields["priority"] = "high"
	}
	return r
}

func tickets(numbers ...int) []survey.Row {
	var rows []survey.Row
	for _, i := range numbers {
		rows = append(rows, ticket(i))
	}
	return rows
}

// space has twenty tickets and the filters status=open, priority=low and a tag
// that T03, T06, T07 and T12 carry.
func space() *model.Space {
	var all []survey.Row
	for i := range 20 {
		all = append(all, ticket(i))
	}
	l := model.NewList(all)
	l.Ranks = []string{"low", "high"}
	is := func(member, value string) model.Filter {
		return l.Hold(model.Filter{Kind: member, Query: member + "=" + value, Keep: func(r survey.Row) bool { return r.Text(member) == value }})
	}
	tag := model.Filter{Kind: "tags", Query: "tag_ids=x", Holds: map[string]bool{"t03": true, "t06": true, "t07": true, "t12": true}}
	return &model.Space{
		List: l, Filters: []model.Filter{is("status", "open"), is("priority", "low"), tag},
		Sorts: []string{"created_at", "updated_at", "priority"}, Size: 10, Sizes: []int{2, 10}, Paged: true, Past: true,
	}
}

func TestDiffer(t *testing.T) {
	t.Parallel()
	s := space()
	openLow := s.Plain(s.Filters[0], s.Filters[1]) // T00 T03 T06 T09
	tagged := s.Plain(s.Filters[0], s.Filters[2])  // T03 T06 T12
	second, newest, past := openLow, openLow, openLow
	second.Size, second.Page = 2, 2
	newest.Order = "desc"
	past.Page = 2
	altered := tickets(3, 6, 12)
	altered[1].Fields["subject"] = "another"
	tests := map[string]struct {
		question model.Question
		status   int
		rows     []survey.Row
		total    int64
		want     model.Sort // 0 for none
	}{
		"what both filters find":                {openLow, 200, tickets(0, 3, 6, 9), 4, 0},
		"without a total":                       {openLow, 200, tickets(0, 3, 6, 9), -1, 0},
		"what a hidden filter leaves":           {tagged, 200, tickets(3, 6, 12), 3, 0},
		"a refusal":                             {openLow, 400, nil, -1, model.Refused},
		"a ticket of another status":            {openLow, 200, tickets(0, 3, 6, 7), 4, model.Foreign},
		"a ticket without the tag":              {tagged, 200, tickets(3, 9, 12), 3, model.Foreign},
		"one too few":                           {openLow, 200, tickets(0, 3, 6), 4, model.Lost},
		"the second page":                       {second, 200, tickets(6, 9), 4, 0},
		"the first page again":                  {second, 200, tickets(0, 3), 4, model.Order},
		"the total of the page alone":           {second, 200, tickets(6, 9), 2, model.Total},
		"the newest first":                      {newest, 200, tickets(9, 6, 3, 0), 4, 0},
		"the oldest first where the newest are": {newest, 200, tickets(0, 3, 6, 9), 4, model.Order},
		"past the end":                          {past, 200, nil, 4, 0},
		"past the end the total is none":        {past, 200, nil, 0, model.Total},
		"another subject than in other lists":   {tagged, 200, altered, 3, model.Altered},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got model.Sort
			if d := s.List.Differ(tc.question, model.Answer{Status: tc.status, Rows: tc.rows, Total: tc.total}); d != nil {
				got = d.Sort
			}
			if got != tc.want {
				t.Errorf("difference %d, want %d", got, tc.want)
			}
		})
	}
}

// TestTiesAreFree lists tickets of one priority in any order.
func TestTiesAreFree(t *testing.T) {
	t.Parallel()
	s := space()
	q := s.Plain(s.Filters[1], s.Filters[2])
	q.Sort = "priority"
	if d := s.List.Differ(q, model.Answer{Status: 200, Rows: tickets(7, 3, 6), Total: 3}); d != nil {
		t.Errorf("%+v, want none", d)
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	raw := func(plan []model.Question) []string {
		var out []string
		for _, q := range plan {
			out = append(out, q.Raw())
		}
		return out
	}
	one := space().Plan(1, 40)
	if diff := cmp.Diff(raw(one), raw(space().Plan(1, 40))); diff != "" {
		t.Errorf("the same seed gives another plan: %s", diff)
	}
	if slices.Equal(raw(one), raw(space().Plan(2, 40))) {
		t.Error("another seed gives the same plan")
	}
	s := space()
	late, pairs := 0, map[string]bool{}
	for _, q := range one {
		if len(s.List.Matches(q)) == 0 {
			t.Errorf("%s finds nothing, and so tells nothing", q.Raw())
		}
		if q.Page > 2 {
			late++
		}
		for i, f := range q.Filters {
			for _, g := range q.Filters[i+1:] {
				pairs[min(f.Query, g.Query)+" "+max(f.Query, g.Query)] = true
			}
		}
	}
	if late == 0 || len(pairs) != 3 {
		t.Errorf("%d questions about late pages, pairs of filters %v; want some, and all three", late, pairs)
	}
}

func TestAPlanKeepsToWhatWorks(t *testing.T) {
	t.Parallel()
	s := space()
	s.Paged, s.Past = false, false
	for _, q := range s.Plan(1, 40) {
		if q.Page != 1 {
			t.Errorf("%s asks for a page although pages do not work", q.Raw())
		}
	}
}

func TestSmallerQuestions(t *testing.T) {
	t.Parallel()
	s := space()
	q := s.Plain(s.Filters[0], s.Filters[2])
	q.Order, q.Size, q.Page = "desc", 2, 3
	var got []string
	for _, less := range q.Without(s.Size) {
		got = append(got, less.Raw())
		if !less.Within(q) || q.Within(less) {
			t.Errorf("%s is not within %s alone", less.Raw(), q.Raw())
		}
	}
	want := []string{
		"status=open&tag_ids=x&sort=created_at&order=desc&per_page=2&page=1",
		"status=open&tag_ids=x&sort=created_at&order=asc&per_page=2&page=3",
		"tag_ids=x&sort=created_at&order=desc&per_page=2&page=3",
		"status=open&sort=created_at&order=desc&per_page=2&page=3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Two filters that find nothing together are asked for, too: one that is ignored
// shows the tickets of the other.
func TestPlanOfOpposedFilters(t *testing.T) {
	t.Parallel()
	s := space()
	opposite := model.Filter{Kind: "other", Class: "other", Query: "other=y", Holds: map[string]bool{"t01": true}} // T01 has no tag
	s.Filters[2].Class = "tags"
	s.Filters = []model.Filter{s.Filters[2], opposite}
	want := func(q model.Question) bool { return len(q.Filters) == 2 }
	plan := s.Plan(1, 100)
	if !slices.ContainsFunc(plan, want) {
		t.Errorf("none of %d questions has both filters", len(plan))
	}
	opposite.Holds = map[string]bool{}
	s.Filters[1] = opposite
	if slices.ContainsFunc(s.Plan(1, 100), want) {
		t.Error("a filter that finds nothing alone is combined")
	}
}

// What all tickets satisfy hides nothing of what a filter becomes beside it.
func TestPlanAsksEachFilterBesideANeutralOne(t *testing.T) {
	t.Parallel()
	s := space()
	for i, f := range s.Filters {
		s.Filters[i].Class = f.Query
	}
	s.Neutral = []model.Filter{s.List.Hold(model.Filter{
		Kind: "status", Query: "status=open,closed", Neutral: true, Keep: func(survey.Row) bool { return true },
	})}
	plan := s.Plan(1, 1000)
	for _, f := range s.Filters {
		found := false
		for _, q := range plan {
			if len(q.Filters) == 2 && q.Filters[0].Query == f.Query && q.Filters[1].Neutral {
				_, known := s.Renew(q)
				found = found || known
			}
		}
		if want := f.Kind != "status"; found != want {
			t.Errorf("%s is asked beside what all tickets satisfy: %v, want %v", f.Query, found, want)
		}
	}
}

func TestPlanTurnsEachFilter(t *testing.T) {
	t.Parallel()
	s := space()
	for i, f := range s.Filters {
		s.Filters[i].Class = f.Query
	}
	plan := s.Plan(1, 1000)
	for _, f := range s.Filters {
		for _, sort := range s.Sorts {
			for _, order := range []string{"asc", "desc"} {
				if !slices.ContainsFunc(plan, func(q model.Question) bool {
					return q.Sort == sort && q.Order == order && q.Page == 1 && q.Size == slices.Max(s.Sizes) && len(q.Filters) == 1 && q.Filters[0].Query == f.Query
				}) {
					t.Errorf("none of %d questions has %s alone, by %s %s", len(plan), f.Query, sort, order)
				}
			}
		}
	}
}
