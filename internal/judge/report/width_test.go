package report_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/internal/judge/report"
)

// Lists keep to the width of the terminal, and say the same as without one.
func TestTextKeepsToTheWidth(t *testing.T) {
	t.Parallel()
	notJudged := func(width int) string {
		var b strings.Builder
		if err := (report.Text{Width: width}).Write(&b, example()); err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(b.String(), "Not judged\n")
		list, _, _ := strings.Cut(rest, "\n\n")
		if !found || list == "" {
			t.Fatalf("nothing is listed:\n%s", b.String())
		}
		return list
	}
	narrow, wide := notJudged(50), notJudged(0)
	for line := range strings.Lines(narrow) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 50 {
			t.Errorf("%d columns: %q", n, line)
		}
	}
	if got, want := strings.Fields(narrow), strings.Fields(wide); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if narrow == wide {
		t.Error("nothing had to be broken, so this shows nothing")
	}
}
