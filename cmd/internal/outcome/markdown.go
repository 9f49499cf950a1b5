package outcome

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/report"
)

// Markdown writes a summary: the verdict, what came, and each breach.
func Markdown(w io.Writer, o Outcome) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s: %s\n\n%s: %s, %s.\n", o.Tool(), o.verdict(), report.MarkdownCode(o.line()), o.came(), o.took())
	for _, f := range o.Failures() {
		fmt.Fprintf(b, "\n**%s**", report.MarkdownText(f.Reason))
		if f.Hint != "" {
			fmt.Fprintf(b, " (%s)", report.MarkdownText(f.Hint))
		}
		fmt.Fprintln(b)
	}
	markdownBreaches(b, "", o.found(), o.more())
	markdownBreaches(b, "An answer: ", o.answers(), o.moreAnswers())
	if len(o.Summary.Operations) > 0 {
		fmt.Fprint(b, "\n## Requests\n\n| requests | operation | status |\n|--:|---|--:|\n")
		for _, c := range o.Summary.Operations {
			fmt.Fprintf(b, "| %d | %s | %d |\n", c.Count, report.MarkdownText(operation(c)), c.Status)
		}
		if visits := o.visits(); visits != "" {
			fmt.Fprintf(b, "\nBy workspace: %s\n", visits)
		}
	}
	report.MarkdownList(b, "Came back before Retry-After had passed", o.hasty())
	if unclear := o.unclear(); unclear != "" {
		report.MarkdownList(b, "Perhaps too early", []string{unclear})
	}
	report.MarkdownList(b, "Allowances that nothing used", o.needless())
	report.MarkdownList(b, "Faults", o.faults())
	return b.Flush()
}

// markdownBreaches writes breaches, each with its subject before its name.
func markdownBreaches(b *bufio.Writer, of string, all []breach, more string) {
	for _, found := range all {
		fmt.Fprintf(b, "\n## %s%s (%s)\n\n%s\n\n", of, report.MarkdownText(found.Name), found.Times, report.MarkdownText(found.Words))
		fmt.Fprintf(b, "First by %s%s\n\n%s", report.MarkdownCode(found.Request), found.Where, report.MarkdownShell(found.Curl))
	}
	if more != "" {
		fmt.Fprintf(b, "\n%s\n", more)
	}
}

// verdict is the run in a word.
func (o Outcome) verdict() string {
	if len(o.Failures()) > 0 {
		return "failed"
	}
	return "passed"
}

// word is the verdict as the reports of check have it.
func (o Outcome) word() string {
	if o.Broke != "" {
		return "COULD NOT JUDGE"
	}
	return strings.ToUpper(o.verdict())
}

// faults says what became of each fault.
func (o Outcome) faults() []string {
	var all []string
	for _, f := range o.Faults {
		all = append(all, fired(f))
	}
	return all
}
