package journal_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

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
