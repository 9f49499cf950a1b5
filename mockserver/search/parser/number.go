package parser

// signed returns the signed number at i, if there is one.
func (s *Scanner) signed(i int) (Kind, int) {
	if !s.is(i+1, digit) {
		return Blank, i
	}
	if end := s.sfloat(i + 1); end > i+1 {
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

// sfloat returns the end of the number in scientific notation at i, or i.
func (s *Scanner) sfloat(i int) int {
	j := s.run(i, digit)
	if s.at(j) == '.' && s.is(j+1, digit) {
		j = s.run(j+1, digit)
	}
	if s.at(j)|0x20 != 'e' {
		return i
	}
	j++
	if c := s.at(j); c == '+' || c == '-' {
		j++
	}
	if end := s.run(j, digit); end > j {
		return end
	}
	return i
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
