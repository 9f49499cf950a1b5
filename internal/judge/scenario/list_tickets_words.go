package scenario

import (
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// mostSubjects bounds the subjects that words to search for are taken from.
const mostSubjects = 1000

// subjectWords are words of subjects, rarest first.
func (s *Session) subjectWords() []survey.Word {
	rows := s.Tickets().Rows
	step := len(rows)/mostSubjects + 1
	var some []survey.Row
	for i := 0; i < len(rows); i += step {
		some = append(some, rows[i])
	}
	words := survey.Words(some, "subject")
	if len(rows) < 2 || len(words) == 0 {
		s.Skip("no subject has a word to search for", "a workspace with tickets that have English subjects")
	}
	return words
}

// rareWords returns at most n of the rarer words, spread over the alphabet:
// names if there are enough, since a text seldom mentions those by chance.
func (s *Session) rareWords(n int) []survey.Word {
	words := s.subjectWords()
	rare := only(words, func(w survey.Word) bool { return len(w.Rows) <= max(len(words[0].Rows), 2) })
	names := only(rare, func(w survey.Word) bool {
		subject := w.Rows[0].Text("subject")
		form := written(subject, w.Text)
		return form != w.Text && !strings.HasPrefix(subject, form)
	})
	switch {
	case len(names) >= n:
		words = names
	case len(rare) >= n:
		words = rare
	}
	n = min(n, len(words))
	out := make([]survey.Word, n)
	for i := range out {
		out[i] = words[(2*i+1)*len(words)/(2*n)]
	}
	return out
}

// letterRuns are the runs of ASCII letters of a text.
func letterRuns(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
}

// written returns the word as the text has it, in its case; "" if the text does
// not have it.
func written(text, word string) string {
	for _, run := range letterRuns(text) {
		if strings.EqualFold(run, word) {
			return run
		}
	}
	return ""
}

// standing reports whether the text has the word by itself, not as part of an
// address, which a search may take for one word.
func standing(text, word string) bool {
	return slices.ContainsFunc(strings.Fields(tag.ReplaceAllString(text, " ")), func(field string) bool {
		return !strings.ContainsAny(field, "@/_") && written(field, word) != ""
	})
}

// mentions reports whether the text has the word or one that stemming may
// take for it.
func mentions(text, word string) bool {
	stem := strings.ToLower(word[:min(4, len(word))])
	return slices.ContainsFunc(letterRuns(text), func(run string) bool { return strings.HasPrefix(strings.ToLower(run), stem) })
}

// bodies is all text of a message.
func bodies(m survey.Row) string { return m.Text("body_text") + "\n" + m.Text("body_html") }

// mentionsAnywhere reports whether the subject or a message that can be read
// mentions the word.
func (s *Session) mentionsAnywhere(ticket survey.Row, word string) bool {
	if mentions(ticket.Text("subject"), word) {
		return true
	}
	return slices.ContainsFunc(s.Timeline(ticket).Messages, func(m survey.Row) bool { return mentions(bodies(m), word) })
}

// needle is a word, a ticket with it in the subject, and what it finds.
type needle struct {
	text   string // as the subject has it
	ticket survey.Row
	finding
}

// mostProbes is how many words are tried to find needles.
const mostProbes = 6

// needles returns words whose searches work: each finds its ticket, not every
// ticket, and tickets that the others do not find. It returns at most most
// words and skips when there are fewer than least.
func (s *Session) needles(least, most int) []needle {
	var out []needle
	for _, w := range s.rareWords(mostProbes) {
		form := written(w.Rows[0].Text("subject"), w.Text)
		f := s.find(Query("query", form))
		alike := slices.ContainsFunc(out, func(o needle) bool { _, differ := overlap(f, o.finding); return !differ })
		if f.whole && s.narrows(f) && f.has(w.Rows[0].ID()) && !alike {
			out = append(out, needle{form, w.Rows[0], f})
		}
		if len(out) == most {
			return out
		}
	}
	if len(out) >= least {
		return out
	}
	s.Skip("too few words of subjects find some tickets and not others", "a workspace with tickets of different subjects")
	return nil
}

// wordPair is two words of one subject.
type wordPair struct {
	a, b   string // as the subject has them
	ticket survey.Row
}

// query searches for a pattern in which a and b stand for the words.
func (p wordPair) query(pattern string) string {
	return Query("query", strings.NewReplacer("a", p.a, "b", p.b).Replace(pattern))
}

// pairs are at most n pairs of words that share a subject while other
// subjects have only one of them.
func (s *Session) pairs(n int) []wordPair {
	words := s.subjectWords()
	with := map[string]map[string]bool{} // ids of tickets, by word
	for _, w := range words {
		with[w.Text] = idSet(w.Rows)
	}
	var out []wordPair
	used := map[string]bool{}
	for _, w := range words {
		if len(w.Rows) < 2 || used[w.Text] {
			continue
		}
		p, ok := pairOf(w, with)
		if !ok || used[strings.ToLower(p.b)] {
			continue
		}
		used[w.Text], used[strings.ToLower(p.b)] = true, true
		if out = append(out, p); len(out) == n {
			break
		}
	}
	if len(out) == 0 {
		s.Skip("no two words share a subject while other subjects have one of them", "a workspace with tickets of different subjects")
	}
	return out
}

// pairOf finds a companion for the word: one that is in some of its subjects
// but not in all.
func pairOf(w survey.Word, with map[string]map[string]bool) (p wordPair, ok bool) {
	for _, r := range w.Rows {
		subject := r.Text("subject")
		for _, other := range survey.TextWords(subject) {
			if other == w.Text || with[other] == nil {
				continue
			}
			alone := slices.ContainsFunc(w.Rows, func(x survey.Row) bool { return !with[other][x.ID()] })
			if a, b := written(subject, w.Text), written(subject, other); alone && a != "" && b != "" {
				return wordPair{a, b, r}, true
			}
		}
	}
	return wordPair{}, false
}
