package store

import "sync"

// cache keeps values by what they were made for, so that clients who ask the same
// again, for the next page, for one, need not wait for it to be made again. When it
// is full it starts anew.
type cache[V any] struct {
	most int         // of all sizes together
	size func(V) int // nil: each value is 1

	mu   sync.RWMutex
	kept map[string]V
	held int // of most
}

// of returns the value of a key, which must not be changed. When it is not kept it
// is made; two who ask at once may both make it.
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
	if c.kept == nil || c.held+size > c.most {
		c.kept, c.held = map[string]V{}, 0
	}
	c.kept[string(key)] = kept
	c.held += size
	return kept
}

// drop forgets all values.
func (c *cache[V]) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept, c.held = nil, 0
}
