package control

import (
	"fmt"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// ClockState is how a workspace's clock is set.
type ClockState struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
	// Offset is how far a running clock is ahead of the machine's.
	Offset string `json:"offset"`
}

func clockState(w *workspace.Workspace) ClockState {
	s := w.Clock.State()
	return ClockState{Now: w.Now(), Frozen: s.Frozen, Offset: s.Offset.String()}
}

func (a *API) getClock(w *workspace.Workspace, _ *http.Request) (any, error) {
	return clockState(w), nil
}

// setClock freezes the clock, or lets it run as the machine's does.
func (a *API) setClock(w *workspace.Workspace, r *http.Request) (any, error) {
	var wish struct {
		Mode string    `json:"mode"`
		At   time.Time `json:"at"`
	}
	if err := decode(r, &wish); err != nil {
		return nil, err
	}
	if wish.Mode == "frozen" && wish.At.IsZero() {
		wish.At = w.Clock.Now()
	}
	switch {
	case wish.Mode == "frozen":
		if err := w.Reaches(wish.At); err != nil {
			return nil, conflict(err)
		}
		if err := w.Clock.Freeze(wish.At); err != nil {
			return nil, invalid(fmt.Errorf("at %s: %w", wish.At.Format(time.RFC3339), err))
		}
	case wish.Mode == "real" && wish.At.IsZero():
		if err := w.Reaches(a.config.Now()); err != nil {
			return nil, conflict(err)
		}
		w.Clock.Run()
	case wish.Mode == "real":
		return nil, invalid(hint.Errorf("POST "+Prefix+"clock/advance moves it", "a real clock cannot be set"))
	default:
		return nil, invalid(hint.Errorf(`{"mode": "real"}, or {"mode": "frozen", "at": "2025-06-02T09:00:00Z"}`, "mode %s is not real or frozen", quoted(wish.Mode)))
	}
	return clockState(w), nil
}

func (a *API) advanceClock(w *workspace.Workspace, r *http.Request) (any, error) {
	var wish struct {
		By string `json:"by"`
	}
	if err := decode(r, &wish); err != nil {
		return nil, err
	}
	by, err := time.ParseDuration(wish.By)
	if err != nil {
		example := "30s"
		if _, err := time.ParseDuration(wish.By + "s"); err == nil && wish.By != "" {
			example = wish.By + "s"
		}
		return nil, invalid(hint.Errorf(fmt.Sprintf(`{"by": %q}`, example), "by %s is not a duration", quoted(wish.By)))
	}
	if err := w.Reaches(w.Clock.Now().Add(by)); err != nil {
		return nil, conflict(err)
	}
	if err := w.Clock.Advance(by); err != nil {
		return nil, invalid(fmt.Errorf("by %s: %w", by, err))
	}
	return clockState(w), nil
}
