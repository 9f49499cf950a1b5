package clock

import (
	"context"
	"sync"
	"time"
)

// Virtual is a machine's time that passes only when somebody sleeps. It is
// safe for concurrent use.
type Virtual struct {
	mu sync.Mutex
	at time.Time
}

// NewVirtual returns a Virtual that shows the instant.
func NewVirtual(at time.Time) *Virtual {
	return &Virtual{at: at}
}

// Now returns the time.
func (v *Virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.at
}

// Sleep lets d pass at once, and returns the error of a ctx that is done.
func (v *Virtual) Sleep(ctx context.Context, d time.Duration) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.at = v.at.Add(d)
	return ctx.Err()
}
