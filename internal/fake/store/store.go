package store

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
)

// Store is the desk of one workspace: a World, and all that has changed in it
// since. It is safe for concurrent use.
type Store struct {
	// Tell, when set, is called for each event. It must not wait, nor call the
	// Store.
	Tell func(Event)

	limit int    // additions
	first *World // that of Reset

	mu sync.RWMutex
	state
	views  cache[*view] // by filters and order, as long as nothing changes
	feed   feed
	asleep atomic.Int64 // Unix milliseconds, see Asleep
}

// state is what Snapshot keeps. The values that it points at do not change,
// except that maps get other values and slices grow.
type state struct {
	world    *World
	desk     *fixtures.InboxOps // the World's, with the contacts that were added
	tickets  map[uint32]*ticket // those that differ from the World's, and new ones
	marked   *roaring.Bitmap    // those of the World among them
	created  int                // new ones, numbered on behind the World's
	deleted  int
	byID     map[fixtures.ID]uint32 // new ones
	byName   map[string]uint32      // new ones
	projects []fixtures.Project     // nil: the World's
	added    int                    // notes, messages, tickets, projects and tasks, which the limit counts
	notes    int                    // notes of clients
	serial   int                    // acts
	acted    time.Time              // when a tester did the last one
	events   []Event
	shed     int // events that are no longer kept
	pulse    Pulse
}

// ErrFull means that the workspace holds as many additions as it may.
var ErrFull = errors.New("the workspace holds as many additions as it may")

// New returns a Store of the world as it is. It takes at most limit notes,
// messages and tickets; zero means any number.
func New(world *World, limit int) *Store {
	s := &Store{limit: limit, first: world, views: cache[*view]{most: keptViews}}
	s.Reset()
	return s
}

// Open returns a Store of the world as a snapshot has it, in which nothing
// happens by itself.
func Open(world *World, s Snapshot) *Store {
	opened := New(world, 0)
	opened.Restore(s)
	return opened
}

// newState returns the state of a world in which nothing has happened.
func newState(world *World) state {
	s := state{
		world: world, desk: world.desk, tickets: map[uint32]*ticket{}, marked: roaring.New(),
		byID: map[fixtures.ID]uint32{}, byName: map[string]uint32{},
	}
	for i := range world.desk.Deleted {
		n := uint32(i)
		gone := s.open(n)
		gone.deleted = true
		s.tickets[n], s.deleted = gone, s.deleted+1
		s.marked.Add(n)
	}
	return s
}

// World returns the world under the changes.
func (s *Store) World() *World {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.world
}

// Reset forgets all changes.
func (s *Store) Reset() {
	s.become(newState(s.first))
}

// Load replaces the present world by another one, without any changes. Reset
// goes back to the first one.
func (s *Store) Load(world *World) {
	s.become(newState(world))
}

func (s *Store) become(next state) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = next
	s.views.drop()
	s.feed.turn(s.shed + len(s.events))
	s.rouse()
}

// Notes returns how many notes clients have added.
func (s *Store) Notes() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.notes
}

// Len returns the number of tickets.
func (s *Store) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.size()
}

func (s *state) size() int {
	return s.world.Len() + s.created - s.deleted
}

// Has reports whether there is a ticket with a UUID or number.
func (s *Store) Has(id string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.find(id)
	return ok
}

// find returns the ticket with a UUID, or with a ticket number without sign or
// leading zeros.
func (s *state) find(id string) (n uint32, ok bool) {
	if uuid, isID := fixtures.ParseID(id); isID {
		if n, ok = s.world.byID[uuid]; !ok {
			n, ok = s.byID[uuid]
		}
		return n, ok && !s.gone(n)
	}
	number, err := strconv.ParseUint(id, 10, 31) // takes no sign
	at := int(number) - fixtures.FirstNumber
	if err != nil || id[0] == '0' || at < 0 || at >= s.world.Len()+s.created {
		return 0, false
	}
	return uint32(at), !s.gone(uint32(at))
}

// Snapshot is the state of a Store at one moment. The zero Snapshot is that of
// a Store without changes.
type Snapshot struct {
	kept state
}

// Snapshot returns the present state.
func (s *Store) Snapshot() Snapshot {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return Snapshot{s.state.copy()}
}

// Restore goes back to a state that Snapshot returned.
func (s *Store) Restore(was Snapshot) {
	if was.kept.world == nil {
		s.Reset()
		return
	}
	next := was.kept.copy()
	for n, t := range next.tickets {
		next.tickets[n] = t.clipped()
	}
	s.become(next)
}

// copy returns a state whose changes do not affect this one. Slices are
// clipped, so that neither of the two appends into the other's.
func (s *state) copy() state {
	c := *s
	c.tickets, c.marked = maps.Clone(s.tickets), s.marked.Clone()
	c.byID, c.byName = maps.Clone(s.byID), maps.Clone(s.byName)
	c.projects, c.events, c.pulse = clipProjects(s.projects), slices.Clip(s.events), s.pulse.copy()
	return c
}

// Ticket is a ticket with all that belongs to it.
type Ticket struct {
	fixtures.Ticket
	Name     string // "" for one without a name
	Fields   []fixtures.FieldValue
	Messages []fixtures.Message // in order of time, with drafts
	Seeded   bool               // it is one that the seed has put there
}

// Changed returns, in order of number, the tickets that differ from the seeded
// ones: arranged, new and changed ones; and the numbers of those deleted.
func (s *Store) Changed() (tickets []Ticket, deleted []int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, n := range s.differing() {
		if s.gone(n) {
			deleted = append(deleted, s.tickets[n].Number)
			continue
		}
		tickets = append(tickets, s.full(n))
	}
	return tickets, deleted
}

// differing returns the tickets that are not as the seed has them.
func (s *state) differing() []uint32 {
	all := slices.Collect(maps.Keys(s.tickets))
	for n := range s.world.Len() {
		if s.tickets[uint32(n)] == nil && s.desk.Differs(n) {
			all = append(all, uint32(n))
		}
	}
	slices.Sort(all)
	return all
}

// full returns a ticket with all that belongs to it.
func (s *state) full(n uint32) Ticket {
	return Ticket{Ticket: s.ticket(n), Name: s.name(n), Fields: s.fields(n), Messages: s.thread(n), Seeded: int(n) < s.desk.Seeded()}
}

// Desk returns what tickets are sorted by and who works on them, with the
// contacts that were added. It must not be changed.
func (s *Store) Desk() *fixtures.InboxOps {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.desk
}

// Get returns the ticket with a UUID, number or name.
func (s *Store) Get(ref string) (Ticket, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, ok := s.refer(ref)
	if !ok {
		return Ticket{}, false
	}
	return s.full(n), true
}

// instantAfter returns the time of a change made at now: later than last, and
// in whole milliseconds as on the wire.
func instantAfter(now, last time.Time) time.Time {
	at := now.UTC().Truncate(time.Millisecond)
	if !at.After(last) {
		at = last.Add(time.Millisecond)
	}
	return at
}
