package spans_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/spans"
)

var start = time.Date(2025, time.January, 31, 9, 30, 0, 0, time.UTC)

func second(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }

// plain keeps spans in a list and looks at one after the other.
type plain [][2]int

func (p plain) newest(at int, fits func(int) bool) int {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i][0] <= at && at <= p[i][1] && fits(i) {
			return i
		}
	}
	return -1
}

func TestNewestIsWhatAListFinds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		chance := rand.New(rand.NewPCG(seed, 0))
		var index spans.Index
		var list plain
		for step := range 500 {
			switch kind := chance.IntN(4); {
			case kind == 0 || len(list) == 0:
				first := step/2 + chance.IntN(60) - 30
				list = append(list, [2]int{first, first + chance.IntN(100) - 10})
				if number := index.Add(second(list[len(list)-1][0]), second(list[len(list)-1][1])); number != len(list)-1 {
					t.Fatalf("seed %d: the number is %d, want %d", seed, number, len(list)-1)
				}
			case kind == 1:
				gone := chance.IntN(len(list))
				list[gone] = [2]int{1, 0}
				index.Remove(gone)
			default:
				at, modulus := step/2+chance.IntN(120)-30, 1+chance.IntN(4)
				fits := func(i int) bool { return i%modulus == 0 }
				if got, want := index.Newest(second(at), fits), list.newest(at, fits); got != want {
					t.Fatalf("seed %d, step %d: Newest is %d, want %d", seed, step, got, want)
				}
			}
		}
	}
}

func TestNoneIsFoundInNone(t *testing.T) {
	t.Parallel()
	var index spans.Index
	if got := index.Newest(start, func(int) bool { return true }); got != -1 {
		t.Errorf("Newest is %d, want -1", got)
	}
}

func TestSpansThatDoNotHoldTheInstantAreNotAskedFor(t *testing.T) {
	t.Parallel()
	var index spans.Index
	const many, asked = 20000, 100
	for i := range many {
		index.Add(second(i), second(i+asked))
	}
	for i := range many {
		count := 0
		index.Newest(second(i), func(int) bool { count++; return false })
		if count > asked+1 {
			t.Fatalf("at %d s, %d spans are asked for, want at most %d", i, count, asked+1)
		}
	}
}
