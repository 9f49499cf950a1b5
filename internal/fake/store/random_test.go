package store_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// gambler draws queries and notes for a world.
type gambler struct {
	*rand.Rand
	oracle *oracle
}

func newGambler(o *oracle, seed, stream uint64) *gambler {
	return &gambler{Rand: rand.New(rand.NewPCG(seed, stream)), oracle: o}
}

// one says yes once in n times.
func (g *gambler) one(n int) bool { return g.IntN(n) == 0 }

// of draws one of a list.
func of[T any](g *gambler, list []T) T { return list[g.IntN(len(list))] }

// ticket draws a ticket as it is now.
func (g *gambler) ticket() *plain { return &g.oracle.tickets[g.IntN(len(g.oracle.tickets))] }

// stranger draws an id that nothing has.
func (g *gambler) stranger() (id fixtures.ID) {
	for i := range id {
		id[i] = byte(g.Uint32())
	}
	return id
}

// id draws the id of a record, once in a while that of none.
func (g *gambler) id(n int, at func(i int) fixtures.ID) fixtures.ID {
	if g.one(8) {
		return g.stranger()
	}
	return at(g.IntN(n))
}

// query draws the filters and the order of a query, from none to all.
func (g *gambler) query() ask {
	d := g.oracle.desk
	a := ask{Query: store.Query{
		Sort:      of(g, []store.Sort{store.SortCreated, store.SortUpdated, store.SortPriority}),
		Ascending: g.one(2),
	}}
	rare := 1 + g.IntN(8) // the more, the fewer filters
	if g.one(rare) {
		for range 1 + g.IntN(3) {
			a.Statuses = append(a.Statuses, of(g, []string{"open", "in_progress", "waiting", "resolved", "closed", "none"}))
		}
	}
	if g.one(rare) {
		id := g.id(len(d.Inboxes), func(i int) fixtures.ID { return d.Inboxes[i].ID })
		a.Inbox = &id
	}
	if g.one(2 * rare) {
		id := g.id(len(d.Agents), func(i int) fixtures.ID { return d.Agents[i].ID })
		a.Assignee = &id
	} else {
		a.Unassigned = g.one(2 * rare)
	}
	if g.one(rare) {
		a.Priority = of(g, []string{"low", "normal", "high", "urgent", "none"})
	}
	if g.one(2 * rare) {
		for range 1 + g.IntN(2) {
			a.Tags = append(a.Tags, g.id(len(d.Tags), func(i int) fixtures.ID { return d.Tags[i].ID }))
		}
	}
	if g.one(rare) {
		a.Created = g.span(func(p *plain) time.Time { return p.CreatedAt })
	}
	if g.one(rare) {
		a.Updated = g.span(func(p *plain) time.Time { return p.UpdatedAt })
	}
	if g.one(2 * rare) {
		a.text = g.words()
		q := search.ParseQuery(a.text)
		a.Search = &q
	}
	for g.one(2 * rare) {
		filter, want := g.field()
		a.Fields, a.fields = append(a.Fields, filter), append(a.fields, want)
	}
	return a
}

// span draws bounds at or close to times that tickets have; they may be the
// wrong way round.
func (g *gambler) span(at func(*plain) time.Time) store.Span {
	bound := func() time.Time {
		if g.one(4) {
			return time.Time{}
		}
		near := []time.Duration{0, 0, time.Millisecond, -time.Millisecond, 100 * 24 * time.Hour, -100 * 24 * time.Hour}
		return at(g.ticket()).Add(of(g, near))
	}
	return store.Span{After: bound(), Before: bound()}
}

// words draws a search of words that are somewhere in the world.
func (g *gambler) words() string {
	word := func() string {
		p := g.ticket()
		text := p.Subject
		if len(p.timeline) > 0 && g.one(2) {
			text += " " + textOf(of(g, p.timeline))
		}
		return strings.Trim(of(g, strings.Fields(text+" zyzzyva")), `"-`)
	}
	phrase := func() string {
		words := strings.Fields(g.ticket().Subject)
		from := g.IntN(len(words))
		return `"` + strings.Trim(strings.Join(words[from:min(from+2, len(words))], " "), `"`) + `"`
	}
	switch g.IntN(8) {
	case 0:
		return word() + " " + word()
	case 1:
		return word() + " or " + word()
	case 2:
		return word() + " -" + word()
	case 3:
		return phrase()
	case 4:
		return "-" + phrase() + " " + word()
	case 5:
		return of(g, []string{"zyzzyva", "the", "", "-the", "!!"})
	default:
		return word()
	}
}

// field draws a custom-field filter with its meaning: most often a value that
// some ticket has.
func (g *gambler) field() (store.FieldFilter, fieldAsk) {
	field := g.IntN(len(g.oracle.desk.CustomFields))
	if g.one(4) {
		return store.FieldFilter{Field: field, Empty: true}, fieldAsk{field: field, empty: true}
	}
	for range 20 {
		for _, v := range g.ticket().fields {
			if v.Field == field {
				return g.equal(field, v)
			}
		}
	}
	nothing := fieldAsk{field: field, keeps: func(fixtures.FieldValue) bool { return false }}
	return store.FieldFilter{Field: field, Key: "zyzzyva"}, nothing
}

// equal returns the filter for a stored value or, once in a while, for one
// that is a little different.
func (g *gambler) equal(field int, v fixtures.FieldValue) (store.FieldFilter, fieldAsk) {
	filter, want := store.FieldFilter{Field: field}, fieldAsk{field: field}
	off := g.one(6)
	switch g.oracle.desk.CustomFields[field].Type {
	case fixtures.FieldNumber:
		if off {
			v.Number += 0.25
		}
		filter.Key = store.NumberKey(v.Number)
		want.keeps = func(has fixtures.FieldValue) bool { return has.Number == v.Number }
	case fixtures.FieldBoolean:
		filter.Key = strconv.FormatBool(v.Bool)
		want.keeps = func(has fixtures.FieldValue) bool { return has.Bool == v.Bool }
	case fixtures.FieldDate:
		if off {
			v.Time = v.Time.AddDate(0, 0, 1)
		}
		filter.Key = store.DateKey(v.Time)
		want.keeps = func(has fixtures.FieldValue) bool { return has.Time.Equal(v.Time) }
	case fixtures.FieldDateTime:
		if off {
			v.Time = v.Time.Add(time.Millisecond)
		}
		filter.Key = store.InstantKey(v.Time.In(time.FixedZone("", 5*60*60)))
		want.keeps = func(has fixtures.FieldValue) bool { return has.Time.Equal(v.Time) }
	case fixtures.FieldSelect, fixtures.FieldMultiSelect:
		option := of(g, v.Options)
		filter.Key = store.OptionKey(option)
		want.keeps = func(has fixtures.FieldValue) bool {
			for _, o := range has.Options {
				if o == option {
					return true
				}
			}
			return false
		}
	default:
		if off {
			v.Text += "x"
		}
		filter.Key = v.Text
		want.keeps = func(has fixtures.FieldValue) bool { return has.Text == v.Text }
	}
	return filter, want
}

// now draws a time for a note: long before all tickets, at or around a time
// of some ticket, or after them all.
func (g *gambler) now() time.Time {
	switch g.IntN(6) {
	case 0:
		return time.Date(2001, time.January, 1, 0, 0, 0, 0, time.UTC)
	case 1:
		return g.ticket().CreatedAt
	case 2:
		return fixtures.DefaultAt.Add(time.Duration(g.IntN(10)) * time.Hour)
	case 3:
		return fixtures.DefaultAt.AddDate(1, 0, 0).Add(time.Duration(g.IntN(5)))
	default:
		return g.ticket().UpdatedAt
	}
}
