package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/conformance/scenario"
)

// GitHub writes workflow commands: an error for each clause that speaks
// against the target, a warning for each that broke, and a notice with the counts.
func GitHub(w io.Writer, r conformance.Report) error {
	r = plainly(r)
	b := bufio.NewWriter(w)
	if r.ExitCode() != conformance.ExitOK {
		Annotate(b, "error", "mockdesk check", Verdict(r))
	}
	for _, result := range r.Results {
		title := result.Clause.ID + " " + result.Clause.Words
		switch {
		case result.Unexpected():
			text := details(result)
			if len(result.Failures) == 0 {
				text = why(result)
			}
			Annotate(b, "error", title, text)
		case result.Outcome == scenario.Error:
			Annotate(b, "warning", title, result.Reason)
		case result.Missed():
			Annotate(b, "error", title, "required but not judged: "+why(result))
		}
	}
	for _, g := range r.Gaps() {
		Annotate(b, "notice", "not judged", notJudged(g))
	}
	Annotate(b, "notice", "mockdesk check "+r.Target, Summary(r)+"\n"+Effort(r))
	return b.Flush()
}

var (
	githubText     = strings.NewReplacer("%", "%25", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// Annotate writes a workflow command, which GitHub shows as an annotation.
func Annotate(w io.Writer, command, title, text string) {
	fmt.Fprintf(w, "::%s title=%s::%s\n", command, githubProperty.Replace(title), githubText.Replace(strings.TrimRight(text, "\n")))
}
