package workspace_test

import (
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// outage lasts 30 seconds of the workspace's clock.
var outage = fault.Rule{
	ID: "outage", When: fault.When{For: fault.Duration(30 * time.Second)}, Then: fault.Then{Status: &fault.Status{Code: "503"}},
}

// isOut says whether the outage goes on.
func isOut(w *workspace.Workspace) bool {
	return w.Faults.Decide(&fault.Request{}, w.Clock.Now()).Rule == "outage"
}

// What lasts for a while ends when that much of the clock's time has passed,
// although the clock was set back in between.
func TestSpansEndAlthoughTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	back := map[string]func(w *workspace.Workspace){
		"moved back":           func(w *workspace.Workspace) { w.Clock.Advance(-time.Hour) },
		"frozen in the past":   func(w *workspace.Workspace) { w.Clock.Freeze(eve.Add(-time.Hour)) },
		"set to the machine's": func(w *workspace.Workspace) { w.Clock.Run() },
		"left as it is":        func(*workspace.Workspace) {},
	}
	for name, set := range back {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := create(t, workspace.Config{Now: func() time.Time { return eve.Add(-time.Minute) }, FrozenAt: eve})
			w.SetRateLimit(ratelimit.Limit{Max: 1, Window: 30 * time.Second})
			window := w.Keys[0].Window
			window.Take(w.Clock.Now())
			if _, err := w.Faults.Add(w.Clock.Now(), outage); err != nil {
				t.Fatal(err)
			}
			w.Clock.Advance(20 * time.Second) // and no request sees it
			set(w)
			w.Clock.Advance(10*time.Second - time.Millisecond)
			state := window.State(w.Clock.Now())
			if ok, wait := window.Take(w.Clock.Now()); ok || wait != 1 || !isOut(w) {
				t.Errorf("before the end: taken %v, wait %d, out %v", ok, wait, isOut(w))
			}
			if want := w.Clock.Now().Add(time.Millisecond); !state.ResetsAt.Equal(want) {
				t.Errorf("the window ends at %v, want %v", state.ResetsAt, want)
			}
			w.Clock.Advance(time.Millisecond)
			if ok, _ := window.Take(w.Clock.Now()); !ok || isOut(w) {
				t.Errorf("at the end: taken %v, out %v", ok, isOut(w))
			}
		})
	}
}

// A snapshot and a copy keep what is left of a rule, wherever their clocks are.
func TestSnapshotKeepsWhatIsLeftOfARule(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{FrozenAt: eve})
	if _, err := w.Faults.Add(w.Clock.Now(), outage); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(20 * time.Second)
	keep(t, w, "late")
	w.Clock.Freeze(eve.Add(-time.Hour))
	if err := w.Restore("late"); err != nil {
		t.Fatal(err)
	}
	for name, w := range map[string]*workspace.Workspace{"the copy": w.Copy(), "the snapshot": w} {
		w.Clock.Advance(10*time.Second - time.Millisecond)
		if !isOut(w) {
			t.Errorf("%s ends the rule early", name)
		}
		w.Clock.Advance(time.Millisecond)
		if isOut(w) {
			t.Errorf("%s does not end the rule", name)
		}
	}
}
