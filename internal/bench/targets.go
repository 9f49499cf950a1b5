package main

import (
	"fmt"
	"io"
)

// results are what was measured, for the targets.
type results struct {
	startUp     float64         // milliseconds of CPU beyond those of the bare program
	firstAnswer map[int]float64 // milliseconds after the start, by tickets
	answered    int             // requests by the default world
	resident    int             // MiB at its peak
	cases       map[at]ratios
	worlds      map[int]world // by tickets
	proxy       ratios        // to a bare ReverseProxy
	judged      float64       // seconds of a run of the judge on its own fake
	stranger    float64       // seconds of one on 50,000 tickets
}

// at names a case in a world of a size.
type at struct {
	tickets int
	name    string
}

// ratios are the medians of a case's ratios to the bare handler.
type ratios struct {
	rate, cpu, p50, p99 float64
}

// world is what a world took: seconds, and MiB.
type world struct {
	ready, searched float64
	loaded          int // MiB when it was ready
}

// The names of the cases that targets refer to.
const (
	firstPage  = "first page, one filter"
	plainFirst = "first page, no filter"
	plainLast  = "last page, no filter"
	fiveWord   = "five filters and a common word"
	aSearch    = "a common word"
	aTimeline  = "timeline by id"
	aNote      = "a note"

	changedSuffix = ", many changed"
	rulesInForce  = 50 // while many are changed
)

// bounded are the cases that have bounds in a world of each size.
var bounded = []string{firstPage, plainFirst, aSearch, aTimeline}

// target is a bound on a measurement; a measurement of 0 was not made.
type target struct {
	what     string
	measured float64
	bound    float64
	atLeast  bool
}

// targets returns the bounds on what was measured. Latency and CPU are those at
// 16 connections, relative to the bare handler.
func (r *results) targets() []target {
	var all []target
	for _, tickets := range []int{200, 10_000, 1_000_000} {
		for _, name := range bounded {
			c, what := r.cases[at{tickets, name}], fmt.Sprintf("%s at %d tickets: ", name, tickets)
			all = append(all, target{what + "rate", c.rate, 0.85, true}, target{what + "CPU", c.cpu, 1.20, false}, target{what + "p99", c.p99, 1.2, false})
		}
	}
	for _, tickets := range []int{10_000, 1_000_000} {
		for _, name := range bounded {
			c, what := r.cases[at{tickets, name + changedSuffix}], fmt.Sprintf("%s at %d tickets, 10,000 changed, %d rules: ", name, tickets, rulesInForce)
			all = append(all, target{what + "rate", c.rate, 0.80, true}, target{what + "CPU", c.cpu, 1.30, false})
		}
	}
	large := r.worlds[1_000_000]
	return append(all, []target{
		{what: "a note at 10,000 tickets: CPU", measured: r.cases[at{10_000, aNote}].cpu, bound: 1.6},
		{what: fiveWord + " at 10,000 tickets: CPU", measured: r.cases[at{10_000, fiveWord}].cpu, bound: 4},
		{what: fiveWord + " at 1,000,000 tickets: p50", measured: r.cases[at{1_000_000, fiveWord}].p50, bound: 10},
		{what: "last page at 1,000,000 tickets: CPU over the first page's", measured: over(r.cases[at{1_000_000, plainLast}].cpu, r.cases[at{1_000_000, plainFirst}].cpu), bound: 1.5},
		{what: "a page through the proxy: CPU over a bare ReverseProxy's", measured: r.proxy.cpu, bound: 1.3},
		{what: "200 tickets: CPU until ready more than the bare program's, ms", measured: r.startUp, bound: 30},
		{what: "200 tickets: first answer after the start, ms", measured: r.firstAnswer[200], bound: 25},
		{what: "10,000 tickets: first answer after the start, ms", measured: r.firstAnswer[10_000], bound: 60},
		{what: fmt.Sprintf("200 tickets, %d requests: peak memory, MiB", r.answered), measured: float64(r.resident), bound: 64},
		{what: "1,000,000 tickets: ready, s", measured: large.ready, bound: 5},
		{what: "1,000,000 tickets: memory after load, MiB", measured: float64(large.loaded), bound: 1600},
		{what: "1,000,000 tickets: search index, s", measured: large.searched, bound: 180},
		{what: "the judge on its own fake, s", measured: r.judged, bound: 0.5},
		{what: "the judge on 50,000 tickets, s", measured: r.stranger, bound: 10},
	}...)
}

// over returns a divided by b, or 0 unless both were measured.
func over(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// print writes how well the targets are met.
func (r *results) print(out io.Writer) {
	fmt.Fprintf(out, "\n| target | bound | measured | met |\n|---|---|---|---|\n")
	for _, t := range r.targets() {
		bound, met := "at most", t.measured <= t.bound
		if t.atLeast {
			bound, met = "at least", t.measured >= t.bound
		}
		answer := map[bool]string{true: "yes", false: "**no**"}[met]
		if t.measured == 0 {
			answer = "not measured"
		}
		fmt.Fprintf(out, "| %s | %s %g | %.2f | %s |\n", t.what, bound, t.bound, t.measured, answer)
	}
}
