package journal

import (
	"bytes"
	"hash/fnv"
	"slices"
	"time"
)

// Retries says which requests came back before the Retry-After of a refusal
// had passed on the workspace's clock, counted from the end of its answer.
type Retries struct {
	Early      []EarlyRetry `json:"early"`
	Waited     int          `json:"waited"`      // refusals whose retry waited
	NotRetried int          `json:"not_retried"` // refusals that were not retried
	// Meanwhile counts the other requests that keys sent while they were told
	// to wait. They are not retries, and requests that were under way already
	// are not counted.
	Meanwhile int `json:"meanwhile"`
	// Unclear counts requests like a refused one that are either early retries
	// of it or come from another client with the same key. They are unclear if
	// there are several clients, if the refusal also has a retry that waited, or
	// if they came so soon on another connection that they may have been sent
	// before the refusal was read.
	Unclear int `json:"unclear"`
	// Unreadable are the refusals whose Retry-After cannot be understood, and
	// those with 429 or 503 that have none.
	Unreadable []Unreadable `json:"unreadable"`
	// Missing is how many exchanges have left the journal and were not looked
	// at.
	Missing uint64 `json:"missing"`
}

// EarlyRetry is a refusal and the request that followed too early, with the
// same method, URL, body and key.
type EarlyRetry struct {
	Refused    Ref     `json:"refused"`
	Retry      Ref     `json:"retry"`
	RetryAfter float64 `json:"retry_after_seconds"`
	Waited     float64 `json:"waited_seconds"`
	Early      float64 `json:"early_seconds"` // how much sooner than allowed
}

// Unreadable is a refusal and what it says instead of a time to wait.
type Unreadable struct {
	Refused    Ref    `json:"refused"`
	RetryAfter string `json:"retry_after"` // empty when there is none
}

// tolerance is how early a retry may come: the timers of some runtimes fire a
// little before their time.
const tolerance = 10 * time.Millisecond

// grace is how long after a refusal, on the machine's clock, requests may still
// arrive that were sent before anybody could read it.
const grace = 50 * time.Millisecond

// refusal waits for the request that comes back.
type refusal struct {
	*exchange
	wait time.Duration
	body digest
}

// digest is the digest of a body that was read to its end; the zero value
// stands for any other body.
type digest struct {
	whole bool
	sum   uint64
}

// differs reports whether two bodies are known to differ.
func (d digest) differs(other digest) bool {
	return d.whole && other.whole && d.sum != other.sum
}

// identity is what a refused request and its retry have in common, besides
// their bodies.
type identity struct{ method, path, query, key string }

// Retries pairs each refusal that says how long to wait with the request that
// came back.
func (j *Journal) Retries() Retries {
	kept, missing := j.scope(Filter{})
	result := Retries{Early: []EarlyRetry{}, Unreadable: []Unreadable{}, Missing: missing}
	w := witness{workers: workersOf(kept), returned: map[uint64]bool{}}
	w.expect(kept)
	open := map[identity][]refusal{}  // not yet retried
	waiting := map[string][]refusal{} // by key, until the wait is over
	for _, x := range kept {
		id, body := x.identity(), x.digest()
		for len(waiting[id.key]) > 0 && waiting[id.key][0].remains(x) <= tolerance {
			waiting[id.key] = waiting[id.key][1:]
		}
		i := x.retries(body, open[id])
		switch {
		case i >= 0 && w.unclear(x, open[id], i):
			result.Unclear++
		case i >= 0:
			result.settle(open[id][i], x)
			open[id] = slices.Delete(open[id], i, i+1)
		case slices.ContainsFunc(open[id], func(r refusal) bool { return !w.returned[r.seq] && x.mayHaveRead(r) }):
			result.Unclear++
		case slices.ContainsFunc(waiting[id.key], x.ignores):
			result.Meanwhile++
		}
		switch wait, said, asks := x.retryAfter(); {
		case !asks:
		case wait < 0:
			result.Unreadable = append(result.Unreadable, Unreadable{x.ref(), clip(x.masker().text(said))})
		default:
			open[id] = append(open[id], refusal{x, wait, body})
			waiting[id.key] = append(waiting[id.key], refusal{x, wait, body})
		}
	}
	for _, left := range open {
		result.NotRetried += len(left)
	}
	return result
}

// identity returns what the request has in common with a retry of it.
func (x *exchange) identity() identity {
	return identity{x.Method, x.Path, x.Query, x.key()}
}

// settle notes whether the retry of a refusal waited.
func (result *Retries) settle(r refusal, retry *exchange) {
	early := r.remains(retry)
	if early <= tolerance {
		result.Waited++
		return
	}
	result.Early = append(result.Early, EarlyRetry{
		Refused: r.ref(), Retry: retry.ref(), RetryAfter: r.wait.Seconds(), Waited: (r.wait - early).Seconds(), Early: early.Seconds(),
	})
}

// remains returns how much of the wait is left when the other request comes.
func (r refusal) remains(x *exchange) time.Duration {
	return r.wait - max(0, x.Came.Sub(r.Left))
}

// retries returns which of the open refusals the request, whose body has the
// digest, retries: of those it may retry, the one whose wait ends first. It
// returns -1 if there is none.
func (x *exchange) retries(body digest, open []refusal) int {
	found, least := -1, time.Duration(0)
	for i, r := range open {
		if body.differs(r.body) {
			continue
		}
		if left := r.remains(x); (found < 0 || left < least) && x.mayRetry(r) {
			found, least = i, left
		}
	}
	return found
}

// mayRetry reports whether the request has the body of the refused one and was
// not under way.
func (x *exchange) mayRetry(r refusal) bool {
	return sameBody(x, r.exchange) && !x.underWay(r)
}

// mayHaveRead reports whether the request, which follows the refusal by another
// connection, may retry it all the same: some clients take their connections in turn.
func (x *exchange) mayHaveRead(r refusal) bool {
	return sameBody(x, r.exchange) && !x.beganBefore(r) && x.follows(r) && x.elsewhere(r) && r.remains(x) > tolerance
}

// underWay reports whether the request may have been sent before the refusal was
// read.
func (x *exchange) underWay(r refusal) bool {
	return x.beganBefore(r) || x.follows(r) && x.elsewhere(r)
}

// ended returns when the exchange ended on the machine's clock.
func (x *exchange) ended() time.Time {
	return x.Started.Add(x.Duration)
}

// ignores reports whether the request came while the refusal told its key to
// wait.
func (x *exchange) ignores(r refusal) bool {
	return !x.beganBefore(r) && !x.follows(r) && r.remains(x) > tolerance
}

// beganBefore reports whether the request began before the refusal had ended.
func (x *exchange) beganBefore(r refusal) bool {
	return x.Began > 0 && r.seq >= x.Began
}

// follows reports whether the request came so soon after the refusal that it
// may have been sent before it.
func (x *exchange) follows(r refusal) bool {
	return !x.Started.IsZero() && x.Started.Sub(r.ended()) < grace
}

// elsewhere reports whether the request came over another connection, which
// existed when the refusal ended. A request over the same connection, or over
// one made later, was sent by somebody who had read the refusal.
func (x *exchange) elsewhere(r refusal) bool {
	return x.Peer != r.Peer && !x.Connected.IsZero() && x.Connected.Before(r.ended())
}

// sameBody compares two bodies as far as they were read: a refusal may not have
// read its request.
func sameBody(a, b *exchange) bool {
	n := min(len(a.RequestBody), len(b.RequestBody))
	sameLength := a.RequestBytes == b.RequestBytes || a.RequestBytes < 0 || b.RequestBytes < 0
	return sameLength && bytes.Equal(a.RequestBody[:n], b.RequestBody[:n])
}

// digest returns the digest of the body.
func (x *exchange) digest() digest {
	if x.RequestBytes != int64(len(x.RequestBody)) {
		return digest{}
	}
	hash := fnv.New64a()
	_, _ = hash.Write(x.RequestBody) // it cannot fail
	return digest{true, hash.Sum64()}
}
