package scenario

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// besides asks for values close to a stored one that its own filter found. None
// of them equals it, so none may find the ticket.
func (s *Session) besides(def facts.CustomField, own facts.Sample, ticket survey.Row) {
	if !s.surplus() {
		return
	}
	for _, value := range closeTo(def.Type, own.Value) {
		w := sampled{own, ticket, s.find(fieldQuery(def, value)), s.Last()}
		if s.asserts++; w.has(ticket.ID()) {
			s.fail(w.failure(def))
		}
	}
}

// closeTo are values of the type that are close to the value and not equal to
// it: the next day, another time of that day, another fraction, another sign, a
// part of a text, a longer one.
func closeTo(kind, value string) []string {
	switch kind {
	case typeSelect, typeMultiSelect, "boolean":
		return nil
	case typeDate:
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return []string{day.AddDate(0, 0, 1).Format(time.DateOnly)}
		}
		return nil
	case typeDateTime:
		if at, ok := survey.Instant(value); ok {
			at = at.UTC()
			other := at.Add(time.Hour)
			if other.Day() != at.Day() {
				other = at.Add(-time.Hour)
			}
			return []string{other.Format(time.RFC3339Nano)}
		}
		return nil
	}
	if n, err := strconv.ParseFloat(value, 64); err == nil {
		out := []string{strconv.FormatFloat(n+0.5, 'f', -1, 64)}
		if n != 0 {
			out = append(out, strconv.FormatFloat(-n, 'f', -1, 64))
		}
		return out
	}
	_, last := utf8.DecodeLastRuneInString(value)
	out := []string{value + " mockdesk"}
	if part := strings.TrimSpace(value[:len(value)-last]); part != "" && part != value {
		out = append(out, part)
	}
	for _, end := range []string{" ", "?"} {
		if first, _, more := strings.Cut(value, end); more && first != "" {
			out = append(out, first)
		}
	}
	if name, rest, more := strings.Cut(value, "+"); more && strings.Contains(rest, "@") { // of an address
		out = append(out, name+rest[strings.Index(rest, "@"):])
	}
	return out
}
