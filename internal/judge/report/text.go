package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fatih/color"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// Text writes a report for a terminal.
type Text struct {
	Color   bool // see ColorWanted
	Verbose bool // list the clauses that passed too
	Width   int  // columns of lists; 0 is any number
}

// ColorWanted reports whether standard output takes colour: it is a terminal,
// and NO_COLOR is not set.
func ColorWanted() bool { return !color.NoColor }

// page writes coloured lines.
type page struct {
	options                   Text
	w                         *bufio.Writer
	good, bad, soft, dim, big *color.Color
}

func (t Text) page(w io.Writer) *page {
	p := &page{
		w: bufio.NewWriter(w), good: color.New(color.FgGreen), bad: color.New(color.FgRed, color.Bold),
		soft: color.New(color.FgYellow), dim: color.New(color.Faint), big: color.New(color.Bold), options: t,
	}
	for _, c := range []*color.Color{p.good, p.bad, p.soft, p.dim, p.big} {
		if t.Color {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return p
}

// Write writes the report.
func (t Text) Write(w io.Writer, r conformance.Report) error {
	r = plainly(r)
	p := t.page(w)
	verdict := p.good
	if r.ExitCode() != conformance.ExitOK {
		verdict = p.bad
	}
	fmt.Fprintln(p.w, verdict.Sprint(opening(r)))
	if text := reason(r); text != "" {
		fmt.Fprintln(p.w, verdict.Sprint(indent(text)))
	}
	p.failed(r)
	p.skipped(r)
	p.list(since(r), changes(r))
	if r.Judged {
		for _, s := range sections(r) {
			p.section(s)
		}
	}
	p.end(r)
	fmt.Fprintln(p.w, verdict.Sprint(Summary(r)))
	fmt.Fprintf(p.w, "%s", p.dim.Sprint(Effort(r)))
	if r.Dialect != "" {
		fmt.Fprint(p.w, p.dim.Sprintf("; errors in the form: %s", r.Dialect))
	}
	fmt.Fprintln(p.w)
	return p.w.Flush()
}

// failed writes what speaks against the target and what broke, by its cause.
func (p *page) failed(r conformance.Report) {
	for i, c := range causes(r) {
		if i == 0 {
			fmt.Fprintf(p.w, "\n%s\n", p.big.Sprint("Failed or broke, by cause"))
		}
		p.cause(c)
	}
}

// cause writes one group: its clauses, the request once, and examples.
func (p *page) cause(c cause) {
	fmt.Fprintf(p.w, "  %s %s  %s\n", p.bad.Sprint(c.Outcome), p.big.Sprint(c.IDs()), c.Title())
	field := func(name, value string) {
		fmt.Fprintf(p.w, "       %s %s\n", p.dim.Sprintf("%-9s", name), indent(value))
	}
	if c.Curl() != "" {
		field("try", c.Curl())
	}
	for _, e := range c.Examples() {
		if c.Many() {
			fmt.Fprintf(p.w, "       %s  %s\n", e.Result.Clause.ID, e.Result.Clause.Words)
		}
		for _, l := range e.Lines {
			field(l[0], l[1])
		}
	}
	if c.More() != "" {
		fmt.Fprintf(p.w, "       %s\n", c.More())
	}
	field("source", c.Results[0].Clause.Page)
}

// section writes a group of the catalogue: one line, what is noted of its
// clauses, and those that are known to fail.
func (p *page) section(s section) {
	passed := 0
	for _, r := range s.Results {
		if r.Outcome == scenario.Pass && !r.Known {
			passed++
		}
	}
	count := fmt.Sprintf("%d of %d passed", passed, len(s.Results))
	if passed == len(s.Results) {
		count = p.good.Sprint(count)
	}
	fmt.Fprintf(p.w, "\n%s  %s\n", p.big.Sprint(s.Title), count)
	for _, r := range s.Results {
		switch {
		case r.Known && r.Outcome == scenario.Fail:
			fmt.Fprintf(p.w, "  %s %s  %s\n", p.soft.Sprint("fail as known"), r.Clause.ID, r.Clause.Words)
		case p.options.Verbose && r.Outcome == scenario.Pass && !r.Known:
			fmt.Fprintf(p.w, "  %s %s  %s\n", p.good.Sprint("pass"), r.Clause.ID, r.Clause.Words)
		}
	}
	for _, n := range notes(s) {
		fmt.Fprintf(p.w, "  %s %s  %s\n", p.soft.Sprint("note"), ranges(n.ids), indent(n.text))
	}
}

// note is a remark on one clause or many.
type note struct {
	text string
	ids  []string
}

// notes are the remarks of a section, each told once.
func notes(s section) []note {
	var out []note
	for _, r := range s.Results {
		for _, text := range r.Notes {
			i := slices.IndexFunc(out, func(n note) bool { return n.text == text })
			if i < 0 {
				i = len(out)
				out = append(out, note{text: text})
			}
			out[i].ids = append(out[i].ids, r.Clause.ID)
		}
	}
	return out
}

// indent puts further lines of a text below its first.
func indent(text string) string {
	return strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n         ")
}

// skipped writes what would let skipped clauses run.
func (p *page) skipped(r conformance.Report) {
	all := skips(r)
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(p.w, "\n%s\n", p.big.Sprint("Not judged"))
	for _, s := range all {
		line := fmt.Sprintf("  %s %s: %s", s.Outcome, s.Clauses(), indent(s.Reason))
		fmt.Fprintln(p.w, strings.Replace(plain.Wrap(line, p.options.Width, 5), string(s.Outcome), p.soft.Sprint(s.Outcome), 1))
		if s.Unlock != "" {
			const label = "to judge it:"
			line := "       " + label + " " + indent(s.Unlock)
			fmt.Fprintln(p.w, strings.Replace(plain.Wrap(line, p.options.Width, 2), label, p.dim.Sprint(label), 1))
		}
	}
}

// list writes items below a title, nothing when there are none.
func (p *page) list(title string, items []string) {
	if len(items) > 0 {
		fmt.Fprintf(p.w, "\n%s\n", p.big.Sprint(title))
	}
	for _, item := range items {
		fmt.Fprintln(p.w, plain.Wrap("  "+indent(item), p.options.Width, 2))
	}
}

// end writes what concerns the whole run.
func (p *page) end(r conformance.Report) {
	if r.Judged {
		p.list("Never met, so not judged on it", join(r.NeverMet))
	}
	p.list("Changed by others during the run", r.Drift)
	p.list("Not as documented, but no clause forbids it", r.Notes)
	p.list("Left behind: notes of this run", leftBehind(r))
	fmt.Fprintln(p.w)
}

// join joins all items into one; no items stay none.
func join(items []string) []string {
	if len(items) == 0 {
		return nil
	}
	return []string{strings.Join(items, ", ")}
}

// leftBehind says what stays on the target: one line for each ticket.
func leftBehind(r conformance.Report) []string {
	var tickets []string
	markers, notes := map[string][]string{}, map[string]int{}
	for _, l := range r.Left {
		if notes[l.URL] == 0 {
			tickets = append(tickets, l.URL)
		}
		notes[l.URL]++
		if l.Marker != "" && !slices.Contains(markers[l.URL], l.Marker) {
			markers[l.URL] = append(markers[l.URL], l.Marker)
		}
	}
	var out []string
	for _, url := range tickets {
		out = append(out, fmt.Sprintf("%s: %s%s", url, Plural(notes[url], "note"), among(markers[url])))
	}
	return out
}

// among names the markers by which to find notes: their common beginning and
// the rest of each.
func among(markers []string) string {
	if len(markers) == 0 {
		return ""
	}
	head := markers[0][:strings.LastIndexByte(markers[0], '-')+1]
	var ends []string
	for _, m := range markers {
		ends = append(ends, strings.TrimPrefix(m, head))
	}
	return fmt.Sprintf(", marked %s followed by %s", head, strings.Join(ends, ", "))
}
