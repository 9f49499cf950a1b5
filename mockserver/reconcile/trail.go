package reconcile

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// look is a request for the list, read as the service read it.
type look struct {
	journal.Look
	query store.Query
	kind  string // what it has in common with other pages of a walk
	walk  int    // the walk that it belongs to
	right bool   // the service could read it
	read  bool   // it was answered with rows
}

// trail finds the request that lost a ticket.
type trail struct {
	*comparison
	looks    []look
	walks    [][]int                   // the places of looks
	pristine *store.Store              // without any event
	orders   map[string]map[uint32]int // by kind, the place of each ticket of a query now
}

// newTrail reads the requests for the list of tickets.
func newTrail(c *comparison) *trail {
	t := &trail{comparison: c, pristine: store.New(c.tx.World(), 0), orders: map[string]map[uint32]int{}}
	for _, l := range c.workspace.Journal.Looks("inboxops", "listTickets") {
		q, err := inboxops.ParseQuery(c.workspace, l.Raw)
		x := look{Look: l, query: q, right: err == nil, read: err == nil && l.Status == http.StatusOK}
		if x.right {
			x.kind = fmt.Sprint(l.KeyKind, " ", q.PerPage, " ", string(q.Key()))
		}
		t.looks = append(t.looks, x)
	}
	t.group()
	return t
}

// rows returns the tickets that an answer showed.
func (t *trail) rows(l *look) []uint32 {
	if !l.Kept {
		l.Rows, _ = t.pristine.Select(&l.query)
		l.Kept = true
	}
	return l.Rows
}

// order returns the place of each ticket among those that a query selects now,
// whatever its page.
func (t *trail) order(l *look) map[uint32]int {
	if t.orders[l.kind] == nil {
		whole := l.query
		whole.Page, whole.PerPage = 1, max(1, t.tx.Len())
		rows, _ := t.tx.Select(&whole)
		places := make(map[uint32]int, len(rows))
		for i, n := range rows {
			places[n] = i
		}
		t.orders[l.kind] = places
	}
	return t.orders[l.kind]
}

// same reports whether a ticket is as it was when a number of events had happened.
func (t *trail) same(n uint32, seen int) bool { return seq(t.eventOf(n)) <= seen }

// taken adds that a fault rule may have removed what an answer lacks.
func taken(l *journal.Look) string {
	if l.Rule == "" {
		return ""
	}
	return ", or " + l.Rule + " took it"
}

// stale says why an old version is held.
func (t *trail) stale(l *Loss, n uint32) {
	if l.Held.After(l.Present) {
		l.Event, l.Why = t.eventOf(n), "the version that is held is not one of this desk, or was taken back"
		return
	}
	t.follow(l, n)
}

// doubled says in which request a ticket came a second time.
func (t *trail) doubled(l *Loss, n uint32) {
	var first, again *look
	for i := range t.looks {
		x := &t.looks[i]
		if !x.read || !slices.Contains(t.rows(x), n) {
			continue
		}
		if first != nil {
			if again = x; again.walk == first.walk {
				break
			}
		}
		first = x
	}
	switch {
	case again == nil:
		l.Why = "it is held twice, and no two answers had it"
	case again.walk == first.walk || again.query.Page > 1:
		l.Event, l.Request = t.eventOf(n), &again.Ref
		l.Why = "it is held twice: rows that move down come again on the next page"
	default:
		l.Event, l.Request = t.eventOf(n), &again.Ref
		l.Why = "it is held twice: the answer has what an earlier one had, perhaps as it was before"
	}
}

// follow finds why the present version of a ticket is not held.
func (t *trail) follow(l *Loss, n uint32) {
	l.Event = t.eventOf(n)
	from := seq(l.Event)
	var later []*look // answered since
	for i := range t.looks {
		if look := &t.looks[i]; look.read && look.Seen >= from {
			later = append(later, look)
		}
	}
	for _, look := range slices.Backward(later) {
		if slices.Contains(t.rows(look), n) {
			l.Request, l.Why = &look.Ref, "the answer has it as it is: the client did not keep it"+taken(&look.Look)
			return
		}
	}
	if refused := t.refused(l, n); refused != nil {
		l.Request, l.Why = &refused.Ref, notRepeated(&refused.Look)
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

// refused returns a request since the event that would have shown the ticket,
// but was not answered with rows and not repeated until it was. A ticket that
// is not held at all may have been lost before the event, if that moved no row.
func (t *trail) refused(l *Loss, n uint32) *look {
	for i := range t.looks {
		x := &t.looks[i]
		since := l.Event == nil || !x.At.Before(l.Event.At)
		if l.Held.IsZero() && x.query.Sort == store.SortCreated {
			is, _ := t.tx.Members(n)
			since = !x.At.Before(is.CreatedAt)
		}
		if x.read || !x.right || !since || !t.tx.Selects(&x.query, n) {
			continue
		}
		again := slices.ContainsFunc(t.looks[i+1:], func(next look) bool { return next.read && next.Raw == x.Raw })
		if !again && t.cost(x, n) {
			return x
		}
	}
	return nil
}

// cost reports whether a refused page would have shown a ticket, or ended the
// walk before it came to the ticket.
func (t *trail) cost(refused *look, n uint32) bool {
	page, p := refused.query.Page, t.locate(refused, n)
	switch {
	case p.before >= page || p.behind > 0 && p.behind <= page:
		return false
	case p.behind == 0 && !p.end:
		return p.page >= page
	}
	read := slices.ContainsFunc(t.walk(refused), func(x *look) bool { return x.query.Page == p.page })
	return p.page == page || read
}

// bounded says which bound of the later queries leaves a ticket out.
func (t *trail) bounded(l *Loss, n uint32, later []*look) bool {
	is, _ := t.tx.Members(n)
	for _, x := range later {
		for _, bound := range []struct {
			name string
			of   func(*store.Query) *time.Time
			time time.Time
		}{
			{"updated_after", func(q *store.Query) *time.Time { return &q.Updated.After }, l.Present},
			{"updated_before", func(q *store.Query) *time.Time { return &q.Updated.Before }, l.Present},
			{"created_after", func(q *store.Query) *time.Time { return &q.Created.After }, is.CreatedAt},
			{"created_before", func(q *store.Query) *time.Time { return &q.Created.Before }, is.CreatedAt},
		} {
			without := x.query
			said := *bound.of(&without)
			*bound.of(&without) = time.Time{}
			out := said.After(bound.time) // of what comes after it
			if strings.HasSuffix(bound.name, "before") {
				out = said.Before(bound.time)
			}
			if said.IsZero() || !out || !t.tx.Selects(&without, n) {
				continue
			}
			l.Request, l.Why = &x.Ref, outside(bound.name, said, bound.time, x.At)
			return true
		}
	}
	return false
}

// outside says that a bound of a request leaves a time out.
func outside(name string, bound, at, asked time.Time) string {
	side, apart := "later", bound.Sub(at)
	if apart < 0 {
		side, apart = "earlier", -apart
	}
	return fmt.Sprintf("%s=%s is %v %s than its %s %s%s: ask from the last time that an answer had, to the millisecond and with its zone",
		name, wire(bound), apart, side, name[:len("updated")]+"_at", wire(at), ahead(name, bound, asked))
}

// ahead adds that a lower bound is in the future, like one from a fast clock or
// another time zone.
func ahead(name string, bound, asked time.Time) string {
	if by := bound.Sub(asked); by > 0 && !strings.HasSuffix(name, "before") {
		return fmt.Sprintf(", and %v ahead of the desk's clock", by)
	}
	return ""
}
