package target

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The lengths of a secret decide where it is searched for: a long one in all
// text, a short one as a word of its own, and one of a letter or two, which
// would wreck every sentence, only where a key can stand.
const (
	shortestAnywhere = 6
	shortestWord     = 3
)

// Mask replaces secrets in text by the names of the variables that stand for
// them. Text must be masked before it is cut. Secrets that others have cut are
// found too, if enough is left of them to be of use.
type Mask struct {
	encoded  []hidden          // secrets in the forms in which they travel, longest first
	replacer *strings.Replacer // of those
	plain    []hidden          // secrets to be found however they are escaped, longest first
	words    []word            // secrets that are too short for that, longest first
}

// word is a secret that is replaced where it is a word of its own.
type word struct {
	hidden
	places bool // it is replaced only where a key can stand
}

// NewMask masks the keys of all callers, and further secrets as $SECRET.
func NewMask(keys Keys, further ...string) *Mask {
	names := map[string]string{}
	for _, s := range further {
		names[s] = "$SECRET"
	}
	for _, who := range slices.Backward(slices.Sorted(maps.Keys(keys))) {
		names[keys[who]] = "$" + who.Variable()
	}
	names[keys[ReadWrite]] = "$" + ReadWrite.Variable() // a key with several callers has this name
	delete(names, "")
	m := &Mask{}
	for secret, name := range names {
		m.add(secret, name)
	}
	slices.SortFunc(m.encoded, longest)
	slices.SortFunc(m.plain, longest)
	slices.SortFunc(m.words, func(a, b word) int { return longest(a.hidden, b.hidden) })
	var pairs []string
	for _, e := range m.encoded {
		pairs = append(pairs, e.secret, e.name)
	}
	m.replacer = strings.NewReplacer(pairs...)
	return m
}

// longest puts the longer secret first.
func longest(a, b hidden) int {
	return cmp.Or(len(b.secret)-len(a.secret), strings.Compare(a.secret, b.secret))
}

// add covers a secret in the forms in which it may travel.
func (m *Mask) add(secret, name string) {
	if len(secret) >= shortestAnywhere {
		m.plain = append(m.plain, hidden{secret, name})
		m.without(secret, name)
		m.encoded = append(m.encoded, hidden{hex.EncodeToString([]byte(secret)), name})
	} else {
		m.words = append(m.words, word{hidden{secret, name}, len(secret) < shortestWord})
	}
	if escaped := url.QueryEscape(secret); escaped != secret {
		m.form(escaped, name)
	}
	for _, pair := range []string{secret + ":", ":" + secret, secret} {
		m.form(strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(pair)), "="), name)
	}
	for shift := range 3 { // in the middle of something else that is encoded
		m.form(encodedAt(secret, shift), name)
	}
}

// without covers a key without the prefix that all keys have.
func (m *Mask) without(secret, name string) {
	for _, head := range []string{"ixk_", "ah_k_"} {
		if rest, ok := strings.CutPrefix(secret, head); ok && len(rest) >= shortestCut {
			m.plain = append(m.plain, hidden{rest, "${" + name[1:] + "#" + head + "}"})
		}
	}
}

// form covers one form of a secret.
func (m *Mask) form(text, name string) {
	switch other := strings.NewReplacer("+", "-", "/", "_").Replace(text); {
	case len(text) >= shortestAnywhere:
		m.encoded = append(m.encoded, hidden{text, name}, hidden{other, name})
	case text != "":
		m.words = append(m.words, word{hidden{text, name}, false})
	}
}

// encodedAt returns the letters that depend only on the secret in the base64
// encoding of a text in which it begins after shift bytes; "" when they are too
// few to mean anything.
func encodedAt(secret string, shift int) string {
	const bits = 6 // of a letter
	whole := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
	text := whole[(8*shift+bits-1)/bits : 8*(shift+len(secret))/bits]
	if len(secret) < shortestAnywhere {
		return ""
	}
	return text
}

// Text is the text with every secret replaced.
func (m *Mask) Text(s string) string {
	s = m.reveal(m.replacer.Replace(s))
	for _, w := range m.words {
		s = w.replace(s)
	}
	return s
}

// Cut is the text masked and then shortened to most bytes, with dots where
// something is left out.
func (m *Mask) Cut(s string, most int) string {
	const room = 16 // times as much is masked: no name is that much shorter than its secret
	s = m.Text(strings.ToValidUTF8(s[:min(len(s), room*most)], "\uFFFD"))
	if len(s) <= most {
		return s
	}
	for !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}

// replace replaces the word wherever it stands.
func (w word) replace(s string) string {
	var b strings.Builder
	done := 0 // bytes of s that were written
	for from := 0; ; {
		i := strings.Index(s[from:], w.secret)
		if i < 0 {
			return b.String() + s[done:]
		}
		start, end := from+i, from+i+len(w.secret)
		from = start + 1
		if w.stands(s[:start], s[end:]) {
			b.WriteString(s[done:start] + w.name)
			done, from = end, end
		}
	}
}

var (
	// escape ends in a letter or digit that belongs to no word.
	escape = regexp.MustCompile(`(%[0-9A-Fa-f]{2}|\\[bfnrt]|\\u[0-9A-Fa-f]{4})$`)
	// place is what stands before a key in a request.
	place = regexp.MustCompile(`(?i)(\bAuthorization: |\b(Bearer|Basic|Token)( |\+|%20)|\b(api_?key|key|access_token|token|authorization)=)$`)
)

// nearby is how many bytes before a secret decide whether it stands there.
const nearby = 32

// stands reports whether the secret is a word of its own between the texts.
func (w word) stands(before, after string) bool {
	before = before[max(0, len(before)-nearby):]
	switch {
	case after != "" && letter(after[0]):
		return false
	case w.places:
		return place.MatchString(before)
	default:
		return before == "" || !letter(before[len(before)-1]) || escape.MatchString(before)
	}
}

// letter reports whether a byte may be part of a word.
func letter(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
