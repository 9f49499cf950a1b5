package casefile

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
)

// mapping is a YAML mapping that is made member by member.
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

// addText adds a text unless it is empty.
func (m *mapping) addText(name, value string) {
	if value != "" {
		m.add(name, textNode(value))
	}
}

// addPointer adds a text, which may be empty, unless the pointer is nil.
func (m *mapping) addPointer(name string, value *string) {
	if value != nil {
		m.add(name, textNode(*value))
	}
}

// addID adds the id unless it is zero.
func (m *mapping) addID(id fixtures.ID) {
	if id != (fixtures.ID{}) {
		m.add("id", textNode(id.String()))
	}
}

// addMoment adds a time unless the pointer is nil; the zero time is written as
// never.
func (m *mapping) addMoment(name string, at *time.Time) {
	switch {
	case at == nil:
	case at.IsZero():
		m.add(name, wordNode(never))
	default:
		m.add(name, instantNode(*at))
	}
}

// addIndex adds what a thing is called, or the word for nothing.
func (m *mapping) addIndex(name string, i *int, nothing string, call func(i int) *yaml.Node) {
	switch {
	case i == nil:
	case *i < 0:
		m.add(name, wordNode(nothing))
	default:
		m.add(name, call(*i))
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

// wordNode is a word of the format of cases.
func wordNode(word string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: word} }

// numberNode is a whole number.
func numberNode(n int) *yaml.Node { return wordNode(strconv.Itoa(n)) }

// boolNode is true or false.
func boolNode(is bool) *yaml.Node { return wordNode(strconv.FormatBool(is)) }

// instantNode is an instant as it stands in a file.
func instantNode(at time.Time) *yaml.Node {
	return wordNode(at.UTC().Format(time.RFC3339Nano))
}

// textNode is a text that somebody wrote: several lines become a block, and
// invisible characters are escaped.
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

// hidden reports whether a character is invisible, or YAML does not accept it
// unescaped.
func hidden(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || !unicode.IsPrint(r))
}
