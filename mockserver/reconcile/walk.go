package reconcile

import (
	"fmt"
	"slices"

	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// group finds the walks over pages: requests that differ only in the page,
// which grows. Requests of other clients and other walks may lie in between,
// and a refused page may be repeated.
func (t *trail) group() {
	open := map[string]map[int][]int{} // by kind and last page, the walks that may go on
	for i := range t.looks {
		x := &t.looks[i]
		ends := open[x.kind]
		if ends == nil {
			ends = map[int][]int{}
			open[x.kind] = ends
		}
		page := x.query.Page
		from := page // the end of a walk that was refused and now asks once more
		if walks := ends[page]; len(walks) == 0 || t.latest(walks[len(walks)-1]).read {
			for from = page - 1; from > 0 && len(ends[from]) == 0; from-- {
			}
		}
		x.walk = len(t.walks)
		if x.right && from > 0 {
			x.walk = t.goOn(ends, from, x.Peer)
			t.walks[x.walk] = append(t.walks[x.walk], i)
		} else {
			t.walks = append(t.walks, []int{i})
		}
		ends[page] = append(ends[page], x.walk)
	}
}

// latest returns the latest request of a walk.
func (t *trail) latest(walk int) *look {
	steps := t.walks[walk]
	return &t.looks[steps[len(steps)-1]]
}

// goOn takes the walk that a page continues from those that end at a page: the
// one of the same connection, or else the last one.
func (t *trail) goOn(ends map[int][]int, page int, peer string) (walk int) {
	among := ends[page]
	at := len(among) - 1
	for i, walk := range among {
		if t.latest(walk).Peer == peer {
			at = i
		}
	}
	walk = among[at]
	ends[page] = slices.Delete(among, at, at+1)
	return walk
}

// walk returns the answers with rows of the walk that a request belongs to.
func (t *trail) walk(of *look) []*look {
	var answers []*look
	for _, i := range t.walks[of.walk] {
		if t.looks[i].read {
			answers = append(answers, &t.looks[i])
		}
	}
	return answers
}

// place says where in a walk a ticket lies, judging by the rows that have not
// changed since the answers.
type place struct {
	before int  // the last page with a row before it, 0: there is none
	behind int  // the first page with a row behind it, 0: there is none
	page   int  // the page on which it would be if no row in between had gone
	end    bool // the walk came to the end
	sure   bool // there are such unchanged rows
}

// locate finds the place of a ticket in the walk of a request.
func (t *trail) locate(of *look, n uint32) place {
	order := t.order(of)
	at, nearest := order[n], -1
	var p place
	for _, x := range t.walk(of) {
		rows := t.rows(x)
		for _, row := range rows {
			rank, selected := order[row]
			if !selected || row == n || !t.same(row, x.Seen) {
				continue
			}
			p.sure = true
			switch {
			case rank < at:
				p.before, nearest = max(p.before, x.query.Page), max(nearest, rank)
			case p.behind == 0 || x.query.Page < p.behind:
				p.behind = x.query.Page
			}
		}
		p.end = len(rows) < x.query.PerPage
	}
	p.page = p.before + (at-nearest-1)/of.query.PerPage + 1
	return p
}

// walked says how a walk over pages that select a ticket missed it.
func (t *trail) walked(l *Loss, n uint32, later []*look, from int) bool {
	at := slices.IndexFunc(later, func(x *look) bool { return t.tx.Selects(&x.query, n) })
	if at < 0 {
		return false
	}
	walk := t.walk(later[at])
	pages := map[int]*look{}
	for _, x := range walk {
		pages[x.query.Page] = x
	}
	end := walk[len(walk)-1]
	p := t.locate(later[at], n)
	switch {
	case p.behind == 0 && !p.end && t.wentOn(l, n, end, later[at+1:]):
	case p.behind == 0 && !p.end:
		l.Request, l.Why = &end.Ref, fmt.Sprintf("the pages were read up to page %d, and it lies behind", end.query.Page)
		if p.sure && p.page > end.query.Page {
			l.Why = fmt.Sprintf("the pages were read up to page %d, and it is on page %d", end.query.Page, p.page)
		}
	case p.sure && pages[p.page] == nil && p.page < p.behind:
		l.Request, l.Why = &walk[0].Ref, fmt.Sprintf("it is on page %d, which was not read", p.page)
	default:
		t.moved(l, p, pages, walk, from)
	}
	return true
}

// moved says where a ticket, or others, moved while a walk read the rows around
// it.
func (t *trail) moved(l *Loss, p place, pages map[int]*look, walk []*look, from int) {
	for _, page := range []int{p.before, p.behind} {
		if x := pages[page]; x != nil && x.Seen < from {
			did := "changed it"
			if x.query.Sort == store.SortUpdated {
				did = "moved it there"
			} else if l.Event.Kind == store.TicketCreated {
				did = "brought it there"
			}
			l.Request, l.Why = &x.Ref, fmt.Sprintf("page %d was read before the event %s", page, did)
			return
		}
	}
	blamed := walk[len(walk)-1]
	if p.behind > 0 {
		blamed = pages[p.behind]
	}
	l.Request = &blamed.Ref
	l.Why = "rows moved while the pages were read, and it passed from one to another that was read before" + t.shift(walk[0].Seen, blamed.Seen)
}

// wentOn says how a client that continues from the last row, instead of with
// the next page, missed a ticket.
func (t *trail) wentOn(l *Loss, n uint32, end *look, later []*look) bool {
	alike := func(x *look) bool {
		return x.query.PerPage == end.query.PerPage && x.query.Sort == end.query.Sort && x.query.Ascending == end.query.Ascending
	}
	at := slices.IndexFunc(later, func(x *look) bool { return alike(x) && !t.tx.Selects(&x.query, n) })
	return at >= 0 && t.bounded(l, n, later[at:at+1])
}

// shift names the first event between two answers.
func (t *trail) shift(from, to int) string {
	for i := range t.events {
		if e := &t.events[i]; e.Seq > from && e.Seq <= to && !e.Hidden && e.Service == "inboxops" {
			return fmt.Sprintf(": event %d, %s of ticket %d, came between", e.Seq, e.Kind, e.TicketNumber)
		}
	}
	return ""
}
