package scenario

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// oddWords are the kinds of words that an index may leave out, each a condition
// on a whole run of letters and digits between blanks.
var oddWords = []func(word string) bool{
	func(w string) bool { return strings.ContainsFunc(w, unicode.IsDigit) },
	func(w string) bool { return len(w) >= long && !strings.ContainsFunc(w, accented) },
	func(w string) bool { return strings.ContainsFunc(w, accented) && strings.ContainsFunc(w, latin) },
	func(w string) bool {
		return !strings.ContainsFunc(w, latin) && strings.ContainsFunc(w, unicode.IsLetter)
	},
}

// long is the number of letters from which on an index may leave a word out.
const long = 12

// digits reports whether a word is a number.
func digits(w string) bool {
	return !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsDigit(r) })
}

func accented(r rune) bool { return r > unicode.MaxASCII && unicode.Is(unicode.Latin, r) }

func latin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// letters reports whether a run consists of at least three letters and digits,
// or of two digits.
func letters(run string) bool {
	odd := strings.ContainsFunc(run, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return !odd && (len([]rune(run)) >= 3 || len(run) == 2 && digits(run))
}

// searchOdd looks for a word of each odd kind that occurs in a subject or else
// in an email.
func (s *Session) searchOdd() {
	kinds := oddWords
	if s.roomy() {
		kinds = append(slices.Clone(kinds), digits)
	}
	for _, is := range kinds {
		if ticket, word, ok := s.oddWord(is); ok {
			f := s.found(Query("query", word))
			switch {
			case len(f.rows) > 0 && !s.narrows(f):
				s.Assert(!s.seldom(word), "tickets found by "+word, "fewer than all", "all")
			case f.covers(ticket):
				s.shows(f, ticket, true, "with "+word+" in a text")
			}
		}
	}
}

// seldom reports whether most of the tickets whose messages were read do not
// have the word anywhere.
func (s *Session) seldom(word string) bool {
	word = strings.ToLower(word)
	has := func(text string) bool { return strings.Contains(strings.ToLower(text), word) }
	without := 0
	for _, t := range s.Timelines() {
		if !has(t.Ticket.Text("subject")) && !slices.ContainsFunc(t.Messages, func(m survey.Row) bool { return has(bodies(m)) }) {
			without++
		}
	}
	return without*2 > len(s.Timelines())
}

// searchSubjectAlone looks for a word of a subject that no message of its
// ticket has.
func (s *Session) searchSubjectAlone() {
	for _, t := range s.Timelines() {
		words := survey.TextWords(t.Ticket.Text("subject"))
		alone := slices.IndexFunc(words, func(w string) bool {
			return !slices.ContainsFunc(t.Messages, func(m survey.Row) bool { return mentions(bodies(m), w) })
		})
		if alone < 0 || len(t.Messages) == 0 {
			continue
		}
		if f := s.found(Query("query", words[alone])); f.covers(t.Ticket) {
			s.shows(f, t.Ticket, true, "with "+words[alone]+" in the subject alone")
		}
		return
	}
}

// searchPart looks for the first letters of a long word, which are not a word
// of the ticket: a search finds whole words. They are too few to be the stem of
// the word.
func (s *Session) searchPart() {
	const whole, part = 9, 4
	if !s.roomy() {
		return
	}
	for _, t := range s.Timelines() {
		for _, w := range survey.TextWords(t.Ticket.Text("subject")) {
			if len(w) < whole || s.hasWord(t, w[:part]) {
				continue
			}
			f := s.find(Query("query", w[:part])) // IO-LIST-TICKETS-17 judges a search that finds everything
			s.Assert(!s.narrows(f) || !f.has(t.Ticket.ID()), "ticket "+t.Ticket.ID()+" with "+w+" and nowhere "+w[:part]+" in the result of "+f.query, listing(false), listing(true))
			return
		}
	}
}

// hasWord reports whether a text of the ticket has a word that begins with the
// part and may be a form of it.
func (s *Session) hasWord(t survey.Timeline, part string) bool {
	const ending = 3 // letters
	return slices.ContainsFunc(append([]string{t.Ticket.Text("subject")}, bodiesOf(t)...), func(text string) bool {
		return slices.ContainsFunc(letterRuns(text), func(run string) bool {
			return len(run) <= len(part)+ending && strings.HasPrefix(strings.ToLower(run), part)
		})
	})
}

func bodiesOf(t survey.Timeline) []string {
	var out []string
	for _, m := range t.Messages {
		out = append(out, bodies(m))
	}
	return out
}

// searchCapitals looks for a phrase in capitals, and for a word with letters
// outside ASCII, if these work as they are written.
func (s *Session) searchCapitals() {
	texts := []string{}
	if all := s.triples(1); len(all) > 0 {
		texts = append(texts, `"`+all[0].a+" "+all[0].b+`"`)
	}
	foreign := func(w string) bool {
		return strings.ContainsFunc(w, func(r rune) bool { return r > unicode.MaxASCII && unicode.ToUpper(r) != r })
	}
	if _, word, ok := s.oddWord(foreign); ok {
		texts = append(texts, word)
	}
	for _, text := range texts {
		if as := s.find(Query("query", text)); len(as.rows) > 0 && s.narrows(as) {
			s.same(s.found(Query("query", strings.ToUpper(text))), as)
		}
	}
}

// oddWord is a ticket with a word of a kind, in its subject or in an email.
func (s *Session) oddWord(is func(string) bool) (ticket survey.Row, word string, ok bool) {
	pick := func(text string) bool {
		runs := strings.Fields(text)
		i := slices.IndexFunc(runs, func(run string) bool { return letters(run) && is(run) })
		if i >= 0 {
			word = runs[i]
		}
		return i >= 0
	}
	for _, r := range s.Tickets().Rows {
		if pick(r.Text("subject")) {
			return r, word, true
		}
	}
	for _, t := range s.Timelines() {
		for _, m := range t.Messages {
			if m.Text("type") == "email" && pick(said(m.Text("body_text"))) {
				return t.Ticket, word, true
			}
		}
	}
	return survey.Row{}, "", false
}
