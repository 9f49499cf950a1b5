package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
)

func TestMachineDoesNotGoBack(t *testing.T) {
	t.Parallel()
	first := clock.Machine()
	if first.IsZero() {
		t.Fatal("Machine() is the zero time")
	}
	if second := clock.Machine(); second.Before(first) {
		t.Errorf("Machine() = %v after %v", second, first)
	}
}

func TestSleep(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := map[string]struct {
		ctx  context.Context
		d    time.Duration
		want error
	}{
		"a short wait ends":                               {t.Context(), time.Millisecond, nil},
		"no wait ends at once":                            {t.Context(), 0, nil},
		"a negative wait ends at once":                    {t.Context(), -time.Hour, nil},
		"a done context ends a long wait with its error":  {cancelled, 24 * time.Hour, context.Canceled},
		"a done context is told even when nothing is due": {cancelled, 0, context.Canceled},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := clock.Sleep(test.ctx, test.d); !errors.Is(got, test.want) {
				t.Errorf("Sleep = %v, want %v", got, test.want)
			}
		})
	}
}

func TestSleepIsCutShort(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- clock.Sleep(ctx, 24*time.Hour) }()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Sleep = %v, want %v", err, context.Canceled)
	}
}
