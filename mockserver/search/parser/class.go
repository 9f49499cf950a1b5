package parser

import (
	"sort"
	"unicode/utf8"
)

// class is a set of the properties of one byte of ASCII.
type class uint8

const (
	letter    class = 1 << iota // A-Z a-z
	digit                       // 0-9
	underline                   // _
	tagName                     // may follow the first character of a tag's name
	urlPath                     // may stand in a URL's path
	space                       // white space
	attribute                   // may stand in a tag, unquoted, behind its name
)

const alnum = letter | digit

var classes = func() (t [utf8.RuneSelf]class) {
	for c := range t {
		switch b := byte(c); {
		case b|0x20 >= 'a' && b|0x20 <= 'z':
			t[c] |= letter
		case b >= '0' && b <= '9':
			t[c] |= digit
		case b == '_':
			t[c] |= underline
		case b == ' ', b >= '\t' && b <= '\r':
			t[c] |= space
		}
		if c > ' ' && c < 0x7f {
			t[c] |= urlPath
		}
	}
	for _, b := range []byte("\"<>\\^`{|}") {
		t[b] &^= urlPath
	}
	for c := range t {
		if t[c]&(alnum|underline) != 0 {
			t[c] |= tagName | attribute
		}
	}
	for _, b := range []byte("-:.") {
		t[b] |= tagName | attribute
	}
	for _, b := range []byte("#%&/=?~") {
		t[b] |= attribute
	}
	return t
}()

// is reports whether byte i of the text exists, is ASCII and has one of the properties.
func (s *Scanner) is(i int, want class) bool {
	return i < len(s.text) && s.text[i] < utf8.RuneSelf && classes[s.text[i]]&want != 0
}

// at returns byte i of the text, 0 behind its end.
func (s *Scanner) at(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// run returns the end of the longest run from i of ASCII with one of the properties.
func (s *Scanner) run(i int, want class) int {
	for s.is(i, want) {
		i++
	}
	return i
}

// IsSpace reports whether a character is white space.
func IsSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return classes[r]&space != 0
	}
	return within(spaceRanges, r)
}

// IsAlnum reports whether a character is a letter or a digit.
func IsAlnum(r rune) bool {
	if r < utf8.RuneSelf {
		return classes[r]&alnum != 0
	}
	return isLetter(r)
}

// isLetter reports whether a character outside ASCII counts as a letter.
func isLetter(r rune) bool { return within(letterRanges, r) }

// isMark reports whether a character outside ASCII joins the word before it.
func isMark(r rune) bool { return within(markRanges, r) }

// within reports whether r is in one of the ranges, given as pairs of first and last.
func within(ranges []rune, r rune) bool {
	i := sort.Search(len(ranges)/2, func(i int) bool { return ranges[2*i+1] >= r })
	return 2*i < len(ranges) && ranges[2*i] <= r
}

// spaceEnd returns the end of the white space character at i, or i.
func (s *Scanner) spaceEnd(i int) int {
	if r, n := s.rune(i); n > 0 && IsSpace(r) {
		return i + n
	}
	return i
}

// rune returns the character at i and its length, which is 0 at the end.
func (s *Scanner) rune(i int) (rune, int) {
	return utf8.DecodeRuneInString(s.text[min(i, len(s.text)):])
}
