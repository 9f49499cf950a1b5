package search

import (
	"strings"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/internal/fake/search/parser"
)

const (
	operators = "!&|()<" // of other query languages: blanks here
	wordEnd   = operators + `":`
)

// ParseQuery reads a search as websearch_to_tsquery does. It never fails.
func ParseQuery(text string) Query {
	d := dictionaries.Get().(*dictionary)
	defer dictionaries.Put(d)
	p := queryParser{text: text, dictionary: d}
	for p.operand() {
	}
	p.endGroup()
	return Query{groups: p.groups}
}

// queryParser reads a search from left to right.
type queryParser struct {
	text       string
	pos        int
	dictionary *dictionary
	groups     [][]term
	group      []term
	afterTerm  bool // an operand was read since the last "or": the next one may be "or"
}

// operand reads up to and including the next word or quoted phrase, and reports whether there was one.
func (p *queryParser) operand() bool {
	nots := 0
	for {
		p.skipBlanks()
		switch {
		case p.pos >= len(p.text):
			return false
		case p.afterTerm && p.or():
			p.endGroup()
			p.afterTerm = false
			continue
		case p.text[p.pos] == '-':
			nots++
			p.pos++
			p.afterTerm = false
			continue
		case p.text[p.pos] == '"':
			p.pos++
			p.add(nots, p.quoted())
		default:
			p.add(nots, p.bare())
		}
		p.afterTerm = true
		return true
	}
}

func (p *queryParser) skipBlanks() {
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if !parser.IsSpace(r) && !strings.ContainsRune(operators, r) {
			return
		}
		p.pos += n
	}
}

// or consumes the word "or" when something follows it.
func (p *queryParser) or() bool {
	rest := p.text[p.pos:]
	if len(rest) < 3 || !strings.EqualFold(rest[:2], "or") {
		return false
	}
	r, n := utf8.DecodeRuneInString(rest[2:])
	if r == '-' || r == '_' || parser.IsAlnum(r) || strings.TrimLeftFunc(rest[2+n:], parser.IsSpace) == "" {
		return false
	}
	p.pos += 2
	return true
}

// quoted consumes the text up to the closing quote, or the end.
func (p *queryParser) quoted() string {
	rest := p.text[p.pos:]
	if end := strings.IndexByte(rest, '"'); end >= 0 {
		p.pos += end + 1
		return rest[:end]
	}
	p.pos = len(p.text)
	return rest
}

// bare consumes a word. A colon ends a word and is the first character of the
// next one, so that a dash or an "or" after it loses its meaning.
func (p *queryParser) bare() string {
	start := p.pos
	if p.text[p.pos] == ':' {
		p.pos++
	}
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if parser.IsSpace(r) || strings.ContainsRune(wordEnd, r) {
			break
		}
		p.pos += n
	}
	return p.text[start:p.pos]
}

// add adds the lexemes of a word or quoted text as a term of the group.
func (p *queryParser) add(nots int, text string) {
	t := term{nots: nots}
	last := 0
	p.dictionary.words(text, func(lexeme string, pos int) {
		t.phrase = append(t.phrase, step{strings.Clone(lexeme), pos - last})
		last = pos
	})
	if len(t.phrase) > 0 {
		p.group = append(p.group, t)
	}
}

func (p *queryParser) endGroup() {
	if len(p.group) > 0 {
		p.groups = append(p.groups, p.group)
		p.group = nil
	}
}
