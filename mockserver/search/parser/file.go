package parser

// segment are the characters that a name in a path starts with; later ones may be hyphens too.
const segment = alnum | underline

// file returns the end of the file or path name at i, or i.
//
// It is the longest one of names joined by slashes, where a name may hold single
// dots and start with a tilde, and "." and ".." are names too. It may start with
// a name, "/", "./", "../" or "~". A slash at the end does not belong to it.
func (s *Scanner) file(i int) int {
	end, j := i, i
	slash := false
	switch {
	case s.at(i) == '/':
		slash = true
	case s.at(i) == '~':
		j++
		slash = s.at(j) == '/'
	case s.at(i) == '.':
		j, slash = s.dots(i)
		if j == i+2 {
			end = j
		}
	default:
		var ok bool
		if j, slash, ok = s.fileHead(i); !ok {
			return i
		}
	}
	for {
		if slash {
			// Only now is it known that what follows the slash is a name.
			j++
			if s.at(j) == '~' {
				j++
				if slash = s.at(j) == '/'; slash {
					continue
				}
			} else if s.at(j) == '.' && !s.is(j+1, segment) {
				start := j
				if j, slash = s.dots(j); j == start+2 {
					end = j
				}
				if !slash {
					return end
				}
				continue
			} else if s.at(j) == '.' {
				j++
			}
		}
		name := s.fileName(j)
		if name == j {
			return end
		}
		end, j, slash = name, name, s.at(name) == '/'
		if !slash {
			return end
		}
	}
}

// fileName returns the end of the name at i, or i.
func (s *Scanner) fileName(i int) int {
	for s.is(i, segment) {
		for s.is(i, segment) || s.at(i) == '-' {
			i++
		}
		if s.at(i) != '.' || !s.is(i+1, segment) {
			break
		}
		i++
	}
	return i
}

// dots reads "." or ".." at i and reports whether a slash follows. A ".." counts
// only before a slash, white space or the end of the text.
func (s *Scanner) dots(i int) (end int, slash bool) {
	switch {
	case s.at(i+1) == '/':
		return i + 1, true
	case s.at(i+1) == '.' && s.at(i+2) == '/':
		return i + 2, true
	case s.at(i+1) == '.' && (i+2 == len(s.text) || s.spaceEnd(i+2) > i+2):
		return i + 2, false
	}
	return i, false
}

// fileHead reads the word or number that a file name may start with, and the dot behind it.
func (s *Scanner) fileHead(i int) (end int, slash, ok bool) {
	l := s.letters(i)
	if !l.ascii && !l.digit {
		return i, false, false // such a word never starts a file name
	}
	if s.at(l.end) == '.' && l.letter && s.is(l.end+1, segment) {
		return l.end + 1, false, true
	}
	slash = s.at(l.end) == '/'
	return l.end, slash, slash
}
