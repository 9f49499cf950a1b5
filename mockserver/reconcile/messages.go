package reconcile

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/apphandoff"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// compareTimelines compares the messages of tickets.
func (c *comparison) compareTimelines() error {
	looks := c.workspace.Journal.Looks("inboxops", "listTicketMessages")
	for _, ref := range slices.Sorted(maps.Keys(c.held.Messages)) {
		n, ok := c.tx.Find(ref)
		if !ok {
			c.report.Held += len(c.held.Messages[ref])
			c.report.Surplus.add(Loss{TicketID: ref}, c.gone)
			continue
		}
		t := c.tx.Ticket(n)
		var mine []journal.Look
		for _, l := range looks {
			if id := path.Base(path.Dir(l.Path)); strings.EqualFold(id, t.ID.String()) || id == strconv.Itoa(t.Number) {
				mine = append(mine, l)
			}
		}
		var there []string
		for _, m := range t.Messages {
			if !m.Draft {
				there = append(there, m.ID.String())
			}
		}
		base := Loss{TicketID: t.ID.String(), TicketNumber: t.Number, Name: t.Name}
		missing := func(l *Loss) { timelineCause(l, mine, t) }
		doubled := func(*Loss) {} // each answer has the whole timeline
		c.compareIDs(base, c.held.Messages[ref], there, missing, doubled)
	}
	return nil
}

// compareIDs compares the ids of messages; missing and doubled find the causes of
// losses by the events that are in them.
func (c *comparison) compareIDs(base Loss, held, there []string, missing, doubled func(*Loss)) {
	c.report.Held += len(held)
	c.report.Expected += len(there)
	lose := func(losses *Losses, id, why string, find func(*Loss)) {
		loss := base
		loss.MessageID, loss.Why = id, why
		losses.add(loss, func(l *Loss) {
			l.Event = c.lastEvent(func(e *store.Event) bool { return e.MessageID == id })
			find(l)
		})
	}
	have := map[string]bool{}
	for _, id := range held {
		id = strings.ToLower(id)
		switch {
		case have[id]:
			lose(&c.report.Doubled, id, "it is held twice", doubled)
		case !slices.Contains(there, id):
			lose(&c.report.Surplus, id, "there is no such message", func(l *Loss) {
				if l.Event != nil && l.Event.Kind == store.MessageDeleted {
					l.Why = "it was deleted"
				}
			})
		}
		have[id] = true
	}
	for _, id := range there {
		if !have[id] {
			lose(&c.report.Missing, id, "", missing)
		}
	}
}

// since splits the requests after an event into those that were answered, and
// those that were refused and not repeated.
func since(looks []journal.Look, e *store.Event) (read, refused []journal.Look) {
	for i, l := range looks {
		switch {
		case l.Status == http.StatusOK && l.Seen >= seq(e):
			read = append(read, l)
		case l.Status != http.StatusOK && (e == nil || !l.At.Before(e.At)):
			again := func(next journal.Look) bool {
				return next.Status == http.StatusOK && next.Raw == l.Raw && next.Path == l.Path
			}
			if !slices.ContainsFunc(looks[i+1:], again) {
				refused = append(refused, l)
			}
		}
	}
	return read, refused
}

// timelineCause says why a message of a timeline is not held.
func timelineCause(l *Loss, looks []journal.Look, t store.Ticket) {
	at := slices.IndexFunc(t.Messages, func(m fixtures.Message) bool { return m.ID.String() == l.MessageID })
	kind := t.Messages[at].Type
	read, refused := since(looks, l.Event)
	for _, x := range slices.Backward(read) {
		if types := x.Query.Get("types"); strings.Trim(types, " ,") == "" || strings.Contains(types, kind) {
			l.Request, l.Why = &x.Ref, "the answer has it: the client did not keep it"+taken(&x)
			return
		}
	}
	switch {
	case len(refused) > 0:
		l.Request, l.Why = &refused[0].Ref, notRepeated(&refused[0])
	case len(read) > 0:
		l.Request, l.Why = &read[0].Ref, fmt.Sprintf("types=%s leaves out %s", read[0].Query.Get("types"), kind)
	default:
		notAsked(l, looks)
	}
}

func notRepeated(x *journal.Look) string {
	return fmt.Sprintf("the request was answered %d and not repeated", x.Status)
}

// notAsked says that nobody asked since the event.
func notAsked(l *Loss, looks []journal.Look) {
	if l.Why = "the messages were not asked for since"; len(looks) == 0 {
		l.Why = "the messages were never asked for"
		return
	}
	l.Request = &looks[len(looks)-1].Ref
}

// compareThreads compares the messages of the hand-off service.
func (c *comparison) compareThreads() error {
	looks := c.workspace.Journal.Looks("apphandoff", "listTicketMessages")
	for i, held := range c.held.Threads {
		project, ticket, ok := c.findThread(held)
		if !ok {
			return hint.Errorf("GET /_mockdesk/catalog lists them", "threads[%d]: there is no ticket %s in a project %s", i, held.TicketID, held.ProjectID)
		}
		var mine []journal.Look
		for _, l := range looks {
			if strings.HasSuffix(strings.ToLower(l.Path), "/projects/"+project.ID.String()+"/tickets/"+ticket.ID.String()+"/messages") {
				mine = append(mine, l)
			}
		}
		var there []string
		for _, m := range ticket.Messages {
			there = append(there, m.ID.String())
		}
		base := Loss{ProjectID: project.ID.String(), TicketID: ticket.ID.String(), Name: ticket.Title}
		missing := func(l *Loss) { c.threadCause(l, mine, ticket) }
		doubled := func(l *Loss) { c.threadAgain(l, mine, ticket) }
		c.compareIDs(base, held.Messages, there, missing, doubled)
	}
	return nil
}

// findThread finds a ticket by the ids, or the names, of its project and of itself.
func (c *comparison) findThread(held Thread) (*fixtures.Project, *fixtures.HandoffTicket, bool) {
	i := store.FindProject(c.tx.Projects(), held.ProjectID)
	if i < 0 {
		return nil, nil, false
	}
	p := &c.tx.Projects()[i]
	j := store.FindHandoff(p, held.TicketID)
	if j < 0 {
		return nil, nil, false
	}
	return p, &p.Tickets[j], true
}

// threadCause says why a message of a thread is not held.
func (c *comparison) threadCause(l *Loss, looks []journal.Look, t *fixtures.HandoffTicket) {
	at := slices.IndexFunc(t.Messages, func(m fixtures.HandoffMessage) bool { return m.ID.String() == l.MessageID })
	m := t.Messages[at]
	read, refused := since(looks, l.Event)
	var passed *journal.Look
	var why passing
	for i := range read {
		reason := c.passedOver(&read[i], t, at)
		if reason.why == "" {
			l.Request, l.Why = &read[i].Ref, "the answer has it: the client did not keep it"+taken(&read[i])
			return
		}
		if passed == nil || reason.weight > why.weight {
			passed, why = &read[i], reason
		}
	}
	l.Present = m.CreatedAt
	switch {
	case len(refused) > 0:
		l.Request, l.Why = &refused[0].Ref, notRepeated(&refused[0])
	case passed != nil:
		l.Request, l.Why = &passed.Ref, why.why
	default:
		notAsked(l, looks)
	}
}

// passing says why an answer does not have a message. The reason with more
// weight is the better one: a client that continued from a wrong bound has not
// stopped too early.
type passing struct {
	why    string
	weight int
}

// passedOver says why an answer does not have a message; why is empty when it does.
func (c *comparison) passedOver(x *journal.Look, t *fixtures.HandoffTicket, at int) passing {
	m, asked := &t.Messages[at], apphandoff.ParseFilter(x.Raw)
	switch {
	case !asked.After(m):
		return passing{fmt.Sprintf("since=%s is %s its created_at %s%s, and the bound is exclusive: ask since the last time that an answer had, to the millisecond and with its zone",
			wire(asked.Since), behind(asked.Since.Sub(m.CreatedAt)), wire(m.CreatedAt), ahead("since", asked.Since, x.At)), 3}
	case !asked.Keeps(m):
		return passing{"task_id=" + asked.Task.String() + " leaves it out", 1}
	}
	before := 0
	for i := range t.Messages[:at] {
		if other := &t.Messages[i]; asked.After(other) && asked.Keeps(other) {
			before++
		}
	}
	if before >= asked.Limit {
		return passing{fmt.Sprintf("%d messages since then come before it, the answer had %d, and nobody asked on from its last", before, asked.Limit), 2}
	}
	return passing{}
}

// behind says how far a bound is from a time.
func behind(by time.Duration) string {
	if by == 0 {
		return "at"
	}
	return fmt.Sprint(by, " behind")
}

// threadAgain says in which request a message of a thread came a second time.
func (c *comparison) threadAgain(l *Loss, looks []journal.Look, t *fixtures.HandoffTicket) {
	at := slices.IndexFunc(t.Messages, func(m fixtures.HandoffMessage) bool { return m.ID.String() == l.MessageID })
	if at < 0 {
		return
	}
	read, _ := since(looks, l.Event)
	read = slices.DeleteFunc(read, func(x journal.Look) bool { return c.passedOver(&x, t, at).why != "" })
	if len(read) < 2 {
		return
	}
	again := &read[1]
	l.Request, l.Present = &again.Ref, t.Messages[at].CreatedAt
	if bound := apphandoff.ParseFilter(again.Raw).Since; !bound.IsZero() {
		l.Why += fmt.Sprintf(": since=%s is %v before its created_at %s, and it had come already", wire(bound), l.Present.Sub(bound), wire(l.Present))
	} else {
		l.Why += ": the answer has it again"
	}
}
