package store

import "sync"

// cache keeps values that clients ask for again. It empties itself when it is full.
type cache[V any] struct {
	most int         // limit of the sum of all sizes
	size func(V) int // nil: each value counts as 1

	mu   sync.RWMutex
	kept map[string]V
	sum  int // of the sizes of those kept
}

// of returns the value of a key, which must not be changed. It makes the value
// if it is not kept; two callers at the same time may both make it.
func (c *cache[V]) of(key []byte, value func() V) V {
	c.mu.RLock()
	kept, has := c.kept[string(key)]
	c.mu.RUnlock()
	if has {
		return kept
	}
	kept = value()
	size := 1
	if c.size != nil {
		size = c.size(kept)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || c.sum+size > c.most {
		c.kept, c.sum = map[string]V{}, 0
	}
	c.kept[string(key)] = kept
	c.sum += size
	return kept
}

// drop forgets all values.
func (c *cache[V]) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept, c.sum = nil, 0
}
