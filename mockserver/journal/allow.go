package journal

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/openapi"
)

// AllowHeader marks a request that breaks the contract on purpose. Its value is
// what ParseAllowances takes, such as enum query.status; what it covers is no
// breach.
const AllowHeader = "Mockdesk-Allow"

// Allowance is an intended way to break the contract. An empty Rule stands for
// all rules, and * in Where for any text.
type Allowance struct {
	Rule  string `json:"rule,omitempty"`
	Where string `json:"where"`
}

// String writes the Allowance as ParseAllowances reads it.
func (a Allowance) String() string {
	return strings.TrimSpace(a.Rule + " " + a.Where)
}

// covers reports whether the violation is intended. A contract that could not
// be read never is.
func (a Allowance) covers(v Violation) bool {
	return v.Rule != openapi.RuleContract && (a.Rule == "" || a.Rule == v.Rule) && fits(a.Where, v.Where)
}

// fits reports whether a text has the form of a pattern in which * stands for any
// text.
func fits(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, parts[0])
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		var found bool
		_, text, found = strings.Cut(text, part)
		ok = ok && found
	}
	return ok && strings.HasSuffix(text, parts[last])
}

// The kinds of places a request can be wrong at.
const (
	inPath, inQuery, inHeader, inMethod, inBody, inRequest = "path", "query", "header", "method", "body", "request"
)

// heads are the words that places begin with.
var heads = []string{inPath, inQuery, inHeader, inMethod, inBody, inRequest}

// found says for each rule on requests at which kinds of places it can be
// broken.
var found = map[string][]string{
	openapi.RuleUnknownParameter:   {inQuery},
	openapi.RuleRepeated:           {inQuery},
	openapi.RuleTooMany:            {inQuery},
	openapi.RuleEncoding:           {inQuery},
	openapi.RuleType:               {inPath, inQuery, inHeader, inBody},
	openapi.RuleEnum:               {inPath, inQuery, inHeader, inBody},
	openapi.RuleFormat:             {inPath, inQuery, inHeader, inBody},
	openapi.RulePattern:            {inPath, inQuery, inHeader, inBody},
	openapi.RuleRange:              {inPath, inQuery, inHeader, inBody},
	openapi.RuleRequired:           {inPath, inQuery, inHeader, inBody},
	openapi.RuleContentType:        {inHeader},
	openapi.RuleBody:               {inBody},
	openapi.RuleDuplicateKey:       {inBody},
	openapi.RuleSchema:             {inBody},
	openapi.RuleUndocumentedPath:   {inPath},
	openapi.RuleUndocumentedMethod: {inMethod},
	openapi.RuleUndocumentedField:  {inBody},
	RuleHTTP:                       {inRequest},
}

// ParseAllowances reads allowances with commas between them. Each is a place,
// such as query.status, or a rule and a place, such as enum query.status; *
// stands for any text, and alone for everything. Those that can never cover
// anything are errors; the others are returned all the same.
func ParseAllowances(text string) ([]Allowance, error) {
	var all []Allowance
	var wrong []error
	for one := range strings.SplitSeq(text, ",") {
		words := strings.Fields(one)
		var a Allowance
		switch len(words) {
		case 1:
			a.Where = words[0]
		case 2:
			a.Rule, a.Where = words[0], words[1]
		default:
			wrong = append(wrong, fmt.Errorf("%q is not a place, or a rule and a place; hint: enum query.status", strings.TrimSpace(one)))
			continue
		}
		if err := a.check(); err != nil {
			wrong = append(wrong, fmt.Errorf("%q: %w", a, err))
			continue
		}
		all = append(all, a)
	}
	return all, errors.Join(wrong...)
}

// check says why the Allowance can never cover anything.
func (a Allowance) check() error {
	places, known := found[a.Rule]
	if a.Rule != "" && !known {
		rules := slices.Sorted(maps.Keys(found))
		return fmt.Errorf("there is no rule %q on requests; hint: %s", a.Rule, suggest.Hint(a.Rule, rules, "the rules are "+strings.Join(rules, ", ")))
	}
	if a.Where == "*" {
		return nil
	}
	head, name := a.Where, ""
	if i := strings.IndexAny(a.Where, ".[*"); i >= 0 {
		head, name = a.Where[:i], a.Where[i:]
	}
	if !slices.Contains(heads, head) {
		meant := suggest.Word(head, heads)
		if _, isRule := found[a.Where]; isRule {
			return fmt.Errorf("%q is a rule, which needs a place; hint: %s *", a.Where, a.Where)
		} else if meant != "" {
			return fmt.Errorf("no place begins with %q; hint: did you mean %s?", head, meant+name)
		}
		return fmt.Errorf("no place begins with %q; hint: places are * and such as query.status, path.id, header.Content-Type, body.type, method", head)
	}
	if known && !slices.Contains(places, head) {
		return fmt.Errorf("the rule %s is never broken there; hint: %s *", a.Rule, a.Rule)
	}
	return a.checkName(head, strings.TrimPrefix(name, "."))
}

// checkName says why the rule cannot be about a parameter with the name. Only
// parameters beyond the contract may have any name.
func (a Allowance) checkName(head, name string) error {
	free := head == inBody || head == inQuery && (a.Rule == "" || len(found[a.Rule]) == 1)
	if free || name == "" || strings.Contains(name, "*") {
		return nil
	}
	all, err := load()
	if err != nil {
		return err
	}
	known := []string{"header.Content-Type"}
	for _, contract := range []*openapi.Contract{all.inboxops, all.apphandoff} {
		for _, op := range contract.Operations() {
			for _, p := range op.Parameters {
				prefix, _, made := strings.Cut(p.Name, "{")
				if place := p.In + "." + p.Name; place == a.Where || made && strings.HasPrefix(a.Where, p.In+"."+prefix) {
					return nil
				} else if !slices.Contains(known, place) {
					known = append(known, place)
				}
			}
		}
	}
	if slices.Contains(known, a.Where) {
		return nil
	}
	known = slices.DeleteFunc(known, func(place string) bool { return !strings.HasPrefix(place, head+".") })
	return fmt.Errorf("no operation has it; hint: %s", suggest.Hint(a.Where, known, "there are "+strings.Join(known, ", ")))
}

// permit removes from the verdict what the request itself marks as intended.
func (x *exchange) permit() {
	values := x.RequestHeader.Values(AllowHeader)
	if len(values) == 0 {
		return
	}
	allowances, err := ParseAllowances(strings.Join(values, ","))
	if err != nil {
		x.unused = append(x.unused, err.Error())
	}
	used := make([]bool, len(allowances))
	x.violations = slices.DeleteFunc(x.violations, func(v Violation) bool {
		meant := false
		for i, a := range allowances {
			if a.covers(v) {
				used[i], meant = true, true
			}
		}
		if meant {
			x.allowed = append(x.allowed, v)
		}
		return meant
	})
	for i, a := range allowances {
		if !used[i] {
			x.unused = append(x.unused, a.String())
		}
	}
}
