package store

import (
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
)

// unfiltered reports whether the query selects all tickets.
func (q *Query) unfiltered() bool {
	return q.Search == nil && len(q.Statuses) == 0 && q.Inbox == nil && q.Assignee == nil && !q.Unassigned &&
		q.Priority == "" && len(q.Tags) == 0 && q.Created.open() && q.Updated.open() && len(q.Fields) == 0
}

// appendKey appends what the query selects by: everything except order and
// page. Two queries have the same key only when they select the same.
func (q *Query) appendKey(b []byte) []byte {
	for _, status := range q.Statuses {
		b = append(append(b, status...), ',')
	}
	b = append(append(append(b, ';'), q.Priority...), ';')
	b = strconv.AppendBool(b, q.Unassigned)
	b = appendID(b, q.Inbox)
	b = appendID(b, q.Assignee)
	b = strconv.AppendInt(b, int64(len(q.Tags)), 10)
	for i := range q.Tags {
		b = appendID(b, &q.Tags[i])
	}
	for _, at := range []time.Time{q.Created.After, q.Created.Before, q.Updated.After, q.Updated.Before} {
		b = append(strconv.AppendInt(b, at.Unix(), 10), '.')
		b = append(strconv.AppendInt(b, int64(at.Nanosecond()), 10), ';')
	}
	for _, f := range q.Fields {
		b = strconv.AppendBool(strconv.AppendInt(b, int64(f.Field), 10), f.Empty)
		b = strconv.AppendQuote(b, f.Key)
	}
	if q.Search != nil {
		b = append(append(b, '?'), q.Search.String()...)
	}
	return b
}

// Key returns a text that two queries share only when they select the same in the
// same order.
func (q *Query) Key() []byte { return q.appendOrder(nil) }

// appendOrder appends the key of the query and its order.
func (q *Query) appendOrder(b []byte) []byte {
	b = append(append(b, q.Sort...), ' ')
	return q.appendKey(strconv.AppendBool(b, q.Ascending))
}

// appendID appends an id, or that there is none.
func appendID(b []byte, id *fixtures.ID) []byte {
	if id == nil {
		return append(b, '-')
	}
	return append(append(b, '+'), id[:]...)
}
