package control

import (
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// rateLimitState is the limit of a workspace and what its windows hold.
type rateLimitState struct {
	RateLimit string        `json:"rate_limit"`
	Windows   []windowState `json:"windows"`
}

// windowState is what the window of some keys holds.
type windowState struct {
	Keys      []string  `json:"keys"` // service/kind
	Used      int       `json:"used"`
	Remaining *int      `json:"remaining,omitempty"` // nil without a limit
	ResetsAt  time.Time `json:"resets_at,omitzero"`
}

func (a *API) getRateLimit(w *workspace.Workspace, _ *http.Request) (any, error) {
	return windows(w), nil
}

// setRateLimit replaces the limit and empties the windows.
func (a *API) setRateLimit(w *workspace.Workspace, r *http.Request) (any, error) {
	var wish struct {
		RateLimit *string `json:"rate_limit"`
	}
	if err := decode(r, &wish); err != nil {
		return nil, err
	}
	if wish.RateLimit == nil {
		return nil, invalid(hint.Errorf(`{"rate_limit": "100/1m"}`, "rate_limit is missing"))
	}
	if *wish.RateLimit == "" {
		return nil, invalid(hint.Errorf(`{"rate_limit": "off"}`, `rate_limit "" is no limit`))
	}
	limit, err := ratelimit.Parse(*wish.RateLimit)
	if err != nil {
		return nil, invalid(err)
	}
	w.SetRateLimit(limit)
	return windows(w), nil
}

func windows(w *workspace.Workspace) rateLimitState {
	state, seen := rateLimitState{RateLimit: w.RateLimit().String()}, map[*ratelimit.Window]int{}
	for _, key := range w.Keys {
		i, has := seen[key.Window]
		if !has {
			i = len(state.Windows)
			seen[key.Window] = i
			s := key.Window.State(w.Clock.Now())
			state.Windows = append(state.Windows, windowState{Used: s.Used, ResetsAt: s.ResetsAt})
			if s.Limit.Max > 0 {
				state.Windows[i].Remaining = &s.Remaining
			}
		}
		state.Windows[i].Keys = append(state.Windows[i].Keys, key.Service+"/"+string(key.Kind))
	}
	return state
}
