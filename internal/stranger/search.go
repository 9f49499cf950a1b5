package stranger

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

var stopWords = []string{"the", "a", "an", "and", "to", "it", "is", "was", "at", "of", "for", "in", "on", "this", "or"}

// words cuts a text into lower-cased runs of letters and digits.
func words(text string, o Options) []string {
	all := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	if o.StopWords {
		all = slices.DeleteFunc(all, func(w string) bool { return slices.Contains(stopWords, w) })
	}
	for i, w := range all {
		if o.Stem && len(w) > 3 {
			all[i] = strings.TrimSuffix(w, "s")
		}
	}
	return all
}

var tags = regexp.MustCompile(`<[^>]*>`)

// bodyWords returns the words of both halves of a body with a gap between them.
func bodyWords(m *message, o Options) []string {
	plain := html.UnescapeString(tags.ReplaceAllString(m.html, " "))
	return append(append(words(m.text, o), ""), words(plain, o)...)
}

// term is a word or the words of a phrase.
type term struct {
	words []string
	not   bool
}

// parseSearch reads a search as alternatives, each a list of terms that must
// all hold: quotes make a phrase, a leading dash negates, and the word or
// begins another alternative. It never fails.
func parseSearch(text string, o Options) [][]term {
	all := [][]term{nil}
	add := func(text string, not bool) {
		if w := words(text, o); len(w) > 0 {
			all[len(all)-1] = append(all[len(all)-1], term{w, not})
		}
	}
	for text != "" {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		rest, not := strings.CutPrefix(text, "-")
		if phrase, quoted := strings.CutPrefix(rest, `"`); quoted {
			phrase, text, _ = strings.Cut(phrase, `"`)
			add(phrase, not)
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || r == '"' })
		if end < 0 {
			end = len(rest)
		}
		if text = rest[end:]; strings.EqualFold(rest[:end], "or") && !not {
			all = append(all, nil)
			continue
		}
		add(rest[:end], not)
	}
	return slices.DeleteFunc(all, func(terms []term) bool { return len(terms) == 0 })
}

// documents returns the texts of a ticket that are searched: the subject, then each message.
func (s *Server) documents(t *ticket, now time.Time) [][]string {
	all := [][]string{t.words}
	for _, m := range t.messages {
		if (!m.draft || s.o.SearchDrafts) && (m.kind == "email" || !s.o.SkipNotes) && !m.shows.After(now) {
			all = append(all, m.words)
		}
	}
	return all
}

// matches reports whether the documents answer one of the alternatives.
func (s *Server) matches(docs [][]string, alternatives [][]term) bool {
	return slices.ContainsFunc(alternatives, func(terms []term) bool {
		if !s.o.PerDocument {
			return allHold(docs, terms)
		}
		return slices.ContainsFunc(docs, func(doc []string) bool { return allHold([][]string{doc}, terms) })
	})
}

func allHold(docs [][]string, terms []term) bool {
	for _, t := range terms {
		found := slices.ContainsFunc(docs, func(doc []string) bool {
			for i := 0; i+len(t.words) <= len(doc); i++ {
				if slices.Equal(doc[i:i+len(t.words)], t.words) {
					return true
				}
			}
			return false
		})
		if found == t.not {
			return false
		}
	}
	return true
}
