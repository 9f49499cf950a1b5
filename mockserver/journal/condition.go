package journal

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/glob"
)

// selector is a compiled Filter.
type selector struct {
	after      uint64
	since      time.Time
	conditions []condition
}

// condition is one thing a Filter asks of an exchange.
type condition struct {
	name  string
	want  string
	got   func(*exchange) string
	holds func(*exchange) bool
}

// compile lists the conditions, the verdict last, because it may have to be
// computed.
func (f Filter) compile() selector {
	s := selector{after: f.After, since: f.Since}
	s.equal("method", strings.ToUpper(f.Method), func(x *exchange) string { return x.Method })
	s.equal("service", f.Service, func(x *exchange) string { return cmp.Or(x.Service, None) })
	s.equal("operation", f.Operation, func(x *exchange) string { return cmp.Or(x.Operation, None) })
	s.equal("key_kind", f.KeyKind, func(x *exchange) string { return x.KeyKind })
	if f.Path != "" {
		s.add("path", f.Path, func(x *exchange) string { return x.Path }, func(x *exchange) bool { return glob.Match(f.Path, x.Path) })
	}
	if f.Status != "" {
		s.add("status", string(f.Status), func(x *exchange) string { return strconv.Itoa(x.Status) },
			func(x *exchange) bool { return f.Status.selects(x.Status) })
	}
	if f.Rule != "" {
		s.add("rule", f.Rule, func(x *exchange) string { return cmp.Or(x.Rule, None) },
			func(x *exchange) bool { return x.Rule == f.Rule || f.Rule == "*" && x.Rule != "" })
	}
	for _, name := range slices.Sorted(maps.Keys(f.Header)) {
		want := f.Header[name]
		s.add("header "+name, want, func(x *exchange) string { return strings.Join(x.masker().header(x.RequestHeader).Values(name), ", ") },
			func(x *exchange) bool {
				values := x.RequestHeader.Values(name)
				return want == "*" && len(values) > 0 || want != "*" && slices.Contains(values, want)
			})
	}
	if f.AnswerViolations {
		broken := func(x *exchange) bool { return len(x.AnswerViolations) > 0 }
		s.add("answer_violations", "true", func(x *exchange) string { return strconv.FormatBool(broken(x)) }, broken)
	}
	if f.Violations {
		count := func(x *exchange) int { x.judge(); return len(x.violations) }
		s.add("violations", "true", func(x *exchange) string { return strconv.FormatBool(count(x) > 0) },
			func(x *exchange) bool { return count(x) > 0 })
	}
	return s
}

func (s *selector) add(name, want string, got func(*exchange) string, holds func(*exchange) bool) {
	s.conditions = append(s.conditions, condition{name, want, got, holds})
}

// equal adds a condition that a text is the wanted one, if one is wanted.
func (s *selector) equal(name, want string, got func(*exchange) string) {
	if want != "" {
		s.add(name, want, got, func(x *exchange) bool { return got(x) == want })
	}
}

// matches reports whether the filter selects the exchange.
func (s *selector) matches(x *exchange) bool {
	return s.inScope(x) && len(s.broken(x, 1)) == 0
}

// inScope reports whether the exchange is new enough. An older one is no near
// miss.
func (s *selector) inScope(x *exchange) bool {
	return x.seq > s.after && !x.At.Before(s.since)
}

// broken returns up to most of the conditions that do not hold.
func (s *selector) broken(x *exchange, most int) []condition {
	var broken []condition
	for _, c := range s.conditions {
		if !c.holds(x) {
			broken = append(broken, c)
		}
		if len(broken) == most {
			break
		}
	}
	return broken
}
