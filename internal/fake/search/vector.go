// Package search turns text into PostgreSQL's tsvectors and search strings into
// its tsqueries, and decides which documents match.
//
// It answers as PostgreSQL 15 does for to_tsvector('english', text) and
// websearch_to_tsquery('english', query): the default parser's tokens, Snowball
// English stemming, stop words that count in positions, quoted phrases, "or"
// and a leading dash. DIFFERENCES.md lists what is known to differ.
package search

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	maxPosition  = 16383 // later words all stand here
	maxPositions = 255   // of one lexeme
)

// Vector holds the lexemes of one document and the positions of their words.
// It does not change and is safe for concurrent use.
type Vector struct {
	positions map[string][]uint16
}

// NewVector returns the vector of a text.
func NewVector(text string) Vector {
	d := dictionaries.Get().(*dictionary)
	defer dictionaries.Put(d)
	v := Vector{positions: map[string][]uint16{}}
	d.words(text, func(lexeme string, pos int) {
		v.positions[lexeme] = appendPosition(v.positions[lexeme], pos)
	})
	return v
}

// appendPosition adds the position of another word to those of its lexeme.
func appendPosition(positions []uint16, pos int) []uint16 {
	n := len(positions)
	if n == maxPositions || n > 0 && int(positions[n-1]) == pos {
		return positions
	}
	return append(positions, uint16(pos))
}

// String returns PostgreSQL's text form of the vector.
func (v Vector) String() string {
	var b []byte
	for _, l := range slices.Sorted(maps.Keys(v.positions)) {
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = appendQuoted(b, l)
		for j, p := range v.positions[l] {
			b = append(b, ":,"[min(j, 1)])
			b = strconv.AppendUint(b, uint64(p), 10)
		}
	}
	return string(b)
}

func appendQuoted(b []byte, lexeme string) []byte {
	b = append(b, '\'')
	if strings.ContainsAny(lexeme, `'\`) {
		lexeme = strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(lexeme)
	}
	b = append(b, lexeme...)
	return append(b, '\'')
}
