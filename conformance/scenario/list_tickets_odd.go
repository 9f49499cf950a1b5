package scenario

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mockdesk/mockdesk/conformance/survey"
)

// oddWords are kinds of words that an index may leave out, each by what it
// takes for one: whole runs of letters and digits, between blanks.
var oddWords = []func(word string) bool{
	func(w string) bool {
		return strings.ContainsFunc(w, unicode.IsDigit) && strings.ContainsFunc(w, unicode.IsLetter)
	},
	func(w string) bool { return strings.ContainsFunc(w, accented) && strings.ContainsFunc(w, latin) },
	func(w string) bool {
		return !strings.ContainsFunc(w, latin) && strings.ContainsFunc(w, unicode.IsLetter)
	},
}

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
			if f := s.found(Query("query", word)); f.covers(ticket) && (len(f.rows) == 0 || s.narrows(f)) {
				s.Assert(f.has(ticket.ID()), "ticket "+ticket.ID()+" with "+word+" in a text", "listed", listing(f.has(ticket.ID())))
			}
		}
	}
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
