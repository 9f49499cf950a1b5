package life_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

func TestMeasure(t *testing.T) {
	tickets, _ := strconv.Atoi(os.Getenv("LIFE_TICKETS"))
	if tickets == 0 {
		tickets = 200
	}
	data, err := fixtures.New(fixtures.Config{Seed: 1, Tickets: tickets})
	if err != nil {
		t.Fatal(err)
	}
	w := store.NewWorld(data, inboxops.Encoder{})
	s := store.New(w, 100_000)
	start := time.Now()
	life.Begin(s, life.Busy, fixtures.DefaultAt)
	t.Log("begin", time.Since(start))
	at := fixtures.DefaultAt
	for range 6 {
		start = time.Now()
		at = at.Add(5 * 24 * time.Hour)
		before := s.Happened()
		life.CatchUp(s, func() time.Time { return at })
		took := time.Since(start)
		t.Log(at, "store events", s.Happened()-before, took, "per life event", took/14400, "tickets", s.Len())
	}
	counts := map[string]int{}
	for _, e := range s.Events(0) {
		counts[e.Kind+" "+e.Service]++
		for _, c := range e.Changed {
			if c.Member == "status_name" || c.Member == "send_status" {
				counts[c.Member+" "+c.From+" > "+c.To]++
			}
		}
	}
	for k, v := range counts {
		t.Log(v, k)
	}
	if n := os.Getenv("LIFE_SHOW"); n != "" {
		tt, _ := s.Get(n)
		t.Log(tt.Subject, data.InboxOps.Statuses[tt.Status].Name, tt.UpdatedAt)
		for _, m := range tt.Messages {
			t.Log(m.CreatedAt, m.Direction, m.Type, m.SendStatus, m.SendError, m.SentAt, "\n"+m.BodyText)
		}
	}
}
