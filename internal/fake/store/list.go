package store

import "github.com/RoaringBitmap/roaring/v2"

// prepare makes the indexes that a query needs, before a lock is held: the first
// ones may take a while.
func (w *World) prepare(q *Query) {
	if q.Search != nil {
		w.Index()
	}
	if len(q.Fields) > 0 {
		w.fields()
	}
}

// List appends the rows of the query's page to b, separated by commas, and
// returns the number of all tickets that match.
func (s *Store) List(b []byte, q *Query) (page []byte, total int) {
	if q.Search != nil || len(q.Fields) > 0 {
		s.World().prepare(q)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var buffer [128]uint32
	tickets, total := s.page(buffer[:0], q)
	if q.Seen = s.happened(); q.Seen > 0 {
		q.Rows = append(q.Rows, tickets...)
	}
	for i, ticket := range tickets {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendRow(b, ticket)
	}
	return b, total
}

// Select returns the tickets on the query's page, and the number of all that match.
func (s *Store) Select(q *Query) (tickets []uint32, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.page(nil, q)
}

// page appends to out the tickets on the query's page, and returns the number
// of all that match.
func (s *Store) page(out []uint32, q *Query) (tickets []uint32, total int) {
	if len(s.tickets) > 0 {
		v := s.view(q)
		return v.page(out, q.Page, q.PerPage), v.total
	}
	hits := s.world.selection(q)
	if total = s.world.Len(); hits != nil {
		total = int(hits.GetCardinality())
	}
	if q.Page > maxOffset/q.PerPage {
		return out, total
	}
	return s.world.order(q).page(out, hits, (q.Page-1)*q.PerPage, q.PerPage), total
}

// maxOffset keeps page times per_page far from overflow; no world is larger.
const maxOffset = 1 << 40

// order returns the kept order of a query.
func (w *World) order(q *Query) order {
	if q.Ascending {
		return w.orders[q.Sort].ascending
	}
	return w.orders[q.Sort].descending
}

// ranked returns the positions in the query's order of all that it selects in
// the World, as a set that must not be changed; the key is the query's.
func (w *World) ranked(q *Query, key []byte) *roaring.Bitmap {
	return w.ranks.of(key, func() *roaring.Bitmap {
		hits := w.selection(q)
		if hits == nil {
			all := roaring.New()
			all.AddRange(0, uint64(w.Len()))
			return all
		}
		return w.order(q).ranks(hits)
	})
}
