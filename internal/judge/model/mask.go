package model

import "math/bits"

// mask is a set of tickets, a bit each.
type mask []uint64

// and returns the intersection of both sets.
func (m mask) and(other mask) mask {
	out := make(mask, len(m))
	for i := range m {
		out[i] = m[i] & other[i]
	}
	return out
}

func (m mask) count() int {
	n := 0
	for _, word := range m {
		n += bits.OnesCount64(word)
	}
	return n
}

// mask returns the tickets that a filter holds.
func (l *List) mask(f Filter) mask {
	return l.maskOf(func(id string) bool { return f.Holds[id] })
}

// maskOf returns the tickets with an id that fits.
func (l *List) maskOf(fits func(id string) bool) mask {
	m := make(mask, (len(l.ids)+63)/64)
	for i, id := range l.ids {
		if fits(id) {
			m[i/64] |= 1 << (i % 64)
		}
	}
	return m
}

// hold notes which tickets each filter holds.
func (s *Space) hold() {
	s.masks = nil
	for _, f := range s.Filters {
		s.masks = append(s.masks, s.List.mask(f))
	}
}

// Tells reports whether a question finds tickets and none of its filters can be
// ignored unnoticed.
func (s *Space) Tells(q Question) bool {
	var sets []mask
	for _, f := range q.Filters {
		sets = append(sets, s.List.mask(f))
	}
	_, ok := s.telling(sets)
	return ok
}

// telling counts the tickets that are in all sets. It reports whether there are
// any, and whether each set excludes some.
func (s *Space) telling(sets []mask) (matches int, ok bool) {
	matches = s.together(sets, -1)
	ok = matches > 0
	for i := range sets {
		ok = ok && s.together(sets, i) != matches
	}
	return matches, ok
}

// together counts the tickets that are in all sets except one.
func (s *Space) together(sets []mask, but int) int {
	n := 0
	for word, both := range s.List.every {
		for i, m := range sets {
			if i != but {
				both &= m[word]
			}
		}
		n += bits.OnesCount64(both)
	}
	return n
}
