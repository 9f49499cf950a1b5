package workspace

// Copy returns a workspace in the same state, with the same keys, whose
// changes reach nobody. Its clock stands still, its journal is empty and it
// has no snapshots.
func (w *Workspace) Copy() *Workspace {
	c := build(w.config)
	c.Store.Restore(w.Store.Snapshot())
	c.Faults.Restore(w.Faults.Snapshot())
	_ = c.Clock.Freeze(w.Clock.Now()) // which a clock can show
	for i, key := range w.Keys {
		c.Keys[i].SetAccess(key.Access())
		c.Keys[i].Window.Restore(key.Window.State(c.Clock.Now()))
	}
	return c
}
