package witness

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/journal"
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

// look is a request for the list, read as the service read it.
type look struct {
	journal.Look
	query store.Query
	read  bool // it was answered with rows
}

// looks returns the requests for the list of tickets.
func (c *comparison) looks() []look {
	var all []look
	for _, l := range c.workspace.Journal.Looks("inboxops", "listTickets") {
		q, err := inboxops.ParseQuery(c.workspace, l.Raw)
		all = append(all, look{Look: l, query: q, read: err == nil && l.Status == http.StatusOK})
	}
	return all
}

// compareTickets compares the tickets.
func (c *comparison) compareTickets() error {
	where, err := inboxops.ParseQuery(c.workspace, c.held.Where)
	if err != nil {
		return hint.Errorf("status=open", "where: %w", err)
	}
	where.Page, where.PerPage = 1, max(1, c.tx.Len())
	wanted, _ := c.tx.Select(nil, &where)
	c.report.Held += len(c.held.Tickets)
	c.report.Expected += len(wanted)
	missing := make(map[uint32]bool, len(wanted))
	for _, n := range wanted {
		missing[n] = true
	}
	trail := &trail{comparison: c, looks: c.looks(), pristine: store.New(c.tx.World(), 0)}
	seen := map[uint32]bool{}
	for _, h := range c.held.Tickets {
		n, ok := c.tx.Find(h.ID)
		switch {
		case !ok:
			c.report.Surplus.add(Loss{TicketID: h.ID, Held: h.UpdatedAt}, c.gone)
		case seen[n]:
			c.report.Doubled.add(c.ticketLoss(n, h.UpdatedAt), as("it is held twice: rows that move down come again on the next page"))
		case !missing[n]:
			c.report.Surplus.add(c.ticketLoss(n, h.UpdatedAt), func(l *Loss) {
				l.Event = c.eventOf(n)
				l.Why = "the query does not select it any more"
			})
		default:
			if version := c.tx.Ticket(n).UpdatedAt; !h.UpdatedAt.IsZero() && !h.UpdatedAt.Truncate(time.Millisecond).Equal(version) {
				c.report.Stale.add(c.ticketLoss(n, h.UpdatedAt), func(l *Loss) { trail.stale(l, n) })
			}
		}
		seen[n] = seen[n] || ok
		delete(missing, n)
	}
	for _, n := range wanted {
		if missing[n] {
			c.report.Missing.add(c.ticketLoss(n, time.Time{}), func(l *Loss) { trail.follow(l, n) })
		}
	}
	return nil
}

// ticketLoss describes a ticket.
func (c *comparison) ticketLoss(n uint32, held time.Time) Loss {
	t := c.tx.Ticket(n)
	return Loss{TicketID: t.ID.String(), TicketNumber: t.Number, Name: t.Name, Held: held, Present: t.UpdatedAt}
}

// eventOf returns the last event that changed the row of a ticket.
func (c *comparison) eventOf(n uint32) *store.Event {
	id := c.tx.Ticket(n).ID.String()
	return c.lastEvent(func(e *store.Event) bool { return e.TicketID == id && e.Service == "inboxops" })
}

// gone says why a ticket that is held is not there.
func (c *comparison) gone(l *Loss) {
	l.Event = c.lastEvent(func(e *store.Event) bool {
		return e.Kind == store.TicketDeleted && (e.TicketID == l.TicketID || strconv.Itoa(e.TicketNumber) == l.TicketID)
	})
	if l.Why = "there is no such ticket"; l.Event != nil {
		l.Why = "it was deleted"
		l.TicketID, l.TicketNumber, l.Name = l.Event.TicketID, l.Event.TicketNumber, l.Event.Name
	}
}

// trail finds the request at which a ticket was lost.
type trail struct {
	*comparison
	looks    []look
	pristine *store.Store // without any event
}

// rows returns the tickets that an answer showed.
func (t *trail) rows(l look) []uint32 {
	if l.Seen > 0 {
		return l.Rows
	}
	rows, _ := t.pristine.Select(&l.query)
	return rows
}

// stale says why an old version is held.
func (t *trail) stale(l *Loss, n uint32) {
	if l.Held.After(l.Present) {
		l.Event, l.Why = t.eventOf(n), "the version that is held is not one of this desk, or was taken back"
		return
	}
	t.follow(l, n)
}

// follow finds why the present version of a ticket is not held.
func (t *trail) follow(l *Loss, n uint32) {
	l.Event = t.eventOf(n)
	from := seq(l.Event)
	var later []look // answered since
	for _, look := range t.looks {
		if look.read && look.Seen >= from {
			later = append(later, look)
		}
	}
	for _, look := range slices.Backward(later) {
		if slices.Contains(t.rows(look), n) {
			l.Request, l.Why = &look.Ref, "the answer has it as it is: the client did not keep it"
			return
		}
	}
	if refused, ok := t.refused(n, l.Event); ok {
		l.Request, l.Why = &refused.Ref, "the request was answered "+strconv.Itoa(refused.Status)+" and not repeated"
		return
	}
	if t.walked(l, n, later, from) || t.bounded(l, n, later) {
		return
	}
	l.Why = "the list was not asked for since"
	if l.Event == nil {
		l.Why = "the list was never asked for"
	}
	if last := len(t.looks) - 1; last >= 0 {
		l.Request = &t.looks[last].Ref
		if len(later) > 0 {
			l.Why = "no query of the client selects it"
		}
	}
}

// refused returns a request since the event that selects the ticket, was not
// answered with rows, and was not repeated until it was.
func (t *trail) refused(n uint32, e *store.Event) (look, bool) {
	for i, l := range t.looks {
		if l.read || e != nil && l.At.Before(e.At) || l.query.PerPage == 0 || !t.tx.Selects(&l.query, n) {
			continue
		}
		again := slices.ContainsFunc(t.looks[i+1:], func(next look) bool { return next.read && next.Raw == l.Raw })
		if !again {
			return l, true
		}
	}
	return look{}, false
}
