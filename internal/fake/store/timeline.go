package store

import (
	"sync"
	"time"
)

// timelines keeps the encoded timelines that were asked for, up to a number
// of bytes; when they are full it starts anew.
type timelines struct {
	mu    sync.RWMutex
	kept  map[int]*timeline
	bytes int
}

// internalNote is the type of notes.
const internalNote = "internal_note"

// timelineBytes is how many bytes of encoded timelines a World keeps.
const timelineBytes = 16 << 20

// timeline is a ticket's messages, drafts left out, oldest first.
type timeline struct {
	rows  [][]byte
	notes []bool // whether the row is an internal note
	last  time.Time
}

// timeline returns the encoded messages of a ticket.
func (w *World) timeline(ticket int) *timeline {
	w.timelines.mu.RLock()
	kept := w.timelines.kept[ticket]
	w.timelines.mu.RUnlock()
	if kept != nil {
		return kept
	}
	made, size := w.encodeTimeline(ticket)
	w.timelines.mu.Lock()
	defer w.timelines.mu.Unlock()
	if w.timelines.kept == nil || w.timelines.bytes+size > timelineBytes {
		w.timelines.kept, w.timelines.bytes = map[int]*timeline{}, 0
	}
	w.timelines.kept[ticket] = made
	w.timelines.bytes += size
	return made
}

// encodeTimeline makes a timeline and tells its size in bytes.
func (w *World) encodeTimeline(ticket int) (made *timeline, size int) {
	made = &timeline{last: w.desk.Tickets[ticket].CreatedAt}
	messages := w.desk.Messages(ticket)
	for i := range messages {
		m := &messages[i]
		if m.Draft {
			continue
		}
		row := w.encoder.AppendMessage(nil, m)
		made.rows = append(made.rows, row)
		made.notes = append(made.notes, m.Type == internalNote)
		made.last = m.CreatedAt
		size += len(row)
	}
	return made, size
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
