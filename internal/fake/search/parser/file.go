package parser

// segment are the characters that a file name starts with; later ones may be hyphens too.
const segment = alnum | underline

// file returns the end of the file or path name at i, or i.
//
// A path is components with slashes between them. It starts with a slash, with
// "~", "." or "..", or with a word. A slash at its end does not belong to it.
func (s *Scanner) file(i int) int {
	var end int
	var counts bool
	switch c := s.at(i); {
	case c == '/':
		return s.path(i, i)
	case c == '.' && s.is(i+1, segment):
		return i
	case c == '.' || c == '~':
		end, counts = s.component(i)
	default:
		end, counts = s.fileHead(i)
	}
	switch {
	case end > i && s.at(end) == '/' && counts:
		return s.path(end, end)
	case end > i && s.at(end) == '/':
		return s.path(end, i)
	case counts:
		return end
	}
	return i
}

// path returns the end of the path that goes on with the slash at i, or end if it does not.
func (s *Scanner) path(i, end int) int {
	vain := i // a slash after which no component counts
	for i < s.vainPath.start || i >= s.vainPath.end {
		next, counts := s.component(i + 1)
		if counts {
			vain, end = next, next
		}
		if next == i+1 || s.at(next) != '/' {
			s.vainPath = span{vain, next}
			break
		}
		i = next
	}
	return end
}

// component returns the end of the component of a path at i. It does not count
// as the end of the path if it is "." or "~", or if it is ".." and anything but
// a slash, white space or the end of the text follows.
func (s *Scanner) component(i int) (end int, counts bool) {
	s.work++
	name := i
	if c := s.at(i); c == '.' || c == '~' {
		name++
	}
	if end := s.fileName(name); end > name {
		return end, true
	}
	if s.at(i) == '.' && s.at(i+1) == '.' {
		end := i + 2
		if end == len(s.text) || s.at(end) == '/' || s.spaceEnd(end) > end {
			return end, true
		}
		return i, false
	}
	return name, false
}

// fileName returns the end of the name at i, or i. It has no two dots in a row
// and no dot at its end.
func (s *Scanner) fileName(i int) int {
	start := i
	for s.is(i, segment) {
		for s.is(i, segment) || s.at(i) == '-' {
			i++
		}
		if s.at(i) != '.' || !s.is(i+1, segment) {
			break
		}
		i++
	}
	s.work += i - start
	return i
}

// fileHead returns the end of the word or number that a path starts with, and of
// the extension, which makes a word a file name.
func (s *Scanner) fileHead(i int) (end int, counts bool) {
	l := s.letters(i)
	if !l.ascii && !l.digit {
		return i, false // such a word never starts a path
	}
	if l.letter && s.at(l.end) == '.' && s.is(l.end+1, segment) {
		return s.fileName(l.end + 1), true
	}
	return l.end, false
}
