package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
)

// mostAnnotations is how many annotations of a step GitHub shows.
const mostAnnotations = 10

// GitHub writes workflow commands: the verdict, then an annotation for each
// cause and for each reason not to judge. The last one counts those for which
// there is no room.
func GitHub(w io.Writer, r conformance.Report) error {
	r = plainly(r)
	b := bufio.NewWriter(w)
	level := "notice"
	if r.ExitCode() != conformance.ExitOK {
		level = "error"
	}
	lines := append([]string{opening(r), reason(r), Summary(r), Effort(r), since(r)}, changes(r)...)
	Annotate(b, level, "mockdesk check", strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), "\n"))
	all := annotations(r)
	for i, a := range all {
		if i == mostAnnotations-2 && len(all) > i+1 {
			Annotate(b, a.level, "mockdesk check", rest(all[i:]))
			break
		}
		Annotate(b, a.level, a.title, a.text)
	}
	return b.Flush()
}

// annotation is what GitHub shows of a cause or a reason.
type annotation struct{ level, title, text string }

// annotations are those of the causes, largest first, and of the reasons not
// to judge.
func annotations(r conformance.Report) []annotation {
	var out []annotation
	for _, c := range causes(r) {
		level := "error"
		if c.Outcome == scenario.Error {
			level = "warning"
		}
		out = append(out, annotation{level, c.IDs() + " " + c.Title(), c.text()})
	}
	for _, s := range skips(r) {
		out = append(out, annotation{"notice", "not judged: " + s.Clauses(), s.Words()})
	}
	return out
}

// rest counts annotations that are not shown.
func rest(all []annotation) string {
	n := 0
	for _, a := range all {
		if a.level != "notice" {
			n++
		}
	}
	const where = "; the other reports of mockdesk check --report have them"
	if n == 0 {
		return fmt.Sprintf("and %d more reasons not to judge", len(all)) + where
	}
	return fmt.Sprintf("and %d more: %s that failed or broke, %s not to judge", len(all), Plural(n, "cause"), Plural(len(all)-n, "reason")) + where
}

// text is a group in plain lines.
func (c cause) text() string {
	var b strings.Builder
	for _, e := range c.Examples() {
		if c.Many() {
			fmt.Fprintf(&b, "%s %s\n", e.Result.Clause.ID, e.Result.Clause.Words)
		}
		for _, l := range e.Lines {
			fmt.Fprintf(&b, "%-9s %s\n", l[0], l[1])
		}
	}
	if c.More() != "" {
		fmt.Fprintln(&b, c.More())
	}
	if c.Curl() != "" {
		fmt.Fprintf(&b, "%-9s %s\n", "try", c.Curl())
	}
	return b.String()
}

var (
	githubText     = strings.NewReplacer("%", "%25", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// Annotate writes a workflow command, which GitHub shows as an annotation.
func Annotate(w io.Writer, command, title, text string) {
	fmt.Fprintf(w, "::%s title=%s::%s\n", command, githubProperty.Replace(title), githubText.Replace(strings.TrimRight(text, "\n")))
}
