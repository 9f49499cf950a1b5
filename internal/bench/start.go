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
	page, err := keep([]byte("{}"))
	if err != nil {
		return err
	}
	defer os.Remove(page)
	var more []float64 // milliseconds of CPU
	for range b.rounds {
		ours, _, err := untilReady(func() (*process.Process, error) { return b.serve() })
		if err != nil {
			return err
		}
		bare, _, err := untilReady(func() (*process.Process, error) { return startSelf("bare", page) })
		if err != nil {
			return err
		}
		more = append(more, float64(ours-bare)/float64(time.Millisecond))
	}
	b.results.firstAnswer = map[int]float64{}
	for _, tickets := range []int{200, 10_000} {
		var took []float64 // milliseconds
		for range b.rounds {
			_, answered, err := untilReady(func() (*process.Process, error) { return b.serve("--tickets", strconv.Itoa(tickets)) })
			if err != nil {
				return err
			}
			took = append(took, float64(answered)/float64(time.Millisecond))
		}
		b.results.firstAnswer[tickets] = median(took)
	}
	fake, err := b.serve()
	if err != nil {
		return err
	}
	defer fake.Kill()
	k, err := askKnown(fake.Host)
	if err != nil {
		return err
	}
	answered := 0
	for all := k.cases(200); answered < b.requests; {
		for _, c := range all {
			if c.method != "GET" {
				continue // notes are kept
			}
			sent, err := load(fake, c.request, 16, 100*time.Millisecond)
			if err != nil {
				return err
			}
			answered += sent.answered
		}
	}
	resident, err := fake.PeakResident()
	fmt.Fprintf(b.out, "default world, %d cores: ready after %.0f ms of CPU more than the bare program, peak resident memory %d MiB over %d reads\n",
		runtime.NumCPU(), median(more), resident/1024, answered)
	b.results.startUp = median(more)
	b.results.answered, b.results.resident = answered, resident/1024
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
