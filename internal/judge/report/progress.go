package report

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
)

// Bar is a conformance.Progress that draws one line on a terminal. Close
// clears it.
type Bar struct {
	w      io.Writer
	bar    *progressbar.ProgressBar
	failed int
}

// NewBar returns a Bar that draws on w, which must be a terminal.
func NewBar(w io.Writer) *Bar { return &Bar{w: w} }

// Clause draws one more clause as done.
func (b *Bar) Clause(r conformance.Result, of int) {
	if b.bar == nil {
		b.bar = progressbar.NewOptions(of, progressbar.OptionSetWriter(b.w), progressbar.OptionSetWidth(24),
			progressbar.OptionShowCount(), progressbar.OptionSetElapsedTime(false), progressbar.OptionSetPredictTime(false),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(50*time.Millisecond))
	}
	if r.Outcome == scenario.Fail {
		b.failed++
	}
	b.describe(r.Clause.ID)
	_ = b.bar.Add(1) // a terminal that does not take the line is no reason to stop
}

// Waiting draws why nothing moves.
func (b *Bar) Waiting(d time.Duration, why string) {
	if b.bar != nil {
		b.describe(fmt.Sprintf("waiting %s (%s)", d.Round(time.Second), why))
	}
}

// Close clears the line, with what a terminal echoed on it, such as ^C.
func (b *Bar) Close() {
	if b.bar != nil {
		_ = b.bar.Clear()
		_, _ = io.WriteString(b.w, "\r\x1b[K")
	}
}

func (b *Bar) describe(text string) {
	if b.failed > 0 {
		text = fmt.Sprintf("%s, %d failed", text, b.failed)
	}
	b.bar.Describe(fmt.Sprintf("%-24s", text))
}
