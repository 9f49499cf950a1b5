package control

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/catalog"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// KeyState is a key without its secret: service and kind name it.
type KeyState struct {
	Service string `json:"service"`
	Kind    string `json:"kind"`
	Key     string `json:"key"` // masked; the catalog has it
	auth.Access
}

func keyState(key *auth.Key) KeyState {
	return KeyState{Service: key.Service, Kind: string(key.Kind), Key: auth.Mask(key.Secret), Access: key.Access()}
}

func (a *API) listKeys(w *workspace.Workspace, _ *http.Request) (any, error) {
	return keyStates(w.Keys), nil
}

func keyStates(keys []*auth.Key) any {
	states := make([]KeyState, len(keys))
	for i, key := range keys {
		states[i] = keyState(key)
	}
	return map[string]any{"keys": states}
}

// keyChange says what to change about a key; what is left out stays.
type keyChange struct {
	Revoked    *bool `json:"revoked"`
	ReadOnly   *bool `json:"read_only"`
	Unentitled *bool `json:"unentitled"`
	Outsider   *bool `json:"outsider"`
	Reconnect  *bool `json:"reconnect"`
}

// wishes returns what is wanted for each of auth.Rights, nil for no change.
func (c keyChange) wishes() []*bool {
	return []*bool{c.Revoked, c.ReadOnly, c.Unentitled, c.Outsider, c.Reconnect}
}

// check refuses rights that do not apply to keys of the service.
func (c keyChange) check(service string) error {
	for i, wish := range c.wishes() {
		if right := auth.Rights[i]; wish != nil && *wish && !right.Means(service) {
			return invalid(hint.Errorf("PATCH "+Prefix+"keys/"+right.Service+"/"+auth.Kinds(right.Service)[0], "%s means nothing to a key of %s", right.Name, service))
		}
	}
	return nil
}

// apply changes the rights that apply to the key.
func (c keyChange) apply(w *workspace.Workspace, key *auth.Key) {
	access := key.Access()
	for i, wish := range c.wishes() {
		if right := auth.Rights[i]; wish != nil && right.Means(key.Service) {
			*right.Of(&access) = *wish
		}
	}
	w.SetAccess(key, access)
}

func (a *API) changeKey(w *workspace.Workspace, r *http.Request) (any, error) {
	key, err := keyOf(w, r.PathValue("service"), r.PathValue("kind"))
	if err != nil {
		return nil, absent(err)
	}
	var change keyChange
	if err := decode(r, &change); err != nil {
		return nil, err
	}
	if err := change.check(key.Service); err != nil {
		return nil, err
	}
	change.apply(w, key)
	return keyState(key), nil
}

func keyOf(w *workspace.Workspace, service, kind string) (*auth.Key, error) {
	if key := w.Key(service, auth.Kind(kind)); key != nil {
		return key, nil
	}
	var services, kinds []string
	for _, key := range w.Keys {
		services = append(services, key.Service)
		if key.Service == service {
			kinds = append(kinds, string(key.Kind))
		}
	}
	instead := suggest.Hint(kind, kinds, "the kinds of "+service+" are "+strings.Join(kinds, ", "))
	if kinds == nil {
		instead = "the services are " + strings.Join(slices.Compact(services), ", ")
	}
	return nil, hint.Errorf(instead, "the workspace %s has no key of service %s and kind %s", w.Name, quoted(service), quoted(kind))
}

func (a *API) changeKeys(w *workspace.Workspace, r *http.Request) (any, error) {
	var change keyChange
	if err := decode(r, &change); err != nil {
		return nil, err
	}
	for _, key := range w.Keys {
		change.apply(w, key)
	}
	return keyStates(w.Keys), nil
}

// catalogKeys lists the keys of a workspace with their secrets.
func catalogKeys(w *workspace.Workspace) []catalog.Key {
	keys := make([]catalog.Key, len(w.Keys))
	for i, key := range w.Keys {
		keys[i] = catalog.Key{Kind: string(key.Kind), Service: key.Service, Key: key.Secret, About: key.About}
	}
	return keys
}
