package life

import (
	"cmp"
	"container/heap"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// due is what is due to happen to a ticket by itself.
type due int

const (
	dueNothing due = iota
	dueMail        // mail moves on, or is tried again
	dueReminder
	dueSilence // nobody answers: a nudge, then the end
	dueClosing // nobody comes back to a resolved ticket
)

// Delays after the last change of a ticket.
const (
	patience = 3 * day // with customers who do not answer
	night    = 2 * time.Hour
)

// next returns what happens to a ticket by itself if nobody touches it, and when.
func next(tx *store.Tx, n uint32) (at time.Time, what due) {
	t, ok := tx.Peek(n)
	if !ok || edge(tx, n) {
		return time.Time{}, dueNothing
	}
	earlier := func(then time.Time, does due) {
		if what == dueNothing || then.Before(at) {
			at, what = then, does
		}
	}
	if m, unsent := tx.Unsent(n); unsent {
		earlier(t.UpdatedAt.Add(transit(m)), dueMail)
	}
	switch {
	case !t.RemindAt.IsZero():
		earlier(t.RemindAt, dueReminder)
	case what != dueNothing:
	case t.Status == fixtures.StatusWaitingCustomer:
		earlier(t.UpdatedAt.Add(patience+spread(t.ID, 9*time.Hour)), dueSilence)
	case t.Status == fixtures.StatusResolved:
		job := t.UpdatedAt.Add(patience).Truncate(day).Add(day + night) // a nightly job, which closes many at once
		earlier(job, dueClosing)
	}
	return at, what
}

// transit returns how long mail stays as it is.
func transit(m *fixtures.Message) time.Duration {
	switch m.SendStatus {
	case "pending":
		return 2*time.Second + spread(m.ID, 18*time.Second)
	case "sending":
		return time.Second + spread(m.ID, 8*time.Second)
	default: // failed: until an agent sees it
		return 5*time.Minute + spread(m.ID, 55*time.Minute)
	}
}

// spread returns a part of a duration, in milliseconds, that is always the same
// for an id.
func spread(id fixtures.ID, most time.Duration) time.Duration {
	return time.Duration(int64(id[14])<<8|int64(id[15])) * most >> 16 / time.Millisecond * time.Millisecond
}

// edge reports whether a ticket is one of the edges that the catalogue describes.
// They stay as they are.
func edge(tx *store.Tx, n uint32) bool {
	desk := &tx.Data().InboxOps
	return int(n) < len(desk.Tickets) && desk.Edge(int(n))
}

// looks is the heap of a Pulse. Looks at the same instant are ordered by
// ticket.
type looks struct{ *store.Pulse }

func (l looks) Len() int      { return len(l.Looks) }
func (l looks) Swap(i, j int) { l.Looks[i], l.Looks[j] = l.Looks[j], l.Looks[i] }
func (l looks) Push(x any)    { l.Looks = append(l.Looks, x.(store.Look)) }

// Less reports which look comes first.
func (l looks) Less(i, j int) bool {
	a, b := l.Looks[i], l.Looks[j]
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Ticket, b.Ticket)) < 0
}

// Pop removes the last look.
func (l looks) Pop() any {
	last := len(l.Looks) - 1
	x := l.Looks[last]
	l.Looks = l.Looks[:last]
	return x
}

// pop removes the earliest look.
func pop(p *store.Pulse) store.Look { return heap.Pop(looks{p}).(store.Look) }

// absorb makes looks for the tickets that were touched. Their earlier looks
// stay, but will find nothing to do.
func absorb(tx *store.Tx) {
	p := tx.Pulse()
	for _, n := range p.Touched {
		if at, what := next(tx, n); what != dueNothing {
			heap.Push(looks{p}, store.Look{At: at.UnixMilli(), Ticket: n})
		}
	}
	p.Touched = p.Touched[:0]
}

// gather makes the looks of a desk that begins to live: at mail on its way, at
// tickets that were added or changed, and at all future reminders.
func gather(tx *store.Tx) {
	p := tx.Pulse()
	add := func(n uint32) {
		if at, what := next(tx, n); what != dueNothing && at.After(p.Since) {
			p.Looks = append(p.Looks, store.Look{At: at.UnixMilli(), Ticket: n})
		}
	}
	tickets := tx.Data().InboxOps.Tickets
	for n := range tickets {
		if tickets[n].RemindAt.After(p.Since) {
			add(uint32(n))
		}
	}
	for _, n := range tx.Overlaid() {
		add(n)
	}
	heap.Init(looks{p})
}
