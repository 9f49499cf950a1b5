package parser

import "unicode/utf8"

// letters says what a run of letters and digits consists of.
type letters struct {
	end           int
	letter, digit bool // has one
	ascii         bool // all its letters are ASCII
}

// letters reads the longest run of letters and digits from i.
func (s *Scanner) letters(i int) letters {
	start := i
	l := letters{ascii: true}
	for i < len(s.text) {
		c := s.text[i]
		if c >= utf8.RuneSelf {
			r, n := s.rune(i)
			if !isLetter(r) && (i == start || !isMark(r)) {
				break
			}
			l.letter, l.ascii = true, false
			i += n
			continue
		}
		if classes[c]&letter != 0 {
			l.letter = true
		} else if classes[c]&digit != 0 {
			l.digit = true
		} else {
			break
		}
		i++
	}
	l.end = i
	return l
}

// kind chooses among the kinds for ASCII letters, letters, and letters with digits.
func (l letters) kind(ascii, word, num Kind) Kind {
	switch {
	case l.digit:
		return num
	case l.ascii:
		return ascii
	default:
		return word
	}
}

// word returns the hyphenated word, word or number with letters at i.
func (s *Scanner) word(i int) (Kind, int) {
	first := s.letters(i)
	if first.end == i || !first.letter {
		if first.digit {
			return Uint, first.end
		}
		return Blank, i
	}
	all := first
	hyphens := false
	for s.at(all.end) == '-' {
		next := s.letters(all.end + 1)
		if !next.letter {
			break
		}
		hyphens = true
		all.end = next.end
		all.digit = all.digit || next.digit
		all.ascii = all.ascii && next.ascii
	}
	if hyphens {
		return all.kind(ASCIIHWord, HWord, NumHWord), all.end
	}
	return first.kind(ASCIIWord, Word, NumWord), first.end
}

// part returns the next part, or hyphen, of the hyphenated word the scanner is in.
func (s *Scanner) part() (Token, bool) {
	i := s.pos
	if s.at(i) == '-' {
		end := i + 1
		if i >= s.partsEnd {
			s.parts = false
			end = s.blank(i)
		}
		return Token{Blank, i, end}, true
	}
	if i >= s.partsEnd {
		s.parts = false
		return Token{}, false
	}
	l := s.letters(i)
	return Token{l.kind(HWordASCIIPart, HWordPart, HWordNumPart), i, l.end}, true
}
