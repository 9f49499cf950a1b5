package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/document"
)

// spell writes nodes with their places.
func spell(n *yaml.Node) string {
	out := fmt.Sprintf("%d:%d", n.Line, n.Column)
	if n.Kind == yaml.ScalarNode {
		return out + " " + n.ShortTag() + " " + n.Value
	}
	var parts []string
	for _, child := range n.Content {
		parts = append(parts, spell(child))
	}
	return out + " [" + strings.Join(parts, ", ") + "]"
}

func TestRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a: 1\nb:\n- x":  "1:1 [1:1 !!str a, 1:4 !!int 1, 2:1 !!str b, 3:1 [3:3 !!str x]]",
		`{"a": 1}`:       "1:1 [1:2 !!str a, 1:7 !!int 1]",
		"3":              "1:1 !!int 3",
		`"\ud83d\udea8"`: "1:1 !!str 🚨",
		"\n {\"a\":[true,\n 1.5,{}],\n\t\"b\":\n\"x\"}": "2:2 [2:3 !!str a, 2:7 [2:8 !!bool true, 3:2 !!float 1.5, 3:6 []], 4:2 !!str b, 5:1 !!str x]",
		`{"a": null, "b": [null]}`:                      "1:1 [1:13 !!str b, 1:18 [1:19 !!null null]]",
	} {
		root, err := document.Read([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := spell(root); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	var flaw *document.Flaw
	_, err := document.Read([]byte("[1,\n \"\\ud83d\"]"))
	if !errors.As(err, &flaw) || flaw.Line != 2 || flaw.Column != 2 {
		t.Errorf("half of a character: %v", err)
	}
	_, err = document.Read([]byte(strings.Repeat("[", 102) + strings.Repeat("]", 102)))
	if !errors.As(err, &flaw) || flaw.Column != 101 || !strings.Contains(err.Error(), "line 1, column 101: it is nested more than 100 deep") {
		t.Errorf("too deep: %v", err)
	}
	many := strings.Repeat("x,", 600)
	_, err = document.Read([]byte("a: &a [" + many + "]\nb: &b [" + strings.ReplaceAll(many, "x", "*a") + "]\nc: [" + strings.ReplaceAll(many, "x", "*b") + "]"))
	if !errors.Is(err, document.ErrExpanded) {
		t.Errorf("aliases: %v", err)
	}
	if _, err := document.Read([]byte("a: b: c")); err == nil {
		t.Error("no YAML is read")
	}
}
