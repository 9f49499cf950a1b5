package scenario

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// timelines are what questions about timelines are asked of.
type timelines struct {
	*Session
	rows map[string][]survey.Row // as they were read, by the id of the ticket
	calm map[string]int          // requests that were left when a timeline was last found unchanged
}

// timelineInquiry asks the planned questions about timelines, or those that
// were answered wrongly in the previous epoch, once per epoch.
func (s *Session) timelineInquiry() *inquiry[timelineQuestion] {
	if s.env.timelines != nil {
		return s.env.timelines
	}
	most := 20
	if s.roomy() {
		most = 60
	}
	p := &timelines{Session: s, rows: map[string][]survey.Row{}, calm: map[string]int{}}
	plan, again := s.env.timelineSuspects, s.env.timelineSuspects != nil
	for _, q := range plan {
		p.rows[q.ticket.ID()] = s.Timeline(q.ticket).Messages
	}
	if !again {
		plan = model.Choose(s.env.Seed, p.all(), timelineQuestion.traits, most)
	}
	c := &inquiry[timelineQuestion]{}
	inquire(s, c, plan, again, inquirer[timelineQuestion]{
		put: func(q timelineQuestion) { p.put(q) }, differ: p.differ, smaller: timelineQuestion.smaller, blame: p.blamed,
	})
	s.env.timelines, s.env.timelineSuspects = c, c.suspects
	return c
}

// all returns all questions: for each of some timelines, by each id, with each
// query and for each key that may read.
func (p *timelines) all() []timelineQuestion {
	var out []timelineQuestion
	who := []target.Who{target.ReadWrite}
	for _, t := range p.telling() {
		p.rows[t.Ticket.ID()] = t.Messages
		plain := timelineQuestion{ticket: t.Ticket, mixed: isMixed(t), who: target.ReadOnly}
		if len(out) == 0 && p.Has(target.ReadOnly) && p.differ(plain) == nil {
			who = append(who, target.ReadOnly) // it is a key of this workspace
		}
		for _, q := range timelineQueries {
			for _, w := range who {
				plain.query, plain.who = q, w
				shown := only(t.Messages, wanted(q))
				plain.shows, plain.unsent = len(shown), len(unsent(shown)) > 0
				numbered := plain
				_, numbered.numbered = t.Ticket.Number("ticket_number")
				if out = append(out, plain); numbered.numbered {
					out = append(out, numbered)
				}
			}
		}
	}
	return out
}

var timelineQueries = []string{"", emailsOnly, notesOnly, bothTypes, bothTurned, unpaged}

// unsent returns the messages whose send_status is not sent.
func unsent(messages []survey.Row) []survey.Row {
	return only(messages, func(m survey.Row) bool {
		status := m.Text("send_status")
		return status != "" && status != "sent"
	})
}

// isMixed reports whether a timeline has emails and notes.
func isMixed(t survey.Timeline) bool {
	return len(ofType(t.Messages, "email")) > 0 && len(ofType(t.Messages, "internal_note")) > 0
}

// telling returns the timelines that tell most: short ones with several emails
// and notes, the longest ones, those with emails that were not sent, short ones
// without notes, and those with attachments that HTML cites.
func (p *timelines) telling() []survey.Timeline {
	const several = 3
	var out []survey.Timeline
	for _, rank := range []func(survey.Timeline) int{
		func(t survey.Timeline) int {
			emails, notes := len(ofType(t.Messages, "email")), len(ofType(t.Messages, "internal_note"))
			return min(emails, notes, 1) * (min(emails, several) + min(notes, several))
		},
		func(t survey.Timeline) int { return len(t.Messages) },
		func(t survey.Timeline) int { return len(unsent(t.Messages)) },
		func(t survey.Timeline) int {
			return min(len(t.Messages), 1) * (1 - min(len(ofType(t.Messages, "internal_note")), 1))
		},
		func(t survey.Timeline) int {
			return len(only(t.Messages, func(m survey.Row) bool {
				return slices.ContainsFunc(m.Rows("attachments"), func(a survey.Row) bool { return a.Text("content_id") != "" })
			}))
		},
	} {
		for _, t := range p.tellingMost(rank) {
			if !slices.ContainsFunc(out, func(o survey.Timeline) bool { return o.Ticket.ID() == t.Ticket.ID() }) {
				out = append(out, t)
			}
		}
	}
	return out
}

// put asks a question.
func (p *timelines) put(q timelineQuestion) (rows []survey.Row, status int) {
	return p.list(q.who, q.path(), q.query, "data")
}

// differ returns what is wrong with the answer to a question, nil for nothing.
// After a wrong answer it checks whether the timeline changed since it was
// read.
func (p *timelines) differ(q timelineQuestion) *model.Difference {
	for look := 0; ; look++ {
		d := p.compared(q)
		if d == nil || look == mostLooks || !p.changed(q) {
			return d
		}
	}
}

// compared compares the answer to a question with the timeline.
func (p *timelines) compared(q timelineQuestion) *model.Difference {
	name := "GET " + q.path() + "?" + q.query
	rows, status := p.put(q)
	if status == http.StatusBadRequest && q.query == unpaged {
		return nil // it may refuse parameters that the documentation does not name
	}
	if status != http.StatusOK {
		return &model.Difference{Sort: model.Refused, Path: "answer to " + name, Expected: "200 and a list", Actual: http.StatusText(status)}
	}
	drafts := p.draftIDs() // IO-LIST-MSG-16 finds these
	known := func(rows []survey.Row) []survey.Row {
		return only(rows, func(r survey.Row) bool {
			return !slices.Contains(drafts, model.ID(r)) && (asksTypes(q) || wanted("")(r))
		})
	}
	all := p.rows[q.ticket.ID()]
	of := model.Messages{Rows: known(all), Partial: maybeCut(all), Text: contents}
	// An answer with fewer messages than came without a filter was not cut.
	d, _ := of.Differ(name, model.Want{Keep: wanted(q.query), Cut: maybeCut(rows) && len(rows) >= len(all)}, known(rows))
	return d
}

// maybeCut reports whether a list has a length to which a server may cut
// timelines, which no page forbids.
func maybeCut(rows []survey.Row) bool { return len(rows) >= short && len(rows)%10 == 0 }

// short is the length of timelines that no target will cut.
const short = 50

// changed rereads the timeline of a question and reports whether it changed.
func (p *timelines) changed(q timelineQuestion) bool {
	id, left := q.ticket.ID(), p.env.Client.Left()
	if calm, known := p.calm[id]; known && calm-left < calmFor {
		return false
	}
	defer p.anew()()
	read := timelineQuestion{ticket: q.ticket, numbered: strings.HasSuffix(p.Timeline(q.ticket).From.URL, numberPath(q.ticket)), who: target.ReadWrite}
	rows, status := p.put(read)
	same := status != http.StatusOK || slices.EqualFunc(rows, p.rows[id], func(a, b survey.Row) bool { return worded(a).Equal(worded(b)) })
	if p.calm[id] = left; same {
		return false
	}
	p.rows[id] = rows
	p.put(q)
	return true
}

// elsewhere reports whether another timeline lists the message.
func (p *timelines) elsewhere(ticket survey.Row, id string) bool {
	for _, t := range p.env.Survey.Read() {
		if t.Ticket.ID() != ticket.ID() && slices.Contains(messageIDs(t.Messages), strings.ToLower(id)) {
			return true
		}
	}
	return false
}

// tellingMost returns the two timelines with the highest rank above 0, the
// shorter ones if ranks are equal.
func (s *Session) tellingMost(rank func(survey.Timeline) int) []survey.Timeline {
	found := only(s.Timelines(), func(t survey.Timeline) bool { return rank(t) != 0 && survey.IsUUID(t.Ticket.ID()) })
	slices.SortStableFunc(found, func(a, b survey.Timeline) int {
		return cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(len(a.Messages), len(b.Messages)))
	})
	return found[:min(len(found), 2)]
}
