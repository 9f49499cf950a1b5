package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// bench measures one world after the other.
type bench struct {
	binary  string
	rounds  int
	seconds float64
	only    string
	out     io.Writer
}

// measured is a case: a name and the request.
type measured struct {
	name string
	request
}

// cases returns what is measured in a world of the size.
func cases(tickets int) []measured {
	list := func(name, query string) measured {
		return measured{name, request{"GET", "/api/v1/tickets?" + query, ""}}
	}
	number := strconv.Itoa(1000 + tickets/2)
	return []measured{
		list("first page, one filter", "status=open&sort=created_at&order=desc"),
		list("first page, no filter", "sort=created_at&order=desc"),
		list("last page, no filter", "page="+strconv.Itoa(tickets/25)),
		list("five filters and a common word", "status=open,closed&priority=normal&created_after=2024-01-01T00:00:00Z&updated_before=2025-05-01T00:00:00Z&assignee_id=__unassigned__&query=login"),
		list("a common word", "query=login"),
		list("a rare phrase", "query=%22two-factor+codes+are%22"),
		list("by priority", "sort=priority&order=desc&status=open,waiting"),
		{"timeline by number", request{"GET", "/api/v1/tickets/" + number + "/messages", ""}},
		{"a note", request{"POST", "/api/v1/tickets/" + number + "/messages", `{"type":"internal_note","body_text":"Called back."}`}},
	}
}

// run measures every case in a world of the size and prints a table.
func (b *bench) run(tickets int) error {
	began := time.Now()
	fake, err := startServer(b.binary, "serve", "--addr", "127.0.0.1:0", "--quiet", "--tickets", strconv.Itoa(tickets))
	if err != nil {
		return err
	}
	defer fake.stop()
	ready := time.Since(began)
	used, err := fake.cpu()
	if err != nil {
		return err
	}
	began = time.Now()
	if _, err := ask(http.DefaultClient, fake.url, request{"GET", "/api/v1/tickets?query=login", ""}); err != nil {
		return err
	}
	searched := time.Since(began)
	fmt.Fprintf(b.out, "\n%d tickets, %d cores: ready after %.2f s (%.2f s of CPU), first search after %.2f s more\n\n",
		tickets, runtime.NumCPU(), ready.Seconds(), used.Seconds(), searched.Seconds())
	fmt.Fprintf(b.out, "| case | rate, 1 conn | CPU, 1 conn | rate, 16 conn | CPU, 16 conn | p50, 16 conn | p99, 16 conn |\n|---|---|---|---|---|---|---|\n")
	for _, c := range cases(tickets) {
		if !strings.Contains(c.name, b.only) {
			continue
		}
		if err := b.measure(fake, c); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	resident, err := fake.resident("VmHWM")
	fmt.Fprintf(b.out, "\npeak resident memory %d MiB\n", resident)
	return err
}

// measure prints a row: the medians of the ratios to the bare handler.
func (b *bench) measure(fake *process, c measured) error {
	page, err := ask(http.DefaultClient, fake.url, c.request)
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
	floor, err := startServer(self, "bare", file)
	if err != nil {
		return err
	}
	defer floor.stop()
	row := []string{c.name}
	for _, connections := range []int{1, 16} {
		ratios, err := b.compare(fake, floor, c.request, connections)
		if err != nil {
			return err
		}
		row = append(row, ratios[:len(ratios)-2]...)
		if connections > 1 {
			row = append(row, ratios[len(ratios)-2:]...)
		}
	}
	_, err = fmt.Fprintf(b.out, "| %s |\n", strings.Join(row, " | "))
	return err
}

// compare drives both servers in turn and returns the medians of the ratios
// of rate, CPU per request, p50 and p99.
func (b *bench) compare(fake, floor *process, r request, connections int) ([]string, error) {
	length := time.Duration(b.seconds * float64(time.Second))
	ratios := make([][]float64, 4)
	for round := range b.rounds + 1 {
		ours, err := load(fake, r, connections, length)
		if err != nil {
			return nil, err
		}
		bare, err := load(floor, r, connections, length)
		if err != nil {
			return nil, err
		}
		if round == 0 {
			continue // warm-up
		}
		for i, pair := range [][2]float64{
			{ours.rate, bare.rate},
			{float64(ours.cpu), float64(bare.cpu)},
			{float64(ours.p50), float64(bare.p50)},
			{float64(ours.p99), float64(bare.p99)},
		} {
			ratios[i] = append(ratios[i], pair[0]/pair[1])
		}
	}
	medians := make([]string, len(ratios))
	for i, r := range ratios {
		slices.Sort(r)
		medians[i] = strconv.FormatFloat(r[len(r)/2], 'f', 2, 64)
	}
	return medians, nil
}
