package control

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/near"
	"github.com/mockdesk/mockdesk/mockserver/face"
)

// decode reads a JSON body into a struct; members it does not know are errors.
// An empty body leaves the struct as it is.
func decode(r *http.Request, into any) error {
	body, err := readBody(r)
	if err != nil || len(body) == 0 {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	var value json.RawMessage
	if err := decoder.Decode(&value); err != nil {
		return notJSON(body, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return invalid(errors.New("the body has more behind its JSON value"))
	}
	return fill(reflect.ValueOf(into).Elem(), "", value)
}

// reference is a hint to where examples of bodies are.
const reference = Prefix + "reference shows what to send"

// notJSON says where a body stops being JSON.
func notJSON(body []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset >= int64(len(body)) {
		return wrong(errors.New("the body is JSON that ends too early"), reference)
	}
	before := body[:max(0, syntax.Offset-1)]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return wrong(fmt.Errorf("the body is not JSON: %s is out of place in line %d, column %d", quoted(string(body[len(before):syntax.Offset])), line, column), reference)
}

// fill reads the value of a member; the body as a whole has no name.
func fill(into reflect.Value, name string, value json.RawMessage) error {
	if into.Kind() == reflect.Struct && into.Type() != reflect.TypeFor[time.Time]() {
		return fillMembers(into, name, value)
	}
	err := json.Unmarshal(value, into.Addr().Interface())
	switch into.Addr().Interface().(type) {
	case *time.Time:
		return wrongInstant(name, value, err)
	case json.Unmarshaler: // its words are ours
		return wrong(err, "")
	}
	if err == nil {
		return nil
	}
	wanted, example := spellType(into.Type(), value)
	return wrong(fmt.Errorf("%s %s is not %s", name, shown(value), wanted), fmt.Sprintf(`{"%s": %s}`, name, example))
}

// wrong returns a refusal of a member, nil when there is no error.
func wrong(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &failure{http.StatusBadRequest, err.Error(), hint}
}

// wrongInstant returns the refusal of what is no instant, and how to write the
// one that was meant; a date alone may mean any time of its day.
func wrongInstant(name string, value json.RawMessage, err error) error {
	if err == nil {
		return nil
	}
	var text string
	_ = json.Unmarshal(value, &text) // what is no text is no instant either
	example := "2025-06-02T12:00:00Z"
	if meant, ok := face.ParseInstant(text); ok && len(text) == len(time.DateOnly) {
		example = meant.Add(12 * time.Hour).Format(time.RFC3339)
	} else if ok {
		example = meant.Format(time.RFC3339)
	}
	return wrong(fmt.Errorf("%s %s is no instant", name, shown(value)), "write it as "+example)
}

// fillMembers reads the members of a mapping.
func fillMembers(into reflect.Value, name string, value json.RawMessage) error {
	known := namesOf(into.Type())
	all := "the members are " + strings.Join(known, ", ")
	var members map[string]json.RawMessage
	if err := json.Unmarshal(value, &members); err != nil {
		return wrong(fmt.Errorf("%s %s is not a mapping", cmp.Or(name, "the body"), shown(value)), all)
	}
	for _, member := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(known, member) {
			return wrong(fmt.Errorf("there is no member %s", quoted(member)), near.Hint(member, known, all))
		}
	}
	for i, member := range known {
		if value, sent := members[member]; sent {
			if err := fill(into.Field(i), member, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// namesOf lists the members of a struct, in the order of its fields.
func namesOf(of reflect.Type) []string {
	var names []string
	for field := range of.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// spellType says what is wanted instead of a value, with an example.
func spellType(of reflect.Type, value json.RawMessage) (wanted, example string) {
	switch of.Kind() {
	case reflect.Pointer:
		return spellType(of.Elem(), value)
	case reflect.Bool:
		return "true or false", "true"
	case reflect.Int:
		return "a whole number", "3"
	case reflect.Uint64:
		return "a whole number of at least 0", "3"
	case reflect.Map:
		return "a mapping of names to texts", `{"Accept": "application/json"}`
	}
	return "a text", `"` + shown(value) + `"`
}

// shown is a JSON value as a person would name it.
func shown(value json.RawMessage) string {
	switch value[0] {
	case '{':
		return "{…}"
	case '[':
		return "[…]"
	}
	return fmt.Sprintf("%.80s", value)
}
