package control

import (
	"bytes"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// exportCase answers with the present state of a workspace as a case.
func (a *API) exportCase(w *workspace.Workspace, _ *http.Request) (any, error) {
	var text bytes.Buffer
	err := casefile.Write(&text, stateOf(w))
	return yaml(text.Bytes()), err
}

// importCase puts a workspace into the state that a case says.
func (a *API) importCase(w *workspace.Workspace, r *http.Request) (any, error) {
	body, err := readBody(r)
	if err == nil && len(body) == 0 {
		err = invalid(hint.Errorf("a file as GET "+Prefix+"case.yaml writes it", "the body is empty"))
	}
	if err != nil {
		return nil, err
	}
	if err := isJSON(r, body); err != nil {
		return nil, err
	}
	said, err := casefile.Parse("case", body)
	if err == nil {
		err = a.config.Load(w, said)
	}
	if err != nil {
		return nil, invalid(err)
	}
	return describe(w), nil
}

// stateOf returns the present state of a workspace. A clock that was moved is
// frozen at what it shows: nothing that has happened may be in the future of who
// loads the case.
func stateOf(w *workspace.Workspace) casefile.State {
	data, limit := *w.Store.World().Data, w.RateLimit()
	data.InboxOps = *w.Store.Desk()
	desk := &data.InboxOps
	s := casefile.State{
		World: casefile.World{Seed: data.Seed, Tickets: desk.Seeded(), At: data.At},
		Data:  &data, Projects: w.Store.Projects(),
	}
	if s.World.Tickets == 0 {
		empty := true
		s.World.Empty = &empty
	}
	s.RateLimit = &limit
	rate, _ := w.Life()
	s.Life = &rate
	if clock := w.Clock.State(); clock.Frozen || clock.Offset != 0 {
		s.FrozenAt = w.Clock.Now().Truncate(time.Millisecond)
	}
	for _, key := range w.Keys {
		s.Keys = append(s.Keys, casefile.KeyAccess{Service: key.Service, Kind: key.Kind, Access: key.Access()})
	}
	for _, rule := range w.Faults.List() {
		s.Faults = append(s.Faults, withoutKey(w, rule.Rule))
	}
	var changed []store.Ticket
	changed, s.Deleted = w.Store.Changed()
	for i := range changed {
		t := &changed[i]
		state := casefile.TicketState{Ticket: t.Ticket, Fields: t.Fields, Messages: t.Messages}
		if !t.Seeded {
			state.Name = t.Name
		}
		s.Tickets = append(s.Tickets, state)
	}
	return s
}
