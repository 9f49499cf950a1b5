package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// client sends requests to one server and keeps count of the answers.
type client struct {
	http *http.Client
	base string
	pace *time.Ticker // of the requests; nil for as fast as possible

	answered atomic.Uint64
	mu       sync.Mutex
	wrong    []error         // the first few unexpected answers
	took     []time.Duration // how long each answer took, in their order
}

// mostWrong is how many unexpected answers are kept.
const mostWrong = 10

// newClient returns a client that keeps the given number of connections open.
func newClient(host string, connections int) *client {
	return &client{
		base: "http://" + host,
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}},
	}
}

// ask sends a request and compares its status with the expected one.
func (c *client) ask(method, path, key, body string, want int) error {
	if c.pace != nil {
		<-c.pace.C
	}
	status, err := c.send(method, path, key, body)
	if err == nil && status != want {
		err = fmt.Errorf("%s %s with %s answered %d, want %d", method, path, key, status, want)
	}
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		if len(c.wrong) < mostWrong {
			c.wrong = append(c.wrong, err)
		}
	}
	return err
}

// send sends a request and returns the status of its answer, read whole.
func (c *client) send(method, path, key, body string) (int, error) {
	request, err := http.NewRequest(method, c.base+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	began := time.Now()
	answer, err := c.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return answer.StatusCode, err
	}
	c.answered.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.took = append(c.took, time.Since(began))
	return answer.StatusCode, nil
}

// p99 returns the latency that 99 of 100 answers do not exceed, 0 without any.
func p99(took []time.Duration) time.Duration {
	if len(took) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(took))[len(took)*99/100]
}
