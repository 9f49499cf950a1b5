package defect

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// ask changes the request under a condition.
func ask(w when, edit func(x *exchange)) step {
	return func(x *exchange) *reply {
		if w.is(x) {
			edit(x)
		}
		return x.send()
	}
}

// tell changes an answer of success under a condition of the request.
func tell(w when, edit func(x *exchange, p *reply)) step {
	return func(x *exchange) *reply {
		p := x.send()
		if p.ok() && w.is(x) {
			edit(x, p)
		}
		return p
	}
}

// refused changes an answer with one of the statuses.
func refused(w when, edit func(x *exchange, p *reply), statuses ...int) step {
	return func(x *exchange) *reply {
		p := x.send()
		if w.is(x) && slices.Contains(statuses, p.status) {
			edit(x, p)
		}
		return p
	}
}

// answers answers a status instead of passing the request on.
func answers(w when, status int) step {
	return func(x *exchange) *reply {
		if w.is(x) {
			return fail(status)
		}
		return x.send()
	}
}

// without drops parameters.
func without(names ...string) func(*exchange) {
	return func(x *exchange) { x.drop(names...) }
}

// with sets a parameter.
func with(name, value string) func(*exchange) {
	return func(x *exchange) { x.set(name, value) }
}

// items changes a comma list.
func items(name string, edit func([]string) []string) func(*exchange) {
	return func(x *exchange) { x.set(name, strings.Join(edit(strings.Split(x.get(name), ",")), ",")) }
}

func first(all []string) []string { return all[:1] }
func last(all []string) []string  { return all[len(all)-1:] }

// listed is a list of at least n items.
func listed(name string, n int) when {
	return when{"", func(x *exchange) bool { return strings.Count(x.get(name), ",") >= n-1 }}
}

// otherwise drops parameters and asks again when the answer refuses or finds nothing.
func otherwise(w when, names ...string) step {
	return func(x *exchange) *reply {
		p := x.send()
		if w.is(x) && (p.status == 400 || p.status == 404 || p.status == 422 || p.ok() && len(p.rows()) == 0) {
			x.drop(names...)
			return x.send()
		}
		return p
	}
}

// changed replaces the rows.
func changed(edit func(all []any) []any) func(*exchange, *reply) {
	return func(_ *exchange, p *reply) { p.setRows(edit(p.rows())) }
}

func reversed(all []any) []any {
	all = slices.Clone(all)
	slices.Reverse(all)
	return all
}

func butLast(all []any) []any  { return all[:max(0, len(all)-1)] }
func butFirst(all []any) []any { return all[min(1, len(all)):] }
func twice(all []any) []any    { return append(all, all[max(0, len(all)-1):]...) }

func upTo(n int) func([]any) []any {
	return func(all []any) []any { return all[:min(n, len(all))] }
}

// each changes the rows pick says; the others stay.
func each(pick func(i, n int, row object) bool, edit func(row object)) func(*exchange, *reply) {
	return changed(func(all []any) []any {
		for i, v := range all {
			if row, ok := v.(object); ok && pick(i, len(all), row) {
				edit(row)
			}
		}
		return all
	})
}

func every(int, int, object) bool      { return true }
func lastRow(i, n int, _ object) bool  { return i == n-1 }
func thirdRow(i, _ int, _ object) bool { return i == 2 }

// which picks the rows with a member of a value.
func which(name, want string) func(int, int, object) bool {
	return func(_, _ int, row object) bool { return text(row[name]) == want }
}

// member sets a member of a row, unset removes it.
func member(name string, value any) func(object) { return func(row object) { row[name] = value } }
func unset(name string) func(object)             { return func(row object) { delete(row, name) } }

// metaOf changes a number of meta.
func metaOf(name string, edit func(n int) any) func(*exchange, *reply) {
	return func(_ *exchange, p *reply) {
		p.meta(func(m object) {
			n, err := strconv.Atoi(text(m[name]))
			if err == nil {
				m[name] = edit(n)
			}
		})
	}
}

// status answers another status with the body as it is.
func status(code int) func(*exchange, *reply) { return func(_ *exchange, p *reply) { p.status = code } }

// becomes answers an error of the server's own.
func becomes(code int) func(*exchange, *reply) {
	return func(_ *exchange, p *reply) { *p = *fail(code) }
}

// media answers another Content-Type.
func media(kind string) func(*exchange, *reply) {
	return func(_ *exchange, p *reply) { p.header.Set("Content-Type", kind) }
}

// top changes the top of the body.
func top(edit func(o object)) func(*exchange, *reply) {
	return func(_ *exchange, p *reply) {
		if o := p.json(); o != nil {
			edit(o)
			p.set(o)
		}
	}
}

// fieldNames returns the custom-field parameters in order.
func (x *exchange) fieldNames() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(x.query())) {
		if strings.HasPrefix(name, fieldPrefix) {
			all = append(all, name)
		}
	}
	return all
}

// accept makes a POST's answer of nothing.
func accept(*exchange) *reply {
	p := &reply{status: http.StatusCreated, header: http.Header{"Content-Type": {"application/json"}}}
	p.set(object{})
	return p
}
