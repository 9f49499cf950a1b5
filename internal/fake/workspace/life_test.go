package workspace_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

// living returns a workspace that is busy from a frozen instant on.
func living(t *testing.T) *workspace.Workspace {
	t.Helper()
	return create(t, workspace.Config{Life: life.Busy, FrozenAt: fixtures.DefaultAt})
}

// Many who set the clock forward and look make happen what one does.
func TestLifeIsTheSameForAll(t *testing.T) {
	t.Parallel()
	one := living(t)
	if err := one.Clock.Advance(10 * time.Hour); err != nil {
		t.Fatal(err)
	}
	one.CatchUp()
	many := living(t)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for range 60 {
				if err := many.Clock.Advance(time.Minute); err != nil {
					t.Error(err)
				}
				if now := many.Now(); now.After(fixtures.DefaultAt.Add(10 * time.Hour)) {
					t.Error(now)
				}
			}
		})
	}
	all.Wait()
	if diff := cmp.Diff(one.Store.Events(0), many.Store.Events(0)); diff != "" {
		t.Error(diff)
	}
}

// Snapshots, restores and resets may come while others look.
func TestLifeIsRestoredWhileOthersLook(t *testing.T) {
	t.Parallel()
	w := living(t)
	var all sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					w.CatchUp()
					w.Store.Len()
				}
			}
		})
	}
	keep(t, w, "begin")
	for range 20 {
		_ = w.Clock.Advance(time.Hour)
		w.CatchUp()
		if err := w.Restore("begin"); err != nil {
			t.Error(err)
		}
	}
	w.CatchUp()
	if n := w.Store.Happened(); n > 0 {
		t.Errorf("%d things have happened at the beginning", n)
	}
	close(done)
	all.Wait()
}

func TestLifeIsSet(t *testing.T) {
	t.Parallel()
	w := living(t)
	if err := w.SetLife(life.Rate{Events: 2, Period: time.Second}); err == nil || !strings.Contains(err.Error(), "more than one event a second") {
		t.Error(err)
	}
	if rate, since := w.Life(); rate != life.Busy || !since.Equal(fixtures.DefaultAt) {
		t.Errorf("%v since %s", rate, since)
	}
	at, ok := w.Next()
	_ = w.Clock.Freeze(at)
	w.CatchUp()
	if later, _ := w.Next(); !ok || w.Store.Happened() == 0 || !later.After(at) {
		t.Errorf("%d things have happened at %s, the next at %s", w.Store.Happened(), at, later)
	}
	if err := w.Reaches(at.AddDate(1, 0, 0)); err == nil || !strings.Contains(err.Error(), fmt.Sprint("one step takes ", workspace.MaxStep)) {
		t.Error(err)
	}
	if err := w.SetLife(life.Rate{}); err != nil || w.Reaches(at.AddDate(1000, 0, 0)) != nil {
		t.Error(err)
	}
	if at, ok := w.Next(); ok {
		t.Errorf("something happens at %s", at)
	}
}
