package survey

import (
	"context"
	"fmt"
)

// Repeat reads in this survey what an earlier one of the same target read.
func (s *Survey) Repeat(ctx context.Context, earlier *Survey) error {
	if earlier.tickets != nil {
		if _, err := s.Tickets(ctx); err != nil {
			return err
		}
	}
	for _, t := range earlier.timelines {
		if _, err := s.Timeline(ctx, t.Ticket); err != nil {
			return err
		}
	}
	return nil
}

// Cost is about how many requests reading all of it again takes.
func (s *Survey) Cost() int {
	n := len(s.timelines) + len(s.handoffs)
	if s.tickets != nil && len(s.tickets.Rows) > 0 {
		n += 1 + len(s.tickets.Rows)/max(s.tickets.PerPage, 10)
	}
	return n
}

// Drift says how the data of an earlier survey differ from this one's, in the
// parts both have read; "" when they do not. The order of rows is not
// compared: it is the target's behaviour, not its data.
func (s *Survey) Drift(earlier *Survey) string {
	if s.tickets != nil && earlier.tickets != nil {
		if s.tickets.Total != earlier.tickets.Total {
			return fmt.Sprintf("the number of tickets went from %d to %d", earlier.tickets.Total, s.tickets.Total)
		}
		if id := changed(earlier.tickets.Rows, s.tickets.Rows); id != "" {
			return "ticket " + id + " changed"
		}
	}
	for id, i := range s.byID {
		j, ok := earlier.byID[id]
		if !ok {
			continue
		}
		if message := changed(earlier.timelines[j].Messages, s.timelines[i].Messages); message != "" {
			return fmt.Sprintf("message %s of ticket %s changed", message, id)
		}
	}
	for id, rows := range s.handoffs {
		before, ok := earlier.handoffs[id]
		if !ok {
			continue
		}
		if message := changed(before, rows); message != "" {
			return fmt.Sprintf("message %s of AppHandoff ticket %s changed", message, id)
		}
	}
	return ""
}

// changed is the id of a row that only one of the lists has, or has otherwise.
func changed(before, after []Row) string {
	known := make(map[string]string, len(before))
	for _, r := range before {
		known[r.ID()] = r.String()
	}
	count := make(map[string]bool, len(after))
	for _, r := range after {
		count[r.ID()] = true
		if text, ok := known[r.ID()]; !ok || text != r.String() {
			return r.ID()
		}
	}
	for id := range known {
		if !count[id] {
			return id
		}
	}
	return ""
}
