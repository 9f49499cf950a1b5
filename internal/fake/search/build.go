package search

import (
	"slices"
	"strings"
	"sync"
)

// Build returns the index of the documents 0 to docs-1. The workers call text at
// the same time, once for each document. The index does not depend on their number.
func Build(docs, workers int, text func(doc uint32) string) *Index {
	shards := make([]*shard, max(1, min(workers, docs)))
	var reading sync.WaitGroup
	for i := range shards {
		s := &shard{dictionary: newDictionary(), ids: map[string]uint32{}}
		s.first, s.end = uint32(docs*i/len(shards)), uint32(docs*(i+1)/len(shards))
		shards[i] = s
		reading.Go(func() { s.read(text) })
	}
	reading.Wait()
	return merge(docs, shards)
}

// shard is a part of the documents, and their lexemes, numbered within the
// shard.
type shard struct {
	first, end uint32 // documents
	dictionary dictionary

	ids     map[string]uint32 // numbers of the lexemes
	lexemes []string          // by number
	seen    []uint32          // by number: one more than the last document that has it
	counts  []uint32          // how many lexemes each document has
	chunks  [][]uint32        // the documents' lexemes, one document after the other
}

// chunk is the length of the pieces in which the lexemes are kept: growing one long slice would need twice its memory.
const chunk = 1 << 16

// read turns the texts into lexemes.
func (s *shard) read(text func(doc uint32) string) {
	s.counts = make([]uint32, s.end-s.first)
	for doc := s.first; doc < s.end; doc++ {
		s.dictionary.words(text(doc), func(lexeme string, _ int) {
			id := s.number(lexeme)
			if s.seen[id] == doc+1 {
				return
			}
			s.seen[id] = doc + 1
			s.counts[doc-s.first]++
			n := len(s.chunks)
			if n == 0 || len(s.chunks[n-1]) == chunk {
				s.chunks = append(s.chunks, make([]uint32, 0, chunk))
				n++
			}
			s.chunks[n-1] = append(s.chunks[n-1], id)
		})
	}
}

func (s *shard) number(lexeme string) uint32 {
	id, ok := s.ids[lexeme]
	if !ok {
		lexeme = strings.Clone(lexeme) // it may be a part of the text, which can then be freed
		id = uint32(len(s.lexemes))
		s.ids[lexeme] = id
		s.lexemes = append(s.lexemes, lexeme)
		s.seen = append(s.seen, 0)
	}
	return id
}

// merge joins the documents of each lexeme, in ascending order like the shards
// and their documents.
func merge(docs int, shards []*shard) *Index {
	var all []string
	for _, s := range shards {
		all = append(all, s.lexemes...)
		s.ids, s.dictionary = nil, dictionary{}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	x := &Index{docs: docs, lexemes: newLexemes(all), starts: make([]uint32, len(all)+1)}
	for _, s := range shards {
		s.renumber(x.lexemes)
		s.each(func(_, lexeme uint32) { x.starts[lexeme+1]++ })
	}
	for i := range all {
		x.starts[i+1] += x.starts[i]
	}
	x.postings = make([]uint32, x.starts[len(all)])
	next := slices.Clone(x.starts)
	for _, s := range shards {
		s.each(func(doc, lexeme uint32) {
			x.postings[next[lexeme]] = doc
			next[lexeme]++
		})
		s.chunks = nil
	}
	return x
}

// renumber gives the shard's lexemes the numbers they have in the index.
func (s *shard) renumber(index lexemes) {
	numbers := s.seen
	for id, l := range s.lexemes {
		n, _ := index.find(l)
		numbers[id] = uint32(n)
	}
	for _, c := range s.chunks {
		for i, id := range c {
			c[i] = numbers[id]
		}
	}
}

// each calls f with each document and each lexeme it has.
func (s *shard) each(f func(doc, lexeme uint32)) {
	doc, n := s.first, uint32(0) // n lexemes of the document have been seen
	for _, c := range s.chunks {
		for _, lexeme := range c {
			for n == s.counts[doc-s.first] {
				doc, n = doc+1, 0
			}
			f(doc, lexeme)
			n++
		}
	}
}
