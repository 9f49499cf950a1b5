package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
)

// Markdown writes the verdict, what failed, by cause, what was not judged and
// what would change that, and counts by group.
func Markdown(w io.Writer, r conformance.Report) error {
	r = plainly(r)
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s: %s, %s\n", word(r), MarkdownCode(r.Target), run(r))
	if text := reason(r); text != "" {
		fmt.Fprintf(b, "\n**%s**\n", MarkdownText(text))
	}
	fmt.Fprintf(b, "\n%s. %s.\n", Summary(r), Effort(r))
	for i, c := range causes(r) {
		if i == 0 {
			fmt.Fprint(b, "\n## Failed or broke, by cause\n")
		}
		markdownCause(b, c)
	}
	if all := skips(r); len(all) > 0 {
		fmt.Fprint(b, "\n## Not judged\n\n| clauses | why | to judge them |\n|---|---|---|\n")
		for _, s := range all {
			fmt.Fprintf(b, "| %s | %s | %s |\n", s.Clauses(), MarkdownText(s.Reason), MarkdownText(s.Unlock))
		}
	}
	MarkdownList(b, since(r), changes(r))
	fmt.Fprint(b, "\n## All clauses\n\n| group | passed | failed | skipped | other |\n|---|--:|--:|--:|--:|\n")
	for _, s := range sections(r) {
		n := map[scenario.Outcome]int{}
		for _, result := range s.Results {
			n[result.Outcome]++
		}
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d |\n", s.Title, n[scenario.Pass], n[scenario.Fail], n[scenario.Skip], n[scenario.Error]+n[scenario.NotRun])
	}
	MarkdownList(b, "Failed as known", expected(r))
	MarkdownList(b, "Never met, so not judged on it", r.NeverMet)
	MarkdownList(b, "Changed by others during the run", r.Drift)
	MarkdownList(b, "Not as documented, but no clause forbids it", r.Notes)
	MarkdownList(b, "Left behind", leftBehind(r))
	return b.Flush()
}

// expected are the clauses that failed as they were expected to.
func expected(r conformance.Report) []string {
	var out []string
	for _, result := range r.Results {
		if result.Known && result.Outcome == scenario.Fail {
			out = append(out, result.Clause.ID+" "+result.Clause.Words)
		}
	}
	return out
}

// markdownCause writes one group of clauses that failed or broke.
func markdownCause(b *bufio.Writer, c cause) {
	fmt.Fprintf(b, "\n### %s (%s)\n\n%s [source](%s)\n", c.IDs(), c.Outcome, MarkdownText(c.Title()), c.Results[0].Clause.Page)
	if c.Curl() != "" {
		fmt.Fprint(b, "\n"+MarkdownShell(c.Curl()))
	}
	fmt.Fprintln(b)
	for _, e := range c.Examples() {
		var parts []string
		for _, l := range e.Lines {
			parts = append(parts, l[0]+" "+MarkdownCode(l[1]))
		}
		if c.Many() {
			parts = append([]string{e.Result.Clause.ID + " " + MarkdownText(e.Result.Clause.Words)}, parts...)
		}
		fmt.Fprintf(b, "- %s\n", strings.Join(parts, ", "))
	}
	if c.More() != "" {
		fmt.Fprintf(b, "- %s\n", c.More())
	}
}

// MarkdownShell is a block of a shell's lines.
func MarkdownShell(lines string) string {
	fence := "```"
	for strings.Contains(lines, fence) {
		fence += "`"
	}
	return fmt.Sprintf("%ssh\n%s\n%s\n", fence, lines, fence)
}

// MarkdownList writes a section that lists items, nothing when there are none.
func MarkdownList(b *bufio.Writer, title string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n", title)
	for _, item := range items {
		fmt.Fprintf(b, "- %s\n", MarkdownText(item))
	}
}

var markdownEscapes = strings.NewReplacer(
	"\\", "\\\\", "|", "\\|", "<", "&lt;", ">", "&gt;", "&", "&amp;", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]",
	"~", "\\~", "#", "\\#", "$", "\\$", "@", "&#64;", "\n", " ")

// MarkdownText keeps text from being read as Markdown.
func MarkdownText(text string) string { return markdownEscapes.Replace(text) }

// MarkdownCode is text as an inline code span, whatever backquotes it holds.
func MarkdownCode(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	pad := ""
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		pad = " "
	}
	return fence + pad + strings.ReplaceAll(text, "\n", " ") + pad + fence
}
