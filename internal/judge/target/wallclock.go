package target

import (
	"context"
	"time"
)

// now and sleep are the real ones: the only place where the judge meets the
// wall clock. Config replaces them.

func now() time.Time { return time.Now() }

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
