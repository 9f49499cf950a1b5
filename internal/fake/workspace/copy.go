package workspace

// Copy returns a workspace in the same state, with the same keys, whose changes
// affect nobody else. Its clock stands still, its journal is empty and it has
// no snapshots.
func (w *Workspace) Copy() *Workspace {
	config := w.config
	config.Journal.Ledger, config.Happened = nil, nil // what comes to the copy never happened
	c := build(config)
	c.Store.Restore(w.Store.Snapshot())
	now := w.Clock.Now()
	_ = c.Clock.Freeze(now) // a clock can show now
	c.Faults.Restore(w.Faults.Snapshot(now), now)
	for i, key := range w.Keys {
		c.Keys[i].SetAccess(key.Access())
		c.Keys[i].Window.Restore(key.Window.State(now), now)
	}
	return c
}
