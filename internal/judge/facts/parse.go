package facts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/keykind"
	"github.com/mockdesk/mockdesk/internal/strict"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// kinds lists the kinds a key of a service may have.
func kinds(service string) (names []string) {
	for _, k := range keykind.All {
		if k.Service == service {
			names = append(names, k.Name)
		}
	}
	return names
}

// Parse reads a facts file. An error names the line and column and what to
// write instead.
func Parse(text []byte) (*Facts, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if err := checkNames(text); err != nil {
		return nil, err
	}
	var f Facts
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, explain(text, err)
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	return &f, nil
}

// check finds what JSON types cannot say.
func (f *Facts) check() error {
	for i, k := range f.Keys {
		allowed := kinds(k.Service)
		if allowed == nil {
			return fmt.Errorf(`facts: keys[%d].service is %q; hint: "inboxops" or "apphandoff"`, i, k.Service)
		}
		if !slices.Contains(allowed, k.Kind) {
			return fmt.Errorf(`facts: keys[%d].kind is %q; hint: one of %s`, i, k.Kind, strings.Join(allowed, ", "))
		}
		if k.Key == "" {
			return fmt.Errorf(`facts: keys[%d].key is empty; hint: leave the entry out`, i)
		}
	}
	return nil
}

// explain adds the position to an error of encoding/json.
func explain(text []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		return fmt.Errorf("facts: %s: %s is %s; hint: write %s", strict.Position(text, kind.Offset), kind.Field, article(kind.Value), article(jsonType(kind.Type)))
	case errors.As(err, &syntax):
		return fmt.Errorf("facts: %s: %w; hint: mockdesk catalog URL > facts.json writes a good one", strict.Position(text, syntax.Offset), err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("facts: %s: the JSON ends too early; hint: an empty facts file is {}", strict.Position(text, int64(len(text))))
	}
	return fmt.Errorf("facts: %w", err)
}

// article puts a or an before a noun.
func article(noun string) string {
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// jsonType names what JSON calls a Go type.
func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Slice:
		return "array"
	case reflect.Int, reflect.Int64:
		return "whole number"
	default:
		return t.Kind().String()
	}
}

// checkNames finds the first member that the form of a facts file does not have.
func checkNames(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	w := walker{text: text, d: d}
	if err := w.value(reflect.TypeFor[Facts](), ""); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("facts: %s: something follows the JSON object; hint: one object a file", strict.Position(text, d.InputOffset()))
	}
	return nil
}

// walker reads JSON token by token, along with the Go type it is meant for.
type walker struct {
	text []byte
	d    *json.Decoder
}

// value reads one value; t is nil where the type is not an object's.
func (w walker) value(t reflect.Type, where string) error {
	token, err := w.d.Token()
	if err != nil {
		return explain(w.text, err)
	}
	switch token {
	case json.Delim('{'):
		return w.object(t, where)
	case json.Delim('['):
		for i := 0; w.d.More(); i++ {
			if err := w.value(element(t), fmt.Sprintf("%s[%d]", where, i)); err != nil {
				return err
			}
		}
		_, err = w.d.Token()
	}
	if err != nil {
		return explain(w.text, err)
	}
	return nil
}

// object reads the members of an object whose { is read.
func (w walker) object(t reflect.Type, where string) error {
	for w.d.More() {
		name, err := w.d.Token()
		if err != nil {
			return explain(w.text, err)
		}
		member, known := field(t, name.(string))
		at := strings.TrimPrefix(where+"."+name.(string), ".")
		if !known {
			start := w.d.InputOffset() - int64(len(name.(string))) - 2 // of the opening quote
			return fmt.Errorf("facts: %s: unknown member %s; hint: %s", strict.Position(w.text, start), at, meantMember(t, name.(string)))
		}
		if err := w.value(member, at); err != nil {
			return err
		}
	}
	if _, err := w.d.Token(); err != nil {
		return explain(w.text, err)
	}
	return nil
}

// element is the type of a slice's elements, nil for anything else.
func element(t reflect.Type) reflect.Type {
	if t != nil && t.Kind() == reflect.Slice {
		return t.Elem()
	}
	return nil
}

// field returns the type of an object's member, and whether the object may have
// the member.
func field(t reflect.Type, name string) (reflect.Type, bool) {
	switch {
	case t == nil:
		return nil, true
	case t.Kind() == reflect.Map:
		return t.Elem(), true
	case t.Kind() != reflect.Struct:
		return nil, true // a wrong type, which json.Unmarshal explains
	}
	for f := range t.Fields() {
		if strict.Member(f, "json") == name {
			return f.Type, true
		}
	}
	return nil, false
}

// meantMember names the members an object may have, or the likely one alone.
func meantMember(t reflect.Type, got string) string {
	names := strict.Members(t, "json")
	if meant := suggest.Word(got, names); meant != "" {
		return fmt.Sprintf("did you mean %q?", meant)
	}
	return "known are " + strings.Join(names, ", ")
}
