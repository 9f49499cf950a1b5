package witness

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// walked says how a walk over pages that selects a ticket passed it by.
func (t *trail) walked(l *Loss, n uint32, later []look, from int) bool {
	at := slices.IndexFunc(later, func(x look) bool { return t.tx.Selects(&x.query, n) })
	if at < 0 {
		return false
	}
	first := later[at]
	walk := t.walk(first)
	page := t.pageOf(&first.query, n)
	var before, since *look // requests for that page
	last := 0
	for i := range walk {
		x := &walk[i]
		switch {
		case !x.read:
			continue
		case x.query.Page == page && x.Seen < from:
			before = x
		case x.query.Page == page:
			since = x
		}
		last = max(last, x.query.Page)
	}
	switch {
	case since != nil:
		l.Request = &since.Ref
		l.Why = fmt.Sprintf("rows moved while the pages were read, and it passed from one to another that was read before%s", t.shift(walk, since))
	case before != nil:
		l.Request = &before.Ref
		l.Why = fmt.Sprintf("page %d was read before the event moved it there", page)
	case page > last:
		l.Request = &walk[len(walk)-1].Ref
		l.Why = fmt.Sprintf("the pages were read up to page %d, and it is on page %d", last, page)
	default:
		l.Request = &first.Ref
		l.Why = fmt.Sprintf("it is on page %d, which was not read", page)
	}
	return true
}

// walk returns the requests around one that differ from it in the page alone.
func (t *trail) walk(of look) []look {
	at := slices.IndexFunc(t.looks, func(x look) bool { return x.Seq == of.Seq })
	same := func(x look) bool {
		return x.query.PerPage == of.query.PerPage && bytes.Equal(x.query.Key(), of.query.Key())
	}
	from, to := at, at+1
	for from > 0 && same(t.looks[from-1]) && t.looks[from-1].query.Page < t.looks[from].query.Page {
		from--
	}
	for to < len(t.looks) && same(t.looks[to]) && t.looks[to].query.Page > t.looks[to-1].query.Page {
		to++
	}
	return t.looks[from:to]
}

// pageOf returns the page of a query on which a ticket is now.
func (t *trail) pageOf(q *store.Query, n uint32) int {
	whole := *q
	whole.Page, whole.PerPage = 1, max(1, t.tx.Len())
	rows, _ := t.tx.Select(nil, &whole)
	return slices.Index(rows, n)/q.PerPage + 1
}

// shift names the first event between two pages of a walk.
func (t *trail) shift(walk []look, at *look) string {
	for _, e := range t.events {
		if e.Seq > walk[0].Seen && e.Seq <= at.Seen && !e.Hidden && e.Service == "inboxops" {
			return fmt.Sprintf(": event %d, %s of ticket %d, came between", e.Seq, e.Kind, e.TicketNumber)
		}
	}
	return ""
}

// bounded says which bound of the queries since leaves a ticket out.
func (t *trail) bounded(l *Loss, n uint32, later []look) bool {
	for _, x := range later {
		for _, bound := range []struct {
			name string
			of   func(*store.Query) *time.Time
			time time.Time
		}{
			{"updated_after", func(q *store.Query) *time.Time { return &q.Updated.After }, l.Present},
			{"updated_before", func(q *store.Query) *time.Time { return &q.Updated.Before }, l.Present},
			{"created_after", func(q *store.Query) *time.Time { return &q.Created.After }, t.tx.Ticket(n).CreatedAt},
			{"created_before", func(q *store.Query) *time.Time { return &q.Created.Before }, t.tx.Ticket(n).CreatedAt},
		} {
			without := x.query
			said := *bound.of(&without)
			*bound.of(&without) = time.Time{}
			if said.IsZero() || !t.tx.Selects(&without, n) {
				continue
			}
			l.Request, l.Why = &x.Ref, outside(bound.name, said, bound.time)
			return true
		}
	}
	return false
}

// outside says that a bound leaves a time out.
func outside(name string, bound, at time.Time) string {
	side, apart := "later", bound.Sub(at)
	if apart < 0 {
		side, apart = "earlier", -apart
	}
	return fmt.Sprintf("%s=%s is %v %s than its %s %s: ask from the last time that an answer had, to the millisecond and with its zone",
		name, wire(bound), apart, side, name[:len("updated")]+"_at", wire(at))
}
