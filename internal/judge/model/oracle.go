package model

import (
	"fmt"
	"net/http"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// Answer is what came back for a question.
type Answer struct {
	Status int
	Rows   []survey.Row
	Total  int64 // meta.total, -1 without one
	Page   int64 // meta.page, 0 or less without one
	Size   int64 // meta.per_page, 0 or less without one
}

// Difference is how an answer differs from what it must be.
type Difference struct {
	Sort     Sort
	Path     string // what was looked at
	Expected string
	Actual   string
}

// Sort is what a Difference is about.
type Sort int

// The sorts of differences.
const (
	Refused Sort = iota + 1 // the status
	Foreign                 // a row that does not satisfy the filters, or is on another page
	Lost                    // too few rows, or too many
	Order
	Total
	Echo     // meta.page or meta.per_page
	Altered  // a row that is not as in other lists
	Unlisted // a row that the whole list lacks
	Excess   // more rows than a limit allows
)

// Differ compares an answer with what the question must give; nil means that
// it is right.
func (l *List) Differ(q Question, a Answer) *Difference {
	if a.Status != http.StatusOK {
		return &Difference{Refused, "status of " + q.Raw(), "200", fmt.Sprint(a.Status)}
	}
	matches := l.Matches(q)
	known := map[string]bool{}
	for _, r := range matches {
		known[ID(r)] = true
	}
	for _, r := range a.Rows {
		if !known[ID(r)] {
			return &Difference{Foreign, r.At("id") + " of " + q.Raw(), "a ticket that was listed, and that each filter finds alone", r.ID()}
		}
	}
	page := cut(matches, q)
	if len(page) != len(a.Rows) {
		return &Difference{Lost, "data of " + q.Raw(), fmt.Sprintf("%d rows of the %d that match", len(page), len(matches)), fmt.Sprintf("%d rows", len(a.Rows))}
	}
	for i, r := range a.Rows {
		if l.compare(q.Sort, r, page[i]) != 0 {
			return &Difference{Order, r.At(q.Sort) + " of " + q.Raw(), page[i].Text(q.Sort), r.Text(q.Sort)}
		}
	}
	if a.Total >= 0 && a.Total != int64(len(matches)) {
		return &Difference{Total, "meta.total of " + q.Raw(), fmt.Sprint(len(matches)), fmt.Sprint(a.Total)}
	}
	if d := echoed(q, a); d != nil && len(page) > 0 && !l.Unechoed {
		return d
	}
	return l.altered(q, a.Rows)
}

// echoed compares what meta says of the question.
func echoed(q Question, a Answer) *Difference {
	if a.Page > 0 && a.Page != int64(q.Page) {
		return &Difference{Echo, "meta.page of " + q.Raw(), fmt.Sprint(q.Page), fmt.Sprint(a.Page)}
	}
	if a.Size > 0 && a.Size != int64(q.Size) {
		return &Difference{Echo, "meta.per_page of " + q.Raw(), fmt.Sprint(q.Size), fmt.Sprint(a.Size)}
	}
	return nil
}

// altered compares rows with what the survey read of the same tickets.
func (l *List) altered(q Question, rows []survey.Row) *Difference {
	for _, r := range rows {
		if known := l.byID[ID(r)]; !alike(known, r) {
			return &Difference{Altered, r.Where + " of " + q.Raw(), text(known), text(r)}
		}
	}
	return nil
}

// Page is what the question must give.
func (l *List) Page(q Question) []survey.Row { return cut(l.Matches(q), q) }

// cut is the page of the question.
func cut(rows []survey.Row, q Question) []survey.Row {
	from := min((q.Page-1)*q.Size, len(rows))
	return rows[from:min(from+q.Size, len(rows))]
}
