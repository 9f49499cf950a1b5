package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"sort"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
)

// How many views a Store keeps, and how many pages each view keeps.
const (
	keptViews = 64
	keptPages = 64
)

// view is what a query selects, in its order.
type view struct {
	order   order
	still   *roaring.Bitmap // positions in the order of the World's tickets that did not change
	changed []placed        // the others, in the order
	total   int
	pages   cache[[]uint32] // by offset and length
}

// placed is a ticket that differs from the World's, with its place in an order.
type placed struct {
	ticket   uint32
	position uint32 // how many tickets of the World come before it
	key      int64
	id       *fixtures.ID
}

// view returns what a query selects. As long as nothing changes, workspaces share
// it. The caller holds the lock.
func (s *Store) view(q *Query) *view {
	var room [256]byte
	key := q.appendOrder(room[:0])
	if len(s.tickets) == 0 {
		return s.world.view(q, key)
	}
	return s.views.of(key, func() *view { return s.newView(q, key) })
}

// view returns what a query of the key selects in the World.
func (w *World) view(q *Query, key []byte) *view {
	return w.views.of(key, func() *view {
		order := w.order(q)
		ranks := order.ranks(w.selection(q))
		return &view{order: order, still: ranks, total: int(ranks.GetCardinality()), pages: newPages()}
	})
}

func newPages() cache[[]uint32] { return cache[[]uint32]{most: keptPages} }

func (s *state) newView(q *Query, key []byte) *view {
	seeded := s.world.view(q, key)
	v := &view{order: seeded.order, pages: newPages()}
	v.still = roaring.AndNot(seeded.still, v.order.ranks(s.marked))
	found := s.world.found(q.Search)
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

// page appends to out the tickets at positions [offset, offset+n) of the view.
func (v *view) page(out []uint32, offset, n int) []uint32 {
	if offset >= v.total {
		return out
	}
	var room [16]byte
	key := binary.LittleEndian.AppendUint64(room[:0], uint64(offset))
	key = binary.LittleEndian.AppendUint64(key, uint64(n))
	return append(out, v.pages.of(key, func() []uint32 { return v.cut(offset, min(n, v.total-offset)) })...)
}

// cut merges n tickets of the two parts of a view, from an offset on.
func (v *view) cut(offset, n int) []uint32 {
	before := func(j int) int { // the position in the view among the unchanged tickets
		if v.changed[j].position == 0 {
			return 0
		}
		return int(v.still.Rank(v.changed[j].position - 1))
	}
	j := sort.Search(len(v.changed), func(j int) bool { return j+before(j) >= offset })
	i := offset - j
	still := v.order.pick(v.still, i, n)
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
