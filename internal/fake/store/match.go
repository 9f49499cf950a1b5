package store

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// matches reports whether a ticket that differs from the World's passes the
// filters of a query; found are the tickets of the World that its search finds.
func (s *state) matches(n uint32, t *ticket, q *Query, found *roaring.Bitmap) bool {
	switch d := s.desk; {
	case t.deleted,
		len(q.Statuses) > 0 && !slices.Contains(q.Statuses, d.Statuses[t.Status].Type),
		q.Inbox != nil && d.Inboxes[t.Inbox].ID != *q.Inbox,
		q.Unassigned && t.Assignee >= 0,
		q.Assignee != nil && (t.Assignee < 0 || d.Agents[t.Assignee].ID != *q.Assignee),
		q.Priority != "" && d.Priorities[t.Priority].Level != q.Priority,
		!q.Created.holds(t.CreatedAt), !q.Updated.holds(t.UpdatedAt):
		return false
	}
	for _, want := range q.Tags {
		if !slices.ContainsFunc(t.Tags, func(tag int) bool { return s.desk.Tags[tag].ID == want }) {
			return false
		}
	}
	return s.hasFields(n, t, q.Fields) && (q.Search == nil || s.says(n, t, q.Search, found))
}

// hasFields reports whether a ticket passes the custom-field filters. Where a
// definition does not apply it matches nothing (choices B48, B49).
func (s *state) hasFields(n uint32, t *ticket, filters []FieldFilter) bool {
	if len(filters) == 0 {
		return true
	}
	values := s.fields(n)
	for _, filter := range filters {
		def := &s.desk.CustomFields[filter.Field]
		at := slices.IndexFunc(values, func(v fixtures.FieldValue) bool { return v.Field == filter.Field })
		switch {
		case !def.AppliesTo(t.Inbox),
			filter.Empty && at >= 0,
			!filter.Empty && (at < 0 || !slices.Contains(fieldKeys(def, &values[at]), filter.Key)):
			return false
		}
	}
	return true
}

// says reports whether a document of a ticket matches a search. While the
// thread continues that of the World, the World's result covers the earlier
// part.
func (s *state) says(n uint32, t *ticket, q *search.Query, found *roaring.Bitmap) bool {
	if s.follows(n, t) {
		return found.Contains(n) || slices.ContainsFunc(t.messages, func(m *message) bool { return !m.Draft && q.Match(m.words()) })
	}
	return slices.ContainsFunc(s.vectors(n, t), q.Match)
}

// follows reports whether all documents of the World's ticket are still there.
// The first one is the subject with the opening mail.
func (s *state) follows(n uint32, t *ticket) bool {
	return !t.rewritten && t.Subject == s.world.desk.Tickets[n].Subject && len(s.world.timeline(int(n)).rows) > 0
}

// vectors returns what a search looks at in a ticket: the subject with the
// opening mail, and each message for itself.
func (s *state) vectors(n uint32, t *ticket) []search.Vector {
	if kept := t.words.Load(); kept != nil {
		return *kept
	}
	documents := documentsOf(t.Subject, s.thread(n))
	all := make([]search.Vector, len(documents))
	for i, text := range documents {
		all[i] = search.NewVector(text)
	}
	t.words.Store(&all)
	return all
}
