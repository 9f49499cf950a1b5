package parser

// labelRun is the longest run of labels (ASCII letters and digits) joined by
// single dots, hyphens and underlines. Everything that starts inside a run
// shares what is known about it, so that a run is read once, not once per
// label.
type labelRun struct {
	start, end int
	hostDot    int // the last dot before two or more letters that are a whole label, or -1
	hostEnd    int // end of those letters
	email      int // end of the address whose host follows the run and an @, or -1
}

// readLabels reads the run at i; that may be empty.
func (s *Scanner) readLabels(i int) labelRun {
	r := labelRun{start: i, end: s.run(i, alnum), hostDot: -1, email: -1}
	for r.end > i {
		c := s.at(r.end)
		next := s.run(r.end+1, alnum)
		if c != '.' && c != '-' && c != '_' || next == r.end+1 {
			break
		}
		if c == '.' && next-r.end > 2 && s.run(r.end+1, letter) == next {
			r.hostDot, r.hostEnd = r.end, next
		}
		r.end = next
	}
	return r
}

// address returns the e-mail address, URL or host at i, if there is one.
func (s *Scanner) address(i int) (Kind, int) {
	if i < s.labels.start || i >= s.labels.end {
		s.labels = s.readLabels(i)
		if r := &s.labels; r.end > i {
			r.email = s.atHost(r.end)
		}
	}
	switch r := s.labels; {
	case r.email >= 0:
		return Email, r.email
	case r.hostDot < i:
		// A word outside ASCII is no label, but may stand before the @ when it has a digit.
		if l := s.letters(i); !l.ascii && l.digit {
			if end := s.atHost(l.end); end >= 0 {
				return Email, end
			}
		}
		return Blank, i
	default:
		end := s.port(r.hostEnd)
		if s.at(end) != '/' || !s.is(end+1, inPath) {
			return Host, end
		}
		path := s.run(end+1, inPath)
		s.queue = []Token{{Host, i, end}, {URLPath, end, path}}
		return URL, path
	}
}

// atHost returns the end of the host behind the @ at i, or -1.
func (s *Scanner) atHost(i int) int {
	if s.at(i) != '@' {
		return -1
	}
	if float, dot := s.sfloat(i + 1); float > i+1 && !dot {
		return -1 // as at the start of a token
	}
	if r := s.readLabels(i + 1); r.hostDot >= 0 {
		return s.port(r.hostEnd)
	}
	return -1
}

// port returns the end of the port after a host that ends at i, or i.
func (s *Scanner) port(i int) int {
	if s.at(i) == ':' && s.is(i+1, digit) {
		return s.run(i+1, digit)
	}
	return i
}
