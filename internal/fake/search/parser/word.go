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
	start, ascii := i, true
	var seen class
	for i < len(s.text) {
		c := s.text[i]
		if c < utf8.RuneSelf {
			if classes[c]&alnum == 0 {
				break
			}
			seen |= classes[c]
			i++
			continue
		}
		r, n := s.rune(i)
		if !isLetter(r) && (i == start || !isMark(r)) {
			break
		}
		seen |= letter
		ascii = false
		i += n
	}
	s.work += i - start
	return letters{i, seen&letter != 0, seen&digit != 0, ascii}
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

// word returns the hyphenated word, word or integer at i; its end is i if there is none.
func (s *Scanner) word(i int) (Kind, int) {
	first := s.letters(i)
	if !first.letter {
		return Uint, first.end
	}
	whole := first
	for s.at(whole.end) == '-' {
		next := s.letters(whole.end + 1)
		if !next.letter {
			break
		}
		whole = letters{next.end, true, whole.digit || next.digit, whole.ascii && next.ascii}
	}
	if whole.end > first.end {
		return whole.kind(ASCIIHWord, HWord, NumHWord), whole.end
	}
	return first.kind(ASCIIWord, Word, NumWord), first.end
}

// part returns the next part or hyphen of the hyphenated word, or what follows
// it: there a hyphen is a blank, not the sign of a number.
func (s *Scanner) part() Token {
	i := s.pos
	hyphen := s.at(i) == '-'
	if i >= s.partsEnd {
		s.parts = false
		if !hyphen {
			return s.token()
		}
		return Token{Blank, i, s.blank(i)}
	}
	if hyphen {
		return Token{Blank, i, i + 1}
	}
	l := s.letters(i)
	return Token{l.kind(HWordASCIIPart, HWordPart, HWordNumPart), i, l.end}
}
