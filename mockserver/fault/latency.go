package fault

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// Latency delays the answer: by Fixed, by something from Min to Max, or by
// something around Mean, normally distributed. It is real time, whatever the
// workspace's clock shows.
type Latency struct {
	Fixed     Duration `json:"fixed,omitempty" yaml:"fixed,omitempty"`
	Min       Duration `json:"min,omitempty" yaml:"min,omitempty"`
	Max       Duration `json:"max,omitempty" yaml:"max,omitempty"`
	Mean      Duration `json:"mean,omitempty" yaml:"mean,omitempty"`
	Deviation Duration `json:"deviation,omitempty" yaml:"deviation,omitempty"`
}

var latency = Kind{
	Name: "latency",
	Schema: `
type: object
description: "Waits before answering: a fixed time, one from min to max, or one around mean with deviation."
properties:
  fixed: {$ref: "#/components/schemas/Duration"}
  min: {$ref: "#/components/schemas/Duration"}
  max: {$ref: "#/components/schemas/Duration"}
  mean: {$ref: "#/components/schemas/Duration"}
  deviation: {$ref: "#/components/schemas/Duration"}`,
	Says:  "wait {fixed}, wait around {mean}, wait {min} to {max}",
	Label: "wait before answering",
	Fields: []Field{
		{Name: "fixed", Label: "so long", Type: Text, Usual: "2s"},
		{Name: "min", Label: "or from", Type: Text},
		{Name: "max", Label: "to", Type: Text},
		{Name: "mean", Label: "or around", Type: Text},
		{Name: "deviation", Label: "more or less", Type: Text},
	},
	set:     func(t *Then) bool { return t.Latency != nil },
	check:   func(t *Then) error { return t.Latency.check() },
	written: func(t *Then, node *yaml.Node) error { return t.Latency.checkZeros(node) },
	decide:  func(e *Effect, m *moment) { e.Delay = e.Then.Latency.draw(m.chance) },
	did:     func(e *Effect) bool { return e.Delay > 0 },
	change: func(e *Effect, _ *Answer) (bool, string) {
		if e.Delay == 0 {
			return false, "chance said 0s"
		}
		return true, ""
	},
}

// draw returns the delay for one answer, never negative nor above MaxDelay.
func (l *Latency) draw(chance *rand.Rand) time.Duration {
	d := float64(l.Fixed)
	switch {
	case l.Max > 0:
		d = float64(l.Min) + chance.Float64()*float64(l.Max-l.Min)
	case l.Mean > 0:
		d = float64(l.Mean) + chance.NormFloat64()*float64(l.Deviation)
	}
	return time.Duration(math.Max(0, math.Min(d, float64(MaxDelay))))
}

func (l *Latency) check() error {
	if count(l.Fixed != 0, l.Min != 0 || l.Max != 0, l.Mean != 0 || l.Deviation != 0) != 1 {
		return hint.Errorf(`"latency": {"fixed": "250ms"}`, "latency needs one of fixed, min with max, mean with deviation, above 0s")
	}
	for _, d := range []Duration{l.Fixed, l.Min, l.Max, l.Mean, l.Deviation} {
		if d < 0 || time.Duration(d) > MaxDelay {
			return fmt.Errorf("latency %v is not from 0s to %v", time.Duration(d), MaxDelay)
		}
	}
	if (l.Min != 0 || l.Max != 0) && l.Min >= l.Max {
		return errors.New("latency min is not below max")
	}
	if l.Deviation != 0 && l.Mean == 0 {
		return errors.New("latency deviation needs a mean above 0s")
	}
	return nil
}

// checkZeros refuses a zero time next to those that say how long.
func (l *Latency) checkZeros(latency *yaml.Node) error {
	if l.check() != nil {
		return nil
	}
	none := flaw{"latency.%s 0 delays nothing", "leave it out"}
	return errors.Join(
		written(latency, "fixed", l.Fixed == 0, none), written(latency, "max", l.Max == 0, none), written(latency, "mean", l.Mean == 0, none),
	)
}
