package curl_test

import (
	"slices"
	"testing"

	"github.com/mockdesk/mockdesk/internal/curl"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, url string
		body        bool
		want        []string
	}{
		"a plain GET":               {"GET", "http://h/a?b=c", false, nil},
		"a GET with a body":         {"GET", "http://h/a", true, []string{"-X", "GET"}},
		"a POST":                    {"POST", "http://h/a", false, []string{"-X", "POST"}},
		"a HEAD":                    {"HEAD", "http://h/a", false, []string{"--head"}},
		"an odd method":             {"X!#", "http://h/a", false, []string{"-X", "'X!#'"}},
		"what curl takes for globs": {"GET", "http://h/a?b[]={c}", false, []string{"--globoff"}},
		"what curl tidies":          {"GET", "http://h/a/../b", false, []string{"--path-as-is"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := curl.Options(test.method, test.url, test.body); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"":              "''",
		"GET":           "GET",
		"-X":            "-X",
		"a b":           "'a b'",
		"it's":          `'it'\''s'`,
		"$(id) `id`":    "'$(id) `id`'",
		"a\nb\tc":       "'a\nb\tc'",
		"é":             "'é'",
		"\x1b[2J'\\":    `$'\x1b[2J\'\\'`,
		"\xff":          `$'\xff'`,
		"right\u202eto": `$'right\xe2\x80\xaeto'`,
	} {
		if got := curl.Quote(word); got != want {
			t.Errorf("Quote(%q) = %s, want %s", word, got, want)
		}
	}
}
