package store

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// Store is one workspace's tickets: a World and the notes added to it. It is
// safe for concurrent use.
type Store struct {
	world *World
	limit int // notes

	mu      sync.RWMutex
	notes   map[uint32][]note
	count   int
	touched []touch         // tickets with notes, in ascending order of change
	marked  *roaring.Bitmap // the same tickets as a set
}

// note is one internal note of the overlay.
type note struct {
	at     time.Time
	row    []byte
	vector search.Vector
}

// touch is a ticket whose last change is a note.
type touch struct {
	ticket uint32
	at     time.Time
}

// ErrFull means that the workspace holds as many notes as it may.
var ErrFull = errors.New("the workspace holds as many notes as it may")

// New returns a Store of the world without notes. It holds at most limit
// notes; zero means any number.
func New(world *World, limit int) *Store {
	s := &Store{world: world, limit: limit}
	s.Reset()
	return s
}

// World returns the world under the notes.
func (s *Store) World() *World {
	return s.world
}

// Reset forgets all notes.
func (s *Store) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes, s.count, s.touched, s.marked = map[uint32][]note{}, 0, nil, roaring.New()
}

// Notes returns how many notes there are.
func (s *Store) Notes() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.count
}

// AddNote appends an internal note to a ticket at the time now and returns
// its encoded row. The note's time is always after the last message of the
// timeline, so that it comes last whatever the clock shows; the ticket's
// updated_at becomes the note's time (choice C33).
func (s *Store) AddNote(ticket int, now time.Time, text, html string) ([]byte, error) {
	vector := search.NewVector(text)
	last := s.world.lastMessage(ticket)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.limit > 0 && s.count >= s.limit {
		return nil, ErrFull
	}
	n := uint32(ticket)
	if notes := s.notes[n]; len(notes) > 0 {
		last = notes[len(notes)-1].at
	}
	at := now.UTC().Truncate(time.Millisecond)
	if !at.After(last) {
		at = last.Add(time.Millisecond)
	}
	s.count++
	m := fixtures.Message{
		ID: s.noteID(), Direction: "outbound", Type: "internal_note",
		BodyText: text, BodyHTML: html, CreatedAt: at,
	}
	row := s.world.encoder.AppendMessage(nil, &m)
	s.notes[n] = append(s.notes[n], note{at: at, row: row, vector: vector})
	s.touch(n, at)
	return row, nil
}

// noteID returns the id of the note that was just counted: the same sequence
// of notes gets the same ids in every run.
func (s *Store) noteID() fixtures.ID {
	stream := rand.NewPCG(s.world.Data.Seed, uint64(s.count))
	return fixtures.RandomID(stream.Uint64(), stream.Uint64())
}

// touch moves a ticket to its new place in the order of change.
func (s *Store) touch(ticket uint32, at time.Time) {
	if s.marked.Contains(ticket) {
		i := slices.IndexFunc(s.touched, func(t touch) bool { return t.ticket == ticket })
		s.touched = slices.Delete(s.touched, i, i+1)
	}
	s.marked.Add(ticket)
	entry := touch{ticket: ticket, at: at}
	i, _ := slices.BinarySearchFunc(s.touched, entry, s.compare)
	s.touched = slices.Insert(s.touched, i, entry)
}

// compare orders touched tickets by time, then id.
func (s *Store) compare(a, b touch) int {
	if c := a.at.Compare(b.at); c != 0 {
		return c
	}
	tickets := s.world.desk.Tickets
	return bytes.Compare(tickets[a.ticket].ID[:], tickets[b.ticket].ID[:])
}

// updatedAt returns when a ticket was last changed. The caller holds the lock.
func (s *Store) updatedAt(ticket uint32) time.Time {
	if notes := s.notes[ticket]; len(notes) > 0 {
		return notes[len(notes)-1].at
	}
	return s.world.desk.Tickets[ticket].UpdatedAt
}

// Snapshot is the state of a Store at one moment. The zero Snapshot is that of
// a Store without notes.
type Snapshot struct {
	notes   map[uint32][]note
	count   int
	touched []touch
	marked  *roaring.Bitmap
}

// Snapshot returns the present state.
func (s *Store) Snapshot() Snapshot {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return Snapshot{notes: copyNotes(s.notes), count: s.count, touched: slices.Clone(s.touched), marked: s.marked.Clone()}
}

// Restore goes back to a state that Snapshot returned.
func (s *Store) Restore(was Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes, s.count = copyNotes(was.notes), was.count
	s.touched, s.marked = slices.Clone(was.touched), roaring.New()
	if was.marked != nil {
		s.marked = was.marked.Clone()
	}
}

// copyNotes copies the map; the notes themselves never change, but a slice
// may not be appended to from two sides.
func copyNotes(notes map[uint32][]note) map[uint32][]note {
	c := make(map[uint32][]note, len(notes))
	for ticket, list := range notes {
		c[ticket] = slices.Clip(list)
	}
	return c
}
