package glob_test

import (
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/glob"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern, path string
		want                bool
	}{
		{"itself", "/api/v1", "/api/v1", true},
		{"another", "/api/v1", "/api/v2", false},
		{"a star is a segment", "/api/*/tickets", "/api/v1/tickets", true},
		{"a star is not two", "/api/*", "/api/v1/tickets", false},
		{"a star is part of one", "/api/v*", "/api/v1", true},
		{"two stars are any number", "/api/**", "/api/v1/tickets/1", true},
		{"also none", "/api/**", "/api", true},
		{"but whole segments", "/ap/**", "/api/v1", false},
		{"in the middle", "/api/**/messages", "/api/v1/tickets/1/messages", true},
		{"in the middle none", "/api/**/messages", "/api/messages", true},
		{"in the middle, another end", "/api/**/messages", "/api/v1/tickets", false},
		{"the end that comes twice", "/api/**/a/b", "/api/a/b/a/b", true},
		{"two of them", "/**/tickets/**", "/api/v1/tickets/1", true},
		{"two of them, and nothing between", "/**/tickets/**", "/api/v1/notes", false},
		{"alone", "**", "/api", true},
		{"the root", "/**", "/", true},
		{"an empty segment", "/a//b", "/a//b", true},
		{"a broken pattern", "/[", "/[", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := glob.Match(test.pattern, test.path); got != test.want {
				t.Errorf("Match(%q, %q) = %v", test.pattern, test.path, got)
			}
		})
	}
	if long := strings.Repeat("/**", 2000); glob.Match(long+"/x", strings.Repeat("/a", 4000)) {
		t.Error("a long pattern matches")
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	const template = "/tickets/{id}/messages"
	for pattern, want := range map[string]bool{
		"/tickets/1/messages": true, "/tickets/*/messages": true, "/**": true, "/tickets/**": true, "/**/messages": true,
		"/tickets//messages": false, "/tickets/1": false, "/**/tickets": false, "/tickets/1/2/messages": false,
	} {
		if got := glob.Fits(pattern, template); got != want {
			t.Errorf("Fits(%q) = %v", pattern, got)
		}
	}
}

func TestPossibleAndValid(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string][2]bool{
		"/a": {true, true}, "a": {false, true}, "*": {false, true}, "*/a": {true, true}, "**": {true, true}, "**/a": {true, true},
		"": {false, true}, "a/b": {false, true}, "/[": {true, false}, "/a/[b/c]": {true, false},
	} {
		if got := [2]bool{glob.Possible(pattern), glob.Valid(pattern)}; got != want {
			t.Errorf("%q is possible, valid: %v, want %v", pattern, got, want)
		}
	}
}
