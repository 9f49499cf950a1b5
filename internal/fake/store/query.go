package store

import (
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// Query is a request for one page of the ticket list. The zero value of each
// filter does not filter; filters combine with AND.
type Query struct {
	Search     *search.Query // nil means no search; an empty one finds nothing
	Statuses   []string      // any of these categories
	Inbox      *fixtures.ID
	Assignee   *fixtures.ID
	Unassigned bool
	Priority   string
	Tags       []fixtures.ID // all of these
	Created    Span
	Updated    Span
	Fields     []FieldFilter
	Sort       Sort
	Ascending  bool
	Page       int // from 1
	PerPage    int

	// List sets Seen and Rows: how many events the answer shows and, if there
	// are any, which tickets it has.
	Seen int
	Rows []uint32
}

// maxOffset keeps page times per_page far from overflow; no world is larger.
const maxOffset = 1 << 40

// offset returns how many tickets come before the page.
func (q *Query) offset() int {
	return (min(q.Page, maxOffset/q.PerPage) - 1) * q.PerPage
}

// Span is a pair of inclusive time bounds; a zero bound is open.
type Span struct {
	After, Before time.Time
}

// open reports whether neither bound is set.
func (s Span) open() bool {
	return s.After.IsZero() && s.Before.IsZero()
}

// holds reports whether the instant lies within the bounds.
func (s Span) holds(at time.Time) bool {
	return (s.After.IsZero() || !at.Before(s.After)) && (s.Before.IsZero() || !at.After(s.Before))
}

// FieldFilter keeps tickets by the stored value of one definition.
type FieldFilter struct {
	Field int    // index into the dataset's CustomFields
	Empty bool   // no stored value; Key is then unused
	Key   string // NumberKey, DateKey, InstantKey, OptionKey, true, false, or the text itself
}

// selection returns the tickets that the query selects as long as there are
// no notes, nil when it has no filter. The set must not be changed.
func (w *World) selection(q *Query) *roaring.Bitmap {
	if q.unfiltered() {
		return nil
	}
	var room [256]byte
	return w.selections.of(q.appendKey(room[:0]), func() *roaring.Bitmap {
		set, owned := w.hits(q)
		if !q.Updated.open() {
			set, owned = w.updated(set, q.Updated), true
		}
		if q.Search != nil && (set == nil || !set.IsEmpty()) {
			set, _ = intersect(set, owned, w.found(q.Search))
		}
		return set
	})
}

// intersect returns the tickets of both sets; a nil set holds all.
func intersect(set *roaring.Bitmap, owned bool, other *roaring.Bitmap) (*roaring.Bitmap, bool) {
	switch {
	case set == nil:
		return other, false
	case owned:
		set.And(other)
		return set, true
	default:
		return roaring.And(set, other), true
	}
}

// hits intersects the filters that the immutable world alone decides. It
// returns nil when none is set; the result must not be changed when owned is
// false.
func (w *World) hits(q *Query) (set *roaring.Bitmap, owned bool) {
	for _, filter := range w.filters(q) {
		if set, owned = intersect(set, owned, filter); set.IsEmpty() {
			break
		}
	}
	return set, owned
}

// filters returns a set for each filter of the query, none of which may be
// changed.
func (w *World) filters(q *Query) []*roaring.Bitmap {
	var sets []*roaring.Bitmap
	if len(q.Statuses) > 0 {
		sets = append(sets, w.anyStatus(q.Statuses))
	}
	if q.Inbox != nil {
		sets = append(sets, lookup(w.inboxes, *q.Inbox))
	}
	if q.Unassigned {
		sets = append(sets, w.nobody)
	}
	if q.Assignee != nil {
		sets = append(sets, lookup(w.assignees, *q.Assignee))
	}
	if q.Priority != "" {
		sets = append(sets, lookup(w.levels, q.Priority))
	}
	for _, tag := range q.Tags {
		sets = append(sets, lookup(w.tags, tag))
	}
	for _, filter := range q.Fields {
		sets = append(sets, w.field(filter))
	}
	if !q.Created.open() {
		sets = append(sets, w.created(q.Created))
	}
	return sets
}

// lookup returns the set of a key, an empty one when there is none.
func lookup[K comparable](sets map[K]*roaring.Bitmap, key K) *roaring.Bitmap {
	if set := sets[key]; set != nil {
		return set
	}
	return roaring.New()
}

// anyStatus returns the tickets in any of the categories.
func (w *World) anyStatus(categories []string) *roaring.Bitmap {
	if len(categories) == 1 {
		return lookup(w.statuses, categories[0])
	}
	sets := make([]*roaring.Bitmap, len(categories))
	for i, category := range categories {
		sets[i] = lookup(w.statuses, category)
	}
	return roaring.FastOr(sets...)
}

// field returns the tickets that a custom-field filter keeps.
func (w *World) field(filter FieldFilter) *roaring.Bitmap {
	index := &w.fields()[filter.Field]
	if !filter.Empty {
		return index.values[filter.Key].bitmap()
	}
	if index.applies != nil {
		return roaring.AndNot(index.applies, index.set)
	}
	return roaring.Flip(index.set, 0, uint64(w.Len()))
}

// created returns the tickets made within the bounds. A seeded dataset keeps
// them in that order, so they are one range of numbers.
func (w *World) created(s Span) *roaring.Bitmap {
	at := func(ticket uint32) time.Time { return w.desk.Tickets[ticket].CreatedAt }
	order := w.orders[SortCreated].ascending
	first, end := order.bounds(at, s)
	if !order.natural {
		set := newDense(w.Len())
		for _, ticket := range order.walk[first:end] {
			set.add(ticket)
		}
		return set.bitmap()
	}
	set := roaring.New()
	set.AddRange(uint64(first), uint64(end))
	return set
}

// updated returns the tickets, out of those given or of all for nil, that the
// dataset last changed within the bounds.
func (w *World) updated(tickets *roaring.Bitmap, s Span) *roaring.Bitmap {
	order := w.orders[SortUpdated].ascending
	at := func(ticket uint32) time.Time { return w.desk.Tickets[ticket].UpdatedAt }
	first, end := order.bounds(at, s)
	set := newDense(w.Len())
	if tickets == nil {
		for _, ticket := range order.walk[first:end] {
			set.add(ticket)
		}
		return set.bitmap()
	}
	tickets.Iterate(func(ticket uint32) bool {
		if rank := int(order.rank[ticket]); first <= rank && rank < end {
			set.add(ticket)
		}
		return true
	})
	return set.bitmap()
}
