package defect

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// when is a condition of a request and the words that end a sentence with it.
type when struct {
	words string
	is    func(x *exchange) bool
}

const fieldPrefix = "custom_field_"

// filters are the parameters of a list that restrict it, search included.
var filters = []string{
	"query", "q", "status", "inbox_id", "assignee_id", "priority", "tag_ids",
	"created_after", "created_before", "updated_after", "updated_before",
}

func on(op string) when { return when{"", func(x *exchange) bool { return x.op == op }} }

func and(all ...when) when {
	words := []string{}
	for _, w := range all {
		if w.words != "" {
			words = append(words, w.words)
		}
	}
	return when{strings.Join(words, " and "), func(x *exchange) bool {
		for _, w := range all {
			if !w.is(x) {
				return false
			}
		}
		return true
	}}
}

func not(w when) when { return when{"", func(x *exchange) bool { return !w.is(x) }} }

func has(name string) when {
	return when{"with " + name, func(x *exchange) bool { return x.query().Has(name) }}
}

func value(name, want string) when {
	return when{"for " + name + "=" + want, func(x *exchange) bool { return x.get(name) == want }}
}

// number reads a parameter, 0 without.
func (x *exchange) number(name string) int {
	n, _ := strconv.Atoi(x.get(name))
	return n
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

var (
	late       = when{"on the third page and later", func(x *exchange) bool { return x.number("page") >= 3 }}
	second     = when{"on the second page", func(x *exchange) bool { return x.number("page") == 2 }}
	tiny       = when{"on pages of three rows or fewer", func(x *exchange) bool { n := x.number("per_page"); return n > 0 && n <= 3 }}
	big        = when{"on pages of fifty rows or more", func(x *exchange) bool { return x.number("per_page") >= 50 }}
	filtered   = when{"under a filter", func(x *exchange) bool { return x.filters() > 0 }}
	twoFilters = when{"when another filter is given", func(x *exchange) bool { return x.filters() > 1 }}
	searched   = when{"together with a search", func(x *exchange) bool { return x.query().Has("query") || x.query().Has("q") }}
	withField  = when{"together with a custom field", func(x *exchange) bool { return len(x.fieldNames()) > 0 }}
	byPriority = when{"when sorted by priority", value("sort", "priority").is}
	ascending  = when{"in ascending order", value("order", "asc").is}
	byNumber   = when{"by ticket_number", func(x *exchange) bool { return x.ticket != "" && strings.Trim(x.ticket, "0123456789") == "" }}
	byID       = when{"by UUID", func(x *exchange) bool { return uuids.MatchString(x.ticket) }}
	head       = when{"on HEAD", func(x *exchange) bool { return x.r.Method == http.MethodHead }}
	otherPost  = when{"for the second note and later", func(x *exchange) bool { return x.m.posts > 1 }}
	anything   = when{"", func(*exchange) bool { return true }}
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

func shape(v string) string {
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

// afternoon is a time of day from noon on, in UTC.
func afternoon(name string) when {
	return when{"for times of the afternoon", func(x *exchange) bool { t, ok := x.instant(name); return ok && t.UTC().Hour() >= 12 }}
}

// offset is a time that is not written in UTC.
func offset(name string) when {
	return when{"with an offset", func(x *exchange) bool {
		t, ok := x.instant(name)
		_, seconds := t.Zone()
		return ok && seconds != 0
	}}
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
