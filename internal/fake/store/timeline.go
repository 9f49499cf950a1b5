package store

import (
	"encoding/binary"
	"time"
)

// internalNote is the type of notes.
const internalNote = "internal_note"

// timeline is a ticket's messages, drafts left out, oldest first.
type timeline struct {
	rows  [][]byte
	notes []bool // whether the row is an internal note
	last  time.Time
}

// size returns how many bytes the rows have.
func (t *timeline) size() (bytes int) {
	for _, row := range t.rows {
		bytes += len(row)
	}
	return bytes
}

// timeline returns the encoded messages of a ticket.
func (w *World) timeline(ticket int) *timeline {
	var room [4]byte
	key := binary.LittleEndian.AppendUint32(room[:0], uint32(ticket))
	return w.timelines.of(key, func() *timeline { return w.encodeTimeline(ticket) })
}

func (w *World) encodeTimeline(ticket int) *timeline {
	made := &timeline{last: w.desk.Tickets[ticket].CreatedAt}
	messages := w.desk.Messages(ticket)
	for i := range messages {
		m := &messages[i]
		if m.Draft {
			continue
		}
		made.rows = append(made.rows, w.encoder.AppendMessage(nil, m))
		made.notes = append(made.notes, m.Type == internalNote)
		made.last = m.CreatedAt
	}
	return made
}

// lastMessage returns the time of a ticket's last seeded message, or of the
// ticket when it has none.
func (w *World) lastMessage(ticket int) time.Time {
	return w.timeline(ticket).last
}

// Types says which rows of a timeline are wanted.
type Types struct {
	Emails, Notes bool
}

// Timeline appends the rows of a ticket's timeline to b, separated by commas,
// oldest first; drafts never show. It returns how many events the answer shows,
// and reports whether there is such a ticket.
func (s *Store) Timeline(b []byte, id string, types Types) (page []byte, seen int, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, ok := s.find(id)
	if !ok {
		return b, 0, false
	}
	start := len(b)
	row := func(r []byte, note bool) {
		if note && !types.Notes || !note && !types.Emails {
			return
		}
		if len(b) > start {
			b = append(b, ',')
		}
		b = append(b, r...)
	}
	t := s.tickets[n]
	if t == nil || !t.rewritten {
		seeded := s.world.timeline(int(n))
		for i, r := range seeded.rows {
			row(r, seeded.notes[i])
		}
	}
	if t != nil {
		for _, m := range t.messages {
			if !m.Draft {
				row(m.row, m.Type == internalNote)
			}
		}
	}
	return b, s.happened(), true
}
