package workspace

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// Beginning is a state of the workspace from which all later requests are
// known, and also what testers did in between.
type Beginning struct {
	Desk    store.Snapshot
	First   uint64        // the number in the journal of the first of these requests
	Access  []auth.Access // of the keys, in their order
	Rules   []fault.Rule
	Limit   ratelimit.Limit
	Life    life.Rate
	Changes []Change // in their order

	happened int // events until then
}

// Change is what a tester did before a request came.
type Change struct {
	First uint64 // the number of the request
	casefile.Change
}

// stride is how many requests come between two beginnings. At least that many
// can be replayed if the journal holds twice as many.
const stride = 500

// beginnings are the last two.
type beginnings struct {
	touched atomic.Bool // something was changed that no Change describes, and no request has come since
	changed atomic.Bool // pending is not empty
	latest  atomic.Uint64

	arranging sync.Mutex // held while a tester changes something

	mu      sync.Mutex
	renewed int // how often a request found something touched
	kept    []Beginning
	changes []Change          // since the first of them
	pending []casefile.Change // which no request has found yet
}

// Touch says that something was changed, so that later requests find another
// state.
func (w *Workspace) Touch() { w.beginnings.touched.Store(true) }

// Arrange lets a tester change something with do. The Change that do returns
// repeats the same in the same state; without one, a new Beginning is needed.
// An error means that nothing was changed.
func (w *Workspace) Arrange(do func() (*casefile.Change, error)) error {
	b := &w.beginnings
	b.arranging.Lock()
	defer b.arranging.Unlock()
	was, renewed := b.state()
	change, err := do()
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.renewed > renewed: // a request came in between and has found the change
	case err == nil && change == nil:
		b.touched.Store(true)
	default:
		b.touched.Store(was)
		if err == nil && !was {
			b.pending = append(b.pending, *change)
			b.changed.Store(true)
		}
	}
	return err
}

// state returns whether something was touched, and how often a request found
// something touched.
func (b *beginnings) state() (touched bool, renewed int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.touched.Load(), b.renewed
}

// SetAccess changes what a key may do for later requests.
func (w *Workspace) SetAccess(key *auth.Key, a auth.Access) {
	key.SetAccess(a)
	w.Touch()
}

// Begin says that a request comes, and returns what journal.Record.Began takes.
func (w *Workspace) Begin() uint64 {
	began := w.Journal.Begin()
	if b := &w.beginnings; b.touched.Load() || b.changed.Load() || began >= b.latest.Load()+stride {
		b.add(w, began)
	}
	return began
}

// add notes the state that the request of a number and later ones find.
func (b *beginnings) add(w *Workspace, first uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	touched := b.touched.Swap(false)
	if b.changed.Swap(false) {
		for _, c := range b.pending {
			b.changes = append(b.changes, Change{first, c})
		}
		b.pending = nil
	}
	switch {
	case touched:
		b.renewed++
		b.kept = nil
	case first < b.latest.Load()+stride:
		return // another request was faster, or the changes are known
	}
	next := w.begin(first)
	last := b.kept[max(0, len(b.kept)-1):len(b.kept):len(b.kept)]
	if len(last) > 0 && last[0].happened == next.happened {
		next.Desk = last[0].Desk // taking it again costs time on a large desk
	} else {
		next.Desk = w.Store.Snapshot()
	}
	b.kept = append(last, next)
	b.latest.Store(first)
	b.changes = slices.DeleteFunc(b.changes, func(c Change) bool { return c.First <= b.kept[0].First })
}

// begin returns the present state, but for the desk.
func (w *Workspace) begin(first uint64) Beginning {
	at := Beginning{First: first, Access: w.access(), Limit: w.RateLimit(), happened: w.Store.Happened()}
	at.Life, _ = w.Life()
	for _, rule := range w.Faults.List() {
		at.Rules = append(at.Rules, rule.Rule)
	}
	return at
}

// Beginning returns the earliest state since which all requests are known,
// given the number of the oldest known request; ok is false when there is none.
// later says that testers have changed something that no request has found yet.
func (w *Workspace) Beginning(oldest uint64) (at Beginning, later, ok bool) {
	b := &w.beginnings
	b.mu.Lock()
	defer b.mu.Unlock()
	later = b.touched.Load() || b.changed.Load()
	for _, at := range b.kept {
		if at.First < oldest {
			continue
		}
		for _, c := range b.changes {
			if c.First > at.First {
				at.Changes = append(at.Changes, c)
			}
		}
		return at, later, true
	}
	return at, later, false
}

// opened is a case that was opened: its requests, and the state that it
// describes.
type opened struct {
	requests []casefile.Request
	at       Beginning
	newest   uint64 // the newest request in the journal then
}

// Open notes the requests of the case whose state the workspace is in. begins
// says that this is the state in which a new workspace begins.
func (w *Workspace) Open(requests []casefile.Request, begins bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opened = opened{requests: requests, newest: w.Journal.Newest()}
	if len(requests) > 0 {
		w.opened.at = w.begin(0)
		w.opened.at.Desk = w.Store.Snapshot()
	}
	if begins {
		w.first.opened = w.opened
	}
}

// Opened returns the requests of the case that was opened last, the state that they
// begin in, and how many requests have come since then.
func (w *Workspace) Opened() (requests []casefile.Request, at Beginning, since int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.opened.requests, w.opened.at, int(w.Journal.Newest() - w.opened.newest)
}
