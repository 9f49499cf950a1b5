package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

// bench measures one world after the other.
type bench struct {
	binary   string
	drive    client
	rounds   int
	requests int
	seconds  float64
	only     string
	changed  int // tickets that are changed for a second table
	out      io.Writer
	results  results
}

// choose decides what drives the servers: wrk where it is installed.
func (b *bench) choose(name string) {
	rounds, seconds := 15, 0.2
	b.drive = load
	if path, err := exec.LookPath(name); err == nil {
		rounds, seconds = 5, 1
		b.drive = wrk(path)
		fmt.Fprintf(b.out, "driven by %s, one thread\n", path)
	} else {
		fmt.Fprintln(b.out, "driven by a client of its own: wrk is not installed")
	}
	b.rounds, b.seconds = cmp.Or(b.rounds, rounds), cmp.Or(b.seconds, seconds)
}

// serve starts a fake on a free port, with further flags.
func (b *bench) serve(flags ...string) (*process.Process, error) {
	return process.Start(os.Stderr, b.binary, append([]string{"serve", "--addr", "127.0.0.1:0", "--quiet"}, flags...)...)
}

// median returns the middle of the values, which it sorts.
func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// medianOf measures rounds times and returns the median.
func medianOf(rounds int, measure func() (float64, error)) (float64, error) {
	values := make([]float64, rounds)
	for i := range values {
		var err error
		if values[i], err = measure(); err != nil {
			return 0, err
		}
	}
	return median(values), nil
}

// run measures every case in a world of the size and prints a table.
func (b *bench) run(tickets int) error {
	began := time.Now()
	fake, err := b.serve("--max-notes", "10000000", "--tickets", strconv.Itoa(tickets))
	if err != nil {
		return err
	}
	defer fake.Kill()
	ready := time.Since(began)
	used, err := fake.CPU()
	if err != nil {
		return err
	}
	loaded, err := fake.Resident()
	if err != nil {
		return err
	}
	began = time.Now()
	if _, err := once(fake.Host, request{"GET", "/api/v1/tickets?query=login", ""}); err != nil {
		return err
	}
	searched := time.Since(began)
	fmt.Fprintf(b.out, "\n%d tickets, %d cores: ready after %.2f s (%.2f s of CPU) with %d MiB, first search after %.2f s more\n\n",
		tickets, runtime.NumCPU(), ready.Seconds(), used.Seconds(), loaded/1024, searched.Seconds())
	k, err := askKnown(fake.Host)
	if err != nil {
		return err
	}
	if err := b.measureAll(fake, tickets, k.cases(tickets)); err != nil {
		return err
	}
	if b.changed > 0 {
		changed, err := change(fake.Host, tickets, b.changed)
		if err != nil {
			return err
		}
		if err := inject(fake.Host, rulesInForce); err != nil {
			return err
		}
		fmt.Fprintf(b.out, "\nwith %d of them changed and %d fault rules in force\n\n", changed, rulesInForce)
		var cases []measured
		for _, c := range k.cases(tickets) {
			if slices.Contains(bounded, c.name) {
				c.name += changedSuffix
				cases = append(cases, c)
			}
		}
		if err := b.measureAll(fake, tickets, cases); err != nil {
			return err
		}
	}
	resident, err := fake.PeakResident()
	fmt.Fprintf(b.out, "\npeak resident memory %d MiB\n", resident/1024)
	b.results.worlds[tickets] = world{ready: ready.Seconds(), searched: searched.Seconds(), loaded: loaded / 1024}
	return err
}

// measureAll prints a table of the selected cases.
func (b *bench) measureAll(fake *process.Process, tickets int, cases []measured) error {
	fmt.Fprintf(b.out, tableHead, "case")
	for _, c := range cases {
		if !strings.Contains(c.name, b.only) {
			continue
		}
		if err := b.measure(fake, tickets, c); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// change changes the given number of tickets, or all if there are fewer, spread
// evenly over the world. It returns how many it changed.
func change(host string, tickets, changed int) (int, error) {
	changed = min(changed, tickets)
	c, err := dial(host)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	for i := range changed {
		path := "/api/v1/tickets/" + strconv.Itoa(1001+i*(tickets/changed)) + "/messages"
		if err := c.ask(request{"POST", path, `{"type":"internal_note","body_text":"Changed."}`}.bytes(host)); err != nil {
			return 0, err
		}
	}
	return changed, nil
}

// inject puts rules in force that are checked for each request and match none.
func inject(host string, rules int) error {
	c, err := dial(host)
	if err != nil {
		return err
	}
	defer c.Close()
	for i := range rules {
		rule := fmt.Sprintf(`{"match":{"operation":"listTickets","query":{"page":"%d"}},"then":{"status":{"code":503}}}`, 900_000+i)
		if i%2 == 0 {
			rule = fmt.Sprintf(`{"match":{"path":"/api/v1/tickets/%d/messages","key_kind":"read-only"},"then":{"status":{"code":503}}}`, 1001+i)
		}
		if err := c.ask(request{"POST", "/_mockdesk/faults", rule}.bytes(host)); err != nil {
			return err
		}
	}
	return nil
}

// measure prints a row that compares a case with the bare handler.
func (b *bench) measure(fake *process.Process, tickets int, c measured) error {
	page, err := once(fake.Host, c.request)
	if err != nil {
		return err
	}
	floor, err := startBare(page)
	if err != nil {
		return err
	}
	defer floor.Kill()
	b.results.cases[at{tickets, c.name}], err = b.row(c.name, fake, floor, c.request)
	return err
}

// tableHead is the head of a table; a word names its rows.
const tableHead = "| %s | rate, 1 conn | CPU, 1 conn | rate, 16 conn | CPU, 16 conn | p50, 16 conn | p99, 16 conn |\n|---|---|---|---|---|---|---|\n"

// row prints the medians of the ratios between two servers and returns those at 16
// connections.
func (b *bench) row(name string, ours, other *process.Process, r request) (ratios, error) {
	one, err := b.compare(ours, other, r, 1)
	if err != nil {
		return ratios{}, err
	}
	sixteen, err := b.compare(ours, other, r, 16)
	if err != nil {
		return ratios{}, err
	}
	_, err = fmt.Fprintf(b.out, "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", name,
		one.rate, one.cpu, sixteen.rate, sixteen.cpu, sixteen.p50, sixteen.p99)
	return sixteen, err
}

// compare drives both servers in turn and returns the medians of the ratios.
func (b *bench) compare(fake, floor *process.Process, r request, connections int) (ratios, error) {
	length := time.Duration(b.seconds * float64(time.Second))
	var rate, cpu, p50, p99 []float64
	for round := range b.rounds + 1 {
		ours, err := b.drive(fake, r, connections, length)
		if err != nil {
			return ratios{}, err
		}
		bare, err := b.drive(floor, r, connections, length)
		if err != nil {
			return ratios{}, err
		}
		if round == 0 {
			continue // warm-up
		}
		rate = append(rate, ours.rate/bare.rate)
		cpu = append(cpu, float64(ours.cpu)/float64(bare.cpu))
		p50 = append(p50, float64(ours.p50)/float64(bare.p50))
		p99 = append(p99, float64(ours.p99)/float64(bare.p99))
	}
	return ratios{rate: median(rate), cpu: median(cpu), p50: median(p50), p99: median(p99)}, nil
}
