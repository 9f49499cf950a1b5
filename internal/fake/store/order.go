package store

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
)

// Sort is a sort key of the ticket list.
type Sort string

// The documented sort keys.
const (
	SortCreated  Sort = "created_at"
	SortUpdated  Sort = "updated_at"
	SortPriority Sort = "priority"
)

// order is one kept sort order: walk[position] is a ticket, rank its inverse.
type order struct {
	walk []uint32
	rank []uint32
	// natural says that the order is that of the ticket numbers, or its
	// reverse, so that a set of tickets is in order already.
	natural, reverse bool
}

// orders are the two directions of a sort key. Ties are in ascending order of
// id in both, so the one is not simply the other backwards.
type orders struct {
	ascending, descending order
}

// levelRank ranks the semantic priorities.
var levelRank = map[string]int64{"low": 0, "normal": 1, "high": 2, "urgent": 3}

// newOrders sorts the tickets once by each key in each direction.
func (w *World) newOrders() map[Sort]orders {
	keys := []Sort{SortCreated, SortUpdated, SortPriority}
	all := make(map[Sort]orders, len(keys))
	var mu sync.Mutex
	var wait sync.WaitGroup
	for _, by := range keys {
		wait.Go(func() {
			both := sortBy(w.desk.Tickets, func(t *fixtures.Ticket) int64 { return w.sortKey(by, t) })
			mu.Lock()
			defer mu.Unlock()
			all[by] = both
		})
	}
	wait.Wait()
	return all
}

// sortKey returns what a ticket is sorted by.
func (w *World) sortKey(by Sort, t *fixtures.Ticket) int64 {
	switch by {
	case SortPriority:
		return levelRank[w.desk.Priorities[t.Priority].Level]
	case SortUpdated:
		return t.UpdatedAt.UnixMilli()
	default:
		return t.CreatedAt.UnixMilli()
	}
}

// sortBy orders the tickets by a key, ties by id.
func sortBy(tickets []fixtures.Ticket, key func(*fixtures.Ticket) int64) orders {
	keys := make([]int64, len(tickets))
	up := make([]uint32, len(tickets))
	for i := range tickets {
		keys[i], up[i] = key(&tickets[i]), uint32(i)
	}
	slices.SortFunc(up, func(a, b uint32) int {
		if c := cmp.Compare(keys[a], keys[b]); c != 0 {
			return c
		}
		return bytes.Compare(tickets[a].ID[:], tickets[b].ID[:])
	})
	down := slices.Clone(up)
	slices.Reverse(down)
	for from, to := 0, 0; from < len(down); from = to { // ties back into the order of id
		for to = from; to < len(down) && keys[down[to]] == keys[down[from]]; {
			to++
		}
		slices.Reverse(down[from:to])
	}
	return orders{ascending: newOrder(up), descending: newOrder(down)}
}

func newOrder(walk []uint32) order {
	o := order{walk: walk, rank: make([]uint32, len(walk))}
	for position, ticket := range walk {
		o.rank[ticket] = uint32(position)
	}
	o.natural = slices.IsSorted(walk)
	o.reverse = !o.natural && slices.IsSortedFunc(walk, func(a, b uint32) int { return cmp.Compare(b, a) })
	return o
}

// When fewer than one in few of all tickets match, hits are put into order one by
// one; otherwise the order is walked and each ticket tested.
const few = 20

// page appends to out the tickets at positions [offset, offset+n) of the
// hits in this order; nil hits mean all tickets.
func (o order) page(out []uint32, hits *roaring.Bitmap, offset, n int) []uint32 {
	if hits == nil {
		end := min(offset+n, len(o.walk))
		return append(out, o.walk[min(offset, end):end]...)
	}
	total := int(hits.GetCardinality())
	if offset >= total {
		return out
	}
	n = min(n, total-offset)
	if o.natural || o.reverse {
		return o.number(out, hits, offset, n, total)
	}
	if total < len(o.walk)/few {
		return o.pick(out, o.ranks(hits), offset, n)
	}
	if offset+n <= total/2 {
		return o.walkFrom(out, hits, offset, n)
	}
	return o.walkBack(out, hits, total-offset-n, n)
}

// ranks returns the positions of the hits in this order, as a set.
func (o order) ranks(hits *roaring.Bitmap) *roaring.Bitmap {
	set := newDense(len(o.walk))
	hits.Iterate(func(ticket uint32) bool {
		set.add(o.rank[ticket])
		return true
	})
	return set.bitmap()
}

// number appends n of the hits from the offset-th on, by ticket number.
func (o order) number(out []uint32, hits *roaring.Bitmap, offset, n, total int) []uint32 {
	if !o.reverse {
		return members(out, hits, offset, n)
	}
	start := len(out)
	out = members(out, hits, total-offset-n, n)
	slices.Reverse(out[start:])
	return out
}

// pick appends n tickets from the offset-th of the given positions on.
func (o order) pick(out []uint32, ranks *roaring.Bitmap, offset, n int) []uint32 {
	start := len(out)
	out = members(out, ranks, offset, n)
	for i, position := range out[start:] {
		out[start+i] = o.walk[position]
	}
	return out
}

// members appends n members of a set from the offset-th on.
func members(out []uint32, set *roaring.Bitmap, offset, n int) []uint32 {
	first, err := set.Select(uint32(offset))
	if err != nil {
		return out
	}
	var it roaring.IntIterator
	it.Initialize(set)
	it.AdvanceIfNeeded(first)
	for ; n > 0 && it.HasNext(); n-- {
		out = append(out, it.Next())
	}
	return out
}

// walkFrom skips hits from the front of the order, then appends n.
func (o order) walkFrom(out []uint32, hits *roaring.Bitmap, skip, n int) []uint32 {
	for _, ticket := range o.walk {
		if n == 0 {
			break
		}
		if !hits.Contains(ticket) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		out = append(out, ticket)
		n--
	}
	return out
}

// walkBack skips hits from the back of the order, then appends n, which end
// up in the order's direction.
func (o order) walkBack(out []uint32, hits *roaring.Bitmap, skip, n int) []uint32 {
	start := len(out)
	for i := len(o.walk) - 1; i >= 0 && n > 0; i-- {
		ticket := o.walk[i]
		if !hits.Contains(ticket) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		out = append(out, ticket)
		n--
	}
	slices.Reverse(out[start:])
	return out
}

// bounds returns the positions [first, end) of an ascending order by time
// whose time lies within the span.
func (o order) bounds(at func(ticket uint32) time.Time, s Span) (first, end int) {
	end = len(o.walk)
	if !s.After.IsZero() {
		first = sort.Search(len(o.walk), func(i int) bool { return !at(o.walk[i]).Before(s.After) })
	}
	if !s.Before.IsZero() {
		end = sort.Search(len(o.walk), func(i int) bool { return at(o.walk[i]).After(s.Before) })
	}
	return min(first, end), end
}
