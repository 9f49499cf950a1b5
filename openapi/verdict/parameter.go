package verdict

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/openapi"
)

// parameter is a documented parameter with its compiled schema.
type parameter struct {
	name, in    string
	description string
	required    bool
	example     string // as written in a request
	kind        string // string, integer or array
	format      string // of the value or of an array's items
	enum        []string
	line        int
	schema      *schema
}

// missing reports the required parameters that were not sent.
func (o *operation) missing(in string, sent func(name string) bool) []openapi.Violation {
	var out []openapi.Violation
	for _, p := range o.parameters {
		if p.in == in && p.required && !sent(p.name) {
			out = append(out, openapi.Violation{
				Where: in + "." + p.name, Rule: openapi.RuleRequired, Reason: "is missing",
				Hint: "write for example " + p.written(p.example), Line: p.line,
			})
		}
	}
	return out
}

// check judges one value of the parameter; raw is the value before decoding.
func (p *parameter) check(where, value, raw string) []openapi.Violation {
	typed, ok := p.parse(value)
	if !ok {
		v := openapi.Violation{Where: where, Rule: openapi.RuleType, Got: show(value), Reason: "is not an " + p.kind, Line: p.line}
		v.Hint = p.hint(v, raw)
		return []openapi.Violation{v}
	}
	found := p.schema.check(where, typed)
	for i := range found {
		v := &found[i]
		v.Where = where // the whole list stands under one name
		v.Line = cmp.Or(v.Line, p.line)
		if v.Rule == openapi.RulePattern {
			v.Reason = "does not have the documented form: " + strings.TrimSuffix(p.description, ".")
		}
		v.Hint = p.hint(*v, raw)
	}
	return found
}

// parse turns the text of a parameter into the JSON value its schema speaks of. Blanks around the items of a list
// are dropped.
func (p *parameter) parse(value string) (any, bool) {
	switch p.kind {
	case "integer":
		n, err := strconv.ParseInt(value, 10, 64)
		return n, err == nil
	case "number":
		n, err := strconv.ParseFloat(value, 64)
		return n, err == nil
	case "boolean":
		return value == "true", value == "true" || value == "false"
	case "array":
		var items []any
		for item := range strings.SplitSeq(value, ",") {
			items = append(items, strings.TrimSpace(item))
		}
		return items, true
	}
	return value, true
}

func (p *parameter) repeated(where string) openapi.Violation {
	v := openapi.Violation{
		Where: where, Rule: openapi.RuleRepeated, Reason: "is sent more than once",
		Hint: "send " + p.name + " once", Line: p.line,
	}
	if p.kind == "array" {
		sample := p.example + "," + p.example
		if len(p.enum) > 1 {
			sample = strings.Join(p.enum[:2], ",")
		}
		v.Hint = "send it once, with commas: " + p.written(sample)
	}
	return v
}
