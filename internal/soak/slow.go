package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mockdesk/mockdesk/internal/process"
)

const (
	ordinary = 16               // clients that are in no way slow
	trickle  = time.Second      // between two bytes of a slow client
	patience = 50 * time.Second // within which the server has had enough of all slow clients
)

// slow lets half of the connections trickle a header and half a body, and
// asks ordinary things meanwhile. The server must go on answering, and let go
// of every slow client in the end.
func (s *soak) slow() error {
	server, err := process.Start(os.Stderr, s.binary, "serve", "--addr", "127.0.0.1:0", "--quiet")
	if err != nil {
		return err
	}
	defer server.Kill()
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	var held, answered atomic.Int64
	var wait sync.WaitGroup
	failed := make([]error, s.connections)
	for i := range s.connections {
		wait.Go(func() { failed[i] = crawl(ctx, server.Host, i%2 == 0, &held) })
	}
	slowGone, gone := context.WithCancel(context.Background())
	c := newClient(server.Host, ordinary)
	took := make([][]time.Duration, ordinary)
	var asking sync.WaitGroup
	for i := range ordinary {
		asking.Go(func() {
			for slowGone.Err() == nil {
				began := time.Now()
				if c.ask(http.MethodGet, reads[i%len(reads)], defaultKey, "", http.StatusOK) != nil {
					return
				}
				took[i] = append(took[i], time.Since(began))
				answered.Add(1)
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	wait.Wait()
	gone()
	asking.Wait()
	if err := errors.Join(append(c.wrong, failed...)...); err != nil {
		return err
	}
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	fmt.Fprintf(s.out, "slow clients: %d held and let go; %d ordinary answers meanwhile, p99 %v\n",
		held.Load(), len(all), all[len(all)*99/100].Round(time.Millisecond))
	return nil
}

// crawl sends a request a byte at a time until the server ends the
// connection.
func crawl(ctx context.Context, host string, header bool, held *atomic.Int64) error {
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
	held.Add(1)
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
			return fmt.Errorf("a slow %s was held for more than %v", strings.TrimSuffix(map[bool]string{true: "header", false: "body"}[header], "\n"), patience)
		case <-tick.C:
			if _, err := io.WriteString(connection, "a"); err != nil {
				return nil // it has ended
			}
		}
	}
}
