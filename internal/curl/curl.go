// Package curl turns a request into words of a command line that sends it again.
package curl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Options returns the words that make curl send the method to the URL exactly
// as written, with or without a body.
func Options(method, url string, body bool) []string {
	var words []string
	if strings.ContainsAny(url, "[]{}") {
		words = append(words, "--globoff")
	}
	if strings.Contains(url, "/.") {
		words = append(words, "--path-as-is")
	}
	switch {
	case method == "HEAD":
		words = append(words, "--head") // with -X HEAD it would wait for a body
	case method != "GET" || body:
		words = append(words, "-X", Quote(method))
	}
	return words
}

// Quote writes a word so that a shell reads it unchanged and it gives a
// terminal no commands.
func Quote(word string) string {
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

// commands reports whether a terminal may do something other than show the
// character. Bytes that are not UTF-8 count too, as U+FFFD.
func commands(r rune) bool {
	return !unicode.IsPrint(r) && r != '\n' && r != '\t' || r == utf8.RuneError
}

// escape writes a word in the form $'...', which bash, zsh and ksh read.
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
