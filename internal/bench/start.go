package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

// startUp prints what the default world costs before the first request and
// what it holds while it answers many.
func (b *bench) startUp() error {
	var err error
	if b.results.startUp, err = b.readiness(); err != nil {
		return err
	}
	b.results.firstAnswer = map[int]float64{}
	for _, tickets := range []int{200, 10_000} {
		if b.results.firstAnswer[tickets], err = b.firstAnswer(tickets); err != nil {
			return err
		}
	}
	if err := b.memory(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(b.out, "default world, %d cores: ready after %.0f ms of CPU more than the bare program, peak resident memory %d MiB over %d reads\n",
		runtime.NumCPU(), b.results.startUp, b.results.resident, b.results.answered)
	return err
}

// readiness returns how many milliseconds of CPU a fake takes more than the bare
// program until it is ready.
func (b *bench) readiness() (float64, error) {
	page, err := keep([]byte("{}"))
	if err != nil {
		return 0, err
	}
	defer os.Remove(page)
	return medianOf(b.rounds, func() (float64, error) {
		ours, _, err := untilReady(func() (*process.Process, error) { return b.serve() })
		if err != nil {
			return 0, err
		}
		bare, _, err := untilReady(func() (*process.Process, error) { return startSelf("bare", page) })
		return milliseconds(ours - bare), err
	})
}

// firstAnswer returns the milliseconds until a fake has answered.
func (b *bench) firstAnswer(tickets int) (float64, error) {
	return medianOf(b.rounds, func() (float64, error) {
		_, answered, err := untilReady(func() (*process.Process, error) { return b.serve("--tickets", strconv.Itoa(tickets)) })
		return milliseconds(answered), err
	})
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// memory measures what the default world holds while it answers reads.
func (b *bench) memory() error {
	fake, err := b.serve()
	if err != nil {
		return err
	}
	defer fake.Kill()
	k, err := askKnown(fake.Host)
	if err != nil {
		return err
	}
	for all := k.cases(200); b.results.answered < b.requests; {
		for _, c := range all {
			if c.method != "GET" {
				continue // notes are kept
			}
			sent, err := load(fake, c.request, 16, 100*time.Millisecond)
			if err != nil {
				return err
			}
			b.results.answered += sent.answered
		}
	}
	resident, err := fake.PeakResident()
	b.results.resident = resident / 1024
	return err
}

// untilReady returns the CPU time a server uses until it says that it can answer,
// and the time until it has answered.
func untilReady(start func() (*process.Process, error)) (used, answered time.Duration, err error) {
	began := time.Now()
	p, err := start()
	if err != nil {
		return 0, 0, err
	}
	defer p.Kill()
	if used, err = p.CPU(); err != nil {
		return 0, 0, err
	}
	_, err = once(p.Host, aPage)
	return used, time.Since(began), err
}
