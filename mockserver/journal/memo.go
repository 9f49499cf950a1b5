package journal

import "sync"

const (
	mostVerdicts = 256
	mostTarget   = 1024 // bytes of a text that a verdict is remembered by
)

// memo remembers verdicts by all that they depend on. It is safe for concurrent use.
type memo[K comparable] struct {
	mu    sync.Mutex
	known map[K][]Violation
}

// of returns the verdict for a key, calling give the first time.
func (m *memo[K]) of(key K, give func() []Violation) []Violation {
	m.mu.Lock()
	found, ok := m.known[key]
	m.mu.Unlock()
	if ok {
		return found
	}
	found = give()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= mostVerdicts {
		m.known = map[K][]Violation{}
	}
	m.known[key] = found
	return found
}
