package store_test

import (
	"math"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/store"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	noon := time.Date(2025, time.January, 31, 12, 0, 0, 0, time.UTC)
	negativeZero := math.Copysign(0, -1)
	tests := map[string]struct {
		a, b string
		same bool
	}{
		"a number is its value":                 {store.NumberKey(12.5), store.NumberKey(1.25e1), true},
		"numbers differ":                        {store.NumberKey(0.1), store.NumberKey(0.1 + 1e-9), false},
		"numbers differ in sign":                {store.NumberKey(1), store.NumberKey(-1), false},
		"zero has no sign":                      {store.NumberKey(0), store.NumberKey(negativeZero), true},
		"large numbers differ":                  {store.NumberKey(1e15), store.NumberKey(1e15 + 1), false},
		"an instant is the same in any zone":    {store.InstantKey(noon), store.InstantKey(noon.In(time.FixedZone("", 3600))), true},
		"instants differ by a millisecond":      {store.InstantKey(noon), store.InstantKey(noon.Add(time.Millisecond)), false},
		"less than a millisecond does not show": {store.InstantKey(noon), store.InstantKey(noon.Add(time.Microsecond)), true},
		"a day is the same at any hour":         {store.DateKey(noon), store.DateKey(noon.Add(time.Hour)), true},
		"days differ":                           {store.DateKey(noon), store.DateKey(noon.AddDate(0, 0, 1)), false},
		"options differ":                        {store.OptionKey(1), store.OptionKey(11), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if (test.a == test.b) != test.same {
				t.Errorf("keys %q and %q: same = %v, want %v", test.a, test.b, test.a == test.b, test.same)
			}
		})
	}
}
