// Package spans finds the newest of many spans of time that contain an instant.
package spans

import "time"

// Index numbers spans in the order in which they are added. Its zero value has
// none.
type Index struct {
	// levels holds the spans, then the joins of every two of them, of every
	// four, and so on, up to one that contains all.
	levels [][]span
}

// span lasts from its first to its last instant, unless it is empty.
type span struct {
	first, last time.Time
	some        bool
}

// Add adds the span from one instant to another, both included, and returns its
// number.
func (x *Index) Add(first, last time.Time) int {
	if x.levels == nil {
		x.levels = [][]span{nil}
	}
	number := len(x.levels[0])
	x.set(number, span{first, last, !last.Before(first)})
	return number
}

// Remove takes a span out; the others keep their numbers.
func (x *Index) Remove(number int) {
	x.set(number, span{})
}

// Newest returns the number of the last added span that holds the instant and
// fits, -1 when there is none.
func (x *Index) Newest(at time.Time, fits func(number int) bool) int {
	if x.levels == nil {
		return -1
	}
	return x.newest(len(x.levels)-1, 0, at, fits)
}

// newest looks into a span of a level.
func (x *Index) newest(level, i int, at time.Time, fits func(int) bool) int {
	switch {
	case i >= len(x.levels[level]) || !x.levels[level][i].holds(at):
		return -1
	case level == 0 && fits(i):
		return i
	case level == 0:
		return -1
	}
	if found := x.newest(level-1, 2*i+1, at, fits); found >= 0 {
		return found
	}
	return x.newest(level-1, 2*i, at, fits)
}

// set puts a span in its place and updates all joins that contain it.
func (x *Index) set(i int, s span) {
	for level := 0; ; level++ {
		if level == len(x.levels) {
			x.levels = append(x.levels, nil)
		}
		if i == len(x.levels[level]) {
			x.levels[level] = append(x.levels[level], s)
		}
		x.levels[level][i] = s
		if len(x.levels[level]) == 1 {
			return
		}
		if twin := i ^ 1; twin < len(x.levels[level]) {
			s = s.join(x.levels[level][twin])
		}
		i /= 2
	}
}

// holds reports whether the instant is in the span.
func (s span) holds(at time.Time) bool {
	return s.some && !at.Before(s.first) && !at.After(s.last)
}

// join returns the span from the first of both to the last.
func (s span) join(other span) span {
	switch {
	case !s.some:
		return other
	case !other.some:
		return s
	}
	if other.first.Before(s.first) {
		s.first = other.first
	}
	if other.last.After(s.last) {
		s.last = other.last
	}
	return s
}
