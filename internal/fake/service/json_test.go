package service_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/service"
)

func TestAppend(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, time.January, 31, 9, 30, 0, 0, time.UTC)
	id, _ := fixtures.ParseID("123e4567-e89b-12d3-a456-426614174000")
	tests := map[string]struct {
		got  []byte
		want string
	}{
		"an instant has milliseconds and Z":      {service.AppendTime(nil, at), `"2025-01-31T09:30:00.000Z"`},
		"milliseconds are written":               {service.AppendTime(nil, at.Add(7*time.Millisecond)), `"2025-01-31T09:30:00.007Z"`},
		"what is smaller is cut off":             {service.AppendTime(nil, at.Add(999_999)), `"2025-01-31T09:30:00.000Z"`},
		"an instant of another zone is in UTC":   {service.AppendTime(nil, at.In(time.FixedZone("", 3600))), `"2025-01-31T09:30:00.000Z"`},
		"no instant is null":                     {service.AppendTime(nil, time.Time{}), `null`},
		"an id is dashed and lower-case":         {service.AppendID(nil, id), `"123e4567-e89b-12d3-a456-426614174000"`},
		"no id is null":                          {service.AppendID(nil, fixtures.ID{}), `null`},
		"a text that is set":                     {service.AppendOptional(nil, "a"), `"a"`},
		"a text that is not set is null":         {service.AppendOptional(nil, ""), `null`},
		"an empty text":                          {service.AppendString(nil, ""), `""`},
		"quotes and backslashes":                 {service.AppendString(nil, `a "b" \c`), `"a \"b\" \\c"`},
		"blanks":                                 {service.AppendString(nil, "a\tb\r\nc"), `"a\tb\r\nc"`},
		"control characters":                     {service.AppendString(nil, "\x00\x1f\x7f"), "\"\\u0000\\u001f\x7f\""},
		"letters beyond ASCII stand as they are": {service.AppendString(nil, "é€👍\u2028"), "\"é€👍\u2028\""},
		"HTML stands as it is":                   {service.AppendString(nil, "<a&b>"), `"<a&b>"`},
		"bytes that are no UTF-8":                {service.AppendString(nil, "a\xffb\xc3"), "\"a\uFFFDb\uFFFD\""},
		"a replacement character":                {service.AppendString(nil, "\uFFFD"), "\"\uFFFD\""},
		"a value":                                {service.AppendJSON(nil, map[string]any{"a": "<é>", "n": 1}), `{"a":"<é>","n":1}`},
		"an instant is appended":                 {service.AppendTime([]byte("x"), at), `x"2025-01-31T09:30:00.000Z"`},
		"an id is appended":                      {service.AppendID([]byte("x"), id), `x"123e4567-e89b-12d3-a456-426614174000"`},
		"a null is appended":                     {service.AppendOptional([]byte("x"), ""), `xnull`},
		"a string is appended":                   {service.AppendString([]byte("x"), "a\n"), `x"a\n"`},
		"a value is appended":                    {service.AppendJSON([]byte("x\n"), []int{1}), "x\n[1]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if string(test.got) != test.want {
				t.Errorf("got %q, want %q", test.got, test.want)
			}
		})
	}
}

func TestAppendJSONPanicsAtWhatIsNoJSON(t *testing.T) {
	t.Parallel()
	defer func() {
		if p := fmt.Sprint(recover()); !strings.Contains(p, "cannot be JSON") {
			t.Errorf("AppendJSON of a function panics with %q", p)
		}
	}()
	service.AppendJSON(nil, func() {})
}

// FuzzAppendString: what is written decodes to what encoding/json would have
// it decode to.
func FuzzAppendString(f *testing.F) {
	for _, seed := range []string{
		"", "plain", `"quoted" \ back`, "tab\tline\nreturn\r\b\f", "\x00\x1f\x7f\x80\xff", "é€👍\u2028\uFFFD", "cut \xe2\x82", "\xed\xa0\x80",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		encoded, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var want, got string
		if err := json.Unmarshal(encoded, &want); err != nil {
			t.Fatal(err)
		}
		if b := service.AppendString(nil, s); json.Unmarshal(b, &got) != nil || got != want {
			t.Errorf("AppendString(%q) = %s, which decodes to %q, want %q", s, b, got, want)
		}
	})
}
