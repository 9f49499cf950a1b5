package fault_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// told asks at so many seconds from the start and says what each answer is told
// to say.
func told(s *fault.Set, at ...float64) []string {
	var all []string
	for _, after := range at {
		effect := s.Decide(request(), start.Add(time.Duration(after*float64(time.Second))))
		switch e := effect.Refuse; {
		case e == nil:
			all = append(all, "passes")
		case e.RetryAt.IsZero():
			all = append(all, fmt.Sprintf("%d in %d", e.Kind.Status(), *e.RetryAfter))
		default:
			all = append(all, fmt.Sprintf("%d at %s", e.Kind.Status(), e.RetryAt.Format(time.TimeOnly)))
		}
	}
	return all
}

func TestHold(t *testing.T) {
	t.Parallel()
	throttle := func(status fault.Status, when fault.When) *fault.Set {
		return set(t, fault.Rule{When: when, Then: fault.Then{Status: &status}})
	}
	tests := map[string]struct {
		status fault.Status
		when   fault.When
		at     []float64
		want   []string
	}{
		"without it the next one passes": {
			fault.Status{Code: "429", RetryAfter: 30},
			fault.When{Nth: 2},
			[]float64{0, 1, 2, 40},
			[]string{"passes", "429 in 30", "passes", "passes"},
		},
		"the third is refused, and all until the wait is over": {
			fault.Status{Code: "429", RetryAfter: 30, Hold: true},
			fault.When{Nth: 3},
			[]float64{0, 1, 2, 3, 3.5, 31.9, 32, 33, 100},
			[]string{"passes", "passes", "429 in 30", "429 in 29", "429 in 29", "429 in 1", "passes", "passes", "passes"},
		},
		"a 429 without a wait holds for its minute": {
			fault.Status{Code: "429", Hold: true},
			fault.When{Times: 1},
			[]float64{0, 59, 60},
			[]string{"429 in 60", "429 in 1", "passes"},
		},
		"two times hold twice": {
			fault.Status{Code: "503", RetryAfter: 5, Hold: true},
			fault.When{Times: 2},
			[]float64{0, 1, 5, 9, 10},
			[]string{"503 in 5", "503 in 4", "503 in 5", "503 in 1", "passes"},
		},
		"each third of those that count": {
			fault.Status{Code: "503", RetryAfter: 2, Hold: true},
			fault.When{Every: 3},
			[]float64{0, 0, 0, 1, 2, 3, 4},
			[]string{"passes", "passes", "503 in 2", "503 in 1", "passes", "503 in 2", "503 in 1"},
		},
		"a date stands, seconds rounded up": {
			fault.Status{Code: "429", RetryAfter: 30, Hold: true, RetryAfterAs: "date"},
			fault.When{Times: 1},
			[]float64{0.5, 9, 30.5},
			[]string{"429 at 09:00:31", "429 at 09:00:31", "passes"},
		},
		"a date of its own for each": {
			fault.Status{Code: "503", RetryAfter: 30, RetryAfterAs: "date"},
			fault.When{},
			[]float64{0, 9},
			[]string{"503 at 09:00:30", "503 at 09:00:39"},
		},
		"no wait, as a date": {
			fault.Status{Code: "503", RetryAfter: fault.NoWait, RetryAfterAs: "date"},
			fault.When{},
			[]float64{7},
			[]string{"503 at 09:00:07"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantStrings(t, told(throttle(test.status, test.when), test.at...), test.want)
		})
	}
}

// A rule that holds is not used up before its time, and a snapshot keeps what is
// left of it.
func TestHoldIsInForce(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	s := set(t, fault.Rule{When: fault.When{Times: 1}, Then: fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 30, Hold: true}}})
	told(s, 0, 10)
	if list := s.ListAt(at(29)); list[0].Spent || list[0].Fired != 2 {
		t.Errorf("spent %v, fired %d; want a rule in force that fired twice", list[0].Spent, list[0].Fired)
	}
	was := s.Snapshot(at(10))
	wantStrings(t, told(s, 30), []string{"passes"})
	if !s.ListAt(at(30))[0].Spent {
		t.Error("it is not spent once its time is over")
	}
	s.Restore(was, at(100))
	wantStrings(t, told(s, 100, 119, 120), []string{"429 in 20", "429 in 1", "passes"})
}

func TestRateLimitHeaders(t *testing.T) {
	t.Parallel()
	s := set(t,
		fault.Rule{When: fault.When{Nth: 3}, Then: fault.Then{
			RateLimit: &fault.RateLimit{Limit: 2, Prefix: "RateLimit-"}, Status: &fault.Status{Code: "429", RetryAfter: 7},
		}},
		fault.Rule{Then: fault.Then{RateLimit: &fault.RateLimit{Limit: 2, Window: fault.Duration(10 * time.Second)}}},
	)
	var got []string
	for _, after := range []int{0, 1, 2, 3, 9, 10, 25} {
		effect, a := s.Decide(request(), start.Add(time.Duration(after)*time.Second)), answer("{}")
		effect.Change(a)
		header := func(name string) string {
			return strings.Join(append(a.Header.Values("X-RateLimit-"+name), a.Header.Values("RateLimit-"+name)...), "?")
		}
		got = append(got, fmt.Sprintf("%s of %s, %s s", header("Remaining"), header("Limit"), header("Reset")))
	}
	wantStrings(t, got, []string{"1 of 2, 10 s", "0 of 2, 9 s", "0 of 2, 7 s", "0 of 2, 7 s", "0 of 2, 1 s", "1 of 2, 10 s", "1 of 2, 5 s"})
}

func TestGateway(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308, 403, 413, 429, 502, 503, 504} {
		then := fault.Then{Gateway: &fault.Gateway{Status: status}}
		if status < 400 {
			then.Gateway.Location = "/login"
		}
		s := set(t, fault.Rule{Then: then})
		effect, a := s.Decide(request(), start), answer("{}")
		if effect.Refuse == nil {
			t.Fatalf("%d: the operation is asked", status)
		}
		effect.Change(a)
		wantStrings(t, effect.Actions(), []string{"gateway"})
		if a.Status != status || a.Header.Get("Location") != then.Gateway.Location {
			t.Errorf("answers %d to %q, want %d to %q", a.Status, a.Header.Get("Location"), status, then.Gateway.Location)
		}
		title := fmt.Sprintf("<h1>%d %s</h1>", status, http.StatusText(status))
		if a.Header.Get("Content-Type") != "text/html" || !strings.Contains(string(a.Body), title) {
			t.Errorf("%d is %s: %s", status, a.Header.Get("Content-Type"), a.Body)
		}
	}
}
