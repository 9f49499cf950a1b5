package store

import (
	"slices"
	"sort"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// List appends the rows of the query's page to b, separated by commas, and
// returns the number of all tickets that match.
func (s *Store) List(b []byte, q *Query) (page []byte, total int) {
	if q.Search != nil {
		s.world.Index() // before the lock: the first search may take a while
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	hits := s.hits(q)
	total = s.world.Len()
	if hits != nil {
		total = int(hits.GetCardinality())
	}
	var buffer [128]uint32
	for i, ticket := range s.page(buffer[:0], q, hits) {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendRow(b, ticket)
	}
	return b, total
}

// appendRow appends a ticket as the list shows it now.
func (s *Store) appendRow(b []byte, ticket uint32) []byte {
	if !s.marked.Contains(ticket) {
		return append(b, s.world.row(ticket)...)
	}
	t := s.world.desk.Tickets[ticket]
	t.UpdatedAt = s.updatedAt(ticket)
	return s.world.encoder.AppendTicket(b, s.world.desk, &t)
}

// hits returns the tickets that match, nil when the query has no filter. The
// set must not be changed.
func (s *Store) hits(q *Query) *roaring.Bitmap {
	hits := s.world.selection(q)
	if len(s.touched) == 0 || q.Updated.open() && q.Search == nil {
		return hits
	}
	return s.overlay(q, hits)
}

// overlay puts the tickets with notes right in what the dataset alone
// selects: a note moves the time of change, and it is searched, too.
func (s *Store) overlay(q *Query, hits *roaring.Bitmap) *roaring.Bitmap {
	settled := *q // by what no note changes
	settled.Updated, settled.Search = Span{}, nil
	among := s.world.selection(&settled)
	var found *roaring.Bitmap
	if q.Search != nil {
		found = s.world.found(q.Search)
	}
	hits = roaring.AndNot(hits, s.marked)
	for _, t := range s.touched {
		if (among == nil || among.Contains(t.ticket)) && q.Updated.holds(t.at) &&
			(found == nil || found.Contains(t.ticket) || s.noted(t.ticket, q.Search)) {
			hits.Add(t.ticket)
		}
	}
	return hits
}

// noted reports whether a note of the ticket matches.
func (s *Store) noted(ticket uint32, q *search.Query) bool {
	return slices.ContainsFunc(s.notes[ticket], func(n note) bool { return q.Match(n.vector) })
}

// page appends to out the tickets on the query's page.
func (s *Store) page(out []uint32, q *Query, hits *roaring.Bitmap) []uint32 {
	order := s.world.orders[q.Sort].descending
	if q.Ascending {
		order = s.world.orders[q.Sort].ascending
	}
	if q.Page > maxOffset/q.PerPage {
		return out
	}
	offset := (q.Page - 1) * q.PerPage
	if q.Sort == SortUpdated && len(s.touched) > 0 {
		return s.merge(out, q, order, hits, offset)
	}
	return order.page(out, hits, offset, q.PerPage)
}

// maxOffset keeps page times per_page far from overflow; no world is larger.
const maxOffset = 1 << 40

// merge is page for the order of change once notes have moved some tickets:
// it joins the kept order of the others with the short order of the moved.
func (s *Store) merge(out []uint32, q *Query, order order, hits *roaring.Bitmap, offset int) []uint32 {
	moved := s.moved(q.Ascending, hits)
	var still *roaring.Bitmap // positions in order of the hits that did not move
	if hits == nil {
		still = roaring.Flip(order.ranks(s.marked), 0, uint64(s.world.Len()))
	} else {
		still = order.ranks(roaring.AndNot(hits, s.marked))
	}
	before := func(t touch) int { // hits that did not move and come before t
		position := s.position(order, q.Ascending, t)
		if position == 0 {
			return 0
		}
		return int(still.Rank(uint32(position - 1)))
	}
	j := sort.Search(len(moved), func(j int) bool { return j+before(moved[j]) >= offset })
	i := offset - j
	for range q.PerPage {
		switch {
		case j < len(moved) && before(moved[j]) <= i:
			out = append(out, moved[j].ticket)
			j++
		case uint64(i) < still.GetCardinality():
			out = order.pick(out, still, i, 1)
			i++
		default:
			return out
		}
	}
	return out
}

// moved returns the touched hits in the direction of the list. Ties in time
// stay in ascending order of id, as compare has them.
func (s *Store) moved(ascending bool, hits *roaring.Bitmap) []touch {
	moved := make([]touch, 0, len(s.touched))
	for _, t := range s.touched {
		if hits == nil || hits.Contains(t.ticket) {
			moved = append(moved, t)
		}
	}
	if !ascending {
		slices.SortFunc(moved, s.compareDown)
	}
	return moved
}

// compareDown orders touched tickets from the newest on, ties by id.
func (s *Store) compareDown(a, b touch) int {
	if c := b.at.Compare(a.at); c != 0 {
		return c
	}
	return s.compare(touch{ticket: a.ticket}, touch{ticket: b.ticket})
}

// position returns where in the kept order a moved ticket now belongs.
func (s *Store) position(order order, ascending bool, t touch) int {
	tickets := s.world.desk.Tickets
	compare := s.compareDown
	if ascending {
		compare = s.compare
	}
	return sort.Search(len(order.walk), func(i int) bool {
		ticket := order.walk[i]
		return compare(touch{ticket: ticket, at: tickets[ticket].UpdatedAt}, t) > 0
	})
}
