package parser

// Work returns the number of bytes that were looked at so far.
func (s *Scanner) Work() int { return s.work }
