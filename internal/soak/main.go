// Command soak puts a built mockdesk under long load, keeps slow clients on it
// and terminates it. It reports unexpected answers, goroutines and descriptors
// left over, the slope of memory, latencies and lost notes. It ends with an
// error when one of them is not as it should be; latencies it only prints.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// soak is one run.
type soak struct {
	binary      string
	length      time.Duration
	rate        int // requests a second of the mixed load; 0 is as many as possible
	connections int
	seed        uint64
	out         io.Writer
}

func main() {
	var s soak
	flag.StringVar(&s.binary, "mockdesk", "bin/mockdesk", "the built command")
	flag.DurationVar(&s.length, "for", time.Minute, "how long the mixed load lasts")
	flag.IntVar(&s.rate, "rate", 0, "requests a second of the mixed load; 0 is as many as possible")
	flag.IntVar(&s.connections, "connections", 1000, "connections of the mixed load and, as many, of slow clients")
	flag.Uint64Var(&s.seed, "seed", 1, "which requests are sent")
	flag.Parse()
	s.out = os.Stdout
	err := errors.Join(
		named("mixed load", s.mixed()),
		named("abuse", s.abuse()),
		named("termination", s.terminate()),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// named says in which part an error occurred.
func named(part string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", part, err)
}
