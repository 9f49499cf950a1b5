package parser_test

import (
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/fake/search/parser"
	"github.com/mockdesk/mockdesk/internal/race"
)

// hostile texts repeat what makes a parser look ahead in vain.
var hostile = []string{
	"-", "\"", "'", "<", "<a", "<a ", "<a \"", "<a '", "<a b=\"c", "<a \\\"", "<a \"\\", "<a \"'", "<a \"' ", "<a '\"'",
	"<!--", "<!-- ", "<!--->", "<!d", "<!d \"", "<?x '", "</a ", "<script ", "<script>", "<script><", "<style><a \"", "<a\"b\"",
	"a/", "a.", "a-", "a_", "a@", "a:", "a ", "a", "1", "1.", "1-", "1_", "1@", "1e", "1e+", "+1.", "-1.1e", "é", "é-", "é1@", "e\u0301-",
	"a/~", "/~", "/.", "/..", "../", "./", "~/", "/./~", "/a/./~", "a-1", "a-1_", "a_1.", "a.b-c_", "a@b.c", "a@1_", "1_1@", "ab.cd/", "ab.cd:",
	"&", "&a", "&#", "&#1", "&#x1", "&:", "&a-b.", "http://", "://", "a://", "ab.cd-", "ab.cd_1", "1.bc-", "a-é1-", "日本-", "a1é.", "\u0301", "\u3000..",
	"a b-c d_e f.g h/i ", "<p>x</p>\n", "\x00", "\xff", "\xe2\x82", "😀",
}

// Every hostile text is read with a bounded number of looks a byte, from the
// start and from a start that makes the repeated part go on with something else.
func TestWorkGrowsLinearly(t *testing.T) {
	t.Parallel()
	if race.Enabled {
		t.Skip("it measures one goroutine")
	}
	const size, looks = 1 << 20, 12
	for _, unit := range hostile {
		for _, start := range []string{"", "a", "1", "<a ", "<a \"", "<!--", "/", "a-", "x@", "<script>"} {
			for _, end := range []string{"", "@b.cd", ">", "\""} {
				text := start + strings.Repeat(unit, size/len(unit)/len(hostile)) + end
				if unit == start || start == "" && end == "" {
					text = strings.Repeat(unit, size/len(unit))
				}
				s := parser.NewScanner(text)
				tokens := 0
				for _, ok := s.Next(); ok; _, ok = s.Next() {
					if tokens++; s.Work() > looks*len(text) || tokens > 3*len(text) {
						t.Fatalf("%q repeated between %q and %q, %d bytes: %d tokens, looked at more than %d bytes",
							unit, start, end, len(text), tokens, s.Work())
					}
				}
			}
		}
	}
}
