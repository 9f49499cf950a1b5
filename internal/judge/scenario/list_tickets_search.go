package scenario

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var ticketSearch = []Scenario{
	{Clause: strict("IO-LIST-TICKETS-04", listTickets, "query restricts to tickets whose subject contains the rare word."), Run: searchSubjects},
	{Clause: strict("IO-LIST-TICKETS-05", listTickets, "query also finds a ticket whose only hit is in a message body."), Run: searchBodies},
	{Clause: strict("IO-LIST-TICKETS-06", listTickets, "q alone behaves like query."), Run: func(s *Session) {
		for _, n := range s.needles(2, 2) {
			s.same(s.found(Query("q", n.text)), n.finding)
			if s.many() {
				return
			}
		}
		if s.roomy() {
			s.operatorsOfQ()
		}
		if all := s.triples(1); len(all) > 0 {
			phrase := `"` + all[0].b + " " + all[0].a + `"` // the two words do not occur like this
			if f := s.find(Query("query", phrase)); f.status == http.StatusOK && f.whole && !f.has(all[0].ticket.ID()) {
				s.same(s.found(Query("q", phrase)), f)
			}
		}
	}},
	{Clause: strict("IO-LIST-TICKETS-07", listTickets, "When both query and q are sent, query wins and q is ignored."), Run: func(s *Session) {
		n := s.needles(2, 2)
		s.same(s.found(Query("query", n[0].text, "q", n[1].text)), n[0].finding)
		if s.many() {
			return
		}
		if nobody := s.find(Query("query", nobodysWord)); nobody.whole && len(nobody.rows) == 0 {
			s.same(s.found(Query("query", nobodysWord, "q", n[0].text)), nobody)
		}
		if status := n[1].ticket.Text("status"); s.honoured("status="+status, textIs("status", status)) {
			s.same(s.found(Query("query", n[1].text, "status", status, "q", n[0].text)), s.find(Query("query", n[1].text, "status", status)))
		}
	}},
	{Clause: strict("IO-LIST-TICKETS-08", listTickets, "When both query and q are sent, query wins whichever of the two comes first."), Run: func(s *Session) {
		n := s.needles(2, 2)
		if !s.many() {
			s.same(s.found(Query("q", n[1].text, "query", n[0].text)), n[0].finding)
		}
		s.same(s.found(Query("q", n[0].text, "query", n[1].text)), n[1].finding)
	}},
	{Clause: lenient("IO-LIST-TICKETS-11", listTickets, "Search is case-insensitive."), Run: func(s *Session) {
		n := s.needles(2, 2)
		s.same(s.found(Query("query", strings.ToUpper(n[0].text))), n[0].finding)
		other := strings.ToLower(n[1].text)
		if other == n[1].text {
			other = strings.ToUpper(other)
		}
		if !s.many() {
			s.same(s.found(Query("query", other)), n[1].finding)
		}
		if s.roomy() {
			s.searchCapitals()
		}
	}},
	{Clause: lenient("IO-LIST-TICKETS-12", listTickets, "Two bare words both have to match."), Run: bothWords},
	{Clause: lenient("IO-LIST-TICKETS-13", listTickets, "A double-quoted phrase needs the words adjacent and in order."), Run: searchPhrase},
	{Clause: lenient("IO-LIST-TICKETS-14", listTickets, "\"or\" between words widens the result."), Run: func(s *Session) {
		most := 2
		if s.roomy() {
			most = 3
		}
		var words []string
		var alone []finding
		for _, n := range s.needles(2, most) {
			words, alone = append(words, n.text), append(alone, n.finding)
		}
		s.agree(s.found(Query("query", strings.Join(words, " or "))), "a ticket with one of the words",
			func(r survey.Row) bool {
				return slices.ContainsFunc(alone, func(f finding) bool { return f.has(r.ID()) })
			}, alone...)
		if s.roomy() {
			s.eitherPhrase(words, alone)
		}
	}},
	{Clause: lenient("IO-LIST-TICKETS-15", listTickets, "A leading dash excludes a word."), Run: excludedWord},
	{Clause: lenient("IO-LIST-TICKETS-16", listTickets, "Unbalanced quotes or operators only do not produce an error."), Steady: true, Run: func(s *Session) {
		all := []string{`"refund`, `-`, `" or -`, `&|!(( :* <-> \`}
		if s.roomy() {
			all = append(all, "or")
		}
		for _, odd := range all {
			s.Get(target.ReadWrite, "/tickets", Query("query", odd)).Status(http.StatusOK)
		}
	}},
	{Clause: strict("IO-LIST-TICKETS-17", listTickets, "A query with no hit gives 200, empty data, total 0."), Run: noHit},
}

// operatorsOfQ asks for two words with each operator by q, and expects what
// query finds.
func (s *Session) operatorsOfQ() {
	n := s.needles(2, 2)
	a, b := n[0].text, n[1].text
	for _, search := range []string{a + " " + b, a + " or " + b, "-" + a} {
		if f := s.find(Query("query", search)); f.status == http.StatusOK && f.whole {
			s.same(s.found(Query("q", search)), f)
		}
	}
}

// eitherPhrase asks for one of two words with the second in quotes.
func (s *Session) eitherPhrase(words []string, alone []finding) {
	either := func(r survey.Row) bool { return alone[0].has(r.ID()) || alone[1].has(r.ID()) }
	f := s.found(Query("query", words[0]+` or "`+words[1]+`"`))
	s.agree(f, "a ticket with the word or the phrase", either, alone[:2]...)
}

// searchSubjects looks for rare words of subjects: tickets with the word in the
// subject must be found, others only if a message has it. Drafts, which cannot
// be read here, may be searched too, so a stray ticket is held against the
// target only if most words find one.
func searchSubjects(s *Session) {
	words := s.rareWords(mostProbes)
	most := 3
	if s.many() {
		most = 1
	}
	words = words[:min(len(words), most)]
	strays := []string{}
	for _, w := range words {
		text := written(w.Rows[0].Text("subject"), w.Text)
		f := s.found(Query("query", text))
		for _, r := range s.Tickets().Rows {
			if written(r.Text("subject"), w.Text) == text && slices.Contains(survey.TextWords(r.Text("subject")), w.Text) && f.covers(r) {
				s.shows(f, r, true, "with "+text+" in the subject")
			}
		}
		if id := s.stray(f, w.Text); id != "" {
			strays = append(strays, text+" finds ticket "+id)
		}
	}
	if !s.many() {
		s.searchOdd()
		s.searchSubjectAlone()
		s.searchPart()
	}
	s.Assert(len(strays)*2 <= len(words), "tickets found by "+words[0].Text+" and other words", "only tickets with the word in the subject or a message", strays)
}

// stray returns a ticket of the finding that does not mention the word
// anywhere.
func (s *Session) stray(f finding, word string) string {
	const most = 2 // timelines to read
	read := 0
	for _, r := range f.rows {
		if mentions(r.Text("subject"), word) {
			continue
		}
		if read++; read > most {
			break
		}
		if !s.mentionsAnywhere(r, word) {
			return r.ID()
		}
	}
	return ""
}

// said returns the part of a body that is neither quotation nor signature.
func said(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, ">") || strings.TrimSpace(line) == "--" {
			break
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "")
}

// hit is a word that only one message of the sampled timelines has.
type hit struct {
	text   string
	ticket survey.Row
	nth    int  // of the emails of its ticket
	bare   bool // without a plain text
}

// bodyHits returns words of email bodies that the subject of their ticket
// lacks: first one far down a timeline, then one of an email that is only HTML,
// then those of later emails.
func (s *Session) bodyHits() []hit {
	var emails []hit
	var texts []survey.Row // of them, each with its place
	for _, t := range s.Timelines() {
		for i, m := range ofType(t.Messages, "email") {
			body := m.Text("body_text")
			bare := body == ""
			if bare {
				body = tag.ReplaceAllString(m.Text("body_html"), " ")
			}
			texts = append(texts, survey.Row{Fields: map[string]any{"said": said(body), "place": len(emails)}})
			emails = append(emails, hit{ticket: t.Ticket, nth: i + 1, bare: bare})
		}
	}
	var out []hit
	for _, w := range survey.Words(texts, "said") {
		h := emails[w.Rows[0].Fields["place"].(int)]
		if len(w.Rows) == 1 && !mentions(h.ticket.Text("subject"), w.Text) {
			h.text = written(w.Rows[0].Text("said"), w.Text)
			out = append(out, h)
		}
	}
	if len(out) == 0 {
		return nil
	}
	deepest := slices.MaxFunc(out, func(a, b hit) int { return a.nth - b.nth })
	slices.SortStableFunc(out, func(a, b hit) int { return min(b.nth, 2) - min(a.nth, 2) })
	if i := slices.IndexFunc(out, func(h hit) bool { return h.bare }); i >= 0 && s.roomy() {
		out = append([]hit{out[i]}, out...)
	}
	if i := slices.IndexFunc(out, func(h hit) bool { return h.nth == 1 && !h.bare && h.ticket.ID() != deepest.ticket.ID() }); i >= 0 && s.roomy() {
		out = append([]hit{out[i]}, out...) // of the message that opened a ticket
	}
	return append([]hit{deepest}, out...)
}

// searchBodies looks for a word of an email body that its ticket's subject lacks.
func searchBodies(s *Session) {
	judged, enough := 0, 2
	switch {
	case s.many():
		enough = 1
	case s.roomy():
		enough = 4
	}
	asked := map[string]bool{}
	for _, h := range s.bodyHits() {
		if asked[h.ticket.ID()] {
			continue
		}
		asked[h.ticket.ID()] = true
		f := s.found(Query("query", h.text))
		if f.covers(h.ticket) && (len(f.rows) == 0 || s.narrows(f)) {
			s.shows(f, h.ticket, true, "with "+h.text+" in a message")
			judged++
		}
		if judged == enough || len(asked) == mostProbes {
			break
		}
	}
	if judged == 0 {
		s.Skip("no email was met with a word that its ticket's subject lacks and that finds few tickets", "a workspace with emails in English")
	}
}

// nobodysWord is a word that no text has.
const nobodysWord = "zqxjkvwzqpx"

// noHit looks for words nobody writes.
func noHit(s *Session) {
	n := s.needles(1, 1) // searching works at all
	for _, word := range []string{nobodysWord, "mockdeskzzqqxx"} {
		rows, total, status := s.peek(s.listQuery(Query("query", word), 1))
		s.Assert(status == http.StatusOK, "status of query="+word, http.StatusOK, status)
		s.Assert(len(rows) == 0, "data of query="+word, "empty", len(rows))
		if n[0].whole && total != -1 {
			s.Assert(total == 0, "meta.total of query="+word, 0, total)
		}
	}
	if s.roomy() { // nor in combination with everything else that a query can have
		rows, _, _ := s.peek(Query("query", nobodysWord))
		s.Assert(len(rows) == 0, "data of query="+nobodysWord+" alone", "empty", len(rows))
	}
}
