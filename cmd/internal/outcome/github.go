package outcome

import (
	"bufio"
	"io"

	"github.com/mockdesk/mockdesk/internal/judge/report"
)

// GitHub writes workflow commands: an error for each reason to fail and each
// breach, a warning for what is tolerated, and a notice with the counts.
func GitHub(w io.Writer, o Outcome) error {
	b := bufio.NewWriter(w)
	level := "error"
	if o.Lenient {
		level = "warning"
	}
	for _, f := range o.Failures() {
		if f.Kind != Breach || len(o.Summary.Violations) == 0 {
			report.Annotate(b, "error", o.Tool(), f.Reason+"\n"+f.Hint)
		}
	}
	for _, found := range o.found() {
		report.Annotate(b, level, found.Name, found.Times+": "+found.Words+"\nfirst by "+found.Request+"\n"+found.Curl)
	}
	if more := o.more(); more != "" {
		report.Annotate(b, level, o.Tool(), more)
	}
	level = "warning"
	if o.JudgeServer {
		level = "error"
	}
	for _, found := range o.answers() {
		report.Annotate(b, level, "an answer: "+found.Name, found.Times+": "+found.Words+"\nfirst to "+found.Request+"\n"+found.Curl)
	}
	if more := o.moreAnswers(); more != "" {
		report.Annotate(b, level, "answers", more)
	}
	for _, text := range o.hasty() {
		report.Annotate(b, "warning", "came back before Retry-After had passed", text)
	}
	if unclear := o.unclear(); unclear != "" {
		report.Annotate(b, "warning", "nobody can tell who came back", unclear)
	}
	for _, text := range o.needless() {
		report.Annotate(b, "warning", "nothing used an allowance", text)
	}
	report.Annotate(b, "notice", o.Tool()+": "+o.verdict(), o.line()+"\n"+o.came())
	return b.Flush()
}
