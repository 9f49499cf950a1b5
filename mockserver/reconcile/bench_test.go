package reconcile_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/reconcile"
)

// BenchmarkCompare compares 10,000 tickets after a week of a busy desk, with 50
// that are missing and 50 that are stale.
func BenchmarkCompare(b *testing.B) {
	for _, sort := range []string{"created_at", "updated_at"} {
		b.Run("a walk by "+sort, func(b *testing.B) {
			server, err := mockserver.New(mockserver.Config{Tickets: 10_000, Life: life.Busy})
			if err != nil {
				b.Fatal(err)
			}
			c := &client{t: b, w: server.Workspace(""), server: server}
			if err := c.w.Clock.Freeze(noon); err != nil {
				b.Fatal(err)
			}
			c.advance(7 * 24 * time.Hour)
			for page := 1; ; page++ {
				rows := c.rows(fmt.Sprintf("sort=%s&order=asc&per_page=100&page=%d", sort, page))
				if len(rows) == 0 {
					break
				}
				c.held.Tickets = append(c.held.Tickets, rows...)
			}
			c.advance(25 * time.Minute) // about 50 are stale
			c.held.Tickets = c.held.Tickets[50:]
			b.ResetTimer()
			for b.Loop() {
				report, err := reconcile.Compare(c.w, c.held)
				if err != nil || report.Missing.Count == 0 || report.Stale.Count == 0 {
					b.Fatal(report, err)
				}
				b.ReportMetric(float64(report.Missing.Count+report.Stale.Count), "losses")
			}
		})
	}
}
