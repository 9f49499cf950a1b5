package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
)

func TestVirtual(t *testing.T) {
	t.Parallel()
	v := clock.NewVirtual(noon)
	if got := v.Now(); !got.Equal(noon) {
		t.Errorf("a new clock shows %v, want %v", got, noon)
	}
	if err := v.Sleep(t.Context(), time.Hour); err != nil {
		t.Error(err)
	}
	if got, want := v.Now(), noon.Add(time.Hour); !got.Equal(want) {
		t.Errorf("after an hour of sleep it shows %v, want %v", got, want)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if err := v.Sleep(done, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("sleeping on a context that is done: %v, want %v", err, context.Canceled)
	}
}
