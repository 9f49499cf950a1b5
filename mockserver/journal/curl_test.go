package journal_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// shell cuts a command line into words, as bash does; what follows a # is a
// comment. It knows the quotes that Curl writes.
func shell(t *testing.T, line string) (words []string) {
	t.Helper()
	for line = strings.TrimLeft(line, " "); line != "" && line[0] != '#'; line = strings.TrimLeft(line, " ") {
		word := ""
		for line != "" && line[0] != ' ' {
			var part string
			part, line = shellPart(t, line)
			word += part
		}
		words = append(words, word)
	}
	return words
}

// shellPart reads a quoted part of a word, or one plain character.
func shellPart(t *testing.T, line string) (part, rest string) {
	t.Helper()
	switch {
	case line[0] == '\'':
		part, rest, _ = strings.Cut(line[1:], "'")
		return part, rest
	case line[0] == '"':
		part, rest, _ = strings.Cut(line[1:], `"`)
		return part, rest
	case line[0] == '\\':
		return line[1:2], line[2:]
	case strings.HasPrefix(line, "$'"):
		return ansi(t, line[2:])
	case strings.ContainsAny(line[:1], "$`!*?[]{}()<>|&;~\n\t"):
		t.Fatalf("%q is left to the shell", line)
	}
	return line[:1], line[1:]
}

// ansi reads what follows $'.
func ansi(t *testing.T, line string) (part, rest string) {
	t.Helper()
	for line[0] != '\'' {
		switch {
		case strings.HasPrefix(line, `\x`):
			code, err := strconv.ParseUint(line[2:4], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			part, line = part+string([]byte{byte(code)}), line[4:]
		case line[0] == '\\':
			part, line = part+line[1:2], line[2:]
		default:
			part, line = part+line[:1], line[1:]
		}
	}
	return part, line[1:]
}

// FuzzCurl: a shell gives curl back what was sent, and a terminal that shows
// the line is told nothing.
func FuzzCurl(f *testing.F) {
	f.Add("GET", "/api/v1/tickets?q=a'b", "X-A", "$(id) `id` !!", "")
	f.Add("POST", "/a", "Authorization", "Bearer ixk_test_readwrite", "{\"a\":\"\x1b[2J'\\\\\"}")
	f.Add("X!#", "/a?\xc2\x9b31m", "x", "\xff\xfe", "a\nb\tc")
	f.Add("HEAD", "/./[a]", "User-Agent", "", "\x00")
	f.Add("-X", "/", "$'", "", "@file")
	f.Fuzz(func(t *testing.T, method, url, name, value, body string) {
		e := journal.Entry{
			Method: method, Host: "h", URL: url, RequestHeader: http.Header{name: {value}}, RequestBody: body, RequestBytes: int64(len(body)),
		}
		if strings.Contains(method+url+name+value, "\x00") {
			t.Skip("no argument holds a NUL")
		}
		line := e.Curl()
		if method == "" {
			if !strings.HasPrefix(line, "# ") {
				t.Errorf("what is no HTTP is written as %q, not as a comment", line)
			}
			return
		}
		if i := strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) && r != '\n' && r != '\t' }); i >= 0 || !utf8.ValidString(line) {
			t.Errorf("%q commands a terminal at byte %d", line, i)
		}
		words := shell(t, line)
		if words[0] != "curl" || !slices.Contains(words, "http://h"+url) {
			t.Errorf("%q is read as %q, without %q", line, words, url)
		}
		text := utf8.ValidString(body) && !strings.Contains(body, "\x00")
		if text && body != "" && words[slices.Index(words, "--data-raw")+1] != body {
			t.Errorf("%q is read as %q, without the body %q", line, words, body)
		}
		if hidden := name == "Authorization"; !hidden && value != "" && slices.Contains(words, "-H") && !slices.Contains(words, name+": "+value) && !slices.Contains(words, "Content-Type:") {
			t.Errorf("%q is read as %q, without %q", line, words, name+": "+value)
		}
	})
}

func TestCurl(t *testing.T) {
	t.Parallel()
	const key = `-H "Authorization: Bearer $MOCKDESK_KEY"`
	entries := list(t, odd(), journal.Filter{})
	want := []string{
		`curl -sS -i 'http://127.0.0.1:4010/api/v1/tickets?status=opne&&q=a%20b+c&q=%zz&flag&key=ixk_…te' -H 'Accept: application/json' ` + key,
		`curl -sS -i -X POST 'http://127.0.0.1:4010` + post().Path + `' ` + key + ` -H 'Content-Type: application/json' --data-raw '{"type":"internal_note","body_text":"Cal' # its body had 51 bytes, of which the first 40 are here`,
		`curl -sS -i -X POST 'http://mockdesk.invalid` + post().Path + `' ` + key + ` -H 'Content-Type: application/json' ` +
			`--data-raw '{"type":"internal_note","body_text":"It'\''' # its body had 69 bytes, of which the first 40 are here`,
		`curl -sS -i -X PURGE 'http://127.0.0.1:4010/api/v1/tickets?status=open&page=2' -H 'X-Empty;' -H 'X-Two: b' -H 'X-Two: a' # without its body of 2 bytes, which is no text`,
	}
	for i, e := range entries {
		if diff := cmp.Diff(want[i], e.Curl()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

func TestCurlSendsTheSame(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		entry journal.Entry
		want  string
	}{
		"brackets are no ranges":          {journal.Entry{Method: "GET", Host: "h", URL: "/a?tags[]=1"}, `curl -sS -i --globoff 'http://h/a?tags[]=1'`},
		"dots stay":                       {journal.Entry{Method: "GET", Host: "h", URL: "/a/../b"}, `curl -sS -i --path-as-is 'http://h/a/../b'`},
		"HEAD does not wait for a body":   {journal.Entry{Method: "HEAD", Host: "h", URL: "/a"}, `curl -sS -i --head 'http://h/a'`},
		"a missing Content-Type stays so": {journal.Entry{Method: "POST", Host: "h", URL: "/a", RequestBody: "{}", RequestBytes: 2}, `curl -sS -i -X POST 'http://h/a' -H 'Content-Type:' --data-raw '{}'`},
		"a body nobody read":              {journal.Entry{Method: "POST", Host: "h", URL: "/a", RequestBytes: -1, RequestCut: true}, `curl -sS -i -X POST 'http://h/a' # its body was not read to its end`},
		"a browser's page is left out": {
			journal.Entry{Method: "GET", Host: "h", URL: "/a", RequestHeader: http.Header{"Sec-Fetch-Mode": {"cors"}, "Sec-Ch-Ua": {"x"}, "Referer": {"r"}, "Accept": {"a"}}},
			"curl -sS -i 'http://h/a' -H 'Accept: a'",
		},
		"a client's language is not": {journal.Entry{Method: "GET", Host: "h", URL: "/a", RequestHeader: http.Header{"Accept-Language": {"ar"}}}, "curl -sS -i 'http://h/a' -H 'Accept-Language: ar'"},
		"a shell sees no commands": {
			journal.Entry{Method: "GET", Host: "h", URL: "/a", RequestHeader: http.Header{"X": {"$(id) `id`"}, "Authorization": {"Basic …"}}},
			"curl -sS -i 'http://h/a' -H 'Authorization: Basic …' -H 'X: $(id) `id`'",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.entry.Curl()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
