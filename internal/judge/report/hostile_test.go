package report_test

import (
	"encoding/json"
	"encoding/xml"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/report"
)

// hostile is what a server may send to those who read reports.
const hostile = "\x1b[2J\u009b31m\u202e\u2066\u200f\u061c\u200b\ufeff\U000e0041\x00\r\n::error::x\n# <script>alert(1)</script> &#8238; @all [a](b) ``` | ~x~\n"

// spoil puts the text at the end of every text of a value that can come from
// a server.
func spoil(v reflect.Value, with string) {
	switch {
	case v.Type() == reflect.TypeFor[clause.Clause]():
	case v.Type() == reflect.TypeFor[string]() && v.String() != "":
		v.SetString(v.String() + with)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i), with)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				spoil(v.Field(i), with)
			}
		}
	}
}

// TestWhatAServerSendsCommandsNothing writes every format of a report with a
// hostile text in every place.
func TestWhatAServerSendsCommandsNothing(t *testing.T) {
	t.Parallel()
	r := example()
	spoil(reflect.ValueOf(&r).Elem(), hostile)
	for _, name := range formats.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := written(t, name, r)
			if i := strings.IndexFunc(text, func(c rune) bool { return !unicode.IsGraphic(c) && c != '\n' && c != '\t' }); i >= 0 {
				t.Errorf("%q is written as it came", text[max(0, i-40):i+10])
			}
			if !strings.Contains(text, `\u009b31m`) {
				t.Error("what was sent is not to be seen")
			}
			for line := range strings.Lines(text) {
				line = strings.TrimSpace(line)
				own := name == "github" && strings.Contains(line, " title=")
				if strings.HasPrefix(line, "::") && !own {
					t.Errorf("a command for GitHub: %s", line)
				}
				if name == "github" && !own {
					t.Errorf("no annotation of ours: %s", line)
				}
			}
		})
	}
}

func TestMarkdownOfAServerIsNotRead(t *testing.T) {
	t.Parallel()
	r := example()
	r.Results = r.Results[:1]
	r.Notes = []string{hostile}
	r.Headline = hostile
	text := written(t, "markdown", r)
	for _, raw := range []string{"<script", "&#8238;", "@all", "[a](b)", "```", "\n# <", "~x~"} {
		if strings.Contains(text, raw) {
			t.Errorf("%q is there as it came", raw)
		}
	}
}

// TestJSONKeepsWhatAServerSent reads the report back.
func TestJSONKeepsWhatAServerSent(t *testing.T) {
	t.Parallel()
	r := example()
	spoil(reflect.ValueOf(&r).Elem(), hostile)
	var back conformance.Report
	if err := json.Unmarshal([]byte(written(t, "json", r)), &back); err != nil || back.Headline != r.Headline || back.Notes[0] != r.Notes[0] {
		t.Errorf("%v, %q", err, back.Notes)
	}
}

// TestEveryFormatSaysWhatCameOfTheRun has runs that are not green.
func TestEveryFormatSaysWhatCameOfTheRun(t *testing.T) {
	t.Parallel()
	green := func() conformance.Report {
		return conformance.Report{Judged: true, Results: []conformance.Result{result("IO-AUTH-01", "pass")}, Counts: conformance.Counts{Pass: 1}}
	}
	cut := green()
	cut.CutShort = "the run was stopped"
	missed := green()
	missed.Results = append(missed.Results, result("IO-AUTH-09", "skip"))
	missed.Results[1].Required, missed.Results[1].Reason, missed.Results[1].Unlock = true, "nothing may be written", "--write"
	missed.Counts.Skip = 1
	nothing := missed
	nothing.Results = []conformance.Result{missed.Results[1]}
	nothing.Results[0].Required = false
	nothing.Counts = conformance.Counts{Skip: 1}
	tests := map[string]struct {
		report conformance.Report
		want   string
		gap    bool
		exit   int
	}{
		"all is well":       {green(), "PASSED", false, 0},
		"cut short":         {cut, "COULD NOT JUDGE: cut short: the run was stopped", false, 3},
		"required, skipped": {missed, "FAILED: required but not judged: IO-AUTH-09", true, 1},
		"nothing passed":    {nothing, "COULD NOT JUDGE: nothing passed", true, 3},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := report.Verdict(tc.report); got != tc.want || tc.report.ExitCode() != tc.exit {
				t.Errorf("got %q, want %q; exit code %d", got, tc.want, tc.report.ExitCode())
			}
			for _, format := range formats.Names() {
				text := written(t, format, tc.report)
				words := strings.TrimPrefix(strings.TrimPrefix(tc.want, "COULD NOT JUDGE: "), "FAILED: ")
				switch {
				case tc.exit == 0 && (format == "github" || format == "junit"): // which have no word for it
				case format == "junit" && tc.exit == 1:
					words = "required but not judged: nothing may be written; to judge it: --write"
				}
				if tc.exit != 0 && !strings.Contains(text, words) {
					t.Errorf("%s does not say %q:\n%s", format, words, text)
				}
				if tc.gap && !strings.Contains(text, "--write") {
					t.Errorf("%s does not say how to judge more", format)
				}
				if format == "junit" && red(t, text) != (tc.exit != 0) {
					t.Errorf("JUnit is of another colour than exit code %d", tc.exit)
				}
			}
		})
	}
}

// red reports whether a JUnit file holds a failure or an error.
func red(t *testing.T, text string) bool {
	t.Helper()
	var doc struct {
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
	}
	if err := xml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Failures+doc.Errors > 0
}
