package model

import "math/bits"

// mask is a set of tickets, a bit each.
type mask []uint64

// and returns what both sets have.
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
	m := make(mask, (len(l.Rows)+63)/64)
	for i, id := range l.ids {
		if f.Holds[id] {
			m[i/64] |= 1 << (i % 64)
		}
	}
	return m
}

// hold learns what each filter holds.
func (s *Space) hold() {
	s.masks = nil
	for _, f := range s.Filters {
		s.masks = append(s.masks, s.List.mask(f))
	}
}

// Tells reports whether a question finds tickets, and none of its filters could be
// left out unnoticed.
func (s *Space) Tells(q Question) bool {
	var sets []mask
	for _, f := range q.Filters {
		sets = append(sets, s.List.mask(f))
	}
	_, ok := s.telling(sets)
	return ok
}

// telling counts the tickets in all sets, and reports whether there are some
// and none of the sets could be left out unnoticed.
func (s *Space) telling(sets []mask) (matches int, ok bool) {
	matches = s.together(sets, -1)
	ok = matches > 0
	for i := range sets {
		ok = ok && s.together(sets, i) != matches
	}
	return matches, ok
}

// together counts the tickets in all sets but one.
func (s *Space) together(sets []mask, but int) int {
	n := 0
	for word := range (len(s.List.Rows) + 63) / 64 {
		all, some := ^uint64(0), false
		for i, m := range sets {
			if i != but {
				all, some = all&m[word], true
			}
		}
		if some {
			n += bits.OnesCount64(all)
		}
	}
	if len(sets) == 0 || len(sets) == 1 && but == 0 {
		return len(s.List.Rows)
	}
	return n
}
