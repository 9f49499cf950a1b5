package defect

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// when is a condition on a request.
type when func(x *exchange) bool

const fieldPrefix = "custom_field_"

// filters are the parameters of a list that restrict it, search included.
var filters = []string{
	"query", "q", "status", "inbox_id", "assignee_id", "priority", "tag_ids",
	"created_after", "created_before", "updated_after", "updated_before",
}

func on(op string) when { return func(x *exchange) bool { return x.op == op } }

func and(all ...when) when {
	return func(x *exchange) bool {
		return !slices.ContainsFunc(all, func(w when) bool { return !w(x) })
	}
}

func not(w when) when { return func(x *exchange) bool { return !w(x) } }

func has(name string) when { return func(x *exchange) bool { return x.query().Has(name) } }

func value(name, want string) when { return func(x *exchange) bool { return x.get(name) == want } }

// number reads a parameter, 0 without.
func (x *exchange) number(name string) int {
	n, _ := strconv.Atoi(x.get(name))
	return n
}

// fieldNames returns the custom-field parameters in order.
func (x *exchange) fieldNames() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(x.query())), func(name string) bool { return !strings.HasPrefix(name, fieldPrefix) })
}

func (x *exchange) filters() int {
	n := len(x.fieldNames())
	for _, name := range filters {
		if x.query().Has(name) {
			n++
		}
	}
	return n
}

func late(x *exchange) bool       { return x.number("page") >= 3 }
func second(x *exchange) bool     { return x.number("page") == 2 }
func tiny(x *exchange) bool       { return x.number("per_page") > 0 && x.number("per_page") <= 3 }
func big(x *exchange) bool        { return x.number("per_page") >= 50 }
func oddSize(x *exchange) bool    { return x.number("per_page")%2 == 1 }
func filtered(x *exchange) bool   { return x.filters() > 0 }
func twoFilters(x *exchange) bool { return x.filters() > 1 }
func searched(x *exchange) bool   { return x.query().Has("query") || x.query().Has("q") }
func withField(x *exchange) bool  { return len(x.fieldNames()) > 0 }
func byID(x *exchange) bool       { return uuids.MatchString(x.ticket) }
func head(x *exchange) bool       { return x.r.Method == http.MethodHead }
func otherPost(x *exchange) bool  { return x.m.posts > 1 }
func anything(*exchange) bool     { return true }

func byNumber(x *exchange) bool { return x.ticket != "" && strings.Trim(x.ticket, "0123456789") == "" }

// noted matches a request about a ticket that got a note.
func noted(x *exchange) bool { return slices.Contains(x.m.written, x.id()) }

var (
	byPriority = value("sort", "priority")
	ascending  = value("order", "asc")
)

var (
	uuids = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	days  = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	nums  = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
)

// The shapes of values.
const (
	shapeUUID   = "a UUID"
	shapeDay    = "a day"
	shapeTime   = "a time"
	shapeNumber = "a number"
	shapeBool   = "true or false"
	shapeEmpty  = "__empty__"
	shapeText   = "a text"
)

func shapeOf(v string) string {
	switch _, err := time.Parse(time.RFC3339, strings.ToUpper(v)); {
	case v == shapeEmpty:
		return shapeEmpty
	case uuids.MatchString(v):
		return shapeUUID
	case days.MatchString(v):
		return shapeDay
	case err == nil:
		return shapeTime
	case nums.MatchString(v):
		return shapeNumber
	case v == "true" || v == "false":
		return shapeBool
	}
	return shapeText
}

// instant reads a parameter that is a time.
func (x *exchange) instant(name string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, strings.ToUpper(x.get(name)))
	return t, err == nil
}

// moved shifts a time parameter, if it is one.
func moved(name string, move func(time.Time) time.Time) func(*exchange) {
	return func(x *exchange) {
		if t, ok := x.instant(name); ok {
			x.set(name, move(t).Format(time.RFC3339Nano))
		}
	}
}

// afternoon matches a time of day from noon on, in UTC; morning matches an
// earlier one.
func afternoon(name string) when {
	return func(x *exchange) bool { t, ok := x.instant(name); return ok && t.UTC().Hour() >= 12 }
}

func morning(name string) when { return and(readable(name), not(afternoon(name))) }

// readable matches a parameter that is a time.
func readable(name string) when {
	return func(x *exchange) bool { _, ok := x.instant(name); return ok }
}

// fraction matches a time written with a fraction of a second.
func fraction(name string) when {
	return func(x *exchange) bool { return strings.Contains(x.get(name), ".") }
}

// offset matches a time not written in UTC.
func offset(name string) when {
	return func(x *exchange) bool {
		t, ok := x.instant(name)
		_, seconds := t.Zone()
		return ok && seconds != 0
	}
}

// asUTC takes the clock time for UTC.
func asUTC(t time.Time) time.Time {
	_, seconds := t.Zone()
	return t.Add(time.Duration(seconds) * time.Second).UTC()
}

func midnight(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

func later(by time.Duration) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.Add(by) }
}

// cut truncates times.
func cut(to time.Duration) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.Truncate(to) }
}
