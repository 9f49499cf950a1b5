package parser_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/search/parser"
)

var kindNames = map[parser.Kind]string{
	parser.ASCIIWord: "asciiword", parser.Word: "word", parser.NumWord: "numword", parser.Email: "email", parser.URL: "url",
	parser.Host: "host", parser.SFloat: "sfloat", parser.Version: "version", parser.HWordNumPart: "hword_numpart",
	parser.HWordPart: "hword_part", parser.HWordASCIIPart: "hword_asciipart", parser.Tag: "tag", parser.Protocol: "protocol",
	parser.NumHWord: "numhword", parser.ASCIIHWord: "asciihword", parser.HWord: "hword", parser.URLPath: "url_path",
	parser.File: "file", parser.Float: "float", parser.Int: "int", parser.Uint: "uint", parser.Entity: "entity",
}

// tokens returns the kind and text of all tokens but blanks, and checks that
// tokens follow each other without a gap, save that a whole is followed by its parts.
func tokens(t *testing.T, text string) []string {
	t.Helper()
	got := []string{}
	s := parser.NewScanner(text)
	for token, ok := s.Next(); ok; token, ok = s.Next() {
		if token.Start < 0 || token.Start >= token.End || token.End > len(text) {
			t.Fatalf("%q: token %+v", text, token)
		}
		if token.Kind != parser.Blank {
			name, ok := kindNames[token.Kind]
			if !ok {
				name = "kind " + strconv.Itoa(int(token.Kind))
			}
			got = append(got, name+" "+text[token.Start:token.End])
		}
	}
	return got
}

// Each row is what ts_parse('default', text) of PostgreSQL 15 says.
func TestTokens(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []string
	}{
		"an accent makes a word other than ASCII": {"cafe café", []string{"asciiword cafe", "word café"}},
		"a digit makes a numword":                 {"b2b", []string{"numword b2b"}},
		"an apostrophe splits":                    {"don't", []string{"asciiword don", "asciiword t"}},
		"an underline splits":                     {"ERR_42", []string{"asciiword ERR", "uint 42"}},
		"a hyphenated word comes whole, then in parts": {
			"up-to-date", []string{"asciihword up-to-date", "hword_asciipart up", "hword_asciipart to", "hword_asciipart date"},
		},
		"digits alone are no part of a hyphenated word": {
			"x-ray-5", []string{"asciihword x-ray", "hword_asciipart x", "hword_asciipart ray", "uint 5"},
		},
		"a digit makes a numhword": {"wi-6e", []string{"numhword wi-6e", "hword_asciipart wi", "hword_numpart 6e"}},
		"an accent makes a hword":  {"é-a", []string{"hword é-a", "hword_part é", "hword_asciipart a"}},
		"an address":               {"a.b-c_d@x-y.org", []string{"email a.b-c_d@x-y.org"}},
		"a plus ends an address":   {"a.bc+x@y.org", []string{"host a.bc", "email x@y.org"}},
		"a host ends in two letters or more": {
			"x.bc x.b x.bc1", []string{"host x.bc", "file x.b", "file x.bc1"},
		},
		"a URL comes whole, then as host and path": {
			"https://x.org:80/a?b#c",
			[]string{"protocol https://", "url x.org:80/a?b#c", "host x.org:80", "url_path /a?b#c"},
		},
		"a path":                            {"/usr/lib ./x ~/.rc a/b", []string{"file /usr/lib", "file /x", "file /.rc", "file a/b"}},
		"a path at the start keeps its dot": {"./x", []string{"file ./x"}},
		"numbers": {
			"1 -1 +2.5 1e5 -1.5e-3 1.2.3", []string{"uint 1", "int -1", "float +2.5", "sfloat 1e5", "sfloat -1.5e-3", "version 1.2.3"},
		},
		"a date is three numbers":           {"2024-12-25", []string{"uint 2024", "int -12", "int -25"}},
		"a version has no sign":             {"+1.2.3", []string{"version 1.2.3"}},
		"a tag may hold > in quotes":        {`<a b="c>d"> e`, []string{`tag <a b="c>d">`, "asciiword e"}},
		"a tag that is not closed is text":  {"<a b <c>", []string{"asciiword a", "asciiword b", "tag <c>"}},
		"a comment":                         {"<!-- a > b --> c", []string{"tag <!-- a > b -->", "asciiword c"}},
		"entities":                          {"&amp; &#39; &#x2f; &no", []string{"entity &amp;", "entity &#39;", "entity &#x2f;", "asciiword no"}},
		"what a script holds is blank":      {"<script>a</script>b", []string{"tag <script>", "tag </script>", "asciiword b"}},
		"a script that is never closed too": {"a<script b", []string{"asciiword a"}},
		"the rest is lost when its last character is escaped in a tag": {`a <b "\c`, []string{"asciiword a"}},
		"a combining mark joins the word before it":                    {"e\u0301t \u0301x", []string{"word e\u0301t", "asciiword x"}},
		"a run of characters without blanks is a word":                 {"日本語", []string{"word 日本語"}},
		"invalid UTF-8 is blank":                                       {"a\xffb\xe2\x82", []string{"asciiword a", "asciiword b"}},
		"a zero byte is blank":                                         {"a\x00b", []string{"asciiword a", "asciiword b"}},
		"nothing":                                                      {"", []string{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, tokens(t, test.text)); diff != "" {
				t.Errorf("tokens of %q (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

// Tokens leave no gap: each starts where one before it ended, or, as the parts of a whole do, earlier.
func FuzzTokens(f *testing.F) {
	for _, unit := range hostile {
		f.Add(unit + unit + "x" + unit)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := parser.NewScanner(text)
		end := 0
		for token, ok := s.Next(); ok; token, ok = s.Next() {
			if token.Start > end || token.End <= token.Start || token.End > len(text) {
				t.Fatalf("%q: token %+v behind %d", text, token, end)
			}
			end = max(end, token.End)
		}
		if s.Work() > 12*len(text)+12 {
			t.Fatalf("%q: %d bytes, looked at %d", text, len(text), s.Work())
		}
	})
}
