package journal

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// automatic are the headers that curl or the connection write by themselves.
var automatic = []string{"Accept-Encoding", "Connection", "Content-Length", "Host", "Transfer-Encoding", "User-Agent"}

// Curl returns a command line that sends the request again, with the key taken
// from its variable. Where the journal did not keep the whole body, a comment
// at its end says so.
func (e Entry) Curl() string {
	if e.Method == "" {
		return "# a request that is no HTTP, which was not kept"
	}
	words := []string{"curl", "-sS", "-i"}
	if strings.ContainsAny(e.URL, "[]{}") {
		words = append(words, "--globoff")
	}
	if strings.Contains(e.URL, "/.") {
		words = append(words, "--path-as-is")
	}
	switch {
	case e.Method == "HEAD":
		words = append(words, "--head")
	case e.Method != "GET" || e.RequestBody != "":
		words = append(words, "-X", quote(e.Method))
	}
	words = append(words, quote(e.origin()+e.URL))
	for _, name := range slices.Sorted(maps.Keys(e.RequestHeader)) {
		for _, value := range e.RequestHeader[name] {
			if !slices.Contains(automatic, name) {
				words = append(words, "-H", e.headerArgument(name, value))
			}
		}
	}
	return strings.Join(append(words, e.curlBody()...), " ")
}

// curlBody writes the body and what has to be said about it.
func (e Entry) curlBody() []string {
	text := utf8.ValidString(e.RequestBody) && !strings.Contains(e.RequestBody, "\x00")
	var words []string
	if e.RequestBody != "" && text {
		if len(e.RequestHeader["Content-Type"]) == 0 {
			words = append(words, "-H", "'Content-Type:'") // else curl makes it a form
		}
		words = append(words, "--data-raw", quote(e.RequestBody))
	}
	switch {
	case !text:
		words = append(words, fmt.Sprintf("# without its body of %d bytes, which is no text", e.RequestBytes))
	case e.RequestBytes < 0:
		words = append(words, "# its body was not read to its end")
	case e.RequestCut:
		words = append(words, fmt.Sprintf("# its body had %d bytes, of which the first %d are here", e.RequestBytes, len(e.RequestBody)))
	}
	return words
}

// headerArgument writes a header for a shell, which puts the key into it.
func (e Entry) headerArgument(name, value string) string {
	scheme, _, found := strings.Cut(value, " ")
	if name == "Authorization" && found && strings.EqualFold(scheme, "Bearer") {
		return `"Authorization: ` + scheme + ` $` + cmp.Or(e.KeyVariable, "MOCKDESK_KEY") + `"`
	}
	if value == "" {
		return quote(name + ";") // curl's way to send an empty header
	}
	return quote(name + ": " + value)
}

// quote writes a word so that a shell reads it as it is and a terminal is not
// told what to do.
func quote(word string) string {
	plain := func(r rune) bool {
		return r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	switch {
	case strings.IndexFunc(word, commands) >= 0:
		return "$'" + escape(word) + "'"
	case word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0:
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// commands says that a terminal may do something other than show the
// character. What is no UTF-8 counts, as U+FFFD.
func commands(r rune) bool {
	return !unicode.IsPrint(r) && r != '\n' && r != '\t' || r == utf8.RuneError
}

// escape writes a word for $'...', which bash, zsh and ksh read.
func escape(word string) string {
	var b strings.Builder
	for word != "" {
		r, size := utf8.DecodeRuneInString(word)
		switch {
		case r == '\'' || r == '\\':
			b.WriteString("\\" + word[:size])
		case commands(r):
			for _, c := range []byte(word[:size]) {
				fmt.Fprintf(&b, `\x%02x`, c)
			}
		default:
			b.WriteString(word[:size])
		}
		word = word[size:]
	}
	return b.String()
}
