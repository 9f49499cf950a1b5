package control

import (
	"fmt"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/clock"
	"github.com/mockdesk/mockdesk/mockserver/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver/workspace"
)

// Spec is a wish for a workspace; only the name is needed.
type Spec struct {
	Name string `json:"name"`
	// Seed and Tickets ask for data of its own; without them it shares the
	// server's.
	Seed    uint64 `json:"seed,omitempty"`
	Tickets int    `json:"tickets,omitempty"`
	// RateLimit is such as 100/1m, or off; empty means the server's.
	RateLimit string `json:"rate_limit,omitempty"`
	// ErrorFormat is problem or sample; empty means the server's.
	ErrorFormat string `json:"error_format,omitempty"`
	// FrozenAt freezes its clock at the instant.
	FrozenAt time.Time `json:"frozen_at,omitzero"`
}

// About describes a workspace.
type About struct {
	Name        string       `json:"name"`
	Seed        uint64       `json:"seed"`
	Tickets     int          `json:"tickets"`
	Notes       int          `json:"notes"`
	Faults      int          `json:"faults"`
	RateLimit   string       `json:"rate_limit"`
	ErrorFormat string       `json:"error_format"`
	Clock       ClockState   `json:"clock"`
	Snapshots   []string     `json:"snapshots"`
	Keys        []CatalogKey `json:"keys,omitempty"` // when it was just created
}

// describe returns what there is to say of a workspace.
func describe(w *workspace.Workspace) About {
	data := w.Store.World().Data
	return About{
		Name: w.Name, Seed: data.Seed, Tickets: len(data.InboxOps.Tickets), Notes: w.Store.Notes(),
		Faults: len(w.Faults.List()), RateLimit: w.RateLimit().String(), ErrorFormat: w.ErrorFormat,
		Clock: clockState(w.Clock), Snapshots: append([]string{}, w.Snapshots()...),
	}
}

// listWorkspaces answers with every workspace.
func (a *API) listWorkspaces(*http.Request) (any, error) {
	list := []About{}
	for _, w := range a.config.Workspaces.All() {
		list = append(list, describe(w))
	}
	return map[string]any{"workspaces": list}, nil
}

// createWorkspace makes a workspace and answers with its keys.
func (a *API) createWorkspace(r *http.Request) (any, error) {
	var spec Spec
	if err := decode(r, &spec); err != nil {
		return nil, err
	}
	w, err := a.config.Create(spec)
	if err != nil {
		return nil, invalid(err)
	}
	about := describe(w)
	about.Keys = catalogKeys(w)
	return created{about}, nil
}

// getWorkspace answers with one workspace.
func (a *API) getWorkspace(r *http.Request) (any, error) {
	w, err := a.named(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return describe(w), nil
}

// deleteWorkspace frees everything of a workspace.
func (a *API) deleteWorkspace(r *http.Request) (any, error) {
	if err := a.config.Workspaces.Delete(r.PathValue("name")); err != nil {
		return nil, absent(err, "")
	}
	return nil, nil
}

// reset makes a workspace as it was when it was new.
func (a *API) reset(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	w.Reset()
	return describe(w), nil
}

// snapshotName is the name of a snapshot in a body.
type snapshotName struct {
	Name string `json:"name"`
}

// readSnapshotName reads the name of a snapshot, which may be left out.
func readSnapshotName(r *http.Request) (string, error) {
	name := snapshotName{Name: "default"}
	if err := decode(r, &name); err != nil {
		return "", err
	}
	if name.Name == "" || len(name.Name) > 100 {
		return "", invalid(fmt.Errorf("the name of a snapshot has 1 to 100 bytes"))
	}
	return name.Name, nil
}

// snapshot keeps the state of a workspace.
func (a *API) snapshot(r *http.Request) (any, error) {
	return a.withSnapshot(r, (*workspace.Workspace).Snapshot)
}

// restore brings back the state of a workspace.
func (a *API) restore(r *http.Request) (any, error) {
	return a.withSnapshot(r, (*workspace.Workspace).Restore)
}

// withSnapshot does something with a snapshot of a workspace.
func (a *API) withSnapshot(r *http.Request, do func(*workspace.Workspace, string) error) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	name, err := readSnapshotName(r)
	if err != nil {
		return nil, err
	}
	if err := do(w, name); err != nil {
		return nil, absent(fmt.Errorf("snapshot %q: %w", name, err), "POST "+Prefix+"snapshot")
	}
	return describe(w), nil
}

// ClockState is how a workspace's clock is set.
type ClockState struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
	// Offset is how far a running clock is ahead of the machine's.
	Offset string `json:"offset"`
}

// clockState describes a clock.
func clockState(c *clock.Clock) ClockState {
	s := c.State()
	return ClockState{Now: c.Now(), Frozen: s.Frozen, Offset: s.Offset.String()}
}

// getClock answers with the clock.
func (a *API) getClock(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	return clockState(w.Clock), nil
}

// setClock freezes the clock, or lets it run as the machine's does.
func (a *API) setClock(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	var wish struct {
		Mode string    `json:"mode"`
		At   time.Time `json:"at"`
	}
	if err := decode(r, &wish); err != nil {
		return nil, err
	}
	switch wish.Mode {
	case "real":
		w.Clock.Run()
	case "frozen":
		if wish.At.IsZero() {
			wish.At = w.Clock.Now()
		}
		w.Clock.Freeze(wish.At)
	default:
		return nil, invalid(fmt.Errorf("mode %q is not real or frozen (hint: {\"mode\": \"frozen\", \"at\": \"2025-06-02T09:00:00Z\"})", wish.Mode))
	}
	return clockState(w.Clock), nil
}

// advanceClock moves the clock.
func (a *API) advanceClock(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	var wish struct {
		By string `json:"by"`
	}
	if err := decode(r, &wish); err != nil {
		return nil, err
	}
	by, err := time.ParseDuration(wish.By)
	if err != nil {
		return nil, invalid(fmt.Errorf("by %q is not a duration (hint: {\"by\": \"30s\"})", wish.By))
	}
	w.Clock.Advance(by)
	return clockState(w.Clock), nil
}

// rateLimitState is the limit of a workspace and what its windows hold.
type rateLimitState struct {
	RateLimit string        `json:"rate_limit"`
	Windows   []windowState `json:"windows"`
}

// windowState is what the window of some keys holds.
type windowState struct {
	Keys      []string  `json:"keys"` // service/kind
	Used      int       `json:"used"`
	Remaining int       `json:"remaining"`
	ResetsAt  time.Time `json:"resets_at,omitzero"`
}

// getRateLimit answers with the limit and the windows.
func (a *API) getRateLimit(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	return windows(w), nil
}

// setRateLimit replaces the limit and empties the windows.
func (a *API) setRateLimit(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	var wish struct {
		RateLimit string `json:"rate_limit"`
	}
	if err := decode(r, &wish); err != nil {
		return nil, err
	}
	limit, err := ratelimit.Parse(wish.RateLimit)
	if err != nil {
		return nil, invalid(err)
	}
	w.SetRateLimit(limit)
	return windows(w), nil
}

// windows describes the rate windows of a workspace.
func windows(w *workspace.Workspace) rateLimitState {
	state, seen := rateLimitState{RateLimit: w.RateLimit().String()}, map[*ratelimit.Window]int{}
	for _, key := range w.Keys {
		i, has := seen[key.Window]
		if !has {
			i = len(state.Windows)
			seen[key.Window] = i
			s := key.Window.State(w.Clock.Now())
			state.Windows = append(state.Windows, windowState{Used: s.Used, Remaining: s.Remaining, ResetsAt: s.ResetsAt})
		}
		state.Windows[i].Keys = append(state.Windows[i].Keys, key.Service+"/"+string(key.Kind))
	}
	return state
}
