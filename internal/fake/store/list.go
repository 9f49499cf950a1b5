package store

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
// of all that match. The caller holds the lock.
func (s *Store) page(out []uint32, q *Query) (tickets []uint32, total int) {
	if len(s.tickets) == 0 && q.unfiltered() {
		walk := s.world.order(q).walk
		from := min(q.offset(), len(walk))
		return append(out, walk[from:min(from+q.PerPage, len(walk))]...), len(walk)
	}
	v := s.view(q)
	return v.page(out, q.offset(), q.PerPage), v.total
}
