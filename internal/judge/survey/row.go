package survey

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// Row is one JSON object of a list: a ticket, a message, an attachment.
type Row struct {
	Fields map[string]any   // numbers are json.Number
	Where  string           // its place in the answer, such as data[3]
	From   *target.Exchange // the exchange that brought it
}

// ID is the member id, "" when it is no string.
func (r Row) ID() string { return r.Text("id") }

// Text is a string member; "" when it is missing, null or of another type.
func (r Row) Text(name string) string {
	s, _ := r.Fields[name].(string)
	return s
}

// Has reports whether the member is there and not null.
func (r Row) Has(name string) bool { return r.Fields[name] != nil }

// Number is an integer member and whether it is one.
func (r Row) Number(name string) (int64, bool) { return Integer(r.Fields[name]) }

// Time is a date-time member and whether it is one.
func (r Row) Time(name string) (time.Time, bool) { return Instant(r.Text(name)) }

// Rows are the objects of an array member.
func (r Row) Rows(name string) []Row {
	list, _ := r.Fields[name].([]any)
	return objects(list, r.Where+"."+name, r.From)
}

// At is the place of a member in the answer, such as data[3].status.
func (r Row) At(name string) string { return r.Where + "." + name }

// Equal reports whether two rows have the same members with the same values.
func (r Row) Equal(other Row) bool { return reflect.DeepEqual(r.Fields, other.Fields) }

// String is the row as canonical JSON.
func (r Row) String() string {
	text, err := json.Marshal(r.Fields) // sorts the members
	if err != nil {
		return fmt.Sprint(r.Fields)
	}
	return string(text)
}

// objects are the objects of a JSON array; anything else in it is left out.
func objects(list []any, where string, from *target.Exchange) []Row {
	rows := make([]Row, 0, len(list))
	for i, v := range list {
		if fields, ok := v.(map[string]any); ok {
			rows = append(rows, Row{Fields: fields, Where: fmt.Sprintf("%s[%d]", where, i), From: from})
		}
	}
	return rows
}

// Integer is a JSON number without a fraction: 42, and 42.0 or 4.2e1 as well.
func Integer(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	if i, err := n.Int64(); err == nil {
		return i, true
	}
	f, err := n.Float64()
	if err != nil || f != float64(int64(f)) {
		return 0, false
	}
	return int64(f), true
}

// Instant reads an RFC 3339 date-time with any offset and fraction.
func Instant(text string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text)) // RFC 3339 allows t and z
	return t, err == nil
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// IsUUID reports whether the text has the form of a UUID, in either case.
func IsUUID(text string) bool { return uuid.MatchString(text) }

// List reads the array a JSON object holds under name, with the object itself.
// An element that is no object makes it an error.
func List(e *target.Exchange, name string) ([]Row, map[string]any, error) {
	v, err := e.JSON()
	if err != nil {
		return nil, nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, nil, errors.New("the body is not a JSON object")
	}
	list, ok := object[name].([]any)
	if !ok {
		return nil, object, fmt.Errorf("the body has no array %s", name)
	}
	rows := objects(list, name, e)
	if len(rows) != len(list) {
		return nil, object, fmt.Errorf("an element of %s is not an object", name)
	}
	return rows, object, nil
}
