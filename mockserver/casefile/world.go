package casefile

import (
	"cmp"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
)

// World is what a case says about the world that it is put into. What it does
// not mention is zero.
type World struct {
	Seed    uint64
	Tickets int
	Empty   *bool
	At      time.Time
}

// World returns what the case says about the world. What an earlier file says
// stays where a later one is silent.
func (c Case) World() World {
	var all World
	for _, f := range c.files {
		all.Seed, all.At = cmp.Or(f.world.Seed, all.Seed), cmp.Or(f.world.At, all.At)
		if f.world.Empty != nil {
			all.Tickets = cmp.Or(f.world.Tickets, all.Tickets)
			all.empty(*f.world.Empty)
		}
	}
	return all
}

// Config returns the world that the case chooses; what it does not mention is
// as in otherwise.
func (w World) Config(otherwise fixtures.Config) fixtures.Config {
	if w.Seed != 0 {
		otherwise.Seed = w.Seed
	}
	if !w.At.IsZero() {
		otherwise.At = w.At
	}
	if w.Tickets != 0 {
		otherwise.Tickets, otherwise.Empty = w.Tickets, false
	}
	if w.Empty != nil {
		otherwise.Empty = *w.Empty
	}
	if otherwise.Empty {
		otherwise.Tickets = 0
	}
	return otherwise
}

// readWorld reads which world it is.
func (b *builder) readWorld(n *yaml.Node) {
	w := &b.world
	if n.Kind != yaml.MappingNode {
		empty := b.word(n, "seeded", "empty") == "empty"
		w.empty(empty)
		return
	}
	var tickets *yaml.Node
	for member, value := range b.members(n, []string{"seed", "tickets", "empty", "at"}) {
		switch member {
		case "seed":
			wrong := len(b.wrong)
			if w.Seed = b.whole(value); w.Seed == 0 && len(b.wrong) == wrong {
				b.fail(value, "1", "seed 0 would draw another world each time")
			}
		case "tickets":
			tickets = value
			count := b.whole(value)
			if count > fixtures.MaxTickets || count > 0 && count < fixtures.MinTickets {
				b.fail(value, "200", "a world has %d to %d tickets, or 0", fixtures.MinTickets, fixtures.MaxTickets)
			}
			w.empty(count == 0)
			w.Tickets = int(min(count, fixtures.MaxTickets))
		case "empty":
			truth := b.truth(value)
			if tickets != nil && truth != *w.Empty {
				b.fail(value, "leave it out", "a world of %s tickets is another", tickets.Value)
				continue
			}
			w.empty(truth)
		case "at":
			if at, ok := b.instant(value); ok {
				if at.Year() < 1980 || at.Year() > 9990 {
					b.fail(value, "2025-06-02T09:00:00Z", "%s is not in the years 1980 to 9990", value.Value)
				}
				w.At = at
			}
		}
	}
}

// empty sets whether the world has only what the case arranges.
func (w *World) empty(truth bool) {
	if w.Empty = &truth; truth {
		w.Tickets = 0
	}
}

// addWorld adds which world it is, unless that is left to whoever loads the case.
func (m *mapping) addWorld(w *World) {
	if w.Seed == 0 && w.At.IsZero() && w.Tickets == 0 && w.Empty != nil {
		m.add("world", wordNode(map[bool]string{true: "empty", false: "seeded"}[*w.Empty]))
		return
	}
	world := mapping{flow: true}
	if w.Seed != 0 {
		world.add("seed", wordNode(strconv.FormatUint(w.Seed, 10)))
	}
	if w.Tickets != 0 {
		world.add("tickets", numberNode(w.Tickets))
	} else if w.Empty != nil {
		world.add("empty", boolNode(*w.Empty))
	}
	if !w.At.IsZero() {
		world.add("at", instantNode(w.At))
	}
	m.addUnlessEmpty("world", &world)
}
