package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"word": word, "reason": reason, "run": run, "causes": causes, "skips": skips, "since": since, "changes": changes, "summary": Summary, "effort": Effort, "sections": sections, "why": why, "blocks": blocks, "left": leftBehind,
	"filters": filters, "ms": milliseconds, "plural": Plural[int], "answered": answered, "kind": kind,
}).Parse(pageText))

// HTML writes one self-contained page with a filter by outcome.
func HTML(w io.Writer, r conformance.Report) error { return pageTemplate.Execute(w, plainly(r)) }

// filter is a button of the page.
type filter struct {
	Outcome scenario.Outcome
	Label   string
	Count   int
	On      bool // shown at first
}

// filters are the buttons. Passes are hidden at first when something else is there to see.
func filters(r conformance.Report) []filter {
	c := r.Counts
	return []filter{
		{scenario.Fail, "failed", c.Fail + c.Cured, true},
		{scenario.Error, "broke", c.Error, true},
		{scenario.Skip, "skipped", c.Skip, true},
		{scenario.NotRun, "not run", c.NotRun, true},
		{scenario.Pass, "passed", c.Pass - c.Cured, c.Fail+c.Error+c.Cured == 0},
	}
}

// kind is the filter a result belongs to: a known failure that passed is trouble.
func kind(r conformance.Result) scenario.Outcome {
	if r.Unexpected() {
		return scenario.Fail
	}
	return r.Outcome
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

// answered says what came back.
func answered(e target.Evidence) string {
	if e.Status == 0 {
		return e.Error
	}
	return fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))
}
