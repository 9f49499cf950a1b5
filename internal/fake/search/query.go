package search

import (
	"slices"
	"strconv"
	"strings"
)

// Query is a parsed search: groups joined by or, each of terms joined by and.
// It does not change and is safe for concurrent use.
type Query struct {
	groups [][]term
}

// term is a phrase, or a single lexeme as a phrase of one, after a number of
// nots.
type term struct {
	nots   int
	phrase []step
}

// step is a lexeme of a phrase and its distance from the one before it.
type step struct {
	lexeme   string
	distance int
}

func (t term) negative() bool { return t.nots%2 == 1 }

// Match reports whether a document's vector matches. Nothing matches a query in
// which nothing is left to search for.
func (q Query) Match(v Vector) bool {
	return slices.ContainsFunc(q.groups, func(group []term) bool {
		for _, t := range group {
			if v.hasPhrase(t.phrase) == t.negative() {
				return false
			}
		}
		return true
	})
}

// hasPhrase reports whether the lexemes stand at their distances somewhere in the document.
func (v Vector) hasPhrase(phrase []step) bool {
	ends := v.positions[phrase[0].lexeme]
	for _, s := range phrase[1:] {
		if len(ends) == 0 {
			return false
		}
		ends = follow(ends, v.positions[s.lexeme], s.distance)
	}
	return len(ends) > 0
}

// follow returns the positions in next that are distance after one of ends.
// Both lists ascend.
func follow(ends, next []uint16, distance int) []uint16 {
	var kept []uint16
	i := 0
	for _, p := range next {
		for i < len(ends) && int(ends[i])+distance < int(p) {
			i++
		}
		if i < len(ends) && int(ends[i])+distance == int(p) {
			kept = append(kept, p)
		}
	}
	return kept
}

// String returns PostgreSQL's text form of the query.
func (q Query) String() string {
	var b []byte
	for i, group := range q.groups {
		if i > 0 {
			b = append(b, " | "...)
		}
		b = appendTerms(b, group)
	}
	return string(b)
}

func appendTerms(b []byte, terms []term) []byte {
	for i, t := range terms {
		if i > 0 {
			b = append(b, " & "...)
		}
		b = t.append(b)
	}
	return b
}

func (t term) append(b []byte) []byte {
	b = append(b, strings.Repeat("!", t.nots)...)
	bracket := t.nots > 0 && len(t.phrase) > 1
	if bracket {
		b = append(b, "( "...)
	}
	for i := 0; i < len(t.phrase); {
		switch d := t.phrase[i].distance; {
		case i == 0:
		case d == 1:
			b = append(b, " <-> "...)
		default:
			b = append(b, " <"...)
			b = strconv.AppendInt(b, int64(d), 10)
			b = append(b, "> "...)
		}
		n := 1
		for i+n < len(t.phrase) && t.phrase[i+n].distance == 0 {
			n++
		}
		b = appendTogether(b, t.phrase[i:i+n])
		i += n
	}
	if bracket {
		b = append(b, " )"...)
	}
	return b
}

// appendTogether appends lexemes that share one position, as in a phrase whose
// words are beyond the last position.
func appendTogether(b []byte, steps []step) []byte {
	if len(steps) == 1 {
		return appendQuoted(b, steps[0].lexeme)
	}
	b = append(b, "( "...)
	for i, s := range steps {
		if i > 0 {
			b = append(b, " & "...)
		}
		b = appendQuoted(b, s.lexeme)
	}
	return append(b, " )"...)
}
