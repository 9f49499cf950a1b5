package search

import (
	"sort"
	"strings"
)

// lexemes are strings in ascending order, in one piece of memory.
type lexemes struct {
	text string
	ends []uint32
}

func newLexemes(sorted []string) lexemes {
	l := lexemes{strings.Join(sorted, ""), make([]uint32, len(sorted))}
	end := uint32(0)
	for i, s := range sorted {
		end += uint32(len(s))
		l.ends[i] = end
	}
	return l
}

func (l lexemes) at(i int) string {
	start := uint32(0)
	if i > 0 {
		start = l.ends[i-1]
	}
	return l.text[start:l.ends[i]]
}

func (l lexemes) find(lexeme string) (int, bool) {
	return sort.Find(len(l.ends), func(i int) int { return strings.Compare(lexeme, l.at(i)) })
}
