package store_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// oracle answers as a Store has to, by looking at every ticket in turn.
type oracle struct {
	desk    *fixtures.InboxOps
	tickets []plain
}

// plain is a ticket with all that can be asked of it.
type plain struct {
	fixtures.Ticket
	timeline []fixtures.Message // no drafts; notes included
	fields   []fixtures.FieldValue
	vectors  []search.Vector // of its documents
	touched  bool            // it is no longer as the dataset has it
}

// newOracle spells a dataset out.
func newOracle(data *fixtures.Dataset) *oracle {
	o := &oracle{desk: &data.InboxOps}
	for i, ticket := range o.desk.Tickets {
		p := plain{Ticket: ticket, fields: o.desk.Fields(i)}
		for _, m := range o.desk.Messages(i) {
			if !m.Draft {
				p.timeline = append(p.timeline, m)
			}
		}
		p.vectors = vectors(ticket.Subject, p.timeline)
		o.tickets = append(o.tickets, p)
	}
	return o
}

// vectors returns what a search looks at: the subject with the opening
// e-mail, and each message for itself.
func vectors(subject string, timeline []fixtures.Message) []search.Vector {
	first := subject
	if len(timeline) > 0 && timeline[0].Type == "email" {
		first += "\n" + textOf(timeline[0])
	}
	all := []search.Vector{search.NewVector(first)}
	for _, m := range timeline {
		all = append(all, search.NewVector(textOf(m)))
	}
	return all
}

// textOf returns the words of a message.
func textOf(m fixtures.Message) string {
	if m.BodyText == "" {
		return fixtures.PlainText(m.BodyHTML)
	}
	return m.BodyText
}

// note adds a note at the time now, or just behind the last message.
func (o *oracle) note(ticket int, now time.Time, text string) {
	p := &o.tickets[ticket]
	p.append(now, fixtures.Message{Type: "internal_note", BodyText: text})
}

// append adds a message at the time now, or just behind what came last.
func (p *plain) append(now time.Time, m fixtures.Message) {
	m.CreatedAt = p.next(now)
	p.timeline = append(p.timeline, m)
	p.vectors = vectors(p.Subject, p.timeline)
	p.UpdatedAt, p.touched = m.CreatedAt, true
}

// next returns the time of what happens now: behind the last message, and behind
// the last change unless that is the dataset's.
func (p *plain) next(now time.Time) time.Time {
	last := p.CreatedAt
	if len(p.timeline) > 0 {
		last = p.timeline[len(p.timeline)-1].CreatedAt
	}
	if p.touched && p.UpdatedAt.After(last) {
		last = p.UpdatedAt
	}
	return after(now, last)
}

// after returns now in whole milliseconds, or the one behind last.
func after(now, last time.Time) time.Time {
	at := now.UTC().Truncate(time.Millisecond)
	if !at.After(last) {
		at = last.Add(time.Millisecond)
	}
	return at
}

// ask is a Query with the meaning of its custom-field filters.
type ask struct {
	store.Query
	text   string // what Search was parsed from
	fields []fieldAsk
}

// fieldAsk is one custom-field filter and what it means.
type fieldAsk struct {
	field int
	empty bool
	keeps func(fixtures.FieldValue) bool
}

// list returns the rows of all tickets that a asks for, in its order.
func (o *oracle) list(a ask) []string {
	var kept []plain
	for _, p := range o.tickets {
		if o.keeps(&p, a) {
			kept = append(kept, p)
		}
	}
	slices.SortFunc(kept, func(x, y plain) int {
		by := o.compare(a.Sort, x, y)
		if !a.Ascending {
			by = -by
		}
		return cmp.Or(by, bytes.Compare(x.ID[:], y.ID[:]))
	})
	rows := make([]string, len(kept))
	for i := range kept {
		rows[i] = string(numbers{}.AppendTicket(nil, o.desk, &kept[i].Ticket))
	}
	return rows
}

// compare orders two tickets by a sort key alone.
func (o *oracle) compare(key store.Sort, x, y plain) int {
	levels := []string{"low", "normal", "high", "urgent"}
	level := func(p plain) int { return slices.Index(levels, o.desk.Priorities[p.Priority].Level) }
	switch key {
	case store.SortPriority:
		return cmp.Compare(level(x), level(y))
	case store.SortUpdated:
		return x.UpdatedAt.Compare(y.UpdatedAt)
	default:
		return x.CreatedAt.Compare(y.CreatedAt)
	}
}

// keeps says whether a ticket passes every filter.
func (o *oracle) keeps(p *plain, a ask) bool {
	d := o.desk
	switch {
	case len(a.Statuses) > 0 && !slices.Contains(a.Statuses, d.Statuses[p.Status].Type),
		a.Inbox != nil && d.Inboxes[p.Inbox].ID != *a.Inbox,
		a.Unassigned && p.Assignee >= 0,
		a.Assignee != nil && (p.Assignee < 0 || d.Agents[p.Assignee].ID != *a.Assignee),
		a.Priority != "" && d.Priorities[p.Priority].Level != a.Priority,
		!within(p.CreatedAt, a.Created), !within(p.UpdatedAt, a.Updated),
		a.Search != nil && !slices.ContainsFunc(p.vectors, a.Search.Match):
		return false
	}
	for _, want := range a.Tags {
		if !slices.ContainsFunc(p.Tags, func(tag int) bool { return d.Tags[tag].ID == want }) {
			return false
		}
	}
	for _, want := range a.fields {
		if !o.keepsField(p, want) {
			return false
		}
	}
	return true
}

// within says whether an instant lies between two bounds, which belong to
// what they bound; a zero bound bounds nothing.
func within(at time.Time, s store.Span) bool {
	if !s.After.IsZero() && at.Before(s.After) {
		return false
	}
	return s.Before.IsZero() || !at.After(s.Before)
}

// keepsField says whether a ticket passes a custom-field filter. A definition
// of some inboxes says nothing about tickets in the others.
func (o *oracle) keepsField(p *plain, want fieldAsk) bool {
	inboxes := o.desk.CustomFields[want.field].Inboxes
	if len(inboxes) > 0 && !slices.Contains(inboxes, p.Inbox) {
		return false
	}
	i := slices.IndexFunc(p.fields, func(v fixtures.FieldValue) bool { return v.Field == want.field })
	if want.empty || i < 0 {
		return want.empty && i < 0
	}
	return want.keeps(p.fields[i])
}

// cut returns a page of rows.
func cut(rows []string, page, perPage int) []string {
	if page-1 > len(rows)/perPage {
		return []string{}
	}
	from := min((page-1)*perPage, len(rows))
	return rows[from:min(from+perPage, len(rows))]
}

// numbers is an Encoder that writes just enough to tell rows apart.
type numbers struct{}

func (numbers) AppendTicket(b []byte, _ *fixtures.InboxOps, t *fixtures.Ticket) []byte {
	return fmt.Appendf(b, "%d at %d", t.Number, t.UpdatedAt.UnixMilli())
}

func (numbers) AppendMessage(b []byte, m *fixtures.Message) []byte {
	return fmt.Appendf(b, "%s %s at %d", m.Type, m.ID, m.CreatedAt.UnixMilli())
}

// keeper is numbers that keeps the last message it wrote.
type keeper struct {
	numbers
	last *fixtures.Message
}

func (k keeper) AppendMessage(b []byte, m *fixtures.Message) []byte {
	*k.last = *m
	return k.numbers.AppendMessage(b, m)
}

// texts writes messages as their text without commas.
type texts struct{ numbers }

func (texts) AppendMessage(b []byte, m *fixtures.Message) []byte {
	return append(b, strings.ReplaceAll(m.BodyText, ",", "")...)
}

// list returns a page of a Store and its total.
func list(s *store.Store, q store.Query) (rows []string, total int) {
	b, total := s.List(nil, &q)
	return split(b), total
}

// split returns the rows that were joined by commas.
func split(b []byte) []string {
	if len(b) == 0 {
		return []string{}
	}
	return strings.Split(string(b), ",")
}

// newStore returns a Store of a world that is shown in numbers.
func newStore(data *fixtures.Dataset) *store.Store {
	return store.New(store.NewWorld(data, numbers{}), 0)
}

// dataset returns a seeded world. A coarse one has its times cut to whole
// days, so that many tickets tie.
func dataset(t testing.TB, seed uint64, tickets int, coarse bool) *fixtures.Dataset {
	t.Helper()
	data, err := fixtures.New(fixtures.Config{Seed: seed, Tickets: tickets})
	if err != nil {
		t.Fatal(err)
	}
	if coarse {
		cutTimes(data.InboxOps.Tickets)
	}
	return data
}

// cutTimes cuts the times of tickets to whole days and keeps the tickets in
// ascending order of time, then id.
func cutTimes(tickets []fixtures.Ticket) {
	for i := range tickets {
		tickets[i].CreatedAt = tickets[i].CreatedAt.Truncate(24 * time.Hour)
		tickets[i].UpdatedAt = tickets[i].UpdatedAt.Truncate(24 * time.Hour)
	}
	for from := 0; from < len(tickets); {
		to := from
		var ids []fixtures.ID
		for to < len(tickets) && tickets[to].CreatedAt.Equal(tickets[from].CreatedAt) {
			ids = append(ids, tickets[to].ID)
			to++
		}
		slices.SortFunc(ids, func(a, b fixtures.ID) int { return bytes.Compare(a[:], b[:]) })
		for i, id := range ids {
			tickets[from+i].ID = id
		}
		from = to
	}
}
