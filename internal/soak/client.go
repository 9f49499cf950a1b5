package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
)

// client sends requests to one server and keeps count of the answers.
type client struct {
	http *http.Client
	base string

	answered atomic.Uint64
	mu       sync.Mutex
	wrong    []error // the first few answers that were not asked for
}

// mostWrong is how many answers that were not asked for are told.
const mostWrong = 10

// newClient returns a client that keeps the given number of connections open.
func newClient(host string, connections int) *client {
	return &client{
		base: "http://" + host,
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}},
	}
}

// ask sends a request and holds its status against the one wanted.
func (c *client) ask(method, path, key, body string, want int) error {
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
	answer, err := c.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return answer.StatusCode, err
	}
	c.answered.Add(1)
	return answer.StatusCode, nil
}
