package stranger

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	fieldPrefix = "custom_field_"
	noValue     = "__empty__"
)

// field is the definition of a custom field.
type field struct {
	id, key, kind string
	options       []named
	inboxes       []int // nil is all
}

func (w *world) makeFields(r *rand.Rand) []field {
	option := func(names ...string) (all []named) {
		for _, name := range names {
			all = append(all, named{id: uuid(r), name: name})
		}
		return all
	}
	all := []field{
		{key: "order_reference", kind: "text"},
		{key: "serial_number", kind: "text", inboxes: []int{0}},
		{key: "quantity", kind: "number"},
		{key: "refund_amount", kind: "number"},
		{key: "is_vip", kind: "boolean"},
		{key: "product", kind: "select", options: option("Printer", "Printer Pro", "Scanner", "Ink")},
		{key: "region", kind: "select", options: option("North", "South"), inboxes: []int{0, 2}},
		{key: "channels", kind: "multi_select", options: option("Mail", "Phone", "Chat")},
		{key: "topics", kind: "multi_select", options: option("Billing", "Quality", "Speed", "Tone")},
		{key: "purchase_date", kind: "date"},
		{key: "callback_at", kind: "date_time"},
		{key: "shipped_at", kind: "date_time"},
		{key: "tracking_link", kind: "url"},
		{key: "reporter_email", kind: "email"},
	}
	for i := range all {
		all[i].id = uuid(r)
	}
	return all
}

// pools hold values that are easily mistaken for each other.
var pools = map[string][]any{
	"text":    {"R-1", "R-10", "R-100", "R-10 ", "Blue, large", "naïve", "支払い", "100% sure", ""},
	"number":  {1.0, 1.5, 10.0, 100.0, -3.0, 0.0, 1e6},
	"boolean": {true, false},
	"date":    {"2025-03-14", "2025-03-15", "2025-03-16", "2025-02-28", "2025-03-01", "2024-02-29"},
	"date_time": {
		day(15, 9, 0, 0), day(15, 9, 0, 1), day(15, 9, 1, 0), day(15, 10, 0, 0), day(15, 21, 0, 0), day(16, 9, 0, 0), day(15, 0, 0, 0),
	},
	"url":   {"https://track.example/a", "https://track.example/a/b", "https://track.example/a?x=1&y=2"},
	"email": {"ann@customer.example", "ann@customer.example.org", "bob+tag@customer.example"},
}

func day(d, h, m, s int) time.Time { return time.Date(2025, 3, d, h, m, s, 0, time.UTC) }

// fill stores a value for half of the fields, those of other inboxes included: a ticket may have been moved.
func (w *world) fill(t *ticket, r *rand.Rand) {
	for _, f := range w.fields {
		if r.IntN(2) == 0 {
			continue
		}
		switch f.kind {
		case "select":
			t.fields[f.key] = f.options[r.IntN(len(f.options))].id
		case "multi_select":
			chosen := []string{}
			for _, o := range f.options {
				if r.IntN(3) == 0 {
					chosen = append(chosen, o.id)
				}
			}
			t.fields[f.key] = chosen
		default:
			pool := pools[f.kind]
			t.fields[f.key] = pool[r.IntN(len(pool))]
		}
	}
}

// linked reports whether the field is for the ticket's inbox.
func (f field) linked(t *ticket) bool { return f.inboxes == nil || slices.Contains(f.inboxes, t.inbox) }

// fieldFilters reads the custom-field filters of a query.
func (s *Server) fieldFilters(c *call) ([]func(*ticket) bool, *failure) {
	var all []func(*ticket) bool
	keys := 0
	for _, name := range slices.Sorted(maps.Keys(c.args)) {
		values := c.args[name]
		key, ok := strings.CutPrefix(name, fieldPrefix)
		if !ok || key == "" && s.o.EmptyKey == 200 {
			continue
		}
		keys++
		i := slices.IndexFunc(s.w.fields, func(f field) bool { return f.key == key })
		switch {
		case i < 0:
			return nil, bad(name, "there is no such custom field")
		case keys > 10:
			return nil, bad(name, "there are more than 10 custom fields")
		case len(values) > 1 && (s.o.EqualTwice != 200 || len(slices.Compact(slices.Clone(values))) > 1):
			return nil, bad(name, "the custom field is sent more than once")
		}
		keep, f := s.fieldFilter(s.w.fields[i], name, values[0])
		if f != nil {
			return nil, f
		}
		all = append(all, keep)
	}
	return all, nil
}

func (s *Server) fieldFilter(f field, name, want string) (func(*ticket) bool, *failure) {
	if want == noValue {
		return func(t *ticket) bool {
			return !s.hasValue(t.fields[f.key]) && (f.linked(t) || s.o.UnlinkedEmpty)
		}, nil
	}
	equal, fail := s.equals(f, name, want)
	if fail != nil {
		return nil, fail
	}
	return func(t *ticket) bool {
		v := t.fields[f.key]
		return s.hasValue(v) && f.linked(t) && equal(v)
	}, nil
}

// hasValue reports whether v is stored; an empty text or list is, unless the options say otherwise.
func (s *Server) hasValue(v any) bool {
	list, isList := v.([]string)
	return v != nil && !(s.o.EmptyIsNone && (v == "" || isList && len(list) == 0))
}

func never(any) bool { return false }

// equals returns the comparison with a filter's value, read by the field's type.
func (s *Server) equals(f field, name, want string) (func(any) bool, *failure) {
	switch f.kind {
	case "number":
		n, err := strconv.ParseFloat(want, 64)
		if err != nil {
			return never, chosen(s.o.BadNumber, name, "not a number")
		}
		return func(v any) bool { return v == n }, nil
	case "boolean":
		if want != "true" && want != "false" {
			return never, chosen(s.o.BadNumber, name, "neither true nor false")
		}
		return func(v any) bool { return v == (want == "true") }, nil
	case "select", "multi_select":
		if !isUUID(want) {
			return nil, bad(name, "not the UUID of an option")
		}
		want = strings.ToLower(want)
		if !slices.ContainsFunc(f.options, func(o named) bool { return o.id == want }) {
			return never, chosen(s.o.NoOption, name, "no option has this UUID")
		}
		return func(v any) bool {
			list, ok := v.([]string)
			return v == any(want) || ok && slices.Contains(list, want)
		}, nil
	case "date":
		if _, err := time.Parse(time.DateOnly, want); err != nil {
			return nil, bad(name, "not a day like 2025-03-14")
		}
	case "date_time":
		at, ok := parseTime(want)
		if !ok {
			return nil, bad(name, "not an ISO 8601 time with its offset")
		}
		return func(v any) bool { return v.(time.Time).Equal(at) }, nil
	}
	return func(v any) bool { return v == any(want) || s.o.FoldText && strings.EqualFold(v.(string), want) }, nil
}

// parseTime reads RFC 3339.
func parseTime(text string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, strings.ToUpper(text))
	return t, err == nil
}

func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range text {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", c) {
			return false
		}
	}
	return true
}

// shown writes a stored value as JSON shows it; filter is the form a filter takes.
func (s *Server) shown(v any) (value any, filter string) {
	switch v := v.(type) {
	case string:
		if isUUID(v) {
			v = s.show(v)
		}
		return v, v
	case []string:
		list := []string{}
		for _, id := range v {
			list = append(list, s.show(id))
		}
		return list, strings.Join(list[:min(1, len(list))], "")
	case time.Time:
		return v.Format(time.RFC3339), v.Format(time.RFC3339)
	case float64:
		return v, strconv.FormatFloat(v, 'f', -1, 64)
	}
	return v, fmt.Sprint(v)
}
