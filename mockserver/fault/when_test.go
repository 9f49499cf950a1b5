package fault_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// wantEqual fails the test unless both are the same.
func wantEqual[T any](t *testing.T, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// wantStrings is wantEqual for lists.
func wantStrings(t *testing.T, got, want []string) {
	t.Helper()
	wantEqual(t, got, want)
}

// fires asks n times and writes x where the rule fired; each request is a
// second after the one before.
func fires(s *fault.Set, n int) string {
	var b strings.Builder
	for i := range n {
		mark := "."
		if s.Decide(request(), start.Add(time.Duration(i)*time.Second)).Then != nil {
			mark = "x"
		}
		b.WriteString(mark)
	}
	return b.String()
}

func TestWhen(t *testing.T) {
	t.Parallel()
	seconds := func(n int) fault.Duration { return fault.Duration(time.Duration(n) * time.Second) }
	tests := map[string]struct {
		when fault.When
		want string
	}{
		"always":                         {fault.When{}, "xxxxxxxxxxxx"},
		"the third":                      {fault.When{Nth: 3}, "..x........."},
		"not the first two":              {fault.When{After: 2}, "..xxxxxxxxxx"},
		"each third":                     {fault.When{Every: 3}, "..x..x..x..x"},
		"three times":                    {fault.When{Times: 3}, "xxx........."},
		"for four seconds":               {fault.When{For: seconds(4)}, "xxxx........"},
		"certainly":                      {fault.When{Probability: 1}, "xxxxxxxxxxxx"},
		"three times after two":          {fault.When{After: 2, Times: 3}, "..xxx......."},
		"each second after three":        {fault.When{After: 3, Every: 2}, "....x.x.x.x."},
		"each second, twice":             {fault.When{Every: 2, Times: 2}, ".x.x........"},
		"each second after three, twice": {fault.When{After: 3, Every: 2, Times: 2}, "....x.x....."},
		"the fifth, which each second after three": {fault.When{Nth: 5, After: 3, Every: 2, Times: 1}, "....x......."},
		"after two for four seconds":               {fault.When{After: 2, For: seconds(4)}, "..xx........"},
		"each second for five seconds":             {fault.When{Every: 2, For: seconds(5)}, ".x.x........"},
		"twice for an hour":                        {fault.When{Times: 2, For: seconds(3600)}, "xx.........."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := set(t, fault.Rule{When: test.when, Then: teapot})
			if got := fires(s, len(test.want)); got != test.want {
				t.Errorf("%+v\ngot  %s\nwant %s", test.when, got, test.want)
			}
			want := []int{len(test.want), strings.Count(test.want, "x")}
			if list := s.List(); list[0].Matched != want[0] || list[0].Fired != want[1] {
				t.Errorf("matched %d and fired %d, want %v", list[0].Matched, list[0].Fired, want)
			}
		})
	}
}

func TestForIsASpanOfTheClock(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{ID: "outage", When: fault.When{For: fault.Duration(30 * time.Second)}, Then: teapot})
	var got []string
	for _, after := range []time.Duration{0, 30*time.Second - 1, 30 * time.Second, time.Hour, 10 * time.Second} {
		got = append(got, s.Decide(request(), start.Add(after)).Rule)
	}
	// A clock that is set back is in the span again.
	wantStrings(t, got, []string{"outage", "outage", "", "", "outage"})
}

func TestSameSeedSameChances(t *testing.T) {
	t.Parallel()
	rules := []fault.Rule{
		{When: fault.When{Probability: 0.3, Times: 40}, Then: teapot},
		{When: fault.When{Probability: 0.5}, Then: teapot},
	}
	sequence := func(seed uint64) string {
		s := fault.NewSet(seed, 1000, nil)
		if _, err := s.Add(start, rules...); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for range 200 {
			ids = append(ids, s.Decide(request(), start).Rule)
		}
		return strings.Join(ids, ",")
	}
	first := sequence(1)
	if again := sequence(1); again != first {
		t.Errorf("the same seed:\n%s\n%s", first, again)
	}
	if other := sequence(2); other == first {
		t.Errorf("seeds 1 and 2 have the same sequence: %s", first)
	}
	if n := strings.Count(first, "fault-1"); n < 20 || n > 40 {
		t.Errorf("0.3 of 200, at most 40, fired %d times", n)
	}
	if n := strings.Count(first, "fault-2"); n < 45 || n > 120 {
		t.Errorf("0.5 of the rest fired %d times", n)
	}
}

func TestChancesDependOnNoOtherRule(t *testing.T) {
	t.Parallel()
	rule := fault.Rule{ID: "a", When: fault.When{Probability: 0.5}, Then: teapot}
	alone := fires(set(t, rule), 64)
	beside := fires(set(t, fault.Rule{
		Match: fault.Match{Method: "POST"}, When: fault.When{Probability: 0.5}, Then: teapot,
	}, rule), 64)
	if alone != beside {
		t.Errorf("alone  %s\nbeside %s", alone, beside)
	}
	if named := fires(set(t, fault.Rule{ID: "b", When: rule.When, Then: teapot}), 64); named == alone {
		t.Errorf("rules a and b have the same chances: %s", alone)
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	ms := func(n int) fault.Duration { return fault.Duration(time.Duration(n) * time.Millisecond) }
	tests := map[string]struct {
		latency   fault.Latency
		low, high time.Duration
		spread    bool
	}{
		"fixed":                       {fault.Latency{Fixed: ms(250)}, 250 * time.Millisecond, 250 * time.Millisecond, false},
		"uniform":                     {fault.Latency{Min: ms(100), Max: ms(200)}, 100 * time.Millisecond, 200 * time.Millisecond, true},
		"uniform from nothing":        {fault.Latency{Max: ms(200)}, 0, 200 * time.Millisecond, true},
		"normal":                      {fault.Latency{Mean: ms(800), Deviation: ms(10)}, 700 * time.Millisecond, 900 * time.Millisecond, true},
		"normal without deviation":    {fault.Latency{Mean: ms(800)}, 800 * time.Millisecond, 800 * time.Millisecond, false},
		"normal is never negative":    {fault.Latency{Mean: ms(1), Deviation: ms(60000)}, 0, time.Minute, true},
		"normal is never above a cap": {fault.Latency{Mean: ms(60000), Deviation: ms(1000)}, 50 * time.Second, time.Minute, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := set(t, fault.Rule{Then: fault.Then{Latency: &test.latency}})
			seen := map[time.Duration]bool{}
			for range 200 {
				d := s.Decide(request(), start).Delay
				if seen[d] = true; d < test.low || d > test.high {
					t.Fatalf("%v is not from %v to %v", d, test.low, test.high)
				}
			}
			if spread := len(seen) > 1; spread != test.spread {
				t.Errorf("%d different delays, spread wanted: %v", len(seen), test.spread)
			}
		})
	}
}

// TestCountsAreExactUnderConcurrency lets 64 goroutines ask at once.
func TestCountsAreExactUnderConcurrency(t *testing.T) {
	t.Parallel()
	const goroutines, each = 64, 50
	const asked = goroutines * each
	tests := map[string]struct {
		when fault.When
		want int
	}{
		"times":       {fault.When{Times: 3}, 3},
		"nth":         {fault.When{Nth: 1000}, 1},
		"every":       {fault.When{Every: 7}, asked / 7},
		"after":       {fault.When{After: 100}, asked - 100},
		"all of them": {fault.When{After: 10, Every: 3, Times: 500}, 500},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := set(t, fault.Rule{ID: "counted", When: test.when, Then: teapot}, fault.Rule{ID: "rest", Then: teapot})
			fired := make([]map[string]int, goroutines)
			var all sync.WaitGroup
			gate := make(chan struct{})
			for i := range goroutines {
				fired[i] = map[string]int{}
				all.Go(func() {
					<-gate
					for range each {
						fired[i][s.Decide(request(), start).Rule]++
						if i == 0 {
							s.List()
						}
					}
				})
			}
			close(gate)
			all.Wait()
			got := map[string]int{}
			for _, one := range fired {
				for id, n := range one {
					got[id] += n
				}
			}
			wantEqual(t, got, map[string]int{"counted": test.want, "rest": asked - test.want})
			if list := s.List(); list[0].Matched != asked || list[0].Fired != test.want {
				t.Errorf("listed %d matched and %d fired, want %d and %d", list[0].Matched, list[0].Fired, asked, test.want)
			}
		})
	}
}

// TestConcurrentChange lets rules come and go while they are asked.
func TestConcurrentChange(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{ID: "stays", When: fault.When{Times: 3}, Then: teapot})
	var all sync.WaitGroup
	fired := make([]int, 64)
	for i := range fired {
		chance := rand.New(rand.NewPCG(1, uint64(i)))
		all.Go(func() {
			id := fmt.Sprint("rule-", i)
			for range 20 {
				if s.Decide(request(), start).Rule == "stays" {
					fired[i]++
				}
				post := fault.Rule{ID: id, Match: fault.Match{Method: "POST"}, When: fault.When{Probability: chance.Float64()}, Then: teapot}
				if _, err := s.Add(start, post); err != nil {
					t.Error(err)
				}
				if err := s.Replace(start, id, post); err != nil {
					t.Error(err)
				}
				if err := s.Delete(id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	total := 0
	for _, n := range fired {
		total += n
	}
	if total != 3 || len(s.List()) != 1 {
		t.Errorf("fired %d times, want 3; %d rules in force, want 1", total, len(s.List()))
	}
}
