package workspace

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// ErrTaken means that another workspace has the name; ErrFull means that there
// are as many workspaces as allowed.
var (
	ErrTaken = errors.New("the name is taken")
	ErrFull  = errors.New("the server holds as many workspaces as it may")
)

// Registry finds workspaces by name and by key. The zero Registry is empty;
// it is safe for concurrent use.
type Registry struct {
	// Max is how many workspaces it holds; zero means any number.
	Max int

	mu     sync.RWMutex
	byName map[string]*Workspace
	byKey  map[auth.Digest]entry
}

type entry struct {
	workspace *Workspace
	key       *auth.Key
}

// Add makes a workspace known; its name must be free.
func (r *Registry) Add(w *Workspace) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byName == nil {
		r.byName, r.byKey = map[string]*Workspace{}, map[auth.Digest]entry{}
	}
	switch {
	case r.byName[w.Name] != nil:
		return hint.Errorf("choose another name, or delete that one first", "workspace %q: %w", w.Name, ErrTaken)
	case r.Max > 0 && len(r.byName) >= r.Max:
		return hint.Errorf("delete those that are done, or start the server with a larger --max-workspaces", "workspace %q: %w, which is %d", w.Name, ErrFull, r.Max)
	}
	r.byName[w.Name] = w
	for _, key := range w.Keys {
		r.byKey[key.Digest()] = entry{workspace: w, key: key}
	}
	return nil
}

// Find returns the workspace and the key of a digest, nil when unknown.
func (r *Registry) Find(d auth.Digest) (*Workspace, *auth.Key) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	e := r.byKey[d]
	return e.workspace, e.key
}

// Delete forgets a workspace and its keys. The default one stays.
func (r *Registry) Delete(name string) error {
	w, err := r.remove(name)
	if err == nil {
		w.Journal.Close()
		w.Store.Close()
	}
	return err
}

func (r *Registry) remove(name string) (*Workspace, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.byName[name]
	if w == nil {
		return nil, fmt.Errorf("there is no workspace %q", name)
	}
	if name == Default {
		return nil, hint.Errorf("reset it", "the workspace %q cannot be deleted", name)
	}
	delete(r.byName, name)
	for _, key := range w.Keys {
		delete(r.byKey, key.Digest())
	}
	return w, nil
}

// Get returns the workspace with a name, nil when unknown.
func (r *Registry) Get(name string) *Workspace {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.byName[name]
}

// All returns every workspace in order of name.
func (r *Registry) All() []*Workspace {
	r.mu.RLock()
	defer r.mu.RUnlock()
	all := make([]*Workspace, 0, len(r.byName))
	for _, name := range slices.Sorted(maps.Keys(r.byName)) {
		all = append(all, r.byName[name])
	}
	return all
}
