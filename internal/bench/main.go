// Command bench compares a built mockdesk with a bare net/http handler that
// writes the same bytes. It prints ratios between the two: requests per second,
// CPU time per request, latency, start-up, memory. Both are driven over
// loopback, interleaved, in the same run; absolute times mean nothing on a
// shared machine and are not printed.
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "bare" {
		exit(bare(os.Args[2]))
	}
	if len(os.Args) == 3 && os.Args[1] == "forward" {
		exit(forward(os.Args[2]))
	}
	sizes := flag.String("tickets", "200,10000,100000", "sizes of the world, separated by commas")
	rounds := flag.Int("rounds", 0, "rounds of each measurement, of which the median counts; 0 is 5 with wrk and 15 without")
	seconds := flag.Float64("seconds", 0, "length of a measurement, whole with wrk; 0 is 1 with wrk and 0.2 without")
	driver := flag.String("wrk", "wrk", "the client wrk; where there is none, or with an empty name, bench has its own")
	binary := flag.String("mockdesk", "bin/mockdesk", "the built command")
	only := flag.String("only", "", "measure the cases whose name contains this")
	changed := flag.Int("changed", 10_000, "measure again with this many tickets changed and fault rules in force; 0 leaves it out")
	requests := flag.Int("requests", 200_000, "requests of the measurement of memory; 0 leaves it and the start-up out")
	toxiproxy := flag.String("toxiproxy", "", "the built server of toxiproxy, to measure the proxy beside it; empty leaves it out")
	flag.Parse()
	b := bench{
		binary: *binary, rounds: *rounds, requests: *requests, seconds: *seconds, only: *only, changed: *changed, out: os.Stdout,
		results: results{cases: map[at]ratios{}, worlds: map[int]world{}},
	}
	b.choose(*driver)
	if b.requests > 0 {
		if err := b.startUp(); err != nil {
			exit(err)
		}
	}
	if b.only == "" || b.only == "proxy" {
		if err := b.proxies(*toxiproxy); err != nil {
			exit(err)
		}
	}
	for _, size := range strings.Split(*sizes, ",") {
		tickets, err := strconv.Atoi(size)
		if err != nil {
			exit(fmt.Errorf("-tickets %q: %w", *sizes, err))
		}
		if err := b.run(tickets); err != nil {
			exit(err)
		}
	}
	if b.only == "" {
		if err := b.judge(); err != nil {
			exit(err)
		}
	}
	b.results.print(os.Stdout)
}

// exit ends the program.
func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}
