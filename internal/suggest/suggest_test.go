package suggest_test

import (
	"testing"

	"github.com/mockdesk/mockdesk/internal/suggest"
)

func TestWord(t *testing.T) {
	t.Parallel()
	known := []string{"status", "updated_after", "updated_before", "priority", "q"}
	for name, test := range map[string]struct{ word, want string }{
		"two letters swapped":           {"statsu", "status"},
		"one letter missing":            {"statu", "status"},
		"another naming convention":     {"UpdatedAfter", "updated_after"},
		"brackets":                      {"status[]", "status"},
		"the nearest of two":            {"updated_aftre", "updated_after"},
		"three edits are too many":      {"stop", ""},
		"no letter of a short word":     {"x", ""},
		"a word of quite another kind":  {"colour", ""},
		"its beginning":                 {"prio", "priority"},
		"the beginning of two":          {"updated", ""},
		"nothing":                       {"", ""},
		"much longer than all the rest": {"status_of_the_ticket", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := suggest.Word(test.word, known); got != test.want {
				t.Errorf("want %q, got %q", test.want, got)
			}
		})
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	if got, want := suggest.Hint("opne", []string{"open", "closed"}, "see the list"), "did you mean open?"; got != want {
		t.Errorf("want %q, got %q", want, got)
	}
	if got, want := suggest.Hint("x", []string{"open", "closed"}, "see the list"), "see the list"; got != want {
		t.Errorf("want %q, got %q", want, got)
	}
}
