package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

// sampled is how often memory is looked at.
const sampled = 250 * time.Millisecond

// watch samples the resident memory, in KiB, until the end.
func (s *soak) watch(ctx context.Context, server *process.Process) ([]int, error) {
	var samples []int
	tick := time.NewTicker(sampled)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return samples, nil
		case <-tick.C:
			resident, err := server.Resident()
			if err != nil {
				return samples, err
			}
			samples = append(samples, resident)
		}
	}
}

// flat prints the slope of the memory after a warm-up of a third of the time.
// It is an error if the median of the last third is more than a third above
// that of the second: the garbage collector makes memory swing by less, and at
// some thousand requests a second 300 bytes kept of each amount to more.
func (s *soak) flat(samples []int) error {
	third := len(samples) / 3
	if third < 4 {
		return fmt.Errorf("%d samples of memory are too few to tell a slope: let it run longer with -for", len(samples))
	}
	mean, slope := line(samples[third:])
	fmt.Fprintf(s.out, "memory: %.0f MiB after warm-up, slope %+.1f MiB a minute\n", mean/1024, slope*float64(time.Minute/sampled)/1024)
	second, last := median(samples[third:2*third]), median(samples[2*third:])
	if last > second+second/3 {
		return fmt.Errorf("memory grew from %d MiB to %d MiB after warm-up", second/1024, last/1024)
	}
	return nil
}

// median returns the middle of the samples.
func median(samples []int) int {
	return slices.Sorted(slices.Values(samples))[len(samples)/2]
}

// line returns the mean of samples and the slope, per sample, of the straight
// line nearest to them.
func line(samples []int) (mean, slope float64) {
	n := float64(len(samples))
	for _, y := range samples {
		mean += float64(y) / n
	}
	var above, below float64
	for x, y := range samples {
		dx := float64(x) - (n-1)/2
		above += dx * (float64(y) - mean)
		below += dx * dx
	}
	return mean, above / below
}

// holding is what a server holds for its clients.
type holding struct{ goroutines, descriptors int }

// quiet waits until the server holds no more than it began with.
func (s *soak) quiet(c *client, server *process.Process, before holding) error {
	c.http.CloseIdleConnections()
	const most = 10 * time.Second
	var now holding
	for began := time.Now(); time.Since(began) < most; time.Sleep(sampled) {
		var err error
		if now, err = c.held(server); err != nil {
			return err
		}
		if now.goroutines <= before.goroutines && now.descriptors <= before.descriptors {
			fmt.Fprintf(s.out, "goroutines: %d before, %d after; descriptors: %d before, %d after\n",
				before.goroutines, now.goroutines, before.descriptors, now.descriptors)
			return nil
		}
	}
	return fmt.Errorf("%d goroutines and %d descriptors before, %d and %d still %v after", before.goroutines, before.descriptors, now.goroutines, now.descriptors, most)
}

// held returns what the server holds now.
func (c *client) held(server *process.Process) (h holding, err error) {
	if h.goroutines, err = c.goroutines(); err == nil {
		h.descriptors, err = server.Descriptors()
	}
	return h, err
}

// goroutines asks the server's metrics how many goroutines it has.
func (c *client) goroutines() (int, error) {
	answer, err := c.http.Get(c.base + "/_mockdesk/metrics")
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), "go_goroutines "); found && answer.StatusCode == http.StatusOK {
			return strconv.Atoi(value)
		}
	}
	return 0, fmt.Errorf("the metrics do not tell go_goroutines: %s", answer.Status)
}
