package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

// startUp prints what the default world costs before the first request and
// what it holds while it answers many.
func (b *bench) startUp() error {
	page := filepath.Join(os.TempDir(), "mockdesk-bench-"+strconv.Itoa(os.Getpid()))
	if err := os.WriteFile(page, []byte("{}"), 0o600); err != nil {
		return err
	}
	defer os.Remove(page)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var more []float64 // milliseconds of CPU
	for range b.rounds {
		ours, _, err := b.untilReady(b.binary, "serve", "--addr", "127.0.0.1:0", "--quiet")
		if err != nil {
			return err
		}
		bare, _, err := b.untilReady(self, "bare", page)
		if err != nil {
			return err
		}
		more = append(more, float64(ours-bare)/float64(time.Millisecond))
	}
	b.results.firstAnswer = map[int]float64{}
	for _, tickets := range []int{200, 10_000} {
		var took []float64 // milliseconds
		for range b.rounds {
			_, answered, err := b.untilReady(b.binary, "serve", "--addr", "127.0.0.1:0", "--quiet", "--tickets", strconv.Itoa(tickets))
			if err != nil {
				return err
			}
			took = append(took, float64(answered)/float64(time.Millisecond))
		}
		b.results.firstAnswer[tickets] = median(took)
	}
	fake, err := process.Start(os.Stderr, b.binary, "serve", "--addr", "127.0.0.1:0", "--quiet")
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

// untilReady returns the CPU time a command uses until it says that it can answer,
// and the time until it has answered.
func (b *bench) untilReady(name string, args ...string) (used, answered time.Duration, err error) {
	began := time.Now()
	p, err := process.Start(os.Stderr, name, args...)
	if err != nil {
		return 0, 0, err
	}
	defer p.Kill()
	if used, err = p.CPU(); err != nil {
		return 0, 0, err
	}
	_, err = once(p.Host, request{"GET", "/api/v1/tickets", ""})
	return used, time.Since(began), err
}
