package fault

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/document"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// maxMembers bounds one mapping or list in a rule. No rule needs more, and a
// longer one would take a while to be refused for another reason.
const maxMembers = 1000

// known makes an unknown member an error.
var known = yaml.WithKnownFields()

// read reads a document, YAML or JSON.
func read(text []byte) (*yaml.Node, error) {
	root, err := document.Read(text)
	var flaw *document.Flaw
	switch {
	case errors.Is(err, document.ErrExpanded):
		return nil, hint.Errorf("write the rules out", "its aliases stand for more than a file of rules can hold")
	case errors.As(err, &flaw):
		return nil, fmt.Errorf("line %d: %w", flaw.Line, flaw.Err)
	case err != nil:
		return nil, plain("", err, lines(text))
	}
	return root, nil
}

// distinct returns an error if a mapping, in the node or below it, has a member
// twice or too many members.
func distinct(node *yaml.Node) error {
	if err := bounded(node); err != nil {
		return err
	}
	for _, child := range node.Content {
		if err := distinct(child); err != nil {
			return err
		}
	}
	return nil
}

// bounded does so for one mapping or list.
func bounded(node *yaml.Node) error {
	n := len(node.Content)
	if node.Kind == yaml.MappingNode {
		n /= 2
	}
	if n > maxMembers {
		return fmt.Errorf("line %d: %s has %d members, and none in a rule has more than %d", node.Line, spellNode(strings.TrimPrefix(node.ShortTag(), "!!"), ""), n, maxMembers)
	}
	first := make(map[string]int, n)
	for key := range document.Pairs(node) {
		if key.Kind == yaml.ScalarNode && first[key.Value] > 0 {
			return fmt.Errorf("line %d: mapping key %q already defined at line %d", key.Line, key.Value, first[key.Value])
		}
		first[key.Value] = max(1, key.Line)
	}
	return nil
}
