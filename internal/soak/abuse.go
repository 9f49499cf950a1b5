package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

const (
	trickle  = time.Second           // between two bytes of a slow client
	patience = 50 * time.Second      // within which the server has had enough of all slow clients
	streams  = 500                   // event streams that clients hold open
	between  = 10 * time.Millisecond // between two requests of the observed client
	quietly  = 5 * time.Second       // how long that client is alone
	bound    = 5                     // times its quiet p99: the most it may have among the others
)

// abuse measures how long one client has to wait, first alone and then along
// with slow clients, half of which trickle a header and half a body, event
// streams, and a client that asks as fast as it can. The server must go on
// answering, and must drop every slow client in the end.
func (s *soak) abuse() error {
	server, err := process.Start(os.Stderr, s.binary, "serve", "--addr", "127.0.0.1:0", "--quiet")
	if err != nil {
		return err
	}
	defer server.Kill()
	alone := newClient(server.Host, 1)
	quiet, end := context.WithTimeout(context.Background(), quietly)
	defer end()
	alone.every(quiet, between)

	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	slowGone, gone := context.WithCancel(context.Background())
	defer gone()
	var slow, others sync.WaitGroup
	failed := make([]error, s.connections+streams)
	for i := range s.connections {
		slow.Go(func() { failed[i] = crawl(ctx, server.Host, i%2 == 0) })
	}
	for i := range streams {
		others.Go(func() { failed[s.connections+i] = follow(slowGone, server.Host) })
	}
	eager, beside := newClient(server.Host, 1), newClient(server.Host, 1)
	others.Go(func() { eager.every(slowGone, 0) })
	others.Go(func() { beside.every(slowGone, between) })
	slow.Wait()
	gone()
	others.Wait()
	if err := errors.Join(slices.Concat(alone.wrong, eager.wrong, beside.wrong, failed)...); err != nil {
		return err
	}
	was, is := p99(alone.took), p99(beside.took)
	met := "met"
	if is > bound*was {
		met = "not met"
	}
	fmt.Fprintf(s.out, "abuse: %d slow clients let go, %d streams, %d answers to an eager client; p99 of another %v, alone %v: %d times at most is %s\n",
		s.connections, streams, len(eager.took), is.Round(10*time.Microsecond), was.Round(10*time.Microsecond), bound, met)
	return nil
}

// every asks ordinary things, with a pause between two, until the end.
func (c *client) every(ctx context.Context, pause time.Duration) {
	for i := 0; ctx.Err() == nil; i++ {
		if c.ask(http.MethodGet, reads[i%len(reads)], defaultKey, "", http.StatusOK) != nil {
			return
		}
		time.Sleep(pause)
	}
}

// follow reads a stream of events until the end.
func follow(ctx context.Context, host string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/_mockdesk/events/stream", nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Transport: &http.Transport{}}).Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("a stream is answered %d", answer.StatusCode)
	}
	if _, err := io.Copy(io.Discard, answer.Body); ctx.Err() == nil {
		return fmt.Errorf("a stream has ended: %w", cmp.Or(err, io.EOF))
	}
	return nil
}

// crawl sends a request one byte at a time until the server ends the
// connection.
func crawl(ctx context.Context, host string, header bool) error {
	connection, err := net.Dial("tcp", host)
	if err != nil {
		return err
	}
	defer connection.Close()
	head := "POST " + noted + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + defaultKey + "\r\n"
	if header {
		head += "X-Slow: "
	} else {
		head += "Content-Type: application/json\r\nContent-Length: 4096\r\n\r\n{\"body_text\":\""
	}
	if _, err := io.WriteString(connection, head); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, connection) // until the server has had enough
	}()
	tick := time.NewTicker(trickle)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("a slow %s was held for more than %v", map[bool]string{true: "header", false: "body"}[header], patience)
		case <-tick.C:
			if _, err := io.WriteString(connection, "a"); err != nil {
				return nil // it has ended
			}
		}
	}
}
