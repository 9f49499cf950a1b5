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
	// natural says that the order is that of the ticket numbers.
	natural bool
}

// orders are the two directions of a sort key. Ties are in ascending order of
// id in both, so one is not simply the reverse of the other.
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

// order returns the kept order of a query.
func (w *World) order(q *Query) order {
	if q.Ascending {
		return w.orders[q.Sort].ascending
	}
	return w.orders[q.Sort].descending
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
	o := order{walk: walk, rank: make([]uint32, len(walk)), natural: slices.IsSorted(walk)}
	for position, ticket := range walk {
		o.rank[ticket] = uint32(position)
	}
	return o
}

// Tickets are few if they are fewer than one in few of all.
const few = 20

// ranks returns the positions of tickets in this order, as a set; nil stands
// for all tickets. Few tickets are looked up one by one; otherwise the order is
// walked, which visits the positions in order.
func (o order) ranks(tickets *roaring.Bitmap) *roaring.Bitmap {
	all := len(o.walk)
	if tickets == nil {
		set := roaring.New()
		set.AddRange(0, uint64(all))
		return set
	}
	set := newDense(all)
	if int(tickets.GetCardinality()) < all/few {
		tickets.Iterate(func(ticket uint32) bool {
			set.add(o.rank[ticket])
			return true
		})
		return set.bitmap()
	}
	among := newDense(all)
	tickets.WriteDenseTo(among)
	for position, ticket := range o.walk {
		set[position/64] |= among.bit(ticket) << (position % 64)
	}
	return set.bitmap()
}

// pick returns up to n tickets from the offset-th of the positions on.
func (o order) pick(ranks *roaring.Bitmap, offset, n int) []uint32 {
	first, err := ranks.Select(uint32(offset))
	if err != nil {
		return nil // there are fewer
	}
	tickets := make([]uint32, 0, n)
	it := ranks.Iterator()
	it.AdvanceIfNeeded(first)
	for len(tickets) < n && it.HasNext() {
		tickets = append(tickets, o.walk[it.Next()])
	}
	return tickets
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
