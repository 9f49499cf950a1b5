package main

import (
	"fmt"
	"io"
)

// results are what was measured, for the targets.
type results struct {
	startUp  float64 // milliseconds of CPU more than the bare program's
	answered int     // requests by the default world
	resident int     // MiB at its peak
	cases    map[at]ratios
	worlds   map[int]world // by tickets
	proxy    ratios        // to a bare ReverseProxy
}

// at names a case in a world.
type at struct {
	tickets int
	name    string
}

// ratios are the medians of a case's ratios to the bare handler.
type ratios struct {
	rate, cpu, p50, p99 float64
}

// world is what a world took: seconds, and MiB at its peak.
type world struct {
	ready, searched float64
	resident        int
}

// The cases that targets name.
const (
	firstPage  = "first page, one filter"
	plainFirst = "first page, no filter"
	plainLast  = "last page, no filter"
	fiveWord   = "five filters and a common word"
	aNote      = "a note"

	changedSuffix = ", many changed"
)

// target is a bound on a measurement; a measurement of 0 was not made.
type target struct {
	what     string
	measured float64
	bound    float64
	atLeast  bool
}

// targets returns the bounds on what was measured. Latency and CPU are those
// at 16 connections.
func (r *results) targets() []target {
	small, large := r.worlds[100_000], r.worlds[1_000_000]
	first := r.cases[at{10_000, firstPage}]
	return []target{
		{what: "first page at 10,000 tickets: share of the bare handler's rate", measured: first.rate, bound: 0.80, atLeast: true},
		{what: "first page at 10,000 tickets: CPU", measured: first.cpu, bound: 1.35},
		{what: "first page at 100,000 tickets, 10,000 changed: share of the bare handler's rate", measured: r.cases[at{100_000, firstPage + changedSuffix}].rate, bound: 0.80, atLeast: true},
		{what: "first page at 100,000 tickets, 10,000 changed: CPU", measured: r.cases[at{100_000, firstPage + changedSuffix}].cpu, bound: 1.30},
		{what: "first page at 1,000,000 tickets, 10,000 changed: rate", measured: r.cases[at{1_000_000, firstPage + changedSuffix}].rate, bound: 0.80, atLeast: true},
		{what: "first page at 1,000,000 tickets: rate over that at 10,000", measured: over(r.cases[at{1_000_000, firstPage}].rate, first.rate), bound: 0.9, atLeast: true},
		{what: "five filters and a common word at 10,000 tickets: CPU", measured: r.cases[at{10_000, fiveWord}].cpu, bound: 4},
		{what: "five filters and a common word at 1,000,000 tickets: p50", measured: r.cases[at{1_000_000, fiveWord}].p50, bound: 10},
		{what: "a note at 10,000 tickets: CPU", measured: r.cases[at{10_000, aNote}].cpu, bound: 3},
		{what: "last page at 1,000,000 tickets: CPU over the first page's", measured: over(r.cases[at{1_000_000, plainLast}].cpu, r.cases[at{1_000_000, plainFirst}].cpu), bound: 1.5},
		{what: "a page through the proxy: CPU over a bare ReverseProxy's", measured: r.proxy.cpu, bound: 1.3},
		{what: "default world ready: CPU more than the bare program, ms", measured: r.startUp, bound: 30},
		{what: fmt.Sprintf("default world, %d requests: peak memory, MiB", r.answered), measured: float64(r.resident), bound: 64},
		{what: "100,000 tickets ready, s", measured: small.ready, bound: 4},
		{what: "100,000 tickets: search index, s", measured: small.searched, bound: 15},
		{what: "100,000 tickets: peak memory, MiB", measured: float64(small.resident), bound: 700},
		{what: "1,000,000 tickets ready, s", measured: large.ready, bound: 45},
		{what: "1,000,000 tickets: search index, s", measured: large.searched, bound: 180},
		{what: "1,000,000 tickets: peak memory, MiB", measured: float64(large.resident), bound: 6144},
	}
}

// over divides, where both were measured.
func over(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// print writes how the targets are met.
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
