package defect

import (
	"slices"
	"strconv"
	"strings"
)

// ask changes the request under a condition.
func ask(w when, edit func(x *exchange)) step {
	return func(x *exchange) *reply {
		if w(x) {
			edit(x)
		}
		return x.send()
	}
}

// change edits an answer; outcome is a condition on one.
type (
	change  func(x *exchange, p *reply)
	outcome func(x *exchange, p *reply) bool
)

// tell changes a success answer under a condition on the request.
func tell(w when, edit change) step {
	return func(x *exchange) *reply {
		p := x.send()
		if p.ok() && w(x) {
			edit(x, p)
		}
		return p
	}
}

// refused changes an answer with one of the statuses.
func refused(w when, edit change, statuses ...int) step {
	return func(x *exchange) *reply {
		p := x.send()
		if w(x) && slices.Contains(statuses, p.status) {
			edit(x, p)
		}
		return p
	}
}

// answers answers with a status instead of passing the request on.
func answers(w when, status int) step {
	return func(x *exchange) *reply {
		if w(x) {
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

// items changes a comma-separated list.
func items(name string, edit func([]string) []string) func(*exchange) {
	return func(x *exchange) { x.set(name, strings.Join(edit(strings.Split(x.get(name), ",")), ",")) }
}

func first(all []string) []string    { return all[:1] }
func firstTwo(all []string) []string { return all[:2] }
func last(all []string) []string     { return all[len(all)-1:] }

// listed matches a parameter with a list of at least n items.
func listed(name string, n int) when {
	return func(x *exchange) bool { return strings.Count(x.get(name), ",") >= n-1 }
}

// otherwise drops parameters and asks again when the answer refuses or finds nothing.
func otherwise(w when, names ...string) step {
	return func(x *exchange) *reply {
		p := x.send()
		if w(x) && (p.status == 400 || p.status == 404 || p.status == 422 || p.ok() && len(p.rows()) == 0) {
			x.drop(names...)
			return x.send()
		}
		return p
	}
}

// where changes the answers that pass.
func where(pass outcome, edit change) change {
	return func(x *exchange, p *reply) {
		if pass(x, p) {
			edit(x, p)
		}
	}
}

func answered(codes ...int) outcome {
	return func(_ *exchange, p *reply) bool { return slices.Contains(codes, p.status) }
}

// over matches an answer with more than n rows.
func over(n int) outcome {
	return func(_ *exchange, p *reply) bool { return len(p.rows()) > n }
}

// full matches an answer with as many rows as a parameter allows, but more than
// one.
func full(name string) outcome {
	return func(x *exchange, p *reply) bool { return len(p.rows()) == x.number(name) && len(p.rows()) > 1 }
}

// foundNothing changes a success answer without rows.
func foundNothing(w when, edit change) step {
	return tell(w, where(func(_ *exchange, p *reply) bool { return p.rows() != nil && len(p.rows()) == 0 }, edit))
}

// changed replaces the rows.
func changed(edit func(all []any) []any) change {
	return func(_ *exchange, p *reply) { p.setRows(edit(p.rows())) }
}

// only leaves the rows that pass.
func only(pass func(row object) bool) change {
	return changed(func(all []any) []any { return keep(all, pass) })
}

func keep(all []any, pass func(row object) bool) []any {
	left := []any{}
	for _, v := range all {
		if row, ok := v.(object); ok && pass(row) {
			left = append(left, v)
		}
	}
	return left
}

func reversed(all []any) []any {
	all = slices.Clone(all)
	slices.Reverse(all)
	return all
}

func butLast(all []any) []any  { return all[:max(0, len(all)-1)] }
func butFirst(all []any) []any { return all[min(1, len(all)):] }
func twice(all []any) []any    { return append(all, all[max(0, len(all)-1):]...) }

func lastFirst(all []any) []any {
	n := max(0, len(all)-1)
	return append(all[n:len(all):len(all)], all[:n]...)
}

// lastTwoSwapped swaps the last two rows.
func lastTwoSwapped(all []any) []any {
	if n := len(all); n > 1 {
		all[n-1], all[n-2] = all[n-2], all[n-1]
	}
	return all
}

func upTo(n int) func([]any) []any {
	return func(all []any) []any { return all[:min(n, len(all))] }
}

// pick reports whether the row at i of n is selected.
type pick func(i, n int, row object) bool

// each changes the selected rows; the others stay.
func each(meant pick, edit func(row object)) change {
	return changed(func(all []any) []any {
		for i, v := range all {
			if row, ok := v.(object); ok && meant(i, len(all), row) {
				edit(row)
			}
		}
		return all
	})
}

func every(int, int, object) bool      { return true }
func lastRow(i, n int, _ object) bool  { return i == n-1 }
func thirdRow(i, _ int, _ object) bool { return i == 2 }

// which picks the rows whose member has a value.
func which(name, want string) pick {
	return func(_, _ int, row object) bool { return text(row[name]) == want }
}

// member sets a member of a row, unset removes it.
func member(name string, value any) func(object) { return func(row object) { row[name] = value } }
func unset(name string) func(object)             { return func(row object) { delete(row, name) } }

// metaOf changes a number of meta.
func metaOf(name string, edit func(n int) any) change {
	return func(_ *exchange, p *reply) {
		p.meta(func(m object) {
			n, err := strconv.Atoi(text(m[name]))
			if err == nil {
				m[name] = edit(n)
			}
		})
	}
}

func oneMore(n int) any { return n + 1 }

// status changes the status and keeps the body.
func status(code int) change { return func(_ *exchange, p *reply) { p.status = code } }

// becomes turns the answer into an error of the server's own; gives answers
// with something that is not an error.
func becomes(code int) change {
	return func(_ *exchange, p *reply) { *p = *fail(code) }
}

func gives(code int, body any) change {
	return func(_ *exchange, p *reply) { *p = *answer(code, body) }
}

// media answers another Content-Type.
func media(kind string) change {
	return func(_ *exchange, p *reply) { p.header.Set("Content-Type", kind) }
}

// coded writes another problem code into an error.
func coded(code string) change {
	return top(func(o object) {
		if t, ok := o["type"].(string); ok {
			o["type"] = t[:strings.LastIndex(t, "/")+1] + code
		}
		o["code"] = code
	})
}

// top changes the top level of the body.
func top(edit func(o object)) change {
	return func(_ *exchange, p *reply) {
		if o := p.json(); o != nil {
			edit(o)
			p.set(o)
		}
	}
}
