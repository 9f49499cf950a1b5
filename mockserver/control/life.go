package control

import (
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// Life is how a workspace lives.
type Life struct {
	Life  string    `json:"life"` // off, calm, busy, or the rate
	Rate  string    `json:"rate"`
	Since time.Time `json:"since,omitzero"`
	Next  time.Time `json:"next,omitzero"` // when something happens by itself
	// Full says that the workspace holds as many additions as it may, so that
	// nothing new happens.
	Full bool `json:"full,omitempty"`
}

func lifeOf(w *workspace.Workspace) Life {
	next, _ := w.Next()
	rate, since := w.Life()
	l := Life{Life: rate.Name(), Rate: rate.String(), Since: since}
	if rate != (life.Rate{}) {
		l.Next, l.Full = next, w.Store.Full(life.Largest)
	}
	return l
}

func (a *API) getLife(w *workspace.Workspace, _ *http.Request) (any, error) {
	return lifeOf(w), nil
}

// setLife makes the workspace live at another rate from now on, or ends its
// life.
func (a *API) setLife(w *workspace.Workspace, r *http.Request) (any, error) {
	var wish struct {
		Life *string `json:"life"`
	}
	if err := decode(r, &wish); err != nil {
		return nil, err
	}
	if wish.Life == nil || *wish.Life == "" {
		return nil, invalid(hint.Errorf(`{"life": "calm"}`, "life is missing"))
	}
	rate, err := life.Parse(*wish.Life)
	if err != nil {
		return nil, invalid(err)
	}
	if err := w.SetLife(rate); err != nil {
		return nil, invalid(err)
	}
	return lifeOf(w), nil
}
