package casefile

import (
	"github.com/mockdesk/mockdesk/fixtures"
)

// OwnState returns the state whose case puts the given tickets of a dataset, by
// their indexes, and projects into the seed's empty world: all of them are
// written out.
func OwnState(data *fixtures.Dataset, tickets []int, projects []fixtures.Project) (State, error) {
	bare, err := fixtures.New(fixtures.Config{Seed: data.Seed, Empty: true, At: data.At})
	if err != nil {
		return State{}, err
	}
	desk := &data.InboxOps
	s := State{World: World{Seed: data.Seed, Empty: new(true), At: data.At}, Projects: projects}
	var more []fixtures.Contact
	places := map[int]int{-1: -1}
	for i := range bare.InboxOps.Contacts {
		places[i] = i
	}
	for n, i := range tickets {
		t := TicketState{Ticket: desk.Tickets[i], Fields: desk.Fields(i), Messages: desk.Messages(i)}
		place, known := places[t.Contact]
		if !known {
			place = len(bare.InboxOps.Contacts) + len(more)
			places[t.Contact], more = place, append(more, desk.Contacts[t.Contact])
		}
		t.Number, t.Contact = fixtures.FirstNumber+n, place
		s.Tickets = append(s.Tickets, t)
	}
	s.Data = bare.Arrange(fixtures.Arrangement{Contacts: more})
	return s, nil
}
