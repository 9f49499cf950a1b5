package scenario

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// oddWords are kinds of words that an index may leave out, each by what it
// takes for one: whole runs of letters and digits, between blanks.
var oddWords = []func(word string) bool{
	func(w string) bool { return strings.ContainsFunc(w, unicode.IsDigit) },
	func(w string) bool { return len(w) >= long && !strings.ContainsFunc(w, accented) },
	func(w string) bool { return strings.ContainsFunc(w, accented) && strings.ContainsFunc(w, latin) },
	func(w string) bool {
		return !strings.ContainsFunc(w, latin) && strings.ContainsFunc(w, unicode.IsLetter)
	},
}

// long is from how many letters on an index may leave a word out.
const long = 12

func accented(r rune) bool { return r > unicode.MaxASCII && unicode.Is(unicode.Latin, r) }

func latin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// letters reports whether a run has three letters and digits or more, and
// nothing else.
func letters(run string) bool {
	odd := strings.ContainsFunc(run, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return !odd && len([]rune(run)) >= 3
}

// searchOdd looks for a word of each odd kind that a subject or else an email
// has.
func (s *Session) searchOdd() {
	for _, is := range oddWords {
		if ticket, word, ok := s.oddWord(is); ok {
			f := s.found(Query("query", word))
			switch {
			case len(f.rows) > 0 && !s.narrows(f):
				s.Assert(!s.seldom(word), "tickets found by "+word, "fewer than all", "all")
			case f.covers(ticket):
				s.Assert(f.has(ticket.ID()), "ticket "+ticket.ID()+" with "+word+" in a text", "listed", listing(f.has(ticket.ID())))
			}
		}
	}
}

// seldom reports whether most of the tickets whose messages were read have the
// word nowhere.
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
			s.Assert(f.has(t.Ticket.ID()), "ticket "+t.Ticket.ID()+" with "+words[alone]+" in the subject alone", "listed", listing(f.has(t.Ticket.ID())))
		}
		return
	}
}

// searchCapitals looks in capitals for a phrase, and for a word whose letters
// ASCII does not have, where they work as they stand.
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
