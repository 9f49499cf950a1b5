package plain_test

import (
	"encoding/json"
	"testing"

	"github.com/mockdesk/mockdesk/internal/plain"
)

func TestText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want, line string }{
		"words of any language":          {"Grüße, 你好, שלום, مرحبا, 👍", "Grüße, 你好, שלום, مرحبا, 👍", ""},
		"spaces that are not the usual":  {"a\u00a0b\u3000c", "a\u00a0b\u3000c", ""},
		"lines and tabs":                 {"a\n\tb", "a\n\tb", `a\n\tb`},
		"a carriage return":              {"good\rbad", `good\u000dbad`, ""},
		"the escape of a terminal":       {"\x1b[2J\a\b\x00\x7f", `\u001b[2J\u0007\u0008\u0000\u007f`, ""},
		"controls from U+0080 to U+009F": {"\u0080\u009b2J\u009d0;x\u009c\u0085", `\u0080\u009b2J\u009d0;x\u009c\u0085`, ""},
		"the same as bytes":              {"\x9b2J", "\ufffd2J", ""},
		"what turns the direction":       {"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c", `\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c`, ""},
		"what takes no room":             {"a\u200bb\u200cc\u200dd\u2060e\ufefff\u00ad", `a\u200bb\u200cc\u200dd\u2060e\ufefff\u00ad`, ""},
		"lines of Unicode":               {"a\u2028b\u2029", `a\u2028b\u2029`, ""},
		"tags, outside the first plane":  {"a\U000e0041", `a\udb40\udc41`, ""},
		"commands to GitHub":             {"::error::a::b\n  ::stop-commands::x\nc ::d", `\u003a:error::a::b` + "\n  " + `\u003a:stop-commands::x` + "\nc ::d", `\u003a:error::a::b\n  ::stop-commands::x\nc ::d`},
		"commands to others":             {"a ##[set] ##vso[task.x] ##teamcity[y] ## z", `a \u0023#[set] \u0023#vso[task.x] \u0023#teamcity[y] ## z`, ""},
		"what has no meaning":            {"\ue000\uffff\U0010ffff", `\ue000\uffff\udbff\udfff`, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tc.line == "" {
				tc.line = tc.want
			}
			if got := plain.Text(tc.in); got != tc.want {
				t.Errorf("text: got %q, want %q", got, tc.want)
			}
			if got := plain.Line(tc.in); got != tc.line {
				t.Errorf("line: got %q, want %q", got, tc.line)
			}
		})
	}
}

// FuzzJSONKeepsItsMeaning escapes JSON and reads it.
func FuzzJSONKeepsItsMeaning(f *testing.F) {
	f.Add("::a ##[\u202e\U000e0041\x9b\n\\")
	f.Fuzz(func(t *testing.T, s string) {
		text, err := json.MarshalIndent(map[string]string{"a": s}, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		var want, got map[string]string
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(plain.Text(string(text))), &got); err != nil || got["a"] != want["a"] {
			t.Errorf("got %q, want %q, %v", got["a"], want["a"], err)
		}
	})
}
