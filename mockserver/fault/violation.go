package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/near"
)

// How a Violation may break a value.
const (
	MakeNull        = "null"
	MakeMissing     = "missing"
	MakeWrongType   = "wrong-type"
	MakeUnknownEnum = "unknown-enum"
)

// Violation breaks the contract at one place of the body: a JSON pointer (RFC
// 6901), in which * stands for every element of an array. A body that has
// nothing there to break is sent as it is.
type Violation struct {
	Pointer string `json:"pointer" yaml:"pointer"`
	Make    string `json:"make" yaml:"make"`
}

// unknownEnum is a word that no enum of the contracts has.
const unknownEnum = "unheard_of"

var violation = Kind{
	Name: "violation",
	Schema: `
type: object
description: >-
  Breaks the contract at a JSON pointer, in which * stands for every element.
required: [pointer, make]
properties: {pointer: {type: string}, make: {type: string, enum: ["null", missing, wrong-type, unknown-enum]}}`,
	Says:  "have {pointer} {make}",
	Label: "break the contract in a field",
	Fields: []Field{
		{Name: "pointer", Label: "field", Type: Pointer, Usual: "/data/*/status"},
		{Name: "make", Label: "becomes", Type: OneOf, Usual: MakeNull, Options: [][2]string{
			{MakeNull, "null"}, {MakeMissing, "missing"}, {MakeWrongType, "of a wrong type"}, {MakeUnknownEnum, "an unknown value"},
		}},
	},
	set:   func(t *Then) bool { return t.Violation != nil },
	check: func(t *Then) error { return t.Violation.check() },
	change: func(e *Effect, a *Answer) (bool, string) {
		switch v := e.Then.Violation; {
		case a.bodiless() != "":
			return false, a.bodiless()
		case !v.apply(a):
			return false, fmt.Sprintf("the answer has nothing to break at %+.80q", v.Pointer)
		}
		return true, ""
	},
}

// apply breaks the body and reports whether there was something to break.
func (v *Violation) apply(a *Answer) bool {
	decoder := json.NewDecoder(bytes.NewReader(a.Body))
	decoder.UseNumber()
	var document any
	if decoder.Decode(&document) != nil {
		return false
	}
	document, broke := v.change(document, v.tokens())
	body, err := json.Marshal(document)
	if !broke || err != nil {
		return false
	}
	a.Body = body
	return true
}

func (v *Violation) tokens() []string {
	if v.Pointer == "" {
		return nil
	}
	tokens := strings.Split(v.Pointer[1:], "/")
	for i, token := range tokens {
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
	}
	return tokens
}

// change returns the value with the place that the tokens lead to broken, and
// whether that changed anything.
func (v *Violation) change(value any, tokens []string) (changed any, broke bool) {
	if len(tokens) == 0 {
		broken := v.broken(value)
		return broken, v.Make == MakeWrongType || value != broken
	}
	token, rest := tokens[0], tokens[1:]
	drop := len(rest) == 0 && v.Make == MakeMissing
	switch node := value.(type) {
	case map[string]any:
		if _, has := node[token]; has && drop {
			delete(node, token)
			broke = true
		} else if has {
			node[token], broke = v.change(node[token], rest)
		}
		return node, broke
	case []any:
		for i := len(node) - 1; i >= 0; i-- {
			if token != "*" && token != strconv.Itoa(i) {
				continue
			}
			if drop {
				node, broke = slices.Delete(node, i, i+1), true
				continue
			}
			element, did := v.change(node[i], rest)
			node[i], broke = element, broke || did
		}
		return node, broke
	}
	return value, false
}

// broken returns what stands in the place of a value.
func (v *Violation) broken(value any) any {
	switch v.Make {
	case MakeUnknownEnum:
		return unknownEnum
	case MakeWrongType:
		switch value.(type) {
		case string, nil:
			return 42
		case []any:
			return map[string]any{}
		case map[string]any:
			return []any{}
		default:
			return "not a number"
		}
	}
	return nil
}

func (v *Violation) check() error {
	if v.Pointer != "" && v.Pointer[0] != '/' {
		return fmt.Errorf("violation pointer %q is no JSON pointer, such as /data/0/status", v.Pointer)
	}
	ways := []string{MakeNull, MakeMissing, MakeWrongType, MakeUnknownEnum}
	if meant := near.Word(v.Make, ways); meant != "" && meant != v.Make {
		return hint.Errorf("did you mean "+meant+"?", "violation make %q is no way to break a value", v.Make)
	}
	if !slices.Contains(ways, v.Make) {
		return fmt.Errorf("violation make %q is none of %s", v.Make, strings.Join(ways, ", "))
	}
	if v.Pointer == "" && v.Make == MakeMissing {
		return errors.New("violation make missing needs a pointer to a member; the whole body cannot be missing")
	}
	return nil
}
