package workspace

import (
	"errors"
	"maps"
	"slices"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// MaxSnapshots is how many snapshots a workspace keeps.
const MaxSnapshots = 20

// ErrNoSnapshot means that no snapshot has the name.
var ErrNoSnapshot = errors.New("there is no such snapshot")

// snapshot is the state of a workspace at one moment.
type snapshot struct {
	desk   store.Snapshot
	faults fault.Snapshot
	clock  clock.State
	access []auth.Access
	limit  ratelimit.Limit
}

// Snapshot keeps the present state under a name, in place of an earlier one of
// that name. It includes how the workspace lives and how far it has lived, but
// not what a rate window has counted.
func (w *Workspace) Snapshot(name string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, has := w.snapshots[name]; !has && len(w.snapshots) >= MaxSnapshots {
		return hint.Errorf("use a name again", "a workspace keeps %d snapshots at most", MaxSnapshots)
	}
	if w.snapshots == nil {
		w.snapshots = map[string]snapshot{}
	}
	w.snapshots[name] = w.present()
	return nil
}

// present returns the present state.
func (w *Workspace) present() snapshot {
	return snapshot{
		desk: w.Store.Snapshot(), faults: w.Faults.Snapshot(w.Clock.Now()), clock: w.Clock.State(),
		access: w.access(), limit: w.RateLimit(),
	}
}

// access returns what each key may do.
func (w *Workspace) access() []auth.Access {
	all := make([]auth.Access, len(w.Keys))
	for i, key := range w.Keys {
		all[i] = key.Access()
	}
	return all
}

// Restore goes back to the state kept under a name.
func (w *Workspace) Restore(name string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.Touch()
	s, has := w.snapshots[name]
	if !has {
		return ErrNoSnapshot
	}
	w.Clock.Restore(s.clock) // before the store, whose life follows it
	was := w.Store.World()
	w.Store.Restore(s.desk)
	turned := w.Store.Happened()
	if w.Store.World() != was {
		turned = -1
	}
	w.Journal.Turn(turned)
	w.Faults.Restore(s.faults, w.Clock.Now()) // after the clock, whose jump must not affect the rules
	for i, key := range w.Keys {
		key.SetAccess(s.access[i])
	}
	w.SetRateLimit(s.limit)
	return nil
}

// Snapshots returns the names of the snapshots, in order.
func (w *Workspace) Snapshots() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(maps.Keys(w.snapshots))
}
