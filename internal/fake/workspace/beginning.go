package workspace

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// Beginning is the state before the requests that have come since a tester last
// changed something. What keys may do can change meanwhile.
type Beginning struct {
	Desk    store.Snapshot
	First   uint64        // the number in the journal of the first of these requests
	Access  []auth.Access // of the keys, in their order
	Changes []Change      // in their order

	happened int // events until then
}

// Change is what keys may do from a request on.
type Change struct {
	First  uint64 // the number of the request
	Access []auth.Access
}

// stride is how many requests come between two beginnings: that many at least can
// be sent again when the journal holds twice as many.
const stride = 500

// beginnings are the last two.
type beginnings struct {
	touched atomic.Bool // a tester has changed something, and no request came yet
	rekeyed atomic.Bool // and this is what keys may do
	latest  atomic.Uint64

	mu      sync.Mutex
	kept    []Beginning
	changes []Change // since the first of them
}

// Touch says that a tester has changed something: requests to come find another
// state.
func (w *Workspace) Touch() { w.beginnings.touched.Store(true) }

// SetAccess changes what a key may do from now on: requests to come find it so, and
// those before it found it otherwise.
func (w *Workspace) SetAccess(key *auth.Key, a auth.Access) {
	key.SetAccess(a)
	w.beginnings.rekeyed.Store(true)
}

// access returns what each key may do.
func (w *Workspace) access() []auth.Access {
	all := make([]auth.Access, len(w.Keys))
	for i, key := range w.Keys {
		all[i] = key.Access()
	}
	return all
}

// Begin says that a request comes, and returns what journal.Record.Began takes.
func (w *Workspace) Begin() uint64 {
	began := w.Journal.Begin()
	if b := &w.beginnings; b.touched.Load() || b.rekeyed.Load() || began >= b.latest.Load()+stride {
		b.add(w.Store, began, w.access())
	}
	return began
}

// add notes the state that the request of a number and later ones find.
func (b *beginnings) add(desk *store.Store, first uint64, access []auth.Access) {
	b.mu.Lock()
	defer b.mu.Unlock()
	touched := b.touched.Swap(false)
	if b.rekeyed.Swap(false) && !touched {
		b.changes = append(b.changes, Change{first, access})
	}
	switch {
	case touched:
		b.kept, b.changes = nil, nil
	case first < b.latest.Load()+stride:
		return // another request was faster, or only keys changed
	}
	next := Beginning{First: first, Access: access, happened: desk.Happened()}
	last := b.kept[max(0, len(b.kept)-1):len(b.kept):len(b.kept)]
	if len(last) > 0 && last[0].happened == next.happened {
		next.Desk = last[0].Desk // a large one costs something
	} else {
		next.Desk = desk.Snapshot()
	}
	b.kept = append(last, next)
	b.latest.Store(first)
	b.changes = slices.DeleteFunc(b.changes, func(c Change) bool { return c.First <= b.kept[0].First })
}

// Beginning returns the earliest state from which all requests are known, where
// those from a number on are; ok is false when there is none.
func (w *Workspace) Beginning(oldest uint64) (at Beginning, ok bool) {
	b := &w.beginnings
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, at := range b.kept {
		if at.First < oldest || b.touched.Load() || b.rekeyed.Load() && !slices.Equal(at.Access, w.access()) {
			continue // or a tester has arranged what no request has found yet
		}
		for _, c := range b.changes {
			if c.First > at.First {
				at.Changes = append(at.Changes, c)
			}
		}
		return at, true
	}
	return at, false
}

// opened are the requests of a case.
type opened struct {
	requests, first []casefile.Request
	newest          uint64 // the newest request in the journal when it was opened
}

// Open notes the requests of the case whose state the workspace is in, which are
// those of its beginning when it is new.
func (w *Workspace) Open(requests []casefile.Request, begins bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opened.requests, w.opened.newest = requests, w.Journal.Newest()
	if begins {
		w.opened.first = requests
	}
}

// Opened returns the requests of the case that was opened, as long as no other
// request has come.
func (w *Workspace) Opened() []casefile.Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.opened.newest != w.Journal.Newest() {
		return nil
	}
	return w.opened.requests
}
