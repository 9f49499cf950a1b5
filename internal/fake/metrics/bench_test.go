package metrics_test

import (
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/metrics"
)

// BenchmarkRequest measures what counting costs a request.
func BenchmarkRequest(b *testing.B) {
	m := metrics.New(metrics.Config{})
	b.ReportAllocs()
	for b.Loop() {
		m.Begin()
		m.End()
		m.Count(0, 200, metrics.None, 20*time.Microsecond)
	}
}

// TestRequestAllocatesNothing holds the same.
func TestRequestAllocatesNothing(t *testing.T) { // not parallel: others would be counted
	m := metrics.New(metrics.Config{})
	if got := testing.AllocsPerRun(1000, func() {
		m.Begin()
		m.End()
		m.Count(0, 503, metrics.Rule, time.Second)
	}); got != 0 {
		t.Errorf("counting a request allocates %v times", got)
	}
}
