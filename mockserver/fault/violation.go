package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/suggest"
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
	Says:  "make {pointer} {make}",
	Label: "break the contract in a field",
	Fields: []Field{
		{Name: "pointer", Label: "field", Type: Pointer, Usual: "/data/*/status"},
		{Name: "make", Label: "becomes", Type: OneOf, Usual: MakeNull, Options: [][2]string{
			{MakeNull, "null"}, {MakeMissing, "missing"}, {MakeWrongType, "of a wrong type"}, {MakeUnknownEnum, "an unknown value"},
		}},
	},
	set:      func(t *Then) bool { return t.Violation != nil },
	check:    func(t *Then) error { return t.Violation.check() },
	rewrites: true,
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
	if !json.Valid(a.Body) {
		return false
	}
	body, broke := v.change(bytes.TrimSpace(a.Body), v.tokens())
	if broke {
		a.Body = body
	}
	return broke
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

// change returns the JSON value with the place that the tokens lead to broken
// and everything else unchanged, and reports whether that changed anything.
func (v *Violation) change(value []byte, tokens []string) (changed []byte, broke bool) {
	if len(tokens) == 0 {
		broken := []byte(v.broken(value))
		return broken, !bytes.Equal(broken, value)
	}
	drop := len(tokens) == 1 && v.Make == MakeMissing
	var kept [][]byte
	for i, p := range parts(value) {
		if !p.is(tokens[0], i) {
			kept = append(kept, slices.Concat(p.label, p.value))
			continue
		}
		if drop {
			broke = true
			continue
		}
		other, did := v.change(p.value, tokens[1:])
		kept, broke = append(kept, slices.Concat(p.label, other)), broke || did
	}
	if !broke {
		return value, false
	}
	first, last := value[:1], value[len(value)-1:]
	return slices.Concat(first, bytes.Join(kept, []byte(",")), last), true
}

// part is an element of a JSON array or a member of an object.
type part struct {
	name  string // of a member
	label []byte // the name as it is written, with its colon
	value json.RawMessage
}

// is reports whether a token leads to the part with a number.
func (p part) is(token string, number int) bool {
	if p.label != nil {
		return token == p.name
	}
	return token == "*" || token == strconv.Itoa(number)
}

// parts returns what an array or object consists of, in order, and nothing for
// other values.
func parts(value []byte) []part {
	d := json.NewDecoder(bytes.NewReader(value))
	opening, err := d.Token()
	if _, is := opening.(json.Delim); !is || err != nil {
		return nil
	}
	var all []part
	for d.More() {
		var p part
		if opening == json.Delim('{') {
			before := d.InputOffset()
			name, _ := d.Token()
			p.name = fmt.Sprint(name)
			p.label = append(bytes.TrimLeft(value[before:d.InputOffset()], ", \t\r\n"), ':')
		}
		if d.Decode(&p.value) != nil {
			return nil
		}
		all = append(all, p)
	}
	return all
}

// broken returns what replaces a JSON value.
func (v *Violation) broken(value []byte) string {
	switch v.Make {
	case MakeUnknownEnum:
		return `"` + unknownEnum + `"`
	case MakeWrongType:
		switch value[0] {
		case '"', 'n':
			return "42"
		case '[':
			return "{}"
		case '{':
			return "[]"
		default:
			return `"not a number"`
		}
	}
	return "null"
}

func (v *Violation) check() error {
	if v.Pointer != "" && v.Pointer[0] != '/' {
		return fmt.Errorf("violation pointer %q is no JSON pointer, such as /data/0/status", v.Pointer)
	}
	ways := []string{MakeNull, MakeMissing, MakeWrongType, MakeUnknownEnum}
	if !slices.Contains(ways, v.Make) {
		return instead(fmt.Sprintf("violation make %q is not a way to break a value", v.Make), suggest.Word(v.Make, ways), "ways", ways)
	}
	if v.Pointer == "" && v.Make == MakeMissing {
		return errors.New("violation make missing needs a pointer to a member; the whole body cannot be missing")
	}
	return nil
}
