package store

import (
	"math/rand/v2"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
)

// AddNote appends a client's internal note to the ticket with a UUID or number
// at the time now and returns its encoded row. The note's time is always after
// the last message of the timeline, so that it comes last whatever the clock
// shows; the ticket's updated_at becomes the note's time (choice C33). ok is
// false when there is no such ticket.
func (s *Store) AddNote(id string, now time.Time, text, html string) (row []byte, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.find(id)
	if !ok {
		return nil, false, nil
	}
	if s.lacks(1) {
		return nil, true, ErrFull
	}
	s.notes++
	tx := &Tx{s: s, by: ByClient, now: now}
	made := tx.append(n, fixtures.Message{
		ID: s.noteID(), Direction: "outbound", Type: internalNote, BodyText: text, BodyHTML: html,
	})
	return made.row, true, nil
}

// noteID returns the id of the note that was just counted: the same sequence of
// notes gets the same ids in every run. The count continues after the notes
// that a case brought.
func (s *state) noteID() fixtures.ID { return NoteID(s.world.Data.Seed, s.world.noted+s.notes) }

// NoteID returns the id of the n-th note, counted from 1, in a world of the seed.
func NoteID(seed uint64, n int) fixtures.ID {
	stream := rand.NewPCG(seed, uint64(n))
	return fixtures.RandomID(stream.Uint64(), stream.Uint64())
}

// notedIn returns the number of the latest note whose id is among those that
// messages of a world were given.
func notedIn(data *fixtures.Dataset) (latest int) {
	wanted := map[fixtures.ID]bool{}
	for id := range data.InboxOps.MessageIDs {
		wanted[id] = true
	}
	const gone = 100 // notes deleted in a row
	for n := 1; len(wanted) > 0 && n <= latest+gone; n++ {
		if wanted[NoteID(data.Seed, n)] {
			latest = n
		}
	}
	return latest
}
