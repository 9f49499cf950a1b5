// Command soak turns a built mockdesk under long load, slow clients and a
// termination into what came of them: answers that were not asked for,
// goroutines left, the slope of memory, notes lost. It ends with an error
// when one of them is not as it should be.
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
	connections int
	seed        uint64
	out         io.Writer
}

func main() {
	var s soak
	flag.StringVar(&s.binary, "mockdesk", "bin/mockdesk", "the built command")
	flag.DurationVar(&s.length, "for", time.Minute, "how long the mixed load lasts")
	flag.IntVar(&s.connections, "connections", 1000, "connections of the mixed load and, as many, of slow clients")
	flag.Uint64Var(&s.seed, "seed", 1, "which requests are sent")
	flag.Parse()
	s.out = os.Stdout
	err := errors.Join(
		named("mixed load", s.mixed()),
		named("slow clients", s.slow()),
		named("termination", s.terminate()),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// named says in which part an error came up.
func named(part string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", part, err)
}
