package parser

import "unicode/utf8"

// Scanner reads the tokens of one text from left to right.
type Scanner struct {
	text string
	pos  int

	parts    bool // inside a hyphenated word whose whole was returned
	partsEnd int
	pathAt   int // end of the host of a URL whose whole was returned, or -1
	hostAt   int
	urlEnd   int
	ignore   bool // inside an element whose content is blank: script or style

	labels       labelRun // the last one that was read
	noCommentEnd bool     // no comment that starts at or behind the position ends
	gaveUp       bool     // nothing of the rest is a token
}

// NewScanner returns a Scanner at the start of text.
func NewScanner(text string) *Scanner {
	return &Scanner{text: text, pathAt: -1, hostAt: -1}
}

// Next returns the next token, or false at the end of the text.
func (s *Scanner) Next() (Token, bool) {
	switch {
	case s.hostAt >= 0:
		t := Token{Host, s.pos, s.hostAt}
		s.pathAt, s.hostAt, s.pos = s.hostAt, -1, s.hostAt
		return t, true
	case s.pathAt >= 0:
		t := Token{URLPath, s.pos, s.urlEnd}
		s.pos, s.pathAt = s.urlEnd, -1
		return t, true
	case s.pos >= len(s.text):
		return Token{}, false
	case s.parts:
		if t, ok := s.part(); ok {
			s.pos = t.End
			return t, true
		}
	}
	t := s.token()
	if s.gaveUp {
		s.pos = len(s.text)
		return Token{}, false
	}
	switch t.Kind {
	case URL:
		s.urlEnd = t.End
	case NumHWord, ASCIIHWord, HWord:
		s.parts, s.partsEnd = true, t.End
	default:
		s.pos = t.End
	}
	return t, true
}

// token returns the token at the scanner's position.
func (s *Scanner) token() Token {
	if s.ignore {
		return s.ignored()
	}
	i := s.pos
	c := s.text[i]
	var kind Kind
	end := i
	switch {
	case c >= utf8.RuneSelf:
		if kind, end = File, s.file(i); end <= i {
			kind, end = s.word(i)
		}
	case classes[c]&letter != 0:
		kind, end = s.atLetter(i)
	case classes[c]&digit != 0:
		kind, end = s.atDigit(i)
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
	switch c := s.at(end); {
	case c >= utf8.RuneSelf, classes[c]&digit != 0:
	case c == '-' || c == '.' || c == '_' || c == '@' || c == '/':
	case c == ':':
		if s.at(end+1) == '/' && s.at(end+2) == '/' {
			return Protocol, end + 3
		}
		return ASCIIWord, end
	default:
		return ASCIIWord, end
	}
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
	if end := s.sfloat(i); end > i {
		return SFloat, end
	}
	if k, end := s.address(i); end > i {
		return k, end
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
	for first := true; i < len(s.text); first = false {
		c := s.text[i]
		if c >= utf8.RuneSelf {
			r, n := s.rune(i)
			if !first && isLetter(r) {
				return i
			}
			i += n
			continue
		}
		if !first && (classes[c]&alnum != 0 || c == '<' || c == '&' || c == '+' || c == '-' || c == '/') {
			return i
		}
		i++
	}
	return i
}
