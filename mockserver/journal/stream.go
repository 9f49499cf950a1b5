package journal

import (
	"context"
	"iter"
)

// Event is one step of a stream.
type Event struct {
	Entry Entry
	// Dropped is how many exchanges have left the journal since the previous
	// Event because the reader was slow; whether the filter would have
	// selected them is not known.
	Dropped uint64
}

// Subscribe returns the exchanges after the given number that a filter selects,
// first those that are kept and then those to come, until ctx ends. A number
// beyond the newest one stands for the newest. Order and limit of the filter
// are ignored, and Accepts must have accepted it.
//
// Nothing waits for the reader. To do something else now and then, such as
// writing a keep-alive, let ctx end and subscribe again after the last number.
func (j *Journal) Subscribe(ctx context.Context, after uint64, f Filter) iter.Seq[Event] {
	selects := f.compile()
	return func(yield func(Event) bool) {
		var dropped uint64
		j.follow(ctx, after, func(x *exchange, missed uint64) bool {
			dropped += missed
			if !selects.matches(x) {
				return true
			}
			event := Event{Entry: x.entry(), Dropped: dropped}
			dropped = 0
			return yield(event)
		})
	}
}

// follow visits the exchanges after the given one until ctx ends or a visit
// returns false.
func (j *Journal) follow(ctx context.Context, after uint64, visit func(x *exchange, missed uint64) bool) {
	after = min(after, j.newest.Load())
	for ctx.Err() == nil {
		x, missed, wake := j.next(after)
		if x == nil {
			select {
			case <-wake:
			case <-ctx.Done():
			}
			continue
		}
		after = x.seq
		if !visit(x, missed) {
			return
		}
	}
}

// next returns the first exchange after the given one and how many were missed
// before it, or else a channel that is closed when one comes.
func (j *Journal) next(after uint64) (x *exchange, missed uint64, wake <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.length == 0 || after >= j.newest.Load() {
		return nil, 0, j.change()
	}
	return j.at(max(after+1, j.oldest())), j.missing(after), nil
}
