package scenario

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var storedNotes = []Scenario{
	{Clause: strict("IO-POST-MSG-02", also(addNote, listMessages.Page), "The note then appears in the ticket's timeline as type internal_note.", clause.Write), Run: func(s *Session) {
		n := s.aShownNote()
		if len(n.mine) == 0 {
			if hidden, _ := s.typed(s.WriteTicket(), notesOnly); len(marked(hidden, n.marker)) > 0 {
				s.Skip("the timeline shows notes only when types asks for them", "")
			}
		}
		s.assert(len(n.mine) > 0, "timeline after the note", "a message with its text within "+max(s.env.Settle, 0).String(), "none", n.sent)
		s.StopIfFailed()
		s.AssertRow(len(ofType(n.mine, "internal_note")) > 0, n.mine[0], "type", "internal_note")
	}},
	{Clause: strict("IO-POST-MSG-03", addNote, "Exactly one row is added.", clause.Write), Run: func(s *Session) {
		s.addsNone("messages added beside the note", func(survey.Row) bool { return true })
	}},
	{Clause: lenient("IO-POST-MSG-04", addNote, "The new row carries the posted body_text.", clause.Write), Run: func(s *Session) {
		marker := s.Marker()
		text := "  " + marker + " a  b\tc\nSecond line: 1 < 2 & 3 > 2, \"quoted\", it's \\ 100% {x} $y\n"
		r := s.stored(marker, "body_text", text, "body_html", "<p>"+marker+"</p>")
		s.wantsText(r, "body_text")
		s.AssertRow(r.Text("body_text") == text, r, "body_text", text)
	}},
	{Clause: lenient("IO-POST-MSG-05", addNote, "The new row carries the posted body_html (sanitising tolerated).", clause.Write), Run: func(s *Session) {
		marker := s.Marker()
		r := s.stored(marker, "body_text", marker, "body_html", "<p>Checked on the bench, "+marker+" &amp; co.</p>")
		want := "Checked on the bench, " + marker + " & co."
		s.wantsText(r, "body_html")
		shown := plainText(r.Text("body_html"))
		s.AssertRow(strings.Contains(shown, want) && !strings.Contains(shown, "<p>"), r, "body_html", "HTML that reads "+want)
	}},
	{Clause: lenient("IO-POST-MSG-06", also(addNote, listMessages.Page), "The new row is last in the timeline (oldest first).", clause.Write), Run: noteLast},
	{Clause: strict("IO-POST-MSG-10", addNote, "No outbound email row appears after a note.", clause.Write), Run: func(s *Session) {
		s.addsNone("emails added with the note", func(r survey.Row) bool {
			return r.Text("type") == "email" && r.Text("direction") != "inbound"
		})
	}},
	{
		Clause: strict("IO-POST-MSG-24", also(addNote, listMessages.Page), "The note is found under types=internal_note and absent under types=email.", clause.Write),
		Run:    noteUnderItsType,
	},
	{Clause: lenient("IO-POST-MSG-26", addNote, "Non-ASCII text (accents, emoji, right-to-left) survives a round trip.", clause.Write), Run: noteOfTheWorld},
	{
		Clause: strict("IO-POST-MSG-27", also(addNote, listMessages.Page), "A note appears on its own ticket and on no other, once, and is still there at the end of the run.", clause.Write),
		Last:   true, Run: noteOnItsOwn,
	},
	{
		Clause: lenient("IO-POST-MSG-28", also(addNote, listTickets.Page), "A note leaves the ticket's status, priority, assignee, contact, inbox, subject and number as they were, and the total of tickets unchanged.", clause.Write),
		Run:    noteLeavesTheTicket,
	},
}

// marked returns the rows that hold the marker in any member.
func marked(rows []survey.Row, marker string) []survey.Row {
	var out []survey.Row
	for _, r := range rows {
		rest := r.String()
		for i := strings.Index(rest, marker); i >= 0; i = strings.Index(rest, marker) {
			if rest = rest[i:]; firstField(rest) == marker { // not a longer marker that begins with it
				out = append(out, r)
				break
			}
			rest = rest[len(marker):]
		}
	}
	return out
}

// since are the rows of after that are not in before.
func since(before, after []survey.Row) []survey.Row {
	known := idSet(before)
	return only(after, func(r survey.Row) bool { return !known[r.ID()] })
}

// stored posts a note and returns the message that holds its marker. It skips
// when there is none, which IO-POST-MSG-02 judges.
func (s *Session) stored(marker string, fields ...any) survey.Row {
	ticket := s.WriteTicket()
	s.PostNote(ticket.ID(), append([]any{"type", "internal_note"}, fields...)...)
	s.accepted()
	_, mine := s.await(ticket, marker)
	if len(mine) == 0 {
		s.Skip("the timeline does not show the note", "")
	}
	return mine[0]
}

// wantsText skips when a member of a note is neither a string nor null, which
// IO-LIST-MSG-27 judges.
func (s *Session) wantsText(note survey.Row, member string) {
	if _, ok := note.Fields[member].(string); note.Has(member) && !ok {
		s.Skip(member+" of the note is no string", "")
	}
}

// addsNone asserts that a note adds one message and no unwanted further one. An
// unwanted message without the note's text may be somebody else's: it counts
// only if a second note brings another one.
func (s *Session) addsNone(path string, unwanted func(survey.Row) bool) {
	var strange []survey.Row
	for i := range 2 {
		n := s.aNote()
		if i > 0 {
			n = s.sendNote()
		}
		s.expectMine(n)
		mine := slices.Clone(n.mine)
		own := slices.IndexFunc(mine, func(r survey.Row) bool { return r.Text("type") == "internal_note" })
		mine = slices.Delete(mine, max(own, 0), max(own, 0)+1)
		extra := only(mine, unwanted)
		s.Must(len(extra) == 0, path, "none", extra)
		strange = only(since(n.before, n.after), func(r survey.Row) bool {
			return unwanted(r) && len(marked([]survey.Row{r}, n.marker)) == 0
		})
		if len(strange) == 0 {
			return
		}
	}
	s.Assert(false, path+", each time anew", "none", strange)
}

// noteLast leaves the order of the messages that were there before the run to
// IO-LIST-MSG-14.
func noteLast(s *Session) {
	n := s.aNote()
	if len(n.before) == 0 {
		n = s.sendNote() // sent after that one
	}
	s.expectMine(n)
	for _, t := range append(s.env.Survey.Read(), survey.Timeline{Messages: n.before}) {
		if !s.sorted(t.Messages) {
			s.Skip("the target's timelines are not oldest first", "")
		}
	}
	s.below(n, n.mine[0], n.after, "")
	if number := byNumber(s.WriteTicket()); number != s.WriteTicket().ID() {
		s.Get(target.ReadWrite, timelinePath(number), "")
		if rows, _, err := survey.List(s.Last(), "data"); err != nil || !slices.Contains(IDs(rows), n.mine[0].ID()) {
			s.AskAgain() // the timeline was read before it showed the note
			s.Get(target.ReadWrite, timelinePath(number), "")
		}
		if s.StopIfFailed(); s.Last().Status == http.StatusOK {
			rows := s.Rows("data")
			s.below(n, n.mine[0], rows, ", by number")
			if newest, ok := s.newestOfRun(rows); ok {
				s.below(n, newest, rows, ", by number")
			}
		}
	}
}

// newestOfRun is the note of the run that was created last.
func (s *Session) newestOfRun(timeline []survey.Row) (newest survey.Row, found bool) {
	var last time.Time
	for _, r := range timeline {
		if at, ok := r.Time("created_at"); ok && at.After(last) && s.ofRun(r) {
			newest, last, found = r, at, true
		}
	}
	return newest, found
}

// below asserts that what a timeline has below a note came later.
func (s *Session) below(n *sentNote, note survey.Row, timeline []survey.Row, how string) {
	at := slices.IndexFunc(timeline, func(r survey.Row) bool { return r.ID() == note.ID() })
	if at < 0 {
		return // other clauses judge this
	}
	noted, _ := note.Time("created_at")
	older := only(timeline[at+1:], func(r survey.Row) bool {
		created, ok := r.Time("created_at")
		return !ok || !created.Equal(noted) // equal times may be in any order (choice C4)
	})
	late := without(IDs(older), IDs(since(n.before, timeline))) // what others added in the meantime may come below
	s.Assert(len(late) == 0, fmt.Sprintf("place of the note among %d messages%s", len(timeline), how), "below all that were there before",
		fmt.Sprintf("data[%d], with %d older messages below", at, len(late)))
}

// sorted reports whether the rows that are not of this run are oldest first.
func (s *Session) sorted(rows []survey.Row) bool {
	foreign := slices.DeleteFunc(slices.Clone(rows), s.ofRun)
	return slices.IsSortedFunc(foreign, func(a, b survey.Row) int {
		x, _ := a.Time("created_at")
		y, _ := b.Time("created_at")
		return x.Compare(y)
	})
}

// ofRun reports whether the run stored the message.
func (s *Session) ofRun(r survey.Row) bool { return strings.Contains(r.String(), s.env.markerHead()) }

func noteUnderItsType(s *Session) {
	n, ticket := s.aShownNote(), s.WriteTicket()
	mine := ofType(n.mine, "internal_note")
	if len(mine) == 0 {
		s.Skip("the timeline does not show the note", "")
	}
	shown := only(ofType(s.FreshTimeline(ticket), "internal_note"), s.ofRun)
	lost := without(IDs(append(mine, shown...)), IDs(s.Messages(ticket.ID(), notesOnly)))
	s.Assert(len(lost) == 0, "notes of the run that are not among the messages with "+notesOnly, "none", lost)
	if plain := IDs(s.Messages(byNumber(ticket), "")); len(lost)+len(without(IDs(append(mine, shown...)), plain)) == 0 {
		lost = without(IDs(append(mine, shown...)), IDs(s.Messages(byNumber(ticket), notesOnly)))
		s.Assert(len(lost) == 0, "notes of the run that are not among the messages by number with "+notesOnly, "none", lost)
	}
	others := only(s.Messages(ticket.ID(), emailsOnly), s.ofRun)
	under := s.Last()
	if len(others) > 0 && s.ignoresTypes() {
		s.Skip("the target shows all notes under "+emailsOnly, "")
	}
	s.assert(len(others) == 0, "messages with "+emailsOnly, "no note", IDs(others), under)
}

// ignoresTypes reports whether notes of others show under types=email as well,
// which IO-LIST-MSG-08 judges.
func (s *Session) ignoresTypes() bool {
	for _, t := range s.env.Survey.Read() {
		notes := slices.DeleteFunc(ofType(t.Messages, "internal_note"), s.ofRun)
		if len(notes) > 0 {
			rows, _ := s.typed(t.Ticket, emailsOnly)
			return len(ofType(rows, "internal_note")) > 0
		}
	}
	return false
}

// foreign is text of many scripts: composed and decomposed accents, emoji of
// one and of several code points, right-to-left words and a mark between them.
const foreign = "Grüße, ça va? e\u0301 a\u030a ñ – „Ω“ Łódź 日本語 한국어 ไทย हिन्दी 𝒜 " +
	"🙂 👩🏽‍💻 🇺🇳 ❤️ مرحبا بالعالم \u200f(שלום עולם)\u200f fin"

// noteOfTheWorld posts a note of many scripts that is longer than a short
// column holds.
func noteOfTheWorld(s *Session) {
	n, ticket, marker := s.aShownNote(), s.WriteTicket(), s.Marker()
	s.expectMine(n)
	text := marker + " " + foreign + strings.Repeat(" and on it goes", 20)
	id := ticket.ID()
	if s.env.numberShows {
		id = byNumber(ticket)
	}
	s.PostNote(id, "type", "internal_note", "body_text", text, "body_html", "<p>"+text+"</p>")
	s.StopIfFailed()
	sent := s.Last()
	s.assert(sent.Status/100 == 2, "status of a long note in many scripts", "2xx, as of a short one", sent.Status, sent)
	s.StopIfFailed()
	_, mine := s.await(ticket, marker)
	s.assert(len(mine) > 0 && len(mine) <= len(n.mine), "timeline after a long note in many scripts", "the note, as often as a short one", len(mine), sent)
	s.StopIfFailed()
	r := mine[0]
	s.wantsText(r, "body_text")
	s.AssertRow(r.Text("body_text") == text, r, "body_text", text)
	if shown := plainText(r.Text("body_html")); strings.Contains(shown, marker) { // otherwise IO-POST-MSG-05 fails
		s.AssertRow(strings.Contains(visible(shown), visible(foreign)), r, "body_html", "HTML that reads "+text)
	}
}

// visible leaves out control characters, as a sanitiser may.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
}

var tag = regexp.MustCompile(`<[^>]*>`)

// plainText is the text of simple HTML, with single blanks.
func plainText(source string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(source, ""))), " ")
}
