package search

import (
	"math/bits"
	"sort"
)

// intersect returns what is in both lists of document numbers. It searches the
// longer list, so a rare lexeme together with a common one costs as much as the
// rare one.
func intersect(short, long []uint32) []uint32 {
	if len(short) > len(long) {
		short, long = long, short
	}
	both := make([]uint32, 0, len(short))
	for _, doc := range short {
		long = from(long, doc)
		if len(long) == 0 {
			break
		}
		if long[0] == doc {
			both = append(both, doc)
		}
	}
	return both
}

// subtract returns what is in docs and not in minus.
func subtract(docs, minus []uint32) []uint32 {
	kept := make([]uint32, 0, len(docs))
	for _, doc := range docs {
		minus = from(minus, doc)
		if len(minus) == 0 || minus[0] != doc {
			kept = append(kept, doc)
		}
	}
	return kept
}

// from returns the tail of an ascending list that starts at doc or after it. It
// searches in doubling steps.
func from(docs []uint32, doc uint32) []uint32 {
	step := 1
	for step < len(docs) && docs[step-1] < doc {
		step *= 2
	}
	docs = docs[step/2:]
	return docs[sort.Search(min(step, len(docs)), func(i int) bool { return docs[i] >= doc }):]
}

// docSet is a set of document numbers.
type docSet struct {
	words []uint64
	count int
}

func newDocSet(docs int) *docSet { return &docSet{words: make([]uint64, (docs+63)/64)} }

func (s *docSet) addAll(docs []uint32) {
	for _, doc := range docs {
		if bit := uint64(1) << (doc % 64); s.words[doc/64]&bit == 0 {
			s.words[doc/64] |= bit
			s.count++
		}
	}
}

// list returns the numbers, ascending.
func (s *docSet) list() []uint32 {
	docs := make([]uint32, 0, s.count)
	for i, w := range s.words {
		for ; w != 0; w &= w - 1 {
			docs = append(docs, uint32(i*64+bits.TrailingZeros64(w)))
		}
	}
	return docs
}
