package openapi

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// fitsBody reports whether a body surely is one JSON object of texts as the operation takes it, each member once.
func (p *Plain) fitsBody(contentType []string, body []byte) bool {
	var seen [8]bool // by the place in p.body
	if len(contentType) != 1 || contentType[0] != "application/json" || len(p.body) > len(seen) {
		return false
	}
	fits := Texts(body, func(name, value string) bool {
		i := slices.IndexFunc(p.body, func(m plainParameter) bool { return m.Name == name })
		if i < 0 || seen[i] || p.body[i].Type != "string" || !p.body[i].isOne(value) {
			return false
		}
		seen[i] = true
		return true
	})
	for i, m := range p.body {
		fits = fits && (seen[i] || !m.Required)
	}
	return fits
}

// Texts calls member for the members of a JSON object, in their order. It
// reports whether the body is a JSON object whose values are all strings
// without an escape, and whether member returned true for each of them. Any
// other JSON is left to encoding/json.
func Texts(body []byte, member func(name, value string) bool) bool {
	s := scanner{string(body)}
	if !utf8.Valid(body) || !s.skip('{') {
		return false
	}
	for more := true; more; more = s.skip(',') {
		name, named := s.text()
		colon := s.skip(':')
		if value, isText := s.text(); !named || !colon || !isText || !member(name, value) {
			return false
		}
	}
	return s.skip('}') && strings.Trim(s.rest, blanks) == ""
}

// blanks may stand between the tokens of JSON.
const blanks = " \t\r\n"

// scanner reads the tokens of a JSON text that is an object of texts.
type scanner struct{ rest string }

// skip reads blanks and, if it is next, the character.
func (s *scanner) skip(c byte) bool {
	s.rest = strings.TrimLeft(s.rest, blanks)
	found := s.rest != "" && s.rest[0] == c
	if found {
		s.rest = s.rest[1:]
	}
	return found
}

// text reads a text without escapes.
func (s *scanner) text() (text string, ok bool) {
	if !s.skip('"') {
		return "", false
	}
	end := strings.IndexByte(s.rest, '"')
	if end < 0 {
		return "", false
	}
	text, s.rest = s.rest[:end], s.rest[end+1:]
	return text, !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == '\\' })
}
