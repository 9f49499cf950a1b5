package search

import (
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"

	"github.com/mockdesk/mockdesk/internal/fake/search/parser"
)

const (
	maxWord    = 2046  // bytes of the longest token that PostgreSQL indexes
	maxStemmed = 1000  // bytes of the longest word that PostgreSQL stems
	maxStems   = 20000 // words that a dictionary remembers
)

// stopWords are the words of the Snowball project's English list, as PostgreSQL ships it.
var stopWords = func() map[string]bool {
	words := strings.Fields(`
i me my myself we our ours ourselves you your yours yourself yourselves
he him his himself she her hers herself it its itself
they them their theirs themselves what which who whom this that these those
am is are was were be been being have has had having do does did doing
a an the and but if or because as until while of at by for with about against
between into through during before after above below to from up down in out
on off over under again further then once here there when where why how
all any both each few more most other some such no nor not only own same so
than too very s t can will just don should now`)
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}()

// Ignores reports whether a search ignores a word, given in lower case; "or" is
// one of these words.
func Ignores(word string) bool { return stopWords[word] }

// treatment is what the english configuration does with a kind of token.
type treatment uint8

const (
	dropped treatment = iota // not indexed and without a position
	lowered                  // lower case only
	stemmed                  // lower case, stop words removed, stemmed
)

// treatments is indexed by the kind of token.
var treatments = [...]treatment{
	parser.ASCIIWord:      stemmed,
	parser.Word:           stemmed,
	parser.NumWord:        lowered,
	parser.Email:          lowered,
	parser.URL:            lowered,
	parser.Host:           lowered,
	parser.SFloat:         lowered,
	parser.Version:        lowered,
	parser.HWordNumPart:   lowered,
	parser.HWordPart:      stemmed,
	parser.HWordASCIIPart: stemmed,
	parser.Blank:          dropped,
	parser.Tag:            dropped,
	parser.Protocol:       dropped,
	parser.NumHWord:       lowered,
	parser.ASCIIHWord:     stemmed,
	parser.HWord:          stemmed,
	parser.URLPath:        lowered,
	parser.File:           lowered,
	parser.Float:          lowered,
	parser.Int:            lowered,
	parser.Uint:           lowered,
	parser.Entity:         dropped,
}

// dictionary turns tokens into lexemes. It is not safe for concurrent use.
type dictionary struct {
	env   *snowballstem.Env
	stems map[string]string // of words as written; emptied when it holds maxStems
}

// dictionaries keeps the known stems for the next text.
var dictionaries = sync.Pool{New: func() any {
	d := newDictionary()
	return &d
}}

func newDictionary() dictionary {
	return dictionary{env: snowballstem.NewEnv(""), stems: map[string]string{}}
}

// words calls f with each lexeme of a text and its position. The lexeme may be a part of the text.
func (d *dictionary) words(text string, f func(lexeme string, pos int)) {
	s := parser.NewScanner(text)
	pos := 0
	for t, ok := s.Next(); ok; t, ok = s.Next() {
		how := treatments[t.Kind]
		if how == dropped || t.End-t.Start > maxWord {
			continue
		}
		pos++
		if l := d.lexeme(how, text[t.Start:t.End]); l != "" {
			f(l, min(pos, maxPosition))
		}
	}
}

// lexeme returns the lexeme of a word, empty for a stop word.
func (d *dictionary) lexeme(how treatment, word string) string {
	if how == lowered || len(word) > maxStemmed {
		return strings.ToLower(word)
	}
	if l, ok := d.stems[word]; ok {
		return l
	}
	if len(d.stems) == maxStems {
		clear(d.stems)
	}
	l := d.stem(strings.ToLower(word))
	d.stems[strings.Clone(word)] = strings.Clone(l)
	return l
}

func (d *dictionary) stem(word string) string {
	if stopWords[word] {
		return ""
	}
	d.env.SetCurrent(word)
	english.Stem(d.env)
	return d.env.Current()
}
