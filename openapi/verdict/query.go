package verdict

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/openapi"
)

// argument is one name=value of a query string.
type argument struct {
	name, value string
	raw         string // the value before decoding
	broken      string // why it cannot be decoded
}

// arguments splits a query string. Unlike url.ParseQuery it keeps the order and what it cannot decode.
func arguments(query string) []argument {
	var all []argument
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		a := argument{name: name, value: value, raw: value}
		decodedName, nameErr := url.QueryUnescape(name)
		decodedValue, valueErr := url.QueryUnescape(value)
		switch {
		case nameErr != nil || valueErr != nil:
			a.broken = "is not valid %-encoding"
		case !utf8.ValidString(decodedName) || !utf8.ValidString(decodedValue):
			a.broken = "is not UTF-8"
		default:
			a.name, a.value = decodedName, decodedValue
		}
		all = append(all, a)
	}
	return all
}

// checkQuery judges a query string against an operation.
func (o *operation) checkQuery(query string, p *openapi.Pattern) []openapi.Violation {
	var out []openapi.Violation
	seen := map[string]int{}
	keys := 0
	for _, a := range arguments(query) {
		if len(out) > maximum {
			break // clients may send any number
		}
		where := member("query", a.name)
		if a.broken != "" {
			out = append(out, openapi.Violation{
				Where: where, Rule: openapi.RuleEncoding, Got: show(a.raw), Reason: a.broken,
				Hint: "encode UTF-8 bytes, and write a percent sign itself as %25",
			})
			continue
		}
		seen[a.name]++
		if key, ok := p.Cut(a.name); ok {
			if seen[a.name] == 1 {
				keys++
			}
			out = append(out, made(p, where, key, a, seen[a.name])...)
			continue
		}
		known := o.queryParameter(a.name)
		if known == nil {
			if seen[a.name] == 1 {
				out = append(out, o.unknown(where, a))
			}
			continue
		}
		if seen[a.name] == 2 {
			out = append(out, known.repeated(where))
		}
		out = append(out, known.check(where, a.value, a.raw)...)
	}
	if p != nil && keys > p.Maximum {
		out = append(out, tooMany(p, keys))
	}
	return append(out, o.missing("query", func(name string) bool { return seen[name] > 0 })...)
}

// queryParameter returns the documented parameter of a query, or nil.
func (o *operation) queryParameter(name string) *parameter {
	i := slices.IndexFunc(o.parameters, func(p *parameter) bool { return p.in == "query" && p.name == name })
	if i < 0 {
		return nil
	}
	return o.parameters[i]
}

func tooMany(p *openapi.Pattern, keys int) openapi.Violation {
	return openapi.Violation{
		Where: "query", Rule: openapi.RuleTooMany, Got: fmt.Sprint(keys),
		Reason: fmt.Sprintf("is the number of distinct %s* parameters; at most %d are allowed", p.Prefix, p.Maximum),
		Hint:   fmt.Sprintf("send %d or fewer", p.Maximum),
	}
}

// made judges one parameter made after a pattern, sent for the nth time.
func made(p *openapi.Pattern, where, key string, a argument, nth int) []openapi.Violation {
	var out []openapi.Violation
	if nth == 1 && !p.Fits(key) {
		out = append(out, openapi.Violation{
			Where: where, Rule: openapi.RulePattern, Got: show(a.name), Reason: "does not end in a snake_case key",
			Hint: "write the field's key as in a ticket's custom_fields, for example " + p.Prefix + "order_number=1042",
		})
	}
	if nth == 2 {
		out = append(out, openapi.Violation{
			Where: where, Rule: openapi.RuleRepeated, Reason: "is sent more than once", Hint: "send it once",
		})
	}
	return out
}

func (o *operation) unknown(where string, a argument) openapi.Violation {
	var known []string
	for _, p := range o.parameters {
		if p.in == "query" {
			known = append(known, p.name)
		}
	}
	v := openapi.Violation{
		Where: where, Rule: openapi.RuleUnknownParameter, Got: show(a.value), Reason: "is not a parameter of " + o.id,
		Hint: "this operation has no query parameters",
	}
	if name := suggest.Word(a.name, known); name != "" {
		v.Hint = "did you mean " + name + "?"
	} else if len(known) > 0 {
		v.Hint = "its query parameters are " + strings.Join(known, ", ")
	}
	return v
}
