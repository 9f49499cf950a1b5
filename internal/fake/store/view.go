package store

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
)

// How many views a Store keeps, and pages each of them.
const (
	keptViews = 64
	keptPages = 64
)

// views keeps what queries select as long as nothing changes.
type views struct {
	mu   sync.Mutex
	kept map[string]*view
}

// drop forgets all views.
func (v *views) drop() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.kept = nil
}

// view is what a query selects in a desk with changes, in its order.
type view struct {
	order   order
	still   *roaring.Bitmap // positions in the order of the World's tickets that did not change
	changed []placed        // the others, in the order
	total   int

	mu    sync.Mutex
	pages map[[2]int][]uint32
}

// placed is a ticket that differs from the World's, with its place in an order.
type placed struct {
	ticket   uint32
	position uint32 // how many tickets of the World come before it
	key      int64
	id       *fixtures.ID
}

// view returns what a query selects. The caller holds the lock.
func (s *Store) view(q *Query) *view {
	var room [256]byte
	key := q.appendOrder(room[:0])
	s.views.mu.Lock()
	kept := s.views.kept[string(key)]
	s.views.mu.Unlock()
	if kept != nil {
		return kept
	}
	kept = s.newView(q, key)
	s.views.mu.Lock()
	defer s.views.mu.Unlock()
	if s.views.kept == nil || len(s.views.kept) >= keptViews {
		s.views.kept = map[string]*view{}
	}
	s.views.kept[string(key)] = kept
	return kept
}

func (s *state) newView(q *Query, key []byte) *view {
	v := &view{order: s.world.order(q)}
	v.still = roaring.AndNot(s.world.ranked(q, key), v.order.ranks(s.marked))
	var found *roaring.Bitmap
	if q.Search != nil {
		found = s.world.found(q.Search)
	}
	for n, t := range s.tickets {
		if s.matches(n, t, q, found) {
			v.changed = append(v.changed, placed{ticket: n, key: s.world.sortKey(q.Sort, &t.Ticket), id: &t.ID})
		}
	}
	direction := 1
	if !q.Ascending {
		direction = -1
	}
	compare := func(a, b placed) int {
		return cmp.Or(direction*cmp.Compare(a.key, b.key), bytes.Compare(a.id[:], b.id[:]))
	}
	slices.SortFunc(v.changed, compare)
	for i := range v.changed {
		v.changed[i].position = s.world.position(v.order, q.Sort, v.changed[i], compare)
	}
	v.total = int(v.still.GetCardinality()) + len(v.changed)
	return v
}

// position returns how many tickets of the World come before a changed one.
func (w *World) position(o order, by Sort, p placed, compare func(a, b placed) int) uint32 {
	return uint32(sort.Search(len(o.walk), func(i int) bool {
		t := &w.desk.Tickets[o.walk[i]]
		return compare(placed{key: w.sortKey(by, t), id: &t.ID}, p) > 0
	}))
}

// page appends the tickets on a page to out.
func (v *view) page(out []uint32, page, perPage int) []uint32 {
	if page > maxOffset/perPage {
		return out
	}
	at := [2]int{page, perPage}
	v.mu.Lock()
	defer v.mu.Unlock()
	kept, has := v.pages[at]
	if !has {
		kept = v.cut((page-1)*perPage, perPage)
		if v.pages == nil || len(v.pages) >= keptPages {
			v.pages = map[[2]int][]uint32{}
		}
		v.pages[at] = kept
	}
	return append(out, kept...)
}

// cut joins the two parts of a view from an offset on.
func (v *view) cut(offset, n int) []uint32 {
	n = min(n, v.total-offset)
	if n <= 0 {
		return nil
	}
	before := func(j int) int { // of what did not change, in the view
		if v.changed[j].position == 0 {
			return 0
		}
		return int(v.still.Rank(v.changed[j].position - 1))
	}
	j := sort.Search(len(v.changed), func(j int) bool { return j+before(j) >= offset })
	i := offset - j
	still := v.order.pick(nil, v.still, i, n)
	out := make([]uint32, 0, n)
	for len(out) < n {
		if j < len(v.changed) && before(j) <= i {
			out = append(out, v.changed[j].ticket)
			j++
			continue
		}
		out = append(out, still[0])
		still = still[1:]
		i++
	}
	return out
}
