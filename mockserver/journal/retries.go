package journal

import (
	"net/http"
	"strconv"
	"time"
)

// Retries says which requests came back before the Retry-After of a refusal
// had passed on the workspace's clock.
type Retries struct {
	Early      []EarlyRetry `json:"early"`
	Waited     int          `json:"waited"`      // refusals whose next request waited
	NotRetried int          `json:"not_retried"` // refusals no request followed
	// Missing is how many exchanges have left the journal and were not looked
	// at.
	Missing uint64 `json:"missing"`
}

// EarlyRetry is a refusal and the request that followed too early, with the
// same method, path and key.
type EarlyRetry struct {
	Refused    Ref     `json:"refused"`
	Retry      Ref     `json:"retry"`
	RetryAfter float64 `json:"retry_after_seconds"`
	Waited     float64 `json:"waited_seconds"`
	Early      float64 `json:"early_seconds"` // how much sooner than allowed
}

// tolerance is what a retry may come early: the timers of some runtimes fire a
// little before their time.
const tolerance = 10 * time.Millisecond

// refusal waits for the request that follows it.
type refusal struct {
	*exchange
	until time.Time
}

// Retries pairs each refusal that says Retry-After with the next request that
// began behind it. Requests that were on their way already are no retries.
func (j *Journal) Retries() Retries {
	type identity struct{ method, path, key string }
	kept, missing := j.scope(Filter{})
	result := Retries{Early: []EarlyRetry{}, Missing: missing}
	open := map[identity][]refusal{}
	for _, x := range kept {
		id := identity{x.Method, x.Path, x.key()}
		if i := x.answers(open[id]); i >= 0 {
			r := open[id][i]
			open[id] = append(open[id][:i], open[id][i+1:]...)
			if early := r.until.Sub(x.At); early > tolerance {
				result.Early = append(result.Early, EarlyRetry{
					Refused: r.ref(), Retry: x.ref(), RetryAfter: r.until.Sub(r.At).Seconds(),
					Waited: x.At.Sub(r.At).Seconds(), Early: early.Seconds(),
				})
			} else {
				result.Waited++
			}
		}
		if until, ok := x.retryAfter(); ok {
			open[id] = append(open[id], refusal{x, until})
		}
	}
	for _, left := range open {
		result.NotRetried += len(left)
	}
	return result
}

// answers returns which of the refusals the request follows: of those it came
// behind the one that ends first. It returns -1 when there is none.
func (x *exchange) answers(open []refusal) int {
	found := -1
	for i, r := range open {
		if x.Began > 0 && r.seq >= x.Began {
			continue // not yet refused when this request began
		}
		if found < 0 || r.until.Before(open[found].until) {
			found = i
		}
	}
	return found
}

// retryAfter returns the time that the answer's Retry-After names, written as
// seconds or as a date.
func (x *exchange) retryAfter() (time.Time, bool) {
	value := x.ResponseHeader.Get("Retry-After")
	const most = 1e9 // seconds; more would not fit a Duration
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 && seconds <= most {
		return x.At.Add(time.Duration(seconds) * time.Second), true
	}
	date, err := http.ParseTime(value)
	return date, err == nil
}
