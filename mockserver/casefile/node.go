package casefile

import (
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// mapping is made member by member.
type mapping struct {
	content []*yaml.Node
	flow    bool // on one line
}

// add adds a member.
func (m *mapping) add(name string, value *yaml.Node) {
	m.content = append(m.content, textNode(name), value)
}

// addUnlessEmpty adds a member that has members itself.
func (m *mapping) addUnlessEmpty(name string, of *mapping) {
	if len(of.content) > 0 {
		m.add(name, of.node())
	}
}

// node returns the mapping.
func (m *mapping) node() *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Content: m.content}
	if m.flow || len(m.content) == 0 {
		n.Style = yaml.FlowStyle
	}
	return n
}

// list returns a list on one line.
func list(elements []*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: elements}
}

// lines returns a list with a line for each element.
func lines(elements []*yaml.Node) *yaml.Node {
	n := list(elements)
	if len(elements) > 0 {
		n.Style = 0
	}
	return n
}

// wordNode is a word of the case's own.
func wordNode(word string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: word} }

// numberNode is a whole number.
func numberNode(n int) *yaml.Node { return wordNode(strconv.Itoa(n)) }

// boolNode is true or false.
func boolNode(is bool) *yaml.Node { return wordNode(strconv.FormatBool(is)) }

// textNode is a text that somebody wrote: several lines stand below each other,
// and what does not show is escaped.
func textNode(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case strings.ContainsFunc(s, hidden) || strings.TrimSpace(s) != s:
		n.Style = yaml.DoubleQuotedStyle
	case strings.Contains(s, "\n"):
		n.Style = yaml.LiteralStyle
		for line := range strings.SplitSeq(s, "\n") {
			if strings.TrimSpace(line) != line {
				n.Style = yaml.DoubleQuotedStyle
			}
		}
	}
	return n
}

// hidden says that a character does not show, or that YAML does not take it as it is.
func hidden(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || !unicode.IsPrint(r))
}
