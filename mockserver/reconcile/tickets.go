package reconcile

import (
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// check refuses what cannot be compared.
func (h *Held) check() error {
	if h.Tickets == nil && h.Messages == nil && h.Threads == nil {
		return hint.Errorf(`{"tickets": []} when it holds none`, "nothing is held: give tickets, messages or threads")
	}
	if h.Where != "" && h.Tickets == nil {
		return hint.Errorf(`"tickets": []`, "where selects tickets, and no tickets are given")
	}
	return nil
}

// compareTickets compares the tickets.
func (c *comparison) compareTickets() error {
	where, err := inboxops.ParseQuery(c.workspace, c.held.Where)
	if err != nil {
		return hint.Errorf("status=open", "where: %w", err)
	}
	where.Page, where.PerPage = 1, max(1, c.tx.Len())
	wanted, _ := c.tx.Select(&where)
	c.report.Held += len(c.held.Tickets)
	c.report.Expected += len(wanted)
	missing := make(map[uint32]bool, len(wanted))
	for _, n := range wanted {
		missing[n] = true
	}
	trail := newTrail(c)
	seen := map[uint32]bool{}
	for _, h := range c.held.Tickets {
		n, ok := c.tx.Find(h.ID)
		switch {
		case !ok:
			c.report.Surplus.add(Loss{TicketID: h.ID, Held: h.UpdatedAt}, c.gone)
		case seen[n]:
			c.lose(&c.report.Doubled, n, h.UpdatedAt, func(l *Loss) { trail.doubled(l, n) })
		case !missing[n]:
			c.lose(&c.report.Surplus, n, h.UpdatedAt, func(l *Loss) {
				l.Event = c.eventOf(n)
				l.Why = "the query does not select it any more"
			})
		default:
			if version := c.version(n); !h.UpdatedAt.IsZero() && !h.UpdatedAt.Truncate(time.Millisecond).Equal(version) {
				c.lose(&c.report.Stale, n, h.UpdatedAt, func(l *Loss) { trail.stale(l, n) })
			}
		}
		seen[n] = seen[n] || ok
		delete(missing, n)
	}
	for _, n := range wanted {
		if missing[n] {
			c.lose(&c.report.Missing, n, time.Time{}, func(l *Loss) { trail.follow(l, n) })
		}
	}
	return nil
}

// version returns when a ticket was changed last.
func (c *comparison) version(n uint32) time.Time {
	t, _ := c.tx.Members(n)
	return t.UpdatedAt
}

// lose counts a ticket; find looks for the cause when it is to be listed.
func (c *comparison) lose(losses *Losses, n uint32, held time.Time, find func(*Loss)) {
	losses.add(Loss{}, func(l *Loss) {
		t := c.tx.Ticket(n) // composes its thread, which takes time
		*l = Loss{TicketID: t.ID.String(), TicketNumber: t.Number, Name: t.Name, Held: held, Present: t.UpdatedAt}
		find(l)
	})
}

// eventOf returns the last event that changed the row of a ticket.
func (c *comparison) eventOf(n uint32) *store.Event {
	if c.last == nil {
		c.last = map[uint32]*store.Event{}
		for i := range c.events {
			e := &c.events[i]
			if n, ok := c.tx.Find(e.TicketID); ok && !e.Hidden && e.Service == "inboxops" {
				c.last[n] = e
			}
		}
	}
	return c.last[n]
}

// gone says why a ticket that is held does not exist.
func (c *comparison) gone(l *Loss) {
	l.Event = c.lastEvent(func(e *store.Event) bool {
		return e.Kind == store.TicketDeleted && (e.TicketID == l.TicketID || e.Name != "" && e.Name == l.TicketID || strconv.Itoa(e.TicketNumber) == l.TicketID)
	})
	if l.Why = "there is no such ticket"; l.Event != nil {
		l.Why = "it was deleted"
		l.TicketID, l.TicketNumber, l.Name = l.Event.TicketID, l.Event.TicketNumber, l.Event.Name
	}
}
