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

// message is the i-th of some messages: every third is a note.
func message(i int) survey.Row {
	r := survey.Row{Where: fmt.Sprintf("data[%d]", i), Fields: map[string]any{
		"id": fmt.Sprintf("M%02d", i), "type": "email", "created_at": time.Date(2025, time.January, 1, i, 0, 0, 0, time.UTC).Format(time.RFC3339),
	}}
	if i%3 == 0 {
		r.Fields["type"] = "internal_note"
	}
	return r
}

func messages(numbers ...int) []survey.Row {
	var rows []survey.Row
	for _, i := range numbers {
		rows = append(rows, message(i))
	}
	return rows
}

func TestMessagesDiffer(t *testing.T) {
	t.Parallel()
	all := func(survey.Row) bool { return true }
	note := func(r survey.Row) bool { return r.Text("type") == "internal_note" }
	altered := messages(0, 3, 6)
	altered[1].Fields["type"] = "email"
	tests := map[string]struct {
		want    model.Want
		partial bool
		got     []survey.Row
		sort    model.Sort // 0 for none
	}{
		"all":                              {model.Want{Keep: all}, false, messages(0, 1, 2, 3, 4, 5, 6), 0},
		"the notes":                        {model.Want{Keep: note}, false, messages(0, 3, 6), 0},
		"an email among notes":             {model.Want{Keep: note}, false, messages(0, 2, 3, 6), model.Foreign},
		"a message twice":                  {model.Want{Keep: note}, false, messages(0, 3, 3, 6), model.Foreign},
		"one too few":                      {model.Want{Keep: note}, false, messages(0, 6), model.Lost},
		"the first of them, as limited":    {model.Want{Keep: note, Most: 2}, false, messages(0, 3), 0},
		"the last of them, as limited":     {model.Want{Keep: note, Most: 2}, false, messages(3, 6), 0},
		"fewer than the limit":             {model.Want{Keep: note, Most: 2}, false, messages(3), model.Lost},
		"more than the limit":              {model.Want{Keep: note, Most: 2}, false, messages(0, 3, 6), model.Excess},
		"the newest first":                 {model.Want{Keep: note}, false, messages(6, 3, 0), model.Order},
		"a message nobody knows":           {model.Want{Keep: all}, false, messages(0, 1, 2, 3, 4, 5, 6, 7), model.Unlisted},
		"one behind those that were read":  {model.Want{Keep: all}, true, messages(0, 1, 2, 3, 4, 5, 6, 7), 0},
		"cut where it may be":              {model.Want{Keep: all, Cut: true}, false, messages(0, 1, 2, 3), 0},
		"a gap where it may be cut":        {model.Want{Keep: all, Cut: true}, false, messages(0, 1, 3), model.Lost},
		"another type than without filter": {model.Want{Keep: note}, false, altered, model.Altered},
		"those after an instant":           {model.Want{Keep: model.After(time.Date(2025, time.January, 1, 5, 0, 0, 0, time.UTC))}, false, messages(6), 0},
		"one at the instant":               {model.Want{Keep: model.After(time.Date(2025, time.January, 1, 5, 0, 0, 0, time.UTC))}, false, messages(5, 6), model.Foreign},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			known := model.Messages{Rows: messages(0, 1, 2, 3, 4, 5, 6), Partial: tc.partial, Text: survey.Row.String}
			var got model.Sort
			d, _ := known.Differ("GET", tc.want, tc.got)
			if d != nil {
				got = d.Sort
			}
			if got != tc.sort {
				t.Errorf("%+v, want the sort %d", d, tc.sort)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	var all [][3]int
	for a := range 4 {
		for b := range 4 {
			for c := range 4 {
				all = append(all, [3]int{a, b, c})
			}
		}
	}
	traits := func(q [3]int) []model.Trait {
		return []model.Trait{{Name: fmt.Sprint("a", q[0]), Worth: 1}, {Name: fmt.Sprint("b", q[1]), Worth: 1}, {Name: fmt.Sprint("c", q[2]), Worth: 1}}
	}
	one := model.Choose(1, all, traits, 64)
	if diff := cmp.Diff(one, model.Choose(1, all, traits, 64)); diff != "" {
		t.Errorf("the same seed gives another choice: %s", diff)
	}
	if slices.Equal(one, model.Choose(2, all, traits, 64)) {
		t.Error("another seed gives the same choice")
	}
	met := map[[2]string]bool{}
	for _, q := range one {
		for i, a := range traits(q) {
			for _, b := range traits(q)[i+1:] {
				met[[2]string{a.Name, b.Name}] = true
			}
		}
	}
	if pairs := 3 * 4 * 4; len(met) != pairs || len(one) > pairs/2 {
		t.Errorf("%d pairs in %d questions, want all %d in half as many at most", len(met), len(one), pairs)
	}
	if n := len(model.Choose(1, all, traits, 5)); n != 5 {
		t.Errorf("%d questions, want 5", n)
	}
}
