package casefile

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/document"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// reader reads values of a file and collects what is wrong with them.
type reader struct {
	file  string
	path  []step // to the value that is read
	wrong []flaw
}

// flaw is what is wrong with a value.
type flaw struct {
	rewritten
	value *yaml.Node
}

// step is a member, or an element of a list when it has no name.
type step struct {
	member string
	index  int
}

// mostErrors is how many errors are reported for one case.
const mostErrors = 20

// full reports whether there are as many errors as are reported.
func (r *reader) full() bool { return len(r.wrong) >= mostErrors }

// fail says what is wrong with a value and what to write instead.
func (r *reader) fail(n *yaml.Node, instead, format string, args ...any) {
	if r.full() {
		return
	}
	err := fmt.Errorf(format, args...)
	if instead != "" {
		err = hint.Errorf(instead, format, args...)
	}
	words := fmt.Sprintf("%s: line %d, column %d: %s%v", r.file, n.Line, n.Column, r.where(), err)
	r.wrong = append(r.wrong, flaw{rewritten{words, err}, n})
}

// where is the path as it stands in errors.
func (r *reader) where() string {
	var b strings.Builder
	for i, s := range r.path {
		switch {
		case s.member == "":
			fmt.Fprintf(&b, "[%d]", s.index)
		case i > 0:
			b.WriteString("." + s.member)
		default:
			b.WriteString(s.member)
		}
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	return b.String()
}

// err joins what is wrong.
func (r *reader) err() error {
	var all []error
	for _, f := range r.wrong {
		all = append(all, f)
	}
	return errors.Join(all...)
}

// sortErrors puts the errors from one on into the order of the file.
func (r *reader) sortErrors(from int) {
	slices.SortStableFunc(r.wrong[from:], func(a, b flaw) int {
		return cmp.Or(a.value.Line-b.value.Line, a.value.Column-b.value.Column)
	})
}

// deref returns the value that an alias stands for.
func deref(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// null reports whether a value is left out.
func null(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// shown is a value as a person would name it.
func shown(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%.80q", n.Value)
}

// members yields the members of a mapping that are not null, in the order of
// known, so that a member can depend on those before it; a nil known accepts
// any member. A node that is not a mapping yields none.
func (r *reader) members(n *yaml.Node, known []string) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		if n.Kind != yaml.MappingNode {
			r.fail(n, "its members are "+strings.Join(known, ", "), "%s is not a mapping", shown(n))
			return
		}
		defer r.sortErrors(len(r.wrong))
		values := make(map[string]*yaml.Node, len(n.Content)/2)
		order := known
		for key, value := range document.Pairs(n) {
			switch {
			case key.Kind != yaml.ScalarNode:
				r.fail(key, "write a word before the colon", "%s is no name of a member", shown(key))
			case values[key.Value] != nil:
				r.fail(key, "write it once", "the member %q is there twice", key.Value)
			case known != nil && !slices.Contains(known, key.Value):
				r.fail(key, suggest.Hint(key.Value, known, "the members are "+strings.Join(known, ", ")), "there is no member %q", key.Value)
			default:
				values[key.Value] = deref(value)
				if known == nil {
					order = append(order, key.Value)
				}
			}
		}
		for _, name := range order {
			value := values[name]
			if value == nil || null(value) || r.full() {
				continue
			}
			r.path = append(r.path, step{member: name})
			more := yield(name, value)
			r.path = r.path[:len(r.path)-1]
			if !more {
				return
			}
		}
	}
}

// in calls read for what is in a member.
func (r *reader) in(member string, read func()) {
	r.path = append(r.path, step{member: member})
	read()
	r.path = r.path[:len(r.path)-1]
}

// elements yields the elements of a list.
func (r *reader) elements(n *yaml.Node) iter.Seq2[int, *yaml.Node] {
	return func(yield func(int, *yaml.Node) bool) {
		if n.Kind != yaml.SequenceNode {
			instead := "[...]"
			if n.Kind == yaml.ScalarNode {
				instead = "[" + n.Value + "]"
			}
			r.fail(n, instead, "%s is not a list", shown(n))
			return
		}
		for i, element := range n.Content {
			if r.full() {
				return
			}
			r.path = append(r.path, step{index: i})
			more := yield(i, deref(element))
			r.path = r.path[:len(r.path)-1]
			if !more {
				return
			}
		}
	}
}

// text reads a text, which may be empty; ok is false for anything else.
func (r *reader) text(n *yaml.Node) (text string, ok bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" && n.ShortTag() != "!!timestamp" {
		instead := "write it as a text"
		if n.Kind == yaml.ScalarNode {
			instead = strconv.Quote(n.Value)
		}
		r.fail(n, instead, "%s is not a text", shown(n))
		return "", false
	}
	if !utf8.ValidString(n.Value) {
		r.fail(n, "write it in UTF-8", "it holds what is no character")
		return "", false
	}
	return n.Value, true
}

// words reads a text that is not empty.
func (r *reader) words(n *yaml.Node) string {
	text, ok := r.text(n)
	if ok && strings.TrimSpace(text) == "" {
		r.fail(n, "leave it out", "%q says nothing", text)
	}
	return text
}

// maxName is how long a name may be, in bytes.
const maxName = 100

// name reads the name by which something is referred to.
func (r *reader) name(n *yaml.Node) string {
	name := r.words(n)
	switch {
	case len(name) > maxName:
		r.fail(n, "choose a shorter one", "the name has %d bytes, and may have %d", len(name), maxName)
	case strings.ContainsFunc(name, unicode.IsControl):
		r.fail(n, "leave them out", "the name %q has control characters", name)
	}
	return name
}

// word reads one of several words.
func (r *reader) word(n *yaml.Node, known ...string) string {
	text, ok := r.text(n)
	if ok && !slices.Contains(known, text) {
		r.fail(n, suggest.Hint(text, known, known[0]), "%q is not one of %s", text, strings.Join(known, ", "))
	}
	return text
}

// truth reads true or false.
func (r *reader) truth(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
		r.fail(n, "true", "%s is not true or false", shown(n))
		return false
	}
	return strings.EqualFold(n.Value, "true")
}

// whole reads a whole number of at least 0.
func (r *reader) whole(n *yaml.Node) uint64 {
	number, err := strconv.ParseUint(n.Value, 10, 64)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" || err != nil {
		r.fail(n, "7", "%s is no whole number from 0 to %d", shown(n), uint64(math.MaxUint64))
	}
	return number
}

// number reads a number.
func (r *reader) number(n *yaml.Node) float64 {
	if tag := n.ShortTag(); n.Kind == yaml.ScalarNode && (tag == "!!int" || tag == "!!float") {
		var number float64
		if n.Load(&number) == nil && !math.IsInf(number, 0) && !math.IsNaN(number) {
			return number
		}
	}
	instead := "3"
	if number, err := strconv.ParseFloat(n.Value, 64); err == nil && n.Kind == yaml.ScalarNode && !math.IsInf(number, 0) && !math.IsNaN(number) {
		instead = strconv.FormatFloat(number, 'f', -1, 64)
	}
	r.fail(n, instead, "%s is not a number", shown(n))
	return 0
}
