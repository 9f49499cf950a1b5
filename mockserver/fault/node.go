package fault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// The bounds of a document. A rule needs no more, and a longer one would take a
// while to be refused for something else.
const (
	maxMembers  = 1000    // of one mapping or list in a rule
	maxExpanded = 200_000 // nodes, when each alias is what it stands for
	maxDepth    = 100
)

// known makes a member that there is not an error.
var known = yaml.WithKnownFields()

// read reads a document: what is JSON as JSON, which says more than YAML does
// (\/, \ud83d\udea8), and anything else as YAML.
func read(text []byte) (*yaml.Node, error) {
	if json.Valid(text) {
		return readJSON(text)
	}
	var document yaml.Node
	if err := yaml.Load(text, &document); err != nil {
		return nil, plain("", err, lines(text))
	}
	root := document.Content[0]
	e := expansion{sizes: map[*yaml.Node]int{}}
	if n := e.size(root); n > maxExpanded && n > 10*e.nodes {
		return nil, hint.Errorf("write the rules out", "its aliases stand for more than a file of rules can hold")
	}
	return root, nil
}

// jsonReader makes nodes of JSON.
type jsonReader struct {
	*json.Decoder
	text   []byte
	line   int
	offset int64 // where the line was counted
}

func readJSON(text []byte) (*yaml.Node, error) {
	r := &jsonReader{Decoder: json.NewDecoder(bytes.NewReader(text)), text: text, line: 1}
	r.UseNumber()
	return r.value(0)
}

// value reads the next value, or the end of a list or a mapping, which is nil.
func (r *jsonReader) value(depth int) (*yaml.Node, error) {
	token, err := r.Token()
	if err != nil {
		return nil, err
	}
	end := r.InputOffset()
	r.line, r.offset = r.line+bytes.Count(r.text[r.offset:end], []byte("\n")), end
	node := &yaml.Node{Kind: yaml.ScalarNode, Line: r.line, Column: 1}
	switch token := token.(type) {
	case string:
		if strings.ContainsRune(token, utf8.RuneError) {
			return nil, hint.Errorf(`\ud83d\udea8 is a whole one`, "line %d: %+.80q holds what is no character, such as half of one", r.line, token)
		}
		node.Tag, node.Value, node.Style = "!!str", token, yaml.DoubleQuotedStyle
	case json.Number:
		node.Tag, node.Value = "!!int", token.String()
		if strings.ContainsAny(node.Value, ".eE") {
			node.Tag = "!!float"
		}
	case bool:
		node.Tag, node.Value = "!!bool", fmt.Sprint(token)
	case nil:
		node.Tag, node.Value = "!!null", "null"
	case json.Delim:
		node.Kind, node.Tag = yaml.SequenceNode, "!!seq"
		switch {
		case token == '}' || token == ']':
			return nil, nil
		case depth == maxDepth:
			return nil, fmt.Errorf("line %d: it is nested more than %d deep", r.line, maxDepth)
		case token == '{':
			node.Kind, node.Tag = yaml.MappingNode, "!!map"
		}
		for {
			child, err := r.value(depth + 1)
			if child == nil || err != nil {
				return node, err
			}
			node.Content = append(node.Content, child)
			if n := len(node.Content); token == '{' && n%2 == 0 && child.Tag == "!!null" {
				node.Content = node.Content[:n-2] // as if it were left out
			}
		}
	}
	return node, nil
}

// expansion counts nodes.
type expansion struct {
	sizes map[*yaml.Node]int // of what aliases stand for
	nodes int                // that are written
}

// size returns how many nodes there are when each alias is what it stands for,
// or that there are too many.
func (e *expansion) size(node *yaml.Node) int {
	if node.Kind == yaml.AliasNode {
		return e.size(node.Alias)
	}
	if n, seen := e.sizes[node]; seen {
		return n
	}
	if node.Anchor != "" {
		e.sizes[node] = 1 // in itself
	}
	e.nodes++
	n := 1
	for _, child := range node.Content {
		n = min(n+e.size(child), 1<<40)
	}
	if node.Anchor != "" {
		e.sizes[node] = n
	}
	return n
}

// distinct returns which member of a mapping is there twice, in the node or
// below, or that there is too much.
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
	if node.Kind != yaml.MappingNode {
		return nil
	}
	first := make(map[string]int, n)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Kind == yaml.ScalarNode && first[key.Value] > 0 {
			return fmt.Errorf("line %d: mapping key %q already defined at line %d", key.Line, key.Value, first[key.Value])
		}
		first[key.Value] = max(1, key.Line)
	}
	return nil
}
