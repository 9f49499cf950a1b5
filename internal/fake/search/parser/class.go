package parser

import (
	"sort"
	"unicode/utf8"
)

// class is a set of properties of a byte.
type class uint16

const (
	letter    class = 1 << iota // A-Z a-z
	digit                       // 0-9
	underline                   // _
	space                       // white space
	opens                       // ends the blank before it
	joins                       // after letters: they may be more than a word
	inName                      // goes on in the name of a tag or entity
	inTag                       // may stand in a tag, unquoted, behind its name
	inPath                      // may stand in a URL's path

	alnum = letter | digit
)

// classes gives the properties of each byte. Bytes outside ASCII have only
// joins.
var classes = func() (t [256]class) {
	set := func(c class, bytes string) {
		for _, b := range []byte(bytes) {
			t[b] |= c
		}
	}
	const (
		letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		digits  = "0123456789"
	)
	set(letter, letters)
	set(digit, digits)
	set(underline, "_")
	set(space, " \t\n\v\f\r")
	set(opens, letters+digits+"<&+-/")
	set(joins, digits+"-._@/:")
	set(inName, letters+digits+"_-:.")
	set(inTag, letters+digits+"_-:.#%&/=?~")
	set(inPath, letters+digits+"_-:.#%&/=?~!$'()*+,;@[]")
	for b := utf8.RuneSelf; b < len(t); b++ {
		t[b] = joins
	}
	return t
}()

// is reports whether byte i of the text exists and has one of the properties.
func (s *Scanner) is(i int, want class) bool {
	return i < len(s.text) && classes[s.text[i]]&want != 0
}

// at returns byte i of the text, 0 beyond its end.
func (s *Scanner) at(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// run returns the end of the longest run from i of bytes with one of the properties.
func (s *Scanner) run(i int, want class) int {
	start := i
	for s.is(i, want) {
		i++
	}
	s.work += i - start
	return i
}

// rune returns the character at i and its length, which is 0 at the end.
func (s *Scanner) rune(i int) (rune, int) {
	return utf8.DecodeRuneInString(s.text[min(i, len(s.text)):])
}

// spaceEnd returns the end of the white space character at i, or i.
func (s *Scanner) spaceEnd(i int) int {
	if r, n := s.rune(i); n > 0 && IsSpace(r) {
		return i + n
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
