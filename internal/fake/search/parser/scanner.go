package parser

import "unicode/utf8"

// Scanner reads the tokens of one text from left to right, in time and memory
// that grow linearly with the text.
type Scanner struct {
	text string
	pos  int

	queue    []Token // tokens that follow the one returned last: the host and path of a URL
	partsEnd int     // end of the hyphenated word whose parts are being read
	parts    bool    // the parts of that word, or the hyphens after them, are being read
	ignore   bool    // inside an element whose content is blank: script or style
	gaveUp   bool    // nothing of the rest is a token

	// What was read ahead, kept so that it is not read again for each of the
	// next tokens.
	labels       labelRun
	vainPath     span // slashes after which no path continues
	noCommentEnd bool // no comment ends in the rest

	work int // bytes looked at, for the test that it grows linearly
}

// span is the bytes from start up to end.
type span struct{ start, end int }

// NewScanner returns a Scanner at the start of text.
func NewScanner(text string) *Scanner {
	return &Scanner{text: text}
}

// Next returns the next token, or false at the end of the text.
func (s *Scanner) Next() (Token, bool) {
	if len(s.queue) > 0 {
		t := s.queue[0]
		s.queue = s.queue[1:]
		return t, true
	}
	if s.pos >= len(s.text) {
		return Token{}, false
	}
	var t Token
	switch {
	case s.ignore:
		t = s.ignored()
	case s.parts:
		t = s.part()
	default:
		t = s.token()
	}
	if s.gaveUp {
		s.pos = len(s.text)
		return Token{}, false
	}
	s.pos = t.End
	if t.Kind == NumHWord || t.Kind == ASCIIHWord || t.Kind == HWord {
		s.parts, s.partsEnd, s.pos = true, t.End, t.Start
	}
	return t, true
}

// token returns the token at the scanner's position.
func (s *Scanner) token() Token {
	i := s.pos
	kind, end := Blank, i
	switch c := s.text[i]; {
	case classes[c]&letter != 0:
		kind, end = s.atLetter(i)
	case classes[c]&digit != 0:
		kind, end = s.atDigit(i)
	case c >= utf8.RuneSelf:
		kind, end = s.longWord(i)
	case c == '+' || c == '-':
		kind, end = s.signed(i)
	case c == '<':
		if kind, end = Tag, s.tag(i); end <= i && s.ignore {
			return s.ignored()
		}
	case c == '&':
		kind, end = Entity, s.entity(i)
	case c == '/' || c == '.' || c == '~':
		kind, end = File, s.file(i)
	}
	if end <= i {
		kind, end = Blank, s.blank(i)
	}
	return Token{kind, i, end}
}

// atLetter returns the token that starts with the ASCII letter at i.
func (s *Scanner) atLetter(i int) (Kind, int) {
	end := s.run(i, letter)
	if end == len(s.text) || classes[s.text[end]]&joins == 0 {
		return ASCIIWord, end
	}
	if s.at(end) != ':' {
		return s.longWord(i)
	}
	if s.at(end+1) == '/' && s.at(end+2) == '/' {
		return Protocol, end + 3
	}
	return ASCIIWord, end
}

// longWord returns the token that starts with the letter at i and may go beyond letters and digits.
func (s *Scanner) longWord(i int) (Kind, int) {
	if k, end := s.address(i); end > i {
		return k, end
	}
	if end := s.file(i); end > i {
		return File, end
	}
	return s.word(i)
}

// atDigit returns the token that starts with the digit at i.
func (s *Scanner) atDigit(i int) (Kind, int) {
	float, dot := s.sfloat(i)
	if float > i && !dot {
		return SFloat, float
	}
	if k, end := s.address(i); end > i {
		return k, end
	}
	if float > i {
		return SFloat, float
	}
	if end := s.file(i); end > i {
		return File, end
	}
	if k, end := s.number(i); k != Uint {
		return k, end
	}
	return s.word(i)
}

// blank returns the end of the blank that starts at i.
func (s *Scanner) blank(i int) int {
	start := i
	for i < len(s.text) {
		c := s.text[i]
		if c < utf8.RuneSelf {
			if classes[c]&opens != 0 && i > start {
				break
			}
			i++
			continue
		}
		r, n := s.rune(i)
		if isLetter(r) && i > start {
			break
		}
		i += n
	}
	s.work += i - start
	return i
}
