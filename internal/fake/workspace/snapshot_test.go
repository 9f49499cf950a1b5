package workspace_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

// keep keeps a snapshot, which must be possible.
func keep(t *testing.T, w *workspace.Workspace, name string) {
	t.Helper()
	if err := w.Snapshot(name); err != nil {
		t.Fatal(err)
	}
}

// withoutCounts leaves out what a snapshot does not hold.
func withoutCounts(s state) state {
	s.Used = nil
	return s
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{RateLimit: limit})
	fresh := look(w)
	keep(t, w, "fresh")
	disturb(t, w)
	disturbed := look(w)
	keep(t, w, "disturbed")
	w.Reset()
	steps := []struct {
		name string
		want state
	}{{"disturbed", disturbed}, {"fresh", fresh}, {"disturbed", disturbed}, {"disturbed", disturbed}}
	for _, step := range steps {
		if err := w.Restore(step.name); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(withoutCounts(step.want), withoutCounts(look(w))); diff != "" {
			t.Errorf("after Restore of %s (-want +got):\n%s", step.name, diff)
		}
		for _, key := range w.Keys {
			if used := key.Window.State(w.Clock.Now()).Used; used != 0 {
				t.Errorf("%s has used %d requests after Restore of %s", key.Secret, used, step.name)
			}
		}
	}
	if diff := cmp.Diff([]string{"disturbed", "fresh"}, w.Snapshots()); diff != "" {
		t.Errorf("Snapshots() (-want +got):\n%s", diff)
	}
}

func TestSnapshotInPlaceOfAnother(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{})
	keep(t, w, "a")
	w.Clock.Freeze(eve)
	keep(t, w, "a")
	w.Reset()
	if err := w.Restore("a"); err != nil || w.Clock.Now() != eve {
		t.Errorf("Restore: %v, it is %v, want %v", err, w.Clock.Now(), eve)
	}
}

func TestRestoreOfNothing(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{})
	keep(t, w, "a")
	before := look(w)
	if err := w.Restore("b"); !errors.Is(err, workspace.ErrNoSnapshot) {
		t.Errorf("Restore = %v, want %v", err, workspace.ErrNoSnapshot)
	}
	if diff := cmp.Diff(before, look(w)); diff != "" {
		t.Errorf("a refused Restore left a trace (-before +after):\n%s", diff)
	}
}

func TestSnapshotsUpToTheirNumber(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{})
	for i := range workspace.MaxSnapshots {
		keep(t, w, fmt.Sprintf("s%d", i))
	}
	if err := w.Snapshot("more"); err == nil || !strings.Contains(err.Error(), "20 snapshots at most") {
		t.Errorf("Snapshot = %v, want a refusal", err)
	}
	keep(t, w, "s7")
	if got := len(w.Snapshots()); got != workspace.MaxSnapshots {
		t.Errorf("%d snapshots, want %d", got, workspace.MaxSnapshots)
	}
}

func TestSnapshotsOutliveReset(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{})
	w.Clock.Freeze(eve)
	keep(t, w, "eve")
	w.Reset()
	if err := w.Restore("eve"); err != nil || w.Clock.Now() != eve {
		t.Errorf("Restore: %v, it is %v, want %v", err, w.Clock.Now(), eve)
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{RateLimit: limit})
	disturb(t, w)
	want := look(w)
	c := w.Copy()
	if diff := cmp.Diff(want, look(c)); diff != "" {
		t.Errorf("the copy (-want +got):\n%s", diff)
	}
	for _, key := range c.Keys {
		key.Window.Take(c.Clock.Now())
	}
	if _, _, err := c.Store.AddNote("1005", noon, "in the copy", ""); err != nil {
		t.Fatal(err)
	}
	c.Clock.Advance(time.Hour)
	c.Key(auth.InboxOps, auth.ReadOnly).SetAccess(auth.Access{})
	if diff := cmp.Diff(want, look(w)); diff != "" {
		t.Errorf("what happened to the copy shows in the first (-before +after):\n%s", diff)
	}
}

func TestCopyStandsStill(t *testing.T) {
	t.Parallel()
	now := noon
	w := create(t, workspace.Config{Now: func() time.Time { return now }})
	w.Clock.Advance(time.Minute)
	c := w.Copy()
	now = noon.Add(time.Hour)
	if got, want := c.Clock.Now(), noon.Add(time.Minute); got != want {
		t.Errorf("it is %v in the copy, want %v", got, want)
	}
}
