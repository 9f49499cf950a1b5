package metrics

import (
	"strconv"
	"time"
)

// Snapshot is what a server has counted, and what it holds, at one moment.
type Snapshot struct {
	State
	Version     string
	Requests    []Requests
	Durations   []Durations
	Fired       []Fired
	Events      []Events
	InFlight    int64
	RateLimited uint64
}

// Requests is how many requests to an operation had a status, and what made
// them fail on purpose.
type Requests struct {
	Operation
	Status string // none for a broken connection, other for a status that is not in statuses
	Fault  string // none, rule or prefer
	Count  uint64
}

// Durations is how long the requests to an operation took.
type Durations struct {
	Operation
	Count uint64
	Total time.Duration
	Below map[float64]uint64 // how many requests took at most that many seconds
}

// Fired is how often a fault did something.
type Fired struct {
	Action, Fault string
	Count         uint64
}

// Events is how often something happened in a workspace, by who made it happen.
type Events struct {
	Event, By string
	Count     uint64
}

// Snapshot returns the present counts. Requests that never came and events that
// never happened are left out.
func (m *Metrics) Snapshot() Snapshot {
	s := Snapshot{State: m.config.State(), Version: m.config.Version, InFlight: m.inFlight.Load(), RateLimited: m.rateLimited.Load()}
	for i := range m.counts {
		o := &m.counts[i]
		for row := range o.requests {
			for by := range o.requests[row] {
				if n := o.requests[row][by].Load(); n > 0 {
					s.Requests = append(s.Requests, Requests{o.Operation, statusLabel(row), faults[by], n})
				}
			}
		}
		s.Durations = append(s.Durations, o.durations())
	}
	for i, action := range m.config.Actions {
		for by := Rule; by <= Prefer; by++ {
			s.Fired = append(s.Fired, Fired{action, faults[by], m.fired[i][by].Load()})
		}
	}
	for i := range m.events {
		if n := m.events[i].Load(); n > 0 {
			s.Events = append(s.Events, Events{m.config.Events[i/len(m.config.By)], m.config.By[i%len(m.config.By)], n})
		}
	}
	return s
}

// durations adds up the buckets.
func (o *counts) durations() Durations {
	d := Durations{Operation: o.Operation, Total: time.Duration(o.took.Load()), Below: map[float64]uint64{}}
	for i := range bounds {
		d.Count += o.buckets[i].Load()
		d.Below[bounds[i].Seconds()] = d.Count
	}
	d.Count += o.buckets[len(bounds)].Load()
	return d
}

func statusLabel(row int) string {
	switch {
	case row == len(statuses):
		return "other"
	case statuses[row] == 0:
		return "none"
	}
	return strconv.Itoa(statuses[row])
}
