package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pb33f/libopenapi/datamodel/high/base"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/openapi"
)

// schema is a schema of the document, both as written and compiled.
type schema struct {
	model    *base.Schema
	shape    *shape
	compiled *jsonschema.Schema
}

// shape is what a schema says of members.
type shape struct {
	members map[string]*shape // that it names: itself, by allOf or by oneOf
	items   *shape            // of an array; nil when it says nothing
	open    bool              // it, or a branch of its oneOf, mentions additional properties, and so names all members
	line    int
}

func shapeOf(s *base.Schema) *shape {
	sh := &shape{members: map[string]*shape{}, open: s.AdditionalProperties != nil, line: s.GoLow().RootNode.Line}
	if items := itemsOf(s); items != nil {
		sh.items = shapeOf(items)
	}
	for _, part := range s.AllOf {
		maps.Copy(sh.members, shapeOf(part.Schema()).members)
	}
	for _, part := range s.OneOf {
		one := shapeOf(part.Schema())
		maps.Copy(sh.members, one.members)
		sh.open = sh.open || one.open
	}
	for name, proxy := range s.Properties.FromOldest() {
		sh.members[name] = shapeOf(proxy.Schema())
	}
	return sh
}

func (s *schema) line() int { return s.model.GoLow().RootNode.Line }

// items returns the schema of an array's items, or nil.
func (s *schema) items() *base.Schema { return itemsOf(s.model) }

func itemsOf(s *base.Schema) *base.Schema {
	if s.Items == nil || !s.Items.IsA() {
		return nil
	}
	return s.Items.A.Schema()
}

// check returns how a decoded JSON value, which stands at where, breaks the schema.
func (s *schema) check(where string, value any) []openapi.Violation {
	err := s.compiled.Validate(value)
	if err == nil {
		return nil
	}
	failed, ok := err.(*jsonschema.ValidationError)
	if !ok {
		return []openapi.Violation{{Where: where, Rule: openapi.RuleContract, Reason: "could not be checked: " + err.Error()}}
	}
	failures := leaves(failed, nil)
	slices.SortStableFunc(failures, func(a, b *jsonschema.ValidationError) int {
		return slices.CompareFunc(a.InstanceLocation, b.InstanceLocation, compareSegments)
	})
	var out []openapi.Violation
	for _, f := range failures {
		place, got := locate(where, value, f.InstanceLocation)
		line := s.shape.lineOf(f.InstanceLocation)
		for _, v := range explain(place, got, f.ErrorKind) {
			v.Line = line
			if !slices.Contains(out, v) { // two branches of one schema may say the same
				out = append(out, v)
			}
		}
	}
	return out
}

// leaves collects the failures that have no deeper cause.
func leaves(e *jsonschema.ValidationError, found []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return append(found, e)
	}
	for _, cause := range e.Causes {
		found = leaves(cause, found)
	}
	return found
}

// compareSegments orders array indices by number.
func compareSegments(a, b string) int {
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	if errX == nil && errY == nil {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(a, b)
}

// locate writes the place of a value and returns the value.
func locate(where string, value any, path []string) (string, any) {
	for _, segment := range path {
		switch v := value.(type) {
		case []any:
			i, _ := strconv.Atoi(segment)
			where, value = fmt.Sprintf("%s[%d]", where, i), v[i]
		case map[string]any:
			where, value = member(where, segment), v[segment]
		}
	}
	return where, value
}

// lineOf returns the line of the innermost schema that describes the value at a
// path.
func (sh *shape) lineOf(path []string) int {
	for _, segment := range path {
		next := sh.members[segment]
		if next == nil {
			next = sh.items
		}
		if next == nil {
			break
		}
		sh = next
	}
	return sh.line
}

// undocumented returns the members no schema names.
func (s *schema) undocumented(where string, value any) []openapi.Violation {
	if s.shape.namesAll(value) {
		return nil
	}
	return s.shape.undocumented(nil, where, value)
}

// namesAll reports whether every member of a value is named, which settles most
// values.
func (sh *shape) namesAll(value any) bool {
	switch v := value.(type) {
	case []any:
		return sh.items == nil || !slices.ContainsFunc(v, func(item any) bool { return !sh.items.namesAll(item) })
	case map[string]any:
		for name, member := range v {
			if next := sh.members[name]; next == nil && !sh.open || next != nil && !next.namesAll(member) {
				return false
			}
		}
	}
	return true
}

func (sh *shape) undocumented(out []openapi.Violation, where string, value any) []openapi.Violation {
	switch v := value.(type) {
	case []any:
		if sh.items != nil {
			for i, item := range v {
				out = sh.items.undocumented(out, fmt.Sprintf("%s[%d]", where, i), item)
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if next := sh.members[name]; next != nil {
				out = next.undocumented(out, member(where, name), v[name])
			} else if !sh.open {
				violation := openapi.Violation{
					Where: member(where, name), Rule: openapi.RuleUndocumentedField, Got: show(v[name]),
					Reason: "is not documented", Line: sh.line,
				}
				if word := suggest.Word(name, slices.Sorted(maps.Keys(sh.members))); word != "" && v[word] == nil {
					violation.Hint = "did you mean " + word + "?"
				}
				out = append(out, violation)
			}
		}
	}
	return out
}

// explain turns one failure into violations: one for each missing member,
// otherwise one.
func explain(where string, value any, failure jsonschema.ErrorKind) []openapi.Violation {
	v := openapi.Violation{Where: where, Got: show(value)}
	switch k := failure.(type) {
	case *kind.Required:
		var out []openapi.Violation
		for _, name := range k.Missing {
			out = append(out, openapi.Violation{Where: member(where, name), Rule: openapi.RuleRequired, Reason: "is missing"})
		}
		return out
	case *kind.Type:
		v.Rule, v.Reason = openapi.RuleType, fmt.Sprintf("is of type %s, not %s", k.Got, strings.Join(k.Want, " or "))
	case *kind.Enum:
		var words []string
		for _, word := range k.Want {
			words = append(words, show(word))
		}
		v.Rule, v.Reason = openapi.RuleEnum, "is not one of "+strings.Join(words, ", ")
		if len(words) == 1 {
			v.Reason = "is not " + words[0]
		}
	case *kind.Format:
		v.Rule, v.Reason = openapi.RuleFormat, "is not a valid "+k.Want
	case *kind.Pattern:
		v.Rule, v.Reason = openapi.RulePattern, "does not match "+k.Want
		if text, _ := value.(string); strings.Contains(text, "\x00") {
			v.Hint = "leave U+0000 out"
		}
	case *kind.Minimum:
		v.Rule, v.Reason = openapi.RuleRange, "is less than "+k.Want.RatString()
	case *kind.Maximum:
		v.Rule, v.Reason = openapi.RuleRange, "is more than "+k.Want.RatString()
	case *kind.Const:
		v.Rule, v.Reason = openapi.RuleSchema, "is not "+show(k.Want)
	default:
		v.Rule = ruleOf(failure)
		v.Reason = "breaks the schema: " + failure.LocalizedString(message.NewPrinter(language.English))
	}
	return []openapi.Violation{v}
}

func ruleOf(failure jsonschema.ErrorKind) string {
	switch failure.(type) {
	case *kind.MinLength, *kind.MaxLength, *kind.MinItems, *kind.MaxItems, *kind.MinProperties, *kind.MaxProperties,
		*kind.ExclusiveMinimum, *kind.ExclusiveMaximum, *kind.MultipleOf:
		return openapi.RuleRange
	case *kind.AdditionalProperties:
		return openapi.RuleUndocumentedField
	}
	return openapi.RuleSchema
}
