// Package document turns a text that is YAML or JSON into nodes that know their
// place in it.
package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// The bounds of a document.
const (
	maxExpanded = 200_000 // nodes, with each alias expanded; also at least ten times as many as are written
	maxDepth    = 100
)

// ErrExpanded means that aliases expand to more than anybody intends.
var ErrExpanded = errors.New("its aliases stand for more than a file can hold")

// Flaw is an error at a place in a text that is valid JSON all the same.
type Flaw struct {
	Line, Column int
	Err          error
}

// Error returns what is wrong and where.
func (f *Flaw) Error() string { return fmt.Sprintf("line %d, column %d: %v", f.Line, f.Column, f.Err) }

// Unwrap returns what is wrong.
func (f *Flaw) Unwrap() error { return f.Err }

// Read reads a document: JSON as JSON, which has escapes that YAML lacks (\/,
// \ud83d\udea8), and anything else as YAML. Null members of JSON are left out.
// Errors are a Flaw, ErrExpanded, or the YAML library's.
func Read(text []byte) (*yaml.Node, error) { return read(text, false) }

// ReadNull is Read for documents in which null has a meaning.
func ReadNull(text []byte) (*yaml.Node, error) { return read(text, true) }

func read(text []byte, null bool) (*yaml.Node, error) {
	if json.Valid(text) {
		return readJSON(text, null)
	}
	var document yaml.Node
	if err := yaml.Load(text, &document); err != nil {
		return nil, err
	}
	root := document.Content[0]
	e := expansion{sizes: map[*yaml.Node]int{}}
	if n := e.size(root); n > maxExpanded && n > 10*e.nodes {
		return nil, ErrExpanded
	}
	return root, nil
}

// jsonReader makes nodes of JSON.
type jsonReader struct {
	*json.Decoder
	text   []byte
	null   bool // is kept
	line   int
	begin  int64 // of the line
	offset int64 // where the line was counted
}

// readJSON reads a JSON value.
func readJSON(text []byte, null bool) (*yaml.Node, error) {
	r := &jsonReader{Decoder: json.NewDecoder(bytes.NewReader(text)), text: text, null: null, line: 1}
	r.UseNumber()
	return r.value(0)
}

// place moves on to where the value that ends at an offset begins.
func (r *jsonReader) place(end int64) (line, column int) {
	for r.offset < end && strings.IndexByte(" \t\r\n,:", r.text[r.offset]) >= 0 {
		if r.text[r.offset] == '\n' {
			r.line, r.begin = r.line+1, r.offset+1
		}
		r.offset++
	}
	line, column = r.line, int(r.offset-r.begin)+1
	r.offset = end // a scalar never contains the end of a line
	return line, column
}

// value reads the next value, or the end of a list or a mapping, which is nil.
func (r *jsonReader) value(depth int) (*yaml.Node, error) {
	token, err := r.Token()
	if err != nil {
		return nil, err
	}
	node := &yaml.Node{Kind: yaml.ScalarNode}
	node.Line, node.Column = r.place(r.InputOffset())
	switch token := token.(type) {
	case string:
		if strings.ContainsRune(token, utf8.RuneError) {
			return nil, &Flaw{node.Line, node.Column, hint.Errorf(`\ud83d\udea8 is a whole one`, "%+.80q holds what is no character, such as half of one", token)}
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
		if token == '}' || token == ']' {
			return nil, nil
		}
		return node, r.content(node, token, depth)
	}
	return node, nil
}

// content reads what is in a list or a mapping.
func (r *jsonReader) content(node *yaml.Node, open json.Delim, depth int) error {
	node.Kind, node.Tag = yaml.SequenceNode, "!!seq"
	if open == '{' {
		node.Kind, node.Tag = yaml.MappingNode, "!!map"
	}
	if depth == maxDepth {
		return &Flaw{node.Line, node.Column, fmt.Errorf("it is nested more than %d deep", maxDepth)}
	}
	for {
		child, err := r.value(depth + 1)
		if child == nil || err != nil {
			return err
		}
		node.Content = append(node.Content, child)
		if n := len(node.Content); open == '{' && n%2 == 0 && child.Tag == "!!null" && !r.null {
			node.Content = node.Content[:n-2] // as if it were left out
		}
	}
}

// expansion counts nodes.
type expansion struct {
	sizes map[*yaml.Node]int // of what aliases stand for
	nodes int                // that are written
}

// size returns how many nodes there are when each alias is expanded, or a
// number above the bound.
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
