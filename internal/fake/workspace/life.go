package workspace

import (
	"fmt"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// MaxStep is over how many events of life a clock may be set forward in one
// step.
const MaxStep = 100_000

// Now returns what the clock shows, after making everything happen that is due
// by then. Without life it costs no more than asking the clock.
func (w *Workspace) Now() time.Time {
	now := w.Clock.Now()
	if w.Store.AsleepAt(now) {
		return now
	}
	life.CatchUp(w.Store, w.Clock.Now)
	return w.Clock.Now()
}

// CatchUp makes everything happen that is due by the time that the clock shows.
// Whoever reads the Store or acts on it must first call CatchUp or Now.
func (w *Workspace) CatchUp() {
	_ = w.Now()
}

// Life returns how the workspace lives.
func (w *Workspace) Life() (rate life.Rate, since time.Time) {
	return life.Of(w.Store)
}

// SetLife makes the workspace live at a rate from now on; the zero Rate ends
// its life.
func (w *Workspace) SetLife(rate life.Rate) error {
	if err := rate.Check(); err != nil {
		return err
	}
	defer w.Touch()
	life.Begin(w.Store, rate, w.Now())
	return nil
}

// rewind makes the workspace live anew from the time that its clock was set to,
// if that is before it began to live.
func (w *Workspace) rewind(shown time.Time) {
	rate, since := w.Life()
	if rate.Events > 0 { // without life, each request says when it came
		w.Touch()
	}
	if rate.Events > 0 && shown.Before(since) {
		life.Begin(w.Store, rate, shown)
	}
}

// Next returns the instant by the workspace's clock at which something happens by
// itself; ok is false when nothing will. A client's request or a tester's act may
// bring it forward.
func (w *Workspace) Next() (at time.Time, ok bool) {
	w.CatchUp()
	at, forever := w.Store.Asleep()
	return at, !forever
}

// Reaches returns an error if the clock cannot be set to an instant in one
// step, because too much would happen before it.
func (w *Workspace) Reaches(at time.Time) error {
	if n := life.Count(w.Store, at); n > MaxStep {
		rate, _ := w.Life()
		step := time.Duration(MaxStep/rate.Events) * rate.Period
		return hint.Errorf(fmt.Sprintf(`POST /_mockdesk/clock/advance {"by": %q} several times, or PUT /_mockdesk/life {"life": "off"} first`, step),
			"%d events of life lie before %s, and one step takes %d at most", n, at.UTC().Format(time.RFC3339), MaxStep)
	}
	return nil
}
