package scrape_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/metrics"
	"github.com/mockdesk/mockdesk/mockserver/scrape"
)

// A duration counts in every bucket whose bound it does not exceed.
func TestDurations(t *testing.T) {
	t.Parallel()
	m := metrics.New(metrics.Config{Operations: []metrics.Operation{{Service: "s", ID: "a"}}, State: func() metrics.State { return metrics.State{} }})
	for _, took := range []time.Duration{0, 25 * time.Microsecond, 26 * time.Microsecond, time.Minute, time.Hour} {
		m.Count(1, 200, metrics.None, took)
	}
	recorder := httptest.NewRecorder()
	scrape.Handler(m).ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
	for _, want := range []string{
		`{operation="a",service="s",le="2.5e-05"} 2`, `{operation="a",service="s",le="5e-05"} 3`, `{operation="a",service="s",le="30"} 3`, `{operation="a",service="s",le="60"} 4`,
		`{operation="a",service="s",le="+Inf"} 5`, `_sum{operation="a",service="s"} 3660.000051`, `_count{operation="a",service="s"} 5`, `_count{operation="none",service="none"} 0`,
	} {
		if !strings.Contains(recorder.Body.String(), want) {
			t.Errorf("%s is missing in\n%s", want, recorder.Body)
		}
	}
}
