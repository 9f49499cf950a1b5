package control

import (
	"errors"
	"math"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/catalog"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// Spec describes a workspace to create; only the name is needed.
type Spec struct {
	Name string `json:"name"`
	// Seed and Tickets ask for data of its own; without them it shares the
	// server's.
	Seed    uint64 `json:"seed,omitempty"`
	Tickets int    `json:"tickets,omitzero"`
	// Empty asks for a world without seeded tickets and projects, as 0 tickets do in
	// JSON.
	Empty bool `json:"empty,omitempty"`
	// Case is used instead of the server's case for its world, clock, rate
	// limit, keys and faults.
	Case casefile.Case `json:"case,omitzero"`
	// RateLimit is such as 100/1m, or off; empty means the server's, or the case's.
	RateLimit string `json:"rate_limit,omitempty"`
	// ErrorFormat is problem or sample; empty means the server's.
	ErrorFormat string `json:"error_format,omitempty"`
	// FrozenAt freezes its clock at the instant.
	FrozenAt time.Time `json:"frozen_at,omitzero"`
	// Life is off, calm, busy, or such as 30/1h; empty means the server's, or the
	// case's.
	Life string `json:"life,omitempty"`
}

// About describes a workspace.
type About struct {
	Name        string        `json:"name"`
	Seed        uint64        `json:"seed"`
	Tickets     int           `json:"tickets"`
	Notes       int           `json:"notes"`
	Faults      int           `json:"faults"`
	Requests    int           `json:"requests"`
	RateLimit   string        `json:"rate_limit"`
	ErrorFormat string        `json:"error_format"`
	Clock       ClockState    `json:"clock"`
	Life        string        `json:"life"`
	Events      int           `json:"events"` // the number of the latest
	Snapshots   []string      `json:"snapshots"`
	Keys        []catalog.Key `json:"keys,omitempty"` // when it was just created
}

func describe(w *workspace.Workspace) About {
	w.CatchUp()
	rate, _ := w.Life()
	data := w.Store.World().Data
	return About{
		Name: w.Name, Seed: data.Seed, Tickets: w.Store.Len(), Notes: w.Store.Notes(),
		Faults: len(w.Faults.List()), Requests: w.Journal.Len(), RateLimit: w.RateLimit().String(),
		ErrorFormat: w.ErrorFormat, Clock: clockState(w), Life: rate.Name(), Events: w.Store.Happened(), Snapshots: append([]string{}, w.Snapshots()...),
	}
}

func (a *API) listWorkspaces(*workspace.Workspace, *http.Request) (any, error) {
	list := []About{}
	for _, w := range a.config.Workspaces.All() {
		list = append(list, describe(w))
	}
	return map[string]any{"workspaces": list}, nil
}

// createWorkspace makes a workspace and answers with its keys.
func (a *API) createWorkspace(_ *workspace.Workspace, r *http.Request) (any, error) {
	spec := Spec{Tickets: math.MinInt} // the number is not given
	if err := decode(r, &spec); err != nil {
		return nil, err
	}
	switch spec.Tickets {
	case math.MinInt:
		spec.Tickets = 0
	case 0:
		spec.Empty = true
	}
	if name := r.URL.Query().Get("name"); name != "" && name != spec.Name {
		return nil, invalid(hint.Errorf("write the same in both, or leave the parameter out", "the parameter name is %s and the name in the body %s", quoted(name), quoted(spec.Name)))
	}
	w, err := a.config.Create(spec)
	switch {
	case errors.Is(err, workspace.ErrTaken), errors.Is(err, workspace.ErrFull):
		return nil, conflict(err)
	case err != nil:
		return nil, invalid(err)
	}
	about := describe(w)
	about.Keys = catalogKeys(w)
	return about, nil
}

func (a *API) getWorkspace(_ *workspace.Workspace, r *http.Request) (any, error) {
	w, err := a.named(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return describe(w), nil
}

func (a *API) deleteWorkspace(_ *workspace.Workspace, r *http.Request) (any, error) {
	w, err := a.named(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	if err := a.config.Workspaces.Delete(w.Name); err != nil {
		return nil, conflict(err)
	}
	return nil, nil
}

// resetWorkspace makes a workspace as it was when it was new.
func (a *API) resetWorkspace(w *workspace.Workspace, _ *http.Request) (any, error) {
	w.Reset()
	return describe(w), nil
}

// readSnapshotName reads the name of a snapshot, which may be left out.
func readSnapshotName(r *http.Request) (string, error) {
	wish := struct {
		Name string `json:"name"`
	}{"default"}
	if err := decode(r, &wish); err != nil {
		return "", err
	}
	if wish.Name == "" || len(wish.Name) > 100 {
		return "", invalid(hint.Errorf(`{"name": "before"}`, "the name of a snapshot has 1 to 100 bytes"))
	}
	return wish.Name, nil
}

func (a *API) saveSnapshot(w *workspace.Workspace, r *http.Request) (any, error) {
	name, err := readSnapshotName(r)
	if err != nil {
		return nil, err
	}
	if err := w.Snapshot(name); err != nil {
		return nil, conflict(err)
	}
	return describe(w), nil
}

func (a *API) restoreSnapshot(w *workspace.Workspace, r *http.Request) (any, error) {
	name, err := readSnapshotName(r)
	if err != nil {
		return nil, err
	}
	if err := w.Restore(name); err != nil {
		return nil, absent(hint.Errorf("POST "+Prefix+"snapshot makes one", "snapshot %q: %w", name, err))
	}
	return describe(w), nil
}

// compareSnapshots says how a snapshot, or the present state, differs from
// another snapshot.
func (a *API) compareSnapshots(w *workspace.Workspace, r *http.Request) (any, error) {
	from, to := r.URL.Query().Get("from"), r.URL.Query().Get("to")
	if from == "" {
		return nil, invalid(hint.Errorf("from=default", "the parameter from is missing: it names a snapshot"))
	}
	comparison, err := w.Compare(from, to)
	if err != nil {
		return nil, absent(hint.Errorf("POST "+Prefix+"snapshot makes one; without to it is the present state", "from=%s, to=%s: %w", quoted(from), quoted(to), err))
	}
	return comparison, nil
}
