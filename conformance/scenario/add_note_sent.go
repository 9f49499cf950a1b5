package scenario

import (
	"fmt"
	"time"

	"github.com/mockdesk/mockdesk/conformance/survey"
	"github.com/mockdesk/mockdesk/conformance/target"
)

// sentNote is a note with both bodies and what became of it.
type sentNote struct {
	marker string
	before []survey.Row // the timeline
	sent   *target.Exchange
	after  []survey.Row // the timeline when it showed the note, or after waiting for it
	mine   []survey.Row // messages of after that hold the marker
	shown  bool         // the timeline could be read
}

// aNote is a note that scenarios share which only look at what became of it.
func (s *Session) aNote() *sentNote {
	if s.env.note == nil {
		s.env.note = s.sendNote()
	}
	if n := s.env.note; s.tape.Last() != n.sent {
		s.tape.Adopt(n.sent)
	}
	return s.env.note
}

// aShownNote is aNote; it skips when the note was refused or the timeline
// cannot be read.
func (s *Session) aShownNote() *sentNote {
	n := s.aNote()
	s.expectShown(n)
	return n
}

// expectShown skips when the note was refused, which is for IO-POST-MSG-01 to
// say, or the timeline cannot be read.
func (s *Session) expectShown(n *sentNote) {
	s.accepted()
	if !n.shown {
		s.Skip("the timeline of the note's ticket cannot be read", "")
	}
}

// expectMine is expectShown, and skips when the timeline does not show the
// note, which is for IO-POST-MSG-02 to say.
func (s *Session) expectMine(n *sentNote) {
	s.expectShown(n)
	if len(n.mine) == 0 {
		s.Skip("the timeline does not show the note", "")
	}
}

// sendNote posts a note and looks for it. The last exchange is that of the note.
func (s *Session) sendNote() *sentNote {
	ticket, n := s.WriteTicket(), &sentNote{marker: s.Marker()}
	n.before, _ = s.readable(target.ReadWrite, ticket)
	s.postBoth(ticket, n.marker)
	s.StopIfFailed()
	n.sent = s.Last()
	if n.sent.Status/100 == 2 {
		n.after, n.mine, n.shown = s.look(ticket, n.marker)
		s.tape.Adopt(n.sent)
	}
	return n
}

// delays are waited for a note that does not show at once.
var delays = []time.Duration{200 * time.Millisecond, 600 * time.Millisecond}

// await reads the timeline until it shows the marker, and returns it with the
// messages that hold the marker. It skips when the timeline cannot be read.
func (s *Session) await(ticket survey.Row, marker string) (all, mine []survey.Row) {
	all, mine, ok := s.look(ticket, marker)
	if !ok {
		s.Skip(fmt.Sprintf("the timeline cannot be read: it is answered %d", s.Last().Status), "")
	}
	return all, mine
}

// look is await, but for a timeline that cannot be read.
func (s *Session) look(ticket survey.Row, marker string) (all, mine []survey.Row, ok bool) {
	was := s.tape.Fresh
	s.tape.Fresh = true
	defer func() { s.tape.Fresh = was }()
	for i := 0; ; i++ {
		if all, ok = s.readable(target.ReadWrite, ticket); !ok {
			return nil, nil, false
		}
		if mine = marked(all, marker); len(mine) > 0 || i == len(delays) {
			return all, mine, true
		}
		s.Wait(delays[i])
	}
}
