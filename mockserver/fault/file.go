package fault

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// file is a file of rules.
type file struct {
	Faults []Rule `yaml:"faults"`
}

// Parse reads a file of rules: YAML, or JSON, which is YAML too. Unknown
// members, bad values and rules that can never match any of the operations
// are errors with the line they are on.
func Parse(text []byte, operations []Operation) ([]Rule, error) {
	var f file
	if err := yaml.Load(text, &f, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		return nil, fmt.Errorf("%s (hint: a file of rules starts with faults: and lists rules with match, when and then)", plain(err))
	}
	if len(f.Faults) == 0 {
		return nil, errors.New("there are no rules in it (hint: faults: is a list of rules)")
	}
	lines := ruleLines(text)
	var wrong []error
	for i := range f.Faults {
		if err := f.Faults[i].Check(operations); err != nil {
			wrong = append(wrong, fmt.Errorf("line %d: rule %d: %w", lines[i], i+1, err))
		}
	}
	return f.Faults, errors.Join(wrong...)
}

// ParseRule reads one rule, as JSON or YAML.
func ParseRule(text []byte, operations []Operation) (Rule, error) {
	var r Rule
	if err := yaml.Load(text, &r, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		return Rule{}, errors.New(plain(err))
	}
	return r, r.Check(operations)
}

// Format writes rules as a file that Parse reads.
func Format(rules []Rule) ([]byte, error) {
	return yaml.Dump(file{Faults: rules})
}

// plain returns the text of an error of the YAML library in one line, without
// the names of our types.
func plain(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	for _, name := range []string{" in type fault.file", " in type fault.Rule", " in type fault.Match", " in type fault.When", " in type fault.Then"} {
		text = strings.ReplaceAll(text, name, "")
	}
	return text
}

// ruleLines returns the line each rule of a file starts on.
func ruleLines(text []byte) []int {
	var document yaml.Node
	if yaml.Load(text, &document) != nil || len(document.Content) == 0 {
		return nil
	}
	root := document.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "faults" {
			continue
		}
		var lines []int
		for _, rule := range root.Content[i+1].Content {
			lines = append(lines, rule.Line)
		}
		return lines
	}
	return nil
}
