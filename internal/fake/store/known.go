package store

import "github.com/mockdesk/mockdesk/fixtures"

// Named returns the ids of the tickets that have a name, seeded, arranged and
// created ones, by their names.
func (s *Store) Named() map[string]fixtures.ID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	d := s.world.desk
	named := make(map[string]fixtures.ID, len(d.Known)+len(d.Arranged())+len(s.byName))
	for _, all := range []map[string]int{d.Known, d.Arranged()} {
		for name, i := range all {
			if !s.gone(uint32(i)) {
				named[name] = d.Tickets[i].ID
			}
		}
	}
	for name, n := range s.byName {
		named[name] = s.tickets[n].ID
	}
	return named
}

// First returns the first existing tickets, without anything but their custom
// fields.
func (s *Store) First(most int) []Ticket {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var first []Ticket
	for n := uint32(0); int(n) < s.world.Len()+s.created && len(first) < most; n++ {
		if !s.gone(n) {
			first = append(first, Ticket{Ticket: s.ticket(n), Fields: s.fields(n)})
		}
	}
	return first
}
