package store_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/race"
)

// TestListEqualsOracle asks a Store and the plain scan the same questions.
func TestListEqualsOracle(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		seed     uint64
		tickets  int
		coarse   bool
		notes    int // between one round of queries and the next
		queries  int // in each of the three rounds
		answered int // at least so many queries find something, but not all
	}{
		"the smallest world":                   {1, 30, false, 3, 300, 150},
		"the smallest world, many notes":       {2, 30, true, 40, 300, 150},
		"a small world, few notes":             {3, 47, false, 1, 300, 150},
		"a small world, many ties":             {4, 90, true, 12, 300, 150},
		"a middle world, without notes":        {5, 400, false, 0, 200, 100},
		"a middle world, a note on many":       {6, 400, false, 300, 150, 100},
		"a middle world, many ties and notes":  {7, 500, true, 250, 150, 100},
		"a large world, few notes":             {8, 3000, false, 9, 80, 60},
		"a large world, many ties, many notes": {9, 1500, true, 400, 80, 60},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.tickets > 100 {
				race.Sequential(t)
			}
			data := dataset(t, test.seed, test.tickets, test.coarse)
			s, o := newStore(data), newOracle(data)
			g := newGambler(o, test.seed, 11)
			answered := 0
			for round := range 3 {
				if round > 0 {
					g.addNotes(t, s, test.notes)
				}
				for range test.queries {
					if total := g.checkQuery(t, s); total > 0 && total < test.tickets {
						answered++
					}
				}
			}
			if answered < test.answered {
				t.Errorf("%d queries found something, but not all; want at least %d", answered, test.answered)
			}
		})
	}
}

// addNotes tells a Store and the oracle of the same notes.
func (g *gambler) addNotes(t *testing.T, s *store.Store, n int) {
	t.Helper()
	for range n {
		ticket, now, text := g.IntN(len(g.oracle.tickets)), g.now(), g.words()
		if _, err := addNote(s, ticket, now, text, ""); err != nil {
			t.Fatal(err)
		}
		g.oracle.note(ticket, now, text)
	}
}

// checkQuery asks for some pages of one query and returns its total.
func (g *gambler) checkQuery(t *testing.T, s *store.Store) (total int) {
	t.Helper()
	a := g.query()
	want := g.oracle.list(a)
	a.PerPage = of(g, []int{1, 2, 7, 25, 100})
	last := max(1, (len(want)+a.PerPage-1)/a.PerPage)
	for _, page := range []int{1, last, 1 + g.IntN(last), 1 + g.IntN(last), last + 1, math.MaxInt} {
		a.Page = page
		rows, total := list(s, a.Query)
		if total != len(want) {
			t.Fatalf("%s: total = %d, want %d", describe(a), total, len(want))
		}
		if diff := cmp.Diff(cut(want, page, a.PerPage), rows); diff != "" {
			t.Fatalf("%s, page %d of %d (-want +got):\n%s", describe(a), page, last, diff)
		}
	}
	return len(want)
}

// describe spells a query out for whoever has to repeat it.
func describe(a ask) string {
	return fmt.Sprintf("query %q %+v", a.text, a.Query)
}

// TestListPagesAddUp turns over all pages of many queries: each row comes once.
func TestListPagesAddUp(t *testing.T) {
	t.Parallel()
	data := dataset(t, 21, 300, true)
	s, o := newStore(data), newOracle(data)
	g := newGambler(o, 21, 11)
	g.addNotes(t, s, 60)
	for range 60 {
		a := g.query()
		a.PerPage = 1 + g.IntN(30)
		got := []string{}
		for a.Page = 1; ; a.Page++ {
			rows, _ := list(s, a.Query)
			if len(rows) == 0 {
				break
			}
			got = append(got, rows...)
		}
		if diff := cmp.Diff(o.list(a), got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", describe(a), diff)
		}
	}
}

// width is a filter of a known share of the tickets.
type width struct {
	name  string
	from  int // the first ticket it keeps
	kept  int
	holds func(total, tickets int) bool
}

// TestListFindsPagesInEveryWay meets the ways hits are put into order: few are
// looked up, many are met in a walk, and no filter is a plain piece of the order.
func TestListFindsPagesInEveryWay(t *testing.T) {
	t.Parallel()
	data := dataset(t, 31, 1200, false)
	s, o := newStore(data), newOracle(data)
	widths := []width{
		{"a single ticket", 600, 1, func(total, n int) bool { return total == 1 }},
		{"just under a twentieth", 600, 59, func(total, n int) bool { return total < n/20 }},
		{"just a twentieth", 600, 60, func(total, n int) bool { return total == n/20 }},
		{"a tenth", 600, 120, func(total, n int) bool { return total == n/10 }},
		{"half", 300, 600, func(total, n int) bool { return total == n/2 }},
		{"all of them, by a filter", 0, 1200, func(total, n int) bool { return total == n }},
		{"no filter", 0, 0, func(total, n int) bool { return total == n }},
	}
	check := func(t *testing.T) {
		t.Helper()
		for _, w := range widths {
			for _, key := range []store.Sort{store.SortCreated, store.SortUpdated, store.SortPriority} {
				checkEveryPage(t, s, o, w, ask{Query: store.Query{Sort: key}})
				checkEveryPage(t, s, o, w, ask{Query: store.Query{Sort: key, Ascending: true}})
			}
		}
	}
	check(t)
	g := newGambler(o, 31, 11)
	g.addNotes(t, s, 80)
	check(t)
}

// checkEveryPage compares every page of a filter, and the one behind them.
func checkEveryPage(t *testing.T, s *store.Store, o *oracle, w width, a ask) {
	t.Helper()
	if w.kept > 0 {
		a.Created = store.Span{After: o.tickets[w.from].CreatedAt, Before: o.tickets[w.from+w.kept-1].CreatedAt}
	}
	want := o.list(a)
	if !w.holds(len(want), len(o.tickets)) {
		t.Fatalf("%s is %d of %d tickets: the case is not the one meant", w.name, len(want), len(o.tickets))
	}
	a.PerPage = 10
	for a.Page = 1; a.Page <= len(want)/a.PerPage+2; a.Page++ {
		rows, total := list(s, a.Query)
		if diff := cmp.Diff(cut(want, a.Page, a.PerPage), rows); diff != "" || total != len(want) {
			t.Fatalf("%s, %s, total %d, want %d (-want +got):\n%s", w.name, describe(a), total, len(want), diff)
		}
	}
}

// TestListFindsFieldValues looks every stored value of every definition up:
// values of one ticket as well as of hundreds, and of so many that the way
// they are kept changes.
func TestListFindsFieldValues(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	totals, types := map[int]bool{}, map[string]bool{}
	for _, tickets := range []int{60, 80, 100, 120, 140, 160, 180, 200, 900} {
		data := dataset(t, 41, tickets, false)
		s, o := newStore(data), newOracle(data)
		checkFieldValues(t, s, o, func(total int, kind string) {
			totals[total], types[kind] = true, true
		})
	}
	for _, total := range []int{1, 2, 31, 32, 33, 34} {
		if !totals[total] {
			t.Errorf("no value is on exactly %d tickets", total)
		}
	}
	if len(types) != 9 {
		t.Errorf("values of the types %v were met, want all nine", types)
	}
}

// checkFieldValues asks for every stored value and tells met of each.
func checkFieldValues(t *testing.T, s *store.Store, o *oracle, met func(total int, kind string)) {
	t.Helper()
	g := newGambler(o, 41, 11)
	asked := map[store.FieldFilter]bool{}
	for _, p := range o.tickets {
		for _, v := range p.fields {
			filter, want := g.equal(v.Field, v)
			if asked[filter] {
				continue
			}
			asked[filter] = true
			a := ask{Query: store.Query{Fields: []store.FieldFilter{filter}, Page: 1, PerPage: 1000, Sort: store.SortCreated}, fields: []fieldAsk{want}}
			rows, total := list(s, a.Query)
			if diff := cmp.Diff(o.list(a), rows); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", describe(a), diff)
			}
			met(total, o.desk.CustomFields[v.Field].Type)
		}
	}
}

func TestListAppends(t *testing.T) {
	t.Parallel()
	data := dataset(t, 1, 30, false)
	s := newStore(data)
	q := store.Query{Sort: store.SortCreated, Ascending: true, Page: 1, PerPage: 2}
	b, _ := s.List([]byte(`{"data":[`), &q)
	tickets := data.InboxOps.Tickets
	want := fmt.Sprintf(`{"data":[%d at %d,%d at %d`, tickets[0].Number, tickets[0].UpdatedAt.UnixMilli(), tickets[1].Number, tickets[1].UpdatedAt.UnixMilli())
	if string(b) != want {
		t.Errorf("List = %q, want %q", b, want)
	}
	none := search.ParseQuery("zyzzyva")
	q.Search = &none
	if b, total := s.List([]byte("x"), &q); string(b) != "x" || total != 0 {
		t.Errorf("List of nothing = %q, %d, want what was there and 0", b, total)
	}
}

func TestListEmptySearchFindsNothing(t *testing.T) {
	t.Parallel()
	s := newStore(dataset(t, 1, 30, false))
	empty := search.ParseQuery("the")
	if empty.String() != "" {
		t.Fatal("a stop word is searched for")
	}
	q := store.Query{Search: &empty, Sort: store.SortCreated, Page: 1, PerPage: 10}
	if rows, total := list(s, q); total != 0 || len(rows) != 0 {
		t.Errorf("%d rows of %d found by a search for nothing", len(rows), total)
	}
}

// TestListFiltersDoNotAlterTheWorld asks the same twice, with each filter
// beside another: sets that the world keeps must not be intersected in place.
func TestListFiltersDoNotAlterTheWorld(t *testing.T) {
	t.Parallel()
	data := dataset(t, 51, 200, false)
	s, o := newStore(data), newOracle(data)
	g := newGambler(o, 51, 11)
	g.addNotes(t, s, 10)
	var asks []ask
	for len(asks) < 80 {
		a := g.query()
		a.Page, a.PerPage = 1, 200
		asks = append(asks, a)
	}
	for range 2 {
		for _, a := range asks {
			rows, _ := list(s, a.Query)
			if diff := cmp.Diff(o.list(a), rows); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", describe(a), diff)
			}
		}
	}
}

func TestListOfOneWorldByTwoStores(t *testing.T) {
	t.Parallel()
	data := dataset(t, 61, 60, false)
	world := store.NewWorld(data, numbers{})
	noted, fresh := store.New(world, 0), store.New(world, 0)
	q := store.Query{Sort: store.SortUpdated, Page: 1, PerPage: 60}
	before, _ := list(fresh, q)
	if _, err := addNote(noted, 7, fixtures.DefaultAt.AddDate(1, 0, 0), "mine alone", ""); err != nil {
		t.Fatal(err)
	}
	if after, _ := list(fresh, q); !cmp.Equal(before, after) {
		t.Errorf("a note of one store shows in another (-before +after):\n%s", cmp.Diff(before, after))
	}
	if rows, _ := list(noted, q); cmp.Equal(before, rows) {
		t.Error("a note does not show in its own store")
	}
}
