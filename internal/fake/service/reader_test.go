package service_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
)

const someID = "123e4567-e89b-12d3-a456-426614174000"

// read makes a call with one parameter x, "-" for none, and reads it.
func read(value string, how func(r *service.Reader) any) (got any, wrong []problem.Field) {
	c := &service.Call{Params: []service.Param{{Name: "y", Value: "other"}, {Name: "x", Value: value}, {Name: "x", Value: "second"}}}
	if value == "-" {
		c.Params = nil
	}
	r := c.Read()
	got = how(r)
	var refusal *problem.Error
	if errors.As(r.Err(), &refusal) {
		wrong = refusal.Fields
	}
	return got, wrong
}

// The ways a parameter x is read.
var (
	text    = func(r *service.Reader) any { return r.Text("x") }
	enum    = func(r *service.Reader) any { return r.Enum("x", "asc", "desc") }
	items   = func(r *service.Reader) any { return r.List("x") }
	enums   = func(r *service.Reader) any { return r.Enums("x", "open", "closed") }
	uuid    = func(r *service.Reader) any { return r.UUID("x") }
	uuids   = func(r *service.Reader) any { return r.UUIDs("x") }
	whole   = func(r *service.Reader) any { return r.Int("x", 25) }
	instant = func(r *service.Reader) any { return r.Instant("x") }
)

func TestReader(t *testing.T) {
	t.Parallel()
	id, _ := fixtures.ParseID(someID)
	none, noID, noIDs := []string(nil), (*fixtures.ID)(nil), []fixtures.ID(nil)
	at := time.Date(2025, time.January, 31, 9, 30, 0, 0, time.UTC)
	tests := map[string]struct {
		how   func(*service.Reader) any
		value string
		want  any
	}{
		"a text":                               {text, "abc", "abc"},
		"a text without its blanks":            {text, " \ta b ", "a b"},
		"a blank text is not sent":             {text, "  ", ""},
		"a text that is not sent":              {text, "-", ""},
		"an allowed word":                      {enum, "desc", "desc"},
		"an allowed word with blanks":          {enum, " desc ", "desc"},
		"a blank word is not sent":             {enum, " ", ""},
		"a word that is not sent":              {enum, "-", ""},
		"a list":                               {items, "a,b", []string{"a", "b"}},
		"a list with blanks and empty items":   {items, " a , ,b,, c", []string{"a", "b", "c"}},
		"a list of nothing":                    {items, " , ,", none},
		"a list that is not sent":              {items, "-", none},
		"allowed words":                        {enums, "open, closed", []string{"open", "closed"}},
		"an allowed word twice":                {enums, "open,open", []string{"open", "open"}},
		"words that are not sent":              {enums, "-", none},
		"a UUID":                               {uuid, someID, &id},
		"a UUID in upper case":                 {uuid, strings.ToUpper(someID), &id},
		"a UUID with blanks":                   {uuid, " " + someID + " ", &id},
		"a UUID that is not sent":              {uuid, "-", noID},
		"a blank UUID is not sent":             {uuid, "", noID},
		"UUIDs":                                {uuids, someID + ", " + someID, []fixtures.ID{id, id}},
		"UUIDs that are not sent":              {uuids, "-", noIDs},
		"a number":                             {whole, "7", 7},
		"the smallest number":                  {whole, "1", 1},
		"a number that is not sent":            {whole, "-", 25},
		"an instant":                           {instant, "2025-01-31T09:30:00Z", at},
		"an instant with milliseconds":         {instant, "2025-01-31T09:30:00.250Z", at.Add(250 * time.Millisecond)},
		"an instant with an offset":            {instant, "2025-01-31T11:30:00+02:00", at},
		"an instant with a negative offset":    {instant, "2025-01-31T04:00:00-05:30", at},
		"an instant without seconds":           {instant, "2025-01-31T09:30Z", at},
		"an instant in lower case":             {instant, "2025-01-31t09:30:00z", at},
		"a date is its midnight in UTC":        {instant, "2025-01-31", time.Date(2025, time.January, 31, 0, 0, 0, 0, time.UTC)},
		"an instant that is not sent":          {instant, "-", time.Time{}},
		"a blank instant is not sent":          {instant, " ", time.Time{}},
		"the first of two is read, not both":   {text, "first", "first"},
		"a leap day in a leap year":            {instant, "2024-02-29", time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC)},
		"an instant before the epoch":          {instant, "1969-12-31T23:59:59Z", time.Unix(-1, 0).UTC()},
		"an instant with nanoseconds":          {instant, "2025-01-31T09:30:00.000000001Z", at.Add(1)},
		"an instant of a day with blank sides": {instant, " 2025-01-31T09:30:00Z ", at},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, wrong := read(test.value, test.how)
			if wrong != nil {
				t.Fatalf("%q is refused: %v", test.value, wrong)
			}
			if diff := cmp.Diff(test.want, got); diff != "" { // instants by Equal
				t.Errorf("%q (-want +got):\n%s", test.value, diff)
			}
		})
	}
}

func TestReaderRefuses(t *testing.T) {
	t.Parallel()
	const noWord, noUUID = " is not one of asc, desc", " is not a UUID, such as " + someID
	const noNumber = " is not a whole number of at least 1"
	const noInstant = " is not an ISO 8601 instant, such as 2025-01-31T09:30:00Z"
	tests := map[string]struct {
		how   func(*service.Reader) any
		value string
		says  string
	}{
		"another word":                       {enum, "up", `"up"` + noWord},
		"a word in upper case":               {enum, "ASC", `"ASC"` + noWord},
		"two words for one":                  {enum, "asc,desc", `"asc,desc"` + noWord},
		"another item":                       {enums, "open,new", `"new" is not one of open, closed`},
		"half a UUID":                        {uuid, "123e4567", `"123e4567"` + noUUID},
		"a UUID in braces":                   {uuid, "{" + someID + "}", `"{` + someID + `}"` + noUUID},
		"another item than a UUID":           {uuids, someID + ",x", `"x"` + noUUID},
		"zero":                               {whole, "0", `"0"` + noNumber},
		"a negative number":                  {whole, "-1", `"-1"` + noNumber},
		"a fraction":                         {whole, "1.5", `"1.5"` + noNumber},
		"a number in words":                  {whole, "ten", `"ten"` + noNumber},
		"an empty number":                    {whole, "", `""` + noNumber},
		"a number with an exponent":          {whole, "1e2", `"1e2"` + noNumber},
		"a number in hexadecimal":            {whole, "0x10", `"0x10"` + noNumber},
		"a number with a separator":          {whole, "1_000", `"1_000"` + noNumber},
		"a day that is not in the calendar":  {instant, "2025-02-30", `"2025-02-30"` + noInstant},
		"a leap day in a common year":        {instant, "2025-02-29T00:00:00Z", `"2025-02-29T00:00:00Z"` + noInstant},
		"an instant without an offset":       {instant, "2025-01-31T09:30:00", `"2025-01-31T09:30:00"` + noInstant},
		"an hour of 25":                      {instant, "2025-01-31T25:00:00Z", `"2025-01-31T25:00:00Z"` + noInstant},
		"another order of the day":           {instant, "31/01/2025", `"31/01/2025"` + noInstant},
		"seconds of the epoch":               {instant, "1738315800", `"1738315800"` + noInstant},
		"a word":                             {instant, "yesterday", `"yesterday"` + noInstant},
		"an offset whose plus became blank":  {instant, "2025-01-31T11:30:00 02:00", `"2025-01-31T11:30:00 02:00"` + noInstant + "; write the + of an offset as %2B"},
		"a blank between date and time":      {instant, "2025-01-31 09:30:00Z", `"2025-01-31 09:30:00Z"` + noInstant},
		"a line break in a value is written": {enum, "a\nb", `"a\nb"` + noWord},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, wrong := read(test.value, test.how)
			if diff := cmp.Diff([]problem.Field{{Name: "x", Message: test.says}}, wrong); diff != "" {
				t.Errorf("%q (-want +got):\n%s", test.value, diff)
			}
		})
	}
}

func TestReaderNamesAllThatIsWrong(t *testing.T) {
	t.Parallel()
	c := &service.Call{Params: []service.Param{{"order", "up"}, {"page", "0"}, {"q", "fine"}}}
	r := c.Read()
	if r.Err() != nil {
		t.Errorf("before anything is read: %v", r.Err())
	}
	r.Int("page", 1)
	r.Text("q")
	r.Enum("order", "asc", "desc")
	r.Wrong("custom_field_x", "is unknown")
	want := problem.Invalid(
		problem.Field{Name: "page", Message: `"0" is not a whole number of at least 1`},
		problem.Field{Name: "order", Message: `"up" is not one of asc, desc`},
		problem.Field{Name: "custom_field_x", Message: "is unknown"},
	)
	var got *problem.Error
	if !errors.As(r.Err(), &got) {
		t.Fatalf("Err() = %v, want a refusal", r.Err())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refusal (-want +got):\n%s", diff)
	}
}
