package survey

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
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
	for id := range earlier.handoffs {
		project, ticket, _ := strings.Cut(id, "/")
		if _, err := s.Handoff(ctx, project, ticket); err != nil {
			return err
		}
	}
	return nil
}

// Cost returns roughly how many requests it takes to read all of it again.
func (s *Survey) Cost() int {
	n := len(s.timelines) + len(s.handoffs)
	if s.tickets != nil && len(s.tickets.Rows) > 0 {
		n += 1 + len(s.tickets.Rows)/max(s.tickets.PerPage, 10)
	}
	return n
}

// Drift is how the data of a target changed between two surveys. The order of
// rows is not compared: it is the target's behaviour, not its data.
type Drift struct {
	Words string // the first change, "" when there is none
	rows  map[string]bool
	gone  map[string]bool // tickets that are not listed any more
	lists map[string]bool // lists that got or lost a row, by the end of their path
	was   []Row           // tickets that changed, came or went, as they were and as they are
}

// Touches reports whether a ticket that a condition holds for changed, came or
// went: before or after.
func (d *Drift) Touches(is func(Row) bool) bool { return slices.ContainsFunc(d.was, is) }

// Changed reports whether a row changed, came or went: a ticket or a message.
func (d *Drift) Changed(id string) bool { return d.rows[strings.ToLower(id)] }

// Gone reports whether a ticket vanished.
func (d *Drift) Gone(id string) bool { return d.gone[strings.ToLower(id)] }

// Moved reports whether the list at a path got or lost a row.
func (d *Drift) Moved(path string) bool {
	for end := range d.lists {
		if strings.HasSuffix(strings.ToLower(path), end) {
			return true
		}
	}
	return false
}

// Counts reports whether a list may have got or lost a row: if it Moved or, for
// a filtered list of tickets, if any ticket changed.
func (d *Drift) Counts(path string, query url.Values) bool {
	if !strings.HasSuffix(path, "/tickets") || len(d.was) == 0 {
		return d.Moved(path)
	}
	for name := range query {
		if !slices.Contains([]string{"sort", "order", "page", "per_page"}, name) {
			return true
		}
	}
	return d.Moved(path)
}

// Drift says how the data of an earlier survey differ from this one's, in the
// parts both have read.
func (s *Survey) Drift(earlier *Survey) *Drift {
	d := &Drift{rows: map[string]bool{}, gone: map[string]bool{}, lists: map[string]bool{}}
	if s.tickets != nil && earlier.tickets != nil {
		lost := d.compare("/tickets", "ticket %s", earlier.tickets.Rows, s.tickets.Rows)
		for _, id := range lost {
			d.gone[id] = s.tickets.Complete
		}
		for _, r := range slices.Concat(earlier.tickets.Rows, s.tickets.Rows) {
			if d.Changed(r.ID()) {
				d.was = append(d.was, r)
			}
		}
		if s.tickets.Total != earlier.tickets.Total {
			d.lists["/tickets"] = true
			d.Words = fmt.Sprintf("the number of tickets went from %d to %d", earlier.tickets.Total, s.tickets.Total)
		}
	}
	for id, i := range s.byID {
		if j, ok := earlier.byID[id]; ok {
			list := "/tickets/" + strings.ToLower(id) + "/messages"
			d.compare(list, "message %s of ticket "+id, earlier.timelines[j].Messages, s.timelines[i].Messages)
			if n, ok := s.timelines[i].Ticket.Number("ticket_number"); ok && d.lists[list] {
				d.lists[fmt.Sprintf("/tickets/%d/messages", n)] = true // it is read by number, too
			}
		}
	}
	for id, rows := range s.handoffs {
		if before, ok := earlier.handoffs[id]; ok {
			path := "/projects/" + strings.ToLower(strings.Replace(id, "/", "/tickets/", 1)) + "/messages"
			d.compare(path, "message %s of AppHandoff ticket "+id, before, rows)
		}
	}
	return d
}

// compare adds the rows that only one of the lists has, or that differ, and
// returns those that the later list lacks.
func (d *Drift) compare(list, words string, before, after []Row) (lost []string) {
	known := make(map[string]Row, len(before))
	for _, r := range before {
		known[strings.ToLower(r.ID())] = r
	}
	add := func(id string) {
		d.rows[id] = true
		if d.Words == "" {
			d.Words = fmt.Sprintf(words, id) + " changed"
		}
	}
	there := make(map[string]bool, len(after))
	for _, r := range after {
		id := strings.ToLower(r.ID())
		there[id] = true
		was, ok := known[id]
		if !ok || !was.Equal(r) {
			add(id)
		}
		d.lists[list] = d.lists[list] || !ok
	}
	for id := range known {
		if !there[id] {
			add(id)
			lost = append(lost, id)
		}
	}
	d.lists[list] = d.lists[list] || len(lost) > 0
	if !d.lists[list] {
		delete(d.lists, list)
	}
	return lost
}
