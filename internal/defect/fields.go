package defect

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// field matches a custom-field parameter whose value has a shape.
func field(s string) when {
	return func(x *exchange) bool { return x.op == list && len(x.shaped(s)) > 0 }
}

// shaped returns the custom-field parameters with values of a shape.
func (x *exchange) shaped(s string) []string {
	return slices.DeleteFunc(x.fieldNames(), func(name string) bool { return shapeOf(x.get(name)) != s })
}

// withoutShape drops the custom fields of a shape.
func withoutShape(s string) func(*exchange) {
	return func(x *exchange) { x.drop(x.shaped(s)...) }
}

// valued changes the values of a shape.
func valued(s string, edit func(string) string) func(*exchange) {
	return func(x *exchange) {
		for _, name := range x.shaped(s) {
			x.set(name, edit(x.get(name)))
		}
	}
}

// nowhere makes a request find nothing, with two filters that contradict each
// other.
func nowhere(x *exchange) {
	x.set("created_after", "2999-01-01T00:00:00Z")
}

// count matches a number of custom-field parameters.
func count(n int) when {
	return func(x *exchange) bool { return x.op == list && len(x.fieldNames()) >= n }
}

// known reports whether the server has the custom field, that is, whether it
// accepts __empty__ for it.
func (x *exchange) known(name string) bool {
	return x.other(x.r.URL.Path + "?" + url.Values{name: {shapeEmpty}}.Encode()).ok()
}

// forgiven drops the custom fields that the server refuses and sends the
// request again.
func forgiven(pick func(x *exchange, name string) bool) step {
	return func(x *exchange) *reply {
		p := x.send()
		if x.op != list || p.status != 400 {
			return p
		}
		for _, name := range x.fieldNames() {
			if pick(x, name) {
				x.drop(name)
				p = nil
			}
		}
		if p == nil {
			return x.send()
		}
		return fail(400)
	}
}

// learned picks known fields that once accepted a value of the shape and are
// now sent one of another shape.
func learned(s string) func(*exchange, string) bool {
	return func(x *exchange, name string) bool {
		return x.m.shapes[name] == s && shapeOf(x.get(name)) != s && shapeOf(x.get(name)) != shapeEmpty
	}
}

func clock(move func(time.Time) time.Time) func(string) string {
	return func(v string) string {
		t, err := time.Parse(time.RFC3339, strings.ToUpper(v))
		if err != nil {
			return v
		}
		return move(t).Format(time.RFC3339)
	}
}

func nextDay(v string) string {
	t, err := time.Parse(time.DateOnly, v)
	if err != nil {
		return v
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// fields breaks the custom-field filters.
func fields() []Defect {
	var all []Defect
	for _, f := range []struct{ shape, id string }{
		{shapeUUID, "IO-CF-11"},
		{shapeDay, "IO-CF-16"},
		{shapeTime, "IO-CF-19"},
		{shapeNumber, "IO-CF-01"},
		{shapeBool, "IO-CF-01"},
		{shapeText, "IO-CF-01"},
		{shapeEmpty, "IO-CF-04"},
	} {
		name, here := "a custom field with "+f.shape, field(f.shape)
		all = append(all,
			always(f.id, name+" is ignored", ask(here, withoutShape(f.shape))),
			always(f.id, name+" finds nothing", ask(and(here, single), nowhere)),
			sometimes("IO-CF-03", name+" is ignored together with a filter", ask(and(here, twoFilters, not(count(2))), withoutShape(f.shape))),
			sometimes(everyPage, name+" is ignored on later pages", ask(and(here, late), withoutShape(f.shape))))
	}
	return slices.Concat(all, values(), keysOfFields())
}

// single matches a list with exactly one filter.
func single(x *exchange) bool { return x.filters() == 1 }

func values() []Defect {
	matching := func(s, pattern string) when {
		re := regexp.MustCompile(pattern)
		return func(x *exchange) bool {
			return x.op == list && slices.ContainsFunc(x.shaped(s), func(name string) bool { return re.MatchString(x.get(name)) })
		}
	}
	return []Defect{
		always("IO-CF-16", "days are off by one", ask(field(shapeDay), valued(shapeDay, nextDay))),
		sometimes("IO-CF-16", "the last days of a month are the first of the next", ask(matching(shapeDay, `-(28|29|30|31)$`), valued(shapeDay, nextDay))),
		sometimes("IO-CF-16", "days of the first half of a month are ignored", ask(matching(shapeDay, `-(0\d|1[0-4])$`), withoutShape(shapeDay))),
		sometimes("IO-CF-19", "times of the afternoon are of the morning", ask(matching(shapeTime, `(?i)T(1[2-9]|2\d)`), valued(shapeTime, clock(later(-12*time.Hour))))),
		sometimes("IO-CF-19", "seconds do not count", ask(matching(shapeTime, `:\d\d:0[1-9]`), valued(shapeTime, clock(cut(time.Minute))))),
		always("IO-CF-19", "times are cut to the hour", ask(field(shapeTime), valued(shapeTime, clock(cut(time.Hour))))),
		sometimes("IO-CF-19", "times are cut to the day", ask(field(shapeTime), valued(shapeTime, clock(midnight)))),
		sometimes("IO-CF-21", "offsets are not known", ask(matching(shapeTime, `[+-]\d\d:\d\d$`), valued(shapeTime, clock(asUTC)))),
		sometimes("IO-CF-21", "offsets are refused", answers(matching(shapeTime, `[+-]\d\d:\d\d$`), 400)),
		sometimes("IO-CF-01", "10 is 1", ask(matching(shapeNumber, `^[1-9]0+$`), valued(shapeNumber, func(v string) string { return strings.TrimRight(v, "0") }))),
		sometimes("IO-CF-01", "numbers with a fraction lose it", ask(matching(shapeNumber, `\.`), valued(shapeNumber, replace(`\..*`, "")))),
		sometimes("IO-CF-01", "negative numbers are positive", ask(matching(shapeNumber, `^-`), valued(shapeNumber, replace(`^-`, "")))),
		sometimes("IO-CF-01", "zero is ignored", ask(matching(shapeNumber, `^0$`), withoutShape(shapeNumber))),
		sometimes("IO-CF-01", "false is ignored", ask(matching(shapeBool, `false`), withoutShape(shapeBool))),
		sometimes("IO-CF-01", "false is true", ask(matching(shapeBool, `false`), valued(shapeBool, func(string) string { return "true" }))),
		sometimes("IO-CF-01", "a text ends at its first blank", ask(matching(shapeText, `\S \S`), valued(shapeText, replace(` .*`, "")))),
		sometimes("IO-CF-01", "a text ends at its first comma", ask(matching(shapeText, `,`), valued(shapeText, replace(`,.*`, "")))),
		sometimes("IO-CF-01", "texts that are not ASCII are not found", ask(matching(shapeText, `[^\x00-\x7f]`), nowhere)),
		sometimes("IO-CF-01", "texts with a percent sign are ignored", ask(matching(shapeText, `%`), withoutShape(shapeText))),
		sometimes("IO-CF-01", "texts with a digit at the end lose it", ask(matching(shapeText, `^R-\d+$`), valued(shapeText, replace(`\d$`, "")))),
		sometimes("IO-CF-01", "addresses end at their first question mark", ask(matching(shapeText, `\?`), valued(shapeText, replace(`\?.*`, "")))),
		sometimes("IO-CF-01", "a plus sign is a blank", ask(matching(shapeText, `\+`), valued(shapeText, replace(`\+`, " ")))),
		sometimes("IO-CF-11", "options whose id ends in a letter are ignored", ask(matching(shapeUUID, `[a-fA-F]$`), withoutShape(shapeUUID))),
		sometimes("IO-CF-14", "an option finds one ticket at most", tell(field(shapeUUID), changed(upTo(1)))),
		always("IO-CF-13", "a UUID that is no option is ignored", func(x *exchange) *reply {
			p := x.send()
			if names := x.shaped(shapeUUID); x.op == list && len(names) > 0 && (p.status == 400 || p.ok() && len(p.rows()) == 0) {
				x.drop(names...)
				return x.send()
			}
			return p
		}),
		always("IO-CF-12", "an option's name is ignored", forgiven(learned(shapeUUID))),
		always("IO-CF-15", "an option's name finds nothing", refused(func(x *exchange) bool {
			return x.op == list && len(x.fieldNames()) == 1 && learned(shapeUUID)(x, x.fieldNames()[0])
		}, func(x *exchange, p *reply) { nowhere(x); x.drop(x.fieldNames()...); *p = *x.send() }, 400)),
		always("IO-CF-17", "a day in another form is ignored", forgiven(func(x *exchange, name string) bool {
			return strings.Contains(x.get(name), "/") && learned(shapeDay)(x, name)
		})),
		sometimes("IO-CF-18", "an impossible day is ignored", forgiven(func(x *exchange, name string) bool {
			_, err := time.Parse(time.DateOnly, x.get(name))
			return err != nil && shapeOf(x.get(name)) == shapeDay
		})),
		always("IO-CF-20", "an unparseable time is ignored", forgiven(learned(shapeTime))),
	}
}

func keysOfFields() []Defect {
	empty := field(shapeEmpty)
	extra := func(n int) func(*exchange) {
		return func(x *exchange) { x.drop(x.fieldNames()[n:]...) }
	}
	repeated := func(x *exchange) []string {
		return slices.DeleteFunc(x.fieldNames(), func(name string) bool { return len(x.query()[name]) < 2 })
	}
	again := func(x *exchange) bool { return x.op == list && len(repeated(x)) > 0 }
	ofShape := func(s string) when {
		return func(x *exchange) bool {
			return x.op == list && slices.ContainsFunc(x.shaped(shapeEmpty), func(name string) bool { return x.m.shapes[name] == s })
		}
	}
	one := func(i func(n int) int) func(*exchange) {
		return func(x *exchange) {
			for _, name := range repeated(x) {
				all := x.query()[name]
				x.set(name, all[i(len(all))])
			}
		}
	}
	all := []Defect{
		always("IO-CF-02", "the second custom field is ignored", ask(count(2), extra(1))),
		sometimes("IO-CF-02", "the third custom field is ignored", ask(count(3), extra(2))),
		sometimes("IO-CF-02", "the second custom field is ignored on small pages", ask(and(count(2), tiny), extra(1))),
		sometimes("IO-CF-04", "__empty__ is ignored together with another custom field", ask(and(empty, count(2)), withoutShape(shapeEmpty))),
		sometimes(intersection, "__empty__ is ignored together with a status", ask(and(empty, has("status")), withoutShape(shapeEmpty))),
		sometimes("IO-CF-06", "__empty__ shows a ticket with a value too", tell(and(empty, single), func(x *exchange, p *reply) {
			if whole := x.other(x.r.URL.Path + "?sort=created_at&order=asc").rows(); len(p.rows()) > 0 {
				p.setRows(append(missing(whole, p.rows()), p.rows()[1:]...))
			}
		})),
		always("IO-CF-07", "an unknown custom field is ignored", forgiven(func(x *exchange, name string) bool { return !x.known(name) })),
		sometimes("IO-CF-07", "an unknown custom field is ignored together with another", forgiven(func(x *exchange, name string) bool {
			return len(x.fieldNames()) > 1 && !x.known(name)
		})),
		always("IO-CF-08", "of a custom field sent twice the first counts", ask(again, one(func(int) int { return 0 }))),
		always("IO-CF-08", "of a custom field sent twice the last counts", ask(again, one(func(n int) int { return n - 1 }))),
		always("IO-CF-09", "ten custom fields are too many", answers(count(10), 400)),
		sometimes("IO-CF-09", "five custom fields are too many", answers(count(5), 400)),
		always("IO-CF-10", "eleven custom fields are read as ten", ask(count(11), extra(10))),
		sometimes("IO-CF-10", "eleven times __empty__ is read as ten", ask(and(count(11), func(x *exchange) bool {
			return !slices.ContainsFunc(x.fieldNames(), func(name string) bool { return x.get(name) != shapeEmpty })
		}), extra(10))),
		sometimes("IO-CF-22", "a custom field with an inbox finds nothing", tell(and(has("inbox_id"), count(1)), changed(upTo(0)))),
		always("IO-CF-24", "keys are written without underscores", answers(func(x *exchange) bool {
			return strings.Contains(strings.TrimPrefix(strings.Join(x.fieldNames(), ""), fieldPrefix), "_")
		}, 400)),
		always("IO-CF-25", "a custom field's refusal has another code", refused(count(1), coded("invalid_filter"), 400)),
		sometimes("IO-CF-25", "an unknown custom field's refusal is 404 by code", refused(func(x *exchange) bool {
			return len(x.fieldNames()) == 1 && !x.known(x.fieldNames()[0])
		}, coded("not_found"), 400)),
	}
	for _, s := range []string{shapeUUID, shapeDay, shapeTime} {
		all = append(all, sometimes("IO-CF-05", "__empty__ is refused where values are "+s, answers(ofShape(s), 400)))
	}
	return all
}

// missing returns the first row that is not among others.
func missing(all, others []any) []any {
	for _, v := range all {
		row, _ := v.(object)
		if len(keep(others, func(o object) bool { return o["id"] == row["id"] })) == 0 {
			return []any{v}
		}
	}
	return nil
}
