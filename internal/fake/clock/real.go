package clock

import (
	"context"
	"time"
)

// Machine returns the machine's time. It is the only place in the fake that
// reads it; everything else is handed a Clock.
func Machine() time.Time {
	return time.Now()
}

// Sleep waits for d of the machine's time, or until ctx is done, whose error
// it then returns.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
