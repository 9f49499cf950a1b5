package search

import "slices"

// Index finds the documents of a fixed collection that match a query.
// It does not change and is safe for concurrent use.
//
// It knows which lexemes a document has, not where they stand: a phrase is
// checked in the text of the documents that have all its lexemes.
type Index struct {
	docs     int
	lexemes  lexemes
	starts   []uint32 // where the documents of each lexeme start in postings, and the end
	postings []uint32 // document numbers, ascending within a lexeme
}

// Search returns the numbers of the documents that match, ascending. It calls
// text for the documents in which a phrase must be checked.
func (x *Index) Search(q Query, text func(doc uint32) string) []uint32 {
	found := newDocSet(x.docs)
	done := map[string]bool{}
	for _, group := range q.groups {
		terms := distinct(group)
		if key := string(appendTerms(nil, terms)); !done[key] {
			done[key] = true
			found.addAll(x.group(terms, text))
		}
		if found.count == x.docs {
			break
		}
	}
	return found.list()
}

// distinct returns the terms without repetition, so that a word costs the same
// however often it is asked for.
func distinct(terms []term) []term {
	seen := map[string]bool{}
	var once []term
	for _, t := range terms {
		t.nots %= 2
		if key := string(t.append(nil)); !seen[key] {
			seen[key] = true
			once = append(once, t)
		}
	}
	return once
}

// group returns the documents that match all terms.
func (x *Index) group(terms []term, text func(uint32) string) []uint32 {
	var with, without [][]uint32
	var phrases []term
	for _, t := range terms {
		switch {
		case len(t.phrase) == 1 && t.negative():
			without = append(without, x.having(t.phrase[0].lexeme))
		case !t.negative():
			with = append(with, x.all(t.phrase)...)
		}
		if len(t.phrase) > 1 {
			phrases = append(phrases, t)
		}
	}
	found := x.intersect(with)
	for _, docs := range without {
		found = subtract(found, docs)
	}
	for _, t := range phrases {
		found = x.check(found, t, text)
	}
	return found
}

// check keeps the documents that contain a phrase, or those that do not if the
// term is negative.
func (x *Index) check(docs []uint32, t term, text func(uint32) string) []uint32 {
	if t.negative() {
		t.nots = 0
		candidates := intersect(docs, x.intersect(x.all(t.phrase)))
		return subtract(docs, x.check(candidates, t, text))
	}
	d := dictionaries.Get().(*dictionary)
	defer dictionaries.Put(d)
	v := Vector{positions: map[string][]uint16{}}
	for _, s := range t.phrase {
		v.positions[s.lexeme] = nil
	}
	return slices.DeleteFunc(docs, func(doc uint32) bool {
		for l, ps := range v.positions {
			v.positions[l] = ps[:0]
		}
		d.words(text(doc), func(lexeme string, pos int) {
			if ps, ok := v.positions[lexeme]; ok {
				v.positions[lexeme] = appendPosition(ps, pos)
			}
		})
		return !v.hasPhrase(t.phrase)
	})
}

// having returns the documents that have a lexeme. The caller must not change them.
func (x *Index) having(lexeme string) []uint32 {
	if i, ok := x.lexemes.find(lexeme); ok {
		return x.postings[x.starts[i]:x.starts[i+1]]
	}
	return nil
}

// all returns the documents of each lexeme of a phrase.
func (x *Index) all(phrase []step) [][]uint32 {
	lists := make([][]uint32, len(phrase))
	for i, s := range phrase {
		lists[i] = x.having(s.lexeme)
	}
	return lists
}

// intersect returns the documents that are in all lists, and every document when there is no list.
func (x *Index) intersect(lists [][]uint32) []uint32 {
	if len(lists) == 0 {
		every := make([]uint32, x.docs)
		for i := range every {
			every[i] = uint32(i)
		}
		return every
	}
	slices.SortFunc(lists, func(a, b []uint32) int { return len(a) - len(b) })
	found := slices.Clone(lists[0])
	for _, l := range lists[1:] {
		found = intersect(found, l)
	}
	return found
}
