package fault

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/document"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// Parse reads a file of rules, YAML or JSON. Unknown members, bad values and
// rules that can never match are errors with the line they are on.
func (s Scope) Parse(text []byte) ([]Rule, error) {
	nodes, err := listed(text)
	switch {
	case err != nil && hint.In(err):
		return nil, err
	case err != nil:
		return nil, hint.Errorf("a file of rules starts with faults: and lists rules with match, when and then", "%w", err)
	case len(nodes) == 0:
		return nil, hint.Errorf("faults: is a list of rules", "there are no rules in it")
	}
	return s.ParseList(nodes)
}

// ParseList reads rules that are part of another kind of file.
func (s Scope) ParseList(nodes []yaml.Node) ([]Rule, error) {
	if s.Most > 0 && len(nodes) > s.Most {
		return nil, hint.Errorf(fmt.Sprintf("serve with --max-rules %d", len(nodes)), "there are %d rules in it: %w, which is %d", len(nodes), ErrFull, s.Most)
	}
	rules := make([]Rule, len(nodes))
	var wrong []error
	for i := range nodes {
		rule, err := s.parseRule(fmt.Sprintf("rule %d: ", i+1), &nodes[i])
		rules[i], wrong = rule, append(wrong, err)
	}
	if err := first(wrong); err != nil {
		return nil, err
	}
	return rules, nil
}

// listed returns the rules that a file lists.
func listed(text []byte) ([]yaml.Node, error) {
	root, err := read(text)
	if err != nil {
		return nil, err
	}
	if err := bounded(root); err != nil {
		return nil, err
	}
	var file struct {
		Faults []yaml.Node `yaml:"faults"`
	}
	if err := root.Load(&file, known); err != nil {
		return nil, plain("", err, lines(text))
	}
	return file.Faults, nil
}

// first joins errors, only the first ones if there are very many.
func first(errs []error) error {
	const most = 20
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if more := len(errs) - most; more > 0 {
		errs = append(errs[:most:most], fmt.Errorf("and %d more", more))
	}
	return errors.Join(errs...)
}

// ParseRule reads one rule, as JSON or YAML.
func (s Scope) ParseRule(text []byte) (Rule, error) {
	root, err := read(text)
	if err != nil {
		return Rule{}, err
	}
	return s.parseRule("", root)
}

// lines is how many lines a text has. Errors at the end of a text are reported
// on the line after it.
func lines(text []byte) int {
	return 1 + bytes.Count(bytes.TrimRight(text, "\r\n"), []byte("\n"))
}

// parseRule reads the rule at a place of a document; its errors name the rule.
func (s Scope) parseRule(name string, node *yaml.Node) (Rule, error) {
	if err := distinct(node); err != nil {
		line, text, _ := strings.Cut(err.Error(), ": ")
		return Rule{}, fmt.Errorf("%s: %s%s", line, name, text)
	}
	var r Rule
	if err := node.Load(&r, known); err != nil {
		return Rule{}, plain(name, err, math.MaxInt)
	}
	var wrong []error
	for _, part := range []struct {
		member string
		err    error
	}{
		{"id", errors.Join(r.checkID(), written(node, "id", r.ID == "", empty), written(node, "name", r.Name == "", empty))},
		{"disabled", checkDisabled(document.Member(node, "disabled"))},
		{"match", checkEmpty(document.Member(node, "match"))},
		{"match", s.reaches(&r.Match)},
		{"when", errors.Join(r.When.check(), r.When.checkZeros(document.Member(node, "when")))},
		{"then", errors.Join(r.Then.check(), r.Then.checkWritten(document.Member(node, "then")))},
	} {
		if part.err == nil {
			continue
		}
		err := part.err
		if text := err.Error(); strings.Contains(text, "\n") {
			err = errors.New(strings.ReplaceAll(text, "\n", "; ")) // one rule, one line of words
		}
		at := document.Member(node, part.member)
		if at == nil {
			at = node
		}
		wrong = append(wrong, fmt.Errorf("line %d: %s%w", at.Line, name, err))
	}
	if err := errors.Join(wrong...); err != nil {
		return Rule{}, err
	}
	return r, nil
}

// checkDisabled refuses what YAML may take for true.
func checkDisabled(at *yaml.Node) error {
	if at == nil || at.ShortTag() == "!!bool" || at.ShortTag() == "!!null" {
		return nil
	}
	return hint.Errorf("disabled: true", "disabled %q is not true or false", at.Value)
}

// checkZeros refuses a count, a chance or a time of zero that is written out:
// whoever writes it means never, but a member left out means always.
func (w *When) checkZeros(when *yaml.Node) error {
	never := flaw{"when.%s 0 can never fire", "leave it out, or delete the rule"}
	return errors.Join(
		written(when, "nth", w.Nth == 0, never), written(when, "every", w.Every == 0, never), written(when, "times", w.Times == 0, never),
		written(when, "for", w.For == 0, never), written(when, "probability", w.Probability == 0, never),
	)
}

// empty refuses a text that says nothing.
var empty = flaw{`%s "" is written, but stands for none`, "leave it out"}

// flaw is what is wrong with a member, whose name is %s, and what to do instead.
type flaw struct{ words, instead string }

func (f flaw) of(member string) error { return hint.Errorf(f.instead, f.words, member) }

// checkEmpty refuses members that are empty texts.
func checkEmpty(mapping *yaml.Node) error {
	for key, v := range document.Pairs(mapping) {
		if v.Kind == yaml.ScalarNode && v.Value == "" && v.ShortTag() == "!!str" {
			return empty.of(key.Value)
		}
	}
	return nil
}

// written refuses a member that is written as zero.
func written(node *yaml.Node, name string, zero bool, wrong flaw) error {
	if at := document.Member(node, name); zero && at != nil && at.ShortTag() != "!!null" {
		return wrong.of(name)
	}
	return nil
}

// Format writes rules as a file that Parse reads.
func Format(rules []Rule) ([]byte, error) {
	return yaml.Dump(map[string][]Rule{"faults": rules})
}
