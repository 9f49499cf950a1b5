package scenario

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// honoured reports whether the filter alone is accepted and lists only rows for
// which keep is true. Its own clause judges whether it must.
func (s *Session) honoured(rawQuery string, keep func(survey.Row) bool) bool {
	f := s.find(rawQuery)
	return len(f.rows) > 0 && !slices.ContainsFunc(f.rows, func(r survey.Row) bool { return !keep(r) })
}

// bothWords looks for two words of a subject. Whether one of them may stand
// in the subject and the other in a message is not documented.
func bothWords(s *Session) {
	for _, p := range s.pairs(mostProbes) {
		a, b := s.find(p.query("a")), s.find(p.query("b"))
		lost := func(f finding) bool { return f.covers(p.ticket) && !f.has(p.ticket.ID()) }
		if !s.narrows(a) || !s.narrows(b) || lost(a) || lost(b) {
			continue
		}
		both := s.found(p.query("a b"))
		if !both.covers(p.ticket) {
			continue
		}
		for _, r := range both.rows {
			for _, one := range []finding{a, b} {
				if one.covers(r) {
					s.Assert(one.has(r.ID()), "ticket "+r.ID()+" of "+both.query, "listed by "+one.query+" too", listing(one.has(r.ID())))
				}
			}
		}
		s.shows(both, p.ticket, true, "with both words in the subject")
		if s.roomy() {
			none := s.find(Query("query", p.a+" "+p.b+" "+nobodysWord))
			s.Assert(len(none.rows) == 0, "tickets found by "+none.query, "none: nothing has the third word", IDs(none.rows))
		}
		return
	}
	s.Skip("no two words of a subject find few tickets each", "a workspace with tickets of different subjects")
}

// triple holds words of a subject: a and b are neighbours, c comes later, and d
// after that. Words that a search leaves out may stand between any two.
type triple struct {
	a, b, c, d string
	ticket     survey.Row
}

// triples returns at most n pairs of neighbours in subjects that no readable
// text of their ticket has in another order. Those with more words come first.
func (s *Session) triples(n int) []triple {
	all := s.neighbours()
	more := func(t triple) int { return min(len(t.c), 1) + min(len(t.d), 1) }
	slices.SortStableFunc(all, func(a, b triple) int { return cmp.Compare(more(b), more(a)) })
	var out []triple
	for _, t := range all {
		if len(out) == n {
			break
		}
		if !s.hasPhrase(t.ticket, t.b, t.a) && (t.c == "" || !s.hasPhrase(t.ticket, t.a, t.c)) {
			out = append(out, t)
		}
	}
	return out
}

// neighbours are words that stand side by side in subjects, rare ones first.
func (s *Session) neighbours() []triple {
	var out []triple
	for _, w := range s.subjectWords() {
		r := w.Rows[0]
		words := strings.Fields(r.Text("subject"))
		for i := 0; i+1 < len(words); i++ {
			t := triple{a: words[i], b: words[i+1], ticket: r}
			if !bare(t.a) || !bare(t.b) || !strings.EqualFold(t.a, w.Text) || mentions(t.b, t.a) {
				continue
			}
			for _, c := range words[i+2:] {
				if !bare(c) || mentions(c, t.a) || mentions(c, t.b) {
					continue
				}
				if t.c != "" {
					t.d = c
					break
				}
				t.c = c
			}
			out = append(out, t)
		}
	}
	return out
}

// bare reports whether a word is searchable and has no punctuation around it.
func bare(word string) bool {
	found := survey.TextWords(word)
	return len(found) == 1 && strings.EqualFold(found[0], word)
}

// hasPhrase reports whether a readable text of the ticket may have the words as
// neighbours, apart from stems and punctuation.
func (s *Session) hasPhrase(ticket survey.Row, first, second string) bool {
	texts := []string{ticket.Text("subject")}
	for _, m := range s.Timeline(ticket).Messages {
		texts = append(texts, m.Text("body_text"), m.Text("body_html"))
	}
	return slices.ContainsFunc(texts, func(text string) bool {
		all := letterRuns(text)
		for i := 0; i+1 < len(all); i++ {
			if mentions(all[i], first) && mentions(all[i+1], second) {
				return true
			}
		}
		return false
	})
}

// searchPhrase looks in quotes for neighbours as they stand, for neighbours in
// reverse order, and for words that are not neighbours.
func searchPhrase(s *Session) {
	most := 2
	if s.roomy() {
		most = 4
	}
	for _, t := range s.triples(most) {
		plain := s.find(Query("query", t.a+" "+t.b))
		if !s.narrows(plain) || !plain.has(t.ticket.ID()) {
			continue
		}
		judged := s.quoted(t.ticket, t.a+" "+t.b, true)
		judged = s.quoted(t.ticket, t.b+" "+t.a, false) && judged
		if s.roomy() {
			beside := s.find(Query("query", `"`+t.b+" "+t.a+`"`, "status", t.ticket.Text("status")))
			s.Assert(s.Failed() || !beside.has(t.ticket.ID()), "ticket "+t.ticket.ID()+" in the result of "+beside.query, listing(false), listing(true))
		}
		if t.c != "" {
			s.quoted(t.ticket, t.a+" "+t.c, false)
			if s.roomy() && t.d != "" && !s.hasPhrase(t.ticket, t.b, t.d) {
				s.quoted(t.ticket, t.a+" "+t.b+" "+t.d, false)
			}
		}
		if judged {
			return
		}
	}
	s.Skip("no two neighbours in a subject find few tickets", "a workspace with tickets of different subjects")
}

// quoted asserts whether a phrase finds the ticket, and reports whether it
// could. Other clauses judge how an empty result is answered.
func (s *Session) quoted(ticket survey.Row, words string, want bool) bool {
	f := s.find(Query("query", `"`+words+`"`))
	judged := f.covers(ticket) || want && f.status != http.StatusOK
	if judged {
		s.shows(f, ticket, want, "with subject "+text(ticket.Text("subject"))+" in the result of "+f.query)
	}
	return judged
}

// excludedWord looks for a word without another one: tickets whose texts have
// the word only together with the other must not be found, those that do not
// have the other anywhere must be. Drafts, which cannot be read here, may be
// searched too, so a failure counts only if all tickets of a kind are wrong.
func excludedWord(s *Session) {
	timelines := 8
	if s.many() {
		timelines = 4
	}
	for _, p := range s.pairs(mostProbes) {
		a := s.find(p.query("a"))
		if !s.narrows(a) || timelines <= 0 {
			continue
		}
		out := s.pick(a, &timelines, func(r survey.Row) bool { return written(r.Text("subject"), p.b) != "" }, func(text string) bool {
			return !mentions(text, p.a) || standing(text, p.b)
		})
		if len(out) == 0 {
			continue
		}
		in := s.pick(a, &timelines, func(r survey.Row) bool { return written(r.Text("subject"), p.a) == p.a }, func(text string) bool {
			return !mentions(text, p.b)
		})
		if len(in) == 0 {
			continue
		}
		f := s.found(p.query("a -b"))
		kept := only(out, func(r survey.Row) bool { return !f.covers(r) || f.has(r.ID()) })
		s.Assert(len(kept) < len(out), "tickets with "+p.a+" only where "+p.b+" is too, found by "+f.query, "none", IDs(kept))
		lost := only(in, func(r survey.Row) bool { return f.covers(r) && !f.has(r.ID()) })
		s.Assert(len(lost) < len(in), "tickets with "+p.a+" and nowhere "+p.b+" that "+f.query+" does not list", "none", IDs(lost))
		if s.roomy() { // neither the order of the words nor quotes around one change the meaning
			s.same(s.found(p.query("-b a")), f)
			s.same(s.found(p.query(`"a" -b`)), f)
			s.same(s.found(p.query(`a -"b"`)), f)
		}
		s.excludedTwice(p, f, timelines+2)
		return
	}
	s.excludedApart()
}

// excludedTwice excludes a further word from what the search for one word
// without another found: a ticket that has the first word only together with it
// must not be found.
func (s *Session) excludedTwice(p wordPair, f finding, timelines int) {
	for _, r := range f.rows {
		for _, word := range survey.TextWords(r.Text("subject")) {
			if !s.roomy() || timelines <= 0 || mentions(word, p.a) || mentions(word, p.b) {
				continue
			}
			together := s.pick(f, &timelines, func(x survey.Row) bool { return x.ID() == r.ID() }, func(text string) bool {
				return !mentions(text, p.a) || standing(text, word)
			})
			if len(together) == 0 {
				continue
			}
			if alone := s.find(p.query("a -") + word); alone.covers(r) && !alone.has(r.ID()) { // no draft has the first word by itself, either
				less := s.found(p.query("a -b -") + word)
				s.shows(less, r, false, "with "+word+" in the result of "+less.query)
				return
			}
		}
	}
}

// excludedApart does the same with two searches: one that drops a ticket, and
// one that keeps one.
func (s *Session) excludedApart() {
	timelines := 8
	n := s.needles(2, 2)
	for i, one := range n {
		other := n[1-i]
		companions := survey.TextWords(one.ticket.Text("subject"))
		dropped := slices.IndexFunc(companions, func(b string) bool {
			return !mentions(b, one.text) && len(s.pick(one.finding, &timelines, func(r survey.Row) bool { return r.ID() == one.ticket.ID() },
				func(text string) bool { return !mentions(text, one.text) || standing(text, b) })) > 0
		})
		if dropped < 0 || s.mentionsAnywhere(one.ticket, other.text) {
			continue
		}
		without, with := s.found(Query("query", one.text+" -"+companions[dropped])), s.found(Query("query", one.text+" -"+other.text))
		s.shows(without, one.ticket, false, "with both words in the result of "+without.query)
		s.shows(with, one.ticket, true, "without the second word in the result of "+with.query)
		return
	}
	s.Skip("no ticket was met that has a word only together with another", "a workspace with tickets of different subjects")
}

// pick returns up to three tickets of the finding whose subject and every other
// text fit. It reads at most as many timelines as are left.
func (s *Session) pick(f finding, left *int, fits func(survey.Row) bool, each func(text string) bool) []survey.Row {
	var out []survey.Row
	for _, r := range f.rows {
		if len(out) == 3 || *left <= 0 {
			break
		}
		if !fits(r) || !each(r.Text("subject")) {
			continue
		}
		*left--
		if !slices.ContainsFunc(s.Timeline(r).Messages, func(m survey.Row) bool { return !each(bodies(m)) }) {
			out = append(out, r)
		}
	}
	return out
}
