package main

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// request is what a load sends again and again.
type request struct {
	method, path, body string
}

// key is the key that every request carries.
const key = "ixk_test_readwrite"

// sample is what came of one measurement.
type sample struct {
	rate     float64       // requests per second
	cpu      time.Duration // of the server, per request
	p50, p99 time.Duration
}

// load sends the request over so many kept-alive connections for the time,
// and measures the server.
func load(p *process, r request, connections int, length time.Duration) (sample, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	before, err := p.cpu()
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
			mine, err := hammer(client, p.url, r, began.Add(length))
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
			if err != nil {
				failed = err
			}
		})
	}
	wait.Wait()
	elapsed := time.Since(began)
	after, err := p.cpu()
	if err != nil || failed != nil || len(took) == 0 {
		return sample{}, cmpError(failed, err)
	}
	slices.Sort(took)
	return sample{
		rate: float64(len(took)) / elapsed.Seconds(),
		cpu:  (after - before) / time.Duration(len(took)),
		p50:  took[len(took)/2],
		p99:  took[len(took)*99/100],
	}, nil
}

// cmpError returns the first error there is.
func cmpError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// hammer sends the request until the end and returns how long each answer
// took.
func hammer(client *http.Client, url string, r request, end time.Time) ([]time.Duration, error) {
	var took []time.Duration
	for {
		began := time.Now()
		if began.After(end) {
			return took, nil
		}
		if _, err := ask(client, url, r); err != nil {
			return took, err
		}
		took = append(took, time.Since(began))
	}
}

// ask sends the request once and returns the body of the answer.
func ask(client *http.Client, url string, r request) ([]byte, error) {
	ask, err := http.NewRequest(r.method, url+r.path, bytes.NewReader([]byte(r.body)))
	if err != nil {
		return nil, err
	}
	ask.Header.Set("Authorization", "Bearer "+key)
	ask.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(ask)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}
