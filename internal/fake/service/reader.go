package service

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
)

// Reader reads the parameters of a call and gathers the mistakes in them, so
// that one refusal names them all.
type Reader struct {
	call  *Call
	wrong []problem.Field
}

// Read returns a Reader of the call's parameters.
func (c *Call) Read() *Reader {
	return &Reader{call: c, wrong: c.Undecodable}
}

// Err returns the refusal that names every wrong parameter, nil when all are
// right.
func (r *Reader) Err() error {
	if len(r.wrong) == 0 {
		return nil
	}
	return problem.Invalid(r.wrong...)
}

// Wrong notes that a parameter is wrong and what would be right.
func (r *Reader) Wrong(name, message string) {
	r.wrong = append(r.wrong, problem.Field{Name: name, Message: message})
}

// Text returns a parameter without surrounding blanks; a blank one counts as
// not sent.
func (r *Reader) Text(name string) string {
	value, _ := r.call.First(name)
	return strings.TrimSpace(value)
}

// Enum returns a parameter that must be one of the allowed words.
func (r *Reader) Enum(name string, allowed ...string) string {
	value := r.Text(name)
	if value == "" || slices.Contains(allowed, value) {
		return value
	}
	r.Wrong(name, strconv.Quote(value)+" is not one of "+strings.Join(allowed, ", "))
	return ""
}

// List returns the items of a comma-separated parameter, blanks trimmed and
// empty items dropped (choice B16).
func (r *Reader) List(name string) []string {
	value := r.Text(name)
	if value == "" {
		return nil
	}
	var items []string
	for item := range strings.SplitSeq(value, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// Enums returns a comma-separated parameter whose items must be allowed words.
func (r *Reader) Enums(name string, allowed ...string) []string {
	items := r.List(name)
	for _, item := range items {
		if !slices.Contains(allowed, item) {
			r.Wrong(name, strconv.Quote(item)+" is not one of "+strings.Join(allowed, ", "))
			return nil
		}
	}
	return items
}

// UUID returns a parameter that must be a UUID, nil when it is not sent.
func (r *Reader) UUID(name string) *fixtures.ID {
	value := r.Text(name)
	if value == "" {
		return nil
	}
	id, ok := fixtures.ParseID(value)
	if !ok {
		r.wrongUUID(name, value)
		return nil
	}
	return &id
}

// UUIDs returns a comma-separated parameter whose items must be UUIDs.
func (r *Reader) UUIDs(name string) []fixtures.ID {
	var ids []fixtures.ID
	for _, item := range r.List(name) {
		id, ok := fixtures.ParseID(item)
		if !ok {
			r.wrongUUID(name, item)
			return nil
		}
		ids = append(ids, id)
	}
	return ids
}

func (r *Reader) wrongUUID(name, value string) {
	r.Wrong(name, strconv.Quote(value)+" is not a UUID, such as 123e4567-e89b-12d3-a456-426614174000")
}

// Int returns a parameter that must be a whole number of at least 1, or the
// default when it is not sent. A number too large for an int counts as the
// largest int.
func (r *Reader) Int(name string, otherwise int) int {
	value, sent := r.call.First(name)
	if !sent {
		return otherwise
	}
	n, err := strconv.ParseUint(value, 10, 63) // takes no sign
	if err != nil && !errors.Is(err, strconv.ErrRange) || n < 1 {
		r.Wrong(name, strconv.Quote(value)+" is not a whole number of at least 1")
		return otherwise
	}
	return int(n)
}

// Instant returns a parameter that must be an ISO 8601 instant, the zero time
// when it is not sent. A date alone is its midnight in UTC (choice B25).
func (r *Reader) Instant(name string) time.Time {
	value := r.Text(name)
	if value == "" {
		return time.Time{}
	}
	at, ok := ParseInstant(value)
	if !ok {
		r.Wrong(name, InstantMessage(value))
	} else if at.IsZero() {
		at = at.Add(1) // year 1 was asked for; the zero time stands for not sent
	}
	return at
}

// ParseInstant reads an ISO 8601 instant with an offset, or a date. Its T and Z
// may be in lower case (RFC 3339).
func ParseInstant(value string) (at time.Time, ok bool) {
	value = strings.ToUpper(value)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if at, err := time.Parse(layout, value); err == nil && !lax(value) {
			return at, true
		}
	}
	return time.Time{}, false
}

// lax reports whether time.Parse accepts what RFC 3339 does not: an hour of one
// digit, or a comma before the fraction.
func lax(value string) bool {
	return len(value) > len(time.DateOnly) && value[len("2006-01-02T15")] != ':' || strings.Contains(value, ",")
}

// InstantMessage says what is wrong with a value that ParseInstant refused.
func InstantMessage(value string) string {
	message := strconv.Quote(value) + " is not an ISO 8601 instant, such as 2025-01-31T09:30:00Z"
	if before, after, found := strings.Cut(value, " "); found {
		if _, ok := ParseInstant(before + "+" + after); ok {
			message += "; write the + of an offset as %2B"
		}
	}
	return message
}
