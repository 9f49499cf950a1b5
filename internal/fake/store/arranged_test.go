package store_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
)

// arrange puts tickets with the given number into a world, some of which share
// their times, in no order of time.
func arrange(seed uint64, base *fixtures.Dataset, count int) *fixtures.Dataset {
	r := rand.New(rand.NewPCG(seed, 5))
	words := []string{"export never finishes", "refund of an invoice", "", "login fails"}
	var a fixtures.Arrangement
	for range count {
		wish := fixtures.TicketWish{Subject: words[r.IntN(len(words))], CreatedAt: base.At.AddDate(0, 0, -1-r.IntN(20))}
		if r.IntN(3) > 0 {
			text := words[r.IntN(2)]
			wish.Messages = []fixtures.MessageWish{{Text: &text}, {From: fixtures.FromAgent, Draft: r.IntN(2) == 0}, {From: fixtures.FromNote}}[:r.IntN(4)]
		}
		if r.IntN(3) == 0 {
			wish.UpdatedAt = wish.CreatedAt.Add(time.Duration(1+r.IntN(20)) * time.Hour)
		}
		a.Tickets = append(a.Tickets, wish)
	}
	return base.Arrange(a)
}

// TestListOfArranged compares a store with the plain scan where the order of
// creation is not that of the numbers.
func TestListOfArranged(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		seed     uint64
		seeded   int
		arranged int
		notes    int
		queries  int
	}{
		"one ticket":                   {2, 0, 1, 1, 50},
		"arranged tickets alone":       {3, 0, 200, 30, 150},
		"arranged tickets and notes":   {4, 0, 60, 60, 150},
		"a few beside the seeded ones": {5, 90, 20, 12, 150},
		"many beside the seeded ones":  {6, 60, 400, 40, 150},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, err := fixtures.New(fixtures.Config{Seed: test.seed, Tickets: test.seeded, Empty: test.seeded == 0})
			if err != nil {
				t.Fatal(err)
			}
			data := arrange(test.seed, base, test.arranged)
			s, o := newStore(data), newOracle(data)
			if len(o.tickets) != test.seeded+test.arranged {
				t.Fatalf("%d tickets, want %d", len(o.tickets), test.seeded+test.arranged)
			}
			g := newGambler(o, test.seed, 12)
			for round := range 2 {
				if round > 0 {
					g.addNotes(t, s, test.notes)
				}
				for range test.queries {
					g.checkQuery(t, s)
				}
			}
		})
	}
}
