// Package store turns a seeded dataset and what happens in a workspace into
// pages of tickets and timelines, as the bytes that go on the wire.
//
// A World is the immutable part, indexed once and shared by any number of
// workspaces; a Store is one workspace's overlay of changes upon it.
package store

import (
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
)

// Encoder writes rows as the wire has them.
type Encoder interface {
	// AppendTicket appends a ticket as an object of the list.
	AppendTicket(b []byte, w *fixtures.InboxOps, t *fixtures.Ticket) []byte
	// AppendMessage appends a message as an object of the timeline.
	AppendMessage(b []byte, m *fixtures.Message) []byte
}

// World is a dataset with its indexes. Tickets are numbered by their index in
// the dataset.
type World struct {
	Data    *fixtures.Dataset
	desk    *fixtures.InboxOps
	encoder Encoder
	noted   int // see notedIn

	byID      map[fixtures.ID]uint32
	orders    map[Sort]orders
	statuses  map[string]*roaring.Bitmap
	levels    map[string]*roaring.Bitmap
	inboxes   map[fixtures.ID]*roaring.Bitmap
	assignees map[fixtures.ID]*roaring.Bitmap
	nobody    *roaring.Bitmap // unassigned
	tags      map[fixtures.ID]*roaring.Bitmap
	fields    func() []fieldIndex // made by the first filter

	rows      []atomic.Pointer[[]byte] // encoded list rows, made when first shown
	timelines cache[*timeline]         // by ticket
	words     words

	searches   cache[*roaring.Bitmap] // by the query's text form
	selections cache[*roaring.Bitmap] // by all filters of a query
	views      cache[*view]           // by filters and order
}

// How much a World caches at most.
const (
	keptResults   = 256      // of each kind
	timelineBytes = 16 << 20 // of encoded timelines
)

// NewWorld indexes a dataset. The full-text index is built when the first
// search needs it, the index of custom fields when the first filter does.
func NewWorld(data *fixtures.Dataset, encoder Encoder) *World {
	desk := &data.InboxOps
	w := &World{
		Data: data, desk: desk, encoder: encoder, noted: notedIn(data),
		byID:      make(map[fixtures.ID]uint32, len(desk.Tickets)),
		statuses:  map[string]*roaring.Bitmap{},
		levels:    map[string]*roaring.Bitmap{},
		inboxes:   map[fixtures.ID]*roaring.Bitmap{},
		assignees: map[fixtures.ID]*roaring.Bitmap{},
		nobody:    roaring.New(),
		tags:      map[fixtures.ID]*roaring.Bitmap{},
		rows:      make([]atomic.Pointer[[]byte], len(desk.Tickets)),
		fields:    sync.OnceValue(func() []fieldIndex { return newFieldIndexes(desk) }),

		timelines:  cache[*timeline]{most: timelineBytes, size: (*timeline).size},
		searches:   cache[*roaring.Bitmap]{most: keptResults},
		selections: cache[*roaring.Bitmap]{most: keptResults},
		views:      cache[*view]{most: keptResults},
	}
	var wait sync.WaitGroup
	wait.Go(func() { w.orders = w.newOrders() })
	w.indexMembership()
	wait.Wait()
	return w
}

// indexMembership fills the sets of the filters that name a value.
func (w *World) indexMembership() {
	for i := range w.desk.Tickets {
		t, n := &w.desk.Tickets[i], uint32(i)
		w.byID[t.ID] = n
		add(w.statuses, w.desk.Statuses[t.Status].Type, n)
		add(w.levels, w.desk.Priorities[t.Priority].Level, n)
		add(w.inboxes, w.desk.Inboxes[t.Inbox].ID, n)
		if t.Assignee < 0 {
			w.nobody.Add(n)
		} else {
			add(w.assignees, w.desk.Agents[t.Assignee].ID, n)
		}
		for _, tag := range t.Tags {
			add(w.tags, w.desk.Tags[tag].ID, n)
		}
	}
}

// add puts n into the set of the key.
func add[K comparable](sets map[K]*roaring.Bitmap, key K, n uint32) {
	set := sets[key]
	if set == nil {
		set = roaring.New()
		sets[key] = set
	}
	set.Add(n)
}

// Len returns the number of tickets.
func (w *World) Len() int {
	return len(w.desk.Tickets)
}

// row returns the encoded list row of a ticket that has not changed.
func (w *World) row(ticket uint32) []byte {
	if cached := w.rows[ticket].Load(); cached != nil {
		return *cached
	}
	b := w.encoder.AppendTicket(nil, w.desk, &w.desk.Tickets[ticket])
	w.rows[ticket].Store(&b)
	return b
}
