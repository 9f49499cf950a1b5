package record

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// words replaces what people have written: each word by one of the same length
// and letter case, each number by another one. The replacement is drawn by the
// original, so that equal words are replaced alike everywhere.
type words struct {
	seed  uint64
	known map[string]string // replacements by words in lower case
	taken map[string]string // words by their replacements
}

// consonants and vowels make words that no language has.
const (
	consonants = "zxqvkjwbdfgpmt"
	vowels     = "uioy"
)

// stream returns random numbers that depend only on a text.
func (w *words) stream(kind, text string) *rand.Rand {
	sum := sha256.Sum256([]byte(kind + "\x00" + text))
	return rand.New(rand.NewPCG(w.seed, binary.BigEndian.Uint64(sum[:8])))
}

// word returns the replacement of a word or a number. Two originals share one
// only if no other of that length is left.
func (w *words) word(text string) string {
	lower := strings.ToLower(text)
	made, has := w.known[lower]
	if !has {
		r, n := w.stream("word", lower), len([]rune(lower))
		for range 50 {
			made = draw(r, lower, n)
			if _, used := w.taken[made]; !used && made != lower {
				break
			}
		}
		w.known[lower], w.taken[made] = made, lower
	}
	return cased(made, text)
}

// draw draws a word, or a number for a number.
func draw(r *rand.Rand, like string, n int) string {
	b := make([]byte, n)
	digits := unicode.IsDigit([]rune(like)[0])
	for i := range b {
		switch {
		case digits && i == 0 && like[0] != '0':
			b[i] = byte('1' + r.IntN(9))
		case digits:
			b[i] = byte('0' + r.IntN(10))
		case i%2 == 0:
			b[i] = consonants[r.IntN(len(consonants))]
		default:
			b[i] = vowels[r.IntN(len(vowels))]
		}
	}
	return string(b)
}

// cased writes a word with the letter case of another.
func cased(made, like string) string {
	b, i := []byte(made), 0
	for _, r := range like {
		if i < len(b) && unicode.IsUpper(r) {
			b[i] = byte(unicode.ToUpper(rune(b[i])))
		}
		i++
	}
	return string(b)
}

// text replaces all words and numbers of a text.
func (w *words) text(s string) string { return run.ReplaceAllStringFunc(s, w.word) }

// sparing replaces the words and numbers of a text, except those for which
// some, given the lower-case form, returns true.
func (w *words) sparing(some func(lower string) bool, s string) string {
	return run.ReplaceAllStringFunc(s, func(word string) string {
		if some(strings.ToLower(word)) {
			return word
		}
		return w.word(word)
	})
}

// run is a word or a number.
var run = regexp.MustCompile(`[\p{L}\p{M}]+|\p{Nd}+`)

// markup is what makes HTML of a text: tags, comments and entities; schemes are what
// addresses begin with.
var (
	markup  = regexp.MustCompile(`(?s)<!--.*?-->|</?[a-zA-Z][^>]*>|&(?:[a-zA-Z]+|#\d+|#[xX][0-9a-fA-F]+);`)
	values  = regexp.MustCompile(`(?s)=\s*("[^"]*"|'[^']*'|[^\s"'>]+)`)
	schemes = regexp.MustCompile(`\b(?:https?|mailto|cid|tel|ftp):`)
)

// html replaces the words of HTML, and those of values in its tags.
func (w *words) html(s string) string {
	return around(markup, s, w.address, func(mark string) string {
		switch {
		case strings.HasPrefix(mark, "<!--"):
			return ""
		case mark[0] == '&':
			return mark
		}
		return values.ReplaceAllStringFunc(mark, w.address)
	})
}

// address replaces the words of a text in which schemes of addresses stay.
func (w *words) address(s string) string { return around(schemes, s, w.text, same) }

// search replaces the words of a search, except "or" and those that a search
// ignores: their replacements would be searched for.
func (w *words) search(s string) string {
	return around(schemes, s, func(s string) string { return w.sparing(search.Ignores, s) }, same)
}

// same returns a text unchanged.
func same(s string) string { return s }

// around replaces the matches of a pattern, and what stands between them.
func around(pattern *regexp.Regexp, s string, between, match func(string) string) string {
	var b strings.Builder
	last := 0
	for _, at := range pattern.FindAllStringIndex(s, -1) {
		b.WriteString(between(s[last:at[0]]))
		b.WriteString(match(s[at[0]:at[1]]))
		last = at[1]
	}
	b.WriteString(between(s[last:]))
	return b.String()
}

// endings are endings of file names, which reveal only the type of the file.
var endings = regexp.MustCompile(`(?i)\.(?:csv|docx?|eml|gif|html?|ics|jpe?g|json|log|mov|mp[34]|pdf|png|pptx?|svg|txt|webp|xlsx?|xml|ya?ml|zip)$`)

// file replaces the words of a file's name.
func (w *words) file(s string) string {
	return around(endings, s, w.text, same)
}

// uuid matches ids.
var uuid = regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)

// isID reports whether a text is an id and nothing else.
func isID(text string) bool {
	_, ok := fixtures.ParseID(text)
	return ok
}

// id returns what stands for an id.
func (w *words) id(id string) string {
	r := w.stream("id", strings.ToLower(id))
	return fixtures.RandomID(r.Uint64(), r.Uint64()).String()
}
