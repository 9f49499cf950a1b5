package outcome

import (
	_ "embed"
	"html/template"
	"io"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"line": Outcome.line, "took": Outcome.took, "came": Outcome.came, "verdict": Outcome.verdict, "word": Outcome.word, "found": Outcome.found, "more": Outcome.more, "answers": Outcome.answers, "moreAnswers": Outcome.moreAnswers,
	"hasty": Outcome.hasty, "unclear": Outcome.unclear, "needless": Outcome.needless, "faults": Outcome.faults, "operation": operation,
}).Parse(pageText))

// HTML writes one self-contained page.
func HTML(w io.Writer, o Outcome) error { return pageTemplate.Execute(w, o) }
