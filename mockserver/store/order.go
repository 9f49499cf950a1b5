package store

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
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

// levels ranks the semantic priorities.
var levelRank = map[string]int{"low": 0, "normal": 1, "high": 2, "urgent": 3}

// newOrders sorts the tickets once by each key in each direction.
func newOrders(desk *fixtures.InboxOps) map[Sort]orders {
	tickets := desk.Tickets
	ranks := make([]int, len(desk.Priorities))
	for i, p := range desk.Priorities {
		ranks[i] = levelRank[p.Level]
	}
	keys := map[Sort]func(a, b uint32) int{
		SortCreated:  func(a, b uint32) int { return tickets[a].CreatedAt.Compare(tickets[b].CreatedAt) },
		SortUpdated:  func(a, b uint32) int { return tickets[a].UpdatedAt.Compare(tickets[b].UpdatedAt) },
		SortPriority: func(a, b uint32) int { return cmp.Compare(ranks[tickets[a].Priority], ranks[tickets[b].Priority]) },
	}
	all := make(map[Sort]orders, len(keys))
	for key, compare := range keys {
		up := newOrder(len(tickets), func(a, b uint32) int {
			return cmp.Or(compare(a, b), compareID(&tickets[a], &tickets[b]))
		})
		down := newOrder(len(tickets), func(a, b uint32) int {
			return cmp.Or(compare(b, a), compareID(&tickets[a], &tickets[b]))
		})
		all[key] = orders{ascending: up, descending: down}
	}
	return all
}

// compareID breaks a tie.
func compareID(a, b *fixtures.Ticket) int {
	return bytes.Compare(a.ID[:], b.ID[:])
}

// newOrder sorts the numbers below n.
func newOrder(n int, compare func(a, b uint32) int) order {
	o := order{walk: make([]uint32, n), rank: make([]uint32, n)}
	for i := range o.walk {
		o.walk[i] = uint32(i)
	}
	slices.SortFunc(o.walk, compare)
	for position, ticket := range o.walk {
		o.rank[ticket] = uint32(position)
	}
	o.natural = slices.IsSorted(o.walk)
	o.reverse = !o.natural && slices.IsSortedFunc(o.walk, func(a, b uint32) int { return cmp.Compare(b, a) })
	return o
}

// few is the share of all tickets, one in so many, below which hits are put
// into the order one by one; above it the order is walked and tested.
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
	set := roaring.New()
	hits.Iterate(func(ticket uint32) bool {
		set.Add(o.rank[ticket])
		return true
	})
	return set
}

// number appends n of the hits from the offset-th on, by ticket number.
func (o order) number(out []uint32, hits *roaring.Bitmap, offset, n, total int) []uint32 {
	for i := offset; i < offset+n; i++ {
		at := i
		if o.reverse {
			at = total - 1 - i
		}
		ticket, err := hits.Select(uint32(at))
		if err != nil {
			break // cannot be: at is below the number of hits
		}
		out = append(out, ticket)
	}
	return out
}

// pick appends n tickets from the offset-th of the given positions on.
func (o order) pick(out []uint32, ranks *roaring.Bitmap, offset, n int) []uint32 {
	first, err := ranks.Select(uint32(offset))
	if err != nil {
		return out
	}
	it := ranks.Iterator()
	it.AdvanceIfNeeded(first)
	for ; n > 0 && it.HasNext(); n-- {
		out = append(out, o.walk[it.Next()])
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
