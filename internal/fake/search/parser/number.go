package parser

// signed returns the signed number at i, if there is one.
func (s *Scanner) signed(i int) (Kind, int) {
	if !s.is(i+1, digit) {
		return Blank, i
	}
	if end, _ := s.sfloat(i + 1); end > i+1 {
		return SFloat, end
	}
	switch k, end := s.number(i + 1); k {
	case Uint:
		return Int, end
	case Float:
		return Float, end
	}
	return Blank, i
}

// sfloat returns the end of the number in scientific notation at i, or i, and whether there is a dot in it.
func (s *Scanner) sfloat(i int) (end int, dot bool) {
	j := s.run(i, digit)
	if dot = s.at(j) == '.' && s.is(j+1, digit); dot {
		j = s.run(j+1, digit)
	}
	if j == i || s.at(j)|0x20 != 'e' {
		return i, dot
	}
	j++
	if c := s.at(j); c == '+' || c == '-' {
		j++
	}
	if end := s.run(j, digit); end > j {
		return end, dot
	}
	return i, dot
}

// number returns the integer, decimal or version number at i.
func (s *Scanner) number(i int) (Kind, int) {
	kind, end := Uint, s.run(i, digit)
	for _, next := range []Kind{Float, Version} {
		if s.at(end) != '.' || !s.is(end+1, digit) {
			return kind, end
		}
		kind, end = next, s.run(end+1, digit)
	}
	for s.at(end) == '.' && s.is(end+1, digit) {
		end = s.run(end+1, digit)
	}
	return kind, end
}
