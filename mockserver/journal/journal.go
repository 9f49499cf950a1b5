// Package journal turns the exchanges of a workspace into a bounded record
// that can be filtered, streamed, exported and verified, with the contract's
// verdict on each request.
package journal

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// The bounds of a Journal whose Limits say nothing.
const (
	DefaultEntries = 1000
	DefaultBytes   = 8 << 20
	DefaultBody    = 4096
)

// Limits bounds what a Journal keeps; the zero value of a member means its
// default.
type Limits struct {
	// Entries is how many exchanges are kept.
	Entries int
	// Bytes is what they may hold together: addresses, headers and kept bodies,
	// plus a fixed share for each exchange. The first one of each group of
	// violations is kept in addition.
	Bytes int
	// Body is how many bytes of each body are kept.
	Body int
}

// Config says what a Journal keeps and how it judges. The zero Config has the
// default limits.
type Config struct {
	Limits Limits
	// Secrets are the keys that never leave the journal whole. Texts that look
	// like a key of either service, and the token of a request, are masked,
	// too.
	Secrets []string
	// Variables are the environment variables that command lines take keys
	// from, by key; others come from MOCKDESK_KEY.
	Variables map[string]string
	// AppHandoffBase is the path under which AppHandoff is served; empty means
	// the contract's, /api.
	AppHandoffBase string
	// Verdict judges the requests. Nil means that none is judged, which each
	// entry then says, and that no filter can ask for violations.
	Verdict Verdict
	// Foreign says that another server answers, with any status and to any key, and
	// AnswerVerdict judges its answers.
	Foreign       bool
	AnswerVerdict AnswerVerdict
	// Ledger is told of every exchange, under the name of the Workspace; nil
	// means that there is none.
	Ledger    *Ledger
	Workspace string
}

// Journal holds the newest exchanges of a workspace: when a limit is exceeded
// the oldest ones leave. It is safe for concurrent use, and it takes memory
// only as exchanges come.
type Journal struct {
	config Config
	asked  memo[asked]
	said   memo[said]
	newest atomic.Uint64 // the number of the newest exchange; written under mu
	open   atomic.Int64  // requests that have begun and are not added; lowered under mu

	mu        sync.Mutex
	ring      []*exchange // grows up to Limits.Entries; exchanges have consecutive numbers
	head      int         // place of the oldest exchange
	length    int
	bytes     int
	cleared   uint64    // the newest exchange when the journal was last cleared
	droppedAt time.Time // the latest At of the exchanges that have left
	wake      chan struct{}
	turns     []turn
	counts    map[counted]uint64
	answers   uint64 // violations of answers since the journal was made or cleared
	tally     tally
	late      []*exchange // exchanges that have left with a verdict that is not counted yet
	spare     *exchange   // one that has left unread, to be filled again
	book      *Journal    // what config.Ledger keeps of this journal
	ledger    *Ledger     // whose book this journal is, nil for others
}

// New returns an empty Journal.
func New(cfg Config) *Journal {
	limits := &cfg.Limits
	for _, bound := range []struct {
		value     *int
		otherwise int
	}{{&limits.Entries, DefaultEntries}, {&limits.Bytes, DefaultBytes}, {&limits.Body, DefaultBody}} {
		if *bound.value <= 0 {
			*bound.value = bound.otherwise
		}
	}
	return &Journal{config: cfg}
}

// Newest returns the number of the newest exchange, 0 before the first one.
func (j *Journal) Newest() uint64 {
	return j.newest.Load()
}

// Begin says that a request has come whose Record will follow, and returns
// what Record.Began takes: it tells which exchanges had ended by then.
func (j *Journal) Begin() uint64 {
	j.open.Add(1)
	return j.newest.Load() + 1
}

// InFlight returns how many requests have come that have no answer yet.
func (j *Journal) InFlight() int {
	return int(j.open.Load())
}

// Settle waits until no request is in flight or ctx ends.
func (j *Journal) Settle(ctx context.Context) {
	for {
		j.mu.Lock()
		if j.open.Load() <= 0 {
			j.mu.Unlock()
			return
		}
		wake := j.change()
		j.mu.Unlock()
		select {
		case <-wake:
		case <-ctx.Done():
			return
		}
	}
}

// change returns a channel that is closed when the next exchange comes. The
// lock is held.
func (j *Journal) change() <-chan struct{} {
	if j.wake == nil {
		j.wake = make(chan struct{})
	}
	return j.wake
}

// Len returns how many exchanges are kept.
func (j *Journal) Len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.length
}

// Bytes returns what the kept exchanges hold, as Limits.Bytes counts it, plus
// the first exchange of each group of violations.
func (j *Journal) Bytes() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.bytes + j.tally.bytes()
}

// Add keeps an exchange and returns its number. It judges nothing, unless there
// is a Ledger, and does not wait for readers. The verdict that comes with an
// exchange is counted at the latest when the exchange leaves.
func (j *Journal) Add(r Record) uint64 {
	j.mu.Lock()
	kept := j.keep(&r)
	seq, late := j.add(&r).seq, j.late
	j.late = nil
	j.mu.Unlock()
	if kept != nil {
		kept.judge()
	}
	for _, x := range late {
		x.judge()
	}
	return seq
}

// add keeps an exchange. The lock is held.
func (j *Journal) add(r *Record) *exchange {
	x := j.spare
	if j.spare = nil; x == nil {
		x = new(exchange)
	}
	x.fill(j, r)
	x.seq = j.newest.Add(1)
	if r.Began != 0 {
		j.open.Add(-1)
	}
	x.read = j.ledger != nil
	j.count(x)
	j.answers += uint64(len(x.AnswerViolations))
	j.push(x)
	for j.length > j.config.Limits.Entries || j.bytes > j.config.Limits.Bytes {
		j.drop()
	}
	if j.wake != nil {
		close(j.wake)
		j.wake = nil
	}
	return x
}

// push puts an exchange after the newest one.
func (j *Journal) push(x *exchange) {
	if j.length == len(j.ring) {
		const least = 16
		// There is one place more than the limit, because the oldest leaves
		// after the newest has come.
		larger := make([]*exchange, min(max(2*j.length, least), j.config.Limits.Entries+1))
		n := copy(larger, j.ring[j.head:])
		copy(larger[n:], j.ring[:j.head])
		j.ring, j.head = larger, 0
	}
	j.ring[(j.head+j.length)%len(j.ring)] = x
	j.length++
	j.bytes += x.size
}

// grow counts what an exchange has come to hold since it was added.
func (j *Journal) grow(x *exchange, by int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !x.dropped && x.seq > j.cleared {
		x.size += by
		j.bytes += by
	}
}

// drop removes the oldest exchange.
func (j *Journal) drop() {
	x := j.ring[j.head]
	j.ring[j.head] = nil
	j.head = (j.head + 1) % len(j.ring)
	j.length--
	j.bytes -= x.size
	if x.At.After(j.droppedAt) {
		j.droppedAt = x.At
	}
	x.dropped = true
	if x.folded = x.folded || x.clean(); !x.folded {
		j.tally.unjudged++
		if x.Judged && j.ledger == nil { // or the Ledger is about to
			x.read = true
			j.late = append(j.late, x)
		}
	}
	if !x.read {
		j.spare = x
	}
}

// Clear forgets the exchanges, the counts and the violations. The numbers go
// on, so that a stream can be resumed.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ring, j.head, j.length, j.bytes = nil, 0, 0, 0
	j.cleared, j.droppedAt = j.newest.Load(), time.Time{}
	j.counts, j.answers, j.tally, j.turns = nil, 0, tally{}, nil
}

// oldest returns the number of the oldest exchange kept, or of the next one to
// come. The lock is held.
func (j *Journal) oldest() uint64 {
	return j.newest.Load() + 1 - uint64(j.length)
}

// at returns a kept exchange by its number. The lock is held.
func (j *Journal) at(seq uint64) *exchange {
	x := j.ring[(j.head+int(seq-j.oldest()))%len(j.ring)]
	x.read = true
	return x
}

// missing returns how many exchanges after the given one have left. Cleared
// ones do not count. The lock is held.
func (j *Journal) missing(after uint64) uint64 {
	after = max(after, j.cleared)
	if gone := j.oldest() - 1; gone > after {
		return gone - after
	}
	return 0
}
