// Package model says what a query of the ticket list must give, from the
// tickets that were read and what each filter gave when it was asked alone.
package model

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// Filter is one condition of a query.
type Filter struct {
	Kind    string // what it filters by: two of a kind are never combined
	Family  string // of kinds that a plan treats as one, such as custom fields
	Class   string // of filters that a server may read with the same code: a plan asks for a later page of each
	Query   string // encoded, such as status=open
	Clause  string // the clause that judges it alone
	Neutral bool   // all tickets satisfy it
	Joined  bool   // it is made of others, and was not asked for alone
	// Keep decides by the ticket; it is nil for a filter that the list does not
	// reveal, such as a tag. The Holds of such a filter were asked for.
	Keep  func(survey.Row) bool
	Holds map[string]bool // ids of the tickets that satisfy it, in lower case
}

// family and class are what a plan calls those of a filter.
func (f Filter) family() string { return "family " + f.Family }
func (f Filter) class() string  { return "class " + f.Class }

// List is the tickets that questions are asked about.
type List struct {
	Rows []survey.Row
	// Ranks is the order of the priorities that sort=priority showed.
	Ranks []string
	// Unechoed says that meta.page and meta.per_page are wrong anyway and are
	// not compared.
	Unechoed bool

	ids    []string              // of the rows
	byID   map[string]survey.Row // the rows
	every  mask                  // all of them
	orders map[string][]int      // what sorted returned
}

// NewList returns a List of the tickets that were read. One that was read twice
// counts once.
func NewList(rows []survey.Row) *List {
	l := &List{byID: make(map[string]survey.Row, len(rows)), orders: map[string][]int{}}
	for _, r := range rows {
		id := ID(r)
		if _, twice := l.byID[id]; !twice {
			l.Rows, l.ids = append(l.Rows, r), append(l.ids, id)
			l.byID[id] = r
		}
	}
	l.every = l.maskOf(func(string) bool { return true })
	return l
}

// Knows reports whether a row is as it was read.
func (l *List) Knows(r survey.Row) bool {
	known, there := l.byID[ID(r)]
	return there && alike(known, r)
}

// Has reports whether a ticket was read, in whatever state.
func (l *List) Has(r survey.Row) bool {
	_, there := l.byID[ID(r)]
	return there
}

// ID is the id of a row as Holds has it.
func ID(r survey.Row) string { return strings.ToLower(r.ID()) }

// Hold makes a filter that decides by the ticket hold what it keeps.
func (l *List) Hold(f Filter) Filter {
	f.Holds = map[string]bool{}
	for i, r := range l.Rows {
		if f.Keep(r) {
			f.Holds[l.ids[i]] = true
		}
	}
	return f
}

// Matches returns the tickets that satisfy each filter of the question, in its
// order. Tickets that are equal in what it sorts by are in any order.
func (l *List) Matches(q Question) []survey.Row {
	var out []survey.Row
	for _, i := range l.sorted(q.Sort, q.Order) {
		if !slices.ContainsFunc(q.Filters, func(f Filter) bool { return !f.Holds[l.ids[i]] }) {
			out = append(out, l.Rows[i])
		}
	}
	return out
}

// sorted returns the places of the rows in an order. It keeps them, since a
// plan needs them thousands of times.
func (l *List) sorted(sort, order string) []int {
	key := strings.Join(append([]string{sort, order}, l.Ranks...), " ")
	places, known := l.orders[key]
	if known {
		return places
	}
	for i := range l.Rows {
		places = append(places, i)
	}
	slices.SortStableFunc(places, func(i, j int) int {
		n := l.compare(sort, l.Rows[i], l.Rows[j])
		if order == "desc" {
			n = -n
		}
		return n
	})
	l.orders[key] = places
	return places
}

// compare orders two tickets by what a question sorts by, ascending.
func (l *List) compare(sort string, a, b survey.Row) int {
	if sort == "priority" {
		return cmp.Compare(slices.Index(l.Ranks, a.Text(sort)), slices.Index(l.Ranks, b.Text(sort)))
	}
	return instant(a, sort).Compare(instant(b, sort))
}

// members are those that the documentation names: a target may add others to
// some lists.
var members = []string{
	"id", "ticket_number", "subject", "inbox_id", "status", "status_id", "status_name", "status_color",
	"priority", "priority_id", "priority_name", "priority_color", "assignee_id", "contact_id",
	"remind_at", "remind_transition_status_id", "created_at", "updated_at",
}

// alike reports whether two rows agree in documented members. Null counts as
// absent.
func alike(a, b survey.Row) bool {
	for _, name := range members {
		if !reflect.DeepEqual(a.Fields[name], b.Fields[name]) {
			return false
		}
	}
	return true
}

// text is what a row says in documented members.
func text(r survey.Row) string {
	kept := map[string]any{}
	for _, name := range members {
		if r.Has(name) {
			kept[name] = r.Fields[name]
		}
	}
	return survey.Row{Fields: kept}.String()
}

func instant(r survey.Row, member string) time.Time {
	at, _ := r.Time(member)
	return at
}
