package target

import (
	"encoding/base64"
	"net/url"
	"sort"
	"strings"
)

// shortest is the length below which a secret is not searched for in text: it
// would wreck every sentence. Authorization headers are masked whatever it is.
const shortest = 6

// Mask replaces secrets in text by the names of the variables that stand for them.
type Mask struct {
	pairs    []string // secret, variable: longest secret first
	replacer *strings.Replacer
}

// NewMask masks the keys of all callers, and further secrets as $SECRET.
func NewMask(keys Keys, further ...string) *Mask {
	names := map[string]string{}
	for _, s := range further {
		names[s] = "$SECRET"
	}
	callers := make([]string, 0, len(keys))
	for who := range keys {
		callers = append(callers, string(who))
	}
	sort.Sort(sort.Reverse(sort.StringSlice(callers))) // read-write last: it names a key that is also another's
	for _, who := range callers {
		names[keys[Who(who)]] = "$" + Who(who).Variable()
	}
	if key := keys[ReadWrite]; key != "" {
		names[key] = "$" + ReadWrite.Variable()
	}
	m := &Mask{}
	for secret, name := range names {
		if len(secret) >= shortest {
			m.add(secret, name)
		}
	}
	sort.Sort(byLength(m.pairs))
	m.replacer = strings.NewReplacer(m.pairs...)
	return m
}

// add covers a secret in the forms in which it may travel.
func (m *Mask) add(secret, name string) {
	m.pairs = append(m.pairs, secret, name)
	if escaped := url.QueryEscape(secret); escaped != secret {
		m.pairs = append(m.pairs, escaped, name)
	}
	for _, pair := range []string{secret + ":", ":" + secret, secret} {
		encoded := strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(pair)), "=")
		m.pairs = append(m.pairs, encoded, name)
	}
}

// Text is the text with every secret replaced.
func (m *Mask) Text(s string) string { return m.replacer.Replace(s) }

// byLength sorts pairs by the length of their first, longest first.
type byLength []string

func (p byLength) Len() int { return len(p) / 2 }

func (p byLength) Less(i, j int) bool {
	if len(p[2*i]) != len(p[2*j]) {
		return len(p[2*i]) > len(p[2*j])
	}
	return p[2*i] < p[2*j]
}

func (p byLength) Swap(i, j int) {
	p[2*i], p[2*j] = p[2*j], p[2*i]
	p[2*i+1], p[2*j+1] = p[2*j+1], p[2*i+1]
}
