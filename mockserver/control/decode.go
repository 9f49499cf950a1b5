package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/strict"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/openapi"
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
	if half := openapi.LoneSurrogate(value); half != "" {
		return invalid(hint.Errorf(`send the character itself, or both halves, such as \ud83d\ude00`, "%s is half of a character", half))
	}
	err = fill(reflect.ValueOf(into).Elem(), nil, value)
	var misfit *misfit
	if errors.As(err, &misfit) {
		return invalid(hint.Errorf(misfit.corrected(value), "%w", err))
	}
	return err
}

// misfit is a member whose value is of another type.
type misfit struct {
	path   []string
	text   string
	wanted string // what is wanted instead, as JSON
}

// Error returns the text.
func (m *misfit) Error() string {
	return m.text
}

// corrected returns the body with a valid value for the member.
func (m *misfit) corrected(body json.RawMessage) string {
	value := json.RawMessage(m.wanted)
	for i := len(m.path) - 1; i >= 0; i-- {
		var around map[string]json.RawMessage
		within := body
		for _, name := range m.path[:i] {
			_ = json.Unmarshal(within, &around) // it was read before
			within, around = around[name], nil
		}
		_ = json.Unmarshal(within, &around)
		around[m.path[i]] = value
		value, _ = json.Marshal(around) // of JSON that was read
	}
	const most = 300
	if len(value) > most {
		return fmt.Sprintf("%q: %s", m.path[len(m.path)-1], m.wanted)
	}
	return string(value)
}

// reference is a hint to where examples of bodies are.
const reference = Prefix + "reference shows what to send"

// notJSON says where a body stops being JSON.
func notJSON(body []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) || syntax.Error() == "unexpected end of JSON input" {
		return invalid(hint.Errorf(reference, "the body is JSON that ends too early"))
	}
	before := body[:max(0, syntax.Offset-1)]
	return invalid(hint.Errorf(reference, "the body is not JSON: %s is out of place in %s", quoted(string(body[len(before):syntax.Offset])), strict.Position(body, int64(len(before)))))
}

// fill reads the value of a member; the body as a whole has an empty path. Null
// counts as left out.
func fill(into reflect.Value, path []string, value json.RawMessage) error {
	if string(value) == "null" {
		return nil
	}
	if _, own := into.Addr().Interface().(json.Unmarshaler); into.Kind() == reflect.Struct && !own {
		return fillMembers(into, path, value)
	}
	if into.Kind() == reflect.Slice && into.Type().Elem().Kind() == reflect.Struct {
		return fillList(into, path, value)
	}
	name := path[len(path)-1]
	err := json.Unmarshal(value, into.Addr().Interface())
	switch at := into.Addr().Interface().(type) {
	case *time.Time:
		if err != nil {
			return wrongInstant(name, value)
		}
		if at.IsZero() {
			return invalid(hint.Errorf("leave it out, or write it as 0001-01-01T00:00:01Z", "%s %s stands for no instant", name, shown(value)))
		}
	case json.Unmarshaler: // its error is in our words
		if err != nil {
			return invalid(err)
		}
	default:
		if err != nil {
			wanted, example := spellType(into.Type(), name, value)
			return &misfit{path, fmt.Sprintf("%s %s is not %s", name, shown(value), wanted), example}
		}
	}
	return nil
}

// fillList reads a list of mappings.
func fillList(into reflect.Value, path []string, value json.RawMessage) error {
	name := path[len(path)-1]
	var elements []json.RawMessage
	if json.Unmarshal(value, &elements) != nil {
		return &misfit{path, fmt.Sprintf("%s %s is not a list", name, shown(value)), "[]"}
	}
	into.Set(reflect.MakeSlice(into.Type(), len(elements), len(elements)))
	for i, element := range elements {
		at := fmt.Sprintf("%s[%d]", name, i)
		err := fill(into.Index(i), []string{at}, element)
		var misfit *misfit
		var refused *failure
		switch {
		case errors.As(err, &misfit):
			return invalid(hint.Errorf(fmt.Sprintf("%q: %s", misfit.path[len(misfit.path)-1], misfit.wanted), "%s: %w", at, err))
		case errors.As(err, &refused):
			return invalid(hint.Errorf(refused.hint, "%s: %w", at, err))
		}
	}
	return nil
}

// wrongInstant returns the refusal of a value that is not an instant, and how
// to write the one that was meant; a date alone may mean any time of its day.
func wrongInstant(name string, value json.RawMessage) error {
	var text string
	_ = json.Unmarshal(value, &text) // a value that is not a text is not an instant, either
	example := "2025-06-02T12:00:00Z"
	if meant, ok := service.ParseInstant(text); ok && len(text) == len(time.DateOnly) {
		example = meant.Add(12 * time.Hour).Format(time.RFC3339)
	} else if ok {
		example = meant.Format(time.RFC3339)
	}
	return invalid(hint.Errorf("write it as "+example, "%s %s is no instant", name, shown(value)))
}

func fillMembers(into reflect.Value, path []string, value json.RawMessage) error {
	known := strict.Members(into.Type(), "json")
	all := "the members are " + strings.Join(known, ", ")
	var members map[string]json.RawMessage
	if err := json.Unmarshal(value, &members); err != nil {
		name := append([]string{"the body"}, path...)[len(path)]
		return invalid(hint.Errorf(all, "%s %s is not a mapping", name, shown(value)))
	}
	if member := repeated(value); member != "" {
		return invalid(hint.Errorf("send it once", "the member %s is there twice", quoted(member)))
	}
	for _, member := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(known, member) {
			return invalid(hint.Errorf(suggest.Hint(member, known, all), "there is no member %s", quoted(member)))
		}
	}
	for i, member := range known {
		if value, sent := members[member]; sent {
			if err := fill(into.Field(i), append(slices.Clip(path), member), value); err != nil {
				return err
			}
			if err := written(into.Type().Field(i), into.Field(i), value); err != nil {
				return err
			}
		}
	}
	return nil
}

// repeated returns the first member of a mapping that occurs twice, "" if none
// does.
func repeated(mapping json.RawMessage) string {
	decoder := json.NewDecoder(bytes.NewReader(mapping))
	_, _ = decoder.Token() // its brace; all of it was read before
	seen := map[string]bool{}
	for decoder.More() {
		name, _ := decoder.Token()
		text, _ := name.(string)
		if seen[text] {
			return text
		}
		seen[text] = true
		var skipped json.RawMessage
		_ = decoder.Decode(&skipped)
	}
	return ""
}

// written refuses a zero that is written out if leaving the member out means
// something else.
func written(field reflect.StructField, value reflect.Value, text json.RawMessage) error {
	name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	if options != "omitempty" || !value.IsZero() || value.Kind() == reflect.Bool || string(text) == "null" {
		return nil
	}
	return invalid(hint.Errorf("leave it out", "%s %s is written, but stands for none", name, text))
}

// texts are examples of members that are texts.
var texts = map[string]string{
	"name": "acme-1", "rate_limit": "100/1m", "life": "calm", "error_format": "sample", "mode": "frozen", "by": "30s", "method": "GET", "path": "/api/v1/tickets",
	"service": "inboxops", "operation": "listTickets", "key_kind": "read-write", "rule": "fault-1", "order": "desc",
}

// spellType says what is wanted instead of a value, with an example: the value
// itself if only its quotes are wrong.
func spellType(of reflect.Type, name string, value json.RawMessage) (wanted, example string) {
	bare := strings.Trim(string(value), `"`)
	switch of.Kind() {
	case reflect.Pointer:
		return spellType(of.Elem(), name, value)
	case reflect.Bool:
		return "true or false", strconv.FormatBool(bare != "false" && bare != "0" && bare != "no")
	case reflect.Int, reflect.Uint64:
		if _, err := strconv.ParseUint(bare, 10, 31); err != nil {
			bare = "3"
		}
		return map[reflect.Kind]string{reflect.Int: "a whole number", reflect.Uint64: "a whole number of at least 0"}[of.Kind()], bare
	case reflect.Slice:
		return "a list of texts", "[]"
	case reflect.Map:
		if of.Elem().Kind() == reflect.Slice {
			return "a mapping of ids to lists of ids", `{"1001": []}`
		}
		return "a mapping of names to texts", `{"Accept": "application/json"}`
	}
	if of == reflect.TypeFor[fault.Duration]() || name == "by" {
		example := bare + "s"
		if _, err := time.ParseDuration(example); err != nil {
			example = texts["by"]
		}
		return "a duration, such as 30s", strconv.Quote(example)
	}
	if example := texts[name]; example != "" || strings.ContainsAny(bare, "{[") {
		return "a text", strconv.Quote(example)
	}
	return "a text", strconv.Quote(bare)
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
