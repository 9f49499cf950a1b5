package parser

import (
	"strings"
	"unicode/utf8"
)

// entity returns the end of the entity at i, or i: a name, or a number in decimal or hexadecimal.
func (s *Scanner) entity(i int) int {
	start := i + 1
	end := start
	switch {
	case s.at(start) == '#' && s.at(start+1)|0x20 == 'x':
		start += 2
		end = start
		for s.is(end, digit) || s.at(end)|0x20 >= 'a' && s.at(end)|0x20 <= 'f' {
			end++
		}
		s.work += end - start
	case s.at(start) == '#':
		start++
		end = s.run(start, digit)
	case s.is(start, letter|underline) || s.at(start) == ':':
		end = s.nameEnd(start)
	}
	if end > start && s.at(end) == ';' {
		return end + 1
	}
	return i
}

// tag returns the end of the tag or comment at i, or i.
func (s *Scanner) tag(i int) int {
	end := -1
	switch s.at(i + 1) {
	case '!':
		if strings.HasPrefix(s.text[i+2:], "--") {
			end = s.comment(i + 4)
		} else if s.at(i+2)|0x20 == 'd' { // <!DOCTYPE
			end = s.attributes(i + 3)
		}
	case '?':
		if s.at(i+2) == 'x' { // <?xml
			end = s.attributes(i + 3)
		}
	default:
		end = s.element(i + 1)
	}
	return max(end, i)
}

// element returns the end of the tag whose name or slash is at i, or -1.
func (s *Scanner) element(i int) int {
	closing := s.at(i) == '/'
	if closing {
		i++
	}
	if !s.is(i, letter) && (closing || s.at(i) != '_' && s.at(i) != ':') {
		return -1
	}
	end := s.nameEnd(i)
	if s.at(end) == '/' && s.at(end+1) == '>' {
		return end + 2
	}
	if s.at(end) != '>' && s.spaceEnd(end) == end {
		return -1
	}
	if name := s.text[i:end]; strings.EqualFold(name, "script") || strings.EqualFold(name, "style") {
		s.ignore = !closing // even if no ">" follows
	}
	return s.attributes(end)
}

// comment returns the end of the comment whose text starts at i, or -1.
func (s *Scanner) comment(i int) int {
	if s.noCommentEnd {
		return -1
	}
	n := strings.Index(s.text[i:], "-->")
	if s.noCommentEnd = n < 0; s.noCommentEnd {
		s.work += len(s.text) - i
		return -1
	}
	s.work += n
	return i + n + 3
}

// attributes reads from i to the end of the tag and returns it, or -1.
//
// A tag that never ends is read up to where it can no longer be one. That takes
// linear time although tags may start inside it: outside quotes a "<" ends the
// attempt, and a quote that opens for one attempt closes for another, so at any
// place at most two attempts go on.
func (s *Scanner) attributes(i int) int {
	for i < len(s.text) {
		s.work++
		switch c := s.text[i]; {
		case c == '"' || c == '\'':
			if i = s.quoted(i+1, c); i < 0 {
				return -1
			}
		case c == '>':
			return i + 1
		case classes[c]&inTag != 0:
			i++
		default:
			end := s.spaceEnd(i)
			if end == i {
				return -1
			}
			i = end
		}
	}
	return -1
}

// quoted reads from i to the closing quote and returns the position after it,
// or -1. A backslash escapes the next character, unless it directly follows an
// escaped one.
func (s *Scanner) quoted(i int, quote byte) int {
	for i < len(s.text) {
		s.work++
		switch s.text[i] {
		case quote:
			return i + 1
		case '\\':
			_, n := s.rune(i + 1)
			i += 1 + n
			// PostgreSQL gives up on the rest of a text whose last character is escaped here.
			s.gaveUp = s.gaveUp || n > 0 && i == len(s.text)
			if s.at(i) == '\\' {
				i++
			}
		default:
			i++
		}
	}
	return -1
}

// ignored returns the next tag, or the blank up to it, in a script or style element.
func (s *Scanner) ignored() Token {
	i := s.pos
	if s.at(i) == '<' {
		if end := s.tag(i); end > i {
			return Token{Tag, i, end}
		}
		i++
	}
	n := strings.IndexByte(s.text[i:], '<')
	if n < 0 {
		n = len(s.text) - i
	}
	s.work += n
	return Token{Blank, s.pos, i + n}
}

// nameEnd returns the end of the name of a tag or entity that starts at i.
func (s *Scanner) nameEnd(i int) int {
	start := i
	for i < len(s.text) {
		n := 1
		if c := s.text[i]; c >= utf8.RuneSelf {
			var r rune
			if r, n = s.rune(i); !isLetter(r) {
				break
			}
		} else if classes[c]&inName == 0 {
			break
		}
		i += n
	}
	s.work += i - start
	return i
}
