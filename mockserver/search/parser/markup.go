package parser

import (
	"strings"
	"unicode/utf8"
)

// entity returns the end of the entity at i, or i.
func (s *Scanner) entity(i int) int {
	j := i + 1
	switch {
	case s.at(j) == '#' && s.at(j+1)|0x20 == 'x':
		j += 2
		start := j
		for c := s.at(j); s.is(j, digit) || c|0x20 >= 'a' && c|0x20 <= 'f'; c = s.at(j) {
			j++
		}
		if j == start {
			return i
		}
	case s.at(j) == '#':
		if end := s.run(j+1, digit); end > j+1 {
			j = end
		} else {
			return i
		}
	case s.is(j, letter|underline) || s.at(j) == ':':
		j = s.tagNameEnd(j)
	}
	if s.at(j) == ';' && j > i+1 {
		return j + 1
	}
	return i
}

// tag returns the end of the tag or comment at i, or i.
func (s *Scanner) tag(i int) int {
	switch j := i + 1; {
	case strings.HasPrefix(s.text[i:], "<!--"):
		return s.comment(i)
	case s.at(j) == '!' && s.at(j+1)|0x20 == 'd', s.at(j) == '?' && s.at(j+1) == 'x':
		if end := s.attributes(j + 2); end >= 0 {
			return end
		}
		return i
	default:
		closing := s.at(j) == '/'
		if closing {
			j++
		}
		if !s.is(j, letter) && (closing || s.at(j) != '_' && s.at(j) != ':') {
			return i
		}
		name := j
		j = s.tagNameEnd(j)
		if s.at(j) != '>' && (s.at(j) != '/' || s.at(j+1) != '>') && s.spaceEnd(j) == j {
			return i
		}
		if s.at(j) != '/' {
			s.enter(s.text[name:j], closing) // even if no ">" follows
		}
		if end := s.attributes(j); end >= 0 {
			return end
		}
		return i
	}
}

// comment returns the end of the comment at i, or i.
func (s *Scanner) comment(i int) int {
	if s.noCommentEnd {
		return i
	}
	end := strings.Index(s.text[i+4:], "-->")
	if s.noCommentEnd = end < 0; s.noCommentEnd {
		return i
	}
	return i + 4 + end + 3
}

// attributes reads from i to the end of the tag and returns it, or -1.
func (s *Scanner) attributes(i int) int {
	for i < len(s.text) {
		switch c := s.text[i]; {
		case c == '"' || c == '\'':
			if i = s.quoted(i+1, c); i < 0 {
				return -1
			}
		case c == '>':
			return i + 1
		case s.is(i, attribute):
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

// quoted reads from i to the closing quote and returns the end behind it, or -1.
// A backslash escapes the next character, but not directly behind an escaped one.
func (s *Scanner) quoted(i int, quote byte) int {
	for i < len(s.text) {
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

// enter notes that the element opened or closed decides whether its content is blank.
func (s *Scanner) enter(name string, closing bool) {
	if strings.EqualFold(name, "script") || strings.EqualFold(name, "style") {
		s.ignore = !closing
	}
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
	end := len(s.text)
	if next := strings.IndexByte(s.text[i:], '<'); next >= 0 {
		end = i + next
	}
	return Token{Blank, s.pos, end}
}

// tagNameEnd returns the end of the name of a tag or entity that goes on at j.
func (s *Scanner) tagNameEnd(j int) int {
	for j < len(s.text) {
		r, n := s.rune(j)
		if r < utf8.RuneSelf && !s.is(j, tagName) || r >= utf8.RuneSelf && !isLetter(r) {
			break
		}
		j += n
	}
	return j
}
