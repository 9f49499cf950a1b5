package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

// request is what a load sends again and again.
type request struct {
	method, path, body string
}

// key is the key that every request carries.
const key = "ixk_test_readwrite"

// bytes returns the request as it goes over a connection that stays open.
func (r request) bytes(host string) []byte {
	return fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		r.method, r.path, host, key, len(r.body), r.body)
}

// sample is what came of one measurement.
type sample struct {
	answered int
	rate     float64       // requests per second
	cpu      time.Duration // of the server, per request
	p50, p99 time.Duration
}

// load sends the request over that many kept-alive connections for the time,
// and measures the server.
func load(p *process.Process, r request, connections int, length time.Duration) (sample, error) {
	before, err := p.CPU()
	if err != nil {
		return sample{}, err
	}
	began := time.Now()
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	var wait sync.WaitGroup
	for range connections {
		wait.Go(func() {
			mine, err := hammer(p.Host, r, began.Add(length))
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
			failed = errors.Join(failed, err)
		})
	}
	wait.Wait()
	elapsed := time.Since(began)
	after, err := p.CPU()
	if err := errors.Join(failed, err); err != nil {
		return sample{}, err
	}
	slices.Sort(took)
	return sample{
		answered: len(took),
		rate:     float64(len(took)) / elapsed.Seconds(),
		cpu:      (after - before) / time.Duration(len(took)),
		p50:      took[len(took)/2],
		p99:      took[len(took)*99/100],
	}, nil
}

// hammer sends the request until the end, at least once, and returns how long
// each answer took.
func hammer(host string, r request, end time.Time) ([]time.Duration, error) {
	c, err := dial(host)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var took []time.Duration
	for began := time.Now(); len(took) == 0 || began.Before(end); began = time.Now() {
		if err := c.ask(r.bytes(host)); err != nil {
			return took, err
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

// connection is a client that does as little as possible, so that the
// measurement is of the server.
type connection struct {
	net.Conn
	in   *bufio.Reader
	body []byte // of the last answer
}

// dial opens a connection.
func dial(host string) (*connection, error) {
	c, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: c, in: bufio.NewReaderSize(c, 64<<10)}, nil
}

// ask sends a request and reads the answer, which must be a success with a
// Content-Length.
func (c *connection) ask(request []byte) error {
	if _, err := c.Write(request); err != nil {
		return err
	}
	status, err := c.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 2")) {
		return fmt.Errorf("answered %q to %q", status, request)
	}
	length := -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= len("\r\n") {
			break
		}
		if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if length, err = strconv.Atoi(strings.TrimSpace(string(value))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return fmt.Errorf("no Content-Length in the answer to %q", request)
	}
	c.body = slices.Grow(c.body[:0], length)[:length]
	_, err = io.ReadFull(c.in, c.body)
	return err
}

// once sends a request over a connection of its own and returns the body of
// the answer.
func once(host string, r request) ([]byte, error) {
	c, err := dial(host)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	err = c.ask(r.bytes(host))
	return c.body, err
}
