package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// Question is a query of the ticket list.
type Question struct {
	// Window is a filter that every question has when the tickets are too many
	// to know all; "" for none.
	Window      string
	Filters     []Filter
	Sort, Order string
	Size, Page  int
}

// Plain asks for nothing but filters, in the survey's order and page size.
func (s *Space) Plain(filters ...Filter) Question {
	return Question{Window: s.Window, Filters: filters, Sort: "created_at", Order: "asc", Size: s.Size, Page: 1}
}

// small is a plain question with the smallest pages.
func (s *Space) small(filters ...Filter) Question {
	q := s.Plain(filters...)
	q.Size = slices.Min(s.Sizes)
	return q
}

// Raw is the query as it is sent.
func (q Question) Raw() string {
	var parts []string
	if q.Window != "" {
		parts = append(parts, q.Window)
	}
	for _, f := range q.Filters {
		parts = append(parts, f.Query)
	}
	parts = append(parts, "sort="+q.Sort, "order="+q.Order)
	if q.Size > 0 {
		parts = append(parts, fmt.Sprintf("per_page=%d", q.Size))
	}
	return strings.Join(append(parts, fmt.Sprintf("page=%d", q.Page)), "&")
}

// Concerns reports whether a ticket satisfies each of the filters that rows
// show.
func (q Question) Concerns(r survey.Row) bool {
	return !slices.ContainsFunc(q.Filters, func(f Filter) bool { return f.Keep != nil && !f.Keep(r) })
}

// Without returns the questions that ask for one thing less, the largest
// simplifications first. size is the page size of plain questions.
func (q Question) Without(size int) []Question {
	var out []Question
	plain := func(change func(*Question)) {
		less := q
		less.Filters = slices.Clone(q.Filters)
		change(&less)
		out = append(out, less)
	}
	if q.Page > 1 {
		plain(func(l *Question) { l.Page = 1 })
	}
	if q.Sort != "created_at" || q.Order != "asc" {
		plain(func(l *Question) { l.Sort, l.Order = "created_at", "asc" })
	}
	if q.Size != size && q.Page == 1 {
		plain(func(l *Question) { l.Size = size })
	}
	for i := range q.Filters {
		plain(func(l *Question) { l.Filters = slices.Delete(l.Filters, i, i+1) })
	}
	return out
}

// traits returns the properties whose pairs a plan meets. It matters more that
// each kind of filter meets each other kind, each order and each page than that
// every value does.
func (q Question) traits() []Trait {
	page := "page late"
	if q.Page <= 3 {
		page = fmt.Sprintf("page %d", q.Page)
	}
	out := []Trait{{"sort " + q.Sort + " " + q.Order, 3}, {fmt.Sprintf("size %d", q.Size), 2}, {page, 3}}
	for _, f := range q.Filters {
		out = append(out, Trait{f.Query, 1}, Trait{f.family(), 4}, Trait{f.class(), 4})
	}
	return out
}

// Within reports whether the other question asks for everything that q asks
// for: a larger question, whose answer is wrong for the same reason.
func (q Question) Within(other Question) bool {
	if q.Page > 1 && other.Page == 1 || q.Size != other.Size && q.Page > 1 {
		return false
	}
	if (q.Sort != "created_at" || q.Order != "asc") && (q.Sort != other.Sort || q.Order != other.Order) {
		return false
	}
	return !slices.ContainsFunc(q.Filters, func(f Filter) bool {
		return !slices.ContainsFunc(other.Filters, func(g Filter) bool { return g.Query == f.Query })
	})
}

// Renew returns the question with the filters of this space, which may have
// been asked at another time. ok is false when one is not among them.
func (s *Space) Renew(q Question) (renewed Question, ok bool) {
	q.Filters = slices.Clone(q.Filters)
	for i, f := range q.Filters {
		all := s.Filters
		if f.Neutral {
			all = s.Neutral
		}
		j := slices.IndexFunc(all, func(g Filter) bool { return g.Query == f.Query })
		if j < 0 {
			return q, false
		}
		q.Filters[i] = all[j]
	}
	return q, true
}
