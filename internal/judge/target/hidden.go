package target

import (
	"slices"
	"strconv"
	"strings"
)

// hidden is a secret that is found however it is escaped, in any letter case,
// and even if some letters at its end are missing.
type hidden struct{ secret, name string }

// span is a part of a text and what to write instead.
type span struct {
	from, to int
	name     string
}

// reveal replaces the secrets that can be seen only when escapes are undone.
func (m *Mask) reveal(s string) string {
	if len(m.plain) == 0 {
		return s
	}
	f := fold(s)
	var whole, cut []span
	for _, h := range m.plain {
		whole, cut = append(whole, f.find(h, len(h.secret))...), append(cut, f.find(h, h.least())...)
	}
	slices.SortStableFunc(cut, func(a, b span) int { return (b.to - b.from) - (a.to - a.from) })
	var found []span
	for _, x := range append(whole, cut...) { // a whole secret is not another secret that was cut
		if !slices.ContainsFunc(found, func(o span) bool { return x.from < o.to && o.from < x.to }) {
			found = append(found, x)
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	done := 0
	for _, x := range found {
		b.WriteString(s[done:x.from] + x.name)
		done = x.to
	}
	return b.String() + s[done:]
}

// folded is a text without escapes and in lower case.
type folded struct {
	lower string
	plain []byte // with its letter case
	at    []int  // where each byte begins in the text, and where the last one ends
}

// fold undoes the escapes of a text.
func fold(s string) folded {
	f := folded{plain: make([]byte, 0, len(s)), at: make([]int, 0, len(s)+1)}
	for i := 0; i < len(s); {
		c, n := unescape(s[i:])
		f.plain, f.at = append(f.plain, c), append(f.at, i)
		i += n
	}
	f.at = append(f.at, len(s))
	f.lower = lowered(f.plain)
	return f
}

// lowered has ASCII letters in lower case and every byte at its place.
func lowered(text []byte) string {
	lower := slices.Clone(text)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}

// unescape returns the first byte of a text, which may be written as itself or
// escaped as in JSON, a URL or HTML, and the length of what stands for it.
func unescape(s string) (c byte, n int) {
	if c = s[0]; c != '\\' && c != '%' && c != '&' {
		return c, 1
	}
	for _, e := range []struct {
		before string
		digits int
	}{{`\\u`, 4}, {`\u`, 4}, {`\x`, 2}, {"%25", 2}, {"%", 2}} {
		if end := len(e.before) + e.digits; len(s) >= end && s[:len(e.before)] == e.before {
			if v, err := strconv.ParseUint(s[len(e.before):end], 16, 8); err == nil {
				return byte(v), end
			}
		}
	}
	if strings.HasPrefix(s, "&#") {
		if end := strings.IndexByte(s[:min(len(s), 8)], ';'); end > 0 {
			if v, err := strconv.ParseUint(strings.Replace(strings.ToLower(s[2:end]), "x", "0x", 1), 0, 8); err == nil {
				return byte(v), end + 1
			}
		}
	}
	if strings.HasPrefix(s, `\/`) {
		return '/', 2
	}
	return s[0], 1
}

const (
	// mostNeeded is how many letters of a secret are surely worth hiding.
	mostNeeded = 12
	// shortestCut is how long a secret must be for parts of it to be searched
	// for.
	shortestCut = 12
)

// least returns how many of the secret's first letters must not be shown
// together.
func (h hidden) least() int {
	if len(h.secret) < shortestCut {
		return len(h.secret)
	}
	return min(mostNeeded, len(h.secret)*2/3)
}

// find returns the places where the text has at least that many letters of a
// secret.
func (f folded) find(h hidden, least int) []span {
	var found []span
	want := lowered([]byte(h.secret))
	for from := 0; ; {
		i := strings.Index(f.lower[from:], want[:least])
		if i < 0 {
			return found
		}
		start, end := from+i, from+i+least
		for end < len(f.lower) && end-start < len(want) && f.lower[end] == want[end-start] {
			end++
		}
		from = end
		found = append(found, span{f.at[start], f.at[end], h.as(string(f.plain[start:end]))})
	}
}

// as returns what to write in a shell for the secret in the form that was seen.
func (h hidden) as(seen string) string {
	const most = 8 // letters that a shell is told to cut off
	variable := strings.TrimPrefix(h.name, "$")
	if strings.HasPrefix(variable, "{") {
		return h.name
	}
	switch missing := len(h.secret) - len(seen); {
	case seen == h.secret:
	case missing > 0 && missing <= most && strings.HasPrefix(h.secret, seen):
		return "${" + variable + "%" + strings.Repeat("?", missing) + "}"
	case missing > 0:
		return h.name + "…"
	case seen == strings.ToUpper(h.secret):
		return "${" + variable + "^^}"
	case seen == strings.ToLower(h.secret):
		return "${" + variable + ",,}"
	}
	return h.name
}
