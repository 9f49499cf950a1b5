package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/conformance/scenario"
)

// Markdown writes a summary: counts by group, each failure, and what would let
// skipped clauses run.
func Markdown(w io.Writer, r conformance.Report) error {
	r = plainly(r)
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# mockdesk check\n\n%s\n\n**%s**\n\n%s. %s.\n", MarkdownCode(r.Target), MarkdownText(Verdict(r)), Summary(r), Effort(r))
	if r.Headline != "" {
		fmt.Fprintf(b, "\n**%s**\n", MarkdownText(r.Headline))
	}
	fmt.Fprint(b, "\n| group | passed | failed | skipped | other |\n|---|--:|--:|--:|--:|\n")
	for _, s := range sections(r) {
		n := map[scenario.Outcome]int{}
		for _, result := range s.Results {
			n[result.Outcome]++
		}
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d |\n", s.Title, n[scenario.Pass], n[scenario.Fail], n[scenario.Skip], n[scenario.Error]+n[scenario.NotRun])
	}
	for _, result := range r.Results {
		if result.Outcome == scenario.Fail || result.Outcome == scenario.Error || result.Unexpected() {
			markdownTrouble(b, result)
		}
	}
	if all := skips(r); len(all) > 0 {
		fmt.Fprint(b, "\n## Not judged\n\n| clauses | why | to judge them |\n|---|---|---|\n")
		for _, s := range all {
			fmt.Fprintf(b, "| %s | %s | %s |\n", s.Clauses, MarkdownText(s.Reason), MarkdownText(s.Unlock))
		}
	}
	markdownList(b, "Never met, so not judged on it", r.NeverMet)
	markdownList(b, "Changed by others during the run", r.Drift)
	markdownList(b, "Not as documented, but no clause forbids it", r.Notes)
	markdownList(b, "Left behind", leftBehind(r))
	var gaps []string
	for _, g := range r.Gaps() {
		gaps = append(gaps, notJudged(g))
	}
	markdownList(b, "Groups that were not judged, or not wholly", gaps)
	return b.Flush()
}

// markdownTrouble writes one failed or broken clause.
func markdownTrouble(b *bufio.Writer, r conformance.Result) {
	kind := string(r.Outcome)
	if r.Known {
		kind += ", known"
	}
	fmt.Fprintf(b, "\n## %s (%s)\n\n%s [source](%s)\n", r.Clause.ID, kind, MarkdownText(r.Clause.Words), r.Clause.Page)
	if text := why(r); text != "" {
		fmt.Fprintf(b, "\n%s\n", MarkdownText(text))
	}
	if len(r.Failures) > 0 {
		fmt.Fprintln(b)
	}
	for _, block := range blocks(r.Failures) {
		var parts []string
		for _, l := range block {
			parts = append(parts, l[0]+" "+MarkdownCode(l[1]))
		}
		fmt.Fprintf(b, "- %s\n", strings.Join(parts, ", "))
	}
	if r.Curl != "" {
		fmt.Fprint(b, "\n"+MarkdownShell(r.Curl))
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

func markdownList(b *bufio.Writer, title string, items []string) {
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
