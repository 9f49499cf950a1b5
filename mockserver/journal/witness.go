package journal

import (
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/spans"
)

// witness knows who may have sent a request that comes during somebody's wait.
// A client that sends one request after the other has only one refusal to
// retry; of several clients that share a key, those that were not refused may
// go on.
type witness struct {
	workers  map[string]int  // by key, how many requests were under way at once
	returned map[uint64]bool // by number, the refusals with a retry that waited
}

// prompt is the least time after its wait within which a retry still counts as
// that of a client that waited.
const prompt = time.Second

// workersOf returns how many requests of each key were under way at once.
func workersOf(kept []*exchange) map[string]int {
	of := map[string][]*exchange{}
	for _, x := range kept {
		of[x.key()] = append(of[x.key()], x)
	}
	workers := map[string]int{}
	for key, all := range of {
		open := make([]int, len(all)) // when each of them ended
		for i, x := range all {
			for at := i; at >= 0 && (at == i || x.overlaps(all[at])); at-- {
				open[at]++
			}
		}
		workers[key] = slices.Max(open)
	}
	return workers
}

// overlaps reports whether the request was under way, or its connection was made
// for it, before an earlier exchange had ended.
func (x *exchange) overlaps(earlier *exchange) bool {
	if x.Began > 0 && earlier.seq >= x.Began {
		return true
	}
	made := x.Started.Sub(x.Connected)
	return x.Peer != earlier.Peer && !x.Connected.IsZero() && made < grace && x.Connected.Before(earlier.ended())
}

// returning holds refusals whose bodies may be the same, and when retries that
// waited may come.
type returning struct {
	refusals []refusal
	spans    spans.Index
}

// group is what refusals that are looked up together have in common. One whose
// body was not read to its end may be like many others.
type group struct {
	identity
	body digest
}

// expect finds the refusals with a retry that waited. A request counts as the
// retry of the newest refusal that it may retry: a client that came back early
// waits only for its last refusal.
func (w *witness) expect(kept []*exchange) {
	open, all := map[group]*returning{}, map[identity][]*returning{}
	for _, x := range kept {
		id, body := x.identity(), x.digest()
		among := all[id]
		if body.whole {
			among = []*returning{open[group{id, body}], open[group{id, digest{}}]}
		}
		if of, i := newest(among, x); of != nil {
			w.returned[of.refusals[i].seq] = true
			of.spans.Remove(i)
		}
		if wait, _, asks := x.retryAfter(); asks && wait >= 0 {
			of := open[group{id, body}]
			if of == nil {
				of = &returning{}
				open[group{id, body}], all[id] = of, append(all[id], of)
			}
			r := refusal{x, wait, body}
			of.refusals = append(of.refusals, r)
			of.spans.Add(r.span())
		}
	}
}

// newest returns the newest of the refusals that a request may retry after
// waiting.
func newest(among []*returning, x *exchange) (found *returning, number int) {
	for _, of := range among {
		if of == nil {
			continue
		}
		i := of.spans.Newest(x.Came, func(i int) bool { return of.refusals[i].waits(x) && x.mayRetry(of.refusals[i]) })
		if i >= 0 && (found == nil || of.refusals[i].seq > found.refusals[number].seq) {
			found, number = of, i
		}
	}
	return found, number
}

// waits reports whether a request comes when a retry that waited for the
// refusal may come.
func (r refusal) waits(x *exchange) bool {
	late := -r.remains(x)
	return late >= -tolerance && late <= max(r.wait, prompt)
}

// span returns the first and the last time at which waits may be true.
func (r refusal) span() (first, last time.Time) {
	over := r.Left.Add(r.wait)
	if r.wait > tolerance { // otherwise a request that came before the refusal had left would count as waiting, too
		first = over.Add(-tolerance)
	}
	return first, over.Add(max(r.wait, prompt))
}

// unclear reports whether a request that comes before the wait for the refusal
// at a place is over may be another client's.
func (w *witness) unclear(x *exchange, open []refusal, at int) bool {
	r := open[at]
	if r.remains(x) <= tolerance {
		return false
	}
	workers := w.workers[x.key()]
	if w.returned[r.seq] {
		return workers > 1 || x.Peer != r.Peer && x.follows(r)
	}
	waiting := 0
	for _, other := range open {
		if other.remains(x) > tolerance {
			waiting++
		}
	}
	return x.Peer != r.Peer && waiting < workers // otherwise all of them were told to wait
}
