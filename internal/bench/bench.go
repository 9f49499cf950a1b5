package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
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
	rounds   int
	requests int
	seconds  float64
	only     string
	changed  int // tickets that are changed for a second table
	out      io.Writer
	results  results
}

// measured is a case: a name and the request.
type measured struct {
	name string
	request
}

// known is what the cases name of the world that the default seed makes.
type known struct {
	InboxOps struct {
		Tickets map[string]struct {
			ID string `json:"id"`
		} `json:"tickets"`
		CustomFields []struct {
			Key     string `json:"key"`
			Options []struct {
				ID string `json:"id"`
			} `json:"options"`
		} `json:"custom_fields"`
	} `json:"inboxops"`
}

// askKnown reads the catalog of a fake.
func askKnown(host string) (known, error) {
	var k known
	catalog, err := once(host, request{"GET", "/_mockdesk/catalog", ""})
	if err == nil {
		err = json.Unmarshal(catalog, &k)
	}
	return k, err
}

// cases returns what is measured in a world of the size.
func (k known) cases(tickets int) []measured {
	list := func(name, query string) measured {
		return measured{name, request{"GET", "/api/v1/tickets?" + query, ""}}
	}
	number := strconv.Itoa(1000 + tickets/2)
	field := k.InboxOps.CustomFields[0]
	ticket := k.InboxOps.Tickets[slices.Min(slices.Collect(maps.Keys(k.InboxOps.Tickets)))]
	return []measured{
		list(firstPage, "status=open&sort=created_at&order=desc"),
		list(plainFirst, "sort=created_at&order=desc"),
		list(plainLast, "page="+strconv.Itoa(tickets/25)),
		list(fiveWord, "status=open,closed&priority=normal&created_after=2024-01-01T00:00:00Z&updated_before=2025-05-01T00:00:00Z&assignee_id=__unassigned__&query=login"),
		list("a common word", "query=login"),
		list("a rare phrase", "query=%22two-factor+codes+are%22"),
		list("by priority", "sort=priority&order=desc&status=open,waiting"),
		list("custom fields", "custom_field_"+field.Key+"="+field.Options[0].ID),
		{"timeline by id", request{"GET", "/api/v1/tickets/" + ticket.ID + "/messages", ""}},
		{"timeline by number", request{"GET", "/api/v1/tickets/" + number + "/messages", ""}},
		{aNote, request{"POST", "/api/v1/tickets/1001/messages", `{"type":"internal_note","body_text":"Called back."}`}},
	}
}

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
	var more []float64 // milliseconds
	for range b.rounds {
		ours, err := b.untilReady(b.binary, "serve", "--addr", "127.0.0.1:0", "--quiet")
		if err != nil {
			return err
		}
		bare, err := b.untilReady(self, "bare", page)
		if err != nil {
			return err
		}
		more = append(more, float64(ours-bare)/float64(time.Millisecond))
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

// untilReady returns the CPU time a command uses until it says that it can
// answer.
func (b *bench) untilReady(name string, args ...string) (time.Duration, error) {
	p, err := process.Start(os.Stderr, name, args...)
	if err != nil {
		return 0, err
	}
	defer p.Kill()
	return p.CPU()
}

// median returns the middle of the values, which it sorts.
func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// run measures every case in a world of the size and prints a table.
func (b *bench) run(tickets int) error {
	began := time.Now()
	fake, err := process.Start(os.Stderr, b.binary, "serve", "--addr", "127.0.0.1:0", "--quiet", "--max-notes", "10000000", "--tickets", strconv.Itoa(tickets))
	if err != nil {
		return err
	}
	defer fake.Kill()
	ready := time.Since(began)
	used, err := fake.CPU()
	if err != nil {
		return err
	}
	began = time.Now()
	if _, err := once(fake.Host, request{"GET", "/api/v1/tickets?query=login", ""}); err != nil {
		return err
	}
	searched := time.Since(began)
	fmt.Fprintf(b.out, "\n%d tickets, %d cores: ready after %.2f s (%.2f s of CPU), first search after %.2f s more\n\n",
		tickets, runtime.NumCPU(), ready.Seconds(), used.Seconds(), searched.Seconds())
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
		fmt.Fprintf(b.out, "\nwith %d of them changed\n\n", changed)
		cases := k.cases(tickets)
		for i := range cases {
			cases[i].name += changedSuffix
		}
		if err := b.measureAll(fake, tickets, cases); err != nil {
			return err
		}
	}
	resident, err := fake.PeakResident()
	fmt.Fprintf(b.out, "\npeak resident memory %d MiB\n", resident/1024)
	b.results.worlds[tickets] = world{ready: ready.Seconds(), searched: searched.Seconds(), resident: resident / 1024}
	return err
}

// measureAll prints a table of the cases that are wanted.
func (b *bench) measureAll(fake *process.Process, tickets int, cases []measured) error {
	fmt.Fprintf(b.out, "| case | rate, 1 conn | CPU, 1 conn | rate, 16 conn | CPU, 16 conn | p50, 16 conn | p99, 16 conn |\n|---|---|---|---|---|---|---|\n")
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

// change changes so many tickets, evenly over the world, or all of them, and
// returns how many that are.
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

// measure prints a row: the medians of the ratios to the bare handler.
func (b *bench) measure(fake *process.Process, tickets int, c measured) error {
	page, err := once(fake.Host, c.request)
	if err != nil {
		return err
	}
	file := filepath.Join(os.TempDir(), "mockdesk-bench-"+strconv.Itoa(os.Getpid()))
	if err := os.WriteFile(file, page, 0o600); err != nil {
		return err
	}
	defer os.Remove(file)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	floor, err := process.Start(os.Stderr, self, "bare", file)
	if err != nil {
		return err
	}
	defer floor.Kill()
	one, err := b.compare(fake, floor, c.request, 1)
	if err != nil {
		return err
	}
	sixteen, err := b.compare(fake, floor, c.request, 16)
	if err != nil {
		return err
	}
	b.results.cases[at{tickets, c.name}] = sixteen
	_, err = fmt.Fprintf(b.out, "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", c.name,
		one.rate, one.cpu, sixteen.rate, sixteen.cpu, sixteen.p50, sixteen.p99)
	return err
}

// compare drives both servers in turn and returns the medians of the ratios.
func (b *bench) compare(fake, floor *process.Process, r request, connections int) (ratios, error) {
	length := time.Duration(b.seconds * float64(time.Second))
	var rate, cpu, p50, p99 []float64
	for round := range b.rounds + 1 {
		ours, err := load(fake, r, connections, length)
		if err != nil {
			return ratios{}, err
		}
		bare, err := load(floor, r, connections, length)
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
