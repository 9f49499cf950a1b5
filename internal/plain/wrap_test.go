package plain_test

import (
	"testing"

	"github.com/mockdesk/mockdesk/internal/plain"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text          string
		width, indent int
		want          string
	}{
		"what fits stays":                      {"a b c", 5, 2, "a b c"},
		"a line breaks at a blank":             {"one two three", 8, 0, "one two\nthree"},
		"the rest is indented":                 {"one two three", 8, 2, "one two\n  three"},
		"a margin is kept":                     {"  one two three", 9, 2, "  one two\n    three"},
		"each line by itself":                  {"one two\nthree four", 7, 0, "one two\nthree\nfour"},
		"a long word stands out":               {"a http://long.example b", 6, 1, "a\n http://long.example\n b"},
		"characters are counted, not bytes":    {"äöü äöü", 7, 0, "äöü äöü"},
		"no width is no limit":                 {"one two three", 0, 0, "one two three"},
		"a margin as wide as the width":        {"     one two", 3, 0, "     one\n     two"},
		"blanks within a line that fits stay":  {"a   b", 9, 0, "a   b"},
		"an empty line stays":                  {"\n\n", 5, 0, "\n\n"},
		"a break never leaves a blank at ends": {"one two", 3, 0, "one\ntwo"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := plain.Wrap(test.text, test.width, test.indent); got != test.want {
				t.Errorf("Wrap(%q, %d, %d)\ngot  %q\nwant %q", test.text, test.width, test.indent, got, test.want)
			}
		})
	}
}
